"""A line, and how far values spread around it."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Fraction, PerPoint, X, Y
from figgen.config.spec.marks.base import Stroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Band(Stroke):
    """A line, and how far values spread around it."""

    EXAMPLE: ClassVar[str] = """\
data:
  x: {linspace: [0, 5, 100]}
layers:
  - {mark: band, x: x, y: exp(-x), spread: 0.05 + x / 50, label: mean ± std}
"""

    mark: Literal["band"]
    x: X = Field(description="horizontal positions")
    y: Y = Field(description="the line")
    spread: PerPoint = Field(description="how far the band reaches above and below the line; at least 0")
    opacity: Fraction | None = Field(0.2, description="of the band, not of its line: 0 is invisible, 1 opaque")

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        x, y, spread = arrays["x"], arrays["y"], arrays["spread"]
        if np.any(spread < 0):
            raise ValueError(f"'spread' has values below 0, the least is {np.min(spread):g}")
        if x.size < 2:  # noqa: PLR2004 - one point has no width
            raise ValueError("a band of one point; an error bar shows its spread")
        line_options = self.options(**self.stroke())
        line_options.pop("alpha", None)
        (line,) = axes.plot(x, y, **line_options)
        # The line is drawn first, as it may take its colour from the cycle; of two of one order the later
        # would hide it.
        behind = None if self.order is None else float(np.nextafter(self.order, -np.inf))
        axes.fill_between(
            x,
            y - spread,
            y + spread,
            **self.options(label=None, facecolor=line.get_color(), linewidth=0, zorder=behind),
        )
