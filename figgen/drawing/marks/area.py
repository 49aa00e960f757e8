"""The area between two curves, or between a curve and 0."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from figgen.config.spec.marks.curves import Area
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options

_STEP: Mapping[str | None, Any] = MappingProxyType({None: None, "after": "post", "before": "pre", "around": "mid"})


def draw(axes: Axes, layer: Area, arrays: Arrays) -> None:
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
        interpolate=where is not None and layer.hold is None and _ends_where_sides_meet(where, high - low),
        step=_STEP[layer.hold],
        **options(layer, facecolor=layer.color, edgecolor=layer.edge_color),
    )


def _ends_where_sides_meet(where: Any, height: Any) -> bool:
    """Tell whether all ends of a condition are crossings of the two sides, such as those of `high > low`.

    Between two points the area then ends at the crossing. Where it ends for another reason there is none to be found.
    """
    crosses = np.sign(height[1:]) * np.sign(height[:-1]) <= 0
    return bool(np.all(crosses[where[1:] != where[:-1]]))
