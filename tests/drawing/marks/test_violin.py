import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex

from tests.drawing.marks.helpers import Y, Z, axes_of, legend, pixels, pixels_by_hand, reported, turned

VIOLIN = {"mark": "violin", "y": ["y", "z"]}


def parts(axes):
    """Return the bodies and the lines."""
    bodies = [artist for artist in axes.collections if isinstance(artist, PolyCollection)]
    return bodies, [artist for artist in axes.collections if isinstance(artist, LineCollection)]


def spans(bodies, direction=1):
    """List from where to where the bodies reach."""
    corners = [body.get_paths()[0].vertices[:, direction] for body in bodies]
    return [(np.min(values), np.max(values)) for values in corners]


def test_a_violin_for_each_series():
    bodies, lines = parts(axes_of(VIOLIN))
    assert spans(bodies) == [(1, 5), (0, 2)]
    assert {(to_hex(body.get_facecolor()), body.get_alpha()) for body in bodies} == {("#1f77b4", 0.3)}
    assert len(lines) == 3


def test_a_violin_for_each_column():
    bodies, _ = parts(axes_of({**VIOLIN, "y": "outer(y, x)"}))
    assert spans(bodies)[1:] == [(1, 5), (2, 10), (3, 15), (4, 20)]


@pytest.mark.parametrize(
    ("changes", "middles"),
    [
        ({"medians": True}, [np.median(Y), np.median(Z)]),
        ({"means": True}, [np.mean(Y), np.mean(Z)]),
    ],
)
def test_lines_at_the_middle(changes, middles):
    _, (lines,) = parts(axes_of({**VIOLIN, **changes, "extrema": False}))
    np.testing.assert_allclose([segment[0, 1] for segment in lines.get_segments()], middles)


def test_names_and_places():
    axes = axes_of({**VIOLIN, "labels": ["one", "two"], "positions": [2, 5], "width": 2})
    assert axes.get_xticks().tolist() == [2, 5]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["one", "two"]
    (low, high), _ = spans(parts(axes)[0], direction=0)
    assert (low, high) == pytest.approx((1, 3))


def test_violins_without_names_are_labelled_with_their_places():
    axes = axes_of({**VIOLIN, "positions": [-2, 2.5]})
    assert axes.get_xticks().tolist() == [-2, 2.5]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["−2", "2.5"]


def test_lying():
    axes = axes_of({**VIOLIN, "labels": ["one", "two"], "direction": "horizontal"})
    assert [text.get_text() for text in axes.get_yticklabels()] == ["one", "two"]
    assert spans(parts(axes)[0], direction=0) == [(1, 5), (0, 2)]


def test_what_is_said_is_drawn():
    axes = axes_of({**VIOLIN, "colors": ["red", "blue"], "opacity": 0.8, "order": 7, "label": "shapes"})
    bodies, lines = parts(axes)
    assert [to_hex(body.get_facecolor()) for body in bodies] == ["#ff0000", "#0000ff"]
    assert [to_hex(color) for color in lines[0].get_color()] == ["#ff0000", "#0000ff"]
    assert {body.get_alpha() for body in bodies} == {0.8}
    assert {artist.get_zorder() for artist in axes.collections} == {7}
    assert legend(axes) == ["shapes"]


def test_a_narrow_kernel_makes_bumps():
    (smooth,), _ = parts(axes_of({"mark": "violin", "y": "5 * x"}))
    (bumpy,), _ = parts(axes_of({"mark": "violin", "y": "5 * x", "bandwidth": 0.05}))
    turns = [
        np.count_nonzero(np.diff(np.sign(np.diff(body.get_paths()[0].vertices[:100, 0])))) for body in (smooth, bumpy)
    ]
    assert turns[0] < turns[1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ["a"]}, "layers[0]: expected 2 'labels', one for each group, found 1"),
        ({"positions": [1, 2, 3]}, "layers[0]: expected 2 'positions', one for each group, found 3"),
        (
            {"y": ["outer(y, y)", "y"]},
            "layers[0]: 'y' must be lists of values, or one matrix with a column for each group, not arrays of shape (5, 5) and (5,)",
        ),
    ],
)
def test_what_cannot_be_drawn(changes, message):
    assert reported({**VIOLIN, **changes}) == message


@pytest.mark.parametrize("direction", ["vertical", "horizontal"])
def test_the_pixels_are_matplotlibs(direction):
    def by_hand(axes):
        lying = direction == "horizontal"
        violins = axes.violinplot([Y, Z], showmedians=True, widths=0.7, bw_method=0.5, **turned(direction))
        for name, artists in violins.items():
            for artist, color in zip(artists if name == "bodies" else [], ["red", "blue"], strict=False):
                artist.set_facecolor(color)
            if name != "bodies":
                artists.set_color(["red", "blue"])
        (axes.set_yticks if lying else axes.set_xticks)([1, 2], labels=["one", "two"])

    layer = {**VIOLIN, "colors": ["red", "blue"], "medians": True, "width": 0.7, "bandwidth": 0.5}
    drawn = pixels({**layer, "labels": ["one", "two"], "direction": direction})
    np.testing.assert_array_equal(drawn, pixels_by_hand(by_hand))
