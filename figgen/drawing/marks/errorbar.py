"""Points with bars that show how uncertain they are."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from figgen.config.spec.marks.curves import Errorbar
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


def draw(axes: Axes, layer: Errorbar, arrays: Arrays) -> None:
    """Draw the layer."""
    axes.errorbar(
        arrays["x"].ravel(),
        arrays["y"].ravel(),
        yerr=_reach(arrays, "error"),
        xerr=_reach(arrays, "x_error"),
        **options(
            layer,
            color=layer.color,
            linewidth=layer.width,
            linestyle=layer.dash,
            marker=layer.marker,
            markersize=layer.marker_size,
            capsize=layer.cap,
        ),
    )


def _reach(arrays: Arrays, name: str) -> Any:
    """Give how far the bars reach along one axis: nothing, one length a point, or two."""
    given = [side for side in (name, f"{name}_low", f"{name}_high") if side in arrays]
    for side in given:
        if np.any(arrays[side] < 0):
            raise ValueError(f"'{side}' has values below 0, the least is {np.min(arrays[side]):g}")
    lengths = [arrays[side].ravel() for side in given]
    return None if not lengths else lengths[0] if len(lengths) == 1 else np.stack(lengths)
