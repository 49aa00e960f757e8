"""What a config says is in its figure, by an independent reading of its data: numpy on the values, not figgen's arrays."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from tests.truth.recover import scale_of

INF = np.inf


@dataclass(frozen=True, eq=False)
class Feature:
    """A shape that a layer must show, with `xy` in the units of its axes: days since 1970, indices of categories.

    `how` is the way to compare it with what is drawn: a "line" by its vertices in this order, or the reverse; an
    "outline" by its vertices in any order; an "extent" by its lowest and highest x and y, where it is "centred" at one
    that is the same twice; "points" in any order. `more` is what else is to be compared.
    """

    how: str
    xy: Any
    series: int = 0
    more: Any = None

    def __str__(self):
        values = "" if self.xy is None else np.array2string(np.asarray(self.xy, float), precision=4, separator=", ")
        return " ".join(values.split()) or str(self.more)


class Reader:
    """The data of a config, and the categories of the axes of its panel."""

    def __init__(self, document, panel):
        self.data, self.panel = document.get("data", {}), panel
        self.categories = {name: self._categories(name) for name in ("x", "y", "right")}

    def raw(self, formula):
        return np.asarray(self.data[formula]["values"] if isinstance(formula, str) else formula)

    def array(self, formula, axis=None):
        raw = self.raw(formula)
        if raw.dtype.kind != "U":
            return raw.astype(float)
        if self.categories.get(axis):
            return np.asarray([float(self.categories[axis].index(text)) for text in raw.ravel()])
        return (raw.astype("datetime64[s]") - np.datetime64(0, "s")) / np.timedelta64(86400, "s")

    def kind(self, axis):
        """Return whether an axis is one of numbers, dates or texts, and what a reader of it must know."""
        if self.categories[axis]:
            return "texts", self.categories[axis]
        dated = [str(raw.ravel()[0]) for raw in self._strings(axis)]
        return ("dates", int(min(dated)[:4])) if dated else ("numbers", None)

    def has_groups(self, axis):
        """Check whether an axis has the groups of boxes or violins, one or more, with names or without."""
        return any(layer["mark"] in GROUPED and axis == group_axis(layer) for layer in self.panel["layers"])

    def named(self, axis):
        """Return the positions of named groups on an axis, by their names."""
        return {
            name: position
            for layer in self.panel["layers"]
            if layer["mark"] in GROUPED and axis == group_axis(layer)
            for name, (position, _) in zip(layer.get("labels", ()), groups(Getter(self, layer), layer), strict=False)
        }

    def _strings(self, axis):
        for layer in self.panel["layers"]:
            for name, formulas in layer.items():
                for formula in formulas if isinstance(formulas, list) else [formulas]:
                    if (
                        axis_of(layer, name) == axis
                        and isinstance(formula, str)
                        and self.raw(formula).dtype.kind == "U"
                    ):
                        yield self.raw(formula)

    def _categories(self, axis):
        texts = [text for raw in self._strings(axis) for text in raw.ravel().tolist()]
        return [] if any(text[:4].isdigit() for text in texts) else list(dict.fromkeys(texts))


GROUPED = {"box", "violin"}


def group_axis(layer):
    return "y" if layer.get("direction") == "horizontal" else "x"


X_NAMES, Y_NAMES = {"x", "edges", "from_x"}, {"y", "high", "low", "base", "from_y"}


def axis_of(layer, channel):
    """Return the axis that a channel of a layer has positions on; None if it has none."""
    if (layer["mark"] in GROUPED and channel == "x") or (layer["mark"] == "bar" and channel == "base"):
        return None
    along = "x" if channel in X_NAMES else "y" if channel in Y_NAMES else None
    if layer.get("direction") == "horizontal" and along:
        along = "y" if along == "x" else "x"
    return "right" if along == "y" and layer.get("on") == "right" else along


def columns(*arrays):
    return np.column_stack([np.ravel(array) for array in np.broadcast_arrays(*map(np.asarray, arrays))])


def written(number, form):
    """Return a number as it is written in a Python format, of which d takes integers only."""
    return format(int(number) if form == "d" else number, form).replace("-", "\N{MINUS SIGN}")


def stepped(x, y, hold):
    """Return the corners of steps that hold each y after, before or around its x."""
    if hold == "after":
        x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
    elif hold == "before":
        x, y = np.repeat(x, 2)[:-1], np.repeat(y, 2)[1:]
    else:
        middle = (x[1:] + x[:-1]) / 2
        x, y = np.concatenate([x[:1], np.repeat(middle, 2), x[-1:]]), np.repeat(y, 2)
    return x, y


def line(get, layer):
    xy = columns(get("x"), get("y"))
    yield Feature("line", xy)
    if layer.get("marker"):
        yield Feature("points", xy)


def scatter(get, layer):
    xy = columns(get("x"), get("y"))
    yield Feature("points", xy, more=get("color_by") if "color_by" in layer else None)


def step(get, layer):
    yield Feature("line", columns(*stepped(get("x"), get("y"), layer.get("hold", "after"))))


def stem(get, layer):
    x, y = get("x"), get("y")
    base = get("base") if "base" in layer else 0.0
    yield Feature("points", columns(x, y))
    for at, end in zip(x, y, strict=True):
        yield Feature("line", [(at, base), (at, end)])
    yield Feature("line", [(min(x), base), (max(x), base)], more="base")


def stairs(get, layer):
    edges, y = get("edges"), get("y")
    base = get("base") if "base" in layer else 0.0
    corners = columns(np.repeat(edges, 2)[1:-1], np.repeat(y, 2))
    yield Feature("outline", [(edges[0], base), *corners, (edges[-1], base)])


def area(get, layer):
    x, high = get("x"), get("high")
    low = np.broadcast_to(get("low") if "low" in layer else 0.0, x.shape)
    where = get("where") != 0 if "where" in layer else np.ones(x.shape, bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], where, [0]])))
    changes = [edge for edge in edges if 0 < edge < len(x)]
    scales = [scale_of(get.reader.panel.get("axes", {}).get(axis_of(layer, name), {})) for name in ("x", "high")]
    meetings = {edge: meeting(scales, *(side[edge - 1 : edge + 1] for side in (x, high, low))) for edge in changes}
    if None in meetings.values() or "hold" in layer:  # it ends where its sides meet, if they do so at each of its ends
        meetings = {}
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        part = slice(start, stop)
        ends = [meetings[edge] for edge in (start, stop) if edge in meetings]
        if stop - start + len(ends) > 1:
            sides = [(x[part], side[part]) for side in (high, low)]
            if "hold" in layer:
                sides = [stepped(*side, layer["hold"]) for side in sides]
            yield Feature("outline", np.concatenate([columns(*side) for side in sides] + ([ends] if ends else [])))


def meeting(scales, x, high, low):
    """Return where the lines between two points of both sides meet in the picture; None if they do not."""
    to_x, to_y = scales
    first, second = gaps = to_y(high) - to_y(low)
    if np.all(gaps > 0) or np.all(gaps < 0):
        return None
    share = first / (first - second)
    return [value_at(scale, values, share) for scale, values in ((to_x, x), (to_y, high))]


def value_at(scale, ends, share):
    """Return the value at a share of the way between two values on a scale."""
    low, high = ends
    aim = scale(low) + share * (scale(high) - scale(low))
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if (scale(middle) < aim) == (scale(ends[0]) < scale(ends[1])) else (low, middle)
    return middle


def band(get, _):
    x, y, spread = get("x"), get("y"), get("spread")
    yield Feature("line", columns(x, y))
    yield Feature("outline", np.concatenate([columns(x, y - spread), columns(x, y + spread)]))


def errorbar(get, layer):
    x, y = get("x"), get("y")
    yield Feature("points", columns(x, y))
    for name, along in (("x_error", 0), ("error", 1)):
        low, high = (get(side) if side in layer else None for side in (f"{name}_low", f"{name}_high"))
        if name in layer:
            low = high = get(name)
        if low is not None:
            for point, below, above in zip(columns(x, y), *np.broadcast_arrays(low, high, x)[:2], strict=True):
                ends = np.asarray([point, point])
                ends[:, along] += (-below, above)
                yield Feature("line", ends)


def bar(get, layer):
    x, series = get("x"), [np.broadcast_to(heights, get("x").shape) for heights in get.many("y")]
    width = layer.get("width", 0.8) * np.min(np.diff(np.unique(x)), initial=1.0 if get.is_texts("x") else INF)
    width = width if np.isfinite(width) else layer.get("width", 0.8)
    stacked = layer.get("arrange") == "stacked"
    base = np.broadcast_to(get("base") if "base" in layer else 0.0, x.shape)
    above = below = base
    for index, heights in enumerate(series):
        start = np.where(heights < 0, below, above) if stacked else base
        above, below = above + np.maximum(heights, 0), below + np.minimum(heights, 0)
        own = width if stacked else width / len(series)
        middle = x if stacked else x - width / 2 + own * (index + 0.5)
        for at, low, high in zip(middle, start, start + heights, strict=True):
            yield Feature("extent", [(at - own / 2, low), (at + own / 2, high)], index)
        if "error" in layer:
            error = np.broadcast_to(get.many("error")[index], x.shape)
            for at, end, length in zip(middle, start + heights, error, strict=True):
                yield Feature("line", [(at, end - length), (at, end + length)], index)
        if "values" in layer:
            for height in heights:
                yield Feature("text", None, index, written(height, layer["values"]))


def histogram(get, layer):
    series = [values.ravel() for values in get.many("x")]
    everything = np.concatenate(series)
    bins = layer["bins"]
    edges = (
        np.asarray(bins, float) if isinstance(bins, list) else np.linspace(everything.min(), everything.max(), bins + 1)
    )
    arrange = layer.get("arrange", "grouped") if len(series) > 1 else "overlaid"
    base = np.zeros(len(edges) - 1)
    for index, values in enumerate(series):
        counts = np.asarray([np.sum((values >= low) & (values < high)) for low, high in pairwise(edges)], float)
        counts[-1] += np.sum(values == edges[-1])
        widths = np.diff(edges)
        counts = counts / counts.sum() / (1 if layer.get("cumulative") else widths) if layer.get("density") else counts
        counts = np.cumsum(counts) if layer.get("cumulative") else counts
        left = edges[:-1] + (widths * (0.1 + 0.8 * index / len(series)) if arrange == "grouped" else 0)
        own = widths * (0.8 / len(series) if arrange == "grouped" else 1)
        start = base if arrange == "stacked" else 0 * base
        for low, width, foot, count in zip(left, own, start, counts, strict=True):
            if count:
                yield Feature("extent", [(low, foot), (low + width, foot + count)], index)
        base = base + counts


def groups(get, layer):
    series = get.many("y")
    values = list(series[0].T) if len(series) == 1 and series[0].ndim == 2 else series
    return zip(layer.get("positions", range(1, len(values) + 1)), values, strict=True)


def box(get, layer):
    for position, values in groups(get, layer):
        first, median, third = np.percentile(values, [25, 50, 75])
        reach = layer.get("whiskers", 1.5) * (third - first)
        least = min(values[values >= first - reach].min(), first)
        most = max(values[values <= third + reach].max(), third)
        yield Feature("extent", [(position, first), (position, third)], more="centred")
        yield Feature("extent", [(position, median), (position, median)], more="centred")
        yield Feature("line", [(position, first), (position, least)])
        yield Feature("line", [(position, third), (position, most)])
        if len(outside := values[(values < least) | (values > most)]):
            yield Feature("points", columns(position, outside))


def violin(get, layer):
    for position, values in groups(get, layer):
        yield Feature("extent", [(position, values.min()), (position, values.max())], more="centred")
        for key, function in (("medians", np.median), ("means", np.mean)):
            if layer.get(key):
                yield Feature("extent", [(position, function(values))] * 2, more="centred")


def rule(get, layer):
    if "slope" in layer:
        yield Feature("through", columns(get("x"), get("y")), more=float(get("slope")))
    for position in get("x").ravel() if "x" in layer and "slope" not in layer else ():
        yield Feature("line", [(position, -INF), (position, INF)])
    for position in get("y").ravel() if "y" in layer and "slope" not in layer else ():
        yield Feature("line", [(-INF, position), (INF, position)])


def span(get, layer):
    along = "x" if "x" in layer else "y"
    for start, end in zip(*map(np.ravel, get.many(along)), strict=True):
        ends = [(start, -INF), (end, INF)] if along == "x" else [(-INF, start), (INF, end)]
        yield Feature("extent", ends)


def text(get, layer):
    xy = columns(get("x"), get("y"))
    texts = get.raw("texts") if "texts" in layer else [layer["text"]] * len(xy)
    for point, string in zip(xy, texts, strict=True):
        yield Feature("text", [point], more=str(string))


def arrow(get, _):
    for ends in zip(columns(get("x"), get("y")), columns(get("from_x"), get("from_y")), strict=True):
        yield Feature("arrow", ends)


def quiver(get, layer):
    yield Feature("vectors", columns(get("x"), get("y"), get("u"), get("v")), more=layer.get("space", "panel"))


def pie(get, layer):
    sizes = get("sizes")
    ends = np.concatenate([[0], np.cumsum(sizes)]) / np.sum(sizes) * 360
    ends = layer.get("start", 0) + ends * (-1 if layer.get("turn") == "clockwise" else 1)
    for index, (start, end) in enumerate(pairwise(ends)):
        yield Feature("wedge", None, index, (start, end, layer.get("hole", 0)))


def heatmap(get, layer):
    z = get("z")
    x = get("x") if "x" in layer else np.arange(z.shape[1])
    y = get("y") if "y" in layer else np.arange(z.shape[0])
    step_x, step_y = (np.mean(np.diff(centres)) if len(centres) > 1 else 1.0 for centres in (x, y))
    for row, column in np.ndindex(z.shape):
        cell = [(x[column] - step_x / 2, y[row] - step_y / 2), (x[column] + step_x / 2, y[row] + step_y / 2)]
        yield Feature("cell", cell, more=z[row, column])
        if "values" in layer:
            yield Feature("text", [(x[column], y[row])], more=written(z[row, column], layer["values"]))


def contour(get, layer):
    yield Feature("levels", None, more=(get("x"), get("y"), get("z"), layer["levels"]))


FEATURES = {function.__name__: function for function in (
    line, scatter, bar, step, stairs, stem, area, band, errorbar, rule, span, text, arrow, histogram, box, violin,
    heatmap, contour, quiver, pie,
)}  # fmt: skip


class Getter:
    """The values of the channels of one layer."""

    def __init__(self, reader, layer):
        self.reader, self.layer = reader, layer

    def __call__(self, channel):
        return self.many(channel)[0]

    def many(self, channel):
        formulas = self.layer[channel]
        axis = axis_of(self.layer, channel)
        return [self.reader.array(one, axis) for one in (formulas if isinstance(formulas, list) else [formulas])]

    def raw(self, channel):
        return self.reader.raw(self.layer[channel])

    def is_texts(self, channel):
        return bool(self.reader.categories.get(axis_of(self.layer, channel)))


def features(reader, layer):
    """Return what a layer must show, with x and y as they are in the picture."""
    found = list(FEATURES[layer["mark"]](Getter(reader, layer), layer))
    if layer.get("direction") != "horizontal":
        return found
    turned = (None if one.xy is None else np.asarray(one.xy)[:, ::-1] for one in found)
    return [Feature(one.how, xy, one.series, one.more) for one, xy in zip(found, turned, strict=True)]
