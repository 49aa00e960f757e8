"""Missing values in every mark: what is drawn of the others."""

import re

import numpy as np
import pytest

from figgen.config.spec import MARKS
from figgen.review import describe, find_layout_problems, format_description
from tests import draw_figures
from tests.drawing.marks.helpers import pixels, reported

# y lacks its third value, error its fifth, and name its second.
DATA = {
    "x": {"values": [0, 1, 2, 3, 4, 5]},
    "y": {"values": [1, 3, None, 2, 5, 4]},
    "error": {"values": [0.1, 0.2, 0.3, 0.4, None, 0.6]},
    "name": {"values": ["a", None, "c", "d", "e", "f"]},
    "day": {"values": ["2025-01-01", None, "2025-01-03", "2025-01-04", "2025-01-05", "2025-01-06"]},
    "m": {"values": [[1, None, 3], [4, 5, 6], [7, 8, 10]]},
    "t": {"values": [0, 1, 2]},
}
NAN = np.nan
POINTS = {"x": "x", "y": "y"}
LAYERS = {
    "line": POINTS,
    "scatter": POINTS,
    "bar": POINTS,
    "step": POINTS,
    "stairs": {"edges": "concat(x, 6)", "y": "y"},
    "stem": POINTS,
    "area": {"x": "x", "high": "y"},
    "band": {**POINTS, "spread": 0.1},
    "errorbar": {**POINTS, "error": 0.1},
    "rule": {"x": "y"},
    "span": {"x": ["y", "y + 0.5"]},
    "text": {**POINTS, "text": "here"},
    "arrow": {**POINTS, "from_x": "x + 1", "from_y": "y"},
    "histogram": {"x": "y", "bins": 4},
    "box": {"y": "y"},
    "violin": {"y": "y"},
    "heatmap": {"z": "m"},
    "contour": {"x": "t", "y": "t", "z": "m", "levels": [5.5]},
    "quiver": {**POINTS, "u": 1, "v": "x"},
    "pie": {"sizes": "y"},
}
WITHOUT = {"gap": {"histogram", "box", "violin", "pie"}, "drop": {"stairs", "heatmap", "contour", "pie"}}
BESIDE = {"mark": "scatter", "x": [0, 5], "y": [0, 5]}


def layer(mark, **fields):
    return {"mark": mark, **LAYERS[mark], **fields}


def axes_of(*layers, **changes):
    return draw_figures.drawn(data=DATA, layers=list(layers), **changes).axes[0]


def problem(*layers):
    (found,) = draw_figures.problems(data=DATA, layers=list(layers))
    return found


def offsets(collection):
    return np.asarray(collection.get_offsets()).tolist()


def test_every_mark_is_tried():
    assert LAYERS.keys() == MARKS.keys()


@pytest.mark.parametrize("mark", LAYERS)
def test_a_missing_value_is_an_error(mark):
    for where, message in draw_figures.problems(data=DATA, layers=[layer(mark)]):
        assert where[:2] == ("layers", 0)
        assert re.fullmatch(r"missing values: 1 of [69], the first at index \[(2|0, 1)\] \('[ym]'\)", message)


@pytest.mark.parametrize("how", ["gap", "drop"])
@pytest.mark.parametrize("mark", LAYERS)
def test_every_mark_is_described_and_reviewed(mark, how):
    """Nothing in a description is called nan, and no check of the layout fails."""
    if mark in WITHOUT[how]:
        assert problem(layer(mark, missing=how)) == (
            ("layers", 0, "missing"), f"'missing: {how}' cannot be combined with 'mark: {mark}'",
        )  # fmt: skip
        return
    with draw_figures.context():
        spec = draw_figures.figure(
            data=DATA, layers=[{"mark": "rule", "x": 0, "label": "zero"}, layer(mark, missing=how)],
            axes={"x": {"limits": [-1, 7]}, "y": {"limits": [-1, 7]}},
        )  # fmt: skip
        drawn = draw_figures.draw_figure(spec)
        drawn.canvas.draw()
        text = format_description(describe(drawn, spec.canvas, spec.alt))
        assert not re.search(r"\bnan\b", text, re.IGNORECASE)
        assert not any(find_layout_problems(spec, drawn, 1200).values())


