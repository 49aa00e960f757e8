"""Random configs of figures that can be told what they show: every mark, on axes of every kind."""

from datetime import datetime, timedelta

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

PLAIN, ALL = ("linear", "dates", "texts"), ("linear", "log", "symlog", "logit", "dates", "texts")
NUMBERS = ("linear", "log", "symlog", "logit")
NAMES = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu"]
LABELS = ["first", "second", "third", "fourth", "fifth", "sixth"]


class Axis:
    """An axis of a kind, and values of a range of its own, the same for all layers on it."""

    def __init__(self, draw, kind):
        self.draw, self.kind = draw, kind
        self.spec = {} if kind in PLAIN else {"scale": kind} | ({"threshold": 1.0} if kind == "symlog" else {})
        self.step = 10.0 ** draw(st.integers(-7, 7)) * draw(st.sampled_from([1, 2, 2.5, 3]))
        self.offset = draw(st.sampled_from([0, 0, 0, 300, 20000]))
        self.day = draw(st.sampled_from([0.25, 1, 7, 31, 366]))
        self.decades = draw(st.sampled_from([0.3, 1, 3, 8, 14]))

    def values(self, count, low=-50, high=50, *, ordered=False):
        """Draw values that differ from each other."""
        if self.kind == "texts":
            return self.draw(st.permutations(NAMES))[:count]
        steps = self.draw(st.lists(st.integers(low, high).filter(bool), min_size=count, max_size=count, unique=True))
        return [self.value(step) for step in (sorted(steps) if ordered else steps)]

    def value(self, step):
        """Return the value at a place from -50 to 50."""
        share = (step + 50) / 100
        match self.kind:
            case "dates":
                return (datetime(2024, 2, 28) + timedelta(days=self.day * (step + 50))).isoformat(timespec="minutes")  # noqa: DTZ001
            case "log":
                return float(f"{10 ** (self.decades * share - 2):.6g}")
            case "logit":
                return round(0.02 + 0.96 * share, 4)
            case "symlog":
                return round(float(np.sign(step)) * 10 ** (abs(step) / 12) / 10, 4)
        return float(f"{self.step * (self.offset + step):.12g}")

    @st.composite
    @staticmethod
    def _look(draw, self, grouped):
        """Draw what an axis looks like, so that all of its values are on it."""
        look = at_every(draw, invert=YES, grid=YES)
        if grouped or self.kind in {"texts", "dates"}:
            return look
        ticks = [0.1, 0.5, 0.9] if self.kind == "logit" else [self.value(step) for step in (-40, -10, 30)]
        options = [{}, {}, {"ticks": {"at": ticks}}, {"ticks": {"at": ticks, "labels": ["low", "mid", "high"]}}]
        look |= draw(st.sampled_from([*options, {"ticks": {"rotation": 45}}]))
        if self.kind in {"linear", "log"}:
            second = draw(choice(None, None, ("10 * x", "x / 10"), ("2 * x", "x / 2")))
            look |= {"secondary": dict(zip(("forward", "inverse"), second, strict=True))} if second else {}
        return look

    def look(self, grouped):
        return self._look(self, grouped)

    def length(self):
        """Draw a length that leaves the values on the scale."""
        step = self.draw(st.integers(1, 9))
        if self.kind == "log":
            return self.value(-50) * step / 10
        return {"symlog": 5.0 * step, "logit": 0.001 * step, "dates": 0.1 * step, "texts": 0.03 * step}.get(
            self.kind, self.step * step
        )


def at_every(draw, **optional):
    """Draw some of the optional keys."""
    return draw(st.fixed_dictionaries({}, optional=optional))


def choice(*values):
    return st.sampled_from(values)


YES = st.just(value=True)


def count(draw, least=2, most=6):
    return draw(st.integers(least, most))


STROKE = {"dash": choice("-", "--", ":"), "width": choice(1, 2.5)}


def line(draw, x, y):
    n = count(draw)
    return {"x": x.values(n), "y": y.values(n)} | at_every(draw, **STROKE, marker=choice("o", "s", "x"))


