"""Bars from a base, side by side or on one another."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from figgen.config.spec.marks.bars import Bar
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import contrasting, options, written


def draw(axes: Axes, layer: Bar, arrays: Arrays) -> None:
    """Draw the layer."""
    x = np.atleast_1d(arrays["x"])
    series = [_spread("y", heights, x) for heights in arrays["y"]]
    errors = [_spread("error", error, x) for error in arrays.get("error", ())]
    stacked, upright = layer.arrange == "stacked", layer.direction == "vertical"
    # One step of the positions, which are 1 apart unless they are numbers of another spacing.
    step = np.min(np.diff(np.unique(x)), initial=np.inf)
    width = layer.width * (step if np.isfinite(step) else 1.0) / (1 if stacked else len(series))
    base = np.broadcast_to(arrays.get("base", 0.0), x.shape)
    starts = _stacked(base, series) if stacked else [base] * len(series)
    for index, (heights, start) in enumerate(zip(series, starts, strict=True)):
        offset = 0 if stacked else (index - (len(series) - 1) / 2) * width
        bars = (axes.bar if upright else axes.barh)(
            x + offset,
            heights,
            **({"width": width, "bottom": start} if upright else {"height": width, "left": start}),
            **options(
                layer,
                label=layer.labels[index] if layer.labels else layer.label,
                color=layer.colors[index % len(layer.colors)] if layer.colors else None,
                **{"yerr" if upright else "xerr": errors[index] if errors else None},
            ),
        )
        if layer.values is not None:
            inside = contrasting(bars[0].get_facecolor(), axes.get_facecolor()) if stacked else None
            axes.bar_label(
                bars,
                [written(height, layer.values) for height in heights],
                label_type="center" if stacked else "edge",
                padding=0 if stacked else 2,
                **options(layer, label=None, alpha=None, color=layer.text_color or inside),
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
