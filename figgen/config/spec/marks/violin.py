"""The distribution of groups of values, as smooth shapes."""

from itertools import cycle
from typing import Any, Literal

from pydantic import Field

from figgen.config.spec.base import Fraction, Positive
from figgen.config.spec.marks.base import Arrays, Axes
from figgen.config.spec.marks.helpers import name_groups, named_positions, orientation_kwarg
from figgen.config.spec.marks.series import Grouped


class Violin(Grouped):
    """The distribution of groups of values, as smooth shapes."""

    EXAMPLE = """\
data:
  scores: {random: normal, shape: [100, 3], seed: 1}
layers:
  - {mark: violin, y: scores, labels: [first, second, third], medians: true}
"""

    mark: Literal["violin"]
    opacity: Fraction = Field(0.3, description="opacity of the bodies, not of their lines, from 0 to 1")
    medians: bool = Field(default=False, description="draw a line at the median")
    means: bool = Field(default=False, description="draw a line at the mean")
    extrema: bool = Field(default=True, description="draw lines at the least and the greatest value, and between them")
    bandwidth: Positive | None = Field(
        None, description="kernel bandwidth in standard deviations; Scott's rule if omitted"
    )

    def default_width(self, positions: Any) -> float:  # noqa: ARG002 - the same at all positions
        """Return matplotlib's width of violins."""
        return 0.5

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        values, positions = self.groups(arrays["y"])
        parts: dict[str, Any] = dict(
            axes.violinplot(
                values,
                positions,
                showmedians=self.medians,
                showmeans=self.means,
                showextrema=self.extrema,
                **orientation_kwarg(axes.violinplot, self.direction),
                **self.options(label=None, alpha=None, zorder=None, widths=self.width, bw_method=self.bandwidth),
            )
        )
        bodies = parts.pop("bodies")
        for body, color in zip(bodies, cycle(self.colors), strict=False):
            body.set_facecolor(color)
        for lines in parts.values():
            if self.colors:
                lines.set_color(self.colors)  # repeated if there are more groups
        for artist in (*bodies, *parts.values()):
            artist.set(**self.options(label=None, alpha=None))
        for body in bodies:
            body.set_alpha(self.opacity)
        if self.label is not None:
            bodies[0].set_label(self.label)
        axis = axes.xaxis if self.direction == "vertical" else axes.yaxis
        name_groups(axis, positions, self.labels, named_positions(axis))
