import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, axes_of, legend, pixels, pixels_by_hand, reported

LINE = {"mark": "line", "x": "x", "y": "y"}
RULE = {"mark": "rule"}


def test_level():
    (rule,) = axes_of({**RULE, "y": "max(y)"}).lines
    assert (rule.get_xdata(), rule.get_ydata()) == ([0, 1], [5, 5])


def test_upright():
    (rule,) = axes_of({**RULE, "x": 2}).lines
    assert (rule.get_xdata(), rule.get_ydata()) == ([2, 2], [0, 1])


def test_of_a_slope():
    (rule,) = axes_of({**RULE, "x": 1, "y": 2, "slope": -0.5}).lines
    assert (rule.get_xy1(), rule.get_slope()) == ((1, 2), -0.5)


def test_a_slope_on_log_axes_is_the_exponent():
    log = {"scale": "log", "limits": [1, 100]}
    axes = axes_of({**RULE, "x": 1, "y": 100, "slope": -2}, axes={"x": log, "y": log})
    (rule,) = axes.lines
    ends = axes.transData.inverted().transform(rule.get_transform().transform([[0, 0], [1, 1]]))
    np.testing.assert_allclose(ends, [[1, 100], [10, 1]])  # y = 100 x ** -2


def test_several_with_one_entry_in_the_legend():
    axes = axes_of({**RULE, "x": "x", "label": "epochs"})
    assert [rule.get_xdata()[0] for rule in axes.lines] == [0, 1, 2, 3, 4]
    assert legend(axes) == ["epochs"]


def test_several_alone_on_an_axis_make_its_limits():
    """matplotlib made them for the first one, if the others are close to it: of 20 and 20.1, no distance was seen."""
    axes = axes_of({**RULE, "y": "20 + x / 40"})
    assert axes.get_ylim() == pytest.approx((19.995, 20.105))
    assert axes_of(LINE, {**RULE, "y": "4.9 + x / 40"}).get_ylim() == pytest.approx((0.8, 5.2))


def test_at_a_category():
    axes = axes_of({"mark": "scatter", "x": "names", "y": "y"}, {**RULE, "x": "names[2]"})
    assert axes.lines[0].get_xdata() == [2, 2]


def test_against_the_right_axis():
    left, right = axes_of(LINE, {**RULE, "y": 100, "on": "right"}).figure.axes
    assert len(left.lines) == 1
    assert right.lines[0].get_ydata() == [100, 100]


def test_what_is_said_is_drawn():
    (rule,) = axes_of({**RULE, "y": 1, "color": "#d62728", "width": 3, "dash": "--", "opacity": 0.5, "order": 7}).lines
    assert (to_hex(rule.get_color()), rule.get_linewidth(), rule.get_linestyle()) == ("#d62728", 3, "--")
    assert (rule.get_alpha(), rule.get_zorder()) == (0.5, 7)


def test_the_rest_is_the_styles():
    (rule,) = axes_of({**RULE, "y": 1}, settings={"lines.linewidth": 4, "lines.color": "#aaaaaa"}).lines
    assert (to_hex(rule.get_color()), rule.get_linewidth(), rule.get_linestyle()) == ("#aaaaaa", 4, "-")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "layers[0]: 'x' or 'y' is missing"),
        ({"x": 1, "y": 1}, "layers[0].y: 'y' cannot be combined with 'x' without 'slope'"),
        ({"slope": 1, "x": 1}, "layers[0].slope: 'slope' requires 'x' and 'y', a point on the line"),
    ],
)
def test_one_kind_of_rule(changes, message):
    assert reported({**RULE, **changes}) == message


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.plot(X, Y)
        axes.axhline(5.5, color="gray", linestyle="--", linewidth=1)
        axes.axvline(1)
        axes.axvline(3)
        axes.axline((0, 1), slope=1, color="C1")

    rules = [
        {**RULE, "y": 5.5, "color": "gray", "dash": "--", "width": 1},
        {**RULE, "x": "x[1::2]"},
        {**RULE, "x": 0, "y": 1, "slope": 1, "color": "C1"},
    ]
    np.testing.assert_array_equal(pixels(LINE, *rules), pixels_by_hand(by_hand))
