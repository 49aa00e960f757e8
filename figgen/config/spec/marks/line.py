"""Points joined by straight lines."""

from typing import Literal

from figgen.config.spec.marks.base import Arrays, Axes, Points, Positioned, Stroke


class Line(Points, Stroke, Positioned):
    """Points joined by straight lines."""

    EXAMPLE = """\
data:
  x: {linspace: [-6, 6, 200]}
layers:
  - {mark: line, x: x, y: sigmoid(x), label: sigmoid}
"""

    mark: Literal["line"]

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        axes.plot(arrays["x"], arrays["y"], **self.options(**self.stroke(), **self.points()))
