"""The marks: what a layer can be. Each is one file, with its model and the method `draw`, which draws a layer."""

from importlib import import_module
from typing import TYPE_CHECKING

from figgen.config.spec.base import union, value_of
from figgen.config.spec.marks.base import Colorbar, Mapped, Mark

__all__ = ["MARKS", "Colorbar", "Layer", "Mapped", "Mark"]

# In the order of the reference. The mark `line` is the class Line in line.py.
_KINDS = (
    "line",
    "scatter",
    "bar",
    "step",
    "stairs",
    "stem",
    "area",
    "band",
    "errorbar",
    "rule",
    "span",
    "text",
    "arrow",
    "histogram",
    "box",
    "violin",
    "heatmap",
    "contour",
    "quiver",
    "pie",
)

MARKS: dict[str, type[Mark]] = {
    kind: getattr(import_module(f"{__name__}.{kind}"), kind.capitalize()) for kind in _KINDS
}

if TYPE_CHECKING:
    Layer = Mark
else:
    Layer = union(MARKS, value_of("mark"), "unknown_mark")
