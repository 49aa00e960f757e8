"""Arrows that show a vector at each point."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import ChannelType, LengthX, LengthY, Positive
from figgen.config.spec.marks.base import Arrays, Axes, ColoredBy, Derived, LayerColor, Positioned, ScalarMappable
from figgen.errors import LayerError

_TAILS = {None: 0.0, "tail": 0.0, "middle": -0.5, "tip": -1.0}  # where the tail is from x, y, in lengths of the vector

_COMPONENTS: tuple[tuple[str, Literal["x", "y"]], ...] = (("u", "x"), ("v", "y"))


class Quiver(ColoredBy, Positioned):
    """Arrows that show a vector at each point."""

    DIMENSIONS = 2
    EXAMPLE = """\
data:
  x: {linspace: [-2, 2, 12]}
  y: {expr: "reshape(x, 12, 1)"}
layers:
  - {mark: quiver, x: x, y: y, u: -2 * x, v: -6 * y}
"""

    mark: Literal["quiver"]
    u: LengthX = Field(description="horizontal component of each vector")
    v: LengthY = Field(description="vertical component of each vector")
    color: LayerColor = Field(None, description="one colour for all arrows; black if omitted")
    space: Literal["panel", "data"] = Field(
        "panel", description="data: each arrow ends at x + u, y + v; panel: arrows are scaled to the room they have"
    )
    scale: Positive | None = Field(None, description="length of a vector whose arrow is as long as the panel is wide")
    width: Positive | None = Field(None, description="width of the shafts, as a fraction of the panel's width")
    pivot: Literal["tail", "middle", "tip"] | None = Field(None, description="part of the arrow that is at x, y")

    def _ends(self) -> tuple[float, float]:
        """Return where arrows in the space of the data begin and end, as multiples of their vectors from x, y."""
        tail = _TAILS[self.pivot]
        return tail / (self.scale or 1), (tail + 1) / (self.scale or 1)

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield both ends of arrows in the space of the data."""
        for end in self._ends() if self.space == "data" else ():
            for length, position in _COMPONENTS if end else ():
                said = f"{position} {'+' if end > 0 else '-'} {'' if abs(end) == 1 else f'{abs(end):g} * '}{length}"
                hint = "use 'space: panel', or another scale"
                ends = arrays[position] + end * arrays[length]
                yield Derived(length, position, f"ends of arrows ({said})", ends, hint)

    def lengths(self, channel: ChannelType) -> tuple[str, ...]:
        """Return the axes that a channel is a length along."""
        return channel.along if self.space == "data" else ()

    def draw(self, axes: Axes, arrays: Arrays) -> ScalarMappable:
        """Draw the layer."""
        x, y, u, v = (arrays[name].ravel() for name in ("x", "y", "u", "v"))
        if not np.any(u) and not np.any(v):
            raise LayerError("all vectors are zero: there are no arrows to draw")
        colors: list[Any] = [arrays["color_by"].ravel()] if "color_by" in arrays else []
        color_options = self.color_options(*colors) if colors else {"color": self.color}
        space = {"angles": "xy", "scale_units": "xy", "scale": 1.0} if self.space == "data" else {}
        options = self.options(scale=self.scale, width=self.width, pivot=self.pivot, **color_options)
        if self.space == "data":  # matplotlib's limits include x, y only, not both ends of each arrow
            for end in self._ends():
                axes.update_datalim(np.column_stack([x + end * u, y + end * v]))
        return axes.quiver(x, y, u, v, *colors, **space | options)
