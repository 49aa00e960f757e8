"""The marks: one file each, with one function that draws a layer from its arrays.

A drawer gets the axes, the layer, and its arrays by channel, all of them finite numbers; of a mark whose colours stand
for numbers it gives what a colorbar explains. A ValueError of its own, or of matplotlib's, is a problem of the layer.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from figgen.drawing.marks import (
    area,
    arrow,
    band,
    bar,
    box,
    contour,
    errorbar,
    heatmap,
    histogram,
    line,
    pie,
    quiver,
    rule,
    scatter,
    span,
    stairs,
    stem,
    step,
    text,
    violin,
)

DRAWERS: Mapping[str, Callable[..., Any]] = MappingProxyType({
    "line": line.draw,
    "scatter": scatter.draw,
    "bar": bar.draw,
    "step": step.draw,
    "stairs": stairs.draw,
    "stem": stem.draw,
    "area": area.draw,
    "band": band.draw,
    "errorbar": errorbar.draw,
    "rule": rule.draw,
    "span": span.draw,
    "text": text.draw,
    "arrow": arrow.draw,
    "histogram": histogram.draw,
    "box": box.draw,
    "violin": violin.draw,
    "heatmap": heatmap.draw,
    "contour": contour.draw,
    "quiver": quiver.draw,
    "pie": pie.draw,
})  # fmt: skip
