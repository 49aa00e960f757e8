"""Check the contrast of the texts, marks and lines of a drawn figure with what is behind them.

Contrast is the contrast ratio of the Web Content Accessibility Guidelines (WCAG) 2, from 1 to 21. The minimums for text
are those of success criterion 1.4.3, the one for graphics is that of 1.4.11.
"""

import colorsys
from collections.abc import Iterator
from itertools import chain, cycle, islice
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figgen.config import spec
from figgen.config.mathtext import as_written
from figgen.config.spec.marks.helpers import alpha_blend, relative_luminance
from figgen.errors import Problem, Where
from figgen.review.visible import TextBox, axes_of_panels, shown_ticks, text_boxes

MIN_TEXT_CONTRAST = 4.5
MIN_LARGE_TEXT_CONTRAST = 3.0
LARGE_TEXT = 24.0  # CSS pixels, in the post that shows the picture
MIN_GRAPHICS_CONTRAST = 3.0
# For grid lines and transparent areas, for which WCAG has none; an area or thin line of this contrast is just visible.
MIN_BACKGROUND_CONTRAST = 1.2

Rgb = tuple[float, float, float]  # red, green, blue from 0 to 1
_TRANSPARENT = (0.0, 0.0, 0.0, 0.0)


class VisibleItem(NamedTuple):
    """A visible thing: its name in messages, its key in the spec, its RGBA colours, and the minimum of its contrast.

    If there are several colours, such as those of a bar and its outline, one with enough contrast suffices.
    """

    name: str
    where: Where
    colors: tuple[Any, ...]
    minimum: float


