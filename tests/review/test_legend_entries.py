"""Each entry of a legend stands for something that is seen, and looks like it and like nothing else."""

import numpy as np
import pytest

from figgen.data.sample import sample
from figgen.drawing import draw
from figgen.review.legend_entries import find_legend_problems
from tests.draw_figures import figure, fonts, no_files

DATA = {"x": {"linspace": [0, 4, 50]}, "y": {"expr": "sin(x)"}, "k": {"integers": [0, 4]}}
LINE = {"mark": "line", "x": "x", "y": "y"}


def line(label, **fields):
    return {**LINE, "label": label, **fields}


def found(*layers, settings=(), **fields):
    """Draw layers; return the problems of their legend, as pairs of place and message."""
    spec = figure(**({"data": DATA, "layers": list(layers), "canvas": {"size": [4, 3], "dpi": 80}} | fields))
    samples = sample(spec, no_files)
    with draw(spec, samples, dict(settings), fonts()) as result:
        result.canvas.draw()
        before = np.asarray(result.canvas.buffer_rgba()).copy()
        problems = [(problem.where, problem.message) for problem in find_legend_problems(spec, result)]
        result.canvas.draw()
        np.testing.assert_array_equal(before, np.asarray(result.canvas.buffer_rgba()), "the check changed the picture")
        return problems


def like(index, one, other, key=("label",)):
    return [(("layers", index, *key), f"'{one}' looks like '{other}' in the legend")]


def sized(large, small):
    message = f"'b' looks like 'a' in the legend: {large} points are hard to tell from {small}"
    return [(("layers", 1, "label"), message)]


def unseen(index, label, key=("label",)):
    return [(("layers", index, *key), f"'{label}' is in the legend, but nothing of it is seen")]


def shifted(count):
    return [line(f"line {index}", y=f"y + {index}") for index in range(count)]


