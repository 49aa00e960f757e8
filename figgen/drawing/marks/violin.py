"""The distribution of groups of values, as smooth shapes."""

from itertools import cycle
from typing import Any

from matplotlib.axes import Axes

from figgen.config.spec.marks.statistics import Violin
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import groups, lengthwise, name_places, named_places, options


def draw(axes: Axes, layer: Violin, arrays: Arrays) -> None:
    """Draw the layer."""
    values, positions = groups(layer, arrays["y"])
    parts: dict[str, Any] = dict(
        axes.violinplot(
            values,
            positions,
            showmedians=layer.medians,
            showmeans=layer.means,
            showextrema=layer.extrema,
            **lengthwise(axes.violinplot, layer.direction),
            **options(layer, label=None, alpha=None, zorder=None, widths=layer.width, bw_method=layer.bandwidth),
        )
    )
    bodies = parts.pop("bodies")
    for body, color in zip(bodies, cycle(layer.colors), strict=False):
        body.set_facecolor(color)
    for lines in parts.values():
        if layer.colors:
            lines.set_color(layer.colors)  # repeated for the groups beyond
    for artist in (*bodies, *parts.values()):
        artist.set(**options(layer, label=None, alpha=None))
    for body in bodies:
        body.set_alpha(layer.opacity)
    if layer.label is not None:
        bodies[0].set_label(layer.label)
    if layer.labels:
        axis = axes.xaxis if layer.direction == "vertical" else axes.yaxis
        name_places(axis, named_places(axis) | dict(zip(positions, layer.labels, strict=True)))
