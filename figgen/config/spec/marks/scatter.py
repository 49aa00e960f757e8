"""Single points, whose size and colour may stand for numbers."""

from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, PerPoint, X, Y
from figgen.config.spec.marks.base import Mapped, Marker

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection


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

    def draw(self, axes: "Axes", arrays: Arrays) -> "PathCollection":
        """Draw the layer."""
        colors = (
            {"c": arrays["color_by"], **self.color_options(arrays["color_by"])}
            if "color_by" in arrays
            else {"color": self.color}
        )
        return axes.scatter(
            arrays["x"],
            arrays["y"],
            s=arrays.get("size"),
            **self.options(marker=self.marker, edgecolors=self.edge_color, **colors),
        )
