"""A line, and how far values spread around it."""

import numpy as np
from matplotlib.axes import Axes

from figgen.config.spec.marks.curves import Band
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


def draw(axes: Axes, layer: Band, arrays: Arrays) -> None:
    """Draw the layer."""
    x, y, spread = arrays["x"], arrays["y"], arrays["spread"]
    if np.any(spread < 0):
        raise ValueError(f"'spread' has values below 0, the least is {np.min(spread):g}")
    if x.size < 2:  # noqa: PLR2004 - one point has no width
        raise ValueError("a band of one point; an error bar shows its spread")
    line_options = options(layer, color=layer.color, linewidth=layer.width, linestyle=layer.dash)
    line_options.pop("alpha", None)
    (line,) = axes.plot(x, y, **line_options)
    # The line is drawn first, as it may take its colour from the cycle; of two of one order the later would hide it.
    behind = None if layer.order is None else float(np.nextafter(layer.order, -np.inf))
    axes.fill_between(
        x,
        y - spread,
        y + spread,
        **options(layer, label=None, facecolor=line.get_color(), linewidth=0, zorder=behind),
    )
