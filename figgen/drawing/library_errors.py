"""Errors of the libraries that draw, told from bugs of figgen's own."""

import traceback
from pathlib import Path

import matplotlib as mpl

_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = Path(mpl.__file__).parents[1]  # of matplotlib, and of what it draws with


def is_internal(error: BaseException) -> bool:
    """Check whether an error was raised by code of figgen's own, and not in a library that draws."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(_PACKAGE):
            return True
        if file.is_relative_to(_LIBRARIES):
            return False
    return True
