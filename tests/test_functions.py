import mpmath
import numpy as np
import pytest

from figgen.expression import evaluate, names, parse
from figgen.functions import FUNCTIONS, OPERATORS

# What each function of one number is, to mpmath's 50 digits.
ORACLES = {
    "abs": abs,
    "sign": mpmath.sign,
    "sqrt": mpmath.sqrt,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "sech": mpmath.sech,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "relu": lambda x: max(x, mpmath.mpf(0)),
}
POSITIVE_ONLY = {"sqrt", "log"}
OF_ARRAYS = {"where", "min", "max"}


@pytest.mark.parametrize("name", ORACLES)
def test_values_against_mpmath(name):
    rng = np.random.default_rng(7)
    x = np.concatenate([rng.uniform(-30, 30, 40), rng.uniform(-1e-3, 1e-3, 10), [0.5, 1, 2]])
    x = np.abs(x) if name in POSITIVE_ONLY else x
    with mpmath.workdps(50):
        expected = [float(ORACLES[name](mpmath.mpf(float(point)))) for point in x]
    np.testing.assert_allclose(evaluate(parse(f"{name}(x)"), lambda _: x), expected, rtol=1e-13)


def test_every_function_is_tested_against_an_oracle():
    assert FUNCTIONS.keys() == ORACLES.keys() | OF_ARRAYS


@pytest.mark.parametrize("name", ["sigmoid", "sech", "tanh"])
def test_nothing_overflows(name):
    with np.errstate(all="raise", under="ignore"):
        assert np.all(np.isfinite(FUNCTIONS[name].call(np.asarray([-1e308, -800.0, 800.0, 1e308]))))


@pytest.mark.parametrize("function", [*FUNCTIONS.values(), *OPERATORS.values()], ids=lambda function: function.usage)
def test_the_table_is_consistent(function):
    """A differential speaks only of the function's own parameters and their differentials."""
    assert function.summary
    if function.differential:
        terms = {*function.signature.parameters, *(f"d{name}" for name in function.signature.parameters)}
        assert {name.id for name in names(parse(function.differential))} <= terms


def test_where_and_extremes():
    x = np.asarray([-1.0, 2.0])
    assert evaluate(parse("max(x) - min(x)"), lambda _: x) == 3
    np.testing.assert_array_equal(evaluate(parse("where(x > 0, x, 0)"), lambda _: x), [0, 2])
