"""Shaded regions across the whole panel, from one position to another."""

from matplotlib.axes import Axes

from figgen.config.spec.marks.annotations import Span
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


def draw(axes: Axes, layer: Span, arrays: Arrays) -> None:
    """Draw the layer."""
    draw_span, ends = (axes.axvspan, arrays["x"]) if layer.x is not None else (axes.axhspan, arrays["y"])
    if ends[0].shape != ends[1].shape:
        raise ValueError(f"{ends[0].size} positions to start at, but {ends[1].size} to end at")
    # No edge: it would reach beyond the region by half its width, and show twice where the fill is translucent.
    look = options(layer, facecolor=layer.color, linewidth=0)
    for start, end in zip(ends[0].ravel(), ends[1].ravel(), strict=True):
        draw_span(start, end, **look)
        look.pop("label", None)  # one entry in the legend stands for all
