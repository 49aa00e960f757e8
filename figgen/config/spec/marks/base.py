"""The parts of marks: the base class, mix-ins for groups of keys that several marks have, and types of single keys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, get_args

import numpy as np
from pydantic import Field

from figgen.config.spec import arrays
from figgen.config.spec.arrays import AxisName
from figgen.config.spec.base import (
    ChannelType,
    Color,
    ColormapName,
    Conflicts,
    Dash,
    Fraction,
    Model,
    PerPoint,
    Positive,
    Table,
    Text,
    X,
    Y,
    conflict,
    increasing,
)
from figgen.config.spec.number_format import NumberFormat
from figgen.errors import LayerError, Where

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.cm

    Axes: TypeAlias = matplotlib.axes.Axes
    ScalarMappable: TypeAlias = matplotlib.cm.ScalarMappable
else:  # a config is read without matplotlib
    Axes = ScalarMappable = Any

Arrays: TypeAlias = arrays.Arrays
Derived = arrays.DerivedPositions
SeenMarker = Literal["o", "s", "^", "v", "<", ">", "D", "d", "p", "h", "*", "+", "x", ".", ",", "|", "_"]
Marker = Literal[SeenMarker, "none"]
NO_MARKER = {"none", "", " "}  # what a style may call it, in small letters
Hold = Literal["after", "before", "around"]
HOLD_AS_STEP: dict[str | None, Any] = {None: None, "after": "post", "before": "pre", "around": "mid"}  # matplotlib's

# Keys of several marks, with their descriptions.
Opacity = Annotated[Fraction | None, Field(description="from 0 (invisible) to 1 (opaque); the style's if omitted")]
LayerColor = Annotated[Color | None, Field(description="any matplotlib colour; the style's if omitted")]
EdgeColor = Annotated[Color | None, Field(description="colour of the outline; none if omitted")]
Colors = Annotated[
    tuple[Color, ...],
    Field(description="colours of the series, groups or wedges, repeated in turn; the style's if omitted"),
]
SeriesLabels = Annotated[tuple[Text, ...], Field(description="names of the series in the legend")]
ValueFormat = Annotated[
    NumberFormat | None,
    Field(description="write the values, in this Python number format: .2f; not written if omitted"),
]
TextColor = Annotated[
    Color | None,
    Field(description="colour of the values; if omitted, the style's, or black or white where they are on a colour"),
]
# Thinner lines cannot be seen, and matplotlib draws their dashes, which are multiples of the width, without end.
_Width = Annotated[float, Field(ge=0.01)]
LineWidth = Annotated[_Width | None, Field(description="line width in points; the style's if omitted")]
FontSize = Annotated[Positive | None, Field(description="font size in points; the style's if omitted")]


class Mark(Model):
    """Base of all marks."""

    EXAMPLE: ClassVar[str]  # YAML of a short figure that shows the mark, without `title` and `alt`
    DIMENSIONS: ClassVar[int] = 1  # the maximum for the array of a pointwise channel
    INSTEAD_OF_LABEL: ClassVar[str] = ""  # the hint of marks that have no `label`, as they have no legend entry
    MISSING: ClassVar[Sequence[str]] = ("gap", "drop")  # what `missing` can be, besides an error
    DRAWS_NAN: ClassVar[Sequence[str]] = ()  # of these, those for which draw() takes NaN; else it gets the other points

    mark: str
    on: Literal["left", "right"] = Field("left", description="vertical axis that the layer belongs to")
    opacity: Opacity = None
    order: float | None = Field(None, description="layers with a higher order are drawn over those with a lower one")
    missing: Literal["error", "gap", "drop"] = Field(
        "error",
        description="missing values are an error, leave a gap (lines and areas break; bars, points and cells are "
        "absent), or are dropped, as if there were only the others (lines join across)",
    )

    @classmethod
    def kind(cls) -> str:
        """Return the name of the mark in configs."""
        return str(get_args(cls.model_fields["mark"].annotation)[0])

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        if self.missing not in ("error", *self.MISSING):
            message = f"'missing: {self.missing}' cannot be combined with 'mark: {self.mark}'"
            yield conflict("missing", message, ("error", *self.MISSING))

    def legend_labels(self) -> Iterator[tuple[Where, str]]:
        """Yield the names in the legend, each with its key; "" stands for names from the data."""
        yield from ()

    def axis_of(self, channel: ChannelType) -> AxisName | None:
        """Return the axis that a channel gives positions on; None if it has other values."""
        return "right" if channel.axis == "y" and self.on == "right" else channel.axis

    @property
    def scales(self) -> tuple[str, ...]:
        """Return the scales of which both axes must have one, since the shape would be false; () if any will do."""
        return ()

    def derived(self, arrays: Arrays) -> Iterator[Derived]:  # noqa: ARG002 - most marks have channels only
        """Yield the positions that the mark computes from its channels, which must lie within the scale of their axis.

        Raises LayerError as `draw` does.
        """
        yield from ()

    def lengths(self, channel: ChannelType) -> tuple[str, ...]:
        """Return the axes, before a horizontal mark swaps them, that a channel is a length along."""
        return channel.along

    def placed(self, arrays: Arrays, transforms: Mapping[str, Any]) -> Arrays:  # noqa: ARG002 - most marks need none
        """Return the arrays to draw, if they depend on the scales, whose `transforms` are given for x and y."""
        return arrays

    def draw(self, axes: Axes, arrays: Arrays) -> ScalarMappable | None:
        """Draw the layer from its arrays; return the mappable for a colorbar, if any.

        They are finite numbers, or NaN for missing values if the layer is one of those in `DRAWS_NAN`.

        Raises LayerError for arrays that the mark cannot be drawn from.
        """
        raise NotImplementedError

    def options(self, **fields: Any) -> dict[str, Any]:
        """Return those of alpha, zorder, the label and `fields` that are not None, as keyword arguments for matplotlib.

        The style decides on those left out.
        """
        shared = {"alpha": self.opacity, "zorder": self.order}
        return {name: value for name, value in (shared | fields).items() if value is not None}


class Labelled(Mark):
    """Base of the marks that have an entry in the legend."""

    label: Text | None = Field(None, description="name of the layer in the legend")

    def legend_labels(self) -> Iterator[tuple[Where, str]]:
        """Yield the name in the legend, if there is one."""
        if self.label is not None:
            yield ("label",), self.label

    def options(self, **fields: Any) -> dict[str, Any]:
        """Return keyword arguments for matplotlib, the label among them."""
        return super().options(**{"label": self.label} | fields)


class Positioned(Mark):
    """Mix-in of the marks that are drawn at points."""

    x: X = Field(description="horizontal positions")
    y: Y = Field(description="vertical positions")


class Stroke(Labelled):
    """Mix-in of the marks that are lines."""

    color: LayerColor = None
    width: LineWidth = None
    dash: Dash | None = Field(None, description="solid, dashed, dash-dot or dotted line; the style's if omitted")

    def stroke(self) -> dict[str, Any]:
        """Return the line's keyword arguments for matplotlib."""
        return {"color": self.color, "linewidth": self.width, "linestyle": self.dash}