def scatter(draw, x, y):
    n = count(draw, 1)
    layer = {"x": x.values(n), "y": y.values(n)} | at_every(draw, size=choice(20, 40), marker=choice("o", "s", "D"))
    if n > 1 and draw(st.integers(0, 3)) == 0:
        layer |= {"color_by": draw(st.lists(st.integers(-99, 99), min_size=n, max_size=n, unique=True)), "colorbar": {}}
    return layer


def step(draw, x, y):
    n = count(draw)
    return {"x": x.values(n, ordered=True), "y": y.values(n)} | at_every(
        draw, **STROKE, hold=choice("after", "before", "around")
    )


def stem(draw, x, y):
    n = count(draw)
    base = {"base": y.value(-50)} if y.kind in {"log", "logit"} else {}
    return {"x": x.values(n), "y": y.values(n, -45), **base}


def bar(draw, x, y):
    n, several = count(draw, 1, 4), count(draw, 1, 3)
    series = [y.values(n, -45) for _ in range(several)]
    base = {"base": y.value(-50)} if y.kind in {"log", "logit"} else {}
    heights = [[value - base.get("base", 0) for value in values] for values in series]
    layer = {"x": x.values(n), "y": heights if several > 1 else heights[0], **base}
    layer |= at_every(draw, width=choice(0.5, 1), error=st.just([abs(min(map(abs, h))) / 4 for h in heights]))
    if several > 1:
        layer |= at_every(draw, labels=st.just(LABELS[:several]))
        if y.kind in {"linear", "symlog"}:
            layer |= at_every(draw, arrange=choice("grouped", "stacked"))
    return layer


def stairs(draw, x, y):
    n = count(draw)
    base = {"base": y.value(-50)} if y.kind in {"log", "logit"} else {}
    return {"edges": x.values(n + 1, ordered=True), "y": y.values(n, -45), **base} | at_every(draw, filled=YES)


def area(draw, x, y):
    n = count(draw, 3)
    low = {"low": y.values(n, -50, -10)} if y.kind in {"log", "logit"} or draw(st.booleans()) else {}
    extra = draw(choice({}, {"hold": "after"}, {"hold": "around"}, {"where": [1, 1] + [0] * (n - 2)}))
    return {"x": x.values(n, ordered=True), "high": y.values(n, -5), **low, **extra} | at_every(
        draw, opacity=choice(0.5)
    )


def band(draw, x, y):
    n = count(draw)
    return {"x": x.values(n, ordered=True), "y": y.values(n), "spread": [y.length() for _ in range(n)]}


def errorbar(draw, x, y):
    n = count(draw, 1)
    layer = {"x": x.values(n), "y": y.values(n), "error": [y.length() for _ in range(n)]}
    if draw(st.booleans()):
        layer |= {"error_low": layer.pop("error"), "error_high": [y.length() for _ in range(n)]}
    return layer | ({"x_error": x.length()} if draw(st.booleans()) else {})


def rule(draw, x, y):
    position = draw(choice("x", "y"))
    return {position: [x, y][position == "y"].values(count(draw, 1, 3))}


def span(draw, x, y):
    position = draw(choice("x", "y"))
    return {position: [x, y][position == "y"].values(2)}


def text(draw, x, y):
    n = count(draw, 1, 3)
    return {"x": x.values(n, -30, 30), "y": y.values(n, -30, 30), "texts": draw(st.permutations(["P", "Q", "R"]))[:n]}


def arrow(_, x, y):
    (x0, x1), (y0, y1) = x.values(2), y.values(2)
    return {"x": x0, "y": y0, "from_x": x1, "from_y": y1}


def histogram(draw, x, _):
    several = count(draw, 1, 3)
    series = [x.values(count(draw, 5, 20)) for _ in range(several)]
    everything = sorted(value for values in series for value in values)
    bins = draw(choice(3, 7, [everything[0], (everything[0] + everything[-1]) / 2, everything[-1]]))
    layer = {"x": series if several > 1 else series[0], "bins": bins}
    layer |= at_every(draw, density=YES, cumulative=YES)
    if several > 1:
        layer |= draw(choice({}, {"arrange": "stacked"}, {"arrange": "overlaid", "opacity": 0.5}))
        layer |= at_every(draw, labels=st.just(LABELS[:several]))
    return layer


