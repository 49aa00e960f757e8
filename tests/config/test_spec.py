"""Properties of the whole language, over figures composed at random of all that it has, and over what is no figure."""

import copy
import json
import re
from functools import partial
from typing import Annotated, Literal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import Field, TypeAdapter, ValidationError

from figgen.build.picture import prepare
from figgen.config.characters import disguised_at
from figgen.config.load import load_document, locate_errors
from figgen.config.resolved import show
from figgen.config.spec import (
    DRAWS,
    MARKS,
    ChannelType,
    CheckedText,
    Figure,
    Mapped,
    Model,
    find_annotation,
    is_tag,
    json_schema,
    models,
)
from figgen.config.spec.base import Color, PerPoint, Text, tag, union, value_of
from figgen.config.spec.marks.base import Mark, Positioned
from figgen.config.spec.number_format import NumberFormat
from figgen.config.validate import validate, validate_partially
from figgen.config.yaml_document import load
from figgen.drawing import ENCODERS, draw
from figgen.drawing.fonts import site_fonts
from figgen.errors import ConfigError, SpecError
from figgen.review.layout import check_layout
from figgen.site.files import SiteFiles
from figgen.site.paths import FONTS, VariantKind

SCHEMA = Draft202012Validator(json.loads(json_schema()))
POINTS, ROWS = 4, 3  # of every list, and of every matrix, so that shapes match
property_test = partial(settings, deadline=None, suppress_health_check=list(HealthCheck))

# What many fields take.

ANYTHING = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\x85\u2028"), min_size=1
)
TEXT = st.sampled_from(["a", "σ'(x)", "$x^2$", "two words", "100 %: # 'one' \"two\"", "two\nlines", "no", "1e3", " "])
COLOR = st.sampled_from(["C1", "red", "#1f77b4", "#1f77b480", "0.5", "tab:green"])
EDGE_COLOR = COLOR | st.just("none")
FORMAT = st.from_regex(r"\A[-+ ]?,?((\.[0-2])?[efg%]|d)\Z")
SIZE = st.floats(0.5, 8)
FONT_SIZE = st.floats(7, 15)
ANGLE = st.floats(-180, 180)
DASH = st.sampled_from(["-", "--", "-.", ":"])
MARKER = st.sampled_from(["o", "s", "^", "v", "<", ">", "D", "d", "p", "h", "*", "+", "x", ".", ",", "|", "_"])
HOLD = st.sampled_from(["after", "before", "around"])
BOOL = st.booleans()
NUMBER = st.integers(-9, 9) | st.floats(-9, 9, width=16)
AMOUNT = st.floats(0.5, 9, width=16)


def lists(of, size=POINTS):
    return st.lists(of, min_size=size, max_size=size)


def choice(*values):
    return st.sampled_from(values)


def some(needed=(), **optional):
    """Draw a mapping with all the keys of one and some of the others."""
    return st.fixed_dictionaries(dict(needed), optional=optional)


# The named arrays: lists a, b and c, a matrix Z, formulas f and g, a number s, texts t and u, dates d.

DRAW_ARGUMENTS = {
    "normal": ({}, {"mean": NUMBER, "std": AMOUNT}),
    "uniform": ({}, {"low": st.floats(-9, 0), "high": st.floats(1, 9)}),
    "integers": ({"high": st.integers(2, 9)}, {"low": st.integers(-9, 0)}),
    "binomial": ({"n": st.integers(0, 20), "p": st.floats(0, 1)}, {}),
    "poisson": ({"rate": AMOUNT}, {}),
    "exponential": ({}, {"scale": AMOUNT}),
    "lognormal": ({}, {"mean": st.floats(-1, 1), "std": st.floats(0, 1)}),
    "laplace": ({}, {"mean": NUMBER, "scale": AMOUNT}),
    "gamma": ({"k": AMOUNT}, {"scale": AMOUNT}),
    "beta": ({"a": AMOUNT, "b": AMOUNT}, {}),
    "permutation": ({"n": st.just(POINTS)}, {}),
}
SPACED = (
    st.builds(lambda start, stop: {"linspace": [start, stop, POINTS]}, NUMBER, NUMBER)
    | st.builds(lambda start, stop: {"geomspace": [start, stop, POINTS]}, AMOUNT, AMOUNT)
    | st.builds(lambda first: {"integers": [first, first + POINTS - 1]}, st.integers(-9, 9))
    | st.builds(lambda numbers: {"values": numbers}, lists(NUMBER))
)
DAYS = choice("2025-01-31", "2025-03-01T10:30", "2025-12-24", "2026-02-28", "2026-03-01")


@st.composite
def random_draws(draw, shape, before):
    """Draw a random source that starts a stream, or goes on with that of the draw before, if there is one."""
    kind = draw(st.sampled_from([kind for kind in DRAWS if kind != "permutation" or shape == [POINTS]]))
    needed, optional = DRAW_ARGUMENTS[kind]
    source = {"random": kind, **({} if kind == "permutation" else {"shape": shape}), **draw(some(needed, **optional))}
    if before is not None and draw(BOOL):
        return source | {"after": before}
    return source | draw(some({"seed": st.integers(0, 2**32 - 1)}, stream=choice("pcg64", "mt19937")))


