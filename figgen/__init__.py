"""Draw the figures of a Jekyll blog: YAML configs in, the pictures that its posts refer to out."""

# Here, the function `build` hides the package of the same name; `from figgen.build import …` still imports from that.
from figgen.build.api import build, describe, validate

__all__ = ["__version__", "build", "describe", "validate"]

__version__ = "0.1.0"
