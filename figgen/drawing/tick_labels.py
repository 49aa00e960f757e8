"""Formatters of tick labels, and the choice of ticks where matplotlib would label too few."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import dates, ticker
from matplotlib.axis import Axis

from figgen.config.spec.arrays import Array
from figgen.config.spec.number_format import format_value

_IN_FULL = (1e-3, 1e5)  # numbers of this size are written in full on a log axis
_DIGITS = ((1, 2, 5), (1, 2, 3, 4, 6, 8), range(1, 10))  # of ticks between powers of 10, the fewest first
_FEWEST = 3  # ticks at such digits
_SECONDS = 86_400  # of a day


def are_within_limits(axis: Axis, positions: Any) -> Array:
    """Return whether each position is within the limits of an axis, with matplotlib's tolerance: as it draws ticks."""
    transform = axis.get_transform()
    low, high = sorted(transform.transform(np.asarray(axis.get_view_interval(), np.float64)))
    with np.errstate(all="ignore"):  # positions that the scale cannot show
        places = transform.transform(np.asarray(positions, np.float64))
        tolerance = 1e-10 * (high - low)
        within: Array = (low - tolerance <= places) & (places <= high + tolerance)
    return within


class NumberFormatter(ticker.Formatter):
    """A formatter of numbers by one of Python's format specifications, which is `number_format`."""

    def __init__(self, number_format: str) -> None:
        self.number_format = number_format

    def __call__(self, value: Any, _: Any = None) -> str:
        """Return the label of a tick."""
        return format_value(value, self.number_format)


def name_formatter(names: Mapping[float, str]) -> ticker.Formatter:
    """Return a formatter that labels positions with their names, and others not at all."""
    return ticker.FuncFormatter(lambda value, _: names.get(value, ""))


class LogLocator(ticker.LogLocator):
    """matplotlib's locator, without positions too large or too small for a float, about which it warns."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return the positions of ticks between two ends, and some beyond."""
        with np.errstate(over="ignore", under="ignore"):
            positions = np.asarray(super().tick_values(vmin, vmax), np.float64)
        return positions[np.isfinite(positions) & (positions > 0)]


def symlog_locator(base: float, threshold: float) -> ticker.Locator:
    """Return the locator of a symlog axis, with a threshold a little larger: log(1000) / log(10) is rounded down."""
    return ticker.SymmetricalLogLocator(base=base, linthresh=threshold * (1 + 1e-12))


class LogFormatter(ticker.LogFormatterSciNotation):
    """A formatter of all ticks of a log or symlog axis in one notation.

    Powers of the base are labelled as such. If some ticks are at other numbers, all are written in full (1, 2, 5, 10),
    or all with a power of 10 where some are very large or small.
    """

    def __init__(self, base: float = 10.0) -> None:
        super().__init__(base)
        self.base = base

    def format_ticks(self, values: Any) -> list[str]:
        """Return the labels of ticks."""
        axis: Any = self.axis
        sizes = [abs(value) for value in np.asarray(values)[are_within_limits(axis, values)] if value]
        exponents = np.log(sizes) / np.log(self.base)
        if np.allclose(exponents, np.round(exponents), rtol=0, atol=1e-9):
            return [super(LogFormatter, self).__call__(value) for value in values]
        in_full = _IN_FULL[0] <= min(sizes) and max(sizes) < _IN_FULL[1]
        return [self.fix_minus(f"{value:.12g}") if in_full or not value else _scientific(value) for value in values]


def _scientific(value: float) -> str:
    mantissa, exponent = f"{value:.11e}".split("e")
    return rf"$\mathdefault{{{mantissa.rstrip('0').rstrip('.')}\times10^{{{int(exponent)}}}}}$"


def choose_log_ticks(axis: Axis) -> None:
    """Put ticks between the powers of a log or symlog axis that shows one or none, or no more than a step between two.

    Set its formatter before, as ticks at equal distances are labelled as on a linear axis.
    """
    low, high = np.sort(axis.get_view_interval())
    start, end = axis.get_transform().transform([low, high])
    is_log = isinstance(axis.get_major_locator(), ticker.LogLocator)
    threshold = getattr(axis.get_transform(), "linthresh", 0)
    is_short = abs(end - start) <= 1 if is_log else high <= threshold and low >= -threshold  # all linear
    if np.count_nonzero(are_within_limits(axis, axis.get_majorticklocs())) > 1 and not is_short:
        return
    for digits in _DIGITS if is_log else ():
        exponents = range(int(np.floor(np.log10(low))), int(np.log10(high)) + 1)
        positions = np.asarray([float(f"{digit}e{exponent}") for exponent in exponents for digit in digits])
        positions = positions[are_within_limits(axis, positions)]
        if positions.size >= _FEWEST:
            axis.set_major_locator(ticker.FixedLocator(positions.tolist()))
            return
    axis.set_major_locator(ticker.AutoLocator())
    axis.set_major_formatter(ticker.ScalarFormatter())


class DateFormatter(ticker.Formatter):
    """A formatter of dates that shows all in which they differ; what all have in common is in the offset text.

    Where they are of several years, each has its year below its first label.
    """

    def __init__(self) -> None:
        self._offset = ""

    def format_ticks(self, values: Any) -> list[str]:
        """Return the labels of ticks."""
        axis: Any = self.axis
        times = [_to_time(value) for value, shown in zip(values, are_within_limits(axis, values), strict=True) if shown]
        label, offset = _date_formats(times)
        self._offset = times[0].strftime(offset) if times else ""
        labels = {time: time.strftime(label) for time in times}
        if len({time.year for time in times}) > 1 and label != "%Y":
            first = {time.year: time for time in sorted(times, reverse=True)}
            short = {time: text + f"\n{time.year}" * (time in first.values()) for time, text in labels.items()}
            in_full = {time: time.strftime(f"{label} %Y") for time in times}
            labels = short if len(set(short.values())) == len(short) else in_full
        return [labels.get(_to_time(value), "") for value in values]

    def get_offset(self) -> str:
        """Return what all labels have in common."""
        return self._offset


def _to_time(day: float) -> dt.datetime:
    time: dt.datetime = dates.num2date(round(day * _SECONDS) / _SECONDS)  # type: ignore[no-untyped-call]
    return time


def _date_formats(times: Sequence[dt.datetime]) -> tuple[str, str]:
    """Return the format of labels at some times, without the year unless that is all, and that of the offset text."""
    clock = "" if all(time.hour == time.minute == time.second == 0 for time in times) else " %H:%M"
    clock += ":%S" if any(time.second for time in times) else ""
    if clock and len({time.date() for time in times}) == 1:
        return clock.strip(), "%d %b %Y"
    if not clock and all((time.month, time.day) == (1, 1) for time in times):
        return "%Y", ""
    day = "%b" if not clock and all(time.day == 1 for time in times) else "%d %b"
    return day + clock, "%Y" if len({time.year for time in times}) == 1 else ""


# The formatters of ticks by what they label; every other one labels numbers.
OF_DATES = (DateFormatter, dates.DateFormatter, dates.ConciseDateFormatter)
OF_NAMES = (ticker.FixedFormatter, ticker.FuncFormatter)  # of categories, of groups, and of `labels` in the config
