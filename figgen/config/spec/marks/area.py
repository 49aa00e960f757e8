"""The area between two curves, or between a curve and 0."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, PerPoint, X, Y
from figgen.config.spec.marks.base import HOLD_AS_STEP, Hold, Mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Area(Mark):
    """The area between two curves, or between a curve and 0."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [-4, 4, 200]}
layers:
  - {mark: area, x: x, high: exp(-x ** 2 / 2), where: abs(x) <= 2, opacity: 0.3}
  - {mark: line, x: x, y: exp(-x ** 2 / 2)}
"""

    mark: Literal["area"]
    x: X = Field(description="horizontal positions")
    high: Y = Field(description="one side of the area")
    low: Y | None = Field(None, description="the other side; 0 if left out")
    where: PerPoint | None = Field(None, description="a condition: only where it holds is the area filled")
    hold: Hold | None = Field(
        None,
        description="make steps: each value holds after its x, before it, or halfway around it; slopes if left out",
    )
    color: Color | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    edge_color: Color | None = Field(None, description="the colour of its outline; none is drawn if left out")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.hold is not None and self.where is not None:
            raise PydanticCustomError("area", "'where' goes with slopes, not with the steps of 'hold'")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        high, low = arrays["high"], arrays.get("low", 0.0)
        if np.size(high) < 2:  # noqa: PLR2004 - one point has no width
            raise ValueError("an area of one point")
        where = arrays["where"] != 0 if "where" in arrays else None
        axes.fill_between(
            arrays["x"],
            high,
            low,
            where=where,
            interpolate=where is not None and self.hold is None and _ends_where_sides_meet(where, high - low),
            step=HOLD_AS_STEP[self.hold],
            **self.options(facecolor=self.color, edgecolor=self.edge_color),
        )


def _ends_where_sides_meet(where: Any, height: Any) -> bool:
    """Tell whether all ends of a condition are crossings of the two sides, such as those of `high > low`.

    Between two points the area then ends at the crossing. Where it ends for another reason there is none to be found.
    """
    crosses = np.sign(height[1:]) * np.sign(height[:-1]) <= 0
    return bool(np.all(crosses[where[1:] != where[:-1]]))
