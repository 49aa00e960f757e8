"""Find what is drawn for each feature of a layer: the way from a value to a pixel is that of the tick labels."""

from collections import defaultdict

import numpy as np
from matplotlib.path import Path

from tests.truth.recover import PIXEL


class Place:
    """Where the values of a layer are drawn: its axes, and the readings of its x and y axes."""

    def __init__(self, axes, x, y):
        self.axes, self.x, self.y = axes, x, y
        self.slack = np.asarray([x.slack, y.slack]) + PIXEL / 2
        self.point = axes.get_figure().dpi / 72  # in pixels

    def pixels(self, xy):
        """Return the pixels of values, an (n, 2) array, by what the tick labels say."""
        xy = np.asarray(xy, float)
        return np.column_stack([self.x.pixel_of(xy[:, 0]), self.y.pixel_of(xy[:, 1])])

    def clip(self, points):
        """Return points with those outside the panel moved to its edge, also those that have no place on its scale."""
        return np.clip(np.nan_to_num(points, nan=-1e9), self.axes.bbox.min, self.axes.bbox.max)

    def near(self, one, other):
        """Check, for each pair of points, whether a reader would say that they are at the same values."""
        return np.all(np.abs(one - other) <= self.slack, axis=-1)


def find_shapes(place, feature, shapes):
    """Return the shapes that a feature is drawn as; None if it is not drawn, or elsewhere."""
    return _MATCHES[feature.how](place, feature, shapes)


def _paths(shapes):
    return (shape for shape in shapes if shape.kind == "path")


def _by_artist(shapes):
    found = defaultdict(list)
    for shape in shapes:
        if shape.kind != "text":
            found[shape.artist].append(shape)
    return found.values()


def _without_repeats(points):
    keep = np.ones(len(points), bool)
    keep[1:] = np.any(np.abs(np.diff(points, axis=0)) > 0.02, axis=1)
    return points[keep]


def _line(place, feature, shapes):
    expected = _without_repeats(place.clip(place.pixels(feature.xy)))
    for shape in _paths(shapes):
        drawn = _without_repeats(place.clip(shape.points))
        both_ways = (drawn, drawn[::-1]) if shape.look[0] == "line" and len(drawn) == len(expected) else ()
        if any(place.near(points, expected).all() for points in both_ways):
            return [shape]
    return None


def _outline(place, feature, shapes):
    expected = place.clip(place.pixels(feature.xy))
    for shape in _paths(shapes):
        near = place.near(place.clip(shape.points)[:, None], expected[None])
        if near.any(0).all() and near.any(1).all():
            return [shape]
    return None


def _extent(place, feature, shapes):
    low, high = place.clip(np.sort(place.pixels(feature.xy), axis=0))
    # The width of a box is free, so that it is only centred there.
    centred = (np.ptp(np.asarray(feature.xy, float), axis=0) == 0) & (feature.more == "centred")
    for shape in _paths(shapes):
        first, last = place.clip(np.asarray([np.nanmin(shape.points, axis=0), np.nanmax(shape.points, axis=0)]))
        off = np.where(
            centred, np.abs(first + last - low - high) / 2, np.maximum(np.abs(first - low), np.abs(last - high))
        )
        if np.all(off <= place.slack):
            return [shape]
    return None


def _points(place, feature, shapes):
    expected = place.clip(place.pixels(feature.xy))
    for own in _by_artist(shapes):
        paths = [*_paths(own)]
        for chosen in [*([shape] for shape in own if shape.kind == "markers"), paths]:
            points = [shape.points if shape.kind == "markers" else [shape.middle] for shape in chosen]
            drawn = place.clip(np.concatenate(points)) if points else np.empty((0, 2))
            if len(drawn) == len(expected) and _are_pairs(place, drawn, expected):
                return chosen
    return None


def _are_pairs(place, drawn, expected):
    """Check whether each expected point has a drawn one of its own."""
    free = [*range(len(drawn))]
    for point in expected:
        nearest = min(free, key=lambda index: np.sum((drawn[index] - point) ** 2))
        if not place.near(drawn[nearest], point):
            return False
        free.remove(nearest)
    return True


def _text(place, feature, shapes):
    for shape in shapes:
        is_there = feature.xy is None or place.near(shape.points, place.pixels(feature.xy)).all()
        if shape.kind == "text" and shape.text == feature.more and is_there:
            return [shape]
    return None


