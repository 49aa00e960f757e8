"""Plain scalars of YAML, without quotes -> values, by the core schema of YAML 1.2."""

import re

_MAX_DIGITS = 40  # longer integers are read as floats, since the time of int() grows with the square of the length
_NULL = re.compile(r"(?:|~|null|Null|NULL)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_INF_NAN = re.compile(r"(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")


def plain_value(text: str) -> str | int | float | bool | None:
    """Return the value of a scalar without quotes; a string if it is an ambiguous number (see `is_ambiguous`)."""
    if _NULL.match(text):
        return None
    if _TRUE.match(text) or _FALSE.match(text):
        return bool(_TRUE.match(text))
    if is_ambiguous(text):
        return text
    if _INT.match(text) and len(text) <= _MAX_DIGITS:
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if match := _INF_NAN.match(text):
        return float(text.replace(".", "")) if match[1] is not None else float("nan")
    return text


def is_ambiguous(text: str) -> bool:
    """Check whether a scalar without quotes has leading zeros: a number to some readers, and a string to others."""
    return _LEADING_ZERO.match(text) is not None and _FLOAT.match(text) is not None
