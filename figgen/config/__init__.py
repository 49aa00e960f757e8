"""The text of a config -> the validated spec of a figure, and its variants: light, dark and card."""

from figgen.config.load import load_document
from figgen.config.validate import validate
from figgen.config.variants import variants_of

__all__ = ["load_document", "validate", "variants_of"]
