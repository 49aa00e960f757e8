"""Marks that show amounts."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.base import Array, Color, NumberFormat, PerPoint, Series, SeriesY, Text, Texts, X
from figgen.config.spec.marks.base import Directed, Mark, check_names, check_unnamed


class Bar(Directed):
    """Bars from a base, side by side or on one another."""

    EXAMPLE: ClassVar[str] = """\
data:
  model: {values: [small, medium, large]}
  train: {values: [0.81, 0.88, 0.93]}
  test: {values: [0.78, 0.84, 0.86]}
layers:
  - {mark: bar, x: model, y: [train, test], labels: [train, test], values: .2f}
axes:
  y: {limits: [0, 1.2]}
"""

    mark: Literal["bar"]
    x: X = Field(description="positions or categories")
    y: SeriesY = Field(description="heights; several formulas make several series")
    arrange: Literal["grouped", "stacked"] = Field("grouped", description="several series side by side, or stacked")
    labels: tuple[Text, ...] = Field((), description="the names of the series in the legend")
    colors: tuple[Color, ...] = Field((), description="the colours of the series, in turn; the style's if left out")
    width: Annotated[float, Field(gt=0, le=1)] = Field(0.8, description="of all bars at one position")
    base: PerPoint | None = Field(None, description="where the bars start; 0 if left out")
    error: Series | None = Field(
        None, description="how far error bars reach to both sides of each bar's end; one a series"
    )
    values: NumberFormat | None = Field(None, description="write each value at its bar, as Python's format() does")
    text_color: Color | None = Field(
        None, description="of the values; the style's, and black or white within stacked bars, if left out"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_names(self, self.y, self.labels)
        if self.error is not None and len(self.error) != len(self.y):
            raise PydanticCustomError("bar", f"'error' of {len(self.error)} series, and 'y' of {len(self.y)}")
        return self


class Pie(Mark):
    """Shares of a whole, as wedges of a disc or a ring."""

    EXAMPLE: ClassVar[str] = """\
data:
  hours: {values: [12, 7, 4, 2]}
layers:
  - {mark: pie, sizes: hours, labels: [training, tuning, data, writing], shares: .0%}
"""

    mark: Literal["pie"]
    sizes: Array = Field(description="amounts of at least 0, of whose sum each wedge shows its share")
    labels: tuple[Text, ...] = Field((), description="the names of the wedges")
    texts: Texts | None = Field(None, description="the names of the wedges from the data, instead of 'labels'")
    place: Literal["beside", "legend"] = Field("beside", description="where the names stand")
    shares: NumberFormat | None = Field(
        None, description="write each share in its wedge, as Python's format() does: .0%"
    )
    text_color: Color | None = Field(None, description="of the shares; black or white on each wedge if left out")
    start: float = Field(0.0, description="where the first wedge starts, in degrees: 0 is right, 90 is up")
    turn: Literal["clockwise", "counterclockwise"] = Field(
        "counterclockwise", description="which way the wedges follow one another"
    )
    hole: Annotated[float, Field(ge=0, lt=1)] = Field(0.0, description="of a ring, as a share of its radius")
    colors: tuple[Color, ...] = Field((), description="the colours of the wedges, in turn; the style's if left out")
    edge_color: Color | None = Field(None, description="the colour of the wedges' outlines; none are drawn if left out")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_unnamed(self, "'labels' and 'place: legend' put its wedges there")
        if self.labels and self.texts is not None:
            raise PydanticCustomError("pie", "'labels' and 'texts' both name the wedges")
        if self.text_color is not None and self.shares is None:
            raise PydanticCustomError("pie", "'text_color' is of the 'shares', which are not written")
        return self
