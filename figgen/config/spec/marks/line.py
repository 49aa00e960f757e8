"""Points joined by straight segments."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import X, Y
from figgen.config.spec.marks.base import Points, Stroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Line(Points, Stroke):
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

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        axes.plot(
            arrays["x"],
            arrays["y"],
            **self.options(
                **self.stroke(),
                **self.points(),
            ),
        )
