import time

import mpmath
import numpy as np
import pytest

from figgen.data.formulas.derivative import expand
from figgen.data.formulas.evaluate import evaluate
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import ExpressionError

POINTS = np.asarray([-7.3, -2.1, -0.4, 0.3, 1.7, 6.2])


def derivative(text, x=POINTS, formulas=None):
    known = {name: parse(formula) for name, formula in (formulas or {}).items()}
    arrays = {"x": x, "t": np.asarray(0.7), "z": 2 * x, "zero": np.asarray(0.0)}
    return evaluate(expand(parse(text), known.get), lambda name: arrays[name.id])


def oracle(function, order, x=POINTS):
    """Differentiate with 400 digits in mpmath, which shares no code with the rules under test."""
    with mpmath.workdps(400):
        return np.asarray([float(mpmath.diff(function, mpmath.mpf(float(point)), order)) for point in x])


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(
    ("formula", "function"),
    [
        ("sigmoid(x)", sigmoid),
        ("tanh(x)", mpmath.tanh),
        ("sech(x)", mpmath.sech),
        ("exp(-x ** 2 / 2)", lambda x: mpmath.exp(-(x**2) / 2)),
        ("sin(2 * x) * cos(x)", lambda x: mpmath.sin(2 * x) * mpmath.cos(x)),
        ("x * sigmoid(x)", lambda x: x * sigmoid(x)),
        ("1 / (1 + x ** 2)", lambda x: 1 / (1 + x**2)),
        ("0.8 ** x", lambda x: mpmath.mpf(0.8) ** x),
        ("sqrt(1 + x ** 2)", lambda x: mpmath.sqrt(1 + x**2)),
        ("log(2 + tanh(x / 3))", lambda x: mpmath.log(2 + mpmath.tanh(x / 3))),
        ("softplus(x, beta=2) + x", lambda x: mpmath.log1p(mpmath.exp(2 * x)) / 2 + x),
        ("normal_pdf(x, std=1 + x ** 2)", lambda x: mpmath.npdf(x, 0, 1 + x**2)),
        ("arctan2(x, exp(x))", lambda x: mpmath.atan2(x, mpmath.exp(x))),
        ("(x ** 2 + 1) ** x", lambda x: (x**2 + 1) ** x),
    ],
)
def test_derivatives_are_exact(formula, function, order):
    np.testing.assert_allclose(derivative(f"diff({formula}, x, {order})"), oracle(function, order), rtol=1e-12)


def test_the_tails_keep_full_precision():
    x = np.asarray([-700.0, -40.0, 40.0, 700.0])
    np.testing.assert_allclose(derivative("diff(sigmoid(x), x)", x), oracle(sigmoid, 1, x), rtol=1e-13)
    np.testing.assert_allclose(derivative("diff(tanh(x), x)", x), oracle(mpmath.tanh, 1, x), rtol=1e-12)
    far = np.asarray([-1e100, 1e100])
    np.testing.assert_allclose(derivative("diff(1 / x, x, 2)", far), [-2e-300, 2e-300])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("diff(relu(x), x)", [0, 0, 1]),
        ("diff(abs(x), x)", [-1, 0, 1]),
        ("diff(sign(x), x)", [0, 0, 0]),
        ("diff(x * (x > 0), x)", [0, 0, 1]),
        ("diff(where(x > 0, log(x), 0), x)", [0, 0, 1]),
        ("diff(x ** 2, x, 3)", [0, 0, 0]),
        ("diff(x ** 0, x)", [0, 0, 0]),
        ("diff(x ** zero, x)", [0, 0, 0]),
        ("diff(x ** (zero + 1), x, 2)", [0, 0, 0]),
        ("diff(x ** (zero + 3), x, 3)", [6, 6, 6]),
        ("diff(0 ** (x + 2), x)", [0, 0, 0]),
        ("diff(x ** 1.5, x)", [np.nan, 0, 1.5]),
        ("diff(where(1 > 2, sqrt(x), x), x)", [1, 1, 1]),
        ("diff(normal_cdf(x, std=2, mean=zero) * 0, x)", [0, 0, 0]),
        ("diff(3 * x, x)", [3, 3, 3]),
        ("diff(t * x, x)", [0.7, 0.7, 0.7]),
        ("diff(diff(x ** 3, x), x)", [-6, 0, 6]),
        ("diff(x * diff(x ** 2, x), x)", [-4, 0, 4]),
        ("diff(x[0] * t + x, x)", None),
    ],
)
def test_at_kinks_and_constants(formula, expected):
    x = np.asarray([-1.0, 0.0, 1.0])
    if expected is None:
        with pytest.raises(ExpressionError, match="cannot differentiate a subscript"):
            derivative(formula, x)
    else:
        np.testing.assert_array_equal(derivative(formula, x), expected)


def test_a_derivative_goes_through_named_formulas():
    formulas = {"y": "sin(z)", "z": "2 * x"}
    np.testing.assert_allclose(derivative("diff(y, x)", formulas=formulas), 2 * np.cos(2 * POINTS))


@pytest.mark.parametrize(
    ("formula", "offset", "message"),
    [
        ("diff(x, 3)", 0, "the second argument must be a name"),
        ("1 + diff(t, x)", 4, "cannot differentiate: the expression does not depend on 'x'"),
        ("diff(max(x) * x, x)", 5, "cannot differentiate max"),
        ("diff(softmax(x), x)", 5, "cannot differentiate softmax"),
        ("diff(x, x, 1.5)", 0, "invalid order"),
        ("diff(x, x, 9)", 0, "invalid order"),
    ],
)
def test_errors(formula, offset, message):
    with pytest.raises(ExpressionError, match=message) as caught:
        derivative(formula)
    assert caught.value.offset == offset


def test_a_constant_factor_may_be_anything():
    np.testing.assert_array_equal(derivative("diff(max(t) * x, x)"), np.full_like(POINTS, 0.7))


def test_high_orders_stay_exact():
    np.testing.assert_allclose(derivative("diff(sigmoid(x), x, 8)"), oracle(sigmoid, 8), rtol=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["diff(sin(x**x*x), x, 4)"] * 80),
        "diff(" * 60 + "sin(x*x)" + ", x)" * 60,
        "diff(-n*-n*n--+e---+diff(-n*-n*n--+e---+---diff(sin(y[:, None] ** x* x), x, 8)-n*-+---------(x), x)---diff(sin(y[:, None] ** x* x), x, 8)-n*-+---------(x), x)",
    ],
    ids=["many", "nested", "found by fuzzing"],
)
def test_all_derivatives_of_a_formula_share_one_limit(text):
    """Each took seconds, and a formula can contain eighty."""
    started = time.process_time()
    with pytest.raises(ExpressionError, match="derivative too long"):
        expand(parse(text), {}.get)
    assert time.process_time() - started < 5
