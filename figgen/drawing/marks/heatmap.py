"""The numbers of a matrix as coloured cells."""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from figgen.config.spec.marks.fields import Heatmap
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import contrasting, mapping, options, written


def draw(axes: Axes, layer: Heatmap, arrays: Arrays) -> AxesImage:
    """Draw the layer."""
    z = arrays["z"]
    if z.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"z of shape {z.shape}; it takes a matrix")
    rows, columns = z.shape
    x = _middles("x", arrays.get("x", np.arange(columns)), "columns", z)
    y = _middles("y", arrays.get("y", np.arange(rows)), "rows", z)
    below, above = _ends("y", y)
    if (layer.origin or mpl.rcParams["image.origin"]) == "upper":
        below, above = above, below
    image = axes.imshow(
        z,
        extent=(*_ends("x", x), below, above),
        **options(layer, origin=layer.origin, aspect=layer.aspect, **mapping(layer, z)),
    )
    # A style's grid lines are drawn in front of images, through the middle of the cells.
    axes.grid(visible=False, which="both")
    if layer.values is not None:
        colors = image.to_rgba(z, alpha=layer.opacity)
        for row, column in np.ndindex(z.shape):
            axes.text(
                x[column],
                y[row],
                written(z[row, column], layer.values),
                horizontalalignment="center",
                verticalalignment="center",
                color=contrasting(colors[row, column], axes.get_facecolor()),
                clip_on=True,
                **options(layer, label=None, alpha=None),
            )
    return image


def _middles(name: str, positions: Any, what: str, z: Any) -> Any:
    if positions.shape != (z.shape[1 if name == "x" else 0],):
        raise ValueError(f"{name} of shape {positions.shape} for the {what} of z of shape {z.shape}")
    return positions


def _ends(name: str, middles: Any) -> tuple[float, float]:
    """Give where the first cell begins and the last one ends."""
    steps = np.diff(middles)
    step = np.mean(steps) if steps.size else 1.0
    if step == 0 or not np.allclose(steps, step, rtol=1e-6, atol=0):
        raise ValueError(f"{name} that is not evenly spaced; as texts, its values would be categories, one a cell")
    return float(middles[0] - step / 2), float(middles[-1] + step / 2)
