"""A matplotlib figure that knows which artists each layer of its spec was drawn as."""

from dataclasses import dataclass
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figgen.config.spec import Layer
from figgen.config.spec.arrays import Arrays
from figgen.errors import Where


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLayer:
    """A layer as it was drawn: its key in the spec, its arrays as numbers, its axes, and its artists there."""

    where: Where
    layer: Layer
    arrays: Arrays
    axes: Axes
    artists: tuple[Artist, ...]


class LayeredFigure(Figure):
    """A figure with its layers, in the order in which they were drawn."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.layers: list[DrawnLayer] = []
