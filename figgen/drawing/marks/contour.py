"""Where a function of two variables passes certain levels: lines, or the areas between them."""

import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet

from figgen.config.spec.marks.fields import Contour
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import mapping, options, written


def draw(axes: Axes, layer: Contour, arrays: Arrays) -> ContourSet:
    """Draw the layer."""
    x, y, z = _checked(arrays)
    look = options(layer, levels=layer.levels, **mapping(layer, z))
    areas = lines = None
    if layer.form != "lines":
        areas = axes.contourf(x, y, z, extend=_EXTEND[layer.extend], **look)
        if min(areas.levels) >= np.max(z) or max(areas.levels) <= np.min(z):
            raise ValueError(_no_level(z))
        look["levels"] = areas.levels
        if axes.get_axisbelow() == "line" and mpl.rcParams["axes.grid"]:
            axes.set_axisbelow(True)  # else a style's grid lines would lie on the areas
    if layer.form != "filled":
        color = layer.line_color or (mpl.rcParams["text.color"] if areas else None)
        if color is not None:
            look |= {"colors": [color]}
            look.pop("cmap", None)
        if layer.line_width is not None:
            look["linewidths"] = layer.line_width
        lines = _draw_lines(axes, x, y, z, look)
        if layer.values is not None:
            number_format = layer.values
            axes.clabel(lines, fmt=lambda level: written(level, number_format))
    mappable = areas or lines
    assert mappable is not None  # noqa: S101 - one of the two is drawn
    return mappable


def _checked(arrays: Arrays) -> tuple[Any, Any, Any]:
    x, y, z = arrays["x"], arrays["y"], arrays["z"]
    if z.ndim != 2 or min(z.shape) < 2:  # noqa: PLR2004 - rows and columns, two of each
        raise ValueError(f"z of shape {z.shape}; it takes a matrix of two rows and two columns at least")
    if (x.shape, y.shape) not in {((z.shape[1],), (z.shape[0],)), (z.shape, z.shape)}:
        raise ValueError(f"x of shape {x.shape} and y of shape {y.shape} for z of shape {z.shape}")
    if np.all(z == z[0, 0]):
        raise ValueError(f"z is {z[0, 0]:g} everywhere, so that it passes no level")
    return x, y, z


def _draw_lines(axes: Axes, x: Any, y: Any, z: Any, look: dict[str, Any]) -> ContourSet:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # until 3.9, of what is checked next
        lines = axes.contour(x, y, z, **look)
    if not np.any((lines.levels > np.min(z)) & (lines.levels < np.max(z))):
        raise ValueError(_no_level(z))
    return lines


def _no_level(z: Any) -> str:
    return f"no level lies between the least z, {np.min(z):g}, and the greatest, {np.max(z):g}"


_EXTEND: Mapping[str | None, Any] = MappingProxyType({
    None: "neither",
    "below": "min",
    "above": "max",
    "both": "both",
})  # fmt: skip
