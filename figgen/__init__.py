"""Static figure build for a Jekyll blog: declarative YAML specs in, exactly the PNGs that posts reference out."""

__version__ = "0.1.0"
