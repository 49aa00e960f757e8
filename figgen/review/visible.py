"""Find what is visible in a drawn figure: its texts with their boxes, its axes, and their ticks and titles."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.spines import Spine
from matplotlib.text import Text

from figgen.config import spec
from figgen.config.mathtext import as_written
from figgen.drawing.tick_labels import are_within_limits
from figgen.errors import Where

_EMPTY_SHARE = 0.15  # of a text's height, above and below: room for the tallest glyphs, which few texts contain
_MAX_LENGTH = 30  # characters of a text that messages quote

Corners = np.ndarray[Any, Any]  # of a rectangle, in order around it: an array of shape (4, 2), in pixels


class TextBox(NamedTuple):
    """A text of the figure: its name in messages, its key in the spec, its box, its font size in pixels.

    A legend as a whole has no `text`.
    """

    name: str
    where: Where
    corners: Corners
    size: float = np.inf
    text: Text | None = None
    in_legend: bool = False


def shown_ticks(axis: Axis, *, minor: bool) -> list[tuple[float, Tick]]:
    """Return the visible ticks within the limits of an axis, each with its position, once the figure is laid out."""
    ticks = axis.get_minor_ticks() if minor else axis.get_major_ticks()
    positions = axis.get_ticklocs(minor=minor)
    return [
        (float(position), tick)
        for position, tick, is_within in zip(positions, ticks, are_within_limits(axis, positions), strict=False)
        if is_within and tick.get_visible()
    ]


def titles(axes: Axes) -> dict[str, Text]:
    """Return the three titles of a panel by their sides, which are its only texts that are not data."""
    texts = set(axes.texts)
    found = [child for child in axes.get_children() if isinstance(child, Text) and child not in texts]
    return {title.get_horizontalalignment(): title for title in found}


def artists_of(axes: Axes) -> list[Any]:
    """Return the artists drawn into a panel, in the order of drawing, without its frame, axes, titles and legend.

    Texts of the same z-order are sorted, since the order in which they are added varies.
    """
    others = (axes.patch, *titles(axes).values(), *axes.child_axes)  # a second scale is not an instance of Axes
    artists = [
        child
        for child in axes.get_children()
        if not isinstance(child, Spine | Axis | Legend | Axes) and child not in others and child.get_visible()
        if not isinstance(child, Text) or child.get_text() or getattr(child, "arrow_patch", None) is not None
    ]
    return sorted(artists, key=lambda child: (child.get_zorder(), child.get_text() if isinstance(child, Text) else ""))


def axes_of_panels(figure: spec.Figure, drawn: Figure) -> Iterator[tuple[Where, Axes]]:
    """Yield all axes, each with the key of its panel in the spec, which is unknown, (), for some colorbars."""
    panels = [where for where, _ in figure.placed_panels()]
    by_place = {axes.get_subplotspec(): where for where, axes in zip(panels, drawn.axes, strict=False)}
    # A colorbar may have given its panel another place than that of the axis on the right.
    by_axes = {layer.axes: layer.where[:-2] for layer in getattr(drawn, "layers", ())}
    for number, axes in enumerate(drawn.axes):
        known = panels[number] if number < len(panels) else by_axes.get(axes)
        yield by_place.get(axes.get_subplotspec(), ()) if known is None else known, axes


def text_boxes(figure: spec.Figure, drawn: Figure) -> Iterator[TextBox]:
    """Yield the boxes of the visible texts of a figure, and of its legends, once it is laid out."""
    for text in drawn.texts:
        yield from _text_box("the figure's title", ("title",), text)
    for of_figure in drawn.legends:
        yield from _legend_boxes(of_figure, ("legend",))
    for number, (where, axes) in enumerate(axes_of_panels(figure, drawn), 1):
        panel = f" of panel {number}" if len(figure.panels) > 1 and where else ""
        for title in titles(axes).values():
            yield from _text_box(f"the title{panel}", (*where, "title"), title)
        for text in axes.texts:
            yield from _text_box(f"the text '{_abbreviate(text)}'{panel}", (*where, "layers"), text)
        if axes.axison:
            for each in (axes, *axes.child_axes):
                yield from _axis_texts(each.xaxis, where, panel)
                yield from _axis_texts(each.yaxis, where, panel)
        if (legend := axes.get_legend()) is not None:
            yield from _legend_boxes(legend, (*where, "legend"))


def _axis_texts(axis: Any, where: Where, panel: str) -> Iterator[TextBox]:
    if not axis.get_visible():
        return
    key = "right" if axis.axis_name == "y" and axis.get_label_position() == "right" else axis.axis_name
    place = (*where, "axes", key)
    yield from _text_box(f"the {key} axis label{panel}", (*place, "label"), axis.label)
    yield from _text_box(f"the {key} axis offset text{panel}", place, axis.get_offset_text())
    for minor in (False, True):
        for _, tick in shown_ticks(axis, minor=minor):
            for label in (tick.label1, tick.label2):
                yield from _text_box(f"the {key} tick label '{_abbreviate(label)}'{panel}", (*place, "ticks"), label)


def _legend_boxes(legend: Legend, where: Where) -> Iterator[TextBox]:
    yield TextBox("the legend", where, np.asarray(legend.get_window_extent().corners())[[0, 2, 3, 1]])
    for text in (legend.get_title(), *legend.get_texts()):
        yield from _text_box(f"the legend text '{_abbreviate(text)}'", where, text, in_legend=True)


def _abbreviate(text: Text) -> str:
    line = as_written(text.get_text()).replace("\n", " ")
    return line if len(line) <= _MAX_LENGTH else line[: _MAX_LENGTH - 1] + "…"


def _text_box(name: str, where: Where, text: Text, *, in_legend: bool = False) -> Iterator[TextBox]:
    """Yield the box of a text, if it is visible."""
    if text.get_visible() and text.get_text().strip():
        figure: Any = text.get_figure()
        yield TextBox(name, where, _corners(text), text.get_fontsize() * figure.dpi / 72, text, in_legend)


def _corners(text: Text) -> Corners:
    """Return the corners of the rectangle that a text fills, rotated like the text."""
    degrees = text.get_rotation()
    outer = level = text.get_window_extent()
    if degrees:
        text.set_rotation(0)
        level = text.get_window_extent()
        text.set_rotation(degrees)
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    size = [level.width, level.height * (1 - 2 * _EMPTY_SHARE)]
    centered = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * size
    corners: Corners = centered @ np.array([[cos, sin], [-sin, cos]]) + np.mean(outer.get_points(), axis=0)
    return corners
