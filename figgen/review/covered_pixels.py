"""Check that points and whole layers can be seen, by the pixels that are left of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import PathCollection
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Affine2D

from figgen.drawing.layered import DrawnLayer
from figgen.errors import Problem

# The share of the points of a scatter that later ones may cover wholly. Of 500 points of a normal distribution, drawn
# in the usual size, this is about 1 %, and 20 % if they are rounded to a tenth of its width.
MAX_COVERED = 0.5
OPAQUE = 0.95  # the opacity from which on nothing is seen through
_MAX_SHOWN = 0.001  # the share of a layer's pixels that may be left of one that is called covered: edges are blurred
_CHUNK = 2_000_000  # pixels of points that are painted at once


def in_drawing_order(layers: Sequence[DrawnLayer]) -> list[tuple[DrawnLayer, Any]]:
    """Return the artists of the layers of a panel, each with its layer, in the order in which they are drawn."""
    pairs = [(layer, artist) for layer in layers for artist in layer.artists]
    all_axes = layers[0].axes.figure.axes
    return sorted(pairs, key=lambda pair: (all_axes.index(pair[0].axes), pair[1].get_zorder()))


def find_covered_layers(layers: Sequence[DrawnLayer]) -> Iterator[Problem]:
    """Yield a problem for each layer of a panel that later ones cover wholly, such as a line by an equal one."""
    panel = layers[0].axes.get_window_extent()
    width, height = (int(side) for side in layers[0].axes.figure.bbox.size)
    rows = slice(max(0, height - int(np.ceil(panel.y1))), max(0, height - int(panel.y0)))  # counted from the top
    columns = slice(max(0, int(panel.x0)), max(0, int(np.ceil(panel.x1))))
    renderer: Any = RendererAgg(width, height, layers[0].axes.figure.dpi)  # type: ignore[no-untyped-call]
    upper = np.full((height, width), -1, np.int16)[rows, columns]  # by pixel, the uppermost layer that covers it
    shown: dict[int, bool] = {}  # by layer, whether a part of it is visible
    covering: defaultdict[int, set[int]] = defaultdict(set)
    parts = groupby(in_drawing_order(layers), key=lambda pair: (layers.index(pair[0]), pair[1].get_zorder()))
    for (number, _), pairs in reversed([(key, [*group]) for key, group in parts]) if len(layers) > 1 else ():
        renderer.clear()
        for _, artist in pairs:
            artist.draw(renderer)
        alpha = np.asarray(renderer.buffer_rgba())[rows, columns, 3]
        if not alpha.any():
            continue  # outside the panel, or transparent
        own = alpha >= OPAQUE * alpha.max()  # without blurred edges
        over = upper[own]
        is_seen = np.count_nonzero((over < 0) | (over == number)) > _MAX_SHOWN * over.size
        shown[number] = shown.get(number, False) or is_seen
        covering[number] |= {*over.tolist()} - {-1, number}
        if alpha.max() >= OPAQUE * 255 and all(artist.get_alpha() in {None, 1} for _, artist in pairs):
            upper[own & (upper < 0)] = number
    for number in sorted(number for number, is_seen in shown.items() if not is_seen):
        by = " and ".join(f"layers[{layers[other].where[-1]}]" for other in sorted(covering[number]))
        hint = "draw it later, let it be seen by an 'opacity', 'dash' or smaller 'width' of the other, or leave one out"
        yield Problem(layers[number].where, f"the layer cannot be seen behind {by}", hint=hint)


def find_covered_points(layers: Sequence[DrawnLayer]) -> Iterator[Problem]:
    """Yield a problem for each scatter of a panel of which most points are wholly covered by later points.

    Only opaque points count, those whose centre is within the panel.
    """
    panel = layers[0].axes.get_window_extent()
    scatters = [
        (layer, artist)
        for layer, artist in in_drawing_order(layers)
        if isinstance(artist, PathCollection) and layer.layer.mark == "scatter" and _is_opaque(artist)
    ]
    upper = np.full((int(panel.height) + 1, int(panel.width) + 1), -1)  # by pixel, the uppermost point
    drawn: list[Any] = []  # by layer, the numbers of its points within the panel
    for layer, points in scatters:
        centers = points.get_offset_transform().transform(np.ma.filled(points.get_offsets(), np.nan)) - panel.p0
        inside = np.all((centers >= 0) & (centers < np.asarray(upper.shape)[::-1]), axis=1)  # not nan
        numbers = sum(map(len, drawn)) + np.arange(np.count_nonzero(inside))
        sizes = np.resize(points.get_sizes(), len(inside))[inside]
        _paint(upper, points, sizes, np.floor(centers[inside]).astype(int), numbers, filled=_is_filled(layer))
        drawn.append(numbers)
    seen = np.zeros(sum(map(len, drawn)) + 1, bool)  # the last is for pixels without a point, -1
    seen[upper] = True
    for (layer, _), numbers in zip(scatters, drawn, strict=True):
        hidden = np.count_nonzero(~seen[numbers])
        if hidden > MAX_COVERED * len(numbers):
            message = f"{hidden:,} of {len(numbers):,} points cannot be seen behind later ones"
            hint = "draw smaller points, an 'opacity' below 1, another scale, or the number at each place as a heatmap"
            yield Problem((*layer.where, "x"), message, (f"at most {MAX_COVERED:.0%}",), hint)


def _is_opaque(points: Any) -> bool:
    faces = points.get_facecolor()  # with the opacity of the layer
    return len(faces) > 0 and bool(np.all(faces[:, 3] >= OPAQUE))


def _is_filled(layer: DrawnLayer) -> bool:
    marker = getattr(layer.layer, "marker", None) or mpl.rcParams["scatter.marker"]
    return MarkerStyle(marker).is_filled()


def _paint(upper: Any, points: Any, sizes: Any, centers: Any, numbers: Any, *, filled: bool) -> None:
    """Write the number of each point into the pixels of its marker, unless a higher one is there.

    Of a marker that is only lines, this is its centre: another one hides it that is at the same pixel.
    """
    (path,) = points.get_paths()
    pixels_per_point = points.get_figure().dpi / 72
    edge = points.get_linewidths()[0] if len(points.get_edgecolor()) else 0.0
    for size in np.unique(sizes):
        marker = np.zeros((1, 2), int)
        if filled:
            corners = Affine2D().scale((np.sqrt(size) + edge) * pixels_per_point).transform_path(path)
            reach = int(np.abs(corners.vertices).max()) + 1
            grid = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1).T
            marker = np.vstack([grid[corners.contains_points(grid)], marker])
        same = np.flatnonzero(sizes == size)
        for part in np.array_split(same, len(same) * len(marker) // _CHUNK + 1):
            at = centers[part, None, :] + marker
            on = np.all((at >= 0) & (at < np.asarray(upper.shape)[::-1]), axis=-1)
            np.maximum.at(upper, (at[on][:, 1], at[on][:, 0]), np.broadcast_to(numbers[part, None], on.shape)[on])
