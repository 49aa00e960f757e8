import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, Z, axes_of, legend, pixels, pixels_by_hand, problem

AREA = {"mark": "area", "x": "x", "high": "y"}


def corners(area):
    return {tuple(point) for path in area.get_paths() for point in path.vertices.tolist()}


def test_between_two_curves():
    (area,) = axes_of({**AREA, "low": "z"}).collections
    assert corners(area) == {*zip(X, Y, strict=True), *zip(X, Z, strict=True)}


def test_down_to_0():
    (area,) = axes_of(AREA).collections
    assert corners(area) == {*zip(X, Y, strict=True), *zip(X, np.zeros(5), strict=True)}


def test_only_where_a_condition_holds():
    (area,) = axes_of({**AREA, "where": "x >= 2"}).collections
    assert corners(area) == {(2, 2), (3, 5), (4, 4), (2, 0), (3, 0), (4, 0)}


@pytest.mark.parametrize(
    ("where", "holds_at"),
    [("x >= 3", {3, 4}), ("x <= 2", {0, 1, 2}), ("(y > z) * (x <= 3)", {1, 2, 3})],
    ids=["rising", "falling", "both"],
)
def test_an_area_ends_at_a_sample_unless_all_its_ends_are_crossings(where, holds_at):
    (area,) = axes_of({**AREA, "low": "z", "where": where}).collections
    assert {x for x, _ in corners(area)} == holds_at


def test_sides_that_meet_at_a_sample_cross_there():
    (area,) = axes_of({**AREA, "high": "x - 2", "low": "0 * x", "where": "x > 2"}).collections
    assert corners(area) == {(2, 0), (3, 1), (3, 0), (4, 2), (4, 0)}


def test_a_condition_that_ends_where_the_sides_cross_ends_there():
    (area,) = axes_of({**AREA, "low": "z", "where": "y > z"}).collections
    assert min(x for x, _ in corners(area)) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("x_scale", "y_scale", "meeting"),
    [("linear", "linear", (2, 3)), ("log", "linear", (10**0.5, 3)), ("linear", "log", (2, 8**0.5)), ("linear", "logit", None)],
)  # fmt: skip
def test_an_area_ends_where_the_lines_that_are_drawn_cross(x_scale, y_scale, meeting):
    """It ended where they would cross on linear axes, beside the lines and above or below them."""
    by = 0.1 if y_scale == "logit" else 1  # the odds 0.25 and 2 / 3 meet 2 / 3 and 0.25 at their geometric mean
    data = {"x": {"values": [1, 3] if x_scale == "linear" else [1, 10]}, "a": {"values": [2 * by, 4 * by]}}
    layer = {"mark": "area", "x": "x", "high": "a", "low": "a[::-1]", "where": f"a > {3 * by:g}"}
    axes = axes_of(layer, data=data, axes={"x": {"scale": x_scale}, "y": {"scale": y_scale}})
    odds = (0.25 * 2 / 3) ** 0.5
    ((x, y),) = {point for point in corners(axes.collections[0]) if round(point[0], 9) not in {1, 3, 10}}
    assert (x, y) == pytest.approx(meeting or (2, odds / (1 + odds)))


@pytest.mark.parametrize(("hold", "at"), [("after", (1, 1)), ("before", (0, 3)), ("around", (0.5, 1))])
def test_steps(hold, at):
    (area,) = axes_of({**AREA, "hold": hold}).collections
    assert at in corners(area)


def test_what_is_said_is_drawn():
    layer = {"color": "#d62728", "edge_color": "black", "opacity": 0.5, "order": 7, "label": "mass"}
    axes = axes_of({**AREA, **layer})
    (area,) = axes.collections
    assert (to_hex(area.get_facecolor()[0]), to_hex(area.get_edgecolor()[0])) == ("#d62728", "#000000")
    assert (area.get_alpha(), area.get_zorder(), legend(axes)) == (0.5, 7, ["mass"])


def test_the_rest_is_the_styles():
    first, second = axes_of(AREA, AREA).collections
    assert [to_hex(area.get_facecolor()[0]) for area in (first, second)] == ["#1f77b4", "#ff7f0e"]
    assert len(first.get_edgecolor()) == 0
    assert first.get_alpha() is None


def test_steps_hold_everywhere():
    where, message = problem({**AREA, "hold": "after", "where": "x > 1"})
    assert (where, message) == (("layers", 0, "where"), "'where' cannot be combined with 'hold'")


@pytest.mark.parametrize("place", ["0", "x[:1]"])
def test_one_point_has_no_area(place):
    assert problem({**AREA, "x": place, "high": 1}) == (("layers", 0), "an area requires at least two points")


def test_two_points_have_one():
    (area,) = axes_of({**AREA, "x": "x[:2]", "high": "y[:2]"}).collections
    assert corners(area) == {(0, 1), (1, 3), (0, 0), (1, 0)}


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.fill_between(X, Y, Z, where=Y > Z, interpolate=True, facecolor="green", edgecolor="black", alpha=0.5)
        axes.fill_between(X, Z, step="mid")

    first = {**AREA, "low": "z", "where": "y > z", "color": "green", "edge_color": "black", "opacity": 0.5}
    drawn = pixels(first, {**AREA, "high": "z", "hold": "around"})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))
