"""Numbers, arrays and colours as plain data that is the same on every processor and every version of the libraries."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import to_hex

_DIGITS = 9  # significant ones; versions of numpy differ in the 16th
_NOISE = 3  # digits beyond those, counted from the greatest value of an array, below which all is rounding
_SHOWN = 12  # values; longer arrays are description by what they have in common, and a digest


def plain(value: Any) -> Any:
    """Turn what a getter of matplotlib's gives into data that JSON can hold, with numbers rounded."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.ndarray):
        return array(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return number(float(value))
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value)  # such as a marker or a coordinate system that is an object


def number(value: float, digits: int = _DIGITS) -> float | int | str | None:
    """Round a number, and give it as an integer where it is one; None stands for one that is missing."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 10**digits else rounded


def array(values: Any, digits: int = _DIGITS) -> Any:
    """Give the values of an array of numbers, or if there are many, its shape, ends and bounds, and a digest."""
    masked: Any = np.ma.asarray(values)
    numbers = np.asarray(np.ma.filled(masked.astype(np.float64), np.nan))
    greatest = np.max(np.abs(numbers[np.isfinite(numbers)]), initial=0.0)
    numbers = np.where(np.abs(numbers) < greatest * 10.0 ** (-digits - _NOISE), 0.0, numbers)
    finite = numbers[np.isfinite(numbers)]
    rounded = [number(value, digits) for value in numbers.ravel().tolist()]
    if len(rounded) <= _SHOWN:
        return rounded if numbers.ndim == 1 else np.array(rounded, object).reshape(numbers.shape).tolist()
    description = {"shape": list(numbers.shape), "first": rounded[0], "last": rounded[-1]}
    if finite.size:
        description |= {"least": number(np.min(finite), digits), "greatest": number(np.max(finite), digits)}
    return description | {"digest": digest(rounded)}


def digest(values: Any) -> str:
    """Give a short digest of plain data."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def color(value: Any) -> Any:
    """Write a colour as #rrggbb, with two more digits where one sees through it; several of them as a list."""
    if value is None or (isinstance(value, str) and value == "none") or np.size(value) == 0:
        return "none"
    if isinstance(value, str) or (np.ndim(value) == 1 and not isinstance(value[0], str)):
        written = to_hex(value, keep_alpha=True)
        return written.removesuffix("ff") if len(written) == 9 else written  # noqa: PLR2004 - #rrggbbaa
    colors = [color(one) for one in value]
    if len(set(colors)) <= 1:
        return colors[0] if colors else "none"
    return colors if len(colors) <= _SHOWN else {"count": len(colors), "first": colors[0], "digest": digest(colors)}


def write(value: Any) -> str:
    """Write plain data as JSON, for people to read the changes of: one value a line, but short lists on one."""
    return _written(value, "") + "\n"


def _written(value: Any, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{json.dumps(key)}: {_written(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        return "[\n" + ",\n".join(inner + _written(one, inner) for one in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
