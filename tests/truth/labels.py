"""Read tick labels back to the values that they name, as a reader does who sees nothing else."""

import re
from datetime import datetime

import numpy as np

POWER = re.compile(r"^(-?)(?:([\d.]+)\\(?:times|cdot))?([\d.]+)\^\{(-?\d+)\}$")
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
    factor, added = 1.0, 0.0
    for part in re.findall(
        r"[+-]?\d[\d.]*(?:e[+-]?\d+)?|\\times[^ ]+", plain(offset).replace("{", " ").replace("}", " ")
    ):
        if part[0] in "+-":
            added = float(part)
        else:
            factor = float(part)
    values = [read_number(label) * factor + added for label in labels]
    return values, [
        f"the tick label {label!r} is no number" for label, value in zip(labels, values, strict=True) if np.isnan(value)
    ]


# What a label of a date can look like, each with the parts that it shows.
DATE_FORMS = ("%Y", "%b", "%d", "%b-%d", "%H:%M", "%Y-%b", "%Y-%b-%d", "%b %Y", "%Y-%m-%d", "%d %b", "%d %b %Y", "%d.%m.", "%d.%m.%Y", "%Y-%m", "%S.%f")  # fmt: skip
PARTS = {"%Y": 0, "%b": 1, "%m": 1, "%d": 2, "%H": 3, "%M": 4, "%S": 5, "%f": 6}
NAMES = ("year", "month", "day", "hour", "minute", "second", "microsecond")


def _shown(text):
    """Return the parts of a date that a text shows, by their ranks from the year (0) to the microsecond (6)."""
    for form in DATE_FORMS:
        with_year = (text, form) if "%Y" in form else (f"{text} 2000", f"{form} %Y")  # strptime warns without a year
        try:
            read = datetime.strptime(*with_year)  # noqa: DTZ007
        except ValueError:
            continue
        parts = (read.year, read.month, read.day, read.hour, read.minute, read.second, read.microsecond)
        return {PARTS[code]: parts[PARTS[code]] for code in re.findall("%[A-Za-z]", form)}
    return None


def read_dates(labels, offset, year):
    """Return the days since 1970 that labels name, the earliest first, and what cannot be told from them.

    A label that lacks a month or day has that of the label before it; before the first that shows one, it is the one
    before that of the label after it, or that of the offset text, which is said of the last label. Where nothing shows
    a year, the first label is of `year`.
    """
    shown = [_shown(label) for label in labels]
    if unread := [label for label, parts in zip(labels, shown, strict=True) if parts is None]:
        return [np.nan] * len(labels), [f"the tick label {unread[0]!r} is no date"]
    last = _shown(offset) or {}
    dates = []
    for index, parts in enumerate(shown):
        date = [last.get(0, year), 1, 1, 0, 0, 0, 0]
        for part in range(max(parts) + 1):
            known = parts.get(part, _carried(shown, index, part, last))
            if known is None and part:
                return [np.nan] * len(labels), [f"the tick label {labels[index]!r} has no {NAMES[part]}"]
            date[part] = date[part] if known is None else known
        dates.append(date)
    try:
        return _in_order([datetime(*date) for date in dates], from_last=0 in last), []  # noqa: DTZ001
    except ValueError:
        return [np.nan] * len(labels), [f"the tick labels {labels} are no dates"]


def _carried(shown, index, part, last):
    """Return a part of a date that the label at `index` does not show, by the labels around it; None if none does."""
    if part in shown[index]:
        return None
    for before in reversed(shown[:index]):
        if part in before:
            return before[part]
        if max(before) < part:  # a label of a year is its first month, one of a month is its first day
            return 1
    for after in shown[index + 1 :]:
        if part in after:
            return {0: after[part] - 1, 1: (after[part] - 2) % 12 + 1}.get(part, after[part] - 1)
    return last.get(part)


def _in_order(dates, *, from_last):
    """Return dates as days since 1970, with the years of those that would be out of order moved."""
    for index in range(len(dates) - 2, -1, -1) if from_last else range(1, len(dates)):
        other = dates[index + 1 if from_last else index - 1]
        if from_last and dates[index] > other:
            dates[index] = dates[index].replace(year=dates[index].year - 1)
        elif not from_last and dates[index] < other:
            dates[index] = dates[index].replace(year=dates[index].year + 1)
    return [(date - EPOCH).total_seconds() / 86400 for date in dates]