def box(draw, _, y):
    several = count(draw, 1, 3)
    layer = {"y": [y.values(count(draw, 3, 12)) for _ in range(several)]}
    return layer | at_every(
        draw, labels=st.just(NAMES[:several]), whiskers=choice(0.5, 3), positions=st.just([1, 3, 6][:several])
    )


def violin(draw, _, y):
    layer = box(draw, _, y)
    layer.pop("whiskers", None)
    return layer | at_every(draw, medians=YES, means=YES)


def heatmap(draw, x, y):
    rows, columns = count(draw, 2, 4), count(draw, 2, 4)
    layer = {"z": [draw(st.lists(st.integers(-99, 99), min_size=columns, max_size=columns)) for _ in range(rows)]}
    layer |= {"x": x.values(columns)} if x.kind == "texts" else {}
    layer |= {"y": y.values(rows)} if y.kind == "texts" else {}
    return layer | {"colorbar": {}} | at_every(draw, values=choice("d", ".1f"), origin=choice("upper", "lower"))


def contour(draw, x, y):
    rows, columns = count(draw, 2, 4), count(draw, 2, 4)
    rising = [[row + 2 * column + draw(st.integers(0, 9)) / 20 for column in range(columns)] for row in range(rows)]
    return {
        "x": x.values(columns, ordered=True),
        "y": y.values(rows, ordered=True),
        "z": rising,
        "levels": [0.9, 1.7, 2.6],
    }


def quiver(draw, x, y):
    n = count(draw, 2, 5)
    vectors = st.lists(st.integers(1, 9), min_size=n, max_size=n)
    layer = {"x": x.values(n), "y": y.values(n), "u": draw(vectors), "v": draw(vectors)}
    if draw(st.booleans()) and x.kind == y.kind == "linear":
        layer |= {"space": "data", "u": [x.step * u for u in layer["u"]], "v": [y.step * v for v in layer["v"]]}
    return layer


def pie(draw, *_):
    n = count(draw, 2, 5)  # of one wedge, no side is seen
    layer = {"sizes": draw(st.lists(st.integers(1, 50), min_size=n, max_size=n)), "labels": LABELS[:n]}
    return layer | at_every(
        draw, place=choice("legend"), start=choice(90, 30), turn=choice("clockwise"), hole=choice(0.5)
    )


# Each mark with the kinds of its x and y axes: what starts at 0 has no place on a logit axis, images are plain.
MARKS = {
    line: (ALL, ALL), scatter: (ALL, ALL), step: (ALL, NUMBERS), stem: (ALL, ("linear", "symlog", "log")),
    bar: (("linear", "texts", "dates"), ("linear", "symlog", "log")), stairs: ((*NUMBERS, "dates"), ("linear", "symlog", "log")),
    area: ((*NUMBERS, "dates"), NUMBERS), band: ((*NUMBERS, "dates"), ("linear", "log", "symlog", "logit")),
    errorbar: (("linear", "dates", "log"), ("linear", "log", "symlog", "logit")), rule: (ALL, ALL), span: (ALL, ALL),
    text: (ALL, ALL), arrow: (ALL, ALL), histogram: (("linear", "symlog"), ("linear",)),
    box: (("linear",), ("linear", "symlog", "log", "logit")), violin: (("linear",), ("linear", "symlog")),
    heatmap: (("linear", "texts"), ("linear", "texts")), contour: (("linear",), ("linear",)),
    quiver: (PLAIN, PLAIN), pie: (("linear",), ("linear",)),
}  # fmt: skip
BY_NAME = {function.__name__: function for function in MARKS}
ALONE = {"heatmap", "pie", "contour", "quiver", "histogram", "box", "violin"}  # with no other mark on their axes
DIRECTED = {"bar", "histogram", "box", "violin"}
FROM_ZERO = {"bar", "stem", "stairs", "area", "histogram"}  # so that an axis has values far from 0 in no detail
UNNAMED = {"heatmap", "pie", "contour", "text", "arrow"}  # without an entry in the legend
GROUPED = {"box", "violin"}
FREE = {"rule", "span", "text", "arrow"}  # what does not widen a panel is drawn with points that do


