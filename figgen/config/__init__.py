"""A config file's text -> the validated spec of a figure, and its variants."""

from figgen.config.load import load_document
from figgen.config.validate import validate
from figgen.config.variants import variants_of

__all__ = ["load_document", "validate", "variants_of"]
