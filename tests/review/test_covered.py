"""Data that other data hide are found, with their number and the first of them; what can be seen is not."""

import io

import numpy as np
import pytest
from PIL import Image

from figgen.data.sample import sample
from figgen.drawing import ENCODERS, draw
from figgen.review.covered_pixels import MAX_COVERED
from figgen.review.layout import check_layout
from tests.draw_figures import figure, fonts, no_files

DATA = {
    "x": {"linspace": [1, 5, 5]},
    "y": {"values": [1, 3, 2, 5, 4]},
    "twice": {"values": [1, 1, 2]},
    "z": {"values": [3, 5, 4]},
    "names": {"values": ["a", "a", "b"]},
    "days": {"values": ["2024-01-01", "2024-01-01", "2024-01-02"]},
    "hours": {"values": ["2024-01-01T12:00", "2024-01-01T12:00", "2024-01-02T12:00"]},
    "r": {"random": "normal", "shape": [500], "seed": 1},
    "s": {"random": "normal", "shape": [500], "after": "r"},
    "nine": {"values": [1, 1, 1, 1, 1, 1, 1, 1, 2, 3]},
    "m": {"values": [[1, 2], [3, 4]]},
}
BAR, TWICE = {"mark": "bar", "x": "x", "y": "y"}, {"mark": "bar", "x": "names", "y": "z"}
LINE, AREA = {"mark": "line", "x": "x", "y": "y"}, {"mark": "area", "x": "x", "high": "y"}
HISTOGRAM = {"mark": "histogram", "x": ["r", "s + 1"], "bins": 10, "arrange": "overlaid"}
STAIRS = {"mark": "stairs", "edges": "x", "y": "y[1:]", "filled": True}
BOX, VIOLIN = {"mark": "box", "y": ["y", "z"]}, {"mark": "violin", "y": ["y", "z"]}
STEM, STEP = {"mark": "stem", "x": "twice", "y": "z"}, {"mark": "step", "x": "where(x > 3, x - 1, x)", "y": "x"}
ERRORBAR = {"mark": "errorbar", "x": "twice", "y": "z", "error": 1.5}
SCATTER = {"mark": "scatter", "x": "r", "y": "s"}
HEATMAP = {"mark": "heatmap", "z": "m"}


def found(*layers, settings=(), **fields):
    """Draw layers as the build does, and return the problems of their layout, as pairs of key and message."""
    spec = figure(data=DATA, **({"layers": list(layers)} if layers else {}), **fields)
    samples = sample(spec, no_files)
    with draw(spec, samples, dict(settings), fonts()) as drawn:
        content = ENCODERS["png"](drawn, spec, samples.alt, b"")
        with Image.open(io.BytesIO(content)) as image:
            return [(problem.where, problem.message) for problem in check_layout(spec, drawn, image.width)]


