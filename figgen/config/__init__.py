"""The text of a config -> the validated spec of a figure, and its variants: light, dark and card.

`load` reads YAML into plain data with positions, `validate` turns that into models of `spec`, and `variants` derives
a spec for each variant. A mark is one file in `spec/marks`: its model, and a method that draws it, which imports
matplotlib when it is called.
"""

from figgen.config.load import load_document
from figgen.config.validate import validate
from figgen.config.variants import variants_of

__all__ = ["load_document", "validate", "variants_of"]
