"""The outline of values that each hold between two edges, as of a histogram counted already."""

from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Coordinates, Y
from figgen.config.spec.marks.base import Stroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Stairs(Stroke):
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

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.filled and (self.width is not None or self.dash is not None):
            raise PydanticCustomError("stairs", "filled stairs have no outline that 'width' or 'dash' could be of")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        edges, values = arrays["edges"], arrays["y"]
        if edges.ndim != 1 or edges.shape != (values.size + 1,):
            raise ValueError(f"{values.size} values between {edges.size} edges, which must be one more")
        axes.stairs(
            values.ravel(),
            edges,
            fill=self.filled,
            baseline=arrays["base"].ravel() if "base" in arrays else 0,
            **self.options(**self.stroke()),
        )