@st.composite
def figures(draw, marks=tuple(BY_NAME)):
    """Draw a config, as plain data: the first layer of its first panel is one of some marks."""
    data, panels = {}, []
    for number in range(draw(choice(1, 1, 1, 2))):
        panels.append(draw(_panels(draw(st.sampled_from(tuple(BY_NAME) if panels else marks)), f"p{number}", data)))
    (panel, *others) = panels
    legends = any(_is_named(layer) for one in panels for layer in one["layers"])
    return {
        "alt": "A picture.",
        "canvas": {"size": [9 * len(panels), 6], "dpi": 60, "layout": "constrained" if legends else "none"},
        "data": data,
        **({"panels": panels} if others else panel),
        **({"legend": {"place": "outside right"}} if legends else {}),
    }


@st.composite
def _panels(draw, first, prefix, data):
    x, y = (Axis(draw, draw(st.sampled_from(own))) for own in MARKS[BY_NAME[first]])
    lying = first in DIRECTED and draw(st.booleans())
    twin = not lying and first not in ALONE and draw(st.booleans())
    right = Axis(draw, draw(choice("linear", "log"))) if twin else None
    chosen = [first]
    if first not in ALONE and not lying:
        kinds = MARKS.items()
        fitting = [one.__name__ for one, (of_x, of_y) in kinds if x.kind in of_x and y.kind in of_y]
        more = draw(st.lists(st.sampled_from([name for name in fitting if name not in ALONE]), max_size=2))
        chosen += [name for index, name in enumerate(more) if name != "bar" or "bar" not in [first, *more[:index]]]
    if {*chosen} <= FREE:
        chosen.append("scatter")
    if {*chosen} & FROM_ZERO:
        y.offset = 0
    layers = []
    for number, name in enumerate(chosen):
        own = right if right and number and name in {"line", "scatter", "step"} else y
        layer = {"mark": name, **BY_NAME[name](draw, x, own)}
        layer |= {"on": "right"} if own is right else {}
        layer |= {"direction": "horizontal"} if lying else {}
        several = isinstance(layer.get({"bar": "y", "histogram": "x"}.get(name), [0])[0], list)
        if name not in UNNAMED and not {"labels", "color_by"} & layer.keys() and not several and draw(st.booleans()):
            layer["label"] = f"layer {number} of {prefix}"
        if _is_named(layer) and "labels" in layer:
            layer["labels"] = [f"{name} of {prefix}" for name in layer["labels"]]
        layers.append(named(layer, f"{prefix}{number}", data))
        if name in {"text", "arrow"}:  # which need not widen the limits
            here, ends = layers[-1], [("x", "y")] + [("from_x", "from_y")] * (name == "arrow")
            layers += [{"mark": "scatter", "x": here[across], "y": here[up]} for across, up in ends]
    axes = {"y" if lying else "x": x, "x" if lying else "y": y}
    if any(layer.get("on") == "right" for layer in layers):
        axes["right"] = right
    plain = first in {"pie", "heatmap"}
    specs = {name: axis.spec | ({} if plain else draw(axis.look(first in GROUPED))) for name, axis in axes.items()}
    return {"layers": layers, "axes": {name: spec for name, spec in specs.items() if spec}}


def _is_named(layer):
    in_legend = layer["mark"] in {"bar", "histogram"} or layer.get("place") == "legend"
    return "label" in layer or (in_legend and "labels" in layer)


SERIES = {"bar": {"y", "error"}, "histogram": {"x"}, "box": {"y"}, "violin": {"y"}, "span": {"x", "y"}}
LITERAL = {"labels", "positions", "levels", "bins"}


def named(layer, number, data):
    """Move the lists of a layer's channels to the named data."""
    moved = {}
    for key, value in layer.items():
        if key in LITERAL or not isinstance(value, list):
            moved[key] = (
                value
                if not isinstance(value, str) or key not in {"x", "y", "from_x", "from_y"}
                else _name(data, f"{key}{number}", [value])
            )
        elif key in SERIES.get(layer["mark"], ()) and (isinstance(value[0], list) or layer["mark"] == "span"):
            moved[key] = [
                _name(data, f"{key}{number}s{index}", one if isinstance(one, list) else [one])
                for index, one in enumerate(value)
            ]
        elif key == "error" and layer["mark"] == "bar":
            moved[key] = value
        else:
            moved[key] = _name(data, f"{key}{number}", value)
    return moved