@st.composite
def data(draw):
    sources, before = {}, None
    for name, shape in (("a", [POINTS]), ("b", [POINTS]), ("c", [POINTS]), ("Z", [ROWS, POINTS])):
        if draw(BOOL):
            sources[name], before = draw(random_draws(shape, before)), name
        else:
            rows = st.builds(lambda values: {"values": values}, lists(lists(NUMBER), ROWS))
            sources[name] = draw(rows if name == "Z" else SPACED)
    sources["f"] = {"expr": draw(choice("a + g", "a * s", "a // 0.5 - b", "g ** 2 / 9", "(a @ b) / 99 + c"))}
    sources["g"] = {"expr": draw(choice("tanh(b)", "diff(sin(c), c)", "cumsum(a)", "where(a > b, a, b)", "-c % 3"))}
    sources["s"] = {"expr": draw(choice("max(a)", "pi", "mean(Z)", "b[-1]", 2, 0.5))}
    sources["t"] = {"values": draw(lists(choice("cat", "dog", "über", "no")))}
    sources["u"] = {"values": draw(st.permutations(["cat", "fox", "owl", "yes"]))}
    sources["d"] = {"values": draw(lists(DAYS))}
    return {name: sources[name] for name in draw(st.permutations(list(sources)))}


# What gives positions on an axis of each kind: a number for each point, and one number.

LIST = choice("a", "b", "c", "f", "g", "a + b", "sin(f)", "Z[0]", "-a[::-1]", "a * s")
POSITIVE = choice("abs(a) + 0.5", "exp(tanh(b))", "1 + c ** 2", "0.5 + abs(Z[1])")
POSITIONS = {
    "linear": (LIST, choice("s", "a[0]", "2 * s") | NUMBER),
    "symlog": (LIST, choice("s", "a[0]", "2 * s") | NUMBER),
    "log": (POSITIVE, choice("abs(s) + 1") | AMOUNT),
    "logit": (LIST.map(lambda formula: f"0.1 + 0.8 * sigmoid(({formula}) / 9)"), choice(0.5, "sigmoid(s / 9)")),
    "texts": (choice("t", "u", "a"), choice("t[0]", "u[-1]", 0.5)),
    "dates": (choice("d", "d[::-1]"), choice("d[0]", "d[2]")),
}


def one_each(kind):
    return POSITIONS[kind][0]


def one(kind):
    return POSITIONS[kind][1]


def positions(kind):
    return one_each(kind) | one(kind)


# The marks: for each, the kinds of its fields on axes of two kinds, as pairs of those needed and those that may be.

COLORBAR = some(label=TEXT, place=choice("right", "left", "top", "bottom"), format=FORMAT)
MAPPED = {"colormap": choice("viridis", "RdBu"), "colorbar": COLORBAR}
LINEAR = MAPPED | {"color_limits": choice([None, None], [-1e4, None], [None, 1e4], [-1e4, 1e4])}
CENTERED = MAPPED | {"color_limits": choice([None, None], [-1e4, 1e4]), "color_scale": choice("linear")}
LOG = MAPPED | {"color_limits": choice([None, None], [0.01, None], [None, 1e4], [0.01, 1e4])}
COLORINGS = (
    ({}, LINEAR, LIST),
    ({"color_center": NUMBER}, CENTERED, LIST),
    ({"color_scale": choice("log")}, LOG, POSITIVE),
)
BARE = {"opacity": st.floats(0, 1), "order": NUMBER, "on": choice("left")}
NAMED = BARE | {"label": TEXT}
STROKE = {"color": COLOR, "width": SIZE, "dash": DASH}
SIZED_MARKER = MARKER.filter(",".__ne__)
POINT = {"marker": SIZED_MARKER, "marker_size": SIZE}
LENGTH = choice("abs(b)", "abs(s) / 9", 0, 0.5)


def colors(most):
    return st.lists(COLOR, max_size=most)


def directed(fields):
    def both(x, y):
        upright = [(needed, {"direction": choice("vertical"), **optional}) for needed, optional in fields(x, y)]
        lying = [({"direction": choice("horizontal"), **needed}, optional) for needed, optional in fields(y, x)]
        return upright + lying

    return both


def bar(x, y):
    look = {
        "width": st.floats(0.1, 1),
        "base": one("linear" if y in {"linear", "symlog"} else "log"),
    }
    several = {"y": lists(positions(y), 2)}
    x = {"x": one_each(x)}
    single = NAMED | look | {"colors": colors(1), "error": LENGTH}
    look |= {"arrange": choice("grouped", "stacked"), "colors": colors(2), "values": FORMAT}
    return [
        (x | {"y": positions(y)}, single),
        (x | {"y": positions(y), "values": FORMAT}, single | {"text_color": COLOR}),
        (x | several, BARE | look),
        (x | several, BARE | look | {"labels": lists(TEXT, 2), "error": lists(LENGTH, 2)}),
    ]


def histogram(x, _):
    values = one_each(x)
    look = {"density": BOOL, "cumulative": BOOL, "line_width": SIZE}
    ends = {"log": [0.01, 1e6], "logit": [0.01, 0.99], "dates": [1.0, 30000]}.get(x, [-1e6, 1e6])
    binned = {"bins": st.integers(1, 9), "range": choice(ends)}
    edges = {"bins": choice([ends[0], (ends[0] + ends[1]) / 2, ends[1]]), "labels": lists(TEXT, 2)}
    single = {"edge_color": EDGE_COLOR, "colors": colors(1)}
    filled = {"edge_color": EDGE_COLOR, "arrange": choice("grouped", "stacked", "overlaid"), "colors": colors(2)}
    outlined = {"form": choice("outline"), "arrange": choice("stacked", "overlaid")}
    return [
        ({"x": values}, NAMED | look | binned | single),
        ({"x": lists(values, 2)}, BARE | look | edges | filled),
        ({"x": lists(values, 2), **outlined}, BARE | look | binned),
    ]


