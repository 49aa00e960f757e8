"""A drawn figure -> what is wrong with how it looks, and a description of what it says."""

import figgen.drawing  # noqa: F401 - matplotlib is imported in isolation, before anything here
from figgen.review.contrast import check_contrast
from figgen.review.description import describe
from figgen.review.description_diff import diff_descriptions
from figgen.review.layout import apply_waivers, check_layout, find_layout_problems
from figgen.review.variant_parity import check_variant_parity

__all__ = [
    "apply_waivers",
    "check_contrast",
    "check_layout",
    "check_variant_parity",
    "describe",
    "diff_descriptions",
    "find_layout_problems",
]
