"""The marks: what a layer may be, one file each, with its model and how it is drawn.

Each model's `EXAMPLE` is the shortest figure that shows it.
"""

from typing import TYPE_CHECKING

from figgen.config.spec.base import union, value_of
from figgen.config.spec.marks.area import Area
from figgen.config.spec.marks.arrow import Arrow
from figgen.config.spec.marks.band import Band
from figgen.config.spec.marks.bar import Bar
from figgen.config.spec.marks.base import Colorbar, Mapped, Mark
from figgen.config.spec.marks.box import Box
from figgen.config.spec.marks.contour import Contour
from figgen.config.spec.marks.errorbar import Errorbar
from figgen.config.spec.marks.heatmap import Heatmap
from figgen.config.spec.marks.histogram import Histogram
from figgen.config.spec.marks.line import Line
from figgen.config.spec.marks.pie import Pie
from figgen.config.spec.marks.quiver import Quiver
from figgen.config.spec.marks.rule import Rule
from figgen.config.spec.marks.scatter import Scatter
from figgen.config.spec.marks.span import Span
from figgen.config.spec.marks.stairs import Stairs
from figgen.config.spec.marks.stem import Stem
from figgen.config.spec.marks.step import Step
from figgen.config.spec.marks.text import TextMark
from figgen.config.spec.marks.violin import Violin

__all__ = ["MARKS", "Colorbar", "Layer", "Mapped", "Mark"]

# In the order of the reference.
_MARKS: tuple[type[Mark], ...] = (
    Line,
    Scatter,
    Bar,
    Step,
    Stairs,
    Stem,
    Area,
    Band,
    Errorbar,
    Rule,
    Span,
    TextMark,
    Arrow,
    Histogram,
    Box,
    Violin,
    Heatmap,
    Contour,
    Quiver,
    Pie,
)

MARKS = {mark.kind(): mark for mark in _MARKS}

if TYPE_CHECKING:
    Layer = Mark
else:
    Layer = union(MARKS, value_of("mark"), "unknown_mark")
