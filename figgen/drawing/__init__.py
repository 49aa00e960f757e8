"""The arrays of a figure -> a matplotlib Figure -> bytes. Importing this package imports matplotlib, in isolation."""

from figgen.drawing import isolation  # isort: skip - it imports matplotlib, and comes first
from figgen.drawing.figure import draw

__all__ = ["draw", "isolation"]
