import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer

from tests.drawing.marks.helpers import DATA, X, Y, Z, axes_of, legend, pixels, pixels_by_hand, problem, reported

BAR = {"mark": "bar", "x": "x", "y": "y"}
MIXED = {"mark": "bar", "x": "x", "y": ["y - 3", "2 - y"], "arrange": "stacked"}


def boxes(container):
    """List left, right, bottom and top of each bar, rounded."""
    extents = [bar.get_bbox().extents for bar in container]
    return [tuple(np.round([*sorted((x0, x1)), *sorted((y0, y1))], 9).tolist()) for x0, y0, x1, y1 in extents]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_bars_stand_at_their_positions():
    (bars,) = axes_of(BAR).containers
    assert boxes(bars) == [(x - 0.4, x + 0.4, 0, y) for x, y in zip(X, Y, strict=True)]
    assert {to_hex(bar.get_facecolor()) for bar in bars} == {"#1f77b4"}


def test_what_is_said_is_drawn():
    axes = axes_of({**BAR, "label": "heights", "colors": ["red"], "opacity": 0.5, "order": 7, "width": 0.5, "base": 1})
    (bars,) = axes.containers
    assert boxes(bars)[0] == (-0.25, 0.25, 1, 2)
    assert to_hex(bars[0].get_facecolor()) == "#ff0000"
    assert (bars[0].get_alpha(), bars[0].get_zorder(), legend(axes)) == (0.5, 7, ["heights"])


def test_several_series_stand_side_by_side():
    axes = axes_of({**BAR, "y": ["y", "z"], "labels": ["one", "two"]})
    first, second = axes.containers
    assert (boxes(first)[0], boxes(second)[0]) == ((-0.4, 0, 0, 1), (0, 0.4, 0, 2))
    assert legend(axes) == ["one", "two"]


def test_colours_are_taken_in_turn():
    colors = [
        to_hex(bars[0].get_facecolor()) for bars in axes_of({**BAR, "y": ["y"] * 3, "colors": ["r", "b"]}).containers
    ]
    assert colors == ["#ff0000", "#0000ff", "#ff0000"]


def test_the_width_is_a_share_of_the_distance_between_positions():
    (bars,) = axes_of({**BAR, "x": "10 * x"}).containers
    assert boxes(bars)[1] == (6, 14, 0, 3)
    (bar,) = axes_of({**BAR, "x": 7, "y": 2}).containers
    assert boxes(bar) == [(6.6, 7.4, 0, 2)]


@pytest.mark.parametrize("direction", ["vertical", "horizontal"])
def test_the_distance_between_categories_is_1_though_some_have_no_bar(direction):
    names = {"few": {"values": ["e", "a"]}, "most": {"values": [2, 3]}, **DATA}
    point = {"mark": "scatter", "x": "names", "y": "y"}
    if direction == "horizontal":
        point |= {"x": "y", "y": "names"}
    bars = {**BAR, "x": "few", "y": "most", "direction": direction}
    (found,) = axes_of(point, bars, data=names).containers
    assert boxes(found)[0][2 * (direction == "horizontal") :][:2] == (3.6, 4.4)
    (found,) = axes_of(point, {**bars, "x": "most"}, data=names).containers  # numbers among categories
    assert boxes(found)[0][2 * (direction == "horizontal") :][:2] == (1.6, 2.4)


def test_categories_on_either_axis():
    upright = axes_of({**BAR, "x": "names"})
    assert [text.get_text() for text in upright.get_xticklabels()] == list("abcde")
    lying = axes_of({**BAR, "x": "names", "direction": "horizontal"})
    assert [text.get_text() for text in lying.get_yticklabels()] == list("abcde")
    assert boxes(lying.containers[0])[1] == (0, 3, 0.6, 1.4)


def test_lying_bars_on_the_right_have_their_categories_there():
    figure = axes_of({**BAR, "x": "names", "direction": "horizontal", "on": "right"}).figure
    assert [text.get_text() for text in figure.axes[1].get_yticklabels()] == list("abcde")


