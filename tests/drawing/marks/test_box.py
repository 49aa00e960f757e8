import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

from tests.drawing.marks.helpers import Y, Z, axes_of, legend, pixels, pixels_by_hand, reported, turned

BOX = {"mark": "box", "y": ["y", "z"]}
FAR = {"values": [1, 2, 3, 4, 5, 20]}
FILLED = {**BOX, "colors": ["red"]}


def ticks(axis):
    return dict(zip(axis.get_ticklocs().tolist(), [text.get_text() for text in axis.get_ticklabels()], strict=True))


def medians(axes):
    """List the medians, which are drawn in a colour of their own."""
    return [np.mean(line.get_ydata()) for line in axes.lines if line.get_color() == "C1"]


def test_a_box_for_each_series():
    axes = axes_of(BOX)
    assert medians(axes) == [np.median(Y), np.median(Z)]
    assert ticks(axes.xaxis) == {1: "1", 2: "2"}


def test_a_box_for_each_column():
    axes = axes_of({**BOX, "y": "outer(y, x)"})
    assert medians(axes) == [0, 3, 6, 9, 12]


def test_names_and_places():
    axes = axes_of({**BOX, "labels": ["one", "two"], "positions": [2, 5]})
    assert ticks(axes.xaxis) == {2: "one", 5: "two"}


def test_lying():
    axes = axes_of({**BOX, "labels": ["one", "two"], "direction": "horizontal"})
    assert ticks(axes.yaxis) == {1: "one", 2: "two"}
    assert [np.mean(line.get_xdata()) for line in axes.lines if line.get_color() == "C1"] == [3, 1]


def test_a_layer_leaves_the_names_of_another_in_place():
    named = {**BOX, "labels": ["one", "two"]}
    assert ticks(axes_of(named, {**BOX, "positions": [1.5, 2]}).xaxis) == {1: "one", 2: "two", 1.5: "1.5"}
    assert ticks(axes_of({"mark": "violin", "y": ["y", "z"], "labels": ["a", "b"]}, BOX).xaxis) == {1: "a", 2: "b"}


def test_whiskers_reach_as_far_as_said():
    lines = axes_of({"mark": "box", "y": "far", "whiskers": 0.5}, data={"far": FAR}).lines
    assert max(np.max(line.get_ydata()) for line in lines[:5]) == 5
    lines = axes_of({"mark": "box", "y": "far", "whiskers": 9}, data={"far": FAR}).lines
    assert max(np.max(line.get_ydata()) for line in lines[:5]) == 20


@pytest.mark.parametrize(("outliers", "shown"), [(None, True), (True, True), (False, False)])
def test_outliers(outliers, shown):
    layer = {"mark": "box", "y": "far"} | ({} if outliers is None else {"outliers": outliers})
    lines = axes_of(layer, data={"far": FAR}).lines
    assert any(line.get_ydata().tolist() == [20] for line in lines) is shown


def test_what_is_said_is_drawn():
    layer = {**FILLED, "colors": ["red", "blue"], "label": "boxes", "opacity": 0.5, "order": 7, "width": 0.6}
    axes = axes_of({**layer, "means": True, "notch": True})
    first, second = (patch for patch in axes.patches if isinstance(patch, PathPatch))
    assert [to_hex(box.get_facecolor()) for box in (first, second)] == ["#ff0000", "#0000ff"]
    assert (first.get_alpha(), first.get_zorder(), legend(axes)) == (0.5, 7, ["boxes"])
    assert [to_hex(patch.get_facecolor()) for patch in axes.get_legend().get_patches()] == ["#ff0000"]
    assert np.ptp(first.get_path().vertices[:, 0]) == pytest.approx(0.6)
    assert len(first.get_path().vertices) == 12  # a notch has more corners
    assert any(line.get_ydata().tolist() == [np.mean(Y)] for line in axes.lines)


def test_a_label_without_boxes_that_are_filled():
    assert legend(axes_of({**BOX, "label": "boxes"})) == ["boxes"]


def test_the_rest_is_the_styles():
    axes = axes_of(BOX, settings={"boxplot.medianprops.color": "C1", "boxplot.notch": True, "boxplot.showmeans": True})
    assert len(axes.lines[0].get_ydata()) == 11
    assert any(line.get_ydata().tolist() == [np.mean(Y)] for line in axes.lines)
    assert not axes.patches


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ["a"]}, "layers[0]: expected 2 'labels', one for each group, found 1"),
        ({"positions": [1, 2, 3]}, "layers[0]: expected 2 'positions', one for each group, found 3"),
        (
            {"y": ["y", "outer(y, y)"]},
            "layers[0]: 'y' must be lists of values, or one matrix with a column for each group, not arrays of shape (5,) and (5, 5)",
        ),
        (
            {"y": "max(y)"},
            "layers[0]: 'y' must be lists of values, or one matrix with a column for each group, not arrays of shape ()",
        ),
    ],
)
def test_what_cannot_be_drawn(changes, message):
    assert reported({**BOX, **changes}) == message


@pytest.mark.parametrize("direction", ["vertical", "horizontal"])
def test_the_pixels_are_matplotlibs(direction):
    def by_hand(axes):
        lying = direction == "horizontal"
        parts = axes.boxplot([Y, Z], patch_artist=True, whis=0.5, **turned(direction))
        for box, color in zip(parts["boxes"], ["red", "blue"], strict=True):
            box.set_facecolor(color)
        (axes.set_yticks if lying else axes.set_xticks)([1, 2], labels=["one", "two"])

    layer = {**BOX, "colors": ["red", "blue"], "whiskers": 0.5, "labels": ["one", "two"], "direction": direction}
    np.testing.assert_array_equal(pixels(layer), pixels_by_hand(by_hand))


@pytest.mark.parametrize("mark", ["box", "violin"])
def test_the_names_of_groups_stay_at_their_positions_whatever_the_ticks(mark):
    """They were given to the ticks in turn, so that a tick at the second group had the name of the first."""
    layer = {"mark": mark, "y": ["y", "z"], "labels": ["one", "two"]}
    assert ticks(axes_of(layer, axes={"x": {"ticks": {"at": [2]}}}).xaxis) == {2: "two"}
    assert ticks(axes_of(layer, axes={"x": {"ticks": {"at": [2, 1.5]}}}).xaxis) == {2: "two", 1.5: ""}
    assert ticks(axes_of(layer, axes={"x": {"ticks": {"every": 2}}}).xaxis) == {0: "", 2: "two", 4: ""}
