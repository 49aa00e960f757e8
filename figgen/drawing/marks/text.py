"""Words at positions of the data."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from figgen.config.spec.marks.annotations import TextMark
from figgen.data.number_format import format_number
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


def draw(axes: Axes, layer: TextMark, arrays: Arrays) -> None:
    """Draw the layer."""
    x, y = arrays["x"].ravel(), arrays["y"].ravel()
    texts = list(_texts(layer, arrays)) if layer.text is None else [layer.text] * x.size
    if len(texts) != x.size:
        raise ValueError(f"{len(texts)} texts at {x.size} positions")
    box = options(layer, label=None, zorder=None, facecolor=layer.box, edgecolor="none", boxstyle="round,pad=0.3")
    look = options(
        layer,
        horizontalalignment=layer.horizontal,
        verticalalignment=layer.vertical,
        fontsize=layer.size,
        color=layer.color,
        rotation=layer.rotation,
        bbox=None if layer.box is None else box,
    )
    if layer.shift is not None:
        figure = axes.get_figure()
        assert figure is not None  # noqa: S101 - the axes were made in one
        right, up = (points / 72 for points in layer.shift)
        look["transform"] = axes.transData + ScaledTranslation(right, up, figure.dpi_scale_trans)
    for position in zip(x, y, texts, strict=True):
        axes.text(*position, **look)


def _texts(layer: TextMark, arrays: Arrays) -> Iterable[str]:
    texts = np.ravel(arrays["texts"])
    if texts.dtype.kind == "U":
        return (str(text) for text in texts)
    return (format_number(float(number), layer.format or "g") for number in texts)
