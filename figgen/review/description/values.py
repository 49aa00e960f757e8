"""Numbers, arrays and colours as plain data, the same on every processor and with every version of the libraries."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import to_hex

DIGITS = 9  # significant digits that are kept; versions of numpy differ in the 16th
_MAX_DIGITS = 17  # of a float
_MAX_LENGTH = 12  # values of an array; longer ones are summarised


class ArraySummary(dict[str, Any]):
    """The summary of a long array, with its values until it is written as JSON, so that they can be compared."""

    numbers: Any  # float64; NaN where a value is masked
    digits: int | tuple[int, ...]  # significant digits, one for each column if there are several

    def rounded(self, place: tuple[int, ...]) -> Any:
        """Return one value as it is in the digest."""
        return round_number(float(self.numbers[place]), int(np.broadcast_to(self.digits, self.numbers.shape)[place]))


def to_plain(value: Any) -> Any:
    """Return what a getter of matplotlib returned as data that JSON can hold, with numbers rounded."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.ndarray):
        return describe_array(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return round_number(float(value))
    if isinstance(value, Mapping):
        return {str(key): to_plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(inner) for inner in value]
    return str(value)  # such as a marker or a coordinate system that is an object


def round_number(value: float, digits: int = DIGITS) -> float | int | str | None:
    """Round to significant digits; a whole number becomes an integer, NaN None, infinities "inf" and "-inf"."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 10**digits else rounded


def digits_between(low: float, high: float, *, logit: bool = False) -> int:
    """Return how many significant digits tell numbers between two limits apart: `DIGITS`, or more if these are close.

    On a logit axis, numbers close to 1 are as far apart as those close to 0.
    """
    largest = max(abs(low), abs(high))
    apart = min(abs(high - low), 1 - max(low, high)) if logit else abs(high - low)
    if not 0 < apart < largest < math.inf:
        return DIGITS
    return min(DIGITS + int(math.log10(largest / apart)), _MAX_DIGITS)


def describe_array(values: Any, digits: int | tuple[int, ...] = DIGITS) -> Any:
    """Return a short array of numbers as lists, a longer one as its shape, first, last, least, greatest and a digest.

    Numbers are rounded to `digits` significant digits, one for each column if there are several: each by its own size,
    since a log axis shows the smallest as well as the largest. Masked values become None.
    """
    masked: Any = np.ma.asarray(values)
    numbers = np.asarray(np.ma.filled(masked.astype(np.float64), np.nan))
    each = np.broadcast_to(digits, numbers.shape).ravel().tolist()
    rounded = [*map(round_number, numbers.ravel().tolist(), each)]
    if len(rounded) <= _MAX_LENGTH:
        return np.array(rounded, object).reshape(numbers.shape).tolist()
    summary = ArraySummary({"shape": list(numbers.shape), "first": rounded[0], "last": rounded[-1]})
    summary.numbers, summary.digits = numbers, digits
    finite = [value for value in rounded if isinstance(value, int | float)]
    if finite:
        summary |= {"least": min(finite), "greatest": max(finite)}
    summary["digest"] = hashlib.sha256(json.dumps(rounded).encode()).hexdigest()[:16]
    return summary


def describe_color(value: Any) -> Any:
    """Return a colour as #rrggbb, or #rrggbbaa if it is transparent; several as a list if they differ."""
    if value is None or (isinstance(value, str) and value == "none") or np.size(value) == 0:
        return "none"
    if isinstance(value, str) or (np.ndim(value) == 1 and not isinstance(value[0], str)):
        written = to_hex(value, keep_alpha=True)
        return written.removesuffix("ff") if len(written) == len("#rrggbbaa") else written
    colors = [describe_color(one) for one in value]
    return colors[0] if len(set(colors)) == 1 else colors


def format_description(value: Any) -> str:
    """Return plain data as JSON whose line differences are readable: one value a line, but short lists on one."""
    return _format(value, "") + "\n"


def _format(value: Any, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{json.dumps(key)}: {_format(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        return "[\n" + ",\n".join(inner + _format(one, inner) for one in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
