"""What of a drawn figure shows: ticks within the limits, and titles."""

from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick
from matplotlib.text import Text


def shown_ticks(axis: Axis, *, minor: bool) -> list[tuple[float, Tick]]:
    """List the ticks of an axis within its limits, each with its position, once the figure is laid out."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-10 * (high - low)
    ticks = zip(
        axis.get_ticklocs(minor=minor), axis.get_minor_ticks() if minor else axis.get_major_ticks(), strict=False
    )
    return [
        (float(place), tick) for place, tick in ticks if low - slack <= place <= high + slack and tick.get_visible()
    ]


def titles(axes: Axes) -> dict[str, Text]:
    """Give the three titles of a panel by their sides; matplotlib names but one of them."""
    return {"left": getattr(axes, "_left_title"), "center": axes.title, "right": getattr(axes, "_right_title")}  # noqa: B009
