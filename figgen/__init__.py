"""Static figure build for a Jekyll blog: declarative YAML specs in, exactly the PNGs that posts reference out."""

# The function is called as the package is, and takes its place here; `from figgen.build import …` still finds modules.
from figgen.build.api import build, describe, validate

__all__ = ["__version__", "build", "describe", "validate"]

__version__ = "0.1.0"
