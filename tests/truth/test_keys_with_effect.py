"""Each key of a layer, an axis or a legend changes the picture in some figure: none is accepted and ignored."""

from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from figgen.config.spec import MARKS, Axis, Canvas, Colorbar, Legend, Ticks
from figgen.config.spec.axes import Axes, Secondary
from figgen.config.spec.figure import Grid
from figgen.data.sample import sample
from figgen.errors import SpecError
from tests.config import test_spec as random_specs
from tests.draw_figures import encoded, figure, fonts, no_files

pytestmark = pytest.mark.slow
FONTS = cache(fonts)
search = settings(deadline=None, max_examples=25, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
DATA = {
    "a": {"values": [1.5, -2, 3, 0.5]},
    "b": {"values": [4, 1, -1, 2.5]},
    "c": {"values": [0.3, 2, -4, 1]},
    "d": {"values": ["2025-01-02", "2025-03-05", "2025-06-01", "2025-12-24"]},
    "f": {"expr": "a + 0.3"},
    "g": {"expr": "b * c"},
    "s": {"expr": 0.7},
    "t": {"values": ["cat", "dog", "fox", "owl"]},
    "u": {"values": ["p", "q", "r", "s"]},
    "Z": {"values": [[1, 2, 3, 4], [5, -3, 2, 1], [0.5, 7, 8, -1]]},
}
ACROSS = {"mark": "line", "x": "a", "y": "b", "width": 15, "color": "0.8"}  # for `order`
LINE = {"mark": "line", "x": "a", "y": "b", "label": "one"}
OTHERS = {
    "mark",
    "on",
    "missing",
    "z",
}  # matrices are of one kind here, and the right axis and missing values have tests of their own


def drawn_picture(**fields):
    """Return the PNG of a figure, or None if it is refused."""
    try:
        spec = figure(**{"data": DATA, "canvas": {"size": [4, 3], "dpi": 40}} | fields)
        return encoded(spec, sample(spec, no_files), {}, FONTS())
    except SpecError:
        return None


def has_effect(key, variants, fields_of):
    """Check whether two values of a key give two pictures, in any of some figures that are random but for the key."""
    found = []
    pairs = [
        st.tuples(
            random_specs.some({**needed, key: values}, **{name: optional[name] for name in optional if name != key}),
            values,
        )
        for needed, optional in variants
        if (values := {**needed, **optional}.get(key)) is not None
    ]

    @search
    @given(st.one_of(*pairs))
    def compare(pair):
        document, value = pair
        if not found and document[key] != value and (first := drawn_picture(**fields_of(document))) is not None:
            second = drawn_picture(**fields_of({**document, key: value}))
            if second not in (first, None):
                found.append(value)

    compare()
    return bool(found)


@pytest.mark.parametrize("mark", MARKS)
def test_keys_of_layers(mark):
    def fields_of(layer):
        return {"layers": [ACROSS, {"mark": mark, **layer}]}

    variants = random_specs.layer_fields(mark, "linear", "linear")
    keys = MARKS[mark].model_fields.keys() - OTHERS
    assert [key for key in sorted(keys - LAYERS.keys()) if not has_effect(key, variants, fields_of)] == []


def x(**axis):
    return {"axes": {"x": axis}}


def x_ticks(**ticks):
    return x(ticks=ticks)


DAYS = {"layers": [LINE | {"x": "d"}]}
SYMLOG = {"scale": "symlog", "threshold": 1}
TWICE = {"forward": "2 * x", "inverse": "x / 2"}
HEATMAP = {"mark": "heatmap", "z": "Z"}
PANELS = {"panels": [{"layers": [LINE]}, {"layers": [LINE | {"x": "c", "y": "f"}]}] * 2}
LEGEND = {"layers": [LINE, LINE | {"x": "c", "label": "two"}]}

# For each key of the models around layers, two figures that differ in it alone.
PAIRS = {
    (Axis, "label"): (x(label="a"), x(label="b")),
    (Axis, "scale"): (x(), x(**SYMLOG)),
    (Axis, "base"): (x(**SYMLOG, base=2), x(**SYMLOG, base=10)),
    (Axis, "threshold"): (x(**SYMLOG), x(scale="symlog", threshold=0.5)),
    (Axis, "limits"): (x(limits=[-5, 5]), x(limits=[-5, 6])),
    (Axis, "invert"): (x(invert=True), x()),
    (Axis, "ticks"): (x(ticks={"every": 2}), x()),
    (Axis, "grid"): (x(grid=True), x()),
    (Axis, "secondary"): (x(secondary=TWICE), x()),
    (Axes, "x"): (x(label="a"), {}),
    (Axes, "y"): ({"axes": {"y": {"label": "a"}}}, {}),
    (Axes, "right"): tuple({"layers": [LINE | {"on": "right"}], "axes": {"right": {"label": one}}} for one in "ab"),
    (Axes, "aspect"): ({"axes": {"aspect": "equal"}}, {}),
    (Axes, "visible"): ({"axes": {"visible": False}}, {}),
    (Ticks, "at"): (x_ticks(at=[0, 1]), x_ticks(at=[0, 2])),
    (Ticks, "every"): (x_ticks(every=1), x_ticks(every=2)),
    (Ticks, "labels"): (x_ticks(at=[0, 2], labels=["a", "b"]), x_ticks(at=[0, 2], labels=["a", "c"])),
    (Ticks, "format"): (x_ticks(format=".1f"), x_ticks(format=".2f")),
    (Ticks, "dates"): (DAYS | x_ticks(dates="%d %b"), DAYS | x_ticks(dates="%b %d")),
    (Ticks, "minor"): (x_ticks(minor=True), x_ticks()),
    (Ticks, "rotation"): (x_ticks(rotation=45), x_ticks()),
    (Ticks, "align"): (x_ticks(align="right"), x_ticks()),
    (Secondary, "label"): tuple(x(secondary=TWICE | {"label": label}) for label in "ab"),
    (Secondary, "forward"): (x(secondary=TWICE), x(secondary={"forward": "3 * x", "inverse": "x / 3"})),
    (Secondary, "inverse"): (x(secondary=TWICE), x(secondary={"forward": "-x", "inverse": "-x"})),  # of the other one
    (Legend, "place"): (LEGEND | {"legend": {"place": "center"}}, LEGEND | {"legend": {"place": "outside top"}}),
    (Legend, "columns"): (LEGEND | {"legend": {"columns": 2}}, LEGEND),
    (Legend, "title"): (LEGEND | {"legend": {"title": "T"}}, LEGEND),
    (Legend, "frame"): (LEGEND | {"legend": {"frame": False}}, LEGEND),
    (Colorbar, "label"): tuple({"layers": [HEATMAP | {"colorbar": {"label": label}}]} for label in "ab"),
    (Colorbar, "place"): tuple({"layers": [HEATMAP | {"colorbar": {"place": place}}]} for place in ("left", "top")),
    (Colorbar, "format"): tuple({"layers": [HEATMAP | {"colorbar": {"format": one}}]} for one in (".1f", ".2f")),
    (Grid, "columns"): (PANELS | {"grid": {"columns": 2}}, PANELS),
    (Grid, "share_x"): (PANELS | {"grid": {"share_x": "all"}}, PANELS),
    (Grid, "share_y"): (PANELS | {"grid": {"share_y": "all"}}, PANELS),
    (Grid, "widths"): (PANELS | {"grid": {"widths": [1, 1, 1, 2]}}, PANELS),
    (Grid, "heights"): tuple(PANELS | {"grid": {"columns": 2, "heights": [1, ratio]}} for ratio in (2, 3)),
    (Grid, "letters"): (PANELS | {"grid": {"letters": True}}, PANELS),
    (Canvas, "size"): ({"canvas": {"size": [4, 3], "dpi": 40}}, {"canvas": {"size": [4, 2], "dpi": 40}}),
    (Canvas, "unit"): tuple({"canvas": {"size": [100, 80], "dpi": 10, "unit": unit}} for unit in ("in", "px")),
    (Canvas, "dpi"): ({"canvas": {"dpi": 40}}, {"canvas": {"dpi": 41}}),
    (Canvas, "crop"): ({"canvas": {"dpi": 40, "crop": "tight"}}, {"canvas": {"dpi": 40}}),
    (Canvas, "pad"): tuple({"canvas": {"dpi": 40, "crop": "tight", "pad": pad}} for pad in (0, 1)),
    (Canvas, "layout"): ({"canvas": {"dpi": 40, "layout": "tight"}}, {"canvas": {"dpi": 40, "layout": "none"}}),
}
# Keys of layers of which the random figures have one value, or seldom two that make a difference.
LAYERS = {
    "order": [LINE | {"order": order} for order in (0, 9)],
    "direction": [{"mark": "bar", "x": "a", "y": "c", "direction": one} for one in ("vertical", "horizontal")],
    "color_scale": [{"mark": "heatmap", "z": "Z ** 2 + 1", "color_scale": scale} for scale in ("linear", "log")],
    "form": [{"mark": "contour", "x": "a", "y": "b[:3]", "z": "Z", "form": form} for form in ("filled", "lines")],
    "form of a histogram": [{"mark": "histogram", "x": "a", "form": form} for form in ("filled", "outline")],
    "range": [{"mark": "histogram", "x": "a", "bins": 3, "range": [-2, end]} for end in (3, 4)],
    "head": [{"mark": "arrow", "from_x": 0, "from_y": 0, "x": 1, "y": 1, "head": head} for head in ("open", "filled")],
}
ELSEWHERE = {(Canvas, "shown")}  # for the checks of sizes of texts, and for the posts


@pytest.mark.parametrize("key", PAIRS, ids=lambda key: f"{key[0].__name__}.{key[1]}")
def test_keys_around_layers(key):
    one, other = ({"layers": [LINE]} | fields for fields in PAIRS[key])
    if "panels" in one:
        one, other = ({name: fields[name] for name in fields if name != "layers"} for fields in (one, other))
    pictures = {drawn_picture(**one), drawn_picture(**other)}
    assert None not in pictures
    assert len(pictures) == 2


@pytest.mark.parametrize("key", LAYERS)
def test_keys_of_layers_that_seldom_differ(key):
    one, other = (drawn_picture(layers=[ACROSS, layer]) for layer in LAYERS[key])
    assert None not in (one, other)
    assert one != other


def test_each_key_around_layers_is_tried():
    listed = PAIRS.keys() | ELSEWHERE
    around = {model for model, _ in listed}
    assert listed == {(model, key) for model in around for key in model.model_fields}
