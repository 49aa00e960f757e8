"""Marks that explain others: lines, regions, words and arrows."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.base import Color, Dash, Fraction, NumberFormat, PerPoint, Positive, Text, Texts, X, Y
from figgen.config.spec.marks.base import Mark


class Rule(Mark):
    """Straight lines across the whole panel: level, upright, or of a slope."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [0, 10, 100]}
layers:
  - {mark: line, x: x, y: tanh(x)}
  - {mark: rule, y: 1, dash: "--", color: gray, label: limit}
"""

    mark: Literal["rule"]
    x: X | None = Field(None, description="where it is upright; with `slope`, a point that it goes through")
    y: Y | None = Field(None, description="where it is level; with `slope`, a point that it goes through")
    slope: PerPoint | None = Field(
        None, description="how steep it is through the point x, y; where both axes are log, the exponent of a power law"
    )
    color: Color | None = Field(None, description="any matplotlib colour; the style's first if left out")
    width: Positive | None = Field(None, description="in points")
    dash: Dash | None = Field(None, description="solid, dashed, dash-dot or dotted")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        given = (self.x is not None) + (self.y is not None)
        if self.slope is None and given != 1:
            raise PydanticCustomError("rule", "a rule needs one of 'x' and 'y', or both and a 'slope'")
        if self.slope is not None and given != 2:  # noqa: PLR2004 - both of them
            raise PydanticCustomError("rule", "a rule with a 'slope' needs 'x' and 'y', a point that it goes through")
        return self


class Span(Mark):
    """Shaded regions across the whole panel, from one position to another."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [-6, 6, 100]}
layers:
  - {mark: span, x: [-2, 2], label: nearly linear}
  - {mark: line, x: x, y: sigmoid(x)}
"""

    mark: Literal["span"]
    x: tuple[X, X] | None = Field(None, description="from, to: positions along the horizontal axis")
    y: tuple[Y, Y] | None = Field(None, description="from, to: positions along the vertical axis")
    color: Color | None = Field(None, description="any matplotlib colour; the style's first if left out")
    opacity: Fraction | None = Field(0.2, description="0 is invisible, 1 hides what is behind")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.x is None) == (self.y is None):
            raise PydanticCustomError("span", "a span needs one of 'x' and 'y': [from, to]")
        return self


class TextMark(Mark):
    """Words at positions of the data."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [0, 4, 100]}
layers:
  - {mark: line, x: x, y: x * exp(-x)}
  - {mark: text, x: 1, y: exp(-1), text: maximum, horizontal: center, shift: [0, 4]}
axes:
  y: {limits: [0, 0.5]}
"""

    mark: Literal["text"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")
    text: Text | None = Field(None, description="the words, the same at every position; $…$ is mathtext")
    texts: Texts | None = Field(None, description="other words at each position: texts or numbers of the data")
    format: NumberFormat | None = Field(
        None, description="how numbers in `texts` are written, as Python's format() does"
    )
    horizontal: Literal["left", "center", "right"] = Field("left", description="which part of the words is at x")
    vertical: Literal["top", "center", "baseline", "bottom"] = Field(
        "baseline", description="which part of the words is at y"
    )
    shift: tuple[float, float] | None = Field(None, description="how far to move the words right and up, in points")
    size: Positive | None = Field(None, description="of the letters, in points")
    color: Color | None = Field(None, description="any matplotlib colour; the style's colour of texts if left out")
    rotation: float | None = Field(None, description="in degrees, counter-clockwise")
    box: Color | None = Field(None, description="the colour of a box behind the words; none is drawn if left out")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise PydanticCustomError("text", "words without one of 'text' and 'texts', or with both")
        if self.format is not None and self.texts is None:
            raise PydanticCustomError("text", "'format' is of the numbers in 'texts'")
        _check_unlabelled(self)
        return self


class Arrow(Mark):
    """Arrows from one position to another, with or without words where they start."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [0, 4, 100]}
layers:
  - {mark: line, x: x, y: x * exp(-x)}
  - {mark: arrow, from_x: 2.5, from_y: 0.33, x: 1, y: exp(-1), text: maximum}
"""

    mark: Literal["arrow"]
    x: X = Field(description="where it points to, along the horizontal axis")
    y: Y = Field(description="where it points to, along the vertical axis")
    from_x: X = Field(description="where it starts, along the horizontal axis")
    from_y: Y = Field(description="where it starts, along the vertical axis")
    text: Text | None = Field(None, description="words that it starts from; $…$ is mathtext")
    size: Positive | None = Field(None, description="of the letters and the head, in points")
    color: Color | None = Field(None, description="any matplotlib colour; the style's colour of texts if left out")
    width: Positive | None = Field(None, description="in points")
    head: Literal["open", "filled", "none"] = Field("open", description="the shape of its head")
    both_ends: bool = Field(default=False, description="draw a head at its start too")
    curve: Annotated[float, Field(ge=-2, le=2)] = Field(
        0.0, description="how far it bends, as a share of its length; below 0, to the other side"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_unlabelled(self)
        return self


def _check_unlabelled(mark: Mark) -> None:
    if mark.label is not None:
        raise PydanticCustomError(
            "label", "'label' names a layer in the legend, which words and arrows have no place in"
        )