def _arrow(place, feature, shapes):
    # matplotlib leaves 2 points free at both ends, and the line of the head has a width of its own.
    reach = 4 * place.point + place.slack.max()
    ends = place.pixels(feature.xy)
    for own in _by_artist(shapes):
        vertices = np.concatenate([shape.points for shape in _paths(own)] or [np.empty((0, 2))])
        if len(vertices) and all(np.hypot(*(vertices - end).T).min() <= reach for end in ends):
            return own
    return None


def _through(place, feature, shapes):
    """Find a straight line that has a slope in the units of the axes: on two log axes, in decades."""
    x, y = place.x.scale(feature.xy[0][0]), place.y.scale(feature.xy[0][1])
    for shape in _paths(shapes):
        if len(shape.points) == 2:
            run = (shape.points[:, 0] - place.x.start) / place.x.slope - x
            rise = (shape.points[:, 1] - place.y.start) / place.y.slope - y
            steepness = abs(feature.more * place.y.slope / place.x.slope)
            if np.all(np.abs(rise - feature.more * run) * abs(place.y.slope) <= place.slack.max() * (1 + steepness)):
                return [shape]
    return None


def _vectors(place, feature, shapes):
    """Find arrows that start at their points, and end at the sum or, scaled to the panel, point there by length."""
    starts, vectors = place.pixels(feature.xy[:, :2]), feature.xy[:, 2:]
    reach = place.slack.max() + PIXEL
    for own in _by_artist(shapes):
        if len(own) != len(starts) or any(shape.kind != "path" for shape in own):
            continue
        drawn = np.asarray([_tail_and_tip(shape.points, start) for shape, start in zip(own, starts, strict=True)])
        if feature.more == "data":
            expected = place.pixels(feature.xy[:, :2] + vectors)
        else:
            lengths, pixels = np.hypot(*vectors.T), np.hypot(*(drawn[:, 1] - drawn[:, 0]).T)
            expected = drawn[:, 0] + vectors * pixels.max() / lengths.max()
        off = np.abs(np.stack([drawn[:, 0] - starts, drawn[:, 1] - expected]))
        if np.all(off <= reach):
            return own
    return None


def _tail_and_tip(points, start):
    """Return the ends of an arrow: the middle of the two vertices next to its start, and the one farthest away."""
    distances = np.hypot(*(points - start).T)
    return points[np.argsort(distances)[:2]].mean(0), points[np.argmax(distances)]


def _wedge(place, feature, shapes):
    """Find a wedge by its area, and by a point in its middle."""
    start, end, hole = feature.more
    centre, right = place.axes.transData.transform([(0, 0), (1, 0)])
    radius, middle = right[0] - centre[0], np.deg2rad((start + end) / 2)
    inner = centre + radius * (1 + hole) / 2 * np.asarray([np.cos(middle), np.sin(middle)])
    for shape in _paths(shapes):
        x, y = (shape.points - centre).T
        area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
        share = abs(end - start) / 360 * (1 - hole**2)
        if abs(area / (np.pi * radius**2) - share) < 0.003 and Path(shape.points).contains_point(inner):
            return [shape]
    return None


def _levels(place, feature, shapes):
    """Find contours at whose vertices z, linear between the points of its grid, is one of the levels."""
    x, y, z, levels = feature.more
    x, y = place.x.pixel_of(x), place.y.pixel_of(y)
    columns, rows = np.argsort(x), np.argsort(y)
    x, y, z = x[columns], y[rows], z[np.ix_(rows, columns)]
    lines = [shape for shape in _paths(shapes) if shape.look[0] == "line"]
    for point in (point for shape in lines for point in shape.points):
        column = int(np.clip(np.searchsorted(x, point[0]) - 1, 0, len(x) - 2))
        row = int(np.clip(np.searchsorted(y, point[1]) - 1, 0, len(y) - 2))
        size = x[column + 1] - x[column], y[row + 1] - y[row]
        right, up = (point[0] - x[column]) / size[0], (point[1] - y[row]) / size[1]
        cell = z[row : row + 2, column : column + 2]
        value = np.asarray([1 - up, up]) @ cell @ np.asarray([1 - right, right])
        if min(abs(value - level) for level in levels) > 3 * np.ptp(cell) / min(size):
            return None
    crossed = {level for level in levels if z.min() < level < z.max()}
    return lines if len(lines) >= len(crossed) else None


_MATCHES = {
    "line": _line,
    "outline": _outline,
    "extent": _extent,
    "points": _points,
    "text": _text,
    "arrow": _arrow,
    "through": _through,
    "vectors": _vectors,
    "wedge": _wedge,
    "levels": _levels,
    "cell": lambda *_: [],  # an image has no shapes: its pixels are compared with the colorbar
}
