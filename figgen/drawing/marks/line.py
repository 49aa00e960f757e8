"""Points joined by straight segments."""

from matplotlib.axes import Axes

from figgen.config.spec.marks.curves import Line
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


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
