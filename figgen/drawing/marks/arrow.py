"""Arrows from one position to another, with or without words where they start."""

from collections.abc import Mapping
from types import MappingProxyType

import matplotlib as mpl
from matplotlib.axes import Axes

from figgen.config.spec.marks.annotations import Arrow
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options

# One head, and one at both ends.
_HEADS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "open": ("->", "<->"),
    "filled": ("-|>", "<|-|>"),
    "none": ("-", "-"),
})  # fmt: skip


def draw(axes: Axes, layer: Arrow, arrays: Arrays) -> None:
    """Draw the layer."""
    # The arrow and its words are one thing, so they have one colour; matplotlib's own arrows are black and blue.
    color = layer.color or mpl.rcParams["text.color"]
    arrow = options(
        layer,
        zorder=None,
        arrowstyle=_HEADS[layer.head][layer.both_ends],
        color=color,
        linewidth=layer.width,
        connectionstyle=f"arc3,rad={layer.curve}",
    )
    look = options(layer, color=color, fontsize=layer.size)
    for x, y, from_x, from_y in zip(*(arrays[name].ravel() for name in ("x", "y", "from_x", "from_y")), strict=True):
        axes.annotate(
            layer.text or "",
            (x, y),
            (from_x, from_y),
            horizontalalignment="center",
            verticalalignment="center",
            arrowprops=arrow,
            annotation_clip=False,  # an arrow to a point beyond the limits would vanish without a word
            **look,
        )
