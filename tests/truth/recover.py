"""Read a drawn figure as a reader does: the shapes in it, in pixels, and the values that its tick labels give to pixels.

What is drawn comes from matplotlib's own calls to the renderer, never from the arrays or the review of figgen.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text

from tests.truth.labels import read_dates, read_numbers

PIXEL = 1.0  # the distance at which a value is seen to be another one


@dataclass(frozen=True, eq=False)
class Shape:
    """One call to the renderer: a path, the markers at some points, or a text.

    `points` are pixels: the vertices of the path, the places of the markers or the anchor of the text. `look` is what
    tells it from other shapes, apart from `size`: its kind, colours, dashes and the form of its markers. That is the
    width of its line or of a marker, in points.
    """

    kind: str
    points: Any
    look: tuple[Any, ...] = ()
    artist: Any = None
    text: str = ""
    size: float = 0

    @property
    def bounds(self):
        return np.asarray([np.nanmin(self.points, axis=0), np.nanmax(self.points, axis=0)])

    @property
    def middle(self):
        return self.bounds.mean(0)


class Recorder(RendererBase):
    """A renderer that records what it is told to draw."""

    def __init__(self, figure, artist=None):
        super().__init__()
        self.width, self.height = figure.bbox.size
        self.dpi, self.artist, self.shapes = figure.dpi, artist, []
        # Only to measure texts, which matplotlib does before it draws them.
        self.get_text_width_height_descent = RendererAgg(1, 1, figure.dpi).get_text_width_height_descent

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points * self.dpi / 72

    def draw_path(self, gc, path, transform, rgbFace=None):  # noqa: N803 - matplotlib's own name
        path = transform.transform_path(path)
        path.should_simplify = False
        for points in path.to_polygons(closed_only=False):
            self.shapes.append(Shape("path", points, _look(gc, rgbFace), self.artist, size=gc.get_linewidth()))

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):  # noqa: N803 - matplotlib's
        vertices = marker_trans.transform_path(marker_path).vertices
        size = np.ptp(vertices, axis=0).max()
        look = ("marker", *_look(gc, rgbFace)[1:], tuple(np.round(vertices / (size or 1), 1).ravel()))
        points = size * 72 / self.dpi
        self.shapes.append(Shape("markers", trans.transform(path.vertices), look, self.artist, size=points))

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # noqa: FBT002, ARG002 - matplotlib's
        if mtext is not None:
            anchor = np.asarray([mtext.get_transform().transform(mtext.get_position())])
            self.shapes.append(Shape("text", anchor, ("text",), mtext, mtext.get_text()))

    def draw_image(self, *_):
        """Leave images out: their pixels are read."""


def _look(gc, face):
    """Return what a shape looks like: ("line", colour, dashes) or ("fill", colour, colour of the edge)."""
    alpha = gc.get_alpha()
    width = gc.get_linewidth()
    stroke = _color(gc.get_rgb(), 1) if width else (0.0, 0.0, 0.0, 0.0)
    dashes = gc.get_dashes()[1]
    if face is None or (len(face) > 3 and face[3] == 0):
        return "line", stroke, tuple(round(length / (width or 1), 2) for length in dashes or ())
    return "fill", _color(face, alpha), stroke if stroke[3] else None


def _color(rgb, alpha):
    return tuple(round(float(part), 3) for part in ((*rgb[:3], rgb[3]) if len(rgb) > 3 else (*rgb, alpha)))


def shapes_of(figure, artist):
    """Return the shapes that an artist is drawn as."""
    recorder = Recorder(figure, artist)
    artist.draw(recorder)
    return [shape for shape in recorder.shapes if np.isfinite(shape.points).any()]


def data_artists(axes):
    """Return the artists of some axes that show data, in the order in which they were added."""
    around = {axes.patch, axes.xaxis, axes.yaxis, axes.get_legend(), *axes.spines.values(), *axes.child_axes}
    texts = {child for child in axes.get_children() if isinstance(child, Text) and child not in {*axes.texts}}
    return [child for child in axes.get_children() if child not in around | texts and child.get_visible()]


@dataclass(frozen=True, eq=False)
class Reading:
    """What the ticks of one axis say: the value of each label, and the pixel of its tick.

    `pixel_of` is the position of a value by the labels, for values on a scale whose function is `scale`.
    """

    labels: list[str]
    values: Any
    pixels: Any
    scale: Any
    slope: float = np.nan
    start: float = np.nan
    slack: float = PIXEL

    def pixel_of(self, values):
        with np.errstate(all="ignore"):
            return self.start + self.slope * self.scale(np.asarray(values, float))


def scale_of(axis):
    """Return the function of an axis' scale: distances along the axis are proportional to its values."""

    def symlog(x):
        base, threshold = axis.get("base", 10), axis["threshold"]
        linear = 1 / (1 - 1 / base)
        outside = threshold * (linear + np.log(np.maximum(np.abs(x), threshold) / threshold) / np.log(base))
        return np.where(np.abs(x) <= threshold, x * linear, np.sign(x) * outside)

    return {
        "linear": lambda x: x,
        "log": lambda x: np.log10(np.maximum(x, 0)),
        "logit": lambda x: np.log10(np.clip(x, 0, 1)) - np.log10(1 - np.clip(x, 0, 1)),
        "symlog": symlog,
    }[axis.get("scale", "linear")]


