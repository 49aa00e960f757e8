"""The outline of values that each hold between two edges, as of a histogram counted already."""

from matplotlib.axes import Axes

from figgen.config.spec.marks.curves import Stairs
from figgen.data.sample import Arrays
from figgen.drawing.mark_helpers import options


def draw(axes: Axes, layer: Stairs, arrays: Arrays) -> None:
    """Draw the layer."""
    edges, values = arrays["edges"], arrays["y"]
    if edges.ndim != 1 or edges.shape != (values.size + 1,):
        raise ValueError(f"{values.size} values between {edges.size} edges, which must be one more")
    axes.stairs(
        values.ravel(),
        edges,
        fill=layer.filled,
        baseline=arrays["base"].ravel() if "base" in arrays else 0,
        **options(layer, color=layer.color, linewidth=layer.width, linestyle=layer.dash),
    )
