"""Arrows that show a vector at each point."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.quiver import Quiver as Arrows

from figgen.config.spec.marks.fields import Quiver
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import mapping, options


def draw(axes: Axes, layer: Quiver, arrays: Arrays) -> Arrows:
    """Draw the layer."""
    x, y, u, v = (arrays[name].ravel() for name in ("x", "y", "u", "v"))
    if not np.any(u) and not np.any(v):
        raise ValueError("all vectors are 0, and have no direction")
    colors: list[Any] = [arrays["color_by"].ravel()] if "color_by" in arrays else []
    space = {"angles": "xy", "scale_units": "xy", "scale": 1.0} if layer.space == "data" else {}
    look = mapping(layer, *colors) if colors else {"color": layer.color}
    return axes.quiver(
        x, y, u, v, *colors, **space | options(layer, scale=layer.scale, width=layer.width, pivot=layer.pivot, **look)
    )