def grouped(look):
    def fields(_, y):
        shared = NAMED | look | {"width": st.floats(0.1, 2), "colors": colors(1)}
        named = {"labels": lists(TEXT, 2), "positions": lists(st.floats(1, 9), 2)}
        matrix = {"log": "abs(Z) + 0.5", "logit": "sigmoid(Z / 9)"}.get(y, "Z")
        by_column = ({"y": choice(matrix)}, shared | {"labels": lists(TEXT)})
        several = ({"y": lists(one_each(y), 2)}, shared | named | {"colors": colors(2)})
        return [({"y": one_each(y)}, shared), several] + ([] if y in {"texts", "dates"} else [by_column])

    return fields


def scatter(x, y):
    place = {"x": positions(x), "y": positions(y)}
    outlined = MARKER.filter("os^v<>Ddph*.".__contains__)
    look = NAMED | {"size": choice("10 * abs(a)", 20), "edge_color": EDGE_COLOR, "marker": outlined}
    mapped = [(place | needed | {"color_by": values}, look | optional) for needed, optional, values in COLORINGS]
    return [(place, look | {"color": COLOR}), (place | {"marker": MARKER}, NAMED | {"color": COLOR}), *mapped]


def quiver(x, y):
    needed = {"x": positions(x), "y": positions(y), "u": choice("1 + abs(a)", "abs(Z) + 1"), "v": choice("b", "s", 0)}
    look = NAMED | {"space": choice("panel", "data"), "scale": SIZE, "width": st.floats(0.001, 0.1)}
    look |= {"pivot": choice("tail", "middle", "tip")}
    mapped = [(needed | own | {"color_by": values}, look | optional) for own, optional, values in COLORINGS]
    return [(needed, look | {"color": COLOR}), *mapped]


def heatmap(x, y):
    look = BARE | {"origin": choice("upper", "lower"), "aspect": choice("auto", "equal"), "values": FORMAT}
    if x == y == "linear":
        look |= {"x": choice("indices(4)", "1 - 2 * indices(4)"), "y": choice("indices(3)", "-indices(3) / 2")}
    matrices = choice("Z", "-Z"), choice("Z"), choice("abs(Z) + 0.5")
    return [(needed | {"z": z}, look | optional) for (needed, optional, _), z in zip(COLORINGS, matrices, strict=True)]


def contour(x, y):
    # Rising from left to right, so that there are values on both sides of each level.
    needed = {
        "x": one_each(x),
        "y": one_each(y).map(lambda formula: f"({formula})[:{ROWS}]"),
        "z": choice("2 + tanh(Z) + 3 * indices(4)"),
    }
    levels, lines = {"levels": choice([4, 7], [3.5, 5, 8])}, {"line_width": SIZE, "values": FORMAT}
    areas = {"extend": choice("below", "above", "both")}
    numbered = {"levels": choice([4, 7], 5, 9)}
    variants = []
    for own, optional, _ in COLORINGS:
        filled, both = {"form": choice("filled")}, {"form": choice("both")}
        variants.append((needed | own | levels, BARE | lines | optional | {"form": choice("lines")}))
        variants.append((needed | own | filled, BARE | optional | numbered | areas))
        variants.append((needed | own | levels | both, BARE | optional | lines | areas | {"line_color": COLOR}))
    return [*variants, (needed | {"line_color": COLOR}, BARE | numbered | lines)]


def errorbar(x, y):
    needed = {"x": positions(x), "y": positions(y)}
    look = NAMED | {"color": COLOR, "width": SIZE, "cap": SIZE, "dash": DASH | choice("none"), **POINT}
    return [
        (needed | {"error": LENGTH}, look | {"x_error": LENGTH}),
        (needed | {"error_low": LENGTH, "error_high": LENGTH}, look | {"x_error": LENGTH}),
        (needed | {"x_error_low": LENGTH, "x_error_high": LENGTH}, look | {"error": LENGTH}),
    ]


def pie(*_):
    look = BARE | {"start": ANGLE, "turn": choice("clockwise", "counterclockwise")}
    look |= {"hole": st.floats(0, 0.9), "colors": colors(3), "edge_color": EDGE_COLOR}
    needed, place = {"sizes": POSITIVE}, {"place": choice("beside", "legend")}
    return [
        (needed, look),
        (needed | {"labels": lists(TEXT)}, look | place),
        (needed | {"texts": choice("t", "u"), "shares": FORMAT}, look | place | {"text_color": COLOR}),
    ]


def text(x, y):
    look = BARE | {"horizontal": choice("left", "center", "right"), "shift": lists(NUMBER, 2), "size": FONT_SIZE}
    look |= {"vertical": choice("top", "center", "baseline", "bottom"), "color": COLOR, "rotation": ANGLE, "box": COLOR}
    return [
        ({"x": positions(x), "y": positions(y), "text": TEXT}, look),
        ({"x": one_each(x), "y": positions(y), "texts": choice("t", "u")}, look),
        ({"x": one_each(x), "y": positions(y), "texts": LIST}, look | {"format": FORMAT}),
    ]


def arrow(x, y):
    needed = {"x": positions(x), "y": positions(y), "from_x": positions(x), "from_y": positions(y)}
    look = BARE | {"text": TEXT, "color": COLOR, "width": SIZE, "curve": st.floats(-0.5, 0.5)}
    headed = {"size": FONT_SIZE, "both_ends": BOOL, "head": choice("open", "filled")}
    return [(needed, look | headed), (needed, look | {"head": choice("none")})]


