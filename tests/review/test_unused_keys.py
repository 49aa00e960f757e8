"""Keys that change nothing in the picture, for reasons that are in the data or the style."""

import pytest

from figgen.review.unused_keys import find_unused_keys
from tests.draw_figures import context, draw_figure, figure

DATA = {
    "x": {"values": [1, 2, 3]},
    "names": {"values": ["a", "b", "c"]},
    "days": {"values": ["2024-01-01", "2024-02-01", "2024-03-01"]},
}
LINE, HISTOGRAM = {"mark": "line", "x": "x", "y": "x"}, {"mark": "histogram", "x": "x", "bins": 2}


def found(*layers, style=(), **fields):
    with context(style):
        spec = figure(data=DATA, **({"layers": list(layers)} if layers else {}), **fields)
        drawn = draw_figure(spec)
        drawn.draw_without_rendering()
        problems = [*find_unused_keys(spec, drawn)]
    assert all(problem.unused and problem.hint for problem in problems)
    return [(problem.where, problem.message) for problem in problems]


@pytest.mark.parametrize(
    ("ticks", "x", "key", "message"),
    [
        ({"format": ".1f"}, "days", "format", "a number format on an axis of dates"),
        ({"format": ".1f"}, "names", "format", "a number format on an axis of categories"),
        ({"dates": "%Y"}, "x", "dates", "a date format on an axis of numbers"),
        ({"dates": "%Y"}, "names", "dates", "a date format on an axis of categories"),
        ({"format": ".1f"}, "x", None, ""),
        ({"dates": "%d %b"}, "days", None, ""),
        ({"dates": "%d %b", "every": 10}, "days", None, ""),
    ],
)
def test_formats_of_ticks(ticks, x, key, message):
    expected = [(("axes", "x", "ticks", key), message)] if key else []
    assert found({**LINE, "x": x}, axes={"x": {"ticks": ticks}}) == expected


def test_formats_of_the_names_of_groups_and_of_each_axis():
    box = {"mark": "box", "y": ["x", "x + 9"], "labels": ["a", "b"]}
    message = "a number format on an axis of categories"
    assert found(box, axes={"x": {"ticks": {"format": ".1f"}}}) == [(("axes", "x", "ticks", "format"), message)]
    right = {**LINE, "y": "days", "on": "right"}
    axes = {name: {"ticks": {"format": ".1f"}} for name in ("x", "y", "right")}
    message = "a number format on an axis of dates"
    where = (("panels", 1, "axes", "right", "ticks", "format"), message)
    assert found(panels=[{"layers": [LINE]}, {"layers": [LINE, right], "axes": axes}]) == [where]


def test_the_right_axis_of_a_panel_whose_colorbar_has_moved_it():
    colored = {"mark": "scatter", "x": "x", "y": "x", "color_by": "x", "colorbar": {}}
    right = {**LINE, "y": "days", "on": "right"}
    panels = [{"layers": [LINE]}, {"layers": [colored, right], "axes": {"right": {"ticks": {"format": ".1f"}}}}]
    for layout in ("none", "tight", "constrained"):
        ((where, _),) = found(panels=panels, canvas={"layout": layout})
        assert where == ("panels", 1, "axes", "right", "ticks", "format")


def test_the_size_of_markers_that_are_not_there():
    layer = {**LINE, "marker_size": 9}
    assert found(layer) == [(("layers", 0, "marker_size"), "'marker_size' has no effect without markers")]
    assert found({**layer, "marker": "o"}) == found(layer, style={"lines.marker": "o"}) == []


def test_the_width_of_an_outline_that_is_not_there():
    layer = {**HISTOGRAM, "line_width": 3}
    assert found(layer) == [(("layers", 0, "line_width"), "'line_width' has no effect without an outline")]
    assert found({**layer, "edge_color": "black"}) == found(layer, style={"patch.force_edgecolor": True}) == []
    assert found({**layer, "form": "outline"}) == []
