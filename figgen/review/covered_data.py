"""Check that no data are hidden by other data: bars, boxes, error bars, stems and steps in one place, or by the frame.

What is legitimate passes: bars that touch, that lead to different sides, or of which the later is narrower or
translucent; a box within a violin; a line that goes back and forth. `figgen.review.covered_pixels` checks points and
whole layers, by their pixels.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateFormatter, ConciseDateFormatter, DateFormatter
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch

from figgen.config.mathtext import as_written
from figgen.config.spec.marks.base import Directed
from figgen.config.spec.marks.series import Grouped
from figgen.drawing.layered import DrawnLayer, LayeredFigure
from figgen.drawing.tick_labels import OF_NAMES
from figgen.errors import Problem
from figgen.review.covered_pixels import OPAQUE, find_covered_layers, find_covered_points, in_drawing_order

_SAME = 0.5  # pixels within which two sides are in the same place
_NEAR = 0.5  # the distance from a category up to which its bars are
_LEAST_WIDTH = (
    0.3  # points of a line that must be seen beside the frame; of one of usual widths at its edge, it is 0.35
)

_HINTS = {
    "bar": "add up the values of each position, or draw them as series of one layer (y: [first, second]), "
    "which are grouped or stacked",
    "histogram": "set 'opacity', 'form: outline' or 'arrange: stacked'",
    "stairs": "set 'opacity', or 'filled: false'",
    "box": "set 'positions', or draw all groups in one layer",
    "violin": "set 'positions', or draw all groups in one layer",
    "errorbar": "draw one point for each position, or move them apart",
    "stem": "draw one stem for each position, or move them apart",
    "step": "remove one of the two values, or draw the steps as 'mark: line'",
}


class _Bar(NamedTuple):
    """A bar, of a histogram or of filled stairs too: its layer, its colour, and its corners in data and in pixels."""

    layer: DrawnLayer
    color: Any
    data: Any
    box: Any  # left, bottom, right, top, within the panel


def find_covered(drawn: LayeredFigure) -> Iterator[Problem]:
    """Yield a problem for each layer of a drawn figure whose data are hidden by other data, or by a later layer."""
    panels: defaultdict[Any, list[DrawnLayer]] = defaultdict(list)
    for layer in drawn.layers:
        panels[layer.where[:-2]].append(layer)
    for layers in panels.values():
        found = [*_find_covered_bars(layers), *_find_groups_in_one_place(layers), *find_covered_points(layers)]
        for layer in layers:
            found += [*_find_in_one_place(layer), *_find_at_edge(layer)]
        yield from found
        reported = {problem.where[: len(layers[0].where)] for problem in found}
        yield from (problem for problem in find_covered_layers(layers) if problem.where not in reported)


def _find_covered_bars(layers: Sequence[DrawnLayer]) -> Iterator[Problem]:
    """Yield a problem for each layer of bars of which some are covered by later ones, of the same or another layer.

    A later bar hides one within it, and the end of one with the same sides. A translucent bar hides nothing, unless it
    is of the same layer and colour, and so reads as a part of the other.
    """
    bars = [*_bars(layers)]
    boxes, vertical = np.asarray([bar.box for bar in bars]), np.asarray([_is_vertical(bar.layer) for bar in bars])
    opaque = np.asarray([bar.color[3] >= OPAQUE for bar in bars])
    known: dict[Any, int] = {}
    paint = np.asarray([known.setdefault((bar.layer, bar.color), len(known)) for bar in bars])
    covered: defaultdict[tuple[DrawnLayer, DrawnLayer], list[_Bar]] = defaultdict(list)
    for number, bar in enumerate(bars[:-1]):
        own, later, rest = boxes[number], boxes[number + 1 :], slice(number + 1, None)
        overlap = np.minimum(own[2:], later[:, 2:]) - np.maximum(own[:2], later[:, :2])
        along = 0 if vertical[number] else 1
        same_sides = np.all(np.abs(later - own)[:, along::2] < _SAME, axis=1) & (vertical[rest] == vertical[number])
        within = np.all(overlap > own[2:] - own[:2] - _SAME, axis=1)
        hides = within | (same_sides & (overlap[:, 1 - along] > _SAME))
        hides &= opaque[rest] | (paint[rest] == paint[number])
        if np.any(hides):
            covered[bar.layer, bars[number + 1 + int(np.argmax(hides))].layer].append(bar)
    for (layer, other), hidden in covered.items():
        by = "other bars of the layer" if other is layer else f"the bars of {_name(other)}"
        total = sum(bar.layer is layer for bar in bars)
        key = "edges" if layer.layer.mark == "stairs" else "x"
        yield _problem(layer, key, len(hidden), total, f"bars cannot be seen in full behind {by}", _position(hidden[0]))


def _bars(layers: Sequence[DrawnLayer]) -> Iterator[_Bar]:
    """Yield the visible bars of a panel, in the order in which they are drawn."""
    for layer, artist in in_drawing_order(layers):
        panel = layer.axes.bbox.extents
        for corners in _corners(layer, artist):
            pixels = np.sort(layer.axes.transData.transform(corners), axis=0).ravel()
            box = np.concatenate([np.maximum(panel[:2], pixels[:2]), np.minimum(panel[2:], pixels[2:])])
            if np.all(box[2:] - box[:2] > _SAME):  # false for nan, too
                yield _Bar(layer, artist.get_facecolor(), corners, box)


def _corners(layer: DrawnLayer, artist: Any) -> Iterator[Any]:
    """Yield two opposite corners of each bar of an artist, in data."""
    if layer.layer.mark in {"bar", "histogram"} and isinstance(artist, Rectangle):
        yield artist.get_bbox().get_points()
    elif isinstance(artist, StepPatch) and artist.get_fill():
        values, edges, baseline = artist.get_data()
        bases = np.broadcast_to(baseline, values.shape)
        yield from np.stack([np.stack([edges[:-1], bases], 1), np.stack([edges[1:], values], 1)], 1)


def _is_vertical(layer: DrawnLayer) -> bool:
    return not isinstance(layer.layer, Directed) or layer.layer.direction == "vertical"


def _position(bar: _Bar) -> str:
    letter = "x" if _is_vertical(bar.layer) else "y"
    return _place(bar.layer.axes, letter, float(np.mean(bar.data, axis=0)["xy".index(letter)]))


def _place(axes: Axes, letter: str, value: float) -> str:
    """Return how a position is called along its axis: its category, date or number."""
    axis: Any = axes.xaxis if letter == "x" else axes.yaxis
    formatter = axis.get_major_formatter()
    if isinstance(formatter, AutoDateFormatter | ConciseDateFormatter | DateFormatter):
        return f"{np.datetime64(0, 's') + np.timedelta64(round(value * 86400), 's')}".removesuffix("T00:00:00")
    if isinstance(formatter, OF_NAMES):  # of categories and of named groups
        # Of axes that share their ticks, matplotlib lists the labels of the visible ones only.
        ticks = axis.get_major_ticks()
        name = next((tick.label1.get_text() for tick in ticks if abs(tick.get_loc() - value) < _NEAR), "")
        if name:
            return f"'{as_written(name)}'"
    return f"{letter} = {value:g}"


def _find_groups_in_one_place(layers: Sequence[DrawnLayer]) -> Iterator[Problem]:
    """Yield a problem for each layer of boxes or violins of which some are drawn over others of the same mark."""
    groups = []
    for layer in layers:
        if isinstance(layer.layer, Grouped):
            for values, position in zip(*layer.layer.groups(layer.arrays["y"]), strict=True):
                along = 1 if _is_vertical(layer) else -1  # the order of the coordinates, x first or y first
                points = np.asarray([[position, np.min(values)], [position, np.max(values)]])[:, ::along]
                pixels = layer.axes.transData.transform(points)[:, ::along]
                groups.append((layer, position, pixels[0, 0], *sorted(pixels[:, 1])))
    covered: defaultdict[tuple[DrawnLayer, DrawnLayer], list[float]] = defaultdict(list)
    for (layer, position, at, low, high), (other, _, other_at, other_low, other_high) in combinations(groups, 2):
        same = layer.layer.mark == other.layer.mark and _is_vertical(layer) == _is_vertical(other)
        if same and abs(at - other_at) < _SAME and low <= other_high and other_low <= high:
            covered[layer, other].append(position)
    for (layer, other), positions in covered.items():
        what = "boxes" if layer.layer.mark == "box" else "violins"
        by = "another one" if other is layer else f"those of {_name(other)}"
        total, first = sum(one[0] is layer for one in groups), "x" if _is_vertical(layer) else "y"
        place = _place(layer.axes, first, positions[0])
        yield _problem(
            layer, "positions", len(set(positions)), total, f"{what} cannot be told from {by} in the same place", place
        )


def _find_in_one_place(layer: DrawnLayer) -> Iterator[Problem]:
    """Yield a problem if some points of a layer are at the x of another, in a way that hides their values."""
    find, what = _IN_ONE_PLACE.get(layer.layer.mark, (lambda _: (), ""))
    if hidden := sorted({*find(layer)}):
        x = np.ravel(layer.arrays["x"])
        yield _problem(layer, "x", len(hidden), x.size, what, _place(layer.axes, "x", float(x[hidden[0]])))


def _overlapping_error_bars(layer: DrawnLayer) -> Iterator[int]:
    """Yield the points whose error bar is drawn over that of another point: where one ends cannot be seen."""
    arrays = layer.arrays
    for across, along, name in (("x", "y", "error"), ("y", "x", "x_error")):
        if name in arrays or f"{name}_low" in arrays:
            middle = arrays[along].ravel()
            low = middle - arrays.get(f"{name}_low", arrays.get(name)).ravel()
            high = middle + arrays.get(f"{name}_high", arrays.get(name)).ravel()
            for points in _in_one_place(arrays[across].ravel()):
                reach = -np.inf
                for point in sorted(points[~np.isnan(low[points])], key=lambda point: low[point]):
                    if low[point] <= reach:
                        yield point
                    reach = max(reach, high[point])


def _overlapping_stems(layer: DrawnLayer) -> Iterator[int]:
    """Yield the points whose stem is a part of a longer one."""
    y = layer.arrays["y"].ravel() - np.ravel(layer.arrays.get("base", 0.0))[0]
    for points in _in_one_place(layer.arrays["x"].ravel()):
        for side in ([point for point in points if y[point] > 0], [point for point in points if y[point] < 0]):
            yield from sorted(side, key=lambda point: abs(y[point]))[:-1]


def _hidden_steps(layer: DrawnLayer) -> Iterator[int]:
    """Yield the points whose value holds for no length, within the edge that joins the values before and after it."""
    x, y = layer.arrays["x"].ravel(), layer.arrays["y"].ravel()
    hold = layer.layer.hold  # type: ignore[attr-defined]
    for point in range(1, x.size - 1) if hold != "around" else ():
        low, high = sorted((y[point - 1], y[point + 1]))
        if x[point] == x[point + 1 if hold == "after" else point - 1] and low < y[point] < high:
            yield point


_IN_ONE_PLACE = {
    "errorbar": (_overlapping_error_bars, "error bars cannot be told from another one in the same place"),
    "stem": (_overlapping_stems, "stems cannot be told from a longer one in the same place"),
    "step": (_hidden_steps, "values cannot be seen, since another one is at the same position"),
}


def _in_one_place(positions: Any) -> Iterator[Any]:
    """Yield the indices of the points at each position that two or more of them have."""
    values, inverse, counts = np.unique(positions, return_inverse=True, return_counts=True)
    for number in np.flatnonzero((counts > 1) & np.isfinite(values)):
        yield np.flatnonzero(inverse == number)


def _find_at_edge(layer: DrawnLayer) -> Iterator[Problem]:
    """Yield a problem if lines of a layer are from end to end at an edge of the panel, under its frame."""
    artists = layer.artists if layer.layer.mark in {"rule", "line", "step"} else ()
    lines = [line for line in artists if isinstance(line, Line2D) and line.get_marker() in {None, "", "None", "none"}]
    if edges := [*filter(None, (_edge_that_hides(line, layer.axes) for line in lines))]:
        message = f"{len(edges)} of {len(lines)} lines cannot be seen at the {edges[0]} edge of the panel"
        hint = "set 'limits' beyond it, or draw it over the frame: 'order: 3', with a 'width' of 1 or more"
        yield Problem(layer.where, message, hint=hint)


def _edge_that_hides(line: Line2D, axes: Axes) -> str:
    """Return the edge of a panel that too little of a line is within, or beside its frame; "" if it is seen."""
    figure: Any = axes.figure
    vertices = line.get_transform().transform(np.asarray(line.get_path().vertices))
    for side, (along, sign) in {"left": (0, 1), "bottom": (1, 1), "right": (0, -1), "top": (1, -1)}.items():
        edge = (axes.bbox.min if sign > 0 else axes.bbox.max)[along]
        distances = np.nan_to_num(sign * (vertices[:, along] - edge), nan=-np.inf, posinf=np.inf)
        inside = np.max(distances, initial=-np.inf) * 72 / figure.dpi
        frames = [
            other.spines[side].get_linewidth() / 2
            for other in figure.axes[figure.axes.index(axes) :]
            if other.bbox.bounds == axes.bbox.bounds and other.axison and side in other.spines
            if other.spines[side].get_visible()
            if other is not axes or other.spines[side].get_zorder() >= line.get_zorder()
        ]
        if 0 < inside + line.get_linewidth() / 2 < max(frames, default=0) + _LEAST_WIDTH:
            return side
    return ""


def _problem(layer: DrawnLayer, key: str, count: int, total: int, what: str, place: str) -> Problem:
    message = f"{count} of {total} {what}, the first at {place}"
    return Problem((*layer.where, key), message, hint=_HINTS[layer.layer.mark])


def _name(layer: DrawnLayer) -> str:
    return f"layers[{layer.where[-1]}]"