@pytest.mark.parametrize("mark", ["line", "step"])
def test_a_line_breaks_or_joins(mark):
    (broken,), (joined,) = (axes_of(layer(mark, missing=how)).lines for how in ("gap", "drop"))
    np.testing.assert_array_equal(broken.get_ydata(), [1, 3, NAN, 2, 5, 4])
    np.testing.assert_array_equal(joined.get_xydata(), [[0, 1], [1, 3], [3, 2], [4, 5], [5, 4]])
    assert not np.array_equal(
        pixels(layer(mark, missing="gap"), data=DATA), pixels(layer(mark, missing="drop"), data=DATA)
    )


def test_an_area_breaks_or_joins():
    (broken,), (joined,) = (axes_of(layer("area", missing=how)).collections for how in ("gap", "drop"))
    assert {*np.concatenate([path.vertices for path in broken.get_paths()])[:, 0]} == {0, 1, 3, 4, 5}
    assert [2.0, 0.0] not in np.concatenate([path.vertices for path in broken.get_paths()]).tolist()
    assert [3.0, 2.0] in joined.get_paths()[0].vertices.tolist()


def test_an_area_with_a_condition_ends_at_the_crossing_although_there_is_a_gap():
    (fill,) = axes_of(
        {"mark": "area", "x": "x", "high": "y", "low": 2.5, "where": "y > 2.5", "missing": "gap"}
    ).collections
    corners = np.concatenate([path.vertices for path in fill.get_paths()])
    assert [0.75, 2.5] in corners.tolist()  # between 1 and 3


def test_a_condition_without_a_value_does_not_hold():
    (fill,) = axes_of({"mark": "area", "x": "x", "high": 1, "where": "log(x - 3.5)", "missing": "gap"}).collections
    assert {*np.concatenate([path.vertices for path in fill.get_paths()])[:, 0]} == {4, 5}


def test_a_band_breaks_or_joins():
    axes = axes_of(layer("band", missing="gap"))
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [1, 3, NAN, 2, 5, 4])
    corners = np.concatenate([path.vertices for path in axes.collections[0].get_paths()])
    assert {*corners[:, 0]} == {0, 1, 3, 4, 5}
    axes = axes_of(layer("band", missing="drop"))
    assert axes.lines[0].get_ydata().tolist() == [1, 3, 2, 5, 4]


def test_a_band_without_a_spread_is_a_line():
    axes = axes_of({"mark": "band", "x": "x", "y": "x", "spread": "where(x == 3, log(-x), 0.1)", "missing": "gap"})
    assert axes.lines[0].get_ydata().tolist() == [0, 1, 2, 3, 4, 5]
    assert 3 not in np.concatenate([path.vertices for path in axes.collections[0].get_paths()])[:, 0]


@pytest.mark.parametrize("how", ["gap", "drop"])
def test_points_are_absent(how):
    assert offsets(axes_of(layer("scatter", missing=how)).collections[0]) == [[0, 1], [1, 3], [3, 2], [4, 5], [5, 4]]


def test_points_that_lack_a_size_or_a_colour_are_absent():
    points = axes_of(layer("scatter", size="100 * error", color_by="x", missing="gap")).collections[0]
    assert offsets(points) == [[0, 1], [1, 3], [3, 2], [5, 4]]
    np.testing.assert_allclose(points.get_sizes(), [10, 20, 40, 60])
    assert points.get_array().tolist() == [0, 1, 3, 5]