class Points(Labelled):
    """Mix-in of the marks that can have a marker at each point."""

    EXCLUSIVE: ClassVar[Table] = (("marker_size", "marker: none"), ("marker_size", "marker: ,"))  # one pixel

    marker: Marker | None = Field(None, description="shape of the marker at each point; the style's if omitted")
    marker_size: Positive | None = Field(None, description="size of the markers in points; the style's if omitted")

    def points(self) -> dict[str, Any]:
        """Return the markers' keyword arguments for matplotlib."""
        return {"marker": self.marker, "markersize": self.marker_size}


class Directed(Labelled):
    """Mix-in of the marks that are vertical or horizontal."""

    direction: Literal["vertical", "horizontal"] = Field(
        "vertical", description="direction in which the values are drawn"
    )

    def axis_of(self, channel: ChannelType) -> AxisName | None:
        """Return the axis that a channel gives positions on; x and y are swapped in horizontal marks."""
        if self.direction == "horizontal" and channel.axis is not None:
            channel = replace(channel, axis="y" if channel.axis == "x" else "x")
        return super().axis_of(channel)


class Colorbar(Model):
    """The scale of a layer's colours, drawn beside the panel."""

    label: Text | None = Field(None, description="text beside the colorbar")
    place: Literal["right", "left", "top", "bottom"] = Field("right", description="side of the panel")
    format: NumberFormat | None = Field(None, description="Python number format of the tick labels: .2f")


class Mapped(Mark):
    """Base of the marks whose colours stand for numbers."""

    EXCLUSIVE: ClassVar[Table] = (("color_center", "color_scale: log"),)

    colormap: ColormapName | None = Field(None, description="any matplotlib colormap; the style's if omitted")
    color_limits: tuple[float | None, float | None] = Field(
        (None, None), description="numbers at the ends of the colormap; null: taken from the data"
    )
    color_scale: Literal["linear", "log"] = Field("linear", description="how numbers are mapped to colours")
    color_center: float | None = Field(None, description="number in the middle of the colormap")
    colorbar: Colorbar | None = Field(None, description="draw a colorbar; {} for the defaults")

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        yield from increasing("color_limits", self.color_limits)
        limits, center = [limit for limit in self.color_limits if limit is not None], self.color_center
        if self.color_scale == "log" and min(limits, default=1) <= 0:
            yield conflict("color_limits", "'color_limits' must be greater than 0 with 'color_scale: log'")
        elif center is not None and limits and (len(limits) == 1 or not limits[0] < center < limits[1]):
            yield conflict("color_center", "'color_center' must be between the two 'color_limits', if they are set")

    def color_options(self, values: Any = None) -> dict[str, Any]:
        """Return matplotlib's `cmap` and `norm`: the colormap, and how numbers are mapped to it.

        Raises LayerError if `values` are given and some of them cannot be shown on a log scale.
        """
        from matplotlib.colors import CenteredNorm, LogNorm, Normalize, TwoSlopeNorm

        low, high = self.color_limits
        norm: Normalize
        if self.color_scale == "log":
            if values is not None and np.any(values <= 0):
                count = f"{np.count_nonzero(values <= 0)} of {np.size(values)} values"
                raise LayerError(
                    f"{count} are not positive, as 'color_scale: log' requires: minimum {np.min(values):g}"
                )
            norm = LogNorm(low, high)
        elif self.color_center is None:
            norm = Normalize(low, high)
        elif low is None or high is None:
            norm = CenteredNorm(self.color_center)
        else:
            norm = TwoSlopeNorm(self.color_center, low, high)
        return {"cmap": self.colormap, "norm": norm}


class ColoredBy(Labelled, Mapped):
    """Base of the marks that have one colour, or colours that stand for numbers."""

    EXCLUSIVE: ClassVar[Table] = (("color", "color_by"),)
    REQUIRES = tuple(
        (key, "color_by") for key in ("colormap", "colorbar", "color_limits", "color_scale", "color_center")
    )

    color: LayerColor = None
    color_by: PerPoint | None = Field(None, description="numbers that the colours stand for")
