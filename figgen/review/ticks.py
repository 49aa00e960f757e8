"""Check that tick labels are true: distinct, of their positions to the digits shown, and two at least on each axis.

Labels are read back from the drawn figure, as a reader does. Those that the config sets and categories are left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib import dates, ticker
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from figgen.config import spec
from figgen.config.mathtext import as_written, has_mathtext
from figgen.config.spec.number_format import format_value
from figgen.drawing.tick_labels import OF_NAMES, DateFormatter, NumberFormatter
from figgen.errors import Problem, Where
from figgen.review.visible import axes_of_panels, shown_ticks

MAX_SHIFT = 0.02  # the share of the distance between labels by which the number of a label may be off its tick
_FEWEST = 2  # labels of an axis: from a single one, no other value can be read
_MAX_DECIMALS = 9  # of a number format that is suggested

Labels = Mapping[float, str]  # by position, in increasing order


def check_ticks(figure: spec.Figure, drawn: Figure) -> Iterator[Problem]:
    """Yield what is false in the tick labels of a figure that is laid out."""
    for where, axis in _visible_axes(figure, drawn):
        formatter = axis.get_major_formatter()
        ticks = [*shown_ticks(axis, minor=False), *shown_ticks(axis, minor=True)]
        texts = [(at, text) for at, tick in ticks for text in (tick.label1, tick.label2) if text.get_visible()]
        if isinstance(formatter, (*OF_NAMES, ticker.NullFormatter)) or (ticks and not texts):
            continue
        labels = dict(sorted((at, text.get_text()) for at, text in texts if text.get_text()))
        if len(labels) < _FEWEST and not isinstance(axis.get_major_locator(), ticker.FixedLocator):
            found = f"a single tick label, '{_quoted(next(iter(labels.values())))}'" if labels else "no tick label"
            hint = "use more ticks, or show a larger range"
            yield Problem(where, f"the axis has {found}: no other value can be read", (f"at least {_FEWEST}",), hint)
        elif isinstance(formatter, DateFormatter | dates.DateFormatter):
            yield from _check_dates(labels, getattr(formatter, "fmt", None), where)
        elif not isinstance(formatter, dates.ConciseDateFormatter):
            yield from _check_numbers(labels, axis, where)


def _visible_axes(figure: spec.Figure, drawn: Figure) -> Iterator[tuple[Where, Axis]]:
    """Yield the visible axes of a figure, also those of second scales and colorbars, each with its key in the spec."""
    panels = [*figure.placed_panels()]
    colorbars = (
        (*where, "layers", index, "colorbar")
        for where, panel in panels
        for index, layer in enumerate(panel.layers)
        if isinstance(layer, spec.Mapped) and layer.colorbar is not None
    )
    for number, (where, axes) in enumerate(axes_of_panels(figure, drawn)):
        names = {"xaxis": "x", "yaxis": "y" if number < len(panels) else "right"}
        found: list[tuple[Where, Any]]
        if axes.get_label() == "<colorbar>":
            place = next(colorbars)
            found = [(place, axes.xaxis), (place, axes.yaxis)]
        else:
            of_axes = ((axes, "ticks"), *((child, "secondary") for child in axes.child_axes))
            found = [
                ((*where, "axes", name, key), getattr(one, letter))
                for one, key in (of_axes if axes.axison else ())
                for letter, name in names.items()
            ]
        # The locator of the short side of a colorbar, or of the other axis of a second scale, has no ticks at all.
        yield from ((key, axis) for key, axis in found if axis.get_visible() and len(axis.get_ticklocs()))


def _first_same(labels: Labels) -> tuple[float, float] | None:
    """Return the first two positions that have the same label."""
    return next(((one, other) for one, other in pairwise(labels) if labels[one] == labels[other]), None)


def _check_numbers(labels: Labels, axis: Axis, where: Where) -> Iterator[Problem]:
    formatter, offset = axis.get_major_formatter(), axis.get_offset_text()
    number_format = formatter.number_format if isinstance(formatter, NumberFormatter) else None
    same = _first_same(labels)
    wrong = same or _find_wrong(labels, axis, offset.get_text() if offset.get_visible() else "")
    if wrong:
        said = f"'{number_format}' prints " if number_format else "the axis shows "
        if same:
            said += f"'{_quoted(labels[same[0]])}' at both {same[0]:.12g} and {same[1]:.12g}"
        else:
            said += " and ".join(f"'{_quoted(labels[at])}' at {at:.12g}" for at in wrong)
        suggested = _suggest(labels, axis, number_format)
        hint = f"use 'format: {suggested}', which shows them" if suggested else "use rounder numbers"
        yield Problem((*where, "format") if number_format else where, said, hint=hint)


def _suggest(labels: Labels, axis: Axis, number_format: str | None) -> str | None:
    """Return the shortest number format whose labels are true, of the kind of the config's if there is one."""
    flags, kind = (number_format or "f").rstrip(".0123456789defg%"), (number_format or "f")[-1].replace("d", "f")
    for suggested in (f"{flags}.{decimals}{one}" for one in (kind, "e") for decimals in range(_MAX_DECIMALS + 1)):
        others = {at: format_value(at, suggested) for at in labels}
        if not _first_same(others) and not _find_wrong(others, axis, ""):
            return suggested
    return None