@pytest.mark.parametrize(
    ("layers", "key", "message"),
    [
        ([TWICE], "x", "1 of 3 bars cannot be seen in full behind other bars of the layer, the first at 'a'"),
        ([{**TWICE, "y": "6 - z"}], "x", "1 of 3 bars cannot be seen in full behind other bars of the layer, the first at 'a'"),
        ([{**TWICE, "opacity": 0.5}], "x", "1 of 3 bars cannot be seen in full behind other bars of the layer, the first at 'a'"),
        ([{**TWICE, "x": "twice"}], "x", "1 of 3 bars cannot be seen in full behind other bars of the layer, the first at x = 1"),
        ([{**TWICE, "x": "days"}], "x", "1 of 3 bars cannot be seen in full behind other bars of the layer, the first at 2024-01-01"),
        ([{**TWICE, "x": "hours"}], "x", "1 of 3 bars cannot be seen in full behind other bars of the layer, the first at 2024-01-01T12:00:00"),
        ([{**TWICE, "direction": "horizontal"}], "x", "1 of 3 bars cannot be seen in full behind other bars of the layer, the first at 'a'"),
        ([{**TWICE, "x": "twice", "direction": "horizontal"}], "x", "1 of 3 bars cannot be seen in full behind other bars of the layer, the first at y = 1"),
        ([{**TWICE, "y": ["z", "z"]}], "x", "2 of 6 bars cannot be seen in full behind other bars of the layer, the first at 'a'"),
        ([{**TWICE, "y": ["z", "z"], "arrange": "stacked"}], "x", "3 of 6 bars cannot be seen in full behind other bars of the layer, the first at 'a'"),
        ([BAR, {**BAR, "y": "6 - y"}], "x", "5 of 5 bars cannot be seen in full behind the bars of layers[1], the first at x = 1"),
        ([{**BAR, "order": 3}, {**BAR, "y": "6 - y"}], "x", "5 of 5 bars cannot be seen in full behind the bars of layers[0], the first at x = 1"),
        ([BAR, {**BAR, "y": "6 - y", "on": "right"}], "x", "5 of 5 bars cannot be seen in full behind the bars of layers[1], the first at x = 1"),
        ([{**BAR, "width": 0.4}, {**BAR, "y": "y + 1"}], "x", "5 of 5 bars cannot be seen in full behind the bars of layers[1], the first at x = 1"),
        ([HISTOGRAM], "x", "8 of 18 bars cannot be seen in full behind other bars of the layer, the first at x = -2.33814"),
        ([STAIRS, {**STAIRS, "y": "6 - y[1:]"}], "edges", "4 of 4 bars cannot be seen in full behind the bars of layers[1], the first at x = 1.5"),
        ([{**BOX, "positions": [1, 1]}], "positions", "1 of 2 boxes cannot be told from another one in the same place, the first at "),
        ([BOX, BOX], "positions", "2 of 2 boxes cannot be told from those of layers[1] in the same place, the first at "),
        ([BOX, {**BOX, "on": "right"}], "positions", "2 of 2 boxes cannot be told from those of layers[1] in the same place, the first at "),
        ([VIOLIN, {**VIOLIN, "y": "y"}], "positions", "1 of 2 violins cannot be told from those of layers[1] in the same place, the first at '1'"),
        ([{**VIOLIN, "direction": "horizontal", "positions": [2, 2]}], "positions", "1 of 2 violins cannot be told from another one in the same place, the first at '2'"),
        ([STEM], "x", "1 of 3 stems cannot be told from a longer one in the same place, the first at x = 1"),
        ([{**STEM, "base": 6}], "x", "1 of 3 stems cannot be told from a longer one in the same place, the first at x = 1"),
        ([STEP], "x", "1 of 5 values cannot be seen, since another one is at the same position, the first at x = 3"),
        ([{**STEP, "hold": "before"}], "x", "1 of 5 values cannot be seen, since another one is at the same position, the first at x = 3"),
        ([ERRORBAR], "x", "1 of 3 error bars cannot be told from another one in the same place, the first at x = 1"),
        ([{"mark": "errorbar", "x": "z", "y": "twice", "x_error_low": 1, "x_error_high": 2}], "x", "1 of 3 error bars cannot be told from another one in the same place, the first at x = 5"),
        ([{**SCATTER, "x": "round(r)", "y": "round(s)"}], "x", "46"),
        ([{**SCATTER, "x": "nine", "y": "nine"}], "x", "7 of 10 points cannot be seen behind later ones"),
        ([{**SCATTER, "x": "nine", "y": "nine", "marker": "+"}], "x", "7 of 10 points cannot be seen behind later ones"),
        ([{**SCATTER, "size": 20}, {**SCATTER, "size": "30 + abs(r)"}], "x", "500 of 500 points cannot be seen behind later ones"),
    ],
)  # fmt: skip
def test_hidden_data(layers, key, message):
    ((where, text),) = found(*layers)
    number = 1 if "layers[0]" in message else 0
    assert where == ("layers", number, key)
    assert text.startswith(message)


@pytest.mark.parametrize(
    ("layers", "covered"),
    [
        ([LINE, LINE], 0),
        ([LINE, {**LINE, "y": "y + 1e-12"}], 0),
        ([{**LINE, "marker": "o"}, {**LINE, "marker": "o"}], 0),
        ([{**LINE, "order": 5}, LINE], 1),
        ([{**LINE, "width": 1}, {**LINE, "width": 3}], 0),
        ([{**LINE, "y": "0 * x + 2"}, {"mark": "rule", "y": 2}], 0),
        ([{"mark": "rule", "y": 2}, {"mark": "rule", "y": 2, "color": "red"}], 0),
        ([AREA, {**AREA, "high": "y + 1"}], 0),
        ([AREA, {"mark": "span", "x": [0, 6], "opacity": 1, "order": 9}], 0),
        ([{"mark": "scatter", "x": 0.5, "y": 0.5}, {**HEATMAP, "order": 9}], 0),
        ([{**SCATTER, "x": 1, "y": 1, "size": 20}, {**LINE, "y": "0 * x + 1", "width": 9}], 0),
        ([{"mark": "stairs", "edges": "x", "y": "y[1:]"}] * 2, 0),
        ([{"mark": "pie", "sizes": "y", "hole": 0.5}, {"mark": "pie", "sizes": "y"}], 0),
    ],
)
def test_a_layer_that_later_ones_cover(layers, covered):
    where, message = ("layers", covered), f"the layer cannot be seen behind layers[{1 - covered}]"
    assert found(*layers) == [(where, message)]


