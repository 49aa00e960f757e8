"""Scales of axes whose transforms give the same float64 on every processor.

numpy's own log10 and power differ in the last bit from one processor to another (see `figgen.functions`); these compute
in extended precision and round once.
"""

from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.scale import InvertedLogTransform, LinearScale, LogScale, LogTransform, ScaleBase

Array = np.ndarray[Any, Any]


def make_scale(name: str, axis: Axis) -> ScaleBase:
    """Make the scale of the given name for an axis."""
    scales: dict[str, type[ScaleBase]] = {"linear": LinearScale, "log": _LogScale}
    return scales[name](axis)


class _LogTransform(LogTransform):
    def transform_non_affine(self, values: Any) -> Array:
        return _round(super().transform_non_affine(_extend(values)))

    def inverted(self) -> "_InvertedLogTransform":
        return _InvertedLogTransform(self.base)


class _InvertedLogTransform(InvertedLogTransform):
    def transform_non_affine(self, values: Any) -> Array:
        return _round(super().transform_non_affine(_extend(values)))

    def inverted(self) -> _LogTransform:
        return _LogTransform(self.base)


class _LogScale(LogScale):
    def get_transform(self) -> _LogTransform:
        return _LogTransform(self.base)


def _extend(values: Any) -> Array:
    return np.asanyarray(values, np.longdouble)  # a masked array keeps its mask


def _round(values: Any) -> Array:
    return np.asanyarray(values, np.float64)
