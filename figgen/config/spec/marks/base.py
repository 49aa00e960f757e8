"""What marks are made of: the base of all, and mix-ins for what several have."""

from collections.abc import Sequence, Sized
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, get_args

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays, AxisName
from figgen.config.spec.base import ChannelType, Color, ColormapName, Dash, Fraction, Model, Positive, SeriesY, Text
from figgen.config.spec.number_format import NumberFormat

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable

Hold = Literal["after", "before", "around"]
# In matplotlib's words.
HOLD_AS_STEP: dict[str | None, Any] = {None: None, "after": "post", "before": "pre", "around": "mid"}
Marker = Literal["o", "s", "^", "v", "<", ">", "D", "d", "p", "h", "*", "+", "x", ".", ",", "|", "_", "none"]


class Mark(Model):
    """Base of all marks."""

    EXAMPLE: ClassVar[str]
    DIMENSIONS: ClassVar[int] = 1  # that an array of points may have

    mark: str
    label: Text | None = Field(None, description="the layer's name in the legend")
    on: Literal["left", "right"] = Field("left", description="the vertical axis that it is drawn against")
    opacity: Fraction | None = Field(None, description="0 is invisible, 1 hides what is behind")
    order: float | None = Field(None, description="layers of a higher order hide those of a lower one")

    @classmethod
    def kind(cls) -> str:
        """Return the name of the mark, as configs have it."""
        return str(get_args(cls.model_fields["mark"].annotation)[0])

    def axis_of(self, channel: ChannelType) -> AxisName | None:
        """Tell which axis a channel gives positions on."""
        return "right" if channel.axis == "y" and self.on == "right" else channel.axis

    def draw(self, axes: "Axes", arrays: Arrays) -> "ScalarMappable | None":
        """Draw the layer from its arrays, all finite numbers; return what a colorbar is to explain.

        Raises ValueError for arrays that the mark cannot be drawn from.
        """
        raise NotImplementedError

    def options(self, **fields: Any) -> dict[str, Any]:
        """Return keyword arguments for matplotlib: label, alpha and zorder, and `fields`, without those that are None.

        What is left out is the style's choice.
        """
        shared = {"label": self.label, "alpha": self.opacity, "zorder": self.order}
        return {name: value for name, value in (shared | fields).items() if value is not None}


class Stroke(Mark):
    """Mix-in of the marks that are lines."""

    color: Color | None = Field(None, description="any matplotlib colour; the next of the style's cycle if left out")
    width: Positive | None = Field(None, description="of the line, in points")
    dash: Dash | None = Field(None, description="solid, dashed, dash-dot or dotted")

    def stroke(self) -> dict[str, Any]:
        """Return the line's keyword arguments for matplotlib."""
        return {"color": self.color, "linewidth": self.width, "linestyle": self.dash}


class Points(Mark):
    """Mix-in of the marks that may have a marker at each point."""

    marker: Marker | None = Field(None, description="the shape at each point")
    marker_size: Positive | None = Field(None, description="in points")

    def points(self) -> dict[str, Any]:
        """Return the markers' keyword arguments for matplotlib."""
        return {"marker": self.marker, "markersize": self.marker_size}


class Directed(Mark):
    """Base of the marks that stand upright or lie."""

    direction: Literal["vertical", "horizontal"] = Field("vertical", description="which way they point")

    def axis_of(self, channel: ChannelType) -> AxisName | None:
        """Tell which axis a channel gives positions on; what lies swaps them."""
        if self.direction == "horizontal" and channel.axis is not None:
            channel = replace(channel, axis="y" if channel.axis == "x" else "x")
        return super().axis_of(channel)


def check_names(mark: Mark, series: Sized, labels: Sized) -> None:
    """Check that several series have one name each, if they have names."""
    if labels and len(labels) != len(series):
        raise PydanticCustomError(mark.mark, f"{len(labels)} 'labels' for {len(series)} series")
    if mark.label is not None and (labels or len(series) > 1):
        raise PydanticCustomError(mark.mark, "'label' names a single series; 'labels' has a name for each of several")


def check_unnamed(mark: Mark, instead: str) -> None:
    """Check that a mark that has no place in a legend has no name there."""
    if mark.label is not None:
        raise PydanticCustomError(mark.mark, f"a {mark.mark} has no 'label' in the legend; {instead}")