def test_stacked():
    first, second = axes_of({**BAR, "y": ["y", "z"], "arrange": "stacked", "base": 1}).containers
    assert boxes(first)[1] == (0.6, 1.4, 1, 4)
    assert boxes(second)[1] == (0.6, 1.4, 4, 5)


def test_values_below_0_are_stacked_downwards():
    first, second = axes_of(MIXED).containers
    assert [box[2:] for box in boxes(first)] == [(-2, 0), (0, 0), (-1, 0), (0, 2), (0, 1)]
    assert [box[2:] for box in boxes(second)] == [(0, 1), (-1, 0), (0, 0), (-3, 0), (-2, 0)]


@pytest.mark.parametrize("direction", ["vertical", "horizontal"])
def test_error_bars(direction):
    axes = axes_of({**BAR, "error": "z / 10", "direction": direction})
    (bars,) = (container for container in axes.containers if isinstance(container, BarContainer))
    segments = np.asarray(bars.errorbar.lines[2][0].get_segments())
    ends = segments[:, :, 1 if direction == "vertical" else 0]
    np.testing.assert_allclose(ends, np.column_stack([Y - Z / 10, Y + Z / 10]))


def test_values_are_written_at_the_ends():
    axes = axes_of({**BAR, "y": "1 - y", "values": ".1f", "text_color": "red"})
    assert texts(axes) == ["0.0", "−2.0", "−1.0", "−4.0", "−3.0"]
    assert {text.get_color() for text in axes.texts} == {"red"}


def test_values_within_stacked_bars_stand_out_from_them():
    axes = axes_of({**BAR, "y": ["y", "z"], "arrange": "stacked", "colors": ["navy", "gold"], "values": "d"})
    assert texts(axes) == [*"13254", *"21120"]
    assert [text.get_color() for text in axes.texts] == ["white"] * 5 + ["black"] * 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"y": "y[1:]"}, "layers[0]: shapes do not match: 'y' has shape (4,), 'x' has shape (5,)"),
        ({"error": "z[1:]"}, "layers[0]: shapes do not match: 'error' has shape (4,), 'x' has shape (5,)"),
        ({"x": "outer(x, x)"}, "layers[0]: too many dimensions: 'x' has shape (5, 5)"),
        ({"error": ["z", "z"]}, "layers[0].error: expected 1 'error' formulas, one for each series, found 2"),
        ({"labels": ["a", "b"]}, "layers[0].labels: expected 1 'labels', one for each series, found 2"),
        ({"y": ["y", "z"], "label": "a"}, "layers[0].label: 'label' names a single series"),
        ({"error": "-z"}, "layers[0]: 'yerr' must not contain negative values"),
    ],
)
def test_what_cannot_be_drawn(changes, message):
    assert reported({**BAR, **changes}) == message


def test_the_pixels_are_matplotlibs():
    def by_hand(axes):
        for shift, values, color in ((-0.2, Y, "C0"), (0.2, Z, "red")):
            bars = axes.bar(X + shift, values, 0.4, color=color, yerr=0.2)
            axes.bar_label(bars, [f"{value:.1f}" for value in values], padding=2)
        axes.set_xticks(range(5), labels=list("abcde"))

    layer = {**BAR, "x": "names", "y": ["y", "z"], "colors": ["C0", "red"], "error": ["0.2", "0.2"], "values": ".1f"}
    np.testing.assert_array_equal(pixels(layer), pixels_by_hand(by_hand))


def test_errors_that_are_not_numbers():
    assert problem({**BAR, "error": "names"}) == (("layers", 0, "error", 0), "expected numbers, found strings")
    message = "expected at least 1 item (length of the error bars in both directions, for each series), found 0"
    assert problem({**BAR, "error": []}) == (("layers", 0, "error"), message)