def tick_labels(figure, axis):
    """Return the labels that an axis is drawn with, each with the pixel of its tick, in order, and the offset text."""
    along = 0 if axis.axis_name == "x" else 1
    texts = [shape for shape in shapes_of(figure, axis) if shape.kind == "text"] if axis.get_visible() else []
    ticks = [shape for shape in texts if shape.artist not in {axis.label, axis.offsetText}]
    offset = " ".join(shape.text for shape in texts if shape.artist is axis.offsetText)
    return sorted((shape.points[0, along], shape.text) for shape in ticks if shape.text), offset


def read_axis(figure, axis, kind, scale, context):
    """Return the reading of an axis of numbers, dates or categories, and what is false about its labels.

    `context` is what a reader knows besides: the categories in the order of their positions, or the first year.
    """
    found, offset = tick_labels(figure, axis)
    pixels, labels = np.asarray([pixel for pixel, _ in found]), [label for _, label in found]
    if kind == "dates":
        order = -1 if axis.get_inverted() else 1
        values, faults = read_dates(labels[::order], offset, context, inverted=order < 0)
        values = values[::order]
    elif kind == "texts":
        faults = [f"the tick label {label!r} is no category" for label in labels if label not in context]
        values = [float(context.index(label)) if label in context else np.nan for label in labels]
    else:
        values, faults = read_numbers(labels, offset)
    repeated = sorted({label for label in labels if labels.count(label) > 1})
    if repeated and not (kind == "dates" and len(set(values)) == len(values)):
        faults.append(f"several ticks have the label {repeated[0]!r}")
    reading = Reading(labels, np.asarray(values, float), pixels, scale)
    return (reading, faults) if faults else fit(reading)


def fit(reading):
    """Return a reading with the line through its labels, and a fault for each label that is not on it."""
    with np.errstate(all="ignore"):
        at = reading.scale(reading.values)
    if len(at) < 2 or not np.isfinite(at).all() or np.ptp(at) == 0:
        return reading, []
    slope, start = np.polyfit(at - at[0], reading.pixels, 1)
    off = np.abs(start + slope * (at - at[0]) - reading.pixels)
    worst = int(np.argmax(off))
    fitted = Reading(
        reading.labels, reading.values, reading.pixels, reading.scale, slope, start - slope * at[0], PIXEL + off.max()
    )
    if off[worst] <= PIXEL:
        return fitted, []
    return fitted, [f"the tick labelled {reading.labels[worst]!r} is {off[worst]:.1f} px from where that is"]


def raster(figure, shown=lambda _: True, *, framed=False):
    """Return the pixels of the data, and of the frame if it is to be `framed`, drawn in their order, as an array of shape (rows, columns, 4).

    `shown` is a function that returns whether an artist of the data is drawn.
    """
    width, height = map(int, figure.bbox.size)
    renderer = RendererAgg(width, height, figure.dpi)
    for axes in sorted(figure.axes, key=lambda axes: axes.zorder):
        if axes.patch.get_visible() and axes.axison:
            axes.patch.draw(renderer)
        frame = {*axes.spines.values()} if framed and axes.axison else set()
        for artist in sorted([*data_artists(axes), *frame], key=lambda artist: artist.zorder):
            if artist in frame or shown(artist):
                artist.draw(renderer)
    return np.asarray(renderer.buffer_rgba()).astype(np.int16)


def legend_entries(figure):
    """Return the entries of all legends: each is its text, with the looks of the shapes beside it, and their sizes."""
    legends = [*figure.legends, *(legend for axes in figure.axes if (legend := axes.get_legend()) is not None)]
    entries = []
    for legend in legends:
        texts = [(text.get_window_extent(), text.get_text()) for text in legend.get_texts()]
        looks: list[dict[Any, float]] = [{} for _ in texts]
        keys = legend.findobj(lambda artist: not artist.get_children() and not isinstance(artist, Text))
        for key in keys:
            for shape in shapes_of(figure, key) if key is not legend.get_frame() else ():
                x, y = shape.middle
                gaps = [box.x0 - x + 10 * abs((box.y0 + box.y1) / 2 - y) if box.x0 > x else np.inf for box, _ in texts]
                beside = looks[int(np.argmin(gaps))]
                beside[shape.look] = max(shape.size, beside.get(shape.look, 0))
        entries += [(text, look) for (_, text), look in zip(texts, looks, strict=True)]
    return entries
