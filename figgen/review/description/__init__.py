"""The description of a drawn figure as plain data, and its form as JSON."""

from figgen.review.description.figure import describe
from figgen.review.description.values import format_description

__all__ = ["describe", "format_description"]
