import numpy as np
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, axes_of, legend, pixels, pixels_by_hand, problem

LINE = {"mark": "line", "x": "x", "y": "y"}
FULL = {"color": "#d62728", "width": 3, "dash": "--", "marker": "s", "marker_size": 9, "opacity": 0.5, "order": 7}


def test_points_are_joined_in_order():
    (line,) = axes_of(LINE).lines
    np.testing.assert_array_equal(line.get_xydata(), np.column_stack([X, Y]))


def test_what_is_said_is_drawn():
    (line,) = axes_of({**LINE, **FULL}).lines
    assert (to_hex(line.get_color()), line.get_linewidth(), line.get_linestyle()) == ("#d62728", 3, "--")
    assert (line.get_marker(), line.get_markersize(), line.get_alpha(), line.get_zorder()) == ("s", 9, 0.5, 7)


def test_the_rest_is_the_styles():
    settings = {"lines.linewidth": 4, "lines.marker": "^", "lines.markersize": 2}
    first, second = axes_of(LINE, LINE, settings=settings).lines
    assert (first.get_linewidth(), first.get_marker(), first.get_markersize()) == (4, "^", 2)
    assert (first.get_color(), second.get_color()) == ("#1f77b4", "#ff7f0e")


def test_a_number_is_repeated_for_all_points():
    (line,) = axes_of({**LINE, "y": 2}).lines
    assert line.get_ydata().tolist() == [2, 2, 2, 2, 2]


def test_its_label_is_in_the_legend():
    assert legend(axes_of({**LINE, "label": "a curve"}, LINE)) == ["a curve"]


def test_shapes_that_do_not_match():
    where, message = problem({**LINE, "y": "y[1:]"})
    assert where == ("layers", 0)
    assert message == "shapes do not match: 'x' has shape (5,), 'y' has shape (4,)"


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.plot(X, Y, color="#d62728", linewidth=3, linestyle="--", marker="s", markersize=9, alpha=0.5, zorder=7)

    np.testing.assert_array_equal(pixels({**LINE, **FULL}), pixels_by_hand(by_hand))


def test_a_single_point_that_has_no_marker_on_purpose():
    point = {"mark": "line", "x": 1, "y": 1, "marker": "none"}
    assert problem(point) == (("layers", 0), "nothing would be seen of a single point without a 'marker'")
    axes_of({**point, "x": "x"}, {**point, "marker": "o"})