def _find_wrong(labels: Labels, axis: Axis, offset: str) -> Sequence[float]:
    """Return the first two positions whose labels are other numbers, also within half a unit of the last digit shown.

    A number is also wrong if it is as far from its tick as a reader sees: 1 at 1.2 where labels are 1.2 apart.
    """
    factor, added = _read_offset(offset)
    numbers = [read_number(text) or Number(np.nan, 0) for text in labels.values()]
    positions = np.asarray([*labels], np.float64)
    values = np.asarray([number.value * factor + added for number in numbers])
    units = np.asarray([number.unit * factor for number in numbers])
    with np.errstate(all="ignore"):  # the scale may not be able to show what a label says
        transform = axis.get_transform()
        places, others = transform.transform(positions), transform.transform(values)
        length = abs(np.subtract(*transform.transform(np.asarray(axis.get_view_interval(), np.float64))))
        gaps = np.abs(np.diff(places, prepend=-np.inf, append=np.inf))
        allowed = MAX_SHIFT * np.minimum(length, np.minimum(gaps[1:], gaps[:-1]))
        off = np.abs(values - positions)
        # At half a unit, there are two numbers to round to, and neither shows where the tick is.
        is_true = ((off < units / 2 * (1 - 1e-9)) | (units == 0)) & (np.abs(others - places) <= allowed)
        is_true |= off <= 4 * np.finfo(float).eps * np.max(np.abs(positions))  # rounding when an offset is added
    wrong: list[float] = positions[~is_true][:2].tolist()
    return wrong


class Number(NamedTuple):
    """The number that a tick label shows, and the unit of its last digit: 0 for powers, which are exact."""

    value: float
    unit: float


_POWER = r"(?:(?P<factor>[-+]?\d+(?:\.\d+)?)\*|(?P<sign>[-+]?))(?P<base>\d+(?:\.\d+)?)\^(?P<power>-?\d+)"
_DECIMAL = r"(?P<digits>[-+]?[\d,]*\.?\d+)(?:e(?P<exponent>[-+]?\d+))?(?P<percent>%?)"
_NUMBER = re.compile(rf"(?P<one_minus>1-)?(?:{_POWER}|{_DECIMAL})")
_OFFSET = re.compile(r"(?:(?:1e|\*10\^)(?P<power>[-+]?\d+))?(?P<added>[-+].+)?")


def _without_mathtext(text: str) -> str:
    """Return a label as plain text: 2*10^5."""
    for mathtext, plain in ((r"\frac{1}{2}", "0.5"), (r"\mathdefault", ""), (r"\times", "*"), (r"\cdot", "*")):
        text = text.replace(mathtext, plain)
    return re.sub(r"[{}$\s]", "", text).replace("\N{MINUS SIGN}", "-")


