"""The area between two curves, or between a curve and 0."""

from collections.abc import Iterator, Mapping
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

    def placed(self, arrays: Arrays, transforms: Mapping[str, Any]) -> Arrays:
        """Return the arrays with the points at which the two sides meet, if the condition changes at such points only.

        So an area of `high > low` is drawn up to each crossing, between two samples, of the lines that are drawn.
        """
        if "where" not in arrays or self.hold is not None or np.size(arrays["high"]) < 2:  # noqa: PLR2004
            return arrays
        given = (arrays["x"], arrays["high"], arrays.get("low", 0.0), np.nan_to_num(arrays["where"]) != 0)
        x, high, low, where = np.broadcast_arrays(*given)
        across, up = transforms["x"], transforms["y"]
        before = np.flatnonzero(where[1:] != where[:-1])
        with np.errstate(all="ignore"):
            at, top, bottom = across.transform(x), up.transform(high), up.transform(low)
            height = top - bottom
            if np.any(np.sign(height[before]) * np.sign(height[before + 1]) > 0):  # not at gaps, where nothing meets
                return arrays
            share = height[before] / (height[before] - height[before + 1])
        before, share = before[np.isfinite(share)], share[np.isfinite(share)]
        x_met, y_met = (
            transform.inverted().transform(one[before] + share * (one[before + 1] - one[before]))
            for transform, one in ((across, at), (up, top))
        )
        added: dict[str, Any] = {"x": (x, x_met), "high": (high, y_met), "low": (low, y_met), "where": (where, True)}
        return {**arrays, **{name: np.insert(old, before + 1, new) for name, (old, new) in added.items()}}

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        high, low = arrays["high"], arrays.get("low", 0.0)
        if np.size(high) < 2:  # noqa: PLR2004 - one point has no width
            raise LayerError("an area requires at least two points")
        require_neighbours("'mark: bar'", arrays["x"], high + low)
        axes.fill_between(
            arrays["x"],
            high,
            low,
            where=np.nan_to_num(arrays["where"]) != 0 if "where" in arrays else None,
            step=HOLD_AS_STEP[self.hold],
            **self.options(facecolor=self.color, edgecolor=self.edge_color),
        )
