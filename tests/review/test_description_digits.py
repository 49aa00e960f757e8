"""Each number of a description is rounded by its own size, so that no scale shows a change that it hides."""

import math
from functools import cache

import numpy as np
import pytest

from figgen.review.description.artists import describe_artists
from figgen.review.description.values import DIGITS, describe_array, digits_between, round_number, to_plain
from figgen.review.description_diff import diff_descriptions
from tests import draw_figures
from tests.review.test_description import description_of

MORE_THAN_ROUNDING = 1 + 2 * 10.0 ** (1 - DIGITS)
FEW, MANY = 4, 30  # values of an array that is written out, and of one that has a digest

EXAMPLES = 20


def positive(rng, count):
    return rng.uniform(1, 9.9, count) * 10.0 ** rng.integers(-300, 299, count)


def signed(rng, count):
    return positive(rng, count) * rng.choice([-1, 1], count)


def between_0_and_1(rng, count):
    small = 10.0 ** rng.uniform(-14, -0.31, count)
    return np.where(rng.random(count) < 0.5, small, 1 - small)


SCALES = {"linear": signed, "symlog": signed, "log": positive, "logit": between_0_and_1}

AXES = {"symlog": {"scale": "symlog", "threshold": 1e-9}}
MARKS = {
    "line": {"mark": "line", "x": "p", "y": "q"},
    "scatter": {"mark": "scatter", "x": "p", "y": "q"},
    "bar": {"mark": "bar", "x": "p", "y": "q", "base": 0.25},
    "area": {"mark": "area", "x": "p", "low": "q", "high": "2 * q - 0.25"},
    "text": {"mark": "text", "x": "0.5", "y": "0.5", "text": "a"},
    "rule": {"mark": "rule", "y": "0.5"},
}


@cache
def drawn(scale, mark):
    """Draw a mark once, of which tests change the data."""
    data = {"p": {"values": [0.25, 0.5]}, "q": {"values": [0.3, 0.6]}}
    with draw_figures.context():
        spec = draw_figures.figure(data=data, layers=[MARKS[mark]], axes={"y": AXES.get(scale, {"scale": scale})})
        (axes,) = draw_figures.draw_figure(spec).axes
    (artist,) = [*axes.lines, *axes.collections, *axes.texts, *axes.patches][:1]
    return artist, axes


def move(artist, mark, values):
    """Put an artist at other y values, as its mark does."""
    if mark in {"line", "rule"}:
        artist.set_data(range(len(values)), values)
    elif mark == "scatter":
        artist.set_offsets(np.column_stack([range(len(values)), values]))
    elif mark == "area":
        artist.set_verts([[*enumerate(values), *enumerate([values[0]] * len(values))]])
    elif mark == "text":
        artist.set_position((0, values[0]))
    else:
        artist.set_y(values[0])
        artist.set_height(values[1] - values[0])


def changed(value, scale):
    """Return a value that is more than the rounding away on its scale, and no less than the next float."""
    if scale == "logit" and value > 0.5:
        other = 1 - (1 - value) * MORE_THAN_ROUNDING
        return other if other != value else float(np.nextafter(value, 0))
    return value * MORE_THAN_ROUNDING


@pytest.mark.parametrize("count", [FEW, MANY])
@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("scale", SCALES)
def test_a_change_of_any_drawn_value_changes_the_description(scale, mark, count):
    rng = np.random.default_rng(count)
    artist, axes = drawn(scale, mark)
    places = {"text": 1, "bar": 2}.get(mark, count)
    for at in [*range(places), *rng.integers(0, places, EXAMPLES)]:
        values = SCALES[scale](rng, count)
        if mark == "bar":  # whose edges are its base and its height added: both floats must show the change
            values[1] = values[0] * rng.uniform(1.1, 9) if scale != "logit" else values[0] / 2
        others = values.copy()
        others[at] = changed(values[at], scale)
        axes.set_ylim(min(values), max(values))
        before, after = (description_at(artist, axes, mark, each.tolist()) for each in (values, others))
        assert before != after, (values, at)


def description_at(artist, axes, mark, values):
    move(artist, mark, values)
    return [*describe_artists([artist], axes)]


def test_any_number_is_rounded_by_its_own_size():
    for value in signed(np.random.default_rng(1), 200).tolist():
        assert to_plain(value) != to_plain(value * MORE_THAN_ROUNDING)
        assert round_number(value) == pytest.approx(value, rel=10.0 ** (1 - DIGITS), abs=0)
        assert describe_array([1e300, value]) != describe_array([1e300, value * MORE_THAN_ROUNDING])