def _quoted(label: str) -> str:
    return _without_mathtext(label) if has_mathtext(label) else as_written(label).replace("\n", " ")


def read_number(label: str) -> Number | None:
    """Return the number that a tick label shows, or None."""
    found = _NUMBER.fullmatch(_without_mathtext(label))
    if found is None:
        return None
    if found["base"]:
        factor, power = found["factor"] or f"{found['sign']}1", int(found["power"])
        # A power of 10 is what Python reads, which is rounded once.
        scale = float(f"1e{power}") if float(found["base"]) == 10 else float(found["base"]) ** power  # noqa: PLR2004
        value = float(f"{factor}e{power}") if float(found["base"]) == 10 else float(factor) * scale  # noqa: PLR2004
        unit = scale / 10.0 ** len(factor.partition(".")[2]) if found["factor"] else 0.0
    else:
        digits = found["digits"].replace(",", "")
        power = int(found["exponent"] or 0) - (2 if found["percent"] else 0)
        value, unit = float(f"{digits}e{power}"), float(f"1e{power - len(digits.partition('.')[2])}")
    return Number(1 - value, unit) if found["one_minus"] else Number(value, unit)


def _read_offset(text: str) -> tuple[float, float]:
    """Return the factor of all labels of an axis and what is added to them, from its offset text: 1e-6+2."""
    found = _OFFSET.fullmatch(_without_mathtext(text))
    if found is None:
        return np.nan, np.nan
    added = read_number(found["added"]) if found["added"] else Number(0, 0)
    return float(f"1e{found['power'] or 0}"), added.value if added else np.nan


# What a date consists of: the days after which it repeats without this part, and the directives that show it.
_PARTS = (
    ("year", 366, set("YyGcxDF")),
    ("month", 31, set("bBmhjUWcxDF")),
    ("day", 1, set("dejaAcxDF")),
    ("time", 0, set("HIMSfpTRXc")),
)
_DATE_FORMATS = ("%Y", "%b %Y", "%d %b", "%d %b %Y", "%H:%M", "%d %b %H:%M", "%d %b %Y %H:%M", "%d %b %Y %H:%M:%S")


def _check_dates(labels: Labels, date_format: str | None, where: Where) -> Iterator[Problem]:
    """Yield what labels of dates do not show; `date_format` is that of the config, if it has one."""
    same, days = _first_same(labels), [*labels]
    missing = _missing_part(days, date_format) if date_format else None
    if missing:
        said = (
            f"'{date_format}' does not show the {missing} of ticks from {_strftime(days[0])} to {_strftime(days[-1])}"
        )
    elif same:
        shows = f"'{date_format}' prints" if date_format else "the axis shows"
        said = f"{shows} '{labels[same[0]]}' at both {_strftime(same[0])} and {_strftime(same[1])}"
    else:
        return
    smallest = [_PARTS[0], *(part for part in _PARTS if part[2] & _directives(date_format or "%H"))][-1]
    for other in _DATE_FORMATS:  # the last one shows all there is
        same = _first_same({day: _strftime(day, other) for day in days})
        if smallest[2] & _directives(other) and not same and not _missing_part(days, other):
            break
    yield Problem((*where, "dates") if date_format else where, said, hint=f"use 'dates: \"{other}\"'")


def _directives(date_format: str) -> set[str]:
    return set(re.findall(r"%[-#]?(.)", date_format))


def _strftime(day: float, date_format: str = "%Y-%m-%d %H:%M:%S") -> str:
    text: str = dates.num2date(day).strftime(date_format)  # type: ignore[no-untyped-call]
    return text.removesuffix(" 00:00:00")


def _missing_part(days: Sequence[float], date_format: str) -> str | None:
    """Return the part of dates that a format leaves out, though they differ in it and it shows a smaller one."""
    shown = _directives(date_format)
    for index, (part, period, directives) in enumerate(_PARTS):
        smaller = set().union(*(others for _, _, others in _PARTS[index + 1 :]))
        if days[-1] - days[0] >= period and not shown & directives and shown & smaller:
            return part
    return None
