"""Values that hold until the next one, joined by jumps."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import X, Y
from figgen.config.spec.marks.base import HOLD_AS_STEP, Hold, Stroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Step(Stroke):
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

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        axes.step(
            arrays["x"],
            arrays["y"],
            where=HOLD_AS_STEP[self.hold],
            **self.options(**self.stroke()),
        )
