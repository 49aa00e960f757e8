"""Values that hold until the next one, joined by steps."""

from typing import Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.marks.base import HOLD_AS_STEP, Arrays, Axes, Hold, Positioned, Stroke
from figgen.config.spec.marks.helpers import require_neighbours
from figgen.errors import LayerError


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

    DRAWS_NAN = ("gap",)

    mark: Literal["step"]
    hold: Hold = Field("after", description="where each value holds: after its x, before it, or around it")

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        self._require_lengths(arrays["x"], arrays["y"])
        axes.step(arrays["x"], arrays["y"], where=HOLD_AS_STEP[self.hold], **self.options(**self.stroke()))

    def _require_lengths(self, x: Any, y: Any) -> None:
        """Raise LayerError if a value would not be seen: the last to hold after its x, the first to hold before it."""
        if np.any(np.isnan(x)):
            require_neighbours("'mark: scatter'", x, y)
        there = np.atleast_1d(~np.isnan(y))
        end = {"after": there[-2:], "before": there[1::-1], "around": there[:0]}[self.hold]
        if end.tolist() == [False, True]:
            which = "last" if self.hold == "after" else "first"
            raise LayerError(f"with 'hold: {self.hold}', the {which} value is not seen beside a missing one")
