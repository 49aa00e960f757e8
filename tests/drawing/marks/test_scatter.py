import numpy as np
import pytest
from matplotlib.colors import CenteredNorm, LogNorm, Normalize, TwoSlopeNorm, to_hex

from figgen.errors import SpecError
from tests.drawing.marks.helpers import X, Y, Z, axes_of, legend, pixels, pixels_by_hand, problem

SCATTER = {"mark": "scatter", "x": "x", "y": "y"}


def test_each_point_has_its_place_and_size():
    (points,) = axes_of({**SCATTER, "size": "10 * z + 1"}).collections
    np.testing.assert_array_equal(points.get_offsets(), np.column_stack([X, Y]))
    np.testing.assert_array_equal(points.get_sizes(), 10 * Z + 1)


@pytest.mark.parametrize("size", [40, "40 + 0 * x"])
def test_points_of_one_size_are_matplotlibs_of_one_size(size):
    (points,) = axes_of({**SCATTER, "size": size}).collections
    assert points.get_sizes().tolist() == [40]
    drawn = pixels({**SCATTER, "size": size, "marker": "s"})
    np.testing.assert_array_equal(drawn, pixels_by_hand(lambda axes: axes.scatter(X, Y, s=40, marker="s")))


def test_one_point_has_the_size_of_one():
    (points,) = axes_of({**SCATTER, "x": "x[:1]", "y": "y[:1]", "size": "7 + x[:1]"}).collections
    assert points.get_sizes().tolist() == [7]


def test_what_is_said_is_drawn():
    layer = {**SCATTER, "color": "#d62728", "edge_color": "black", "opacity": 0.5, "order": 7, "label": "points"}
    axes = axes_of(layer)
    (points,) = axes.collections
    assert to_hex(points.get_facecolor()[0]) == "#d62728"
    assert to_hex(points.get_edgecolor()[0]) == "#000000"
    assert (points.get_alpha(), points.get_zorder()) == (0.5, 7)
    assert legend(axes) == ["points"]


def test_the_rest_is_the_styles():
    first, second = axes_of(SCATTER, SCATTER, settings={"lines.markersize": 3}).collections
    assert [to_hex(points.get_facecolor()[0]) for points in (first, second)] == ["#1f77b4", "#ff7f0e"]
    assert first.get_sizes().tolist() == [9]


def test_colours_stand_for_numbers():
    axes = axes_of({**SCATTER, "color_by": "z", "colormap": "magma", "colorbar": {"label": "z"}})
    (points,) = axes.collections
    np.testing.assert_array_equal(points.get_array(), Z)
    assert points.get_cmap().name == "magma"
    assert axes.figure.axes[1].get_ylabel() == "z"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, Normalize),
        ({"color_limits": [0, 9]}, Normalize),
        ({"color_center": 1}, CenteredNorm),
        ({"color_center": 1, "color_limits": [-1, 5]}, TwoSlopeNorm),
        ({"color_scale": "log", "color_by": "z + 1"}, LogNorm),
    ],
)
def test_how_numbers_lie_along_the_colormap(changes, kind):
    (points,) = axes_of({**SCATTER, "color_by": "z", **changes}).collections
    assert type(points.norm) is kind
    low, high = changes.get("color_limits", (None, None))
    assert low is None or (points.norm.vmin, points.norm.vmax) == (low, high)


def test_texts_cannot_be_colours():
    assert problem({**SCATTER, "color_by": "names"}) == (
        ("layers", 0, "color_by"),
        "expected numbers, found strings",
    )


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        points = axes.scatter(X, Y, s=40 + Z, c=Z, cmap="magma", marker="D", edgecolors="black", alpha=0.8)
        axes.get_figure().colorbar(points, ax=axes, location="right", label="z")

    layer = {"size": "40 + z", "color_by": "z", "colormap": "magma", "marker": "D", "edge_color": "black"}
    drawn = pixels({**SCATTER, **layer, "opacity": 0.8, "colorbar": {"label": "z"}})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))


def test_points_need_a_marker():
    where, message = problem({**SCATTER, "marker": "none"})
    assert (where, message) == (("layers", 0, "marker"), "the string 'none' is not a valid choice")
    with pytest.raises(SpecError, match="the style draws no markers, so that nothing would be seen: set 'marker'"):
        axes_of(SCATTER, settings={"scatter.marker": "none"})
    axes_of({**SCATTER, "marker": "o"}, settings={"scatter.marker": "none"})
