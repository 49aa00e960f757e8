"""Marks that show values all over the plane."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.base import (
    Array,
    Color,
    Coordinates,
    CoordinatesY,
    NumberFormat,
    PerPoint,
    Positive,
    X,
    Y,
    union,
)
from figgen.config.spec.marks.base import Mapped, check_unnamed


class Heatmap(Mapped):
    """The numbers of a matrix as coloured cells."""

    EXAMPLE: ClassVar[str] = """\
data:
  truth: {values: [cat, dog]}
  counts: {values: [[48, 2], [7, 43]]}
layers:
  - {mark: heatmap, x: truth, y: truth, z: counts, values: d, colormap: Blues}
"""

    mark: Literal["heatmap"]
    z: Array = Field(description="a matrix: what the colours stand for, row by row")
    x: Coordinates | None = Field(
        None, description="the middle of each column, evenly spaced, or its category; 0, 1, 2 … if left out"
    )
    y: CoordinatesY | None = Field(
        None, description="the middle of each row, evenly spaced, or its category; 0, 1, 2 … if left out"
    )
    origin: Literal["upper", "lower"] | None = Field(
        None, description="where the first row is; above all others unless the style differs"
    )
    aspect: Literal["auto", "equal"] | None = Field(
        None, description="fill the panel, or make units as long on both axes; the style's choice if left out"
    )
    values: NumberFormat | None = Field(
        None, description="write each number in its cell, in black or white, as Python's format() does"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_unnamed(self, "'colorbar: {label: …}' says what its colours stand for")
        return self


def _kind_of_levels(value: Any) -> str:
    return "levels" if isinstance(value, list | tuple) else "count"


_LEVELS = {
    "count": Annotated[int, Field(ge=1, le=1000)],
    "levels": Annotated[tuple[float, ...], Field(min_length=1, max_length=1000)],
}


class Contour(Mapped):
    """Where a function of two variables passes certain levels: lines, or the areas between them."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [-2, 2, 80]}
  y: {expr: "reshape(x, 80, 1)"}
layers:
  - {mark: contour, x: x, y: x, z: x ** 2 + 3 * y ** 2, levels: [0.5, 2, 4, 8], values: g}
"""

    mark: Literal["contour"]
    x: Coordinates = Field(description="where the columns of z lie; or a matrix, as z")
    y: CoordinatesY = Field(description="where the rows of z lie; or a matrix, as z")
    z: Array = Field(description="a matrix: the values, row by row")
    levels: union(_LEVELS, _kind_of_levels, "unknown_levels") | None = Field(  # type: ignore[valid-type]
        None, description="a list of levels, or about how many there are, at round numbers"
    )
    form: Literal["lines", "filled", "both"] = Field("lines", description="lines, coloured areas, or lines on these")
    extend: Literal["below", "above", "both"] | None = Field(
        None, description="colour also what lies below or above all levels"
    )
    line_color: Color | None = Field(
        None, description="one colour for all lines; if left out the colormap's, and on areas that of the style's texts"
    )
    line_width: Positive | None = Field(None, description="in points")
    values: NumberFormat | None = Field(None, description="write each level on its lines, as Python's format() does")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_unnamed(self, "'values' writes its levels, and 'colorbar: {label: …}' says what they are of")
        if isinstance(self.levels, tuple) and self.levels != tuple(sorted(set(self.levels))):
            raise PydanticCustomError("contour", "'levels' that do not rise")
        if self.form == "filled":
            if isinstance(self.levels, tuple) and len(self.levels) == 1:
                raise PydanticCustomError("contour", "areas lie between levels: there must be two at least")
            if (self.values, self.line_color, self.line_width) != (None, None, None):
                raise PydanticCustomError("contour", "'values', 'line_color' and 'line_width' need lines: 'form: both'")
        if self.form == "lines" and self.extend is not None:
            raise PydanticCustomError("contour", "'extend' needs areas: 'form: filled' or 'both'")
        if self.form == "lines" and self.line_color is not None and (self.colormap, self.colorbar) != (None, None):
            raise PydanticCustomError("contour", "lines of one 'line_color' have no use for 'colormap' or 'colorbar'")
        return self


class Quiver(Mapped):
    """Arrows that show a vector at each point."""

    DIMENSIONS: ClassVar[int] = 2
    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [-2, 2, 12]}
  y: {expr: "reshape(x, 12, 1)"}
layers:
  - {mark: quiver, x: x, y: y, u: -2 * x, v: -6 * y}
"""

    mark: Literal["quiver"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    u: PerPoint = Field(description="how far each arrow points to the right")
    v: PerPoint = Field(description="how far each arrow points up")
    color: Color | None = Field(None, description="one colour for all arrows; black if left out")
    color_by: PerPoint | None = Field(None, description="numbers that the colours stand for")
    space: Literal["panel", "data"] = Field(
        "panel", description="data: an arrow leads to x + u, y + v; panel: arrows are made as long as they fit"
    )
    scale: Positive | None = Field(
        None, description="what lengths are divided by; in the panel's space, that gives shares of its width"
    )
    width: Positive | None = Field(None, description="of the shafts, as a share of the panel's width")
    pivot: Literal["tail", "middle", "tip"] | None = Field(None, description="what part of an arrow is at its x, y")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.color is not None and self.color_by is not None:
            raise PydanticCustomError("quiver", "'color' and 'color_by' both say the colours")
        if self.color_by is None and (self.colormap, self.colorbar) != (None, None):
            raise PydanticCustomError("quiver", "'colormap' and 'colorbar' need numbers in 'color_by'")
        return self