@pytest.mark.parametrize("direction", ["vertical", "horizontal"])
def test_bars_are_absent(direction):
    bars = axes_of({"mark": "bar", "x": "x", "y": "y", "direction": direction, "values": ".0f", "missing": "gap"})
    upright = direction == "vertical"
    drawn = [
        ((bar.get_x() if upright else bar.get_y()) + 0.4, bar.get_height() if upright else bar.get_width())
        for bar in bars.patches
    ]
    np.testing.assert_allclose(drawn, [[0, 1], [1, 3], [3, 2], [4, 5], [5, 4]])
    assert [text.get_text() for text in bars.texts] == ["1", "3", "2", "5", "4"]


def test_a_missing_bar_of_a_stack_has_no_height():
    axes = axes_of({"mark": "bar", "x": "x", "y": ["y", "error"], "arrange": "stacked", "missing": "gap"})
    tops = {round(bar.get_x() + 0.4): bar.get_y() + bar.get_height() for bar in axes.patches}
    np.testing.assert_allclose([tops[x] for x in range(6)], [1.1, 3.2, 0.3, 2.4, 5, 4.6])


def test_a_bar_without_an_error_has_no_error_bar():
    axes = axes_of({"mark": "bar", "x": "x", "y": "x + 1", "error": "error", "missing": "gap"})
    assert len(axes.patches) == 6
    (lines,) = axes.collections
    assert [segment[0, 0] for segment in lines.get_segments() if len(segment)] == [0, 1, 2, 3, 5]


@pytest.mark.parametrize("mark", ["bar", "scatter", "stem", "line"])
def test_what_is_dropped_has_no_place_among_categories(mark):
    gap, drop = (
        axes_of({"mark": mark, "x": "name", "y": "y", "missing": how} | ({"marker": "o"} if mark == "line" else {}))
        for how in ("gap", "drop")
    )
    assert [label.get_text() for label in gap.get_xticklabels()] == ["a", "c", "d", "e", "f"]
    assert [label.get_text() for label in drop.get_xticklabels()] == ["a", "d", "e", "f"]
    if mark == "bar":
        assert [round(bar.get_x() + 0.4) for bar in gap.patches] == [0, 2, 3, 4]
    if mark == "scatter":
        assert offsets(gap.collections[0]) == [[0, 1], [2, 2], [3, 5], [4, 4]]


def test_a_missing_category_is_no_category():
    axes = axes_of({"mark": "line", "x": "name", "y": "x", "marker": "o", "missing": "gap"})
    np.testing.assert_array_equal(axes.lines[0].get_xdata(), [0, NAN, 1, 2, 3, 4])


def test_a_missing_date():
    gap, drop = (
        axes_of({"mark": "line", "x": "day", "y": "x", "marker": "o", "missing": how}) for how in ("gap", "drop")
    )
    first = 20089.0  # days from 1970 to 2025
    np.testing.assert_array_equal(gap.lines[0].get_xdata() - first, [0, NAN, 2, 3, 4, 5])
    np.testing.assert_array_equal(drop.lines[0].get_xdata() - first, [0, 2, 3, 4, 5])


def test_stairs_are_absent():
    (patch,) = axes_of(layer("stairs", missing="gap")).patches
    np.testing.assert_array_equal(patch.get_data().values, [1, 3, NAN, 2, 5, 4])
    corners = patch.get_path().vertices
    assert not np.any((corners[:, 0] > 2) & (corners[:, 0] < 3))


@pytest.mark.parametrize("how", ["gap", "drop"])
def test_stems_are_absent(how):
    (container,) = axes_of(layer("stem", missing=how)).containers
    assert [segment[0, 0] for segment in container.stemlines.get_segments()] == [0, 1, 3, 4, 5]
    assert container.markerline.get_ydata().tolist() == [1, 3, 2, 5, 4]


def test_error_bars_are_absent():
    layer = {"mark": "errorbar", "x": "x", "y": "y", "error": "error"}
    (gap,), (drop,) = (axes_of({**layer, "missing": how}).containers for how in ("gap", "drop"))
    for container, points, bars in ((gap, [0, 1, 3, 4, 5], [0, 1, 3, 5]), (drop, [0, 1, 3, 5], [0, 1, 3, 5])):
        line, _, (lines,) = container
        there = np.isfinite(line.get_ydata())
        assert line.get_xdata()[there].tolist() == points
        assert [one[0, 0] for one in lines.get_segments() if len(one) and np.isfinite(one).all()] == bars


