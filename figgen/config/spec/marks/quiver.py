"""Arrows that show a vector at each point."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, PerPoint, Positive, X, Y
from figgen.config.spec.marks.base import Mapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.quiver import Quiver as QuiverArrows


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

    def draw(self, axes: "Axes", arrays: Arrays) -> "QuiverArrows":
        """Draw the layer."""
        x, y, u, v = (arrays[name].ravel() for name in ("x", "y", "u", "v"))
        if not np.any(u) and not np.any(v):
            raise ValueError("all vectors are 0, and have no direction")
        colors: list[Any] = [arrays["color_by"].ravel()] if "color_by" in arrays else []
        space = {"angles": "xy", "scale_units": "xy", "scale": 1.0} if self.space == "data" else {}
        look = self.color_options(*colors) if colors else {"color": self.color}
        return axes.quiver(
            x, y, u, v, *colors, **space | self.options(scale=self.scale, width=self.width, pivot=self.pivot, **look)
        )
