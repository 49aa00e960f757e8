import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import axes_of, legend, pixels, pixels_by_hand, reported

PIE = {"mark": "pie", "sizes": "y"}
NAMES = ["one", "two", "three", "four", "five"]
ENDS = [0, 24, 96, 144, 264, 360]  # of shares of 1, 3, 2, 5 and 4 fifteenths


def texts(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_wedges_are_shares_of_the_whole():
    wedges = axes_of(PIE).patches
    np.testing.assert_allclose([wedge.theta1 for wedge in wedges], ENDS[:-1], rtol=1e-6)
    np.testing.assert_allclose([wedge.theta2 for wedge in wedges], ENDS[1:], rtol=1e-6)
    assert [to_hex(wedge.get_facecolor()) for wedge in wedges[:2]] == ["#1f77b4", "#ff7f0e"]


def test_a_share_of_nothing_has_a_wedge_without_an_angle():
    wedges = axes_of({**PIE, "sizes": "z"}).patches  # the last of five is 0
    np.testing.assert_allclose([wedge.theta2 - wedge.theta1 for wedge in wedges], [120, 60, 60, 120, 0], atol=1e-4)


def test_round_and_without_axes():
    axes = axes_of(PIE)
    assert axes.get_aspect() == 1
    assert not axes.get_frame_on()
    assert (list(axes.get_xticks()), list(axes.get_yticks())) == ([], [])


def test_a_pie_without_a_hole_has_no_inner_edge():
    wedges = axes_of({**PIE, "edge_color": "white"}).patches
    assert [(wedge.r, wedge.width) for wedge in wedges] == [(1, None)] * 5


def test_the_way_round():
    first = axes_of({**PIE, "start": 90, "turn": "clockwise"}).patches[0]
    np.testing.assert_allclose((first.theta1, first.theta2), (66, 90), rtol=1e-6)


def test_names_stand_beside_the_wedges():
    axes = axes_of({**PIE, "labels": NAMES})
    assert texts(axes) == NAMES
    np.testing.assert_allclose([np.hypot(*text.get_position()) for text in axes.texts], 1.1)
    assert axes.get_legend() is None


def test_names_from_the_data():
    assert texts(axes_of({**PIE, "texts": "names"})) == list("abcde")


def test_names_in_the_legend():
    axes = axes_of({**PIE, "labels": NAMES, "place": "legend"})
    assert texts(axes) == []
    assert legend(axes) == NAMES


def test_shares_stand_out_from_the_wedges():
    axes = axes_of({**PIE, "shares": ".0%", "colors": ["navy", "gold"]})
    assert texts(axes) == ["7%", "20%", "13%", "33%", "27%"]
    colors = [text.get_color() for text in axes.texts if text.get_text()]
    assert colors == ["white", "black", "white", "black", "white"]
    written = [text for text in axes.texts if text.get_text()]
    np.testing.assert_allclose([np.hypot(*text.get_position()) for text in written], 0.6)


def test_shares_of_one_colour():
    axes = axes_of({**PIE, "shares": ".2f", "text_color": "red"})
    assert {text.get_color() for text in axes.texts if text.get_text()} == {"red"}


def test_a_ring():
    layer = {**PIE, "hole": 0.6, "edge_color": "white", "opacity": 0.5, "order": 7, "shares": ".0%"}
    axes = axes_of(layer)
    wedge = axes.patches[0]
    assert (wedge.r, round(wedge.width, 9), to_hex(wedge.get_edgecolor())) == (1, 0.4, "#ffffff")
    assert (wedge.get_alpha(), wedge.get_zorder()) == (0.5, 7)
    written = [text for text in axes.texts if text.get_text()]
    np.testing.assert_allclose([np.hypot(*text.get_position()) for text in written], 0.8)
    assert {text.get_zorder() for text in written} == {7}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sizes": "outer(y, y)"}, "layers[0]: 'sizes' must be a list of numbers, not an array of shape (5, 5)"),
        ({"sizes": "y - 2"}, "layers[0]: 'sizes' must not be negative, nor all 0: minimum -1, maximum 3"),
        ({"sizes": "0 * y"}, "layers[0]: 'sizes' must not be negative, nor all 0: minimum 0, maximum 0"),
        ({"labels": ["a"]}, "layers[0]: expected 5 names, one for each wedge, found 1"),
        ({"texts": "names[1:]"}, "layers[0]: expected 5 names, one for each wedge, found 4"),
        ({"texts": "y"}, "layers[0]: 'texts' must be strings, not numbers"),
        ({"texts": "names", "labels": NAMES}, "layers[0].texts: 'texts' cannot be combined with 'labels'"),
        ({"text_color": "red"}, "layers[0].text_color: 'text_color' requires 'shares'"),
        ({"label": "a"}, "layers[0].label: unknown key 'label'"),
    ],
)
def test_what_cannot_be_drawn(changes, message):
    assert reported({**PIE, **changes}) == message


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.pie(
            [1, 3, 2, 5, 4],
            labels=NAMES,
            autopct="%.0f%%",
            startangle=30,
            counterclock=False,
            pctdistance=0.75,
            wedgeprops={"width": 0.5, "edgecolor": "white"},
        )

    layer = {**PIE, "labels": NAMES, "shares": ".0%", "text_color": "black", "start": 30, "turn": "clockwise"}
    drawn = pixels({**layer, "hole": 0.5, "edge_color": "white"})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))