@pytest.mark.parametrize("how", ["gap", "drop"])
def test_what_is_drawn_one_by_one_is_absent(how):
    assert [line.get_xdata()[0] for line in axes_of(layer("rule", missing=how)).lines] == [1, 3, 2, 5, 4]
    assert [patch.get_x() for patch in axes_of(layer("span", missing=how)).patches] == [1, 3, 2, 5, 4]
    texts = axes_of(BESIDE | POINTS | {"y": "x"}, layer("text", missing=how)).texts
    assert [text.get_position() for text in texts] == [(0, 1), (1, 3), (3, 2), (4, 5), (5, 4)]
    arrows = axes_of(BESIDE | POINTS | {"y": "x"}, layer("arrow", missing=how)).texts
    assert [arrow.xy for arrow in arrows] == [(0, 1), (1, 3), (3, 2), (4, 5), (5, 4)]
    quiver = axes_of(layer("quiver", missing=how)).collections[0]
    assert (quiver.X.tolist(), quiver.V.tolist()) == ([0, 1, 3, 4, 5], [0, 1, 3, 4, 5])


def test_texts_that_are_missing():
    axes = axes_of(
        {"mark": "scatter", "x": "x", "y": "x"},
        {"mark": "text", "x": "x", "y": "x", "texts": "name", "missing": "drop"},
    )
    assert [text.get_text() for text in axes.texts] == ["a", "c", "d", "e", "f"]


def test_distributions_of_the_other_values():
    bars = axes_of(layer("histogram", missing="drop")).patches
    assert [bar.get_height() for bar in bars] == [1, 1, 1, 2]
    assert axes_of(layer("box", missing="drop")).lines[5].get_ydata().tolist() == [3, 3]  # the median of 1 to 5
    several = axes_of({"mark": "box", "y": "m", "missing": "drop"}).lines
    assert [several[5 + 7 * column].get_ydata()[0] for column in range(3)] == [4, 6.5, 6]
    body = axes_of(layer("violin", missing="drop", medians=True)).collections[-1]
    assert body.get_segments()[0][:, 1].tolist() == [3, 3]


def test_cells_stay_blank():
    axes = axes_of(layer("heatmap", missing="gap", values=".0f"))
    image = axes.images[0]
    assert np.ma.getmaskarray(image.get_array()).tolist() == [[False, True, False], [False] * 3, [False] * 3]
    assert image.to_rgba(image.get_array())[0, 1, 3] == 0
    assert (image.norm.vmin, image.norm.vmax) == (1, 10)
    assert [text.get_text() for text in axes.texts] == ["1", "3", "4", "5", "6", "7", "8", "10"]


def test_cells_stay_blank_on_a_log_scale():
    image = axes_of(layer("heatmap", missing="gap", color_scale="log")).images[0]
    assert (image.norm.vmin, image.norm.vmax) == (1, 10)
    where, message = problem(layer("heatmap", missing="gap", color_scale="log", z="m - 1"))
    assert (where, message) == (
        ("layers", 0), "1 of 9 values are not positive, as 'color_scale: log' requires: minimum 0",
    )  # fmt: skip


