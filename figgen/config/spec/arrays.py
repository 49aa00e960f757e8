"""The arrays that a figure is drawn from: `figgen.data` computes them from its spec, and `figgen.drawing` draws them.

They are defined here since neither of these packages imports the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Any]  # of one layer, by channel: an array, or a tuple of arrays for a channel of several series
CATEGORY_STEP = "category_step"  # in the arrays of a layer whose x is categories: the distance from one to the next
AxisName = Literal["x", "y", "right"]
ScaleFunction = Callable[[Any], Any]

_KINDS = {"b": "numbers", "f": "numbers", "U": "strings", "M": "dates"}  # by the kind of dtype


def kind_of(array: Any) -> str:
    """Return what an array has, in the words of messages: numbers, strings or dates."""
    return _KINDS[array.dtype.kind]


def find_missing(array: Array) -> Any:
    """Return where an array has NaN, NaT or an empty string: booleans of its shape."""
    kind = kind_of(array)
    return array == "" if kind == "strings" else np.isnat(array) if kind == "dates" else np.isnan(array)


def drop_missing(arrays: Arrays) -> Arrays:
    """Return the arrays of a layer without the points that lack a value in any channel; {} if no point is left."""
    every = [array for value in arrays.values() for array in (value if isinstance(value, tuple) else (value,))]
    shape = max((array.shape for array in every), key=np.prod)
    kept = ~np.any([find_missing(array) for array in every if array.shape == shape], axis=0)

    def drop(value: Any) -> Any:
        return tuple(map(drop, value)) if isinstance(value, tuple) else value[kept] if value.shape == shape else value

    if np.all(kept):
        return arrays
    return {name: drop(value) for name, value in arrays.items()} if np.any(kept) else {}


class DerivedPositions(NamedTuple):
    """Positions along an axis that a mark computes from its channels, such as the ends of error bars.

    `key` is the key of the layer that a wrong one is reported at; if it is a channel, these stand for its own values.
    `axis` is as in `ChannelType`. `name` is what messages call them, and `hint` what to do if some cannot be shown.
    With `is_straight`, a straight bar leads there: on an axis with limits, it is rightly drawn up to the frame.
    """

    key: str
    axis: Literal["x", "y"]
    name: str
    values: Array
    hint: str
    is_straight: bool = False


@dataclass(frozen=True, slots=True)
class PanelSamples:
    """The arrays of each layer of a panel, without infinite ones, and the functions of its secondary axes.

    `secondary` maps an axis to the functions from its own values to those of the second scale, and back.
    """

    layers: tuple[Arrays, ...]
    secondary: Mapping[AxisName, tuple[ScaleFunction, ScaleFunction]]


@dataclass(frozen=True, slots=True)
class Samples:
    """What a figure is drawn from: the samples of each panel, and the alt text with values filled in."""

    panels: tuple[PanelSamples, ...]
    alt: str
