"""Positions that a mark computes from its channels must lie within the scale of their axis, as the channels themselves."""

import numpy as np
import pytest

from figgen.config.spec import MARKS
from tests.draw_figures import drawn, problems

DATA = {
    "x": {"linspace": [1, 5, 5]},
    "y": {"values": [1, 3, 2, 5, 4]},
    "s": {"values": [0.1, 4, 0.1, 0.1, 0.1]},
    "g": {"values": [1, 10, 100]},
    "skew": {"values": [0.1, 0.2, 1, 90, 100]},
    "m": {"values": [[1, 2], [3, 4]]},
}
BAR = {"mark": "bar", "x": "x", "y": "y"}
BAND = {"mark": "band", "x": "x", "y": "y", "spread": "s"}
ERRORBAR = {"mark": "errorbar", "x": "x", "y": "y"}
AREA = {"mark": "area", "x": "x", "high": "y"}
STEM = {"mark": "stem", "x": "x", "y": "y"}
STAIRS = {"mark": "stairs", "edges": "x", "y": "y[1:]"}
HISTOGRAM = {"mark": "histogram", "x": "y"}
BOX = {"mark": "box", "y": "skew"}
SLOPE = {"mark": "rule", "x": 0.5, "y": 0.5, "slope": 1}
QUIVER = {"mark": "quiver", "x": "x", "y": "y", "u": 1, "v": -2, "space": "data"}
LOG_Y, LOG_X = {"y": {"scale": "log"}}, {"x": {"scale": "log"}}
LOGIT_Y, LOGIT_X = {"y": {"scale": "logit"}}, {"x": {"scale": "logit"}}


