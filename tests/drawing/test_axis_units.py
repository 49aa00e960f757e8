"""Strings and dates become positions along an axis, whichever layers and channels they come from."""

import pytest

from tests.draw_figures import drawn, problems

DATA = {
    "names": {"values": ["b", "a", "c"]},
    "others": {"values": ["c", "d", "a"]},
    "n": {"values": [1, 2, 3]},
    "days": {"values": ["1970-01-02", "1970-01-03T12:00:00", "1970-01-05"]},
}


def line(x, y="n", **more):
    return {"mark": "line", "x": x, "y": y, **more}


def labels(axis):
    return dict(zip(axis.get_ticklocs().tolist(), [text.get_text() for text in axis.get_ticklabels()], strict=True))


def test_categories_of_all_layers_are_counted_in_the_order_of_their_appearance():
    axes = drawn(data=DATA, layers=[line("names"), line("others")]).axes[0]
    assert [each.get_xdata().tolist() for each in axes.lines] == [[0, 1, 2], [2, 3, 1]]
    assert labels(axes.xaxis) == {0: "b", 1: "a", 2: "c", 3: "d"}


def test_numbers_among_categories_are_positions_between_them():
    axes = drawn(data=DATA, layers=[{"mark": "rule", "x": "1.5"}, line("names")]).axes[0]
    assert next(each.get_xdata() for each in axes.lines) == [1.5, 1.5]
    assert labels(axes.xaxis) == {0: "b", 1: "a", 2: "c"}


def test_dates_are_days_since_1970():
    axes = drawn(data=DATA, layers=[line("days")]).axes[0]
    assert axes.lines[0].get_xdata().tolist() == [1, 2.5, 4]


def test_each_axis_has_its_own_categories():
    layers = [line("n", "names"), line("n", "others", on="right"), line("n", "names")]
    left, right = drawn(data=DATA, layers=layers).axes
    assert [each.get_ydata().tolist() for each in (*left.lines, *right.lines)] == [[0, 1, 2], [0, 1, 2], [0, 1, 2]]
    assert (labels(left.yaxis), labels(right.yaxis)) == ({0: "b", 1: "a", 2: "c"}, {0: "c", 1: "d", 2: "a"})


def test_the_two_ends_of_a_span_are_positions():
    axes = drawn(data=DATA, layers=[{"mark": "span", "x": ["names[0]", "names[2]"]}, line("names")]).axes[0]
    (span,) = axes.patches
    assert (span.get_extents().transformed(axes.transData.inverted()).x0, labels(axes.xaxis)[1]) == (0, "c")


@pytest.mark.parametrize(
    ("layers", "where", "message"),
    [
        ([line("days"), line("n")], ("layers", 1, "x"), "one axis cannot show dates and numbers"),
        ([line("names"), line("days")], ("layers", 1, "x"), "one axis cannot show dates and strings"),
        ([line("n", "days"), line("n"), line("days")], ("layers", 2, "x"), "one axis cannot show dates and numbers"),
    ],
)
def test_what_an_axis_cannot_show(layers, where, message):
    assert (where, message) in problems(data=DATA, layers=layers)


@pytest.mark.parametrize(("x", "kind"), [("names", "strings"), ("days", "dates")])
def test_what_a_scale_cannot_show(x, kind):
    (problem,) = problems(data=DATA, layers=[line(x)], axes={"x": {"scale": "log"}})
    assert problem == (("axes", "x", "scale"), f"a log axis cannot show {kind}")