def test_limits_that_are_close_need_more_digits():
    """A step of a millionth of the axis is told, also where the axis shows dates or large numbers."""
    rng = np.random.default_rng(2)
    for middle, share, at in zip(signed(rng, 200), 10.0 ** rng.uniform(-12, 0, 200), rng.random(200), strict=True):
        low, high = sorted([middle, middle * (1 + share)])
        digits = digits_between(low, high)
        inside, step = low + (high - low) * at, (high - low) / 1e6
        assert DIGITS <= digits <= 17
        assert round_number(inside, digits) != round_number(inside + step, digits) or inside == inside + step


@pytest.mark.parametrize(
    ("low", "high", "logit", "digits"),
    [
        (0, 1, False, 9),
        (-5, 5, False, 9),
        (1, 1, False, 9),
        (-1.7e308, 1.7e308, False, 9),
        (math.nan, 1, False, 9),
        (100, 101, False, 11),
        (20_000, 20_001, False, 13),
        (1e9, 1e9 + 1e-6, False, 17),
        (1e-6, 0.5, True, 9),
        (1e-6, 1 - 9e-7, True, 15),
    ],
)
def test_the_digits_between_two_limits(low, high, logit, digits):
    assert digits_between(low, high, logit=logit) == pytest.approx(digits, abs=0)


SPEC = {"canvas": {"size": [3, 2], "dpi": 50}}
N = {"values": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("layer", "axes", "values", "line"),
    [
        ({"mark": "line", "x": "n", "y": "v"}, {"y": {"scale": "log"}}, [1e-14, 5e-13, 1e-7, 1], "line y: [1e-14, 2e-14, "),
        ({"mark": "line", "x": "n", "y": "v"}, {}, [1e-14, 5e-13, 1e-7, 1], "line y: [1e-14, 2e-14, "),
        ({"mark": "scatter", "x": "n", "y": "1", "size": "v * 100"}, {}, [1e-14, 5e-13, 1e-7, 1], "points sizes: [1e-12, 2e-12, "),
        ({"mark": "heatmap", "z": "reshape(v, 2, 2)", "color_scale": "log"}, {}, [1e-14, 5e-13, 1e-7, 1], "image values: [[1e-14, 2e-14], "),
        ({"mark": "heatmap", "z": "reshape(v + 1e9, 2, 2)"}, {}, [1e-14, 0.25, 1e-7, 1], "image values: "),
        ({"mark": "line", "x": "v + 20000", "y": "n"}, {}, [1e-14, 1e-6, 1e-7, 1], "line x: "),
        ({"mark": "text", "x": "20000.5 + v[1] * 1e9", "y": "0.5", "text": "a"}, {"x": {"limits": [20000, 20001]}}, [1e-14, 3e-14, 1e-7, 1], "text 'a' at: "),
        ({"mark": "rule", "y": "1e9 + v[1] * 1e13"}, {"y": {"limits": [1e9, 1000000001]}}, [1e-14, 5e-14, 1e-7, 1], "line y: "),
        ({"mark": "line", "x": "n", "y": "1 - v / 2"}, {"y": {"scale": "logit", "limits": [0.4, 0.9999999999999]}}, [1e-14, 5e-13, 1e-7, 1], "line y: "),
    ],
)  # fmt: skip
def test_a_visible_change_is_described(layer, axes, values, line):
    before = description_of(
        {**SPEC, "data": {"n": N, "v": {"values": [1e-14, 2e-14, 1e-7, 1]}}, "layers": [layer], "axes": axes}
    )
    after = description_of({**SPEC, "data": {"n": N, "v": {"values": values}}, "layers": [layer], "axes": axes})
    assert any(found.startswith(line) for found in diff_descriptions(before, after))


@pytest.mark.parametrize(("scale", "edge"), [("linear", 0), ("symlog", 1e-17)])
def test_what_a_subtraction_leaves_of_an_edge_is_zero_unless_the_scale_shows_it(scale, edge):
    artist, axes = drawn(scale, "bar")
    axes.set_ylim(-1, 1)
    move(artist, "bar", [1e-17, 0.4])
    (description,) = describe_artists([artist], axes)
    assert description["box"][1] == edge


def test_calculated_points_that_processors_differ_in_have_no_noise():
    """A star's sine of pi, and the contour of 0 around a minimum whose place is rounded."""
    data = {"u": {"linspace": [-1.4, 1.4, 29]}, "v": {"expr": "reshape(u, 29, 1)"}}
    layers = [
        {"mark": "contour", "x": "u", "y": "u", "z": "u ** 2 + v ** 2", "levels": [0, 1, 2], "form": "lines"},
        {"mark": "scatter", "x": "0", "y": "0", "marker": "*"},
    ]
    (panel,) = description_of({"data": data, "layers": layers})["panels"]
    paths = [path for artist in panel["artists"] for path in artist.get("paths", ())]
    assert len(paths) == 4
    for points in (path["points"] for path in paths if "points" in path):
        for number in np.ravel(
            [points[end] for end in ("first", "last", "least", "greatest")] if "first" in points else points
        ):
            assert number == 0 or abs(number) > 1e-12