@pytest.mark.parametrize(
    ("layer", "axes", "key", "message"),
    [
        (BAND, LOG_Y, "spread", "1 of 5 lower edges (y - spread) cannot be shown on a log axis, the first (-1) at index [1]"),
        ({**BAND, "y": "1 - s / 10", "spread": 0.5}, LOGIT_Y, "spread", "5 of 5 upper edges (y + spread) cannot be shown on a logit axis, the first (1.49) at index [0]"),
        ({**BAND, "on": "right"}, {"right": {"scale": "log"}}, "spread", "1 of 5 lower edges (y - spread) cannot be shown on a log axis, the first (-1) at index [1]"),
        ({**ERRORBAR, "error": "s"}, LOG_Y, "error", "1 of 5 ends of the bars (y - error) cannot be shown on a log axis, the first (-1) at index [1]"),
        ({**ERRORBAR, "error_low": "y", "error_high": "s"}, LOG_Y, "error_low", "5 of 5 ends of the bars (y - error_low) cannot be shown on a log axis, the first (0) at index [0]"),
        ({**ERRORBAR, "y": "y / 10", "error_low": 0.01, "error_high": 0.6}, LOGIT_Y, "error_high", "2 of 5 ends of the bars (y + error_high) cannot be shown on a logit axis, the first (1.1) at index [3]"),
        ({**ERRORBAR, "x_error": "s"}, LOG_X, "x_error", "1 of 5 ends of the bars (x - x_error) cannot be shown on a log axis, the first (-2) at index [1]"),
        ({**ERRORBAR, "x_error_low": 3, "x_error_high": 1}, LOG_X, "x_error_low", "3 of 5 ends of the bars (x - x_error_low) cannot be shown on a log axis, the first (-2) at index [0]"),
        (BAR, LOG_Y, "base", "the base (0 if omitted) cannot be shown on a log axis"),
        ({**BAR, "direction": "horizontal"}, LOG_X, "base", "the base (0 if omitted) cannot be shown on a log axis"),
        ({**BAR, "y": "y / 10"}, LOGIT_Y, "base", "the base (0 if omitted) cannot be shown on a logit axis"),
        ({**BAR, "y": "-y", "base": 4.5}, LOG_Y, "y", "1 of 5 ends of the bars cannot be shown on a log axis, the first (-0.5) at index [3]"),
        ({**BAR, "y": ["y / 20", "y / 6"], "base": 0.1, "arrange": "stacked"}, LOGIT_Y, "y", "1 of 5 ends of the bars of series 2 cannot be shown on a logit axis, the first (1.1"),
        ({**BAR, "base": 0.5, "error": "s"}, LOG_Y, "error", "1 of 5 ends of the error bars (end - error) cannot be shown on a log axis, the first (-0.5) at index [1]"),
        ({**BAR, "x": "g", "y": 3}, LOG_X, "x", "1 of 3 sides of the bars (x - width / 2) cannot be shown on a log axis, the first (-2.6) at index [0]"),
        (AREA, LOG_Y, "low", "the other side (0 if omitted) cannot be shown on a log axis"),
        (STEM, LOG_Y, "base", "the base (0 if omitted) cannot be shown on a log axis"),
        (STAIRS, LOG_Y, "base", "the base (0 if omitted) cannot be shown on a log axis"),
        ({**HISTOGRAM, "bins": [-1, 2, 10]}, LOG_X, "bins", "1 of 3 edges of the bins cannot be shown on a log axis, the first (-1) at index [0]"),
        ({**BOX, "notch": True}, LOG_Y, "notch", "1 of 2 ends of the notch of group 1 cannot be shown on a log axis, the first (-62.0"),
        ({**BOX, "positions": [0.1], "width": 0.5}, LOG_X, "positions", "1 of 1 sides of the groups (positions - width / 2) cannot be shown on a log axis, the first (-0.15)"),
        ({**BOX, "mark": "violin", "positions": [0.2]}, LOG_X, "positions", "1 of 1 sides of the groups (positions - width / 2) cannot be shown on a log axis, the first (-0.05)"),
        (QUIVER, LOG_Y, "v", "2 of 5 ends of arrows (y + v) cannot be shown on a log axis, the first (-1) at index [0]"),
        ({**QUIVER, "u": -1}, LOG_X, "u", "1 of 5 ends of arrows (x + u) cannot be shown on a log axis, the first (0) at index [0]"),
    ],
)  # fmt: skip
def test_what_the_scale_cannot_show_is_reported(layer, axes, key, message):
    ((where, text),) = problems(data=DATA, layers=[layer], axes=axes)
    assert where == ("layers", 0, key)
    assert text.startswith(message)


@pytest.mark.parametrize("scale", ["log", "logit", "symlog"])
@pytest.mark.parametrize("layer", [{"mark": "heatmap", "z": "m"}, {"mark": "pie", "sizes": "y"}])
def test_cells_and_discs_keep_their_shape_on_linear_axes_only(layer, scale):
    axes = {"y": {"scale": scale} | ({"threshold": 1} if scale == "symlog" else {})}
    expected = (("axes", "y", "scale"), f"a {scale} axis cannot show a {layer['mark']}")
    assert problems(data=DATA, layers=[layer], axes=axes) == [expected]


@pytest.mark.parametrize("scale", ["logit", "symlog"])
def test_a_slope_on_a_scale_that_has_none(scale):
    axis = {"scale": scale} | ({"threshold": 1} if scale == "symlog" else {})
    expected = [(("axes", name, "scale"), f"a {scale} axis cannot show a rule with a slope") for name in "xy"]
    assert problems(data=DATA, layers=[SLOPE], axes={"x": axis, "y": axis}) == expected


@pytest.mark.parametrize(
    ("axes", "found"),
    [
        (LOG_X, "log and linear"),
        (LOG_Y, "linear and log"),
        ({**LOG_X, "y": {"scale": "log", "base": 2}}, "log and log"),
    ],
)
def test_a_slope_on_two_scales(axes, found):
    message = f"'slope' requires two axes of the same scale, found {found}"
    assert problems(data=DATA, layers=[SLOPE], axes=axes) == [(("layers", 0, "slope"), message)]


