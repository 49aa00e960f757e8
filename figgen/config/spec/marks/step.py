"""Values that hold until the next one, joined by steps."""

from typing import Literal

from pydantic import Field

from figgen.config.spec.marks.base import HOLD_AS_STEP, Arrays, Axes, Hold, Positioned, Stroke


class Step(Stroke, Positioned):
    """Values that hold until the next one, joined by steps."""

    EXAMPLE = """\
data:
  epoch: {values: [0, 30, 60, 90]}
  rate: {values: [0.1, 0.01, 0.001, 0.001]}
layers:
  - {mark: step, x: epoch, y: rate}
axes:
  y: {scale: log}
"""

    mark: Literal["step"]
    hold: Hold = Field("after", description="where each value holds: after its x, before it, or around it")

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        axes.step(arrays["x"], arrays["y"], where=HOLD_AS_STEP[self.hold], **self.options(**self.stroke()))
