"""Shares of a whole, as wedges of a disc or a ring."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from figgen.config.spec.marks.bars import Pie
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import contrasting, options, written

_PLAIN = 0.6  # where matplotlib writes shares, as a share of the radius


def draw(axes: Axes, layer: Pie, arrays: Arrays) -> None:
    """Draw the layer."""
    sizes = np.atleast_1d(arrays["sizes"])
    if sizes.ndim != 1:
        raise ValueError(f"sizes of shape {sizes.shape}; it takes a list of amounts")
    if np.any(sizes < 0) or not np.any(sizes > 0):
        raise ValueError(f"sizes from {np.min(sizes):g} to {np.max(sizes):g}; they must be at least 0, and not all 0")
    names = _names(layer, arrays)
    if names and len(names) != sizes.size:
        raise ValueError(f"{len(names)} names for {sizes.size} wedges")
    ring = 1 - layer.hole if layer.hole else None
    parts = axes.pie(
        sizes,
        labels=names or None,
        colors=layer.colors or None,
        autopct="" if layer.shares else None,
        pctdistance=(1 + layer.hole) / 2 if layer.hole else _PLAIN,
        labeldistance=1.1 if layer.place == "beside" else None,
        startangle=layer.start,
        counterclock=layer.turn == "counterclockwise",
        wedgeprops=options(layer, width=ring, edgecolor=layer.edge_color),
    )
    wedges = parts[0]
    if layer.place == "beside":
        for wedge in wedges:
            wedge.set_label("_nolegend_")  # its name stands beside it already
    if layer.shares:
        for wedge, share, text in zip(wedges, sizes / np.sum(sizes), parts[-1], strict=True):
            text.set_text(written(share, layer.shares))
            text.set_color(layer.text_color or contrasting(wedge.get_facecolor(), axes.get_facecolor()))
            if layer.order is not None:
                text.set_zorder(layer.order)


def _names(layer: Pie, arrays: Arrays) -> Sequence[str]:
    if "texts" not in arrays:
        return layer.labels
    if arrays["texts"].dtype.kind != "U":
        raise ValueError("'texts' gives numbers where texts are needed")
    return [str(text) for text in arrays["texts"].ravel()]
