"""The arrays that a figure is drawn from: `figgen.data` computes them from its spec, and `figgen.drawing` draws them.

They are defined here since neither of these packages imports the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Any]  # of one layer, by channel: an array, or a tuple of arrays for a channel of several series
AxisName = Literal["x", "y", "right"]
ScaleFunction = Callable[[Any], Any]


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
    """The arrays of each layer of a panel, with finite values only, and the functions of its secondary axes.

    `secondary` maps an axis to the functions from its own values to those of the second scale, and back.
    """

    layers: tuple[Arrays, ...]
    secondary: Mapping[AxisName, tuple[ScaleFunction, ScaleFunction]]


@dataclass(frozen=True, slots=True)
class Samples:
    """What a figure is drawn from: the samples of each panel, and the alt text with values filled in."""

    panels: tuple[PanelSamples, ...]
    alt: str