def rule(x, y):
    through = {"x": positions(x), "y": positions(y), "slope": choice(1, "s + 0.5", "abs(b)")}
    return [({"x": positions(x)}, NAMED | STROKE), ({"y": positions(y)}, NAMED | STROKE), (through, NAMED | STROKE)]


def span(x, y):
    look = NAMED | {"color": COLOR}
    return [({"x": lists(one(x), 2)}, look), ({"y": lists(one(y), 2)}, look), ({"y": lists(one_each(y), 2)}, look)]


def area(x, y):
    needed = {"x": one_each(x), "high": positions(y)}
    look = NAMED | {"low": positions(y), "color": COLOR, "edge_color": EDGE_COLOR}
    return [(needed, look | {"where": choice("a > 0", "c", "a > b")}), (needed, look | {"hold": HOLD})]


def stairs(x, y):
    needed = {"edges": one_each(x), "y": one_each(y).map(lambda formula: f"({formula})[1:]")}
    look = NAMED | {"base": one(y), "color": COLOR}
    return [(needed, look | STROKE), (needed | {"filled": BOOL}, look)]


# A mark that is not here has its fields as its model declares them, together with those of its example.
LAYERS = {
    "scatter": scatter,
    "bar": directed(bar),
    "stairs": stairs,
    "area": area,
    "band": lambda x, y: [({"x": one_each(x), "y": positions(y), "spread": LENGTH}, NAMED | STROKE)],
    "errorbar": errorbar,
    "rule": rule,
    "span": span,
    "text": text,
    "arrow": arrow,
    "histogram": directed(histogram),
    "box": directed(grouped({"notch": BOOL, "whiskers": SIZE, "outliers": BOOL, "means": BOOL})),
    "violin": directed(grouped({"medians": BOOL, "means": BOOL, "extrema": BOOL, "bandwidth": SIZE})),
    "heatmap": heatmap,
    "contour": contour,
    "quiver": quiver,
    "pie": pie,
}
CHECKED = {"text": TEXT, "color": COLOR, "colormap": choice("viridis", "RdBu")}


def layer_fields(mark, x, y):
    """Return the variants of a mark's fields on axes of two kinds, each as a pair: fields needed, and fields that may be."""
    variants = LAYERS[mark](x, y) if mark in LAYERS else declared(MARKS[mark], x, y)
    missing = choice("error", *MARKS[mark].MISSING[-1:])
    return [(needed, optional | {"missing": missing}) for needed, optional in variants]


def declared(model, x, y):
    (example,) = load(model.EXAMPLE, "example.yaml").data["layers"]
    shared = {"mark", *(Mapped.model_fields.keys() - Mark.model_fields.keys() if issubclass(model, Mapped) else ())}
    fields = {
        name: declared_field(model, name, {"x": x, "y": y})
        for name in model.model_fields
        if name not in shared | {"missing"}
    }
    fields |= {"on": choice("left")}
    if "marker_size" in fields:
        fields["marker"] = SIZED_MARKER
    needed = {name: fields.pop(name) for name in [*fields] if name in example}
    colorings = COLORINGS if issubclass(model, Mapped) else [({}, {}, None)]
    return [(needed | own, fields | look) for own, look, _ in colorings]


def declared_field(model, name, kinds):
    field = model.model_fields[name]
    if checked := find_annotation(field, CheckedText):
        values = CHECKED[checked.kind]
    elif channel := find_annotation(field, ChannelType):
        if channel.axis is None:
            values = choice("t", "u") if "strings" in channel.kinds else LENGTH
        else:
            values = (positions if channel.pointwise else one)(kinds[channel.axis])
    else:
        return of_schema(model.model_json_schema()["properties"][name])
    return lists(values, 2) if "items" in str(model.model_json_schema()["properties"][name]) else values


def of_schema(schema):
    schema = next((member for member in schema.get("anyOf", ()) if member.get("type") != "null"), schema)
    lowest = schema.get("minimum", schema.get("exclusiveMinimum", -9))
    highest = schema.get("maximum", schema.get("exclusiveMaximum", lowest + 9))
    match schema:
        case {"enum": values}:
            return choice(*values)
        case {"pattern": _}:
            return FORMAT
        case {"type": "boolean"}:
            return BOOL
        case {"type": "integer"}:
            return st.integers(lowest, highest)
        case {"type": "number"}:
            return st.floats(
                lowest, highest, exclude_min="exclusiveMinimum" in schema, exclude_max="exclusiveMaximum" in schema
            ).map(lambda number: round(number, 2) or number)
        case {"type": "array", "items": items}:
            return lists(of_schema(items), 2)
        case {"type": "array", "prefixItems": items}:
            return st.tuples(*map(of_schema, items)).map(list)
    raise NotImplementedError(f"give the mark's fields in LAYERS: what takes {schema}?")


PLAIN = frozenset({"linear", "texts", "dates"})
ALL_KINDS = frozenset(POSITIONS)
EQUAL = {"heatmap", "pie"}  # their units are as long on both axes, which a second vertical axis may not allow
# Images are of plain axes only, and what starts at 0 has no place on a logit axis.
KINDS = (
    dict.fromkeys(MARKS, frozenset({"linear"}))
    | dict.fromkeys(("line", "step", *LAYERS), ALL_KINDS)
    | dict.fromkeys(("bar", "stairs", "stem", "area", "histogram", "box", "violin"), ALL_KINDS - {"logit"})
    | dict.fromkeys(("heatmap", "pie"), PLAIN)
)


