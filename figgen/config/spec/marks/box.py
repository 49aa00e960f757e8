"""Median and quartiles of groups of values, with whiskers and outliers."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import NotNegative
from figgen.config.spec.marks.base import Arrays, Axes, Derived
from figgen.config.spec.marks.helpers import name_groups, named_positions, orientation_kwarg
from figgen.config.spec.marks.series import Grouped


class Box(Grouped):
    """Median and quartiles of groups of values, with whiskers and outliers."""

    EXAMPLE = """\
data:
  scores: {random: normal, shape: [100, 3], seed: 1}
layers:
  - {mark: box, y: scores, labels: [first, second, third]}
"""

    mark: Literal["box"]
    notch: bool | None = Field(None, description="narrow the box within the 95 % confidence interval of the median")
    whiskers: NotNegative | None = Field(
        None,
        description="maximum length of the whiskers, as a multiple of the box height; the style's if omitted",
    )
    outliers: bool | None = Field(None, description="draw the values beyond the whiskers; the style's if omitted")
    means: bool | None = Field(None, description="mark the mean; the style's if omitted")

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the sides of the boxes, and the ends of their notches."""
        import matplotlib as mpl

        yield from super().derived(arrays)
        if mpl.rcParams["boxplot.notch"] if self.notch is None else self.notch:
            for number, group in enumerate(self.groups(arrays["y"])[0], start=1):
                low, median, high = np.percentile(group, [25, 50, 75])
                half = 1.57 * (high - low) / np.sqrt(group.size)  # as matplotlib computes it
                ends = np.asarray([median - half, median + half])
                yield Derived("notch", "y", f"ends of the notch of group {number}", ends, "use 'notch: false'")

    def default_width(self, positions: Any) -> float:
        """Return matplotlib's width of boxes at these positions."""
        return float(np.clip(0.15 * np.ptp(positions), 0.15, 0.5))

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        from matplotlib.patches import Patch

        values, positions = self.groups(arrays["y"])
        axis = axes.xaxis if self.direction == "vertical" else axes.yaxis
        before = named_positions(axis)
        parts = axes.boxplot(
            values,
            positions=positions,
            **orientation_kwarg(axes.boxplot, self.direction),
            **self.options(
                label=None,
                alpha=None,
                notch=self.notch,
                whis=self.whiskers,
                showfliers=self.outliers,
                showmeans=self.means,
                widths=self.width,
                patch_artist=True if self.colors else None,
            ),
        )
        name_groups(axis, positions, self.labels, before)
        for box, color in zip(parts["boxes"], cycle(self.colors), strict=False):
            box.set_facecolor(color)
        if self.label is not None:
            filled = isinstance(parts["boxes"][0], Patch)
            parts["boxes" if filled else "medians"][0].set_label(self.label)
        if self.opacity is not None:
            for artist in (artist for artists in parts.values() for artist in artists):
                artist.set_alpha(self.opacity)
