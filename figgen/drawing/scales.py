"""Scales of axes whose transforms return the same float64 on every processor.

numpy's logarithms and powers differ in the last bit between processors (see `figgen.data.formulas.functions`).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib import scale as scales
from matplotlib.axis import Axis
from matplotlib.ticker import NullFormatter
from matplotlib.transforms import Transform

from figgen.config import spec
from figgen.config.spec.arrays import Array
from figgen.drawing.tick_labels import LogFormatter, LogLocator, symlog_locator

# For scales that cannot show all numbers: a function that finds those outside, and a text on what is allowed.
OUTSIDE: Mapping[str, tuple[Callable[[Array], Any], str]] = {
    "log": (lambda values: values <= 0, "numbers greater than 0"),
    "logit": (lambda values: (values <= 0) | (values >= 1), "numbers between 0 and 1"),
}


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


class _LogScale(scales.LogScale):
    def get_transform(self) -> _Log:
        return _Log(self.base)

    def set_default_locators_and_formatters(self, axis: Axis) -> None:
        super().set_default_locators_and_formatters(axis)
        axis.set_major_locator(LogLocator(self.base))
        axis.set_minor_locator(LogLocator(self.base, self.subs))  # type: ignore[arg-type]
        axis.set_major_formatter(LogFormatter(self.base))
        axis.set_minor_formatter(NullFormatter())


class _Symlog(_Rounded, scales.SymmetricalLogTransform):
    def inverted(self) -> "_InvertedSymlog":
        return _InvertedSymlog(self.base, self.linthresh, self.linscale)


class _InvertedSymlog(_Rounded, scales.InvertedSymmetricalLogTransform):
    def inverted(self) -> _Symlog:
        return _Symlog(self.base, self.linthresh, self.linscale)


class _SymlogScale(scales.SymmetricalLogScale):
    def get_transform(self) -> _Symlog:
        return _Symlog(self.base, self.linthresh, self.linscale)

    def set_default_locators_and_formatters(self, axis: Axis) -> None:
        super().set_default_locators_and_formatters(axis)
        axis.set_major_locator(symlog_locator(self.base, self.linthresh))
        axis.set_major_formatter(LogFormatter(self.base))


class _Logit(_Rounded, scales.LogitTransform):
    def inverted(self) -> "_Logistic":
        return _Logistic()


class _Logistic(_Rounded, scales.LogisticTransform):
    def inverted(self) -> _Logit:
        return _Logit()


class _LogitScale(scales.LogitScale):
    def get_transform(self) -> _Logit:
        return _Logit("clip")  # as on a log scale: a bar that leads out of the panel is drawn up to the frame
