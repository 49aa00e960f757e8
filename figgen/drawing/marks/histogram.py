"""How many values lie in each of several bins."""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from figgen.config.spec.marks.statistics import Histogram
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


def draw(axes: Axes, layer: Histogram, arrays: Arrays) -> None:
    """Draw the layer."""
    series = [values.ravel() for values in arrays["x"]]
    bins: Any = mpl.rcParams["hist.bins"] if layer.bins is None else layer.bins
    # The same bins for all series, even for those that are drawn one by one.
    edges = np.histogram_bin_edges(np.concatenate(series), bins, layer.range)
    for number, values in enumerate(series, start=1):
        if not np.any((values >= edges[0]) & (values <= edges[-1])):
            which = f"series {number}" if len(series) > 1 else "x"
            span = f"from {np.min(values):g} to {np.max(values):g}"
            raise ValueError(f"no value of {which}, {span}, lies in the bins, from {edges[0]:g} to {edges[-1]:g}")
    labels: Any = layer.labels or (layer.label and [layer.label])
    colors = [layer.colors[index % len(layer.colors)] for index in range(len(series))] if layer.colors else None
    parts = [slice(None)] if layer.arrange != "overlaid" else [slice(index, index + 1) for index in range(len(series))]
    for part in parts:
        axes.hist(
            series[part],
            edges.tolist(),
            density=layer.density,
            cumulative=layer.cumulative,
            histtype="bar" if layer.form == "filled" else "step",
            stacked=layer.arrange == "stacked",
            orientation=layer.direction,
            color=colors[part] if colors else None,
            label=labels[part] if labels else None,
            **options(layer, label=None, edgecolor=layer.edge_color, linewidth=layer.line_width),
        )
