"""The arrays of a figure -> a matplotlib Figure -> bytes. Importing this package imports matplotlib, in isolation."""

import figgen.drawing.isolation  # noqa: F401 - it imports matplotlib, and comes first
from figgen.drawing.encoders import ENCODERS
from figgen.drawing.figure import draw

__all__ = ["ENCODERS", "draw"]
