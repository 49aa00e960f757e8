import numpy as np
from matplotlib.colors import to_hex
from matplotlib.offsetbox import DrawingArea

from tests.drawing.marks.helpers import X, Y, Z, axes_of, legend, pixels, pixels_by_hand, problem

BAND = {"mark": "band", "x": "x", "y": "y", "spread": "z"}


def test_a_line_and_how_far_values_spread_around_it():
    axes = axes_of(BAND)
    (line,), (fill,) = axes.lines, axes.collections
    np.testing.assert_array_equal(line.get_xydata(), np.column_stack([X, Y]))
    corners = {tuple(point) for point in fill.get_paths()[0].vertices.tolist()}
    assert corners == {*zip(X, Y - Z, strict=True), *zip(X, Y + Z, strict=True)}


def test_what_is_said_is_drawn():
    axes = axes_of({**BAND, "color": "#d62728", "width": 3, "dash": "--", "opacity": 0.4, "order": 7})
    (line,), (fill,) = axes.lines, axes.collections
    assert (to_hex(line.get_color()), line.get_linewidth(), line.get_linestyle()) == ("#d62728", 3, "--")
    assert (to_hex(fill.get_facecolor()[0]), fill.get_alpha(), line.get_alpha()) == ("#d62728", 0.4, None)
    assert line.get_zorder() == 7
    assert 6.99 < fill.get_zorder() < 7


def test_the_rest_is_the_styles():
    axes = axes_of(BAND, BAND, settings={"lines.linewidth": 4})
    assert [line.get_color() for line in axes.lines] == ["#1f77b4", "#ff7f0e"]
    assert [to_hex(fill.get_facecolor()[0]) for fill in axes.collections] == ["#1f77b4", "#ff7f0e"]
    assert (axes.lines[0].get_linewidth(), axes.collections[0].get_alpha()) == (4, 0.2)


def test_its_label_is_in_the_legend_once():
    assert legend(axes_of({**BAND, "label": "mean"})) == ["mean"]


def test_the_legend_shows_the_line_on_the_band():
    drawn = axes_of({**BAND, "label": "mean", "dash": "--", "opacity": 0.4}, {**BAND, "color": "red"}).get_legend()
    (area,) = drawn.findobj(DrawingArea)
    fill, line = area.get_children()
    assert to_hex(fill.get_facecolor(), keep_alpha=True) == "#1f77b466"
    assert (to_hex(line.get_color()), line.get_linestyle()) == ("#1f77b4", "--")


def test_a_spread_below_0():
    assert problem({**BAND, "spread": "z - 1"}) == (("layers", 0), "'spread' must not be negative: minimum -1")


def test_one_point_has_no_band():
    where, message = problem({**BAND, "x": "x[:1]", "y": 1, "spread": 1})
    assert (where, message) == (("layers", 0), "a band requires at least two points; use 'mark: errorbar' for one")


def test_two_points_have_one():
    (fill,) = axes_of({**BAND, "x": "x[:2]", "y": "y[:2]", "spread": "z[:2]"}).collections
    assert {tuple(point) for point in fill.get_paths()[0].vertices.tolist()} == {(0, -1), (0, 3), (1, 2), (1, 4)}


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.plot(X, Y, linewidth=3)
        axes.fill_between(X, Y - Z, Y + Z, facecolor="C0", alpha=0.2, linewidth=0)

    np.testing.assert_array_equal(pixels({**BAND, "width": 3}), pixels_by_hand(by_hand))
