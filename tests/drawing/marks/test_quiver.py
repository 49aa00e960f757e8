import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrow

from tests.drawing.marks.helpers import X, Y, Z, axes_of, pixels, pixels_by_hand, reported

QUIVER = {"mark": "quiver", "x": "x", "y": "y", "u": "z", "v": 1}


def test_an_arrow_at_each_point():
    (arrows,) = axes_of(QUIVER).collections
    np.testing.assert_array_equal(arrows.XY, np.column_stack([X, Y]))
    assert (arrows.U.tolist(), arrows.V.tolist()) == (Z.tolist(), [1] * 5)
    assert {to_hex(color) for color in arrows.get_facecolor()} == {"#000000"}


def test_a_grid_of_arrows():
    (arrows,) = axes_of({**QUIVER, "y": "reshape(y, 5, 1)", "u": "x"}).collections
    assert len(arrows.XY) == 25
    assert arrows.XY[5].tolist() == [0, 3]
    assert arrows.U[:6].tolist() == [0, 1, 2, 3, 4, 0]


def test_what_is_said_is_drawn():
    layer = {**QUIVER, "color": "red", "opacity": 0.5, "order": 7, "scale": 20, "width": 0.01, "pivot": "tip"}
    (arrows,) = axes_of(layer).collections
    assert to_hex(arrows.get_facecolor()[0]) == "#ff0000"
    assert (arrows.get_alpha(), arrows.get_zorder()) == (0.5, 7)
    assert (arrows.scale, arrows.width, arrows.pivot) == (20, 0.01, "tip")


def test_arrows_that_lead_to_where_they_say():
    (arrows,) = axes_of({**QUIVER, "space": "data"}).collections
    assert (arrows.angles, arrows.scale_units, arrows.scale) == ("xy", "xy", 1)
    (arrows,) = axes_of({**QUIVER, "space": "data", "scale": 4}).collections
    assert arrows.scale == 4


@pytest.mark.parametrize(
    ("pivot", "scale", "left", "right"), [("tail", 1, 4, 6), ("middle", 1, 3, 5), ("tip", 1, 2, 4), ("tip", 0.5, 0, 4)]
)
def test_limits_hold_both_ends_of_each_arrow(pivot, scale, left, right):
    layer = {"mark": "quiver", "x": 4, "y": 0, "u": 2, "v": 0, "space": "data", "pivot": pivot, "scale": scale}
    (low, high), margin = axes_of(layer).get_xlim(), 0.05 * (right - left)
    assert (low, high) == pytest.approx((left - margin, right + margin))


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({"u": -2}, "x + u"),
        ({"u": 2, "pivot": "tip"}, "x - u"),
        ({"u": 4, "pivot": "middle"}, "x - 0.5 * u"),
        ({"u": 1, "pivot": "tip", "scale": 0.25}, "x - 4 * u"),
    ],
)
def test_both_ends_of_arrows_must_be_on_a_log_axis(changes, ends):
    layer = {"mark": "quiver", "x": 1, "y": 0, "v": 0, "space": "data", **changes}
    said = reported(layer, axes={"x": {"scale": "log"}})
    assert said.startswith(f"layers[0].u: the ends of arrows ({ends}) cannot be shown on a log axis"), said


def test_colours_stand_for_numbers():
    axes = axes_of({**QUIVER, "color_by": "z", "colormap": "magma", "colorbar": {"label": "length"}})
    (arrows,) = axes.collections
    assert (arrows.get_array().tolist(), arrows.get_cmap().name) == (Z.tolist(), "magma")
    assert axes.figure.axes[1].get_ylabel() == "length"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"u": "z[1:]"},
            "layers[0]: shapes do not match: 'x' has shape (5,), 'y' has shape (5,), 'u' has shape (4,), 'v' has shape ()",
        ),
        ({"u": "0 * z", "v": 0}, "layers[0]: all vectors are zero: there are no arrows to draw"),
        ({"color": "red", "color_by": "z"}, "layers[0].color: 'color' cannot be combined with 'color_by'"),
        ({"colorbar": {}}, "layers[0].colorbar: 'colorbar' requires 'color_by'"),
        (
            {"color_by": "z", "color_scale": "log"},
            "layers[0]: 1 of 5 values are not positive, as 'color_scale: log' requires: minimum 0",
        ),
    ],
)
def test_what_cannot_be_drawn(changes, message):
    assert reported({**QUIVER, **changes}) == message


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.quiver(X, Y, Z, np.ones(5), Y, cmap="magma", pivot="mid")
        axes.quiver(X, Y, Z, -Z, angles="xy", scale_units="xy", scale=2, width=0.01, color="green")
        axes.update_datalim([*zip(X + Z / 2, Y - Z / 2, strict=True)])

    colored = {**QUIVER, "color_by": "y", "colormap": "magma", "pivot": "middle"}
    plain = {**QUIVER, "v": "-z", "space": "data", "scale": 2, "width": 0.01, "color": "green"}
    np.testing.assert_array_equal(pixels(colored, plain), pixels_by_hand(by_hand))


def test_the_legend_shows_an_arrow_of_its_colour():
    (arrow,) = axes_of({**QUIVER, "label": "flow", "color": "red"}).get_legend().legend_handles
    assert isinstance(arrow, FancyArrow)
    assert to_hex(arrow.get_facecolor()) == "#ff0000"
    (arrow,) = axes_of({**QUIVER, "label": "flow", "color_by": "x", "colormap": "gray"}).get_legend().legend_handles
    assert to_hex(arrow.get_facecolor()) == "#000000", "that of the first arrow"
