"""Single points, whose size and colour may stand for numbers."""

from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from figgen.config.spec.marks.curves import Scatter
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import mapping, options


def draw(axes: Axes, layer: Scatter, arrays: Arrays) -> PathCollection:
    """Draw the layer."""
    colors = (
        {"c": arrays["color_by"], **mapping(layer, arrays["color_by"])}
        if "color_by" in arrays
        else {"color": layer.color}
    )
    return axes.scatter(
        arrays["x"],
        arrays["y"],
        s=arrays.get("size"),
        **options(layer, marker=layer.marker, edgecolors=layer.edge_color, **colors),
    )
