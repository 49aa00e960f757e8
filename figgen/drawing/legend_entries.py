"""The entries of a legend: what is drawn beside each name, which must look like the layer."""

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.container import Container
from matplotlib.legend_handler import HandlerPatch
from matplotlib.patches import FancyArrow
from matplotlib.quiver import Quiver

Entries = list[tuple[Any, str]]  # handles, which are artists or containers of some, with their labels


def entries_of(sides: Iterable[Axes]) -> Entries:
    """Return the legend entries of a panel from its axes, the left and the right ones.

    An artist in a plain container, such as the line of a band, is shown together with all that is in it.
    """
    entries: Entries = []
    for axes in sides:
        whole = {part: container for container in axes.containers if type(container) is Container for part in container}
        handles, labels = axes.get_legend_handles_labels()
        entries += [(whole.get(handle, handle), label) for handle, label in zip(handles, labels, strict=True)]
    return entries


def _arrow(*_: Any, width: float, height: float, **__: Any) -> FancyArrow:
    return FancyArrow(
        0, height / 2, width, 0, width=height / 8, head_width=height, head_length=height, length_includes_head=True
    )


def _color_of(arrow: FancyArrow, quiver: Quiver) -> None:
    quiver.update_scalarmappable()
    arrow.set(facecolor=quiver.get_facecolor()[:1], edgecolor="none")


# What matplotlib would show as a rectangle.
HANDLERS: dict[Any, Any] = {Quiver: HandlerPatch(patch_func=_arrow, update_func=_color_of)}
