"""The number of values in each of several bins."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from pydantic import Field

from figgen.config.spec.base import Conflicts, DistributionX, conflict, count_or_list, increasing
from figgen.config.spec.marks.base import (
    Arrays,
    Axes,
    Derived,
    EdgeColor,
    LineWidth,
)
from figgen.config.spec.marks.series import OfSeries
from figgen.errors import LayerError


class Histogram(OfSeries):
    """The number of values in each of several bins."""

    EXAMPLE = """\
data:
  weight: {random: normal, shape: [1000], std: 0.1, seed: 1}
layers:
  - {mark: histogram, x: weight, bins: 30}
"""
    SERIES = "x"
    REQUIRES = (("edge_color", "form: filled"),)

    MISSING = DRAWS_NAN = ("drop",)

    mark: Literal["histogram"]
    x: DistributionX = Field(description="values; one formula for each series")
    bins: count_or_list(10_000, 2) | None = Field(  # type: ignore[valid-type]
        None, description="number of bins, or a list of their edges; the style's number if omitted"
    )
    range: tuple[float, float] | None = Field(
        None, description="start of the first bin and end of the last; the least and the greatest value if omitted"
    )
    density: bool = Field(default=False, description="scale each series to an area of 1")
    cumulative: bool = Field(default=False, description="count the values in each bin and all bins before it")
    arrange: Literal["grouped", "stacked", "overlaid"] = Field(
        "grouped", description="several series side by side, stacked, or drawn over one another"
    )
    form: Literal["filled", "outline"] = Field("filled", description="filled bars, or only their outline")
    edge_color: EdgeColor = None
    line_width: LineWidth = None

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        if isinstance(self.bins, tuple):
            yield from increasing("bins", self.bins)
            if self.range is not None:
                yield conflict("range", "'range' cannot be combined with a list of 'bins'")
        yield from increasing("range", self.range or ())
        if self.form == "outline" and self.arrange == "grouped" and len(self.x) > 1:
            yield conflict("arrange", "outlines of several series cannot be grouped", ("overlaid", "stacked"))

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the edges of the bins. That the bars start at 0 is known, so that they may start at any frame."""
        yield Derived("bins", "x", "edges of the bins", self._edges(arrays), "choose other edges, or another scale")

    def _edges(self, arrays: Arrays) -> Any:
        """Return the edges of the bins, the same for all series, even if they are drawn one by one."""
        import matplotlib as mpl

        bins: Any = mpl.rcParams["hist.bins"] if self.bins is None else self.bins
        return np.histogram_bin_edges(np.concatenate(_series(arrays)), bins, self.range)

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        series, edges = _series(arrays), self._edges(arrays)
        for number, values in enumerate(series, start=1):
            if not np.any((values >= edges[0]) & (values <= edges[-1])):
                which = f"series {number}" if len(series) > 1 else "'x'"
                span = f"values from {np.min(values):g} to {np.max(values):g}"
                raise LayerError(f"no value of {which} is in a bin: {span}, bins from {edges[0]:g} to {edges[-1]:g}")
        labels: Any = self.labels or (self.label and [self.label])
        colors = [self.colors[index % len(self.colors)] for index in range(len(series))] if self.colors else None
        parts = [slice(None)]
        if self.arrange == "overlaid":
            parts = [slice(index, index + 1) for index in range(len(series))]
        for part in parts:
            axes.hist(
                series[part],
                edges.tolist(),
                density=self.density,
                cumulative=self.cumulative,
                histtype="bar" if self.form == "filled" else "step",
                stacked=self.arrange == "stacked",
                orientation=self.direction,
                color=colors[part] if colors else None,
                label=labels[part] if labels else None,
                **self.options(label=None, edgecolor=self.edge_color, linewidth=self.line_width),
            )


def _series(arrays: Arrays) -> list[Any]:
    return [values[~np.isnan(values)] for values in arrays["x"]]
