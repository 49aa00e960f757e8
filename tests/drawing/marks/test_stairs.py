import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, axes_of, legend, pixels, pixels_by_hand, problem

STAIRS = {"mark": "stairs", "edges": "x", "y": "y[1:]"}


def test_values_hold_between_edges():
    (patch,) = axes_of(STAIRS).patches
    data = patch.get_data()
    assert (data.values.tolist(), data.edges.tolist(), np.max(data.baseline)) == ([3, 2, 5, 4], X.tolist(), 0)


@pytest.mark.parametrize(("base", "expected"), [(1, 1), ("z[1:]", [1, 1, 2, 0])])
def test_a_base(base, expected):
    (patch,) = axes_of({**STAIRS, "base": base}).patches
    assert patch.get_data().baseline.tolist() == expected


def test_a_base_of_0_is_the_default():
    (default,), (given,) = axes_of(STAIRS).patches, axes_of({**STAIRS, "base": 0}).patches
    assert given.get_path().vertices.tolist() == default.get_path().vertices.tolist()
    np.testing.assert_array_equal(pixels({**STAIRS, "base": 0}), pixels(STAIRS))


def test_an_outline_starts_and_ends_at_a_base_of_one_number():
    (patch,) = axes_of({**STAIRS, "base": 1}).patches
    corners = patch.get_path().vertices.tolist()
    assert (corners[0], corners[-1], corners.count([0, 1])) == ([0, 1], [4, 1], 1)


def test_outlined():
    layer = {**STAIRS, "color": "#d62728", "width": 3, "dash": "--", "opacity": 0.5, "order": 7, "label": "counts"}
    axes = axes_of(layer)
    (patch,) = axes.patches
    assert not patch.get_fill()
    assert (to_hex(patch.get_edgecolor()), patch.get_linewidth(), patch.get_linestyle()) == ("#d62728", 3, "--")
    assert (patch.get_alpha(), patch.get_zorder(), legend(axes)) == (0.5, 7, ["counts"])


def test_filled():
    (patch,) = axes_of({**STAIRS, "filled": True, "color": "#d62728"}).patches
    assert patch.get_fill()
    assert (to_hex(patch.get_facecolor()), patch.get_linewidth()) == ("#d62728", 0)


def test_the_rest_is_the_styles():
    first, second = axes_of(STAIRS, STAIRS, settings={"patch.linewidth": 4}).patches
    assert first.get_linewidth() == 4
    assert [to_hex(patch.get_edgecolor()) for patch in (first, second)] == ["#1f77b4", "#ff7f0e"]


def test_edges_may_be_dates():
    axes = axes_of({**STAIRS, "edges": "days"})
    assert axes.patches[0].get_data().edges.tolist() == [20089, 20090, 20091, 20092, 20093]


def test_one_edge_more_than_values():
    assert problem({**STAIRS, "y": "y"}) == (("layers", 0), "expected 6 'edges' for 5 values, found 5")


def test_filled_stairs_have_no_outline():
    where, message = problem({**STAIRS, "filled": True, "width": 2})
    assert where == ("layers", 0, "width")
    assert message == "'width' cannot be combined with 'filled: true'"


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.stairs([3, 2, 5, 4], X, fill=True, baseline=[1, 1, 2, 0], color="green", alpha=0.5)
        axes.stairs([3, 2, 5, 4], X, linewidth=2, linestyle="--")

    filled = {**STAIRS, "filled": True, "base": "z[1:]", "color": "green", "opacity": 0.5}
    drawn = pixels(filled, {**STAIRS, "width": 2, "dash": "--"})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))
