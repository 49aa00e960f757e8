"""A line, and the spread of values around it."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import LengthY
from figgen.config.spec.marks.base import Arrays, Axes, Derived, Opacity, Positioned, Stroke
from figgen.config.spec.marks.helpers import require_neighbours, require_not_negative
from figgen.errors import LayerError


class Band(Stroke, Positioned):
    """A line, and the spread of values around it."""

    EXAMPLE = """\
data:
  x: {linspace: [0, 5, 100]}
layers:
  - {mark: band, x: x, y: exp(-x), spread: 0.05 + x / 50, label: mean ± std}
"""

    DRAWS_NAN = ("gap",)

    mark: Literal["band"]
    spread: LengthY = Field(description="distance from the line to the edges of the band, at least 0")
    opacity: Opacity = Field(0.2, description="opacity of the band, not of its line, from 0 (invisible) to 1 (opaque)")

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the edges of the band."""
        y, spread = arrays["y"], arrays["spread"]
        hint = "draw the edges that you choose as an area with 'low' and 'high', or use another scale"
        yield Derived("spread", "y", "lower edges (y - spread)", y - spread, hint)
        yield Derived("spread", "y", "upper edges (y + spread)", y + spread, hint)

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        from matplotlib.container import Container

        x, y, spread = arrays["x"], arrays["y"], arrays["spread"]
        require_not_negative("spread", spread)
        if x.size < 2:  # noqa: PLR2004 - one point has no width
            raise LayerError("a band requires at least two points; use 'mark: errorbar' for one")
        require_neighbours("'mark: errorbar'", x, y)
        require_neighbours("'mark: errorbar'", x, y + spread)
        line_options = self.options(**self.stroke())
        line_options.pop("alpha", None)
        (line,) = axes.plot(x, y, **line_options)
        # The line is drawn first, since it may take its colour from the cycle. If both had the same order, the band,
        # drawn later, would hide it.
        behind = None if self.order is None else float(np.nextafter(self.order, -np.inf))
        options = self.options(label=None, facecolor=line.get_color(), linewidth=0, zorder=behind)
        fill = axes.fill_between(x, y - spread, y + spread, **options)
        axes.add_container(Container((fill, line)))  # the legend shows both
