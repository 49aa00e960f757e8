"""Texts that are cut off, overlap or are too small, and data behind a legend, are found, and nothing else."""

import io
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from figgen.data.sample import sample
from figgen.drawing import ENCODERS, draw
from figgen.review.layout import _find_overlaps, check_layout
from figgen.review.visible import TextBox, text_boxes
from tests.draw_figures import figure, fonts, no_files

X = {"x": {"linspace": [0, 10, 50]}}
LINE = {"mark": "line", "x": "x", "y": "x"}
FULL = {"size": [4, 3], "layout": "none"}


def found(settings=(), **fields):
    """Draw a figure as the build does, and return the layout problems, as pairs of key and message."""
    spec = figure(**({"data": X, "layers": [LINE]} | fields))
    samples = sample(spec, no_files)
    with draw(spec, samples, dict(settings), fonts()) as drawn:
        content = ENCODERS["png"](drawn, spec, samples.alt, b"")
        with Image.open(io.BytesIO(content)) as image:
            return [(problem.where, problem.message) for problem in check_layout(spec, drawn, image.width)]


def test_nothing_is_wrong_with_an_ordinary_figure():
    assert found(title="Title", axes={"x": {"label": "x"}, "y": {"label": "y"}}) == []


@pytest.mark.parametrize(
    ("fields", "where", "message"),
    [
        ({"title": "A title far too long for a canvas as small as this"}, ("title",), "the title is cut off by 3 px at the "),
        ({"axes": {"x": {"label": "x"}}, "settings": {"figure.subplot.bottom": 0.08}}, ("axes", "x", "label"), "the x axis label is cut off by "),
        ({"layers": [LINE, {"mark": "text", "x": "9", "y": "5", "text": "too far to the right"}]}, ("layers",), "the text 'too far to the right' is cut off by"),
        ({"axes": {"y": {"ticks": {"at": [5], "labels": ["much too long for this"]}}}}, ("axes", "y", "ticks"), "the y tick label 'much too long for this' is cut off by"),
    ],
)  # fmt: skip
def test_a_text_that_is_cut_off(fields, where, message):
    ((place, text),) = found(canvas=FULL, **fields)
    assert place == where
    assert text.startswith(message)


def test_a_tight_crop_cuts_nothing_off():
    assert found(title="A title far too long for a canvas as small as this", canvas={**FULL, "crop": "tight"}) == []


NAMES = ["convolution", "normalisation", "activation", "pooling", "dropout", "softmax"]
CATEGORIES = {"data": {"names": {"values": NAMES}, "n": {"values": [3, 1, 2, 5, 4, 3]}}}
BARS = {"mark": "bar", "x": "names", "y": "n"}


@pytest.mark.parametrize(
    ("fields", "messages"),
    [
        (
            {**CATEGORIES, "layers": [BARS], "canvas": {"size": [5, 3]}},
            ["the x tick label 'convolution' overlaps the x tick label 'normalisation'"],
        ),
        ({**CATEGORIES, "layers": [BARS], "canvas": {"size": [5, 3]}, "axes": {"x": {"ticks": {"rotation": 45}}}}, []),
        ({**CATEGORIES, "layers": [BARS], "canvas": {"size": [5, 3]}, "axes": {"x": {"ticks": {"rotation": 90}}}}, []),
        ({**CATEGORIES, "layers": [BARS], "canvas": {"size": [10, 3]}}, []),
        (
            {"layers": [LINE, *({"mark": "text", "x": "5", "y": y, "text": f"at {y}"} for y in ("5", "5.1"))]},
            ["the text 'at 5' overlaps the text 'at 5.1'"],
        ),
        ({"layers": [LINE, *({"mark": "text", "x": "5", "y": y, "text": f"at {y}"} for y in ("5", "6"))]}, []),
    ],
)  # fmt: skip
def test_overlapping_texts(fields, messages):
    found_messages = [message for _, message in found(**fields)]
    assert found_messages[: len(messages)] == messages
    assert bool(found_messages) == bool(messages)


MANY = [{"mark": "line", "x": "x", "y": f"{number} + sin(x)", "label": f"run number {number}"} for number in range(9)]


