"""Number formats: the pattern of valid ones, and functions that apply them."""

from typing import Annotated

from pydantic import Field

NUMBER_FORMAT = r"^[-+ ]?,?((\.[0-9]{1,2})?[efg%]|d)$"
NumberFormat = Annotated[str, Field(pattern=NUMBER_FORMAT, max_length=8)]
ALLOWED_FORMATS = "Python number formats such as .2f, .3g, .0% or ,d"


def format_number(value: float, spec: str) -> str:
    """Return a number as text in one of Python's format specifications; `d` rounds to an integer first."""
    return format(round(value) if spec.endswith("d") else value, spec)


def format_value(value: float, number_format: str) -> str:
    """Return a number as text in a number format, with a minus sign instead of a hyphen, as in tick labels."""
    from matplotlib.ticker import Formatter

    return Formatter.fix_minus(format_number(float(value), number_format))
