"""Functions that draw parts of several marks. They import matplotlib when called, since reading a config needs none."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from figgen.config.spec.arrays import Arrays, DerivedPositions
from figgen.errors import LayerError

if TYPE_CHECKING:
    from matplotlib.axis import Axis


def relative_luminance(rgb: Any) -> float:
    """Return the relative luminance of an sRGB colour, three numbers from 0 to 1, as WCAG 2 defines it."""
    values = np.asarray(rgb)
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - of sRGB
    return float(linear @ (0.2126, 0.7152, 0.0722))


def alpha_blend(color: Any, behind: Any) -> tuple[float, float, float]:
    """Return red, green and blue, from 0 to 1, of a colour, maybe transparent, that is drawn over an opaque one."""
    from matplotlib.colors import to_rgba

    *rgb, alpha = to_rgba(color)
    red, green, blue = (alpha * over + (1 - alpha) * under for over, under in zip(rgb, to_rgba(behind), strict=False))
    return red, green, blue


def readable_text_color(color: Any, behind: Any) -> str:
    """Return "black" or "white", for a text on a colour that is drawn over another.

    By WCAG 2, both have the same contrast with a relative luminance of 0.179. On saturated colours a little above it,
    white is still easier to read; at 0.25 its contrast is 3.5 to 1.
    """
    return "black" if relative_luminance(alpha_blend(color, behind)) > 0.25 else "white"  # noqa: PLR2004 - see above


def default_base(arrays: Arrays, what: str) -> Iterator[DerivedPositions]:
    """Yield 0, where bars, stems or stairs start, if a layer has no base."""
    if "base" not in arrays:
        hint = f"set 'base', or the lower limit of the axis, where the {what} then start"
        yield DerivedPositions("base", "y", "base (0 if omitted)", np.asarray(0.0), hint, is_straight=True)


def require_not_negative(name: str, values: Any) -> None:
    """Raise LayerError if some of the values are below 0."""
    if np.any(values < 0):
        raise LayerError(f"'{name}' must not be negative: minimum {np.nanmin(values):g}")


def require_neighbours(instead: str, *channels: Any) -> None:
    """Raise LayerError if a point is alone between two gaps, since a line or area needs two points to be seen."""
    there = np.atleast_1d(~np.any(np.isnan(channels), axis=0))
    padded = np.concatenate([[False], there, [False]])
    alone = there & ~padded[:-2] & ~padded[2:]
    if np.any(alone) and not np.all(there):
        count, first = np.count_nonzero(alone), np.argmax(alone)
        message = f"{count} of {there.size} points are alone between missing ones and would not be seen"
        raise LayerError(f"{message}, the first at index [{first}]: {instead} or 'missing: drop' shows them")


def masked_where_missing(values: Any) -> Any:
    """Return an array, masked where it has NaN, so that its minimum and the like are those of the others."""
    return np.ma.masked_invalid(values) if np.any(np.isnan(values)) else values


def orientation_kwarg(call: Callable[..., Any], direction: str) -> dict[str, Any]:
    """Return the keyword that sets the direction of a plot: `vert` until matplotlib 3.9, `orientation` since 3.10."""
    if "orientation" in inspect.signature(call).parameters:
        return {"orientation": direction}
    return {"vert": direction == "vertical"}


def named_positions(axis: "Axis") -> dict[float, str]:
    """Return the names that `name_groups` gave to positions on an axis; {} if it has other ticks."""
    label = getattr(axis.get_major_formatter(), "func", None)
    return dict(*label.args) if isinstance(label, partial) and label.func is _name_at else {}


def name_groups(
    axis: "Axis", positions: Sequence[float], labels: Sequence[str], of_other_layers: Mapping[float, str]
) -> None:
    """Replace the ticks of an axis by ticks at groups, labelled by their labels, or else by their positions.

    Where groups of several layers have one position, a label of this layer comes first, then one of another layer.
    """
    from matplotlib.ticker import FixedLocator, Formatter, FuncFormatter

    # 1 for 1.0
    numbers = {position: Formatter.fix_minus(np.format_float_positional(position, trim="-")) for position in positions}
    names = {**numbers, **of_other_layers, **dict(zip(positions, labels, strict=False))}
    axis.set_major_locator(FixedLocator(list(names)))
    axis.set_major_formatter(FuncFormatter(partial(_name_at, names)))


def _name_at(names: Mapping[float, str], position: float, _: int | None = None) -> str:
    """Return the name of a position: the config may have set ticks at some of them, or at others."""
    return names.get(position, "")
