import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, axes_of, pixels, pixels_by_hand, problem

LINE = {"mark": "line", "x": "x", "y": "y"}
ARROW = {"mark": "arrow", "x": 3, "y": "max(y)", "from_x": 1, "from_y": 4}


def test_from_one_position_to_another():
    (arrow,) = axes_of(ARROW).texts
    assert (arrow.xy, arrow.get_position(), arrow.get_text()) == ((3, 5), (1, 4), "")


def test_several():
    arrows = axes_of({**ARROW, "x": "x", "y": "y", "from_x": "x", "from_y": 0}).texts
    assert [arrow.xy for arrow in arrows] == list(zip(X, Y, strict=True))
    assert [arrow.get_position() for arrow in arrows] == [(x, 0) for x in X]


def test_words_stand_where_it_starts():
    (arrow,) = axes_of({**ARROW, "text": "peak"}).texts
    assert (arrow.get_text(), arrow.get_horizontalalignment(), arrow.get_verticalalignment()) == (
        "peak",
        "center",
        "center",
    )


def test_at_a_category():
    axes = axes_of({**LINE, "x": "names"}, {**ARROW, "x": "names[3]", "from_x": "names[1]"})
    assert (axes.texts[0].xy, axes.texts[0].get_position()) == ((3, 5), (1, 4))


def test_what_is_said_is_drawn():
    (arrow,) = axes_of({**ARROW, "size": 7, "color": "#d62728", "width": 3, "opacity": 0.5, "order": 7}).texts
    patch = arrow.arrow_patch
    assert (to_hex(arrow.get_color()), to_hex(patch.get_edgecolor()), to_hex(patch.get_facecolor())) == ("#d62728",) * 3
    assert (arrow.get_fontsize(), patch.get_linewidth(), arrow.get_zorder()) == (7, 3, 7)
    assert (arrow.get_alpha(), patch.get_alpha()) == (0.5, 0.5)


def test_the_rest_is_the_styles():
    (arrow,) = axes_of(ARROW, settings={"text.color": "#aaaaaa", "font.size": 7, "patch.linewidth": 2}).texts
    patch = arrow.arrow_patch
    assert (to_hex(arrow.get_color()), to_hex(patch.get_edgecolor())) == ("#aaaaaa", "#aaaaaa")
    assert (arrow.get_fontsize(), patch.get_linewidth()) == (7, 2)


@pytest.mark.parametrize(
    ("head", "both", "style"),
    [
        ("open", False, "->"),
        ("open", True, "<->"),
        ("filled", False, "-|>"),
        ("filled", True, "<|-|>"),
        ("none", False, "-"),
    ],
)
def test_heads(head, both, style):
    def by_hand(axes):
        axes.plot(X, Y)
        axes.annotate("", (3, 5), (1, 4), arrowprops={"arrowstyle": style, "color": "black"})

    drawn = pixels(LINE, {**ARROW, "head": head, "both_ends": both})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))


def test_an_arrow_to_a_point_beyond_the_limits_is_drawn():
    limits = {"axes": {"x": {"limits": [0, 2]}}}
    assert np.any(pixels(LINE, ARROW, **limits) != pixels(LINE, **limits))


def test_it_has_no_place_in_the_legend():
    where, message = problem({**ARROW, "label": "an arrow"})
    assert where == ("layers", 0, "label")
    assert message == "unknown key 'label'"


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.plot(X, Y)
        arrow = {"arrowstyle": "-|>", "color": "green", "linewidth": 2, "connectionstyle": "arc3,rad=0.3"}
        axes.annotate("peak", (3, 5), (1, 4), color="green", fontsize=14, ha="center", va="center", arrowprops=arrow)

    look = {"head": "filled", "color": "green", "width": 2, "curve": 0.3, "size": 14, "text": "peak"}
    np.testing.assert_array_equal(pixels(LINE, {**ARROW, **look}), pixels_by_hand(by_hand))
