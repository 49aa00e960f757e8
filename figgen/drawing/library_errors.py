"""Distinguish errors of the libraries that draw from bugs in figgen."""

import traceback
from pathlib import Path

import matplotlib as mpl

_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = Path(mpl.__file__).parents[1]  # of matplotlib, and of what it draws with


def is_internal(error: BaseException) -> bool:
    """Check whether an error was raised by figgen's own code, and not in a library that draws."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(_PACKAGE):
            return True
        if file.is_relative_to(_LIBRARIES):
            return False
    return True
