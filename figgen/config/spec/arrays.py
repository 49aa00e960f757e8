"""The arrays that a figure is drawn from: `figgen.data` computes them from its spec, and `figgen.drawing` draws them.

They are defined here since neither of these packages imports the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Any]  # of one layer, by channel: an array, or a tuple of arrays for a channel of several series
AxisName = Literal["x", "y", "right"]
ScaleFunction = Callable[[Any], Any]


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
