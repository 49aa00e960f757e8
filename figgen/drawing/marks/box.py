"""Median and quartiles of groups of values, with whiskers and outliers."""

from itertools import cycle

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from figgen.config.spec.marks.statistics import Box
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import groups, lengthwise, name_places, named_places, options


def draw(axes: Axes, layer: Box, arrays: Arrays) -> None:
    """Draw the layer."""
    values, positions = groups(layer, arrays["y"])
    axis = axes.xaxis if layer.direction == "vertical" else axes.yaxis
    before = named_places(axis)
    parts = axes.boxplot(
        values,
        positions=positions,
        **lengthwise(axes.boxplot, layer.direction),
        **options(
            layer,
            label=None,
            alpha=None,
            notch=layer.notch,
            whis=layer.whiskers,
            showfliers=layer.outliers,
            showmeans=layer.means,
            widths=layer.width,
            patch_artist=True if layer.colors else None,
        ),
    )
    # Names go by the place they stand at: those of this layer before those of others, and both before numbers.
    name_places(axis, named_places(axis) | before | dict(zip(positions, layer.labels, strict=False)))
    for box, color in zip(parts["boxes"], cycle(layer.colors), strict=False):
        box.set_facecolor(color)
    if layer.label is not None:
        filled = isinstance(parts["boxes"][0], Patch)
        parts["boxes" if filled else "medians"][0].set_label(layer.label)
    if layer.opacity is not None:
        for artist in (artist for artists in parts.values() for artist in artists):
            artist.set_alpha(layer.opacity)
