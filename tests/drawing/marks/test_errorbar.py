import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, Z, axes_of, legend, pixels, pixels_by_hand, problem, reported

ERRORBAR = {"mark": "errorbar", "x": "x", "y": "y", "error": "z"}
BARE = {"mark": "errorbar", "x": "x", "y": "y"}


def ends(collection):
    return [
        [start[axis], end[axis]]
        for axis in (0, 1)
        for start, end in collection.get_segments()
        if start[axis] != end[axis]
    ]


def test_bars_reach_below_and_above():
    points, caps, (bars,) = axes_of(ERRORBAR).containers[0]
    np.testing.assert_array_equal(points.get_xydata(), np.column_stack([X, Y]))
    assert caps == ()  # as matplotlib's own style has none
    assert ends(bars) == [[-1, 3], [2, 4], [1, 3], [3, 7]]  # the last one is 0 long


def test_sides_may_differ():
    _, _, (bars,) = axes_of({**BARE, "error_low": 0.5, "error_high": 2}).containers[0]
    assert ends(bars)[0] == [0.5, 3]


def test_bars_to_the_left_and_right():
    _, _, (bars,) = axes_of({**BARE, "x_error": 0.25}).containers[0]
    assert ends(bars)[:2] == [[-0.25, 0.25], [0.75, 1.25]]
    _, _, (bars,) = axes_of({**BARE, "x_error_low": 0, "x_error_high": 0.25}).containers[0]
    assert ends(bars)[1] == [1, 1.25]


def test_what_is_said_is_drawn():
    look = {"color": "#d62728", "width": 3, "cap": 5, "marker": "s", "marker_size": 9, "dash": "--"}
    axes = axes_of({**ERRORBAR, **look, "opacity": 0.5, "order": 7, "label": "runs"})
    points, caps, (bars,) = axes.containers[0]
    assert (to_hex(points.get_color()), points.get_marker(), points.get_markersize()) == ("#d62728", "s", 9)
    assert (points.get_linestyle(), points.get_linewidth(), bars.get_linewidth()) == ("--", 3, 3)
    assert (to_hex(bars.get_color()[0]), caps[0].get_markersize()) == ("#d62728", 10)
    assert {part.get_alpha() for part in (points, bars, *caps)} == {0.5}
    assert {round(part.get_zorder()) for part in (points, bars, *caps)} == {7}
    assert legend(axes) == ["runs"]


def test_the_rest_is_the_styles():
    axes = axes_of(ERRORBAR, ERRORBAR, settings={"errorbar.capsize": 2, "lines.linewidth": 4})
    (points, caps, (bars,)), (other, *_) = axes.containers
    assert (points.get_color(), other.get_color()) == ("#1f77b4", "#ff7f0e")
    assert (points.get_linestyle(), points.get_marker()) == ("None", "o")
    assert (bars.get_linewidth(), caps[0].get_markersize()) == (4, 4)


@pytest.mark.parametrize(
    ("errors", "message"),
    [
        ({}, "layers[0]: 'error', 'error_low', 'x_error' or 'x_error_low' is missing"),
        ({"error": 1, "error_low": 1}, "layers[0].error_low: 'error_low' cannot be combined with 'error'"),
        ({"x_error_low": 1}, "layers[0].x_error_low: 'x_error_low' requires 'x_error_high'"),
        ({"error": "z - 1"}, "layers[0]: 'error' must not be negative: minimum -1"),
        ({"error_low": 0, "error_high": "-z"}, "layers[0]: 'error_high' must not be negative: minimum -2"),
    ],
)
def test_errors_that_do_not_fit(errors, message):
    assert reported({**BARE, **errors}) == message


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        look = {"color": "green", "linewidth": 2, "capsize": 4, "marker": "D", "markersize": 6, "linestyle": ":"}
        axes.errorbar(X, Y, yerr=[Z, Z / 2], xerr=0.25 + 0 * X, **look)

    look = {"color": "green", "width": 2, "cap": 4, "marker": "D", "marker_size": 6, "dash": ":"}
    drawn = pixels({**BARE, "error_low": "z", "error_high": "z / 2", "x_error": 0.25, **look})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))


def test_points_that_would_not_be_seen():
    bare = {**BARE, "marker": "none"}
    of_one = "1 of 5 points have no error and would not be seen: a 'marker' or 'cap' shows them"  # z is 0 once
    assert problem({**bare, "error": "z"}) == (("layers", 0), of_one)
    assert problem({**bare, "error_low": "z", "error_high": 0, "x_error": "0 * z"}) == (("layers", 0), of_one)
    assert problem({**bare, "error": 0})[1].startswith("5 of 5 points")
    for seen in (
        {"error": "z", "x_error": 1},
        {"error": "z", "cap": 3},
        {"error": "z", "dash": "-"},
        {"error": "z + 1"},
    ):
        axes_of({**bare, **seen})
    axes_of({**bare, "error": "z"}, settings={"errorbar.capsize": 3})
    axes_of({**bare, "error": "z", "y": "where(z == 0, log(-1), y)", "missing": "gap"})
