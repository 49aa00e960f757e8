"""Points joined by straight lines."""

from typing import Literal

import numpy as np

from figgen.config.spec.marks.base import NO_MARKER, Arrays, Axes, Points, Positioned, Stroke
from figgen.config.spec.marks.helpers import require_neighbours
from figgen.errors import LayerError


class Line(Points, Stroke, Positioned):
    """Points joined by straight lines."""

    EXAMPLE = """\
data:
  x: {linspace: [-6, 6, 200]}
layers:
  - {mark: line, x: x, y: sigmoid(x), label: sigmoid}
"""

    DRAWS_NAN = ("gap",)

    mark: Literal["line"]

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        import matplotlib as mpl

        marker = self.marker or mpl.rcParams["lines.marker"]
        if str(marker).lower() in NO_MARKER:
            if self.marker is not None and np.size(arrays["x"]) == 1 == np.size(arrays["y"]):
                raise LayerError("nothing would be seen of a single point without a 'marker'")
            require_neighbours("'marker'", arrays["x"], arrays["y"])
        axes.plot(arrays["x"], arrays["y"], **self.options(**self.stroke(), **self.points()))
