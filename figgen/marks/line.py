"""Points joined by straight segments."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from figgen.spec import Line


def draw(axes: Axes, layer: Line, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """Draw the layer."""
    axes.plot(arrays["x"], arrays["y"], color=layer.color, linewidth=layer.width, linestyle=layer.dash)
