import numpy as np
import pytest

from figgen.config.spec.number_format import format_number
from figgen.data.sample import sample
from figgen.errors import SpecError
from tests.draw_figures import figure, no_files

LAYER = {"mark": "line", "x": "x", "y": "x"}


def sampled(data, *layers, **fields):
    return sample(figure(data=data, layers=list(layers or (LAYER,)), **fields), no_files)


def problems(data, *layers, **fields):
    with pytest.raises(SpecError) as caught:
        sampled(data, *layers, **fields)
    return [(problem.where, problem.offset, problem.message) for problem in caught.value.problems]


X = {"linspace": [-1, 1, 3]}


def test_formulas_may_stand_in_any_order():
    layer = sampled({"c": {"expr": "b + 1"}, "b": {"expr": "2 * x"}, "x": X}, {**LAYER, "y": "c"}).panels[0].layers[0]
    np.testing.assert_array_equal(layer["y"], [-1, 1, 3])


def test_channels_are_formulas():
    layer = sampled({"x": X}, {"mark": "line", "x": "x[1:]", "y": "diff(x ** 2, x)[1:]"}).panels[0].layers[0]
    np.testing.assert_array_equal(layer["x"], [0, 1])
    np.testing.assert_array_equal(layer["y"], [0, 2])


def test_a_number_is_repeated_along_the_other_channel():
    assert sampled({"x": X}, {"mark": "line", "x": "x", "y": 0.5}).panels[0].layers[0]["y"].tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("data", "layers", "expected"),
    [
        ({"x": {"expr": "2 * q"}}, (), [(("data", "x", "expr"), 4, "unknown name 'q'")]),
        ({"x": {"expr": "2 * ("}}, (), [(("data", "x", "expr"), 4, "not a formula: '(' was never closed")]),
        (
            {"x": {"expr": "y"}, "y": {"expr": "z"}, "z": {"expr": "x"}},
            (),
            [(("data", "x", "expr"), 0, "defined by way of itself: x -> y -> z -> x")],
        ),
        ({"x": {"expr": "x + 1"}}, (), [(("data", "x", "expr"), 0, "defined by way of itself: x -> x")]),
        ({"x": X, "pi": X}, (), [(("data", "pi"), 0, "'pi' is the name of a constant")]),
        (
            {"x": X},
            ({"mark": "line", "x": "x", "y": "1 / x"},),
            [(("layers", 0, "y"), 0, "1 of 3 values are not finite, the first (inf) at index [1]")],
        ),
        (
            {"x": X, "y": {"values": [1, 2]}},
            ({"mark": "line", "x": "x", "y": "y"},),
            [(("layers", 0), 0, "shapes that do not match: x of shape (3,) and y of shape (2,)")],
        ),
        (
            {"x": X},
            ({"mark": "line", "x": "a", "y": "sin"}, {"mark": "line", "x": "x", "y": "b"}),
            [
                (("layers", 0, "x"), 0, "unknown name 'a'"),
                (("layers", 0, "y"), 0, "'sin' is a function"),
                (("layers", 1, "y"), 0, "unknown name 'b'"),
            ],
        ),
    ],
)
def test_problems(data, layers, expected):
    assert problems(data, *layers) == expected


def test_a_failed_name_is_reported_once_and_not_by_its_users():
    found = problems({"x": {"expr": "q"}, "y": {"expr": "x + 1"}}, {"mark": "line", "x": "x", "y": "y"})
    assert [where for where, _, _ in found] == [("data", "x", "expr")]


def test_two_cycles_are_both_named():
    data = {"a": {"expr": "b"}, "b": {"expr": "a"}, "c": {"expr": "c"}, "x": X}
    assert len(problems(data)) == 2


def test_a_deep_derivative_ends_with_an_error():
    formula = "x" + "".join(f" * sin(x + {n})" for n in range(90))
    found = problems({"x": X, "y": {"expr": f"diff({formula}, x, 8)"}})
    assert found[0][0] == ("data", "y", "expr")


@pytest.mark.parametrize(
    "claim", ["max(x) == 1", "x ** 2 <= 1", {"claim": "max(x) == 1.05", "tolerance": 0.1}, "max(x) != 2"]
)
def test_claims_that_hold(claim):
    sampled({"x": X}, claims=[claim])


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("max(x) == 2", "the claim does not hold: the left side is 1, the right side 2"),
        ("x >= 0", "the claim does not hold for 1 of 3 values: at [0] the left side is -1, the right side 0"),
        ("all(x >= 0)", "the claim does not hold for 1 of 3 values: at [0] the left side is -1, the right side 0"),
        ("not max(x) > 0", "the claim does not hold"),
        ("-1 <= max(x) < 1", "the claim does not hold: the left side is 1, the right side 1"),
        (
            "max(x) > 0 and x <= 0",
            "the claim does not hold for 1 of 3 values: at [2] the left side is 1, the right side 0",
        ),
        (
            {"claim": "x == x + 0.1 * (x > 0)", "tolerance": 1e-3},
            "the claim does not hold for 1 of 3 values: at [2] the left side is 1, the right side 1.1",
        ),
        (
            {"claim": "x * (1 + 1e-4) == x + 0.1 * (x > 0)", "tolerance": 1e-3},
            "the claim does not hold for 1 of 3 values: at [2] the left side is 1.0001, the right side 1.1",
        ),
        ("max(x) == 1 + 1e-8", "the claim does not hold: the left side is 1, the right side 1.00000001"),
        ("max(x)", "a claim that is neither true nor false"),
        ("max(q) > 0", "unknown name 'q'"),
    ],
)
def test_claims_that_do_not(claim, message):
    ((where, _, found),) = problems({"x": X}, claims=["max(x) > 0", claim])
    assert (where, found) == (("claims", 1, "claim"), message)


@pytest.mark.parametrize(
    ("alt", "expected"),
    [
        ("peak {max(x):.2f}", "peak 1.00"),
        ("{x[0]:.0%} {{braces}} {max(x)}", "-100% {braces} 1"),
        ("{1234567.8:,d}", "1,234,568"),
        ("none", "none"),
    ],
)
def test_alt_text_holds_values(alt, expected):
    assert sampled({"x": X}, alt=alt).alt == expected


@pytest.mark.parametrize(
    ("alt", "offset", "message"),
    [
        ("up to {max(q)}", 11, "unknown name 'q'"),
        ("{x}", 1, "'x' is not one number"),
        ("{max(x):>30}", 1, "'>30' is no number format"),
        ("{max(x)", 0, "a '{' that is never closed"),
        ("{{ {max(x)} up to {max(x)", 18, "a '{' that is never closed"),
        ("{max(x)} up to max(x)}", 21, "a '}' without a '{' before it"),
        ("{max(x)!r}", 7, "'!r' after a formula"),
    ],
)
def test_alt_text_that_cannot_be_filled_in(alt, offset, message):
    assert problems({"x": X}, alt=alt) == [(("alt",), offset, message)]


def test_format_number():
    assert format_number(2.6, "d") == "3"
    assert format_number(0.25, ".0%") == "25%"


def test_texts_where_numbers_are_needed():
    layer = {"mark": "scatter", "x": "x", "y": "x", "size": "names"}
    assert problems({"x": X, "names": {"values": ["a", "b", "c"]}}, layer) == [
        (("layers", 0, "size"), 0, "texts where numbers are needed")
    ]


def test_data_may_be_called_like_a_function():
    layer = sampled({"x": X, "max": {"expr": "2 * max(x)"}}, {**LAYER, "y": "max + 0 * x"}).panels[0].layers[0]
    assert layer["y"].tolist() == [2, 2, 2]
