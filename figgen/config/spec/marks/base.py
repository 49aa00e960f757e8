"""What the marks are made of."""

from collections.abc import Sized
from dataclasses import replace
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.base import Channel, ColormapName, Fraction, Model, NumberFormat, Text

AxisName = Literal["x", "y", "right"]
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

    def axis_of(self, channel: Channel) -> AxisName | None:
        """Tell which axis a channel gives positions on."""
        return "right" if channel.axis == "y" and self.on == "right" else channel.axis


class Directed(Mark):
    """Base of the marks that stand upright or lie."""

    direction: Literal["vertical", "horizontal"] = Field("vertical", description="which way they point")

    def axis_of(self, channel: Channel) -> AxisName | None:
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