@st.composite
def layers(draw, x, y, right):
    """Draw some layers for axes of some kinds; the one on the right is of no use if there is none there."""
    drawn = []
    for _ in range(draw(st.integers(1, 3))):
        side = draw(choice("left", "left", "right")) if right else "left"
        own = right if side == "right" else y
        known = [mark for mark in MARKS if {x, own} <= KINDS[mark] and not (right and mark in EQUAL)]
        mark = draw(st.sampled_from(known))
        needed, optional = draw(st.sampled_from(layer_fields(mark, x, own)))
        layer = {"mark": mark, **draw(some(needed, **optional)), **({"on": side} if side == "right" else {})}
        if mark in {"text", "arrow"}:  # they do not widen a panel, and there must be room for them
            ends = [(layer["x"], layer["y"]), (layer.get("from_x", layer["x"]), layer.get("from_y", layer["y"]))]
            drawn += [{"mark": "scatter", "x": x, "y": y, "on": side} for x, y in ends]
        drawn.append(layer)
    return drawn


# The parts of a figure.

# Limits leave all of the data, as words beyond them would take the room of the panel.
LIMITS = {
    "linear": choice([-1e5, None], [None, 1e5], [-1e5, 1e5], [None, None]),
    "symlog": choice([-1e5, None], [None, 1e5], [-1e5, 1e5]),
    "log": choice([0.01, None], [None, 1e5], [0.01, 1e5]),
    "logit": choice([0.01, None], [None, 0.99], [0.01, 0.99]),
    "texts": choice([-1e3, None], [None, 1e3], [-1e3, 1e3]),
    "dates": choice([0, None], [None, 40000]),
}
INVERSES = {
    "log": choice(("10 * x", "x / 10"), ("1 / x", "1 / x")),
    "logit": choice(("100 * x", "x / 100"), ("1 - x", "1 - x")),
}
AT = {"log": AMOUNT, "logit": st.floats(0.1, 0.9)}
EVERY = {"logit": 0.25, "texts": 20, "dates": 500}


@st.composite
def axis(draw, kind):
    drawn = draw(some(label=TEXT, limits=LIMITS[kind], invert=BOOL, grid=BOOL))
    if kind not in PLAIN:
        drawn["scale"] = kind
        drawn |= {"threshold": draw(AMOUNT)} if kind == "symlog" else {}
        drawn |= draw(some(base=choice(2, 10, 2.5))) if kind != "logit" else {}
    look = {"format": FORMAT, "minor": BOOL, "rotation": ANGLE, "dates": choice("%d.%m.", "%Y")}
    at = draw(st.lists(AT.get(kind, NUMBER), max_size=3, unique=True))
    needed = draw(choice({}, {}, {"at": at}, {"at": at, "labels": ["$T$"] * len(at)}, {"every": EVERY.get(kind, 5000)}))
    if len(at) > 1 and "at" in needed:
        look.pop("minor")  # there may be too many between two positions that are near each other
    if draw(BOOL):
        drawn["ticks"] = needed | draw(some(**look))
    if draw(BOOL):
        forward, inverse = draw(
            INVERSES.get(kind, choice(("2 * x + 1", "(x - 1) / 2"), ("-x", "-x"), ("x ** 3", "cbrt(x)")))
        )
        drawn["secondary"] = {"forward": forward, "inverse": inverse, **draw(some(label=TEXT))}
    return drawn


AXIS_KINDS = st.sampled_from(["linear", "linear", *POSITIONS])


@st.composite
def panel(draw, x, y):
    right = draw(choice(None, None, "linear", "log", "texts"))
    drawn = draw(some({"layers": layers(x, y, right)}, title=TEXT))
    if draw(BOOL) or not {x, y, right} <= PLAIN | {None}:
        parts = {"x": axis(x), "y": axis(y)} | ({"right": axis(right)} if right else {})
        needed = {
            name: parts.pop(name) for name, kind in (("x", x), ("y", y), ("right", right)) if kind not in PLAIN | {None}
        }
        drawn["axes"] = draw(some(needed, **parts, visible=BOOL, aspect=choice("auto", "auto" if right else "equal")))
    return drawn


SHARES = choice("none", "all", "rows", "columns")
SHARE = st.floats(1, 3)


def legend(*outside):
    inside = ("best", "upper left", "lower center", "center")
    return some(place=choice(*inside, *outside), columns=st.integers(1, 3), title=TEXT, frame=BOOL)


CLAIMS = choice(
    "min(a) <= max(a)", "a == a", {"claim": "size(Z) == 12"}, {"claim": "max(b) == max(b) + 1e-3", "tolerance": 1},
    "not (s != s) and 2 > 1", "all(abs(tanh(c)) <= 1)",
)  # fmt: skip
RC = some(
    **{"font.size": choice(7, "9.5"), "axes.grid": BOOL, "axes.facecolor": choice("eeeeee"), "lines.linewidth": SIZE}
)
ALT = st.builds(
    lambda plain, formula, form: plain.replace("{", "{{").replace("}", "}}") + f"{{{formula}:{form}}}",
    ANYTHING, choice("max(a)", "s", "Z[0, -1]", "any(a > 0)"), FORMAT | choice(""),
)  # fmt: skip