BARS = {"mark": "bar", "x": "k", "y": ["1 + k", "2 + k", "3"], "labels": ["a", "b", "c"]}
PIE = {"mark": "pie", "sizes": "1 + k", "labels": list("abcde"), "place": "legend"}
COVER = {"mark": "span", "x": [-1, 5], "color": "red", "opacity": 1, "order": 5}
STAIRS = {"mark": "stairs", "edges": "x", "y": "y[1:]", "color": "red", "label": "b"}
SCATTER = {"mark": "scatter", "x": "x", "y": "y", "label": "b"}


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (shifted(10), []),
        (shifted(11), like(10, "line 10", "line 0")),
        ([*shifted(10), line("line 10", y="y + 10", dash="--")], []),
        ([*shifted(10), line("line 10", y="y + 10", marker="o")], []),
        ([line("a", color="red"), line("b", y="-y", color="#ff0000")], like(1, "b", "a")),
        ([line("a", color="red"), line("b", y="-y", color="#fe0101")], like(1, "b", "a")),
        ([line("a", color="red", width=1), line("b", y="-y", color="red", width=4)], []),
        ([line("a", color="red", width=1), line("b", y="-y", color="red", width=2)], []),
        ([line("a", color="red", width=1), line("b", y="-y", color="red", width=1.9)], sized("1.9", "1")),
        ([line("a", color="red", width=3), line("b", y="-y", color="red", width=2)], []),
        ([line("a", color="red", width=4), line("b", y="-y", color="red", width=3)], sized("4", "3")),
        ([line("a", color="red", dash="--", width=1), line("b", y="-y", color="red", dash="--", width=1.5)], sized("1.5", "1")),
        ([line("a", color="red", dash="--", width=1), line("b", y="-y", color="red", dash=":", width=1.5)], []),
        ([line("a", color="red"), STAIRS], sized("1.5", "1")),
        ([line("a", color="red", marker="o", marker_size=6), line("b", y="-y", color="red", marker="o", marker_size=8)], sized("8", "6")),
        ([line("a", color="red", marker="o", marker_size=6), line("b", y="-y", color="red", marker="o", marker_size=9)], []),
        ([SCATTER | {"label": "a", "color": "red", "size": 20}, SCATTER | {"y": "-y", "color": "red", "size": 40}], sized("6.32", "4.47")),
        ([SCATTER | {"label": "a", "color": "red", "size": 20}, SCATTER | {"y": "-y", "color": "red", "size": 50}], []),
        ([line("a", color="red"), line("b", y="-y", color="red", opacity=0.4)], []),
        ([line("a"), line("b", y="-y", on="right")], []),
        ([line("a", color="C0"), line("b", y="-y", on="right", color="C0")], like(1, "b", "a")),
        ([line("a", color="red"), SCATTER | {"color": "red"}], []),
        ([SCATTER | {"color": "red"}, SCATTER | {"label": "c", "y": "-y", "marker": "s", "color": "red"}], []),
        ([SCATTER | {"color": "red"}, SCATTER | {"label": "c", "y": "-y", "color": "red"}], like(1, "c", "b")),
        ([line("a", color="red"), line("a", y="-y", color="red")], like(1, "a", "a")),
        ([BARS], []),
        ([BARS | {"colors": ["red", "blue"]}], like(0, "c", "a", ("labels", 2))),
        ([PIE], []),
        ([PIE | {"colors": ["red", "blue", "green", "black"]}], like(0, "e", "a", ("labels", 4))),
        (
            [{"mark": "pie", "sizes": "1 + k", "texts": "n", "place": "legend", "colors": ["red"]}],
            [(("layers", 0, "texts"), f"'{name}' looks like 'p' in the legend") for name in "qrst"],
        ),
        ([{"mark": "area", "x": "x", "high": 1, "label": "a"}, {"mark": "span", "y": [2, 3], "label": "b"}], []),
    ],
)  # fmt: skip
def test_entries_that_look_the_same(layers, expected):
    names = {"n": {"values": list("pqrst")}}
    assert found(*layers, data=DATA | names) == expected


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([line("a", x=1, y=1), {**LINE, "y": "-y"}], unseen(0, "a")),
        ([line("a", x=1, y=1, marker="o")], []),
        ([line("a", opacity=0)], unseen(0, "a")),
        ([line("a", color="white")], unseen(0, "a")),
        ([line("a", color="none")], unseen(0, "a")),
        ([line("a"), COVER], unseen(0, "a")),
        ([line("a"), COVER | {"opacity": 0.5}], []),
        ([line("a"), COVER | {"x": [0.5, 5]}], []),
        ([line("a"), COVER | {"order": 1}], []),
        ([line("a"), line("b", color="C1")], unseen(0, "a")),
        ([line("a"), line("b", color="C1", dash="--")], []),
        ([line("a"), line("b", color="C1", width=0.5)], []),
        ([line("a"), line("b", color="C1", on="right")], unseen(0, "a")),
        ([{"mark": "area", "x": "x", "high": "y", "where": "x > 9", "label": "a"}, LINE], unseen(0, "a")),
        ([{"mark": "area", "x": "x", "high": "y", "where": "x > 2", "label": "a"}, LINE], []),
        ([{"mark": "bar", "x": "k", "y": "0 * k", "label": "a"}, LINE], unseen(0, "a")),
        ([BARS | {"y": ["k", "2 + k", "0 * k"]}], unseen(0, "c", ("labels", 2))),
        ([{"mark": "rule", "x": "k - 4", "label": "a"}, LINE], []),
        ([{"mark": "span", "x": ["9 - 8 * k", "9.5 - 8 * k"], "label": "a"}, LINE], []),
        ([{"mark": "errorbar", "x": "k", "y": "k", "error": 0.5, "label": "a"}], []),
        ([{"mark": "errorbar", "x": "k", "y": "k", "error": 0.5, "label": "a"}, COVER], unseen(0, "a")),
        ([{"mark": "stem", "x": "k", "y": "k", "label": "a"}], []),
        ([{"mark": "band", "x": "x", "y": "y", "spread": 0.2, "label": "a"}], []),
        ([{"mark": "box", "y": "y", "label": "a"}], []),
        ([{"mark": "violin", "y": "y", "label": "a"}], []),
        ([{"mark": "histogram", "x": "y", "label": "a"}], []),
        ([{"mark": "histogram", "x": "y", "label": "a", "form": "outline"}], []),
        ([{"mark": "histogram", "x": ["y", "y + 1"], "labels": ["a", "b"], "bins": [-9, -1, 0, 1, 2, 9]}], []),
        ([{"mark": "histogram", "x": ["y", "y"], "labels": ["a", "b"], "arrange": "overlaid"}], unseen(0, "a", ("labels", 0))),
        ([{"mark": "stairs", "edges": "x", "y": "y[1:]", "label": "a"}], []),
        ([{"mark": "step", "x": "x", "y": "y", "label": "a"}], []),
        ([{"mark": "quiver", "x": "k", "y": "k", "u": 1, "v": 1, "label": "a"}], []),
        ([{"mark": "scatter", "x": "x", "y": "y", "color_by": "x", "label": "a"}], []),
    ],
)  # fmt: skip
def test_entries_of_which_nothing_is_seen(layers, expected):
    assert found(*layers, axes={"x": {"limits": [-0.1, 4.1]}}) == expected


def test_an_entry_beyond_the_limits():
    assert found(line("a"), line("b", y="y + 9"), axes={"y": {"limits": [-1, 1]}}) == unseen(1, "b")
    assert found(line("a"), line("b", y="3 * y + 3"), axes={"y": {"limits": [-1, 1]}}) == []


def test_the_background_is_that_of_the_panel():
    settings = {"axes.facecolor": "eeeeee"}
    assert found(line("a", color="#eeeeee"), settings=settings) == unseen(0, "a")
    assert found(line("a", color="white"), settings=settings) == []


def panels(*colors, **fields):
    layers = [[line("a", color=color), line("b", y="-y", color="black")] for color in colors]
    return found(panels=[{"layers": both} for both in layers], layers=[], **fields)


def test_a_legend_of_all_panels_shows_what_is_alike_in_each():
    assert panels("red", "red", legend={}) == []
    where, message = (
        ("panels", 1, "layers", 0, "label"),
        "'a' looks different in another panel, and the legend shows one of them",
    )
    assert panels("red", "blue", legend={}) == [(where, message)]
    assert panels("red", "blue") == []


def test_an_entry_of_all_panels_is_seen_in_one():
    assert panels("red", "none") == [
        (("panels", 1, "layers", 0, "label"), "'a' is in the legend, but nothing of it is seen")
    ]
    one, other = (
        {"layers": [line("a", color="red")]},
        {"layers": [line("a", color="red")], "axes": {"y": {"limits": [5, 6]}}},
    )
    assert found(panels=[one, other], layers=[], legend={}) == []
    assert len(found(panels=[other, other], layers=[], legend={})) == 2
