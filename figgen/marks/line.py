"""Points joined by straight segments."""

from matplotlib.axes import Axes

from figgen.data import Arrays
from figgen.drawing import options
from figgen.spec.marks.curves import Line


def draw(axes: Axes, layer: Line, arrays: Arrays) -> None:
    """Draw the layer."""
    axes.plot(
        arrays["x"],
        arrays["y"],
        **options(
            layer,
            color=layer.color,
            linewidth=layer.width,
            linestyle=layer.dash,
            marker=layer.marker,
            markersize=layer.marker_size,
        ),
    )
