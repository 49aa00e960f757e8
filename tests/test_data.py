import numpy as np
import pytest

from figgen.data import sample
from figgen.errors import SpecError
from figgen.validation import validate


def figure(data, *layers):
    layers = layers or ({"mark": "line", "x": "x", "y": "x"},)
    return validate({"alt": "A line.", "data": data, "layers": list(layers)})


def problems(data, *layers):
    with pytest.raises(SpecError) as caught:
        sample(figure(data, *layers))
    return [(problem.where, problem.offset, problem.message) for problem in caught.value.problems]


X = {"linspace": [-1, 1, 3]}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"linspace": [-1, 1, 3]}, [-1, 0, 1]),
        ({"integers": [1, 4]}, [1, 2, 3, 4]),
        ({"values": [3, 1.5]}, [3, 1.5]),
        ({"expr": "2 ** 0.5"}, 2**0.5),
    ],
)
def test_sources(source, expected):
    array = sample(figure({"x": source})).data["x"]
    np.testing.assert_array_equal(array, expected)
    assert array.dtype == np.float64


def test_formulas_may_stand_in_any_order():
    samples = sample(figure({"c": {"expr": "b + 1"}, "b": {"expr": "2 * x"}, "x": X}))
    np.testing.assert_array_equal(samples.data["c"], [-1, 1, 3])


def test_channels_are_formulas():
    samples = sample(figure({"x": X}, {"mark": "line", "x": "x[1:]", "y": "diff(x ** 2, x)[1:]"}))
    np.testing.assert_array_equal(samples.layers[0]["x"], [0, 1])
    np.testing.assert_array_equal(samples.layers[0]["y"], [0, 2])


def test_a_number_is_repeated_along_the_other_channel():
    assert sample(figure({"x": X}, {"mark": "line", "x": "x", "y": 0.5})).layers[0]["y"].tolist() == [0.5] * 3


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
        ({"x": X, "pi": X}, (), [(("data", "pi"), 0, "'pi' is a constant already")]),
        ({"x": X, "max": X}, (), [(("data", "max"), 0, "'max' is a function already")]),
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
