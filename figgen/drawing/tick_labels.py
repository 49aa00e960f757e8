"""Formatters of tick labels."""

from collections.abc import Mapping
from typing import Any

from matplotlib import ticker

from figgen.config.spec.number_format import format_value


class NumberFormatter(ticker.Formatter):
    """A formatter of numbers by one of Python's format specifications, which is `number_format`."""

    def __init__(self, number_format: str) -> None:
        self.number_format = number_format

    def __call__(self, value: Any, _: Any = None) -> str:
        """Return the label of a tick at a position."""
        return format_value(value, self.number_format)


def name_formatter(names: Mapping[float, str]) -> ticker.Formatter:
    """Return a formatter that labels positions with their names, and others not at all."""
    return ticker.FuncFormatter(lambda value, _: names.get(value, ""))