def test_two_layers_that_cover_a_third_one_together():
    halves = [{**LINE, "x": part, "y": "y" + part[1:], "width": 4} for part in ("x[:3]", "x[2:]")]
    assert found(LINE, *halves) == [(("layers", 0), "the layer cannot be seen behind layers[1] and layers[2]")]


def test_a_layer_of_a_panel():
    panels = [{"layers": [LINE]}, {"layers": [LINE, LINE]}]
    assert found(layers=[], panels=panels) == [
        (("panels", 1, "layers", 0), "the layer cannot be seen behind layers[1]"),
    ]


@pytest.mark.parametrize(
    "layers",
    [
        [BAR, {**BAR, "width": 0.4, "y": "6 - y"}],  # a bullet chart
        [BAR, {**BAR, "y": "-y"}],  # a population pyramid
        [BAR, {**BAR, "y": 1, "base": "y"}],  # stacked by hand
        [{**TWICE, "y": 0.5, "base": "z", "direction": "horizontal"}],  # a Gantt chart
        [{**TWICE, "y": "where(z > 4, -z, z)"}],
        [BAR, {**BAR, "y": "6 - y", "opacity": 0.5}],
        [{**BAR, "y": ["y", "6 - y"]}],
        [{**BAR, "y": ["y", "6 - y"], "arrange": "stacked", "width": 1}],
        [BAR, {**ERRORBAR, "x": "x", "y": "y", "error": 0.5}, {"mark": "text", "x": "x", "y": "y", "text": "a"}],
        [{**BAR, "error": 0.5, "values": "g"}, {**LINE, "y": "6 - y"}],
        [{**HISTOGRAM, "opacity": 0.5}],
        [{**HISTOGRAM, "form": "outline"}],
        [{**HISTOGRAM, "arrange": "grouped"}],
        [{**HISTOGRAM, "arrange": "stacked"}],
        [{**STAIRS, "filled": False}, {**STAIRS, "y": "6 - y[1:]", "filled": False}],
        [STAIRS, {**STAIRS, "y": "6 - y[1:]", "opacity": 0.5}],
        [STAIRS, {**STAIRS, "y": "6 - y[1:]", "edges": "x + 0.5"}],
        [STAIRS, {**STAIRS, "y": "y[1:] + 1", "base": "y[1:]"}],
        [VIOLIN, BOX],
        [BOX, {**BOX, "positions": [1.5, 2.5]}],
        [{**BOX, "y": ["y", "z + 9"], "positions": [1, 1], "labels": ["a", "a"]}],
        [{**STEM, "y": "z - 4"}],  # to both sides of the base
        [{**STEM, "x": "z"}],
        [{**STEP, "hold": "around"}],
        [{**STEP, "y": "where(x == 3, 9, x)"}],  # a spike
        [{**STEP, "y": "where(x == 3, 2, x)"}],  # the value before it, which is shown
        [{**ERRORBAR, "error": 0.5}],
        [{**ERRORBAR, "x": "x", "y": "y"}, {**ERRORBAR, "x": "x", "y": "y + 0.5"}],
        [LINE, {**LINE, "dash": "--"}],
        [{**LINE, "width": 3}, {**LINE, "width": 1, "color": "black"}],
        [{**LINE, "marker": "o"}, LINE],
        [LINE, {**LINE, "opacity": 0.5}],
        [LINE, {**LINE, "x": "x[:4]", "y": "y[:4]"}],  # of which the end can be seen
        [{**LINE, "x": "twice", "y": "z"}],
        [{**LINE, "x": "abs(x - 3)", "y": "abs(x - 3)"}],  # there and back
        [{"mark": "band", "x": "x", "y": "y", "spread": 1}, LINE],
        [{"mark": "band", "x": "x", "y": "y", "spread": 1}, {**ERRORBAR, "x": "x", "y": "y"}],
        [{**AREA, "high": "y + 1"}, AREA],
        [{**AREA, "high": "y + 0.02"}, AREA],
        [{**AREA, "opacity": 0.5}, {**AREA, "high": "y + 1", "opacity": 0.5}],
        [{**HEATMAP, "order": 1}, {"mark": "text", "x": 1, "y": 1, "text": "a"}],
        [{"mark": "pie", "sizes": "y", "hole": 0.8}, {"mark": "pie", "sizes": "y", "opacity": 0.5}],
        [SCATTER],
        [{**SCATTER, "size": "10 + 100 * abs(r)", "color_by": "r"}],
        [{**SCATTER, "x": "round(10 * r) / 10", "y": "round(10 * s) / 10"}],
        [{**SCATTER, "x": "exp(r / 2)", "y": "exp(s / 2)"}],
        [{**SCATTER, "x": "round(r)", "y": "round(s)", "opacity": 0.3}],
        [SCATTER, {**SCATTER, "x": "r[:9]", "y": "s[:9]", "color": "red", "size": 90}],  # some are emphasised
        [{**SCATTER, "size": 90}, {**SCATTER, "size": 9}],
        [SCATTER, {**SCATTER, "marker": "+", "color": "red", "size": 90}],
    ],
)
def test_what_can_be_seen(layers):
    assert [pair for pair in found(*layers) if "overlaps" not in pair[1]] == []


