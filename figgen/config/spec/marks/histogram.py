"""How many values lie in each of several bins."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, Positive, SeriesX, Text, union
from figgen.config.spec.marks.base import Directed, check_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _kind_of_bins(value: Any) -> str:
    return "edges" if isinstance(value, list | tuple) else "count"


_BINS = {
    "count": Annotated[int, Field(ge=1, le=10_000)],
    "edges": Annotated[tuple[float, ...], Field(min_length=2, max_length=10_001)],
}


class Histogram(Directed):
    """How many values lie in each of several bins."""

    EXAMPLE: ClassVar[str] = """\
data:
  weight: {random: normal, shape: [1000], std: 0.1, seed: 1}
layers:
  - {mark: histogram, x: weight, bins: 30}
"""

    mark: Literal["histogram"]
    x: SeriesX = Field(description="the values; several formulas make several series")
    bins: union(_BINS, _kind_of_bins, "unknown_bins") | None = Field(  # type: ignore[valid-type]
        None, description="how many bins there are, or a list of their edges; the style's number if left out"
    )
    range: tuple[float, float] | None = Field(
        None,
        description="where the first bin starts and the last ends; at the least and the greatest value if left out",
    )
    density: bool = Field(default=False, description="scale each series to an area of 1")
    cumulative: bool = Field(default=False, description="count the values of all bins so far")
    arrange: Literal["grouped", "stacked", "overlaid"] = Field(
        "grouped", description="several series side by side, on one another, or in front of one another"
    )
    form: Literal["filled", "outline"] = Field("filled", description="bars, or a line along their ends")
    labels: tuple[Text, ...] = Field((), description="the names of the series in the legend")
    colors: tuple[Color, ...] = Field((), description="the colours of the series, in turn; the style's if left out")
    edge_color: Color | None = Field(None, description="the colour of the bars' outlines")
    line_width: Positive | None = Field(None, description="of the outlines, in points")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_names(self, self.x, self.labels)
        if isinstance(self.bins, tuple):
            if self.bins != tuple(sorted(set(self.bins))):
                raise PydanticCustomError("histogram", "edges in 'bins' that do not rise")
            if self.range is not None:
                raise PydanticCustomError("histogram", "'range' goes with a number of bins, not with a list of edges")
        if self.range is not None and self.range[0] >= self.range[1]:
            raise PydanticCustomError("histogram", "a 'range' that does not rise")
        if self.form == "outline":
            if self.edge_color is not None:
                raise PydanticCustomError("histogram", "'edge_color' is of filled bars; outlines have 'colors'")
            if self.arrange == "grouped" and len(self.x) > 1:
                raise PydanticCustomError("histogram", "outlines of several series are 'overlaid' or 'stacked'")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        import matplotlib as mpl

        series = [values.ravel() for values in arrays["x"]]
        bins: Any = mpl.rcParams["hist.bins"] if self.bins is None else self.bins
        # The same bins for all series, even for those that are drawn one by one.
        edges = np.histogram_bin_edges(np.concatenate(series), bins, self.range)
        for number, values in enumerate(series, start=1):
            if not np.any((values >= edges[0]) & (values <= edges[-1])):
                which = f"series {number}" if len(series) > 1 else "x"
                span = f"from {np.min(values):g} to {np.max(values):g}"
                raise ValueError(f"no value of {which}, {span}, lies in the bins, from {edges[0]:g} to {edges[-1]:g}")
        labels: Any = self.labels or (self.label and [self.label])
        colors = [self.colors[index % len(self.colors)] for index in range(len(series))] if self.colors else None
        parts = (
            [slice(None)] if self.arrange != "overlaid" else [slice(index, index + 1) for index in range(len(series))]
        )
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
