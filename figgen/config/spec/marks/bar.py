"""Bars from a base, side by side or on one another."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from figgen.config.spec.arrays import Arrays
from figgen.config.spec.base import Color, PerPoint, Series, SeriesY, Text, X
from figgen.config.spec.marks.base import Directed, check_names
from figgen.config.spec.marks.helpers import readable_text_color
from figgen.config.spec.number_format import NumberFormat, format_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Bar(Directed):
    """Bars from a base, side by side or on one another."""

    EXAMPLE: ClassVar[str] = """\
data:
  model: {values: [small, medium, large]}
  train: {values: [0.81, 0.88, 0.93]}
  test: {values: [0.78, 0.84, 0.86]}
layers:
  - {mark: bar, x: model, y: [train, test], labels: [train, test], values: .2f}
axes:
  y: {limits: [0, 1.2]}
"""

    mark: Literal["bar"]
    x: X = Field(description="positions or categories")
    y: SeriesY = Field(description="heights; several formulas make several series")
    arrange: Literal["grouped", "stacked"] = Field("grouped", description="several series side by side, or stacked")
    labels: tuple[Text, ...] = Field((), description="the names of the series in the legend")
    colors: tuple[Color, ...] = Field((), description="the colours of the series, in turn; the style's if left out")
    width: Annotated[float, Field(gt=0, le=1)] = Field(0.8, description="of all bars at one position")
    base: PerPoint | None = Field(None, description="where the bars start; 0 if left out")
    error: Series | None = Field(
        None, description="how far error bars reach to both sides of each bar's end; one a series"
    )
    values: NumberFormat | None = Field(None, description="write each value at its bar, as Python's format() does")
    text_color: Color | None = Field(
        None, description="of the values; the style's, and black or white within stacked bars, if left out"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_names(self, self.y, self.labels)
        if self.error is not None and len(self.error) != len(self.y):
            raise PydanticCustomError("bar", f"'error' of {len(self.error)} series, and 'y' of {len(self.y)}")
        return self

    def draw(self, axes: "Axes", arrays: Arrays) -> None:
        """Draw the layer."""
        x = np.atleast_1d(arrays["x"])
        series = [_spread("y", heights, x) for heights in arrays["y"]]
        errors = [_spread("error", error, x) for error in arrays.get("error", ())]
        stacked, upright = self.arrange == "stacked", self.direction == "vertical"
        # One step of the positions, which are 1 apart unless they are numbers of another spacing.
        step = np.min(np.diff(np.unique(x)), initial=np.inf)
        width = self.width * (step if np.isfinite(step) else 1.0) / (1 if stacked else len(series))
        base = np.broadcast_to(arrays.get("base", 0.0), x.shape)
        starts = _stacked(base, series) if stacked else [base] * len(series)
        for index, (heights, start) in enumerate(zip(series, starts, strict=True)):
            offset = 0 if stacked else (index - (len(series) - 1) / 2) * width
            bars = (axes.bar if upright else axes.barh)(
                x + offset,
                heights,
                **({"width": width, "bottom": start} if upright else {"height": width, "left": start}),
                **self.options(
                    label=self.labels[index] if self.labels else self.label,
                    color=self.colors[index % len(self.colors)] if self.colors else None,
                    **{"yerr" if upright else "xerr": errors[index] if errors else None},
                ),
            )
            if self.values is not None:
                inside = readable_text_color(bars[0].get_facecolor(), axes.get_facecolor()) if stacked else None
                axes.bar_label(
                    bars,
                    [format_value(height, self.values) for height in heights],
                    label_type="center" if stacked else "edge",
                    padding=0 if stacked else 2,
                    **self.options(label=None, alpha=None, color=self.text_color or inside),
                )


def _spread(name: str, values: Any, x: Any) -> Any:
    """Give a series one value a bar; a single number is that of all."""
    if values.shape not in {(), x.shape}:
        raise ValueError(f"{name} of shape {values.shape} for x of shape {x.shape}")
    return np.broadcast_to(values, x.shape)


def _stacked(base: Any, series: Sequence[Any]) -> Iterator[Any]:
    """Yield where the bars of each series start: values above 0 are stacked upwards, those below it downwards."""
    above = below = base
    for heights in series:
        yield np.where(heights < 0, below, above)
        above, below = above + np.maximum(heights, 0), below + np.minimum(heights, 0)
