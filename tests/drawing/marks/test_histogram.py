import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import Y, Z, axes_of, legend, pixels, pixels_by_hand, reported

HISTOGRAM = {"mark": "histogram", "x": "y"}
SEVERAL = {"mark": "histogram", "x": ["y", "z"], "bins": [-0.5, 1.5, 3.5, 5.5], "labels": ["one", "two"]}


def heights(container):
    return [bar.get_height() for bar in container]


def test_as_many_bins_as_the_style_has():
    (bars,) = axes_of(HISTOGRAM, settings={"hist.bins": 4}).containers
    assert heights(bars) == [1, 1, 1, 2]
    assert [bar.get_x() for bar in bars] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("changes", "edges", "counts"),
    [
        ({"bins": 2}, [1, 3, 5], [2, 3]),
        ({"bins": [0, 2.5, 10]}, [0, 2.5, 10], [2, 3]),
        ({"bins": 2, "range": [0, 4]}, [0, 2, 4], [1, 3]),
        ({"bins": [0, 2.5, 10], "density": True}, [0, 2.5, 10], [0.16, 0.08]),
        ({"bins": 2, "cumulative": True}, [1, 3, 5], [2, 5]),
        ({"x": "0 * y + 1", "bins": [1, 3, 5]}, [1, 3, 5], [5, 0]),
        ({"x": "0 * y + 5", "bins": [1, 3, 5]}, [1, 3, 5], [0, 5]),
    ],
)
def test_bins(changes, edges, counts):
    (bars,) = axes_of({**HISTOGRAM, **changes}).containers
    assert [bars[0].get_x(), *(bar.get_x() + bar.get_width() for bar in bars)] == edges
    np.testing.assert_allclose(heights(bars), counts)


def test_the_values_of_a_matrix_are_one_series():
    (bars,) = axes_of({**HISTOGRAM, "x": "outer(y, y)", "bins": 1}).containers
    assert heights(bars) == [25]


def test_what_is_said_is_drawn():
    layer = {**HISTOGRAM, "label": "y", "colors": ["red"], "edge_color": "white", "line_width": 3}
    axes = axes_of({**layer, "opacity": 0.5, "order": 7})
    bar = axes.containers[0][0]
    assert (to_hex(bar.get_facecolor()), to_hex(bar.get_edgecolor()), bar.get_linewidth()) == ("#ff0000", "#ffffff", 3)
    assert (bar.get_alpha(), bar.get_zorder(), legend(axes)) == (0.5, 7, ["y"])


def test_lying():
    (bars,) = axes_of({**HISTOGRAM, "bins": 2, "direction": "horizontal"}).containers
    assert [(bar.get_width(), bar.get_y(), bar.get_height()) for bar in bars] == [(2, 1, 2), (3, 3, 2)]


def test_several_series_side_by_side():
    axes = axes_of(SEVERAL)
    first, second = axes.containers
    assert (heights(first), heights(second)) == ([1, 2, 2], [3, 2, 0])
    assert first[0].get_x() < second[0].get_x()
    assert [to_hex(bars[0].get_facecolor()) for bars in (first, second)] == ["#1f77b4", "#ff7f0e"]
    assert legend(axes) == ["one", "two"]


def test_stacked():
    first, second = axes_of({**SEVERAL, "arrange": "stacked"}).containers
    assert [bar.get_y() for bar in second] == heights(first) == [1, 2, 2]


def test_overlaid_series_have_the_same_bins():
    axes = axes_of({**SEVERAL, "bins": 3, "arrange": "overlaid", "colors": ["red", "blue"]})
    first, second = axes.containers
    assert [bar.get_x() for bar in first] == [bar.get_x() for bar in second]
    np.testing.assert_allclose([bar.get_x() for bar in first], [0, 5 / 3, 10 / 3], atol=1e-9)
    assert [to_hex(bars[0].get_facecolor()) for bars in (first, second)] == ["#ff0000", "#0000ff"]
    assert legend(axes) == ["one", "two"]


def test_outlines():
    patches = axes_of({**SEVERAL, "arrange": "overlaid", "form": "outline", "line_width": 3}).patches
    assert [(patch.get_fill(), patch.get_linewidth()) for patch in patches] == [(False, 3)] * 2
    assert [np.max(patch.get_xy()[:, 1]) for patch in patches] == [2, 3]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"range": [6, 7]}, "layers[0]: no value of 'x' is in a bin: values from 1 to 5, bins from 6 to 7"),
        (
            {"x": ["y", "z"], "bins": [3, 9]},
            "layers[0]: no value of series 2 is in a bin: values from 0 to 2, bins from 3 to 9",
        ),
        ({"bins": [1, 3, 2]}, "layers[0].bins: 'bins' must be strictly increasing"),
        ({"bins": [1, 3], "range": [0, 1]}, "layers[0].range: 'range' cannot be combined with a list of 'bins'"),
        ({"range": [2, 1]}, "layers[0].range: 'range' must be strictly increasing"),
        ({"form": "outline", "edge_color": "red"}, "layers[0].edge_color: 'edge_color' requires 'form: filled'"),
        ({"x": ["y", "z"], "form": "outline"}, "layers[0].arrange: outlines of several series cannot be grouped"),
        ({"labels": ["a", "b"]}, "layers[0].labels: expected 1 'labels', one for each series, found 2"),
    ],
)
def test_what_cannot_be_drawn(changes, message):
    assert reported({**HISTOGRAM, **changes}) == message


@pytest.mark.parametrize(
    ("bins", "message"),
    [
        ("many", "layers[0].bins: expected an integer, found the string 'many'"),
        (0, "layers[0].bins: must be at least 1, not 0"),
        (2.5, "layers[0].bins: expected an integer, found 2.5"),
        (
            [1],
            "layers[0].bins: expected at least 2 items (number of bins, or a list of their edges; the style's number if omitted), found 1",
        ),
    ],
)
def test_bins_are_a_number_or_a_list(bins, message):
    assert reported({**HISTOGRAM, "bins": bins}) == message


@pytest.mark.parametrize("direction", ["vertical", "horizontal"])
def test_the_pixels_are_matplotlibs(direction):
    def by_hand(axes):
        axes.hist([Y, Z], bins=4, label=["one", "two"], orientation=direction, alpha=0.5)
        axes.hist(Y, bins=7, range=(0, 5), histtype="step", cumulative=True, color="k", orientation=direction)
        axes.legend()

    grouped = {**SEVERAL, "bins": 4, "opacity": 0.5, "direction": direction}
    outline = {**HISTOGRAM, "bins": 7, "range": [0, 5], "form": "outline", "cumulative": True, "colors": ["k"]}
    drawn = pixels(grouped, {**outline, "direction": direction})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))