def _name(data, name, values):
    data[name] = {"values": values}
    return name


# What makes a picture of true data false, unless figgen sees to it. Each takes a config of one panel.


def other_labels(draw, document):
    """Format the tick labels in a way that may say too little."""
    name = draw(st.sampled_from(sorted(set(document["axes"]) | {"x", "y"})))
    look = choice(
        {"format": ".0f"}, {"format": ".1f"}, {"format": ".0%"}, {"format": "d"}, {"format": ".0e"}, {"format": "g"}
    )
    document["axes"].setdefault(name, {})["ticks"] = draw(
        look | choice({"dates": "%Y"}, {"dates": "%d %b"}, {"every": 30})
    )


def ticks_beyond(draw, document):
    """Set limits, and ticks outside of them."""
    name = draw(choice("x", "y"))
    values = [value for value in _numbers(document, name) if value]
    low, high = sorted([min(values), max(values) + abs(max(values)) / 2])
    document["axes"].setdefault(name, {}).update(
        limits=[low, high], ticks={"at": [low, (low + high) / 2, 2 * high - low]}
    )


def same_place(draw, document):
    """Put two values at one position."""
    layer = draw(
        st.sampled_from(
            [layer for layer in document["layers"] if layer["mark"] in {"bar", "stem", "errorbar", "scatter"}]
        )
    )
    values = document["data"][layer["x"]]["values"]
    document["data"][layer["x"]]["values"] = [values[0], *values[:-1]]


def twice(draw, document):
    """Draw a layer again over itself, with other values."""
    layer = draw(st.sampled_from([layer for layer in document["layers"] if isinstance(layer.get("y"), str)]))
    values = document["data"][layer["y"]]["values"]
    again = {key: value for key, value in layer.items() if key not in {"label", "colorbar"}} | {"y": "again"}
    document["data"]["again"] = {"values": [*values[1:], values[0]]}
    document["layers"].append(again)


def same_colors(_, document):
    """Give all layers one colour and name."""
    for number, layer in enumerate(document["layers"]):
        if layer["mark"] in {"line", "step", "scatter", "rule", "area", "span"} and "color_by" not in layer:
            layer |= {"color": "green", "label": f"layer {number}"}
    if any(map(_is_named, document["layers"])):
        document |= {"legend": {"place": "outside right"}, "canvas": document["canvas"] | {"layout": "constrained"}}


def unseen(draw, document):
    """Name a layer that cannot be seen."""
    layer = draw(
        st.sampled_from(
            [
                layer
                for layer in document["layers"]
                if layer["mark"] in {"line", "step", "scatter", "rule", "area", "span", "stem"}
            ]
        )
    )
    layer |= {"label": "unseen"} | draw(
        choice({"opacity": 0}, {"color": "white"}) if layer["mark"] != "stem" else st.just({"opacity": 0})
    )
    document |= {"legend": {"place": "outside right"}, "canvas": document["canvas"] | {"layout": "constrained"}}


def out_of_limits(draw, document):
    """Set limits that leave out some or all of the data."""
    name = draw(choice("x", "y"))
    values = sorted(_numbers(document, name))
    low, high = draw(st.sampled_from([(values[0], (values[0] + values[-1]) / 2), (values[-1] * 2, values[-1] * 3)]))
    document["axes"].setdefault(name, {})["limits"] = sorted([low, high])


def _numbers(document, name):
    layer = document["layers"][0]
    formula = layer[name if name in layer else "high"]
    return [value for value in document["data"][formula]["values"] if not isinstance(value, str)]


TEMPTATIONS = (other_labels, ticks_beyond, same_place, twice, same_colors, unseen, out_of_limits)


@st.composite
def tempted(draw, temptations=TEMPTATIONS):
    """Draw a config of one panel that asks for a picture that may be false."""
    document = draw(figures().filter(lambda document: "layers" in document))
    try:
        draw(st.sampled_from(temptations))(draw, document)
    except (LookupError, TypeError, ValueError):  # nothing in it that can be changed so
        reject()
    return document
