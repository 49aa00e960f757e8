"""Scales of axes whose transforms give the same float64 on every processor.

numpy's own logarithms and powers differ in the last bit from one processor to another (see
`figgen.data.formulas.functions`); these compute in extended precision and round once.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib import scale as scales
from matplotlib.axis import Axis
from matplotlib.ticker import LogFormatterSciNotation
from matplotlib.transforms import Transform

from figgen.config import spec

Array = np.ndarray[Any, Any]


def make_scale(axis: spec.Axis, drawn: Axis) -> scales.ScaleBase:
    """Make the scale that a spec gives an axis."""
    return _SCALES[axis.scale](axis, drawn)


class _Rounded(Transform):
    """Computes in extended precision and rounds once; a masked array keeps its mask."""

    def transform_non_affine(self, values: Any) -> Array:
        extended = np.asanyarray(values, np.longdouble)
        return np.asanyarray(super().transform_non_affine(extended), np.float64)


class _Log(_Rounded, scales.LogTransform):
    def inverted(self) -> "_InvertedLog":
        return _InvertedLog(self.base)


class _InvertedLog(_Rounded, scales.InvertedLogTransform):
    def inverted(self) -> _Log:
        return _Log(self.base)


class _Formatter(LogFormatterSciNotation):
    """Labels minor ticks where at most one power of the base is spanned, on every version of matplotlib.

    From 3.11 on it goes by the number of major ticks instead.
    """

    def set_locs(self, locs: Any = None) -> None:
        axis: Any = self.axis
        low, high = sorted(axis.get_view_interval())
        base = axis.get_transform().base
        one_at_most = low > 0 and math.log(high / low, base) <= 1
        self.minor_thresholds = (_ANY if one_at_most else _NONE, self.minor_thresholds[1])
        super().set_locs(locs)


_ANY, _NONE = 1e9, -1.0  # thresholds that every axis is below, or above


class _LogScale(scales.LogScale):
    def get_transform(self) -> _Log:
        return _Log(self.base)

    def set_default_locators_and_formatters(self, axis: Axis) -> None:
        super().set_default_locators_and_formatters(axis)
        axis.set_major_formatter(_Formatter(self.base))
        axis.set_minor_formatter(_Formatter(self.base, labelOnlyBase=self.subs is not None))


class _Symlog(_Rounded, scales.SymmetricalLogTransform):
    def inverted(self) -> "_InvertedSymlog":
        return _InvertedSymlog(self.base, self.linthresh, self.linscale)


class _InvertedSymlog(_Rounded, scales.InvertedSymmetricalLogTransform):
    def inverted(self) -> _Symlog:
        return _Symlog(self.base, self.linthresh, self.linscale)


class _SymlogScale(scales.SymmetricalLogScale):
    def get_transform(self) -> _Symlog:
        return _Symlog(self.base, self.linthresh, self.linscale)


class _Logit(_Rounded, scales.LogitTransform):
    def inverted(self) -> "_Logistic":
        return _Logistic()


class _Logistic(_Rounded, scales.LogisticTransform):
    def inverted(self) -> _Logit:
        return _Logit()


class _LogitScale(scales.LogitScale):
    def get_transform(self) -> _Logit:
        return _Logit()


_SCALES: Mapping[str, Callable[[spec.Axis, Axis], scales.ScaleBase]] = {
    "linear": lambda axis, drawn: scales.LinearScale(drawn),  # noqa: ARG005 - all are called alike
    "log": lambda axis, drawn: _LogScale(drawn, base=axis.base or 10),
    "symlog": lambda axis, drawn: _SymlogScale(drawn, base=axis.base or 10, linthresh=axis.threshold or 1),
    "logit": lambda axis, drawn: _LogitScale(drawn),  # noqa: ARG005
}
