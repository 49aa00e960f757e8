"""The limits of an axis include all that is drawn, by whichever mark."""

import pytest

from tests.draw_figures import drawn

DATA = {"x": {"linspace": [50, 60, 3]}, "y": {"values": [5, 7, 6]}}
ARROW = {"mark": "arrow", "x": 60, "y": 7, "from_x": 50, "from_y": 5}
TEXT = {"mark": "text", "x": "x", "y": "y", "text": "here"}
LAYERS = [
    ARROW,
    TEXT,
    {"mark": "line", "x": "x", "y": "y"},
    {"mark": "scatter", "x": "x", "y": "y"},
    {"mark": "bar", "x": "x", "y": "y"},
    {"mark": "step", "x": "x", "y": "y"},
    {"mark": "stairs", "edges": "x", "y": "y[1:]"},
    {"mark": "stem", "x": "x", "y": "y"},
    {"mark": "area", "x": "x", "high": "y"},
    {"mark": "band", "x": "x", "y": "y", "spread": 1},
    {"mark": "errorbar", "x": "x", "y": "y", "error": 1},
    {"mark": "quiver", "x": "x[:2]", "y": "y[0]", "u": 5, "v": 2, "space": "data"},
    {"mark": "quiver", "x": 60, "y": 7, "u": 10, "v": 2, "space": "data", "pivot": "tip"},
    {"mark": "quiver", "x": 55, "y": 6, "u": 20, "v": 4, "space": "data", "pivot": "middle", "scale": 2},
    {"mark": "contour", "x": "x", "y": "y", "z": "reshape(x, 3, 1) * y"},
]


def limits(*layers, **changes):
    axes = drawn(data=DATA, layers=list(layers), **changes).axes[0]
    return axes.get_xlim(), axes.get_ylim()


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer["mark"])
def test_a_mark_alone_is_within_the_limits(layer):
    (left, right), (bottom, top) = limits(layer)
    assert left <= 50
    assert 60 <= right < 70
    assert bottom <= 5
    assert 7 <= top < 12


@pytest.mark.parametrize("key", ["x", "y"])
@pytest.mark.parametrize("layer", [ARROW, TEXT], ids=["arrow", "text"])
def test_annotations_of_a_rule_or_a_span_set_the_limits_that_those_leave_open(layer, key):
    other, expected = ("y", (4.9, 7.1)) if key == "x" else ("x", (49.5, 60.5))
    for straight in ({"mark": "rule", key: 6}, {"mark": "span", key: [5, 6]}):
        by_axis = dict(zip("xy", limits(straight, layer), strict=True))
        assert by_axis[other] == pytest.approx(expected)
        assert by_axis[key][1] < 7, "the rule sets the limits of its own axis"


def test_annotations_do_not_change_the_limits_of_data():
    line = {"mark": "line", "x": "x", "y": "y"}
    far = [{**ARROW, "from_x": 49, "from_y": 4}, {**TEXT, "x": 61, "y": 8}]
    assert limits(line, *far) == limits(line)
    assert limits(*far, line) == limits(line)


def test_annotations_on_a_log_axis():
    (left, right), _ = limits({**ARROW, "from_x": 0.01}, axes={"x": {"scale": "log"}})
    assert 0.001 < left < 0.01
    assert 60 < right < 600


def test_limits_that_are_set_are_kept():
    assert limits(ARROW, axes={"x": {"limits": [0, 55]}})[0] == (0, 55)


def test_a_panel_of_texts_beside_the_panel_whose_axis_it_shares():
    panels = [{"layers": [{"mark": "line", "x": "x", "y": "y"}]}, {"layers": [{**TEXT, "x": 70, "y": 5}]}]
    first, second = drawn(data=DATA, panels=panels, grid={"share_x": "all"}).axes
    assert first.get_xlim() == second.get_xlim() == pytest.approx((49.5, 60.5))
    assert second.get_ylim()[0] <= 5 <= second.get_ylim()[1]


def test_texts_on_the_right_axis():
    left, right = drawn(data=DATA, layers=[{"mark": "line", "x": "x", "y": "y"}, {**TEXT, "y": 40, "on": "right"}]).axes
    assert left.get_ylim() == pytest.approx((4.9, 7.1))
    assert right.get_ylim()[0] < 40 < right.get_ylim()[1]