def contrast_ratio(one: Any, other: Any) -> float:
    """Return the contrast ratio of two opaque colours as WCAG 2 defines it: (lighter + 0.05) / (darker + 0.05)."""
    darker, lighter = sorted(relative_luminance(to_rgba(color)[:3]) for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def check_contrast(figure: spec.Figure, drawn: Figure, width: int, page: str) -> Iterator[Problem]:
    """Yield what has too little contrast in a figure that was encoded as a picture of this width in pixels.

    `page` is the colour of the page, which is behind a transparent figure. Colours of a colormap are not checked, since
    some of them are close to any background.
    """
    face = alpha_blend(drawn.get_facecolor() if drawn.get_frameon() else "none", to_rgba(page))
    for item, behind in _text_items(figure, drawn, width, face):
        yield from check_contrast_of(item, behind)
    items: dict[tuple[VisibleItem, Rgb], None] = {}  # each once
    for where, axes in axes_of_panels(figure, drawn):
        behind = alpha_blend(axes.get_facecolor() if axes.axison else "none", face)
        items |= dict.fromkeys((item, behind) for item in chain(_axes_items(axes, where), _mark_items(axes, where)))
    for item, behind in items:
        yield from check_contrast_of(item, behind)


def check_contrast_of(item: VisibleItem, behind: Rgb) -> Iterator[Problem]:
    """Yield a problem if all colours of an item have too little contrast with what is behind it."""
    colors = [color for color in item.colors if color[3]]
    found = max((contrast_ratio(alpha_blend(color, behind), behind) for color in colors), default=None)
    # Rounded as in the message, so that a ratio that is printed as the minimum is accepted.
    if found is not None and round(found, 2) < item.minimum:
        pair = f"{to_hex(alpha_blend(colors[0], behind))} on {to_hex(behind)}"
        message = f"{item.name} is {pair}, a contrast of {found:.2f} to 1"
        yield Problem(item.where, message, (f"at least {item.minimum:g}",), _hint(colors[0], behind, item.minimum))


def _hint(color: Any, behind: Rgb, minimum: float) -> str:
    """Return a hint with the nearest lightness, of the same hue, saturation and alpha, that has enough contrast."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*color[:3])
    for step in range(256):
        for moved in (lightness + step / 255, lightness - step / 255):
            if 0 <= moved <= 1:
                near = to_hex((*colorsys.hls_to_rgb(hue, moved, saturation), color[3]), keep_alpha=color[3] < 1)
                if contrast_ratio(alpha_blend(near, behind), behind) >= minimum:
                    return f"{near} is the nearest shade with enough contrast"
    return "make it more opaque"


def _text_items(figure: spec.Figure, drawn: Figure, width: int, face: Rgb) -> Iterator[tuple[VisibleItem, Rgb]]:
    """Yield every text with the colour behind most of it: that of the page, of a bar, of a cell."""
    texts = [(box.text, box) for box in text_boxes(figure, drawn) if box.text is not None]
    pixels = _render_without([text for text, _ in texts], drawn)
    for text, box in texts:
        large = box.size * figure.canvas.shown / width >= LARGE_TEXT
        color = to_rgba(text.get_color(), text.get_alpha())
        minimum = MIN_LARGE_TEXT_CONTRAST if large else MIN_TEXT_CONTRAST
        yield VisibleItem(box.name, box.where, (color,), minimum), _most_common_color(pixels, box, face)


def _render_without(texts: list[Any], drawn: Figure) -> Any:
    """Return the pixels of a figure without these texts: RGBA from 0 to 255, of shape (height, width, 4)."""
    alphas = [text.get_alpha() for text in texts]
    canvas: Any = drawn.canvas
    try:
        for text in texts:
            text.set_alpha(0)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba()).copy()
    finally:
        for text, alpha in zip(texts, alphas, strict=True):
            text.set_alpha(alpha)


def _most_common_color(pixels: Any, box: TextBox, face: Rgb) -> Rgb:
    """Return the most common colour of the pixels in the box of a text; `face`, if the box is outside the canvas."""
    height = len(pixels)  # rows are counted from the top
    left, bottom = np.floor(box.corners.min(0)).astype(int)
    right, top = np.ceil(box.corners.max(0)).astype(int)
    inside = pixels[max(0, height - top) : max(0, height - bottom), max(0, left) : max(0, right)].reshape(-1, 4)
    if not len(inside):
        return face
    colors, counts = np.unique(inside, axis=0, return_counts=True)
    return alpha_blend(colors[counts.argmax()] / 255, face)


def _axes_items(axes: Axes, where: Where) -> Iterator[VisibleItem]:
    """Yield the spines of a panel, its ticks and its grid."""
    if not axes.axison:
        return
    place = (*where, "axes")
    for each in (axes, *axes.child_axes):
        for side, spine in each.spines.items():
            if spine.get_visible() and spine.get_linewidth():
                name = "the outline of the colorbar" if side == "outline" else f"the {side} spine"
                yield VisibleItem(name, place, (to_rgba(spine.get_edgecolor()),), MIN_GRAPHICS_CONTRAST)
        for axis in (each.xaxis, each.yaxis):
            if axis.get_visible():
                yield from _tick_items(axis, place)


def _tick_items(axis: Any, where: Where) -> Iterator[VisibleItem]:
    for _, tick in (*shown_ticks(axis, minor=False), *shown_ticks(axis, minor=True)):
        for mark in (tick.tick1line, tick.tick2line):
            if mark.get_visible() and mark.get_markersize():
                colors = (_rgba(mark, mark.get_markeredgecolor()),)
                yield VisibleItem(f"a tick of the {axis.axis_name} axis", where, colors, MIN_GRAPHICS_CONTRAST)
        if (line := tick.gridline).get_visible() and line.get_linewidth():
            colors = (_rgba(line, line.get_color()),)
            yield VisibleItem(f"the grid of the {axis.axis_name} axis", where, colors, MIN_BACKGROUND_CONTRAST)


def _mark_items(axes: Axes, where: Where) -> Iterator[VisibleItem]:
    """Yield what is drawn in a panel."""
    place = (*where, "layers")
    for line in axes.lines:
        yield from _line_items(line, place)
    for patch in axes.patches:
        yield from _shape_items("a shape", place, patch, [patch.get_facecolor()], [patch.get_edgecolor()])
    for text in axes.texts:
        if (arrow := getattr(text, "arrow_patch", None)) is not None:
            yield VisibleItem("an arrow", place, (to_rgba(arrow.get_edgecolor()),), MIN_GRAPHICS_CONTRAST)
    for shapes in axes.collections:
        if shapes.get_array() is None:
            yield from _shape_items("a mark", place, shapes, shapes.get_facecolor(), shapes.get_edgecolor())


def _line_items(line: Line2D, where: Where) -> Iterator[VisibleItem]:
    label = as_written(str(line.get_label()))
    name = "a line" if label.startswith("_") else f"the line '{label}'"
    if line.get_linestyle() not in {"None", ""} and line.get_linewidth():
        yield VisibleItem(name, where, (_rgba(line, line.get_color()),), MIN_GRAPHICS_CONTRAST)
    if line.get_marker() not in {"None", "", None}:
        colors = tuple(_rgba(line, color) for color in (line.get_markerfacecolor(), line.get_markeredgecolor()))
        yield VisibleItem(f"a marker of {name}", where, colors, MIN_GRAPHICS_CONTRAST)


def _shape_items(name: str, where: Where, artist: Any, faces: Any, edges: Any) -> Iterator[VisibleItem]:
    """Yield the colours of filled shapes, each face with its outline."""
    label = as_written(str(artist.get_label()))
    name = name if label.startswith("_") or not label else f"'{label}'"
    fills = [*map(tuple, to_rgba_array(faces))] or [_TRANSPARENT]
    outlines = ([*map(tuple, to_rgba_array(edges))] if np.any(artist.get_linewidth()) else []) or [_TRANSPARENT]
    for fill, outline in islice(zip(cycle(fills), cycle(outlines), strict=False), max(len(fills), len(outlines))):
        transparent = 0 < fill[3] < 1 and outline[3] != 1
        minimum = MIN_BACKGROUND_CONTRAST if transparent else MIN_GRAPHICS_CONTRAST
        yield VisibleItem(name, where, (fill, outline), minimum)


def _rgba(artist: Any, color: Any) -> Any:
    """Return a colour of an artist with the alpha of the artist."""
    return _TRANSPARENT if isinstance(color, str) and color == "none" else to_rgba(color, artist.get_alpha())
