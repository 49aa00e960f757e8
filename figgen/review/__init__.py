"""Review a drawn figure: find problems of layout and contrast, describe what it shows, compare descriptions.

A description is plain data, and no pixels: texts, data, limits, ticks, colours. It is the same for every version of
matplotlib, so that two of them differ only where the figures do.
"""

import figgen.drawing  # noqa: F401 - matplotlib is imported in isolation, before anything here
from figgen.review.contrast import check_contrast
from figgen.review.description import describe, format_description
from figgen.review.description_diff import diff_descriptions
from figgen.review.layout import ProblemsByCheck, apply_waivers, check_layout, find_layout_problems
from figgen.review.variant_parity import check_variant_parity

__all__ = [
    "ProblemsByCheck",
    "apply_waivers",
    "check_contrast",
    "check_layout",
    "check_variant_parity",
    "describe",
    "diff_descriptions",
    "find_layout_problems",
    "format_description",
]