@st.composite
def figures(draw):
    """Draw a figure that is valid: one of all that the language has, but for files."""
    figure = draw(
        some(
            {"alt": ALT, "data": data()}, title=TEXT, style=choice("clean"), rc=RC, claims=st.lists(CLAIMS, max_size=3)
        )
    )
    if "style" in figure and draw(BOOL):
        figure |= {"variants": ["light", "dark"], "dark": draw(some(style=choice("clean-dark"), rc=RC))}
    figure |= draw(some(preview=some(zoom=st.floats(0.5, 3)), formats=choice(["png"], ["png", "svg"]), optimize=BOOL))
    layout = draw(choice("constrained", "constrained", "constrained", "tight", "none"))
    outside = ("outside right", "outside top", "outside bottom") if layout == "constrained" else ()
    x, y = draw(AXIS_KINDS), draw(AXIS_KINDS)
    count = draw(choice(0, 0, 0, 1, 2, 3, 4))
    columns = draw(st.integers(1, count)) if count else 1
    rows = -(-count // columns) if count else 1
    if count:
        grid = some(
            share_x=SHARES, share_y=SHARES, letters=BOOL, widths=lists(SHARE, columns), heights=lists(SHARE, rows)
        )
        figure["grid"] = draw(grid) | ({} if columns == count else {"columns": columns})
        # Axes that are shared are of one kind.
        same = {side for side in "xy" if figure["grid"].get(f"share_{side}", "none") != "none"}
        kinds = [(x if "x" in same else draw(AXIS_KINDS), y if "y" in same else draw(AXIS_KINDS)) for _ in range(count)]
        figure["panels"] = [draw(panel(*own)) | draw(some(legend=legend(*outside))) for own in kinds]
        figure |= draw(some(legend=legend(*outside)))
    else:
        figure |= draw(panel(x, y)) | draw(some(legend=legend(*outside)))
    # Few pixels are drawn soon, and many inches give the labels room.
    size, dpi = [6 * columns + 2, 5 * rows + 2], draw(choice(10, 12.5))
    unit = draw(choice("in", "px"))
    scaled = [side * dpi for side in size] if unit == "px" else size
    figure["canvas"] = {
        "size": scaled,
        "unit": unit,
        "dpi": dpi,
        "layout": layout,
        **draw(some(crop=choice("full", "tight"), pad=st.floats(0, 1))),
    }
    return without_unused(figure)


def without_unused(figure):
    """Remove the keys that have no effect in a figure, such as a legend where no layer has a label."""
    while unused := validate_partially(figure)[1]:
        assert all(problem.unused for problem in unused), unused
        for problem in unused:
            *where, key = problem.where
            del at(figure, where)[key]
    return figure


def as_yaml(document):
    """Write plain data as YAML in one line: JSON, with escapes for characters that YAML or figgen does not read."""
    text = json.dumps(document, ensure_ascii=False)
    return "".join(c if c.isprintable() and disguised_at(c) is None else f"\\U{ord(c):08x}" for c in text)


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Build a text as a config of a site of its own; gives the bytes of the picture."""
    root = tmp_path_factory.mktemp("site")
    config = "configs/Post/figure.yaml"
    (root / config).parent.mkdir(parents=True)

    def build_text(text):
        (root / config).write_text(text, encoding="utf-8")

        files = SiteFiles(root)
        document = load_document(files, config)
        document.data.pop("preview", None)  # on a card, which is of one size, there need not be room for all of it
        contents = {}
        with locate_errors(document), site_fonts(files, FONTS) as fonts:
            prepared = prepare(document, files, config, fonts)
            for kind, variant in prepared.variants.items():
                figure = variant.figure
                with draw(figure, prepared.samples, prepared.settings[kind], fonts) as drawn:
                    contents[kind] = ENCODERS["png"](drawn, figure, prepared.samples.alt, b"")
                    for problem in check_layout(figure, drawn, 100):  # there will be some, at random
                        assert problem.message
        return contents[VariantKind.LIGHT]

    return build_text


def places(value, where=()):
    """Yield the place of every value in plain data."""
    yield where
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*where, key))


def at(value, where):
    for key in where:
        value = value[key]
    return value


# What the figures above are made of.


@pytest.mark.parametrize("mark", MARKS)
def test_the_figures_have_every_field_of_every_mark(mark):
    variants = layer_fields(mark, "linear", "linear")
    fields = {name for needed, optional in variants for name in {*needed, *optional}}
    model = MARKS[mark]
    assert fields | {"mark"} == model.model_fields.keys()


@pytest.mark.parametrize("kind", DRAWS)
def test_the_figures_have_every_argument_of_every_draw(kind):
    needed, optional = DRAW_ARGUMENTS[kind]
    assert {*needed, *optional} == DRAWS[kind].model_fields.keys() - {"random", "seed", "after", "stream", "shape"}


class Hexagons(Positioned):
    """A mark such as the next one may be."""

    EXAMPLE = "layers: [{mark: hexagons, x: a, y: b, size: 3}]"

    mark: Literal["hexagons"]
    size: int = Field(9, ge=1, le=20)
    weight: PerPoint | None = None
    color: Color | None = None
    share: float | None = Field(None, gt=0, lt=1)
    form: Literal["filled", "lines"] = "filled"
    limits: tuple[float, float] | None = None
    values: NumberFormat | None = None
    labels: tuple[Text, ...] = ()


@property_test(max_examples=30)
@given(st.data())
def test_the_fields_of_a_new_mark_are_found_in_its_model(data):
    ((needed, optional),) = declared(Hexagons, "log", "dates")
    assert needed.keys() == {"x", "y", "size"}
    assert needed.keys() | optional.keys() == Hexagons.model_fields.keys() - {"mark", "missing"}
    layer = data.draw(some(needed, **optional))
    assert Hexagons.model_validate_json(json.dumps({"mark": "hexagons", **layer})).size == layer["size"]


# What holds of every figure.


# What only the values or the picture show: a spec may be valid and not be drawn.
NOT_DRAWN = re.compile(
    "cannot be shown on a (log|logit) axis|expected numbers( or dates)?, found (strings|dates)|no room left for the panels"
    "|'slope' requires two axes of the same scale|is a length along the axis on which|a number format on an axis of|share this axis"
)


@property_test(max_examples=12)
@given(figures())
@pytest.mark.slow
def test_a_valid_figure_is_drawn_and_so_is_its_shown_spec_to_the_same_bytes(build, document):
    text = as_yaml(document)
    try:
        first = build(text)
    except ConfigError as error:
        assume(not NOT_DRAWN.search(str(error)))
        raise
    assert first.startswith(b"\x89PNG")
    loaded = load(text, "figure.yaml")
    assert build(show(loaded, validate(loaded.data))) == first


@property_test(max_examples=40)
@given(figures())
def test_what_is_shown_or_dumped_is_the_same_figure(document):
    loaded = load(as_yaml(document), "figure.yaml")
    assert loaded.data == document
    figure = validate(document)
    assert validate(load(show(loaded, figure), "shown.yaml").data) == figure
    assert validate(json.loads(figure.model_dump_json(exclude_unset=True))) == figure


@property_test(max_examples=40)
@given(figures(), st.data())
@pytest.mark.slow
def test_the_schema_refuses_an_unknown_key_anywhere_as_validation_does(document, data):
    assert list(SCHEMA.iter_errors(document)) == []
    mappings = [where for where in places(document) if isinstance(at(document, where), dict) and where != ("rc",)]
    where = data.draw(st.sampled_from(mappings))
    key = data.draw(choice("nonsense", "<line>", "Mark", "a b"))
    changed = copy.deepcopy(document)
    at(changed, where)[key] = 0
    assert not SCHEMA.is_valid(changed)
    with pytest.raises(SpecError) as caught:
        validate(changed)
    assert (*where, key) in [problem.where for problem in caught.value.problems]


# What holds of what is no figure.

KEYS = choice("alt", "data", "layers", "mark", "x", "axes", "panels", "claims", "rc", "<line>") | ANYTHING
GARBAGE = st.recursive(
    st.none()
    | BOOL
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | ANYTHING
    | choice("line", "a"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def nearly_figures(draw):
    """Draw a figure with something in it taken away or replaced by what may not belong there."""
    document = copy.deepcopy(draw(figures()))
    where = draw(st.sampled_from([where for where in places(document) if where]))
    if draw(BOOL):
        at(document, where[:-1])[where[-1]] = draw(GARBAGE)
    else:
        del at(document, where[:-1])[where[-1]]
    return document


def check_garbage(document):
    loaded = load(as_yaml(document), "figure.yaml")
    try:
        assert isinstance(validate(loaded.data), Figure)
    except SpecError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.where in loaded.values or problem.where[:-1] in loaded.values, problem
            finding = loaded.locate(problem)
            assert finding.line == 1
            assert finding.message


@property_test(max_examples=150)
@given(GARBAGE)
def test_plain_data_is_a_figure_or_has_problems_that_have_a_place(document):
    check_garbage(document)


@property_test(max_examples=60)
@given(nearly_figures())
@pytest.mark.slow
def test_what_is_nearly_a_figure_is_one_or_has_problems_that_have_a_place(document):
    check_garbage(document)


# What such figures have brought to light.

LINE = {"mark": "line", "x": "x", "y": "x"}
X = {"x": {"values": [1, 2, 3]}}


@pytest.mark.parametrize(
    ("changes", "where", "message"),
    [
        ({"alt": "{0 / 0:d}"}, "alt", "'0 / 0' is nan"),
        ({"alt": "{log(0 * max(x)):.1f}"}, "alt", "'log(0 * max(x))' is -inf"),
        ({"alt": "{max(x):.2d}"}, "alt", "'.2d' is not a valid number format"),
        ({"axes": {"x": {"limits": [10, None]}}}, "axes.x.limits", "the lower limit 10 must be less than the upper limit 3.1"),
        ({"axes": {"x": {"limits": [None, -10]}}}, "axes.x.limits", "the lower limit 0.9 must be less than the upper limit -10"),
        ({"axes": {"y": {"ticks": {"every": 1e-9}}}}, "axes.y.ticks.every", "more than 1,000 ticks"),
        ({"axes": {"y": {"limits": [0, 1e6], "ticks": {"at": [1, 2], "minor": True}}}}, "axes.y.ticks.minor", "more than 1,000 ticks"),
        ({"layers": [{"mark": "pie", "sizes": "x", "on": "right"}]}, "", "matplotlib warns: Ignoring fixed y limits"),
        ({"layers": [{"mark": "bar", "x": "x", "y": "0 * x + 1e308", "base": 1e308}]}, "", "matplotlib warns: overflow"),
        ({"layers": [{**LINE, "mark": "scatter", "color": "red", "color_by": "x"}]}, "layers[0].color", "'color' cannot be combined with 'color_by'"),
        ({"layers": [{**LINE, "mark": "scatter", "colorbar": {}}]}, "layers[0].colorbar", "'colorbar' requires 'color_by'"),
        ({"layers": [{**LINE, "mark": "scatter", "marker": "x", "edge_color": "red"}]}, "layers[0].edge_color", "'edge_color' cannot be combined with 'marker: x'"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told_and_not_raised(build, changes, where, message):
    with pytest.raises(ConfigError) as caught:
        build(as_yaml({"alt": "A line.", "data": X, "layers": [LINE], **changes}))
    assert [finding.where.startswith(where) for finding in caught.value.findings] == [True]
    assert caught.value.findings[0].message.startswith(message)


def test_an_axis_of_dates_may_have_no_ticks(build):
    data = {"x": {"values": ["2025-01-01", "2025-02-01"]}}
    axes = {"x": {"ticks": {"at": []}}}
    assert build(as_yaml({"alt": "A line.", "data": data, "layers": [{**LINE, "y": 1}], "axes": axes}))


def test_boxes_may_stand_on_an_axis_that_another_panel_has_put_ticks_on(build):
    first = {"layers": [LINE], "axes": {"x": {"ticks": {"at": [1, 2], "labels": ["one", "two"]}}}}
    panels = [first, {"layers": [{"mark": "box", "y": ["x", "2 * x"], "labels": ["a", "b"]}]}]
    assert build(as_yaml({"alt": "Boxes.", "data": X, "panels": panels, "grid": {"share_x": "all"}}))


def test_a_shown_grid_without_a_legend_of_its_own_has_none(build):
    panels = [{"layers": [{**LINE, "label": name}]} for name in ("a", "b")]
    text = as_yaml({"alt": "Lines.", "data": X, "panels": panels})
    loaded = load(text, "figure.yaml")
    assert build(show(loaded, validate(loaded.data))) == build(text)


@pytest.mark.parametrize("key", ["<line>", "a: b", "no", "#", "über", "\u2028"])
def test_a_shown_key_is_the_same(key):
    loaded = load(as_yaml({"alt": key, "data": X, "layers": [LINE], "rc": {key: 1}}), "figure.yaml")
    assert load(show(loaded, validate(loaded.data)), "shown.yaml").data["rc"] == {key: "1"}


def test_a_key_without_printable_text_is_refused():
    with pytest.raises(ConfigError, match=r"invalid character U\+0000 in a key"):
        load('"\\0line": 1', "figure.yaml")


# The helpers that the models are made with.


class Leaf(Model):
    size: Annotated[int, ChannelType("x"), CheckedText("text")] = 1


class Tree(Model):
    one: Leaf = Leaf()
    perhaps: Leaf | None = None
    many: tuple[Leaf, ...] = ()
    named: dict[str, Leaf]
    deep: tuple[Annotated[str, ChannelType("y")], ...] | None = None
    plain: str = ""


def test_a_marker_is_found_on_a_field_and_within_its_type():
    assert find_annotation(Leaf.model_fields["size"], ChannelType) == ChannelType("x")
    assert find_annotation(Leaf.model_fields["size"], CheckedText) == CheckedText("text")
    assert find_annotation(Tree.model_fields["deep"], ChannelType) == ChannelType("y")
    assert find_annotation(Tree.model_fields["deep"], CheckedText) is None
    assert find_annotation(Tree.model_fields["plain"], ChannelType) is None


def test_all_models_within_a_model_are_found_with_their_places():
    leaves = [Leaf(size=size) for size in range(5)]
    tree = Tree(one=leaves[0], perhaps=leaves[1], many=(leaves[2], leaves[3]), named={"a": leaves[4]})
    assert list(models(tree, ("root",))) == [
        (("root",), tree),
        (("root", "one"), leaves[0]),
        (("root", "perhaps"), leaves[1]),
        (("root", "many", 0), leaves[2]),
        (("root", "many", 1), leaves[3]),
        (("root", "named", "a"), leaves[4]),
    ]
    assert list(models(Leaf())) == [((), Leaf())]


def test_a_tag_is_told_from_keys_and_places():
    assert is_tag(tag("line"))
    assert not is_tag("line")
    assert not is_tag(0)


def test_a_union_is_told_apart_by_its_discriminator_alone():
    kinds = TypeAdapter(
        union(
            {"number": int, "leaf": Leaf},
            lambda value: "leaf" if isinstance(value, dict | Leaf) else "number" if isinstance(value, int) else None,
            "unknown_kind",
        )
    )
    assert kinds.validate_python(3) == 3
    assert kinds.validate_python({"size": 2}) == Leaf(size=2)
    assert kinds.dump_python(Leaf(size=2)) == {"size": 2}
    for value, location, error in (({"size": "a"}, (tag("leaf"), "size"), "int_type"), ("a", (), "unknown_kind")):
        with pytest.raises(ValidationError) as caught:
            kinds.validate_python(value)
        assert [(found["loc"], found["type"]) for found in caught.value.errors()] == [(location, error)]


def test_the_kind_is_read_in_data_and_in_models():
    read = value_of("size")
    assert (read({"size": 2}), read(Leaf(size=2)), read({}), read(3)) == (2, 2, None, None)


def test_models_are_closed_strict_and_frozen():
    for wrong in ({"size": "1"}, {"size": 1.0}, {"colour": 1}):
        with pytest.raises(ValidationError):
            Leaf.model_validate(wrong)
    with pytest.raises(ValidationError, match="frozen"):
        Leaf().size = 2


@pytest.mark.parametrize(
    ("text", "valid"),
    [(".2f", True), (",d", True), ("+.0%", True), (".2d", False), ("2f", False), ("x", False), ("", False)],
)
def test_a_number_format_is_one_that_format_takes(text, valid):
    layer = {"mark": "bar", "x": 1, "y": 1, "values": text}
    if valid:
        assert validate({"alt": "a", "layers": [layer]}).layers[0].values == text
        format(2 if text.endswith("d") else 2.5, text)
    else:
        with pytest.raises(SpecError):
            validate({"alt": "a", "layers": [layer]})
