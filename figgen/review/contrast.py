"""Proof that a drawn figure can be seen: the contrast of its words, marks and lines with what is behind them.

Contrast is that of the Web Content Accessibility Guidelines 2: the ratio of two relative luminances, from 1 to 21.
"""

import colorsys
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from figgen.config import spec
from figgen.config.spec.marks.helpers import relative_luminance
from figgen.errors import Problem, Where
from figgen.review.layout import TextBox, every_text, placed
from figgen.review.visible import shown_ticks

WORDS = 4.5  # for a text
LARGE_WORDS = 3.0  # for a text of at least LARGE
LARGE = 24.0  # CSS pixels, where the post shows the picture
GRAPHICS = 3.0  # for all that is drawn to be made out
# For what lies behind the rest: grid lines, and areas that one sees through. The guidelines ask nothing of these; at
# this ratio an even area or a thin line is just seen.
MIN_BACKGROUND_CONTRAST = 1.2

Rgb = np.ndarray[Any, Any]  # three numbers from 0 to 1


class VisibleItem(NamedTuple):
    """Something that is to be seen: what it is called, its key in the spec, its colours with alpha, and how well.

    Of several colours, as those of a bar and of its outline, it is enough that one is seen.
    """

    name: str
    where: Where
    colors: tuple[Any, ...]
    least: float


def luminance(color: Any) -> float:
    """Give the relative luminance of a colour, by the definition of the guidelines."""
    return relative_luminance(to_rgba(color)[:3])


def contrast(one: Any, other: Any) -> float:
    """Give the contrast of two colours, by the definition of the guidelines: (lighter + 0.05) / (darker + 0.05)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def check_contrast(figure: spec.Figure, drawn: Figure, width: int, page: str) -> Iterator[Problem]:
    """Yield what has too little contrast in a figure that was encoded as a picture so many pixels wide.

    `page` is the colour behind a figure that is transparent. Colours that stand for numbers are not looked at: some of
    a colormap are near to any background.
    """
    face = alpha_blend(drawn.get_facecolor() if drawn.get_frameon() else "none", to_rgba(page)[:3])
    for seen, behind in _words(figure, drawn, width, face):
        yield from check_contrast_of(seen, behind)
    reported: set[VisibleItem] = set()
    for where, axes in placed(figure, drawn):
        behind = alpha_blend(axes.get_facecolor() if axes.axison else "none", face)
        for seen in (*_axes(where, axes), *_marks(where, axes)):
            if seen not in reported:
                reported.add(seen)
                yield from check_contrast_of(seen, behind)


def check_contrast_of(seen: VisibleItem, behind: Rgb) -> Iterator[Problem]:
    """Check whether an item can be told from what is behind it."""
    colors = [color for color in seen.colors if color[3]]
    found = max((contrast(alpha_blend(color, behind), behind) for color in colors), default=None)
    # Down to a hundredth, so that no ratio is refused that is written as the bound.
    if found is None or round(found, 2) >= seen.least:
        return
    message = f"{seen.name} is {_hex(alpha_blend(colors[0], behind))} on {_hex(behind)}, a contrast of {found:.2f} to 1"
    yield Problem(seen.where, message, (f"at least {seen.least:g}",), _hint(colors[0], behind, seen.least))


def _hint(color: Any, behind: Rgb, least: float) -> str:
    """Name the colour of the nearest lightness that is seen well enough; a colour is kept as opaque as it is."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*color[:3])
    for step in range(256):
        for moved in (lightness + step / 255, lightness - step / 255):
            if 0 <= moved <= 1:
                # As it will be written, in whole steps.
                near = to_rgba(to_hex((*colorsys.hls_to_rgb(hue, moved, saturation), color[3]), keep_alpha=True))
                if contrast(alpha_blend(near, behind), behind) >= least:
                    return f"{to_hex(near, keep_alpha=near[3] < 1)} is the nearest lightness that will do"
    return "make it more opaque"


def _hex(color: Rgb) -> str:
    return to_hex(tuple(color.tolist()))


def alpha_blend(color: Any, behind: Any) -> Rgb:
    """Lay a colour over another one that is opaque."""
    *rgb, alpha = to_rgba(color)
    mixed: Rgb = alpha * np.asarray(rgb) + (1 - alpha) * np.asarray(behind[:3])
    return mixed


def _words(figure: spec.Figure, drawn: Figure, width: int, face: Rgb) -> Iterator[tuple[VisibleItem, Rgb]]:
    """Yield every text with the colour that is behind most of it, be it the page's, a bar's or a cell's."""
    texts = [one for one in every_text(figure, drawn) if one.text is not None]
    behind = _without_words(drawn, texts)
    for one in texts:
        assert one.text is not None  # noqa: S101 - those without were left out
        large = one.size * figure.canvas.shown / width >= LARGE
        color = to_rgba(one.text.get_color(), one.text.get_alpha())
        seen = VisibleItem(one.name, one.where, (color,), LARGE_WORDS if large else WORDS)
        yield seen, _commonest(behind, one, face)


