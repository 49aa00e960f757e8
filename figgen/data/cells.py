"""Strings of data files and configs -> numbers, dates or categories.

What would be drawn as evenly spaced categories although its author means numbers or dates, such as 50% or 01.02.2024,
is an error. A missing value is NaN among numbers, NaT among dates, and the empty string among categories.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from figgen.config.spec.arrays import Array, kind_of
from figgen.config.spec.sources import CellType
from figgen.errors import SourceError

_MISSING = frozenset({"", "nan", "na"})  # in lower case, among numbers
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?")
DATES = "dates such as 2025-08-17 or 2025-08-17T10:30"
NUMBERS = "numbers such as 30, 0.5 or -1e-3"

# What people and programs write for numbers: with signs and separators of typography, a currency, %, or k for thousand.
_LIKE_NUMBER = re.compile(
    r"""\(? [-+\u2212\u2013~]? \s? [$€£¥]? \s? [-+\u2212\u2013]? (?=[.,]?\d)
    (?: \d{1,3} (?:[ ,.'\u2019\u00a0\u2009\u202f]\d{3})+ | [\d_]* ) (?:[.,]\d+)? (?:[eE][-+\u2212]?\d+)?
    \s? (?: [%‰$€£¥] | [kKMBGT] )? \)?""",
    re.VERBOSE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_LIKE_DATE = re.compile(
    rf"""(?: \d{{4}} ([-/.]) (?:0?[1-9]|1[0-2]) (?:\1\d{{1,2}})? | \d{{1,2}} ([-/.]) \d{{1,2}} \2 \d{{4}}
    | \d{{1,2}}/\d{{1,2}}/\d{{2}} | \d{{1,2}}/\d{{4}}
    | (?:\d{{1,2}}[-. ]+)? {_MONTH} [-., ]+ (?:\d{{1,2}}(?:st|nd|rd|th)?[, ]+)? \d{{4}} )
    (?: [T ]+ \d{{1,2}}:\d{{2}} (?: :\d{{2}} (?:[.,]\d+)? )? (?:\s?[AP]M)? )?
    \s? (?: Z | UTC | [-+]\d{{2}}:?\d{{2}} )?""",
    re.VERBOSE,
)


def is_missing(text: str) -> bool:
    """Check whether a cell has no value."""
    return text.lower() in _MISSING


def to_number(text: str) -> float | None:
    """Return the number that a cell has, NaN if it is missing, or None if it has no finite number."""
    if is_missing(text):
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def to_date(text: str) -> str | None:
    """Return the ISO date that a cell has, "NaT" if it is missing, or None if it has none."""
    if is_missing(text):
        return "NaT"
    try:
        np.datetime64(text, "us")
    except ValueError:
        return None
    return text if _ISO_DATE.fullmatch(text) else None


CONVERTERS: Mapping[CellType, tuple[Callable[[str], Any], str]] = {
    "number": (to_number, "a finite number"),
    "text": (str, "a string"),
    "date": (to_date, "a date such as 2025-08-17"),
}


def to_array(values: Sequence[Any], kind: CellType) -> Array:
    """Return what one of the converters returned as an array: float64, strings or dates (datetime64)."""
    return np.asarray(values, "datetime64[us]" if kind == "date" else np.float64 if kind == "number" else np.str_)


def is_iso_date(text: str) -> bool:
    """Check whether a string is written as a date in ISO format, also one that no calendar has."""
    return _ISO_DATE.fullmatch(text) is not None


def convert(values: Any, kind: CellType | None, key: str) -> Array:
    """Return an array of numbers or strings, of any shape, as what `kind` says; None keeps numbers and finds dates.

    Raises SourceError, at the `key` of the source.
    """
    array = np.asarray(values)
    found = kind_of(array)
    if kind is None and found == "strings":
        texts = array.ravel().tolist()
        kind = "date" if any(texts) and all(is_iso_date(text) for text in texts if text) else "text"
        if kind == "text":
            check_categories(texts, key)
    if kind is None or (kind == "number" and found == "numbers"):
        return array
    if found == "dates" and kind == "text":
        return np.datetime_as_string(array, unit="auto")
    if found == "dates":
        raise SourceError(f"'type: {kind}' cannot be combined with dates, which are read as such", key)
    convert_one, expected = CONVERTERS[kind]
    converted = []
    for value in array.ravel().tolist():
        text = value if isinstance(value, str) else _as_text(value)
        if (one := convert_one(text)) is None:
            what = f"invalid date '{text}'" if is_iso_date(text) else f"expected {expected}, found '{text}'"
            raise SourceError(what, key, (DATES,) if kind == "date" else (NUMBERS,))
        converted.append(one)
    return to_array(converted, kind).reshape(array.shape)


def _as_text(number: float) -> str:
    """Return a number as it is written: a year as 2024, not 2024.0."""
    return "" if math.isnan(number) else repr(int(number)) if number.is_integer() else repr(number)


def check_categories(texts: Iterable[str], key: str, place: Callable[[int], str] = lambda _: "") -> None:
    """Raise SourceError if most of the strings of a column look like numbers or dates; missing ones do not count.

    `place` returns where the string of an index is, for the start of the message.
    """
    filled = [(index, text) for index, text in enumerate(texts) if not is_missing(text)]
    alike = [(index, text) for index, text in filled if _LIKE_NUMBER.fullmatch(text) or _LIKE_DATE.fullmatch(text)]
    if 2 * len(alike) <= len(filled):
        return
    index, text = min(alike, key=lambda one: (_is_read(one[1]), one[0]))  # the first that is not read, if there is one
    date = _LIKE_DATE.fullmatch(text) is not None and to_number(text) is None
    what, allowed = ("date", DATES) if date else ("number", NUMBERS)
    message, hint = f"'{text}' looks like a {what}, but is a string", f"write {what}s in this form"
    if _is_read(text) and len(alike) < len(filled):
        index, text = next(one for one, like in zip_longest(filled, alike) if one != like)  # alike are some of filled
        message, hint = f"'{text}' is among {what}s, but is none", "leave it empty if the value is missing"
    elif _is_read(text):
        hint = f"write 'type: {what}' to read {what}s"
    hint += ", or 'type: text' to draw the strings as categories"
    raise SourceError(f"{place(index)}{message}", key, (allowed,), hint)


def _is_read(text: str) -> bool:
    return to_number(text) is not None or is_iso_date(text)
