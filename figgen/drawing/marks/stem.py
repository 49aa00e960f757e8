"""Lines from a base to each point, with a marker at its end."""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from figgen.config.spec.marks.curves import Stem
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


def draw(axes: Axes, layer: Stem, arrays: Arrays) -> None:
    """Draw the layer."""
    base: Any = arrays.get("base", 0.0)
    if np.size(base) != 1:
        raise ValueError(f"'base' is one number, not {np.size(base)}")
    container = axes.stem(arrays["x"], arrays["y"], bottom=np.ravel(base)[0], label=layer.label)
    # Matplotlib takes colours in short texts such as "C0-" only; what these cannot say is set afterwards.
    shared = {"color": layer.color, "label": None}
    container.stemlines.set(**options(layer, linewidth=layer.width, **shared))
    container.markerline.set(**options(layer, marker=layer.marker, markersize=layer.marker_size, **shared))
    frame = {"color": mpl.rcParams["axes.edgecolor"], "linewidth": mpl.rcParams["axes.linewidth"]}
    container.baseline.set(**options(layer, label=None, **frame))