@pytest.mark.parametrize("form", ["lines", "filled", "both"])
def test_contours_are_masked(form):
    axes = axes_of(layer("contour", missing="gap", form=form, levels=[3, 5.5, 7]))
    corners = np.concatenate([path.vertices for drawn in axes.collections for path in drawn.get_paths()])
    x, y = corners.T
    assert np.all(y >= np.minimum(x, 2 - x) - 1e-9)  # nothing is below the triangles beside the missing cell


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"mark": "line", "x": "x", "y": "where(x % 2 == 0, x, log(-1))"}, "layers[0]: 3 of 6 points are alone between missing ones and would not be seen, the first at index [0]: 'marker' or 'missing: drop' shows them"),
        ({"mark": "band", "x": "x", "y": "x", "spread": "where(x == 1, log(-1), 1)"}, "layers[0]: 1 of 6 points are alone between missing ones and would not be seen, the first at index [0]: 'mark: errorbar' or 'missing: drop' shows them"),
        ({"mark": "area", "x": "x", "high": "where(x == 4, log(-1), 1)"}, "layers[0]: 1 of 6 points are alone between missing ones and would not be seen, the first at index [5]: 'mark: bar' or 'missing: drop' shows them"),
        ({"mark": "step", "x": "x", "y": "where(x == 4, log(-1), 1)"}, "layers[0]: with 'hold: after', the last value is not seen beside a missing one"),
        ({"mark": "step", "x": "x", "y": "where(x == 1, log(-1), 1)", "hold": "before"}, "layers[0]: with 'hold: before', the first value is not seen beside a missing one"),
        ({"mark": "area", "x": "x", "high": "y", "hold": "after"}, "layers[0].hold: 'hold' cannot be combined with 'missing: gap'"),
        ({"mark": "stairs", "edges": "concat(x, 6)", "y": 1, "base": "y"}, "layers[0]: values of 'base' are missing"),
        ({"mark": "heatmap", "x": "m[0]", "z": "m"}, "layers[0].x: missing values: 1 of 3, the first at index [1] ('m')"),
        ({"mark": "line", "x": "x", "y": "x / 0"}, "layers[0].y: 5 of 6 values cannot be drawn, the first (inf) at index [1]"),
        ({"mark": "line", "x": "x", "y": "log(-x - 1)"}, "layers[0].y: all values are missing"),
        ({"mark": "text", "x": "y[2]", "y": 1, "text": "a"}, "layers[0].x: the value is missing ('y')"),
    ],
)  # fmt: skip
def test_what_no_gap_can_show(layer, message):
    assert reported({**layer, "missing": "gap"}, data=DATA) == message


@pytest.mark.parametrize(
    "layer",
    [
        {"mark": "line", "x": "x", "y": "where(x % 2 == 0, x, log(-1))", "marker": "o"},
        {"mark": "step", "x": "x", "y": "where(x % 2 == 0, x, log(-1))"},
        {"mark": "step", "x": "x", "y": "where(x % 2 == 0, x, log(-1))", "hold": "around"},
        {"mark": "errorbar", "x": "x", "y": "where(x % 2 == 0, x, log(-1))", "error": 1},
    ],
)
def test_single_points_that_are_seen(layer):
    (line, *_) = axes_of({**layer, "missing": "gap"}).lines
    np.testing.assert_array_equal(line.get_ydata(), [0, NAN, 2, NAN, 4, NAN])


def test_no_point_is_left():
    layer = {"mark": "scatter", "x": "where(x < 3, x, log(-1))", "y": "where(x < 3, log(-1), x)", "missing": "drop"}
    assert problem(layer) == (("layers", 0), "every point lacks a value in one of its channels")


def test_a_group_without_values():
    assert problem({"mark": "box", "y": "where(m < 4, m, log(-1))", "missing": "drop"}) == (
        ("layers", 0), "all values of a group are missing",
    )  # fmt: skip


def test_nothing_changes_where_nothing_is_missing():
    for how in ("gap", "drop"):
        (line,) = axes_of({"mark": "line", "x": "x", "y": "x", "missing": how}).lines
        assert line.get_ydata().tolist() == [0, 1, 2, 3, 4, 5]


def test_a_broken_line_on_a_log_axis():
    (line,) = axes_of(layer("line", missing="gap"), axes={"y": {"scale": "log"}}).lines
    np.testing.assert_array_equal(line.get_ydata(), [1, 3, NAN, 2, 5, 4])
