"""Judge a figure: recover its data from what is drawn, and list where the picture says something else than its config."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from tests.truth.expected import GROUPED, Reader, features
from tests.truth.labels import read_number
from tests.truth.matches import Place, find_shapes
from tests.truth.recover import (
    PIXEL,
    Reading,
    data_artists,
    fit,
    legend_entries,
    raster,
    read_axis,
    scale_of,
    shapes_of,
    tick_labels,
)

VISIBLE = 8  # of 255: a smaller difference of colours is not seen
LEGEND_MARKS = {"bar", "histogram"}  # whose `labels` are in the legend; those of other marks are beside an axis


class Fault(NamedTuple):
    """What is false in a picture: ticks, limits, data, hidden, legend or colors, and a sentence."""

    kind: str
    message: str


class Owned(NamedTuple):
    """A feature of a series of a layer, and the shapes that it is drawn as."""

    panel: int
    index: int
    layer: dict
    feature: object
    shapes: list
    place: Place

    def __str__(self):
        return f"layer {self.index} ({self.layer['mark']})"

    def is_within(self, shape):
        """Check whether some of a shape is within the panel."""
        return np.all(shape.bounds[1] >= self.place.axes.bbox.min) and np.all(
            shape.bounds[0] <= self.place.axes.bbox.max
        )

    def is_large(self, shape):
        """Check whether a shape can be seen beside the marker that it belongs to, or the line in its middle."""
        points = self.place.clip(shape.points)
        length = np.ptp(points, axis=0).max()
        if shape.look[0] != "fill":
            return shape.kind == "markers" or length >= 12 * PIXEL
        (x, y), (next_x, next_y) = points.T, np.roll(points, -1, axis=0).T
        return abs(np.sum(x * next_y - y * next_x)) / 2 >= 2 * PIXEL * length > 0


class Picture:
    """A drawn figure, and what each of its artists contributes to its pixels."""

    def __init__(self, figure):
        self.figure, self.known = figure, {}
        self.whole, self.empty = raster(figure, framed=True), raster(figure, lambda _: False)

    def pixels_of(self, *artists):
        """Return which pixels show some artists, rows from above, as an array of booleans.

        At a blurred edge, a share s (1 - s) of a colour shines through what covers it: a quarter at most.
        """
        key = frozenset(artists)
        if key not in self.known:
            without = raster(self.figure, lambda other: other not in key, framed=True)
            alone = raster(self.figure, lambda other: other in key)
            least = max(VISIBLE, 0.3 * np.max(np.abs(alone - self.empty)))
            self.known[key] = np.max(np.abs(without - self.whole), axis=2) > least
        return self.known[key]

    def shows(self, owned):
        """Check whether anything of some features can be seen."""
        return self.pixels_of(*(shape.artist for own in owned for shape in own.shapes if own.is_within(shape))).any()


def judge(document, figure):
    """Return all that is false in a figure, which is laid out, by the config that it was drawn from."""
    picture, found, owned = Picture(figure), [], []
    panels = document.get("panels", [document])
    for number, (panel, axes) in enumerate(zip(panels, figure.axes, strict=False)):
        twins = [one for one in figure.axes[len(panels) :] if one.bbox.bounds == axes.bbox.bounds]
        sides = {"x": axes, "y": axes} | ({"right": twins[0]} if twins else {})
        reader, readings = Reader(document, panel), {}
        for name, side in sides.items():
            readings[name], faults = _read(side, name, panel.get("axes", {}).get(name, {}), reader)
            found += faults
        for side, own in list(sides.items())[1:]:
            place = Place(own, readings["x"], readings[side])
            found += _check_layers(number, panel, side, place, reader, owned)
    found += [fault for own in owned for fault in _check_colors(picture, panels, own)]
    return [*found, *_find_hidden(picture, owned), *_check_legend(picture, panels, owned)]


# Axes: what their labels say, and where they end.


def _read(axes, name, spec, reader):
    axis, along = (axes.xaxis, 0) if name == "x" else (axes.yaxis, 1)
    kind, context = reader.kind(name)
    ticks, figure, scale = spec.get("ticks", {}), axes.get_figure(), scale_of(spec)
    if named := reader.named(name) or dict(zip(ticks.get("labels", ()), ticks.get("at", ()), strict=False)):
        found = tick_labels(figure, axis)[0]
        pixels, labels = [pixel for pixel, _ in found], [label for _, label in found]
        values = np.asarray([named.get(label, read_number(label)) for label in labels])
        reading, faults = fit(Reading(labels, values, np.asarray(pixels), scale))
        faults += [
            f"no position has the name {one!r}" for one, value in zip(labels, values, strict=True) if np.isnan(value)
        ]
    else:
        reading, faults = read_axis(figure, axis, kind, scale, context)
    shown = axes.axison and any(label.get_visible() for label in axis.get_ticklabels())
    if kind == "numbers" and shown and "at" not in ticks and not reader.has_groups(name) and len(reading.labels) < 2:
        faults.append(f"{len(reading.labels)} ticks have a label")
    found = [Fault("ticks", f"{name} axis: {fault}") for fault in faults]
    ends = np.asarray([axes.bbox.min[along], axes.bbox.max[along]])
    if np.isnan(reading.slope):  # too few labels, which is the author's wish or reported: by matplotlib's own ends
        at = scale(np.asarray(axis.get_view_interval()))
        slope = (ends[1] - ends[0]) / (at[1] - at[0])
        reading = Reading([], at, ends, scale, slope, ends[0] - slope * at[0])
    found += [Fault("ticks", f"{name} axis: {fault}") for fault in _secondary_faults(axes, along, spec, reading)]
    for limit in spec.get("limits", ()):
        if limit is not None and np.min(np.abs(ends - reading.pixel_of(limit))) > reading.slack + PIXEL:
            found.append(Fault("limits", f"{name} axis: neither end is at the limit {limit:g}"))
    return reading, found


def _secondary_faults(axes, along, spec, main):
    """Yield what the second scale of an axis says that its first one does not."""
    if "secondary" not in spec:
        return
    readings = [
        read_axis(axes.get_figure(), (child.xaxis, child.yaxis)[along], "numbers", main.scale, None)[0]
        for child in axes.child_axes
    ]
    reading = max(readings, key=lambda one: len(one.labels))  # that of the other axis has no ticks on this one
    inverse = eval(f"lambda x: {spec['secondary']['inverse']}")  # noqa: S307 - it is of our own config
    off = np.abs(main.pixel_of(inverse(reading.values)) - reading.pixels)
    if len(reading.labels) < 2:
        yield f"{len(reading.labels)} ticks have a label on its second scale"
    elif not np.all(off <= main.slack + PIXEL):
        yield f"the label {reading.labels[np.argmax(off)]!r} of its second scale is not where that is"


# Layers: each of their values is drawn, where the axes say, and nothing else is.


def _check_layers(number, panel, side, place, reader, owned):
    axes, found = place.axes, []
    specs = panel.get("axes", {})
    free = [shape for artist in data_artists(axes) for shape in shapes_of(axes.get_figure(), artist)]
    layers = [
        (index, layer)
        for index, layer in enumerate(panel["layers"])
        if (layer.get("on") == "right") == (side == "right")
    ]
    for index, layer in layers:
        for feature in features(reader, layer):
            shapes = find_shapes(place, feature, free)
            own = Owned(number, index, layer, feature, shapes or [], place)
            if shapes is None:
                found.append(Fault("data", f"{own}: no {feature.how} is drawn for {feature}"))
                continue
            free = [shape for shape in free if shape not in shapes]
            owned.append(own)
            limits = [specs.get(name, {}).get("limits", (None, None)) for name in ("x", side)]
            if any(_is_outside(own, along) for along in range(2) if tuple(limits[along]) == (None, None)):
                found.append(Fault("limits", f"{own}: {feature} is outside of the panel"))
    if not {layer["mark"] for _, layer in layers} & {"contour", "quiver", "arrow"}:
        areas = (shape for shape in free if shape.kind == "path" and shape.look[0] == "fill")
        extra = [shape for shape in areas if np.ptp(shape.bounds, axis=0).min() >= PIXEL / 2]  # no empty bin
        found += [Fault("data", f"a shape around {shape.middle} is of no layer") for shape in extra]
    return found


def _is_outside(own, along):
    if own.feature.xy is None or own.feature.how in {"vectors", "through", "cell"}:
        return False
    values = own.place.pixels(own.feature.xy)[:, along]
    values = values[np.isfinite(values)]
    low, high = own.place.axes.bbox.min[along], own.place.axes.bbox.max[along]
    return bool(np.any((values < low - own.place.slack[along]) | (values > high + own.place.slack[along])))


def _check_colors(picture, panels, own):
    """Yield a fault if a colour is not the one that the colorbar has at the value that it stands for."""
    mapped = [
        (number, index)
        for number, panel in enumerate(panels)
        for index, layer in enumerate(panel["layers"])
        if "colorbar" in layer
    ]
    if (own.panel, own.index) not in mapped or own.feature.how not in {"cell", "points"}:
        return
    bars = [axes for axes in picture.figure.axes if axes.get_label() == "<colorbar>"]
    bar = bars[mapped.index((own.panel, own.index))]
    pixels = np.asarray(picture.figure.canvas.buffer_rgba())[::-1].astype(int)  # rows from below
    reading, _ = read_axis(picture.figure, bar.yaxis, "numbers", lambda x: x, None)
    box = bar.bbox
    rows = np.arange(int(box.y0) + 2, int(box.y1) - 2)
    colors = pixels[rows, int((box.x0 + box.x1) / 2)]
    if own.feature.how == "cell":
        (x0, y0), (x1, y1) = own.place.pixels(own.feature.xy)
        shown = [(own.feature.more, pixels[int(y0 + 0.2 * (y1 - y0)), int(x0 + 0.2 * (x1 - x0))])]
    else:
        shown = zip(own.feature.more, (255 * np.asarray(shape.look[1]) for shape in own.shapes), strict=True)
    for value, color in shown:
        nearest = rows[np.argmin(np.sum(np.abs(colors - color), axis=1))]
        if abs(nearest - reading.pixel_of(value)) > 4 * PIXEL + 0.02 * len(rows):
            yield Fault("colors", f"{own}: {value:g} has the colour of another value")


# What hides what.


def _find_hidden(picture, owned):
    for own in owned:
        if own.layer.get("opacity") == 0 or str(own.feature.more) == "base":  # the base of stems is no value
            continue
        if own.feature.how == "points" and own.layer["mark"] not in {"line", "box"}:
            yield from _find_covered_points(own)
        for shape in own.shapes:
            if shape.kind != "text" and own.is_within(shape) and own.is_large(shape):
                seen = picture.pixels_of(*_drawn_there(own, shape, owned))
                if not seen.any():
                    yield Fault("hidden", f"{own}: {own.feature} cannot be seen")
                elif own.layer["mark"] == "bar" and own.feature.how == "extent" and _is_cut_short(own, seen):
                    yield Fault("hidden", f"{own}: an end of {own.feature} cannot be seen")
    centred = [own for own in owned if own.layer["mark"] in GROUPED and own.feature.how == "extent"]
    for one, other in combinations(centred, 2):
        bounds = [own.shapes[0].bounds for own in (one, other)]
        if one.index != other.index and np.all(bounds[0][0] < bounds[1][1]) and np.all(bounds[1][0] < bounds[0][1]):
            yield Fault("hidden", f"{one}: {one.feature} is drawn over {other.feature}")


def _drawn_there(own, shape, owned):
    """Return the artist of a shape, and of a rule those of others of its layer that are in the same place."""
    if own.layer["mark"] != "rule":
        return {shape.artist}
    layer = [other for other in owned if (other.panel, other.index) == (own.panel, own.index)]
    rules = [one for other in layer for one in other.shapes]
    return {one.artist for one in rules if np.all(np.abs(one.bounds - shape.bounds) <= PIXEL)}


def _find_covered_points(own):
    """Yield a fault if points of a layer are under others of it: any, or the most of a scatter."""
    pixels = np.round(own.place.pixels(own.feature.xy) * 2)
    covered = len(pixels) - len(np.unique(pixels, axis=0))
    if covered > (len(pixels) / 2 if own.layer["mark"] == "scatter" else 0) and "opacity" not in own.layer:
        yield Fault("hidden", f"{own}: {covered} of {len(pixels)} points are under others")


def _is_cut_short(own, seen):
    """Check whether the pixels that a bar changes end before it does, so that its length cannot be read."""
    along = 0 if own.layer.get("direction") == "horizontal" else 1
    low, high = np.sort(own.place.clip(own.place.pixels(own.feature.xy))[:, along])
    places = np.flatnonzero((seen[::-1] if along else seen.T).any(axis=1))
    return places.min() > low + 3 or places.max() < high - 4


# Legends: each entry looks as what it stands for, which can be seen, and as no other entry.


def _check_legend(picture, panels, owned):
    entries, expected = legend_entries(picture.figure), {}
    for number, panel in enumerate(panels):
        for index, layer in enumerate(panel["layers"]):
            own = [one for one in owned if (one.panel, one.index) == (number, index)]
            named = layer["mark"] in LEGEND_MARKS or layer.get("place") == "legend"
            for series, name in enumerate(layer.get("labels", ())) if named else ():
                expected.setdefault(name, []).append([one for one in own if one.feature.series == series])
            if "label" in layer:
                expected.setdefault(layer["label"], []).append(own)
    written = [text for text, _ in entries]
    yield from (Fault("legend", f"{name!r} has no entry") for name in expected if name not in written)
    for text, look in entries:
        if text not in expected:
            yield Fault("legend", f"the entry {text!r} stands for nothing")
        for own in filter(None, expected.get(text, ())):  # what is not drawn at all is reported already
            if not picture.shows(own):
                yield Fault("legend", f"the entry {text!r} stands for what cannot be seen")
            elif fault := _difference(look, _looks(own)):
                yield Fault("legend", f"the entry {text!r} {fault}")
    for (one, look), (other, same) in combinations(entries, 2):
        if look.keys() == same.keys() and not any(_is_larger(look[part], same[part]) for part in look):
            yield Fault("legend", f"the entries {one!r} and {other!r} look the same")


def _is_larger(*sizes):
    """Check whether a reader can tell one line width or marker size from another, both in points."""
    small, large = sorted(sizes)
    return large >= 1.5 * small and large - small >= 1


def _looks(owned):
    """Return the looks of what is drawn for a layer, but for texts and the outliers of boxes."""
    shown = (one for one in owned if one.layer["mark"] != "box" or one.feature.how != "points")
    return {shape.look for one in shown for shape in one.shapes if shape.kind != "text"}


def _difference(look, drawn):
    """Return how the key of an entry differs from what is drawn; None if a reader finds the one by the other."""
    colors = {part[1] for part in drawn}
    if strange := [part for part in look if part[1] not in colors and part[1][3]]:
        return f"has a {strange[0][0]} of a colour that is not drawn"
    kinds, shown = {part[0] for part in drawn}, {part[0] for part in look}
    if kinds & {"fill", "marker"} and not shown & {"fill", "marker"}:
        return "does not show what is filled"
    return None if look else "shows nothing"