class Colorbar(Model):
    """The scale of a layer's colours, drawn beside the panel."""

    label: Text | None = Field(None, description="text beside the colorbar")
    place: Literal["right", "left", "top", "bottom"] = Field("right", description="the side of the panel it stands at")
    format: NumberFormat | None = Field(None, description="how the numbers are written, as Python's format() does")


class Mapped(Mark):
    """Base of the marks whose colours stand for numbers."""

    colormap: ColormapName | None = Field(None, description="any matplotlib colormap; the style's if left out")
    color_limits: tuple[float | None, float | None] = Field(
        (None, None), description="the numbers that the ends of the colormap stand for; null: the data's own"
    )
    color_scale: Literal["linear", "log"] = Field("linear", description="how numbers are laid out along the colormap")
    color_center: float | None = Field(None, description="the number that the middle of the colormap stands for")
    colorbar: Colorbar | None = Field(None, description="draw a colorbar; {} for a plain one")

    @model_validator(mode="after")
    def _laid_out(self) -> Self:
        limits, center = [limit for limit in self.color_limits if limit is not None], self.color_center
        if limits != sorted(set(limits)):
            raise PydanticCustomError("colors", "'color_limits' that do not rise")
        if self.color_scale == "log" and min(limits, default=1) <= 0:
            raise PydanticCustomError("colors", "'color_scale: log' needs 'color_limits' above 0")
        if self.color_scale == "log" and center is not None:
            raise PydanticCustomError("colors", "'color_center' is of a linear 'color_scale'")
        if center is not None and limits and (len(limits) == 1 or not limits[0] < center < limits[1]):
            raise PydanticCustomError("colors", "'color_center' needs a limit on each side of it, or none")
        return self

    def color_options(self, values: Any = None) -> dict[str, Any]:
        """Return the colormap, and how numbers are laid out along it, as matplotlib's `cmap` and `norm`.

        Raises ValueError if some of the values, where they are known, are not on a log scale.
        """
        from matplotlib.colors import CenteredNorm, LogNorm, Normalize, TwoSlopeNorm

        low, high = self.color_limits
        norm: Normalize
        if self.color_scale == "log":
            if values is not None and np.any(values <= 0):
                count = f"{np.count_nonzero(values <= 0)} of {np.size(values)} values"
                raise ValueError(f"{count} have no colour on a log scale, the least is {np.min(values):g}")
            norm = LogNorm(low, high)
        elif self.color_center is None:
            norm = Normalize(low, high)
        elif low is None or high is None:
            norm = CenteredNorm(self.color_center)
        else:
            norm = TwoSlopeNorm(self.color_center, low, high)
        return {"cmap": self.colormap, "norm": norm}


class Grouped(Directed):
    """Base of the marks that draw one distribution a group."""

    y: SeriesY = Field(description="the values: one formula a group, or one matrix whose columns are the groups")
    labels: tuple[Text, ...] = Field((), description="the names of the groups, written along the axis")
    positions: tuple[float, ...] = Field((), description="where the groups stand; at 1, 2, 3 … if left out")
    width: Positive | None = Field(None, description="of each one, along the axis that they stand on")
    colors: tuple[Color, ...] = Field((), description="the colours of the groups, in turn; the style's if left out")

    def groups(self, series: Sequence[Any]) -> tuple[list[Any], list[float]]:
        """Return the groups, which are the series or the columns of a single matrix, and their positions."""
        matrix = series[0] if len(series) == 1 and series[0].ndim == 2 else None  # noqa: PLR2004 - rows and columns
        values = list(series) if matrix is None else list(matrix.T)
        if any(group.ndim != 1 for group in values):
            shapes = " and ".join(str(group.shape) for group in values)
            raise ValueError(
                f"y of shape {shapes}; it takes lists of values, or one matrix whose columns are the groups"
            )
        for name in ("labels", "positions"):
            given = len(getattr(self, name))
            if given not in {0, len(values)}:
                raise ValueError(f"{given} {name} for {len(values)} groups")
        return values, list(self.positions) or [float(number) for number in range(1, len(values) + 1)]


def check_unlabelled(mark: Mark) -> None:
    """Check that texts and arrows, which have no place in a legend, have no name there."""
    if mark.label is not None:
        raise PydanticCustomError(
            "label", "'label' names a layer in the legend, which words and arrows have no place in"
        )