def _without_words(drawn: Figure, texts: list[TextBox]) -> Any:
    """Draw a figure without its words, and give its pixels: they are laid out, but not to be seen."""
    alphas = [(one.text, one.text.get_alpha()) for one in texts if one.text is not None]
    canvas: Any = drawn.canvas
    try:
        for text, _ in alphas:
            text.set_alpha(0)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba()).copy()
    finally:
        for text, alpha in alphas:
            text.set_alpha(alpha)


def _commonest(pixels: Any, words: TextBox, face: Rgb) -> Rgb:
    """Give the colour that most pixels in the box of a text have."""
    height = len(pixels)
    (left, low), (right, high) = np.floor(words.box.min(0)).astype(int), np.ceil(words.box.max(0)).astype(int)
    inside = pixels[max(0, height - high) : max(0, height - low), max(0, left) : max(0, right)].reshape(-1, 4)
    if not len(inside):
        return face
    colors, counts = np.unique(inside, axis=0, return_counts=True)
    return alpha_blend(colors[counts.argmax()] / 255, face)


def _axes(where: Where, axes: Axes) -> Iterator[VisibleItem]:
    """Yield the frame of a panel, its ticks and its grid."""
    if not axes.axison:
        return
    for each in (axes, *axes.child_axes):
        for side, spine in each.spines.items():
            if spine.get_visible() and spine.get_linewidth():
                name = "the outline of the colorbar" if side == "outline" else f"the {side} edge of the panel"
                yield VisibleItem(name, (*where, "axes"), (to_rgba(spine.get_edgecolor()),), GRAPHICS)
        for axis in (each.xaxis, each.yaxis):
            if axis.get_visible():
                yield from _ticks(axis, (*where, "axes"))


def _ticks(axis: Any, where: Where) -> Iterator[VisibleItem]:
    for minor in (False, True):
        for _, tick in shown_ticks(axis, minor=minor):
            for mark in (tick.tick1line, tick.tick2line):
                if mark.get_visible() and mark.get_markersize():
                    yield VisibleItem(
                        f"a tick of {axis.axis_name}", where, (_rgba(mark, mark.get_markeredgecolor()),), GRAPHICS
                    )
            if (line := tick.gridline).get_visible() and line.get_linewidth():
                yield VisibleItem(
                    f"the grid of {axis.axis_name}", where, (_rgba(line, line.get_color()),), MIN_BACKGROUND_CONTRAST
                )


def _marks(where: Where, axes: Axes) -> Iterator[VisibleItem]:
    """Yield what is drawn in a panel."""
    place = (*where, "layers")
    for line in axes.lines:
        yield from _line(line, place)
    for patch in axes.patches:
        yield from _shape("a shape", place, [patch.get_facecolor()], [patch.get_edgecolor()], patch)
    for text in axes.texts:
        arrow: Patch | None = getattr(text, "arrow_patch", None)
        if arrow is not None:
            yield VisibleItem("an arrow", place, (to_rgba(arrow.get_edgecolor()),), GRAPHICS)
    for shapes in axes.collections:
        if shapes.get_array() is None:
            yield from _shape("a mark", place, shapes.get_facecolor(), shapes.get_edgecolor(), shapes)


def _line(line: Line2D, where: Where) -> Iterator[VisibleItem]:
    label = str(line.get_label())
    name = "a line" if label.startswith("_") else f"the line '{label}'"
    if line.get_linestyle() not in {"None", ""} and line.get_linewidth():
        yield VisibleItem(name, where, (_rgba(line, line.get_color()),), GRAPHICS)
    if line.get_marker() not in {"None", "", None}:
        colors = (line.get_markerfacecolor(), line.get_markeredgecolor())
        yield VisibleItem(f"a marker of {name}", where, tuple(_rgba(line, color) for color in colors), GRAPHICS)


def _shape(name: str, where: Where, faces: Any, edges: Any, artist: Patch | Collection) -> Iterator[VisibleItem]:
    """Yield the colours of filled shapes, each face with its outline; areas that one sees through are a backdrop."""
    label = str(artist.get_label())
    name = name if label.startswith("_") or not label else f"'{label}'"
    fills, outlines = to_rgba_array(faces), to_rgba_array(edges)
    outlined = bool(np.any(np.asarray(artist.get_linewidth())))
    count = max(len(fills), len(outlines) if outlined else 0)
    for index in range(count):
        fill = tuple(fills[index % len(fills)]) if len(fills) else (0.0, 0.0, 0.0, 0.0)
        outline = tuple(outlines[index % len(outlines)]) if outlined and len(outlines) else (0.0, 0.0, 0.0, 0.0)
        through = 0 < fill[3] < 1 and outline[3] != 1
        yield VisibleItem(name, where, (fill, outline), MIN_BACKGROUND_CONTRAST if through else GRAPHICS)


def _rgba(artist: Any, color: Any) -> Any:
    """Give the colour of an artist with what makes it transparent."""
    return to_rgba(color, artist.get_alpha()) if not isinstance(color, str) or color != "none" else (0.0, 0.0, 0.0, 0.0)