@pytest.mark.parametrize(
    ("fields", "share"),
    [
        ({"layers": MANY, "legend": {"place": "center"}, "canvas": {"size": [4, 3]}}, True),
        ({"layers": MANY, "legend": {"place": "outside right"}, "canvas": {"size": [6, 3]}}, False),
        ({"layers": [{**LINE, "label": "line"}]}, False),
        ({"layers": [{**LINE, "label": "line"}], "legend": {"place": "lower right"}, "axes": {"y": {"limits": [-30, 10]}}}, False),
        # Of two points, none of which is behind the legend, but what they stand for is.
        ({"data": {"x": {"values": [0, 10]}}, "layers": [{**LINE, "label": "a label that is rather long"}], "legend": {"place": "center"}, "canvas": {"size": [4, 3]}}, True),
        ({"data": {"n": {"values": [5, 9, 5]}}, "layers": [{"mark": "bar", "x": "cumsum(n)", "y": "n", "label": "bars of some height"}], "legend": {"place": "center"}, "canvas": {"size": [4, 3]}}, True),
        ({"layers": [{"mark": "scatter", "x": "x", "y": "0 * x + 5", "label": "points"}], "legend": {"place": "center"}, "canvas": {"size": [4, 3]}}, True),
        ({"layers": [{"mark": "scatter", "x": "5", "y": "5", "label": "one point"}], "legend": {"place": "center"}}, True),
        ({"layers": [{"mark": "scatter", "x": "5", "y": "5", "label": "one point"}], "legend": {"place": "upper right"}}, False),
        ({"layers": [{"mark": "quiver", "x": "5", "y": "5", "u": "1", "v": "1"}, {**LINE, "x": "0", "y": "0", "marker": "o", "label": "a point in a corner"}], "legend": {"place": "upper right"}}, True),
        # An area has no positions of its own: matplotlib reports the lower left corner of the canvas as the only one.
        ({"layers": [{"mark": "area", "x": "x", "high": "x", "label": "area"}], "legend": {"place": "lower left"}, "axes": {"visible": False}, "canvas": FULL,
          "settings": {"figure.subplot.left": 0, "figure.subplot.bottom": 0, "legend.borderaxespad": 0}}, False),
    ],
)  # fmt: skip
def test_data_behind_the_legend(fields, share):
    problems = found(**fields)
    assert [message.startswith("the legend covers") for _, message in problems] == [True] * share, problems


# A layer of each mark whose data are in the middle.
MIDDLE = {
    "area": {"x": "4 + x / 5", "high": "5 + sin(x) / 3", "low": "5 - x / 9"},
    "band": {"x": "4 + x / 5", "y": "5", "spread": "0.5 + 0 * x"},
    "bar": {"x": "v", "y": "v / v", "base": 4.5},
    "box": {"y": "5 + sin(x) / 3", "positions": [5]},
    "contour": {"x": "4 + x / 5", "y": "4.5 + x / 10", "z": "x + reshape(x, 50, 1)", "levels": [5, 9]},
    "errorbar": {"x": "v", "y": 5, "error": 0.5},
    "heatmap": {"x": "v", "y": "v[:2]", "z": "m", "aspect": "auto", "origin": "lower"},
    "line": {"x": "4 + x / 5", "y": "5 + 0 * x"},
    "quiver": {"x": "v", "y": "5 + 0 * v", "u": 1, "v": 0},
    "scatter": {"x": "v", "y": "5 + 0 * v"},
    "stairs": {"edges": "v", "y": "v[:2]", "base": 4.8},
    "stem": {"x": "v", "y": "v", "base": 4.8},
    "step": {"x": "v", "y": "v"},
    "violin": {"y": "5 + sin(x) / 3", "positions": [5]},
}


@pytest.mark.parametrize("mark", MIDDLE)
def test_data_of_each_mark_behind_the_legend(mark):
    """Of areas, bands, contours, images, boxes, stairs and error bars, none or too little was found."""
    name = "a name that is so long that\nits legend takes much room\nin the middle of the panel"
    labelled = {"mark": "line", "x": "x", "y": "0 * x - 20 + sin(x)", "label": name}
    limits = {"x": {"limits": [-5, 15]}, "y": {"limits": [-30, 40]}}
    fields = {"layers": [{"mark": mark} | MIDDLE[mark], labelled], "canvas": {"size": [4, 3]}, "axes": limits}
    fields["data"] = X | {"m": {"values": [[1, 2, 3], [4, 5, 6]]}, "v": {"values": [4, 5, 6]}}
    ((where, message),) = found(**fields, legend={"place": "center"})
    assert (where, message.split("%")[1]) == (("legend",), " of the data")
    assert found(**fields, legend={"place": "upper center"}) == []


