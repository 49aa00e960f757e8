"""Scales of axes whose transforms return the same float64 on every processor.

numpy's logarithms and powers differ in the last bit between processors (see `figgen.data.formulas.functions`).
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
from figgen.config.spec.arrays import Array

# For scales that cannot show all numbers: a function that finds those outside, and a text on what is allowed.
OUTSIDE: Mapping[str, tuple[Callable[[Array], Any], str]] = {
    "log": (lambda values: values <= 0, "numbers greater than 0"),
    "logit": (lambda values: (values <= 0) | (values >= 1), "numbers between 0 and 1"),
}


def are_within_limits(axis: Axis, positions: Any) -> Array:
    """Return whether each position is within the limits of an axis, with matplotlib's tolerance: as it draws ticks."""
    transform = axis.get_transform()
    low, high = sorted(transform.transform(np.asarray(axis.get_view_interval(), np.float64)))
    with np.errstate(all="ignore"):  # positions that the scale cannot show
        places = transform.transform(np.asarray(positions, np.float64))
        tolerance = 1e-10 * (high - low)
        within: Array = (low - tolerance <= places) & (places <= high + tolerance)
    return within


def make_scale(axis: spec.Axis, drawn: Axis) -> scales.ScaleBase:
    """Return a new scale for the axis `drawn`, as its spec defines it."""
    match axis.scale:
        case "log":
            return _LogScale(drawn, base=axis.base or 10)
        case "symlog":
            return _SymlogScale(drawn, base=axis.base or 10, linthresh=axis.threshold or 1)
        case "logit":
            return _LogitScale(drawn)
        case _:
            return scales.LinearScale(drawn)


class _Rounded(Transform):
    """A transform that computes in extended precision and rounds once; a masked array keeps its mask."""

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
    """A formatter that labels minor ticks if the axis spans at most one power of the base, as matplotlib before 3.11.

    From 3.11 on, matplotlib decides by the number of major ticks.
    """

    def set_locs(self, locs: Any = None) -> None:
        axis: Any = self.axis
        low, high = sorted(axis.get_view_interval())
        base = axis.get_transform().base
        is_labelled = low > 0 and math.log(high / low, base) <= 1
        # The first threshold is the span, in powers of the base, up to which minor ticks have labels: any, or none.
        self.minor_thresholds = (1e9 if is_labelled else -1.0, self.minor_thresholds[1])
        super().set_locs(locs)


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
        return _Logit("clip")  # as on a log scale: a bar that leads out of the panel is drawn up to the frame
