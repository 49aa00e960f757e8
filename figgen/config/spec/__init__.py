"""The validated, frozen model of a figure: what a config may say. Knows nothing of YAML files or matplotlib.

The docstring of each model and the description of each field are the reference that authors read.
"""

from figgen.config.spec.base import ChannelType, CheckedText, Model, find_annotation, is_tag, models
from figgen.config.spec.figure import (
    Axes,
    Axis,
    Canvas,
    Claim,
    Figure,
    Grid,
    Legend,
    Panel,
    Secondary,
    Ticks,
    json_schema,
)
from figgen.config.spec.marks import MARKS, Colorbar, Layer, Mapped, Mark
from figgen.config.spec.outputs import Dark, Preview
from figgen.config.spec.sources import DRAWS, SOURCES, Source

__all__ = [
    "DRAWS",
    "MARKS",
    "SOURCES",
    "Axes",
    "Axis",
    "Canvas",
    "ChannelType",
    "CheckedText",
    "Claim",
    "Colorbar",
    "Dark",
    "Figure",
    "Grid",
    "Layer",
    "Legend",
    "Mapped",
    "Mark",
    "Model",
    "Panel",
    "Preview",
    "Secondary",
    "Source",
    "Ticks",
    "find_annotation",
    "is_tag",
    "json_schema",
    "models",
]
