"""The validated, frozen model of a figure: what a config can contain, independent of YAML files and matplotlib.

The docstring of each model and the description of each field are the reference that authors read.
"""

from figgen.config.spec.axes import Axis, Ticks
from figgen.config.spec.base import ChannelType, CheckedText, Model, channels_of, find_annotation, is_tag, models
from figgen.config.spec.figure import Canvas, Claim, Figure, Legend, Panel, json_schema
from figgen.config.spec.marks import MARKS, Colorbar, Layer, Mapped
from figgen.config.spec.sources import DRAWS, SOURCES, Source

__all__ = [
    "DRAWS",
    "MARKS",
    "SOURCES",
    "Axis",
    "Canvas",
    "ChannelType",
    "CheckedText",
    "Claim",
    "Colorbar",
    "Figure",
    "Layer",
    "Legend",
    "Mapped",
    "Model",
    "Panel",
    "Source",
    "Ticks",
    "channels_of",
    "find_annotation",
    "is_tag",
    "json_schema",
    "models",
]
