"""The area between two curves, or between a curve and 0."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import Height, PerPoint, X
from figgen.config.spec.marks.base import HOLD_AS_STEP, Arrays, Axes, Derived, EdgeColor, Hold, Labelled, LayerColor
from figgen.config.spec.marks.helpers import require_neighbours
from figgen.errors import LayerError


class Area(Labelled):
    """The area between two curves, or between a curve and 0."""

    EXAMPLE = """\
data:
  x: {linspace: [-4, 4, 200]}
layers:
  - {mark: area, x: x, high: exp(-x ** 2 / 2), where: abs(x) <= 2, opacity: 0.3}
  - {mark: line, x: x, y: exp(-x ** 2 / 2)}
"""
    EXCLUSIVE = (("where", "hold"), ("hold", "missing: gap"))
    DRAWS_NAN = ("gap",)

    mark: Literal["area"]
    x: X = Field(description="horizontal positions")
    high: Height = Field(description="one side of the area")
    low: Height | None = Field(None, description="the other side; 0 if omitted")
    where: PerPoint | None = Field(None, description="condition: the area is filled only where it holds")
    hold: Hold | None = Field(
        None,
        description="draw steps: each value holds after its x, before it, or around it; sloping lines if omitted",
    )
    color: LayerColor = None
    edge_color: EdgeColor = None

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the side that is 0 if omitted."""
        if "low" not in arrays:
            hint = "set 'low', or the lower limit of the axis, where the area then ends"
            yield Derived("low", "y", "other side (0 if omitted)", np.asarray(0.0), hint, is_straight=True)

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        high, low = arrays["high"], arrays.get("low", 0.0)
        if np.size(high) < 2:  # noqa: PLR2004 - one point has no width
            raise LayerError("an area requires at least two points")
        require_neighbours("'mark: bar'", arrays["x"], high + low)
        where = np.nan_to_num(arrays["where"]) != 0 if "where" in arrays else None
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
    """Check whether a condition changes only where the two sides cross, such as `high > low`.

    If so, the area is drawn up to each crossing, between two points. Elsewhere there is nothing to interpolate.
    """
    crosses = ~(np.sign(height[1:]) * np.sign(height[:-1]) > 0)  # true at gaps, where matplotlib interpolates nothing
    return bool(np.all(crosses[where[1:] != where[:-1]]))
