"""Spec + arrays -> Figure -> PNG bytes, without pyplot and without a trace in matplotlib's global state."""

import io
import re
import warnings
from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from figgen import spec
from figgen.data import Samples
from figgen.errors import Problem, SpecError, Where
from figgen.marks import DRAWERS
from figgen.scales import make_scale
from figgen.styles import style_context


def render(figure: spec.Figure, samples: Samples, style: Mapping[str, Any]) -> bytes:
    """Draw a figure and encode it as PNG. Raises SpecError with what matplotlib does not take."""
    with style_context(style):
        return encode(draw(figure, samples), figure)


def draw(figure: spec.Figure, samples: Samples) -> Figure:
    """Draw a figure, within the current rcParams."""
    drawn = Figure(figsize=figure.canvas.size, dpi=figure.canvas.dpi)
    FigureCanvasAgg(drawn)
    axes = drawn.add_subplot()
    problems = [problem for where, text in spec.texts(figure) if (problem := _text_problem(drawn, where, text))]
    for index, (layer, arrays) in enumerate(zip(figure.layers, samples.layers, strict=True)):
        try:
            DRAWERS[layer.mark](axes, layer, arrays)
        except ValueError as error:
            problems.append(Problem(("layers", index), str(error)))
    for name in ("x", "y"):
        _draw_axis(axes, name, getattr(figure.axes, name))
    if figure.title is not None:
        axes.set_title(figure.title)
    if problems:
        raise SpecError(problems)
    return drawn


def _text_problem(drawn: Figure, where: Where, text: str) -> Problem | None:
    """Lay a text out on its own, where what is wrong with it can be told by its place."""
    alone = Text(text=text, figure=drawn)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            alone.get_window_extent()
        except ValueError as error:
            lines = str(error).strip().splitlines()
            return Problem(where, f"not mathtext: {lines[-1]}", "", r"write \$ for a dollar sign")
    missing = [found[0] for warning in caught if (found := re.search(r"Glyph \d+ \(.*?\)", str(warning.message)))]
    if missing:
        return Problem(where, f"no font of the style has {', '.join(missing)}", "", "choose another character or font")
    return None


def _draw_axis(axes: Axes, name: str, axis: spec.Axis) -> None:
    axes.set(**{f"{name}scale": make_scale(axis.scale, axes.xaxis if name == "x" else axes.yaxis)})
    if axis.label is not None:
        axes.set(**{f"{name}label": axis.label})


def encode(drawn: Figure, figure: spec.Figure) -> bytes:
    """Encode a drawn figure as PNG, within the rcParams it was drawn in.

    The file carries the alt text as its Description, so that a changed one shows. It names no software: with
    matplotlib's version in it, bytes would change where no pixel does.
    """
    buffer = io.BytesIO()
    canvas = figure.canvas
    drawn.savefig(
        buffer,
        format="png",
        dpi=canvas.dpi,
        bbox_inches="tight" if canvas.crop == "tight" else None,
        pad_inches=canvas.pad,
        metadata={"Software": None, "Description": figure.alt},
    )
    return buffer.getvalue()
