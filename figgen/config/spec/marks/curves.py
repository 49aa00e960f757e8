"""Marks that follow values along an axis."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.base import (
    Channel,
    Color,
    Coordinates,
    Dash,
    Formula,
    Fraction,
    NotNegative,
    PerPoint,
    Positive,
    X,
    Y,
)
from figgen.config.spec.marks.base import Mapped, Mark, Marker

Hold = Literal["after", "before", "around"]


class Line(Mark):
    """Points joined by straight segments."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [-6, 6, 200]}
layers:
  - {mark: line, x: x, y: sigmoid(x), label: sigmoid}
"""

    mark: Literal["line"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    color: Color | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    width: Positive | None = Field(None, description="in points")
    dash: Dash | None = Field(None, description="solid, dashed, dash-dot or dotted")
    marker: Marker | None = Field(None, description="the shape at each point")
    marker_size: Positive | None = Field(None, description="in points")


class Scatter(Mapped):
    """Single points, whose size and colour may stand for numbers."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {random: normal, shape: [100], seed: 1}
  noise: {random: normal, shape: [100], after: x}
layers:
  - {mark: scatter, x: x, y: x + noise / 2, color_by: noise, colorbar: {label: noise}}
"""

    mark: Literal["scatter"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    size: PerPoint | None = Field(None, description="area of each point, in points squared")
    color: Color | None = Field(None, description="one colour for all points")
    color_by: PerPoint | None = Field(None, description="numbers that the colours stand for")
    marker: Marker | None = Field(None, description="the shape of the points")
    edge_color: Color | None = Field(None, description="the colour of their outlines")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.color is not None and self.color_by is not None:
            raise PydanticCustomError("scatter", "'color' and 'color_by' both say the colours")
        if self.color_by is None and (self.colormap, self.colorbar) != (None, None):
            raise PydanticCustomError("scatter", "'colormap' and 'colorbar' need numbers in 'color_by'")
        if self.edge_color is not None and self.marker in {"+", "x", "|", "_", "none"}:
            raise PydanticCustomError(
                "scatter", f"'marker: {self.marker}' has no outline that 'edge_color' could be of"
            )
        return self


class Step(Mark):
    """Values that hold until the next one, joined by jumps."""

    EXAMPLE: ClassVar[str] = """\
data:
  epoch: {values: [0, 30, 60, 90]}
  rate: {values: [0.1, 0.01, 0.001, 0.001]}
layers:
  - {mark: step, x: epoch, y: rate}
axes:
  y: {scale: log}
"""

    mark: Literal["step"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    hold: Hold = Field("after", description="where each value holds: after its x, before it, or halfway around it")
    color: Color | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    width: Positive | None = Field(None, description="in points")
    dash: Dash | None = Field(None, description="solid, dashed, dash-dot or dotted")


class Stairs(Mark):
    """The outline of values that each hold between two edges, as of a histogram counted already."""

    EXAMPLE: ClassVar[str] = """\
data:
  edges: {linspace: [0, 5, 6]}
  count: {values: [3, 8, 12, 6, 2]}
layers:
  - {mark: stairs, edges: edges, y: count, filled: true}
"""

    mark: Literal["stairs"]
    edges: Coordinates = Field(description="horizontal positions where values begin and end: one more than values")
    y: Y = Field(description="the value between each two edges")
    base: Y | None = Field(None, description="what the stairs start from and end at; 0 if left out")
    filled: bool = Field(default=False, description="fill down to the base, instead of drawing the outline")
    color: Color | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    width: Positive | None = Field(None, description="of the outline, in points")
    dash: Dash | None = Field(None, description="solid, dashed, dash-dot or dotted")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.filled and (self.width is not None or self.dash is not None):
            raise PydanticCustomError("stairs", "filled stairs have no outline that 'width' or 'dash' could be of")
        return self


class Stem(Mark):
    """Lines from a base to each point, with a marker at its end."""

    EXAMPLE: ClassVar[str] = """\
data:
  lag: {integers: [0, 12]}
layers:
  - {mark: stem, x: lag, y: 0.8 ** lag}
