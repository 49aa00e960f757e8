"""Read tick labels back to the values that they name, as a reader does who sees nothing else."""

import re
from datetime import datetime, timedelta

import numpy as np

POWER = re.compile(r"^(-?)(?:([\d.]+)\\(?:times|cdot))?([\d.]+)\^\{(-?\d+)\}$")
OFFSET = re.compile(r"(?:(?:1e|\\times10\^)(-?\d+))?([-+][\d.]+(?:e[-+]?\d+)?)?")
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - dates of configs have no time zone


def plain(label):
    """Return a label without the marks of mathtext, and with a hyphen as its minus sign."""
    text = label.replace("\N{MINUS SIGN}", "-").replace("$", "").replace(r"\mathdefault", "")
    while (inner := re.sub(r"^\{(.*)\}(\{\})?$", r"\1", text)) != text:
        text = inner
    return text


def read_number(label):
    """Return the number that a label names; nan if it names none."""
    text = plain(label)
    if (complement := re.match(r"^1-(.+)$", text)) and not re.match(r"^1-\d+$", text):
        return 1 - read_number(complement[1])
    if fraction := re.match(r"^\\frac\{(\d+)\}\{(\d+)\}$", text):
        return int(fraction[1]) / int(fraction[2])
    if power := POWER.match(text):
        sign, factor, base, exponent = power.groups()
        return float(f"{sign}1") * float(factor or 1) * float(base) ** int(exponent)
    number = text.strip().replace(",", "")
    try:
        return float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
    except ValueError:
        return np.nan


def read_numbers(labels, offset):
    """Return the numbers that labels name together with their offset text, and what cannot be read."""
    power, added = OFFSET.fullmatch(re.sub(r"[{}\s]", "", plain(offset))).groups()
    factor, added = float(f"1e{power or 0}"), float(added or 0)
    values = [read_number(label) * factor + added for label in labels]
    return values, [
        f"the tick label {label!r} is no number" for label, value in zip(labels, values, strict=True) if np.isnan(value)
    ]


# What a label of a date can look like: its parts, by their ranks from the year (0) to the microsecond (6).
DATE_FORMS = (
    "%Y", "%b", "%d", "%b-%d", "%Y-%b", "%Y-%b-%d", "%b %Y", "%d %b", "%d %b %Y", "%d.%m.", "%d.%m.%Y", "%Y-%m-%d", "%Y-%m",
    "%H:%M", "%H:%M:%S", "%d %b %H:%M", "%d %b %Y %H:%M", "%Y-%b-%d %H:%M", "%S.%f",
)  # fmt: skip
RANKS = {"%Y": 0, "%b": 1, "%m": 1, "%d": 2, "%H": 3, "%M": 4, "%S": 5, "%f": 6}
NAMES = ("year", "month", "day", "hour", "minute", "second", "microsecond")


def _parts(text):
    """Return the parts of a date that a text shows, by their ranks; None if it shows none."""
    text = text.replace("\n", " ")
    for form in DATE_FORMS:
        with_year = (text, form) if "%Y" in form else (f"{text} 2000", f"{form} %Y")  # strptime warns without a year
        try:
            read = datetime.strptime(*with_year).timetuple()  # noqa: DTZ007
        except ValueError:
            continue
        return {RANKS[code]: (*read[:6], 0)[RANKS[code]] for code in re.findall("%[A-Za-z]", form)}
    return None


def read_dates(labels, offset, year, *, inverted=False):
    """Return the days since 1970 that labels name, the earliest first, and what cannot be told from them.

    What the label beside the offset text lacks is in that: the last one, or the earliest of an inverted axis. What another one lacks is that of the label beside it, or the one
    before or after it where the labels would be out of order: 28, Feb is 28 January, 1 February. A reader who sees no
    year knows that the first is `year`.
    """
    shown = [_parts(label) for label in labels]
    if not labels or None in shown:
        return [np.nan] * len(labels), [f"the tick label {label!r} is no date" for label in labels if not _parts(label)]
    beside = 0 if inverted else -1
    shown[beside] = (_parts(offset) or {}) | shown[beside]
    complete = [index for index, parts in enumerate(shown) if {*range(1, max(parts))} <= parts.keys()]
    if not complete:
        missing = min({*range(1, max(shown[0]))} - shown[0].keys())
        return [np.nan] * len(labels), [f"the tick label {labels[0]!r} has no {NAMES[missing]}"]
    known = min(complete, key=lambda index: (0 not in shown[index], index))
    dates = {known: _date([year, 1, 1, 0, 0, 0], shown[known])}
    try:
        for index in [*range(known - 1, -1, -1), *range(known + 1, len(labels))]:
            step = -1 if index < known else 1
            dates[index] = _beside(dates[index - step], shown[index], step)
    except ValueError:
        return [np.nan] * len(labels), [f"the tick labels {labels} are no dates in their order"]
    return [(dates[index] - EPOCH).total_seconds() / 86400 for index in range(len(labels))], []


def _date(others, parts):
    """Return the date with these parts, with others where it lacks coarser ones, and the first of all finer ones."""
    finest = max(parts)
    first = (1, 1, 1, 0, 0, 0, 0)
    return datetime(*(parts.get(rank, others[rank] if rank < finest else first[rank]) for rank in range(6)))  # noqa: DTZ001


def _beside(other, parts, step):
    """Return the date with these parts that is next to another one: the last before it, or the first after it."""
    missing = max({*range(max(parts))} - parts.keys(), default=None)
    for count in range(50):  # a month may have no 31st, and there are labels at every fourth year only
        near = list(other.timetuple())[:6]
        if missing == 0:
            near[0] += step * count
        elif missing == 1:
            near[0], month = divmod(12 * near[0] + near[1] - 1 + step * count, 12)
            near[1] = month + 1
        elif missing is not None:
            near = (other + step * count * timedelta(**{f"{NAMES[missing]}s": 1})).timetuple()[:6]
        try:
            found = _date(near, parts)
        except ValueError:
            continue
        if (found - other).total_seconds() * step > 0:
            return found
    raise ValueError(parts)
