"""Straight lines across the whole panel: level, upright, or of a slope."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import AxLine

from figgen.config.spec.marks.annotations import Rule
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


def draw(axes: Axes, layer: Rule, arrays: Arrays) -> None:
    """Draw the layer."""
    look = options(layer, color=layer.color, linewidth=layer.width, linestyle=layer.dash)
    channels = (np.ravel(arrays[name]) for name in ("x", "y", "slope") if name in arrays)
    for position in zip(*channels, strict=True):
        if layer.slope is not None:
            x, y, slope = position
            # As by axline(), which minds a scale that another panel has given a shared axis already.
            axes.add_artist(AxLine((x, y), None, slope, **look))
            axes.update_datalim([(x, y)])
            axes.autoscale_view()
        elif layer.x is not None:
            axes.axvline(*position, **look)
        else:
            axes.axhline(*position, **look)
        look.pop("label", None)  # one entry in the legend stands for all
