"""Shaded regions across the whole panel, from one position to another."""

from typing import Literal

from pydantic import Field

from figgen.config.spec.base import X, Y
from figgen.config.spec.marks.base import Arrays, Axes, Labelled, LayerColor, Opacity
from figgen.errors import LayerError


class Span(Labelled):
    """Shaded regions across the whole panel, from one position to another."""

    EXAMPLE = """\
data:
  x: {linspace: [-6, 6, 100]}
layers:
  - {mark: span, x: [-2, 2], label: nearly linear}
  - {mark: line, x: x, y: sigmoid(x)}
"""
    EXCLUSIVE = (("y", "x"),)
    ONE_OF = ("x", "y")

    mark: Literal["span"]
    x: tuple[X, X] | None = Field(None, description="start and end along the horizontal axis")
    y: tuple[Y, Y] | None = Field(None, description="start and end along the vertical axis")
    color: LayerColor = None
    opacity: Opacity = 0.2

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        draw_span, ends = (axes.axvspan, arrays["x"]) if self.x is not None else (axes.axhspan, arrays["y"])
        if ends[0].shape != ends[1].shape:
            raise LayerError(f"expected as many starts as ends, found {ends[0].size} and {ends[1].size}")
        # No edge: it would extend the region by half its width, and overlap a translucent fill.
        options = self.options(facecolor=self.color, linewidth=0)
        for start, end in zip(ends[0].ravel(), ends[1].ravel(), strict=True):
            draw_span(start, end, **options)
            options.pop("label", None)  # one legend entry is enough
