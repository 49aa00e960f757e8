"""Marks that show how values are distributed."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.base import Color, NotNegative, Positive, SeriesX, SeriesY, Text, union
from figgen.config.spec.marks.base import Directed, check_names


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


class _Grouped(Directed):
    """Base of the marks that draw one distribution a group."""

    y: SeriesY = Field(description="the values: one formula a group, or one matrix whose columns are the groups")
    labels: tuple[Text, ...] = Field((), description="the names of the groups, written along the axis")
    positions: tuple[float, ...] = Field((), description="where the groups stand; at 1, 2, 3 … if left out")
    width: Positive | None = Field(None, description="of each one, along the axis that they stand on")
    colors: tuple[Color, ...] = Field((), description="the colours of the groups, in turn; the style's if left out")


class Box(_Grouped):
    """Median and quartiles of groups of values, with whiskers and outliers."""

    EXAMPLE: ClassVar[str] = """\
data:
  scores: {random: normal, shape: [100, 3], seed: 1}
layers:
  - {mark: box, y: scores, labels: [first, second, third]}
"""

    mark: Literal["box"]
    notch: bool | None = Field(None, description="narrow the box where the median may well lie, with 95% confidence")
    whiskers: NotNegative | None = Field(
        None, description="how far they reach at most, in heights of the box; 1.5 unless the style differs"
    )
    outliers: bool | None = Field(None, description="draw the values beyond the whiskers")
    means: bool | None = Field(None, description="mark the mean")


class Violin(_Grouped):
    """The distribution of groups of values, as smooth shapes."""

    EXAMPLE: ClassVar[str] = """\
data:
  scores: {random: normal, shape: [100, 3], seed: 1}
layers:
  - {mark: violin, y: scores, labels: [first, second, third], medians: true}
"""

    mark: Literal["violin"]
    opacity: Annotated[float, Field(ge=0, le=1)] = Field(
        0.3, description="of the bodies, not of their lines: 0 is invisible, 1 hides what is behind"
    )
    medians: bool = Field(default=False, description="draw a line at the median")
    means: bool = Field(default=False, description="draw a line at the mean")
    extrema: bool = Field(
        default=True, description="draw lines at the least and the greatest value, and one that joins them"
    )
    bandwidth: Positive | None = Field(
        None, description="how far each value is smeared, in standard deviations; by Scott's rule if left out"
    )
