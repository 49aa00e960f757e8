import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import X, Y, axes_of, pixels, pixels_by_hand, reported

LINE = {"mark": "line", "x": "x", "y": "y"}
TEXT = {"mark": "text", "x": 1, "y": "max(y)", "text": "here"}
EACH = {"mark": "text", "x": "x", "y": "y"}


def test_words_at_a_position():
    (text,) = axes_of(TEXT).texts
    assert (text.get_text(), text.get_position()) == ("here", (1, 5))


def test_the_same_words_at_every_position():
    texts = axes_of({**EACH, "text": "+"}).texts
    assert [(text.get_text(), *text.get_position()) for text in texts] == [
        ("+", x, y) for x, y in zip(X, Y, strict=True)
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"texts": "names"}, ["a", "b", "c", "d", "e"]),
        ({"texts": "y / 2"}, ["0.5", "1.5", "1", "2.5", "2"]),
        ({"texts": "y / 10", "format": ".0%"}, ["10%", "30%", "20%", "50%", "40%"]),
    ],
)
def test_other_words_at_each_position(changes, expected):
    assert [text.get_text() for text in axes_of({**EACH, **changes}).texts] == expected


def test_at_a_category():
    axes = axes_of({**LINE, "x": "names"}, {**TEXT, "x": "names[3]"})
    assert axes.texts[0].get_position() == (3, 5)


def test_what_is_said_is_drawn():
    look = {"horizontal": "right", "vertical": "top", "size": 7, "color": "#d62728", "rotation": 30, "box": "#ffffff"}
    (text,) = axes_of({**TEXT, **look, "opacity": 0.5, "order": 7}).texts
    assert (text.get_horizontalalignment(), text.get_verticalalignment(), text.get_fontsize()) == ("right", "top", 7)
    assert (to_hex(text.get_color()), text.get_rotation(), text.get_alpha(), text.get_zorder()) == (
        "#d62728",
        30,
        0.5,
        7,
    )
    box = text.get_bbox_patch()
    assert (to_hex(box.get_facecolor()), box.get_edgecolor()[3], box.get_alpha()) == ("#ffffff", 0, 0.5)


def test_a_shift_is_in_points():
    plain, shifted = (axes_of({**TEXT, "shift": shift}).texts[0] for shift in ([0, 0], [36, -9]))
    moved = shifted.get_transform().transform((1, 5)) - plain.get_transform().transform((1, 5))
    np.testing.assert_allclose(moved, [40, -10])  # of 80 pixels an inch


def test_the_rest_is_the_styles():
    (text,) = axes_of(TEXT, settings={"text.color": "#aaaaaa", "font.size": 7}).texts
    assert (to_hex(text.get_color()), text.get_fontsize(), text.get_bbox_patch()) == ("#aaaaaa", 7, None)
    assert (text.get_horizontalalignment(), text.get_verticalalignment()) == ("left", "baseline")


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (EACH, "layers[0]: 'text' or 'texts' is missing"),
        ({**TEXT, "texts": "names"}, "layers[0].texts: 'texts' cannot be combined with 'text'"),
        ({**TEXT, "format": ".2f"}, "layers[0].format: 'format' requires 'texts'"),
        ({**TEXT, "texts": "names", "text": None}, "layers[0]: expected 1 'texts', one for each position, found 5"),
        (
            {**TEXT, "label": "words"},
            "layers[0].label: unknown key 'label'",
        ),
    ],
)
def test_words_that_do_not_fit(layer, message):
    assert reported(layer) == message


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        axes.plot(X, Y)
        axes.text(1, 5, "here", fontsize=14, color="green", rotation=20, ha="center", va="top")
        for x, y, name in zip(X, Y, "abcde", strict=True):
            box = {"facecolor": "white", "edgecolor": "none", "boxstyle": "round,pad=0.3"}
            axes.annotate(name, (x, y), (5, -5), textcoords="offset points", bbox=box)

    look = {"size": 14, "color": "green", "rotation": 20, "horizontal": "center", "vertical": "top"}
    drawn = pixels(LINE, {**TEXT, **look}, {**EACH, "texts": "names", "shift": [5, -5], "box": "white"})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))