def test_a_slope_on_one_scale_and_a_rule_without_one_on_two():
    assert drawn(data=DATA, layers=[SLOPE], axes={**LOG_X, **LOG_Y}).axes[0].lines[0].get_slope() == 1
    assert drawn(data=DATA, layers=[{"mark": "rule", "x": 0.5}], axes=LOG_X).axes[0].get_xscale() == "log"


def test_a_value_that_is_wrong_itself_is_reported_once():
    ((where, _),) = problems(data=DATA, layers=[{**BAND, "y": "y - 1"}], axes=LOG_Y)
    assert where == ("layers", 0, "y")


@pytest.mark.parametrize(
    "layer",
    [
        {**BAND, "spread": "s / 10"},
        {**ERRORBAR, "error_low": "y / 2", "error_high": 100},
        {**BAR, "base": 0.1},
        {**BAR, "base": 10, "y": "-y"},
        {**BAR, "base": 1, "y": ["y", "y"], "arrange": "stacked"},
        {**AREA, "low": 0.1},
        {**STEM, "base": 0.1},
        {**STAIRS, "base": 0.1},
        HISTOGRAM,
        {**BOX, "notch": False},
        {**QUIVER, "v": "-y / 2"},
        {**QUIVER, "space": "panel"},
    ],
)
def test_what_the_scale_can_show_is_drawn(layer):
    assert drawn(data=DATA, layers=[layer], axes=LOG_Y).axes[0].get_yscale() == "log"


LIMITED = {"y": {"scale": "log", "limits": [0.5, None]}}


def test_straight_bars_end_at_the_frame_if_its_limit_is_set():
    """Their ends are drawn where the axis has no place for them: below the frame, without a gap or a slope."""
    layers = [{**ERRORBAR, "error": "s"}, {**ERRORBAR, "x": "x + 0.1", "error": "2 * s"}]
    axes = drawn(data=DATA, layers=layers, axes=LIMITED).axes[0]
    for collection, spread in zip(axes.collections, (4, 8), strict=True):
        segment = collection.get_segments()[1]
        assert segment[:, 1].tolist() == [3 - spread, 3 + spread]
        (left, below), (right, above) = axes.transData.transform(segment)
        assert left == right
        assert below < axes.bbox.y0 < above


@pytest.mark.parametrize("layer", [BAR, STEM, STAIRS, AREA, {**BAR, "base": 1, "error": "2 * y"}])
def test_what_starts_at_0_starts_at_the_frame_if_its_limit_is_set(layer):
    axes = drawn(data=DATA, layers=[layer], axes=LIMITED).axes[0]
    assert axes.get_ylim()[0] == 0.5
    assert axes.transData.transform((1, 0))[1] < axes.bbox.y0


def test_bars_on_a_logit_axis_start_at_its_lower_limit():
    layer, limits = {**BAR, "y": "y / 10"}, {"y": {"scale": "logit", "limits": [0.01, 0.99]}}
    axes = drawn(data=DATA, layers=[layer], axes=limits).axes[0]
    assert axes.transData.transform((1, 0))[1] < axes.bbox.y0 < axes.bbox.y1 < axes.transData.transform((1, 1))[1]


def test_sloping_edges_are_not_drawn_to_a_frame():
    ((where, _),) = problems(data=DATA, layers=[BAND], axes=LIMITED)
    assert where == ("layers", 0, "spread")


def test_missing_values_are_not_reported():
    from figgen.config.spec import Axis
    from figgen.drawing.axis_units import _outside

    assert [*_outside(Axis(scale="log"), np.asarray([np.nan, 1.0]), (), "ends")] == []


def test_every_mark_that_derives_positions_is_tested_here():
    tested = {case["mark"] for case in (BAND, ERRORBAR, BAR, AREA, STEM, STAIRS, HISTOGRAM, BOX, QUIVER)} | {"violin"}
    own = {name for name, mark in MARKS.items() if any("derived" in vars(one) for one in mark.__mro__[:-4])}
    assert own == tested