def test_a_layer_of_several_that_is_behind_the_legend():
    lines = [{"mark": "line", "x": "x", "y": f"{y} + 0 * x"} for y in (*range(-9, 0), *range(20, 30))]
    named = {"mark": "line", "x": "x", "y": "0 * x - 20", "label": "a name that is so long that its legend takes room"}
    point = {"mark": "errorbar", "x": 5, "y": 5, "error": 0.2}
    fields = {"legend": {"place": "center"}, "canvas": {"size": [6, 5]}}
    assert found(**fields, layers=[*lines, named, point]) == [(("legend",), "the legend covers 100% of layers[20]")]
    for seen in ({"mark": "rule", "y": 5}, {"mark": "span", "y": [4, 6]}, point | {"order": 9}):
        assert found(**fields, layers=[*lines, named, seen]) == []


def test_text_too_small_at_the_width_that_a_post_shows():
    wide = {"size": [20, 6], "dpi": 100}
    ((where, message),) = found(canvas=wide, title="Title")
    assert where == ("axes", "x", "ticks")
    assert message == (
        "the x tick label '0' is 5.0 px high in a post that shows the picture 720 px wide "
        "(the smallest of 13 texts that are too small)"
    )
    assert found(canvas={**wide, "shown": 1600}, title="Title") == []


def test_a_waiver():
    long = {"title": "A title far too long for a canvas as small as this", "canvas": FULL}
    assert found(**long, waive={"cut": "the title goes on in the text"}) == []
    ((where, message),) = found(waive={"cut": "nothing is cut off here"})
    assert (where, message) == (("waive", "cut"), "unused waiver 'cut'")
    both = found(**long, waive={"small": "for no reason at all"})
    assert [where for where, _ in both] == [("title",), ("waive", "small")]


def test_messages_name_the_panel():
    panels = [{"layers": [LINE], "title": "Short"}, {"layers": [LINE], "title": "A title that is much too long for it"}]
    problems = found(layers=[], panels=panels, canvas={"size": [4, 2], "layout": "none"})
    assert [where for where, _ in problems if where[-1] == "title"] == [("panels", 1, "title")]
    assert any("of panel 2" in message for _, message in problems)


@pytest.mark.parametrize("degrees", [0, 30, 90])
def test_the_box_of_a_turned_text_is_as_narrow_as_that_of_a_level_one(degrees):
    drawn = Figure(dpi=100)
    level, turned = (drawn.text(0.5, 0.5, "turned", rotation=angle, fontsize=20) for angle in (0, degrees))
    extent = level.get_window_extent()
    boxes = [box.corners for box in text_boxes(figure(data=X, layers=[LINE]), drawn)]
    sides = [np.diff(corners[[0, 1, 2]], axis=0) for corners in boxes]
    np.testing.assert_allclose(np.hypot(*sides[0].T), [extent.width, 0.7 * extent.height])
    angle = np.deg2rad(degrees)
    along = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    np.testing.assert_allclose(sides[1], np.hypot(*sides[0].T)[:, None] * along, atol=1e-9)
    np.testing.assert_allclose(boxes[1].mean(axis=0), np.mean(turned.get_window_extent().get_points(), axis=0))


def lines_run(function):
    """Call a function, and return what it returns and how many lines of Python ran."""
    count = 0

    def trace(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        return function(), count
    finally:
        sys.settrace(previous)


@pytest.mark.parametrize(
    ("step", "overlaps"),
    [((0, 0), 1000), ((0, 12), 0), ((60, 0), 0), ((45, 0), 1000)],
    ids=["heap", "column", "row", "chain"],
)
def test_many_texts_are_searched_in_linear_time(step, overlaps):
    corners = np.array([[0, 0], [50, 0], [50, 10], [0, 10]])
    texts = [TextBox(f"text {at}", (), corners + at * np.array(step), 10) for at in range(2000)]
    problems, lines = lines_run(lambda: list(_find_overlaps(texts)))
    assert len(problems) == overlaps
    assert lines <= 200 * len(texts)


def test_a_text_without_a_place_overlaps_nothing():
    corners = np.array([[0.0, 0], [50, 0], [50, 10], [0, 10]])
    texts = [TextBox("nowhere", (), corners * np.nan, 10), TextBox("here", (), corners, 10)]
    assert not list(_find_overlaps(texts))
