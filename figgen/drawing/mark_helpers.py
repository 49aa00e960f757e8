"""What the marks share: how they pass on what a layer says, and leave to the style what it does not."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.colors import CenteredNorm, LogNorm, Normalize, TwoSlopeNorm, to_rgba
from matplotlib.ticker import FixedFormatter, FixedLocator, Formatter

from figgen.config.spec import Mapped, Mark
from figgen.config.spec.marks.statistics import Box, Violin
from figgen.data.number_format import format_number


def options(layer: Mark, **fields: Any) -> dict[str, Any]:
    """Collect the options of a layer for a matplotlib call, leaving out those that are None.

    The label, opacity and order are among them always; `fields` adds others under matplotlib's names.
    """
    shared = {"label": layer.label, "alpha": layer.opacity, "zorder": layer.order}
    return {name: value for name, value in (shared | fields).items() if value is not None}


def mapping(layer: Mapped, values: Any = None) -> dict[str, Any]:
    """Give the colormap of a layer, and how numbers are laid out along it, as matplotlib's `cmap` and `norm`.

    Raises ValueError if some of the values, where they are known, have no place on it.
    """
    low, high = layer.color_limits
    norm: Normalize
    if layer.color_scale == "log":
        if values is not None and np.any(values <= 0):
            count = f"{np.count_nonzero(values <= 0)} of {np.size(values)} values"
            raise ValueError(f"{count} have no colour on a log scale, the least is {np.min(values):g}")
        norm = LogNorm(low, high)
    elif layer.color_center is None:
        norm = Normalize(low, high)
    elif low is None or high is None:
        norm = CenteredNorm(layer.color_center)
    else:
        norm = TwoSlopeNorm(layer.color_center, low, high)
    return {"cmap": layer.colormap, "norm": norm}


def written(value: float, number_format: str) -> str:
    """Write a number as the ticks have it, with a minus sign instead of a hyphen."""
    return Formatter.fix_minus(format_number(float(value), number_format))


def contrasting(color: Any, behind: Any) -> str:
    """Choose black or white for a text on a colour that lies on another.

    By the Web Content Accessibility Guidelines, both have the same contrast to a relative luminance of 0.179. On
    saturated colours a little above it white is still the easier to read; at 0.25 its contrast is 3.5 to 1.
    """
    *_, alpha = to_rgba(color)
    mixed = alpha * np.asarray(to_rgba(color)[:3]) + (1 - alpha) * np.asarray(to_rgba(behind)[:3])
    linear = np.where(mixed <= 0.04045, mixed / 12.92, ((mixed + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - of sRGB
    return "black" if linear @ (0.2126, 0.7152, 0.0722) > 0.25 else "white"  # noqa: PLR2004 - see above


def groups(layer: Box | Violin, series: Sequence[Any]) -> tuple[list[Any], list[float]]:
    """Give the groups of a layer, which are its series or the columns of a single matrix, and where they stand."""
    matrix = series[0] if len(series) == 1 and series[0].ndim == 2 else None  # noqa: PLR2004 - rows and columns
    values = list(series) if matrix is None else list(matrix.T)
    if any(group.ndim != 1 for group in values):
        shapes = " and ".join(str(group.shape) for group in values)
        raise ValueError(f"y of shape {shapes}; it takes lists of values, or one matrix whose columns are the groups")
    for name in ("labels", "positions"):
        given = len(getattr(layer, name))
        if given not in {0, len(values)}:
            raise ValueError(f"{given} {name} for {len(values)} groups")
    return values, list(layer.positions) or [float(number) for number in range(1, len(values) + 1)]


def lengthwise(call: Callable[..., Any], direction: str) -> dict[str, Any]:
    """Give the keyword that tells a matplotlib function a direction: `vert` until 3.9, `orientation` since 3.10."""
    if "orientation" in inspect.signature(call).parameters:
        return {"orientation": direction}
    return {"vert": direction == "vertical"}


def named_places(axis: Axis) -> dict[float, str]:
    """List the places on an axis that `name_places` gave names to."""
    locator, formatter = axis.get_major_locator(), axis.get_major_formatter()
    if not isinstance(locator, FixedLocator) or not isinstance(formatter, FixedFormatter):
        return {}
    # Where another panel put ticks on a shared axis by other means, these come first and are not named here.
    places, names = np.asarray(locator()).tolist(), formatter.seq
    return dict(zip(places[len(places) - len(names) :], names, strict=True))


def name_places(axis: Axis, names: dict[float, str]) -> None:
    """Put ticks with names at places on an axis, instead of those that there are."""
    axis.set_major_locator(FixedLocator(list(names)))
    axis.set_major_formatter(FixedFormatter(list(names.values())))