@pytest.mark.parametrize(("hidden", "reported"), [(50, 0), (51, 1)])
def test_the_threshold_of_hidden_points(hidden, reported):
    assert MAX_COVERED == 0.5
    places = {"x": f"where(x < {hidden + 0.5}, 0, x)", "y": 0}
    data = {"x": {"integers": [0, 99]}}
    spec = {"data": data, "layers": [{"mark": "scatter", **places, "size": 1}]}
    with_data = figure(**spec)
    with draw(with_data, sample(with_data, no_files), {}, fonts()) as drawn:
        ENCODERS["png"](drawn, with_data, "", b"")
        assert len([*check_layout(with_data, drawn, 1200)]) == reported


def test_values_outside_the_limits_hide_nothing():
    limits = {"axes": {"x": {"limits": [1.5, 5.5]}}}
    assert found({**TWICE, "x": "twice"}, **limits) == []
    assert found({**SCATTER, "x": "nine", "y": "nine"}, **limits) == []


def test_a_waiver():
    assert found(LINE, LINE, waive={"covered": "They coincide, which is the point."}) == []
    ((where, message),) = found(LINE, waive={"covered": "They coincide, which is the point."})
    assert (where, message) == (("waive", "covered"), "unused waiver 'covered'")


def test_missing_values_hide_nothing():
    from figgen.review.covered_data import _in_one_place

    assert [points.tolist() for points in _in_one_place(np.asarray([1, np.nan, np.nan, 2, 1]))] == [[0, 4]]


@pytest.mark.parametrize("layer", [BAR, LINE, AREA, {**SCATTER, "x": "y", "y": "y"}], ids=lambda layer: layer["mark"])
def test_what_is_translucent_hides_nothing(layer):
    assert len(found(layer, layer)) == len(found({**layer, "opacity": 1}, {**layer, "opacity": 1})) == 1
    assert found({**layer, "opacity": 0.8}, {**layer, "opacity": 0.8}) == []


@pytest.mark.parametrize("shift", [0, 0.002, 0.1])
def test_bars_that_differ_by_less_than_a_pixel_are_in_the_same_place(shift):
    shifted = {**BAR, "x": f"x + {shift}", "y": "6 - y"}
    assert len(found(BAR, shifted)) == (shift < 0.01)


def test_a_point_is_as_large_as_it_is_drawn():
    """The later point, of 30 pixels, covers those around it by less than the difference of their radii."""
    limits = {"axes": {"x": {"limits": [0, 1], "ticks": {"at": []}}, "y": {"limits": [0, 1], "ticks": {"at": []}}}}
    canvas = {"canvas": {"size": [2, 2], "dpi": 100, "layout": "none"}, "settings": {"figure.subplot.left": 0, "figure.subplot.right": 1, "figure.subplot.bottom": 0, "figure.subplot.top": 1}}  # fmt: skip
    large = (30 * 72 / 100) ** 2  # points squared
    for distance, covered in ((8, 1), (14, 0)):  # pixels between the centres, of 200 on each side
        later = {"mark": "scatter", "x": 0.5, "y": 0.5, "size": large}
        earlier = {"mark": "scatter", "x": 0.5 + distance / 200, "y": 0.5, "size": large / 9}
        assert len(found(earlier, later, **limits, **canvas)) == covered, distance


