"""Single points, whose size and colour can stand for numbers."""

from typing import Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import PerPoint
from figgen.config.spec.marks.base import (
    NO_MARKER,
    Arrays,
    Axes,
    ColoredBy,
    EdgeColor,
    Positioned,
    ScalarMappable,
    SeenMarker,
)
from figgen.errors import LayerError


class Scatter(ColoredBy, Positioned):
    """Single points, whose size and colour can stand for numbers."""

    EXAMPLE = """\
data:
  x: {random: normal, shape: [100], seed: 1}
  noise: {random: normal, shape: [100], after: x}
layers:
  - {mark: scatter, x: x, y: x + noise / 2, color_by: noise, colorbar: {label: noise}}
"""
    EXCLUSIVE = tuple(("edge_color", f"marker: {marker}") for marker in ("+", "x", "|", "_"))  # no outlines

    mark: Literal["scatter"]
    size: PerPoint | None = Field(None, description="area of each point in points squared; the style's if omitted")
    marker: SeenMarker | None = Field(None, description="shape of the points; the style's if omitted")
    edge_color: EdgeColor = None

    def draw(self, axes: Axes, arrays: Arrays) -> ScalarMappable:
        """Draw the layer."""
        import matplotlib as mpl

        if self.marker is None and str(mpl.rcParams["scatter.marker"]).lower() in NO_MARKER:
            raise LayerError("the style draws no markers, so that nothing would be seen: set 'marker'")
        values = arrays.get("color_by")
        colors = {"color": self.color} if values is None else {"c": values, **self.color_options(values)}
        options = self.options(marker=self.marker, edgecolors=self.edge_color, **colors)
        size = arrays.get("size")
        if size is not None and np.all(size == size.flat[0]):
            size = size.flat[0]  # matplotlib snaps points of one size to pixels
        return axes.scatter(arrays["x"], arrays["y"], s=size, **options)
