"""Shaded regions across the whole panel, from one position to another."""

from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, Fraction, X, Y
from figgen.config.spec.marks.base import Mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        draw_span, ends = (axes.axvspan, arrays["x"]) if self.x is not None else (axes.axhspan, arrays["y"])
        if ends[0].shape != ends[1].shape:
            raise ValueError(f"{ends[0].size} positions to start at, but {ends[1].size} to end at")
        # No edge: it would reach beyond the region by half its width, and show twice where the fill is translucent.
        look = self.options(facecolor=self.color, linewidth=0)
        for start, end in zip(ends[0].ravel(), ends[1].ravel(), strict=True):
            draw_span(start, end, **look)
            look.pop("label", None)  # one entry in the legend stands for all