def test_the_uppermost_layer_is_named():
    layers = [{**LINE, "width": width} for width in (1, 2, 3)]
    message = "the layer cannot be seen behind layers[2]"
    assert found(*layers) == [(("layers", 0), message), (("layers", 1), message)]


def test_an_error_that_is_missing_has_no_error_bar():
    """It put the others into a wrong order, so that one of two separate error bars was found to be covered."""
    layer = {"mark": "errorbar", "x": 1, "y": "where(z == 3, 9, where(z == 5, 8, 7))", "missing": "gap"}
    assert found({**layer, "error": "where(z == 5, log(-1), 0.4)"}) == []
    ((key, _),) = found({**layer, "error": "where(z == 5, log(-1), 1.4)"})
    assert key == ("layers", 0, "x")


def test_categories_are_quoted_as_they_are_written():
    data = {"names": {"values": ["US$", "US$", "b"]}, "z": {"values": [3, 5, 4]}}
    spec = figure(data=data, layers=[TWICE])
    with draw(spec, sample(spec, no_files), {}, fonts()) as drawn:
        drawn.draw_without_rendering()
        (problem,) = check_layout(spec, drawn, 1200)
    assert problem.message.endswith("the first at 'US$'")


def test_groups_in_one_place_on_a_shared_axis():
    """Of axes that share their ticks, matplotlib lists the labels of the lowest only."""
    panels = [{"layers": [VIOLIN, VIOLIN]}, {"layers": [VIOLIN | {"labels": ["a", "b"]}]}]
    ((where, message),) = found(panels=panels, grid={"columns": 1, "share_x": "all"})
    assert where == ("panels", 0, "layers", 0, "positions")
    assert message == "2 of 2 violins cannot be told from those of layers[1] in the same place, the first at 'a'"


AT_END = {"mark": "rule", "y": 1, "width": 1}
ENDS = {"axes": {"y": {"limits": [1, 6]}, "x": {"limits": [1, 5]}}}


@pytest.mark.parametrize(
    ("layer", "edge"),
    [
        (AT_END, "bottom"),
        (AT_END | {"y": 6}, "top"),
        (AT_END | {"y": None, "x": 1}, "left"),
        (AT_END | {"y": None, "x": 5}, "right"),
        ({"mark": "line", "x": "x", "y": "0 * x + 1", "width": 1}, "bottom"),
        ({"mark": "step", "x": "x", "y": "0 * x + 6", "width": 1}, "top"),
        (AT_END | {"on": "right"}, "bottom"),
        (AT_END | {"width": 0.5, "order": 3}, "bottom"),  # half of it is within the panel
        (AT_END | {"order": 3}, ""),
        (AT_END | {"width": 1.5}, ""),
        (AT_END | {"y": 1.05}, ""),
        (AT_END | {"y": 0}, ""),  # outside of the limits
        ({"mark": "line", "x": "x", "y": "0 * x + 1", "width": 1, "marker": "o"}, ""),
        ({"mark": "line", "x": "x", "y": "maximum(3 - x, 1)", "width": 1}, ""),
    ],
)
def test_a_line_at_an_edge_of_the_panel(layer, edge):
    layer = {key: value for key, value in layer.items() if value is not None}
    axes = {**ENDS["axes"], **({"right": ENDS["axes"]["y"]} if layer.get("on") else {})}
    message = f"1 of 1 lines cannot be seen at the {edge} edge of the panel"
    assert found(LINE, layer, axes=axes) == ([(("layers", 1), message)] if edge else [])


def test_a_line_at_an_edge_without_a_frame():
    thin = AT_END | {"y": 6, "width": 0.8}
    assert found(LINE, thin, **ENDS, settings={"axes.spines.top": False}) == []
    assert found(LINE, thin, axes={**ENDS["axes"], "visible": False}) == []
    assert len(found(LINE, thin, **ENDS)) == 1


def test_those_of_several_rules_that_are_at_an_edge_are_counted():
    ((where, message),) = found(LINE, AT_END | {"y": "x"}, **ENDS)
    assert (where, message) == (("layers", 1), "1 of 5 lines cannot be seen at the bottom edge of the panel")