"""

    mark: Literal["stem"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    base: Annotated[Formula, Channel("y", pointwise=False)] | None = Field(
        None, description="one number, which all stems start from; 0 if left out"
    )
    color: Color | None = Field(None, description="any matplotlib colour; the first of the style's cycle if left out")
    width: Positive | None = Field(None, description="of the stems, in points")
    marker: Marker | None = Field(None, description="the shape at the end of each stem; a disc if left out")
    marker_size: Positive | None = Field(None, description="in points")


class Area(Mark):
    """The area between two curves, or between a curve and 0."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [-4, 4, 200]}
layers:
  - {mark: area, x: x, high: exp(-x ** 2 / 2), where: abs(x) <= 2, opacity: 0.3}
  - {mark: line, x: x, y: exp(-x ** 2 / 2)}
"""

    mark: Literal["area"]
    x: X = Field(description="horizontal positions")
    high: Y = Field(description="one side of the area")
    low: Y | None = Field(None, description="the other side; 0 if left out")
    where: PerPoint | None = Field(None, description="a condition: only where it holds is the area filled")
    hold: Hold | None = Field(
        None,
        description="make steps: each value holds after its x, before it, or halfway around it; slopes if left out",
    )
    color: Color | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    edge_color: Color | None = Field(None, description="the colour of its outline; none is drawn if left out")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.hold is not None and self.where is not None:
            raise PydanticCustomError("area", "'where' goes with slopes, not with the steps of 'hold'")
        return self


class Band(Mark):
    """A line, and how far values spread around it."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [0, 5, 100]}
layers:
  - {mark: band, x: x, y: exp(-x), spread: 0.05 + x / 50, label: mean ± std}
"""

    mark: Literal["band"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="the line")
    spread: PerPoint = Field(description="how far the band reaches above and below the line; at least 0")
    color: Color | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    width: Positive | None = Field(None, description="of the line, in points")
    dash: Dash | None = Field(None, description="solid, dashed, dash-dot or dotted")
    opacity: Fraction | None = Field(0.2, description="of the band, not of its line: 0 is invisible, 1 opaque")


class Errorbar(Mark):
    """Points with bars that show how uncertain they are."""

    EXAMPLE: ClassVar[str] = """\
data:
  layers: {values: [1, 2, 3, 4]}
  score: {values: [0.61, 0.72, 0.79, 0.81]}
  deviation: {values: [0.05, 0.04, 0.02, 0.02]}
layers:
  - {mark: errorbar, x: layers, y: score, error: deviation}
"""

    mark: Literal["errorbar"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    error: PerPoint | None = Field(None, description="how far the bars reach below and above y; at least 0")
    error_low: PerPoint | None = Field(None, description="how far they reach below y, where it differs from above")
    error_high: PerPoint | None = Field(None, description="how far they reach above y, where it differs from below")
    x_error: PerPoint | None = Field(None, description="how far the bars reach left and right of x; at least 0")
    x_error_low: PerPoint | None = Field(None, description="how far they reach left of x, where it differs from right")
    x_error_high: PerPoint | None = Field(None, description="how far they reach right of x, where it differs from left")
    color: Color | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    width: Positive | None = Field(None, description="of the bars and the line, in points")
    cap: NotNegative | None = Field(
        None, description="half the width of the bars' ends, in points; the style's if left out"
    )
    marker: Marker = Field("o", description="the shape at each point")
    marker_size: Positive | None = Field(None, description="in points")
    dash: Dash | Literal["none"] = Field("none", description="of a line that joins the points: solid, dashed, …")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        given = {name for name in type(self).model_fields if "error" in name and getattr(self, name) is not None}
        if not given:
            raise PydanticCustomError("errorbar", "an error bar without 'error' or 'x_error'")
        for name in ("error", "x_error"):
            sides = {f"{name}_low", f"{name}_high"} & given
            if name in given and sides:
                raise PydanticCustomError("errorbar", f"'{name}' is of both sides: say it, or each side's, not both")
            if len(sides) == 1:
                raise PydanticCustomError("errorbar", f"'{name}_low' and '{name}_high' go together; 0 for no bar")
        return self
