"""Layers over the same few arrays, drawn by figgen, and pictures drawn by hand to compare them with."""

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from figgen.config.yaml_document import format_where
from tests import draw_figures

SIZE, DPI = (4, 3), 80
DATA = {
    "x": {"linspace": [0, 4, 5]},
    "y": {"values": [1, 3, 2, 5, 4]},
    "z": {"values": [2, 1, 1, 2, 0]},
    "names": {"values": ["a", "b", "c", "d", "e"]},
    "days": {"values": ["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04", "2025-01-05"]},
}
X, Y, Z = np.linspace(0, 4, 5), np.asarray([1.0, 3, 2, 5, 4]), np.asarray([2.0, 1, 1, 2, 0])


def _fields(layers, changes):
    return {"canvas": {"size": list(SIZE), "dpi": DPI}, "data": DATA, "layers": list(layers), **changes}


def axes_of(*layers, settings=(), **changes):
    """Draw layers; give the axes."""
    return draw_figures.drawn(settings, **_fields(layers, changes)).axes[0]


def pixels(*layers, settings=(), **changes):
    """Draw layers; give the pixels."""
    with draw_figures.context(settings):
        return draw_figures.pixels(draw_figures.drawn(settings, **_fields(layers, changes)))


def pixels_by_hand(draw_on, settings=()):
    """Return the pixels of what a function draws on axes with matplotlib alone."""
    with draw_figures.context(settings):
        figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        draw_on(figure.add_subplot())
        return draw_figures.pixels(figure)


def problem(*layers, **changes):
    """Return the place and the message of the one problem of layers that cannot be drawn."""
    (found,) = draw_figures.problems(**_fields(layers, changes))
    return found


def reported(*layers, **changes):
    """Return the one problem of layers that cannot be drawn, as it is reported, with its place."""
    where, message = problem(*layers, **changes)
    return f"{format_where(where)}: {message}"


def turned(direction):
    """Return the keyword of `boxplot` and `violinplot` for a direction; matplotlib 3.10 renamed it."""
    return {"orientation": direction} if mpl.__version_info__ >= (3, 10) else {"vert": direction == "vertical"}


def legend(axes):
    """List the texts of the legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]
