"""Bars from a base, side by side or stacked."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import Field

from figgen.config.spec.arrays import CATEGORY_STEP
from figgen.config.spec.base import Conflicts, Heights, PerPoint, Series, X, conflict
from figgen.config.spec.marks.base import (
    Arrays,
    Axes,
    Derived,
    TextColor,
    ValueFormat,
)
from figgen.config.spec.marks.helpers import default_base, readable_text_color
from figgen.config.spec.marks.series import OfSeries
from figgen.config.spec.number_format import format_value
from figgen.errors import LayerError


class _Series(NamedTuple):
    """The bars of a series: the middle of each, its width, start and height, and the length of its error bar if any."""

    x: Any
    width: float
    start: Any
    height: Any
    error: Any


class Bar(OfSeries):
    """Bars from a base, side by side or stacked."""

    EXAMPLE = """\
data:
  model: {values: [small, medium, large]}
  train: {values: [0.81, 0.88, 0.93]}
  test: {values: [0.78, 0.84, 0.86]}
layers:
  - {mark: bar, x: model, y: [train, test], labels: [train, test], values: .2f}
axes:
  y: {limits: [0, 1.2]}
"""
    SERIES = "y"
    REQUIRES = (("text_color", "values"),)

    DRAWS_NAN = ("gap",)

    mark: Literal["bar"]
    x: X = Field(description="positions or categories")
    y: Heights = Field(description="heights; one formula for each series")
    arrange: Literal["grouped", "stacked"] = Field("grouped", description="several series side by side, or stacked")
    width: Annotated[float, Field(gt=0, le=1)] = Field(
        0.8, description="width of all bars at one position, as a fraction of the distance between positions"
    )
    base: PerPoint | None = Field(
        None, description="where the bars start; 0 if omitted, which a log axis shows with a lower limit only"
    )
    error: Series | None = Field(None, description="length of the error bars in both directions, for each series")
    values: ValueFormat = None
    text_color: TextColor = None

    def conflicts(self) -> Conflicts:
        """Yield the conflicts between keys that are each valid."""
        yield from super().conflicts()
        if self.error is not None and len(self.error) != len(self.y):
            found = len(self.error)
            yield conflict("error", f"expected {len(self.y)} 'error' formulas, one for each series, found {found}")

    def derived(self, arrays: Arrays) -> Iterator[Derived]:
        """Yield the sides of the bars, where they start and end, and the ends of their error bars."""
        yield from default_base(arrays, "bars")
        for index, bars in enumerate(self._series(arrays)):
            of = f" of series {index + 1}" if len(self.y) > 1 else ""
            end = bars.start + bars.height
            yield Derived("y", "y", f"ends of the bars{of}", end, "leave these values out, or use another scale")
            for sign, number in (("-", -1), ("+", 1)):
                sides, hint = bars.x + number * bars.width / 2, "use a smaller 'width', or another scale"
                yield Derived("x", "x", f"sides of the bars{of} (x {sign} width / 2)", sides, hint)
                if bars.error is not None:
                    hint = "set the limit of the axis, where the error bars then end, or draw them by 'mark: errorbar'"
                    ends, what = end + number * bars.error, f"ends of the error bars{of} (end {sign} error)"
                    yield Derived("error", "y", what, ends, hint, is_straight=True)

    def _series(self, arrays: Arrays) -> Iterator[_Series]:
        x = np.atleast_1d(arrays["x"])
        series = [_one_for_each("y", heights, x) for heights in arrays["y"]]
        errors = [_one_for_each("error", error, x) for error in arrays.get("error", ())]
        stacked = self.arrange == "stacked"
        # The distance between positions: of categories, it is known, and some of them may have no bar in this layer.
        step = arrays.get(CATEGORY_STEP) or np.min(np.diff(np.unique(x[~np.isnan(x)])), initial=np.inf)
        width = self.width * (step if np.isfinite(step) else 1.0) / (1 if stacked else len(series))
        base = np.broadcast_to(arrays.get("base", 0.0), x.shape)
        starts = _stacked(base, series) if stacked else [base] * len(series)
        for index, (heights, start) in enumerate(zip(series, starts, strict=True)):
            offset = 0 if stacked else (index - (len(series) - 1) / 2) * width
            there = ~np.isnan(x + heights + start)  # the others are missing
            error = errors[index][there] if errors else None
            yield _Series(x[there] + offset, width, start[there], heights[there], error)

    def draw(self, axes: Axes, arrays: Arrays) -> None:
        """Draw the layer."""
        stacked, upright = self.arrange == "stacked", self.direction == "vertical"
        for index, (x, width, start, heights, error) in enumerate(self._series(arrays)):
            bars = (axes.bar if upright else axes.barh)(
                x,
                heights,
                **({"width": width, "bottom": start} if upright else {"height": width, "left": start}),
                **self.options(
                    label=self.labels[index] if self.labels else self.label,
                    color=self.colors[index % len(self.colors)] if self.colors else None,
                    **{"yerr" if upright else "xerr": error},
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


def _one_for_each(name: str, values: Any, x: Any) -> Any:
    """Return one value for each bar; a single number is repeated. Raises LayerError for another number of values."""
    if values.shape not in {(), x.shape}:
        raise LayerError(f"shapes do not match: '{name}' has shape {values.shape}, 'x' has shape {x.shape}")
    return np.broadcast_to(values, x.shape)


def _stacked(base: Any, series: Sequence[Any]) -> Iterator[Any]:
    """Yield where the bars of each series start: values above 0 are stacked upwards, those below it downwards."""
    above = below = base
    series = [np.nan_to_num(heights) for heights in series]  # nothing is stacked on a missing value
    for heights in series:
        yield np.where(heights < 0, below, above)
        above, below = above + np.maximum(heights, 0), below + np.minimum(heights, 0)
