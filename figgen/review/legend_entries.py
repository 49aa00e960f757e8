"""Check the legends of a drawn figure: each entry must stand for something that is seen, and look like nothing else.

Looks are compared in pixels, and so is what is seen with what is hidden: whatever matplotlib makes of colours, dashes,
markers, opacity and limits, that is what a reader sees.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import PathCollection
from matplotlib.container import Container
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.offsetbox import DrawingArea
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from figgen.config import spec
from figgen.config.mathtext import as_written
from figgen.drawing.layered import LayeredFigure
from figgen.drawing.legend_entries import HANDLERS, entries_of
from figgen.errors import Problem, Where
from figgen.review.visible import artists_of, axes_of_panels

_ALIKE = 16  # of 255: swatches are alike if no pixel differs by more
# Line widths and marker sizes are told apart if one is at least this many times the other, and larger by these points.
_RATIO, _POINTS = 1.5, 1.0
_NOTHING = 3  # of 255: what changes no pixel by more is not seen, such as a line in the colour of the background
_HIDDEN = 0.3  # what is left of the contrast of a layer that is covered: no more than this is not seen
_LEAST = 4  # pixels that are seen of a layer, if it has as many
_MOST_PIXELS = 300_000  # at which a panel is drawn to find what is hidden

Pixels = np.ndarray[Any, Any]  # RGBA from 0 to 255, of shape (height, width, 4), as int16 to be subtracted


class _Swatch(NamedTuple):
    """What a legend shows beside a name: as it is, and with one line width and marker size, with those in points."""

    pixels: Pixels
    in_one_size: Pixels
    sizes: tuple[float, ...]


class _Entry(NamedTuple):
    """An entry of a legend: its name, the key of that, its panel, the axes of that, what it stands for, its swatch."""

    label: str
    where: Where
    panel: Where
    sides: tuple[Axes, ...]
    artists: frozenset[Artist]
    swatch: _Swatch


def find_legend_problems(figure: spec.Figure, drawn: LayeredFigure) -> Iterator[Problem]:
    """Yield the entries of all legends that look like another one, or that stand for nothing that is seen."""
    entries = [*_entries(figure, drawn)]
    is_shared = bool(figure.panels) and "legend" in figure.model_fields_set
    for _, group in groupby(entries, lambda entry: () if is_shared else entry.panel):
        yield from _find_ambiguous([*group])
    unseen = {entry.where: entry for panel in _by_panel(entries) for entry in _find_unseen(panel, drawn)}
    for where, entry in unseen.items():
        others = [other for other in entries if is_shared and other.label == entry.label]
        if all(other.where in unseen for other in others):
            message = f"'{as_written(entry.label)}' is in the legend, but nothing of it is seen"
            hint = "remove its label, or show it: within the limits, opaque, over other layers, a point with a marker"
            yield Problem(where, message, hint=hint)


def _entries(figure: spec.Figure, drawn: LayeredFigure) -> Iterator[_Entry]:
    """Yield the entries of each panel, in the order of the legend."""
    sides: dict[Where, list[Axes]] = {}
    for where, axes in axes_of_panels(figure, drawn):
        sides.setdefault(where, []).append(axes)
    for panel, _ in figure.placed_panels():
        entries = entries_of(sides[panel])
        for (handle, label), swatch in zip(entries, _swatches(sides[panel][0], entries), strict=True):
            parts = {*handle.get_children()} if isinstance(handle, Container) else {handle}
            layer = next(layer for layer in drawn.layers if not parts.isdisjoint(layer.artists))
            key = next(key for key, name in layer.layer.legend_labels() if name in {label, ""})
            # The name of a whole layer, or of the bars of a histogram, is that of one of its artists only.
            parts.update(*(bars.get_children() for bars in layer.axes.containers if handle in bars.get_children()))
            if key == ("label",):
                parts = {artist for artist in layer.artists if not isinstance(artist, Text)}
            yield _Entry(label, (*layer.where, *key), panel, tuple(sides[panel]), frozenset(parts), swatch)


def _by_panel(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    for _, group in groupby(entries, lambda entry: entry.panel):
        yield [*group]


def _find_ambiguous(entries: Sequence[_Entry]) -> Iterator[Problem]:
    """Yield the entries that look like an earlier one, and those of a name that look different in another panel."""
    for index, entry in enumerate(entries):
        for earlier in entries[:index]:
            likeness, same = _likeness(entry.swatch, earlier.swatch), entry.label == earlier.label
            if same and entry.panel != earlier.panel:
                if likeness is None:
                    name = as_written(entry.label)
                    message = f"'{name}' looks different in another panel, and the legend shows one of them"
                    yield Problem(entry.where, message, hint="draw it alike in all panels, or name it differently")
                    break
            elif likeness is not None:
                hint = "give one of them another colour, dash or marker" if not same else "label one of them only"
                one, other = as_written(entry.label), as_written(earlier.label)
                message = f"'{one}' looks like '{other}' in the legend{likeness}"
                allowed = (f"{_RATIO:g} times the width or size, and {_POINTS:g} point more",) if likeness else ()
                yield Problem(entry.where, message, allowed, hint)
                break


def _likeness(one: _Swatch, other: _Swatch) -> str | None:
    """Return how far two swatches are alike, "" if they are the same; None if a reader tells one from the other."""
    if _are_same(one.pixels, other.pixels):
        return ""
    if not _are_same(one.in_one_size, other.in_one_size):
        return None
    pairs = [sorted(pair) for pair in zip(one.sizes, other.sizes, strict=False) if pair[0] != pair[1]]
    if any(large >= _RATIO * small and large - small >= _POINTS for small, large in pairs):
        return None
    return "".join(f": {large:.3g} points are hard to tell from {small:.3g}" for small, large in pairs[:1])


def _are_same(one: Pixels, other: Pixels) -> bool:
    return one.shape == other.shape and bool(np.max(np.abs(one - other)) <= _ALIKE)


def _swatches(axes: Axes, entries: Sequence[tuple[Any, str]]) -> Iterator[_Swatch]:
    """Yield what a legend shows beside each name, always at the same place on the colour of the panel."""
    figure: Any = axes.get_figure()
    legend = Legend(axes, [handle for handle, _ in entries], [" "] * len(entries), handler_map=HANDLERS)
    for area in legend.findobj(DrawingArea):
        margin = max(area.width, area.height)  # in points, for large markers
        sides = [int((side + 2 * margin) * figure.dpi / 72) + 1 for side in (area.width, area.height)]
        area.set_offset((margin * figure.dpi / 72,) * 2)

        def render(area: Any = area, sides: Sequence[int] = sides) -> Pixels:
            renderer = _renderer(sides[0], sides[1], figure.dpi, axes.get_facecolor())
            area.draw(renderer)
            return _pixels(renderer)

        pixels = render()
        sizes = tuple(size for part in area.get_children() for size in _set_size(part))
        yield _Swatch(pixels, render(), sizes)


def _set_size(part: Any) -> Iterator[float]:
    """Give a part of a swatch the one line width and marker size; yield those that it had."""
    if width := np.max(part.get_linewidth(), initial=0.0):
        yield float(width)
        part.set_linewidth(2)
    if isinstance(part, Line2D):
        yield float(part.get_markersize())
        part.set_markersize(6)
    elif isinstance(part, PathCollection):
        yield float(np.max(part.get_sizes())) ** 0.5
        part.set_sizes([36])


def _find_unseen(entries: Sequence[_Entry], drawn: Figure) -> Iterator[_Entry]:
    """Yield the entries of one panel of which nothing is seen.

    What is drawn last at enough pixels is seen. Only for the others, the panel is drawn once more without them.
    """
    artists = [artist for axes in entries[0].sides for artist in artists_of(axes)]
    owners = {artist: number for number, entry in enumerate(entries) for artist in entry.artists}
    with _few_pixels(drawn):
        renderer = _panel_renderer(entries[0].sides, drawn)
        before = _pixels(renderer)
        last = np.full(before.shape[:2], -1)
        for number, run in groupby(artists, lambda artist: owners.get(artist, -1)):
            for artist in run:
                artist.draw(renderer)
            after = _pixels(renderer)
            change = np.max(np.abs(after - before), axis=2)
            last[change > 0] = -1
            if change.max() > _NOTHING:
                last[change > change.max() / 2] = number
            before = after
        counts = np.bincount(last.ravel() + 1, minlength=len(entries) + 1)[1:]
        for entry, count in zip(entries, counts, strict=True):
            if count < _LEAST and not _is_seen(entry, artists, drawn):
                yield entry


def _is_seen(entry: _Entry, artists: Sequence[Artist], drawn: Figure) -> bool:
    """Check whether a panel looks different without what an entry stands for."""

    def render(shown: Iterable[Artist]) -> Pixels:
        renderer = _panel_renderer(entry.sides, drawn)
        for artist in shown:
            artist.draw(renderer)
        return _pixels(renderer)

    alone = np.abs(render(artist for artist in artists if artist in entry.artists) - render(())).max(axis=2)
    if alone.max() <= _NOTHING:
        return False
    others = render(artist for artist in artists if artist not in entry.artists)
    seen = np.abs(render(artists) - others).max(axis=2) > _HIDDEN * alone.max()
    return int(np.count_nonzero(seen)) >= min(_LEAST, int(np.count_nonzero(alone > alone.max() / 2)))


@contextmanager
def _few_pixels(drawn: Figure) -> Iterator[None]:
    """Give a figure fewer pixels per inch, so that drawing it several times is fast."""
    dpi = drawn.dpi
    pixels = drawn.bbox.width * drawn.bbox.height
    drawn.set_dpi(dpi * min(1.0, (_MOST_PIXELS / pixels) ** 0.5))
    try:
        yield
    finally:
        drawn.set_dpi(dpi)


def _panel_renderer(sides: Sequence[Axes], drawn: Figure) -> RendererAgg:
    """Return a renderer that has drawn the background of a panel."""
    renderer = _renderer(int(drawn.bbox.width) + 1, int(drawn.bbox.height) + 1, drawn.dpi, drawn.get_facecolor())
    if sides[0].axison:
        sides[0].patch.draw(renderer)
    return renderer


def _renderer(width: int, height: int, dpi: float, color: Any) -> RendererAgg:
    renderer = RendererAgg(width, height, dpi)  # type: ignore[no-untyped-call]
    for face in ("white", color):  # that of the panel may be transparent
        Rectangle((0, 0), width, height, facecolor=face, linewidth=0, transform=IdentityTransform()).draw(renderer)
    return renderer


def _pixels(renderer: RendererAgg) -> Pixels:
    return np.asarray(renderer.buffer_rgba()).astype(np.int16)  # type: ignore[no-untyped-call]
