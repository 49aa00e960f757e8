"""The marks: what a layer may be. Each model's `EXAMPLE` is the shortest figure that shows it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from figgen.config.spec.base import union, value_of
from figgen.config.spec.marks.annotations import Arrow, Rule, Span, TextMark
from figgen.config.spec.marks.bars import Bar, Pie
from figgen.config.spec.marks.base import Colorbar, Mapped, Mark
from figgen.config.spec.marks.curves import Area, Band, Errorbar, Line, Scatter, Stairs, Stem, Step
from figgen.config.spec.marks.fields import Contour, Heatmap, Quiver
from figgen.config.spec.marks.statistics import Box, Histogram, Violin

__all__ = ["MARKS", "Colorbar", "Layer", "Mapped", "Mark"]

MARKS: Mapping[str, type[Mark]] = MappingProxyType({
    "line": Line,
    "scatter": Scatter,
    "bar": Bar,
    "step": Step,
    "stairs": Stairs,
    "stem": Stem,
    "area": Area,
    "band": Band,
    "errorbar": Errorbar,
    "rule": Rule,
    "span": Span,
    "text": TextMark,
    "arrow": Arrow,
    "histogram": Histogram,
    "box": Box,
    "violin": Violin,
    "heatmap": Heatmap,
    "contour": Contour,
    "quiver": Quiver,
    "pie": Pie,
})  # fmt: skip

if TYPE_CHECKING:
    Layer = Mark
else:
    Layer = union(MARKS, value_of("mark"), "unknown_mark")
