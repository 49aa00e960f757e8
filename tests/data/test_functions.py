import itertools
import math
import re
import statistics
from fractions import Fraction
from itertools import accumulate, pairwise

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from figgen.data.formulas.derivative import expand
from figgen.data.formulas.evaluate import evaluate
from figgen.data.formulas.functions import FUNCTIONS, OPERATORS
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import CONSTANTS, Call, ExpressionError, Name, names

RNG = np.random.default_rng(7)


def between(low, high, *extremes):
    return np.asarray([*RNG.uniform(low, high, 12 - len(extremes)), *extremes])


REAL = (-30, 30, -300, -1e-6, 1e-6, 300)
OTHER = (-30, 30)
NEAR = (-6, 6, -1e-6, 1e-6)
POSITIVE = (0, 30, 1e-60, 1e-6, 1e60)
UNIT = (0, 1, 1e-200, 1e-9, 0.5 + 1e-6, 1 - 1e-9)
SIGNED = (-1, 1, 1e-9 - 1, -1e-6, 1e-6, 1 - 1e-9)
SHAPE = (0.5, 3)


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def softplus(x):
    return mpmath.log1p(mpmath.exp(x))


def clip(x, low, high):
    return min(max(x, low), high)


def elu(x, alpha):
    return x if x > 0 else alpha * mpmath.expm1(x)


def gelu_tanh(x):
    return x / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3)))


def normal_cdf(x, mean=0, std=1):
    return mpmath.erfc((mean - x) / std / mpmath.sqrt(2)) / 2


def huber(p, y, delta):
    return (p - y) ** 2 / 2 if abs(p - y) <= delta else delta * (abs(p - y) - delta / 2)


# Each elementwise function in mpmath, and where each of its parameters is sampled: an interval, then single points.
ELEMENTWISE = {
    "abs": (abs, REAL),
    "sign": (mpmath.sign, REAL),
    "sqrt": (mpmath.sqrt, POSITIVE),
    "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), REAL),
    "exp": (mpmath.exp, REAL),
    "expm1": (mpmath.expm1, REAL),
    "log": (mpmath.log, POSITIVE),
    "log1p": (mpmath.log1p, (-1, 30, 1e-9 - 1, -1e-6, 1e-6, 1e200)),
    "log2": (lambda x: mpmath.log(x, 2), POSITIVE),
    "log10": (mpmath.log10, POSITIVE),
    "sin": (mpmath.sin, REAL),
    "cos": (mpmath.cos, REAL),
    "tan": (mpmath.tan, REAL),
    "arcsin": (mpmath.asin, SIGNED),
    "arccos": (mpmath.acos, SIGNED),
    "arctan": (mpmath.atan, (*REAL, 1e60)),
    "arctan2": (mpmath.atan2, REAL, REAL),
    "sinh": (mpmath.sinh, REAL),
    "cosh": (mpmath.cosh, REAL),
    "tanh": (mpmath.tanh, REAL),
    "sech": (mpmath.sech, REAL),
    "arcsinh": (mpmath.asinh, (*REAL, 1e60)),
    "arccosh": (mpmath.acosh, (1, 30, 1 + 1e-9, 1e60)),
    "arctanh": (mpmath.atanh, SIGNED),
    "floor": (mpmath.floor, NEAR),
    "ceil": (mpmath.ceil, NEAR),
    "round": (mpmath.nint, NEAR),
    "degrees": (lambda x: x * 180 / mp.pi, REAL),
    "radians": (lambda x: x * mp.pi / 180, REAL),
    "hypot": (mpmath.hypot, (*REAL, 1e5), (*REAL, 1e5)),
    "erf": (mpmath.erf, (-27, 27, -1e-6, 1e-6)),
    "erfc": (mpmath.erfc, (-27, 26, -1e-6, 1e-6)),
    "logit": (lambda x: mpmath.log(x / (1 - x)), UNIT),
    "normal_pdf": (mpmath.npdf, NEAR, NEAR, SHAPE),
    "normal_cdf": (normal_cdf, NEAR, NEAR, SHAPE),
    "minimum": (min, REAL, OTHER),
    "maximum": (max, REAL, OTHER),
    "clip": (clip, (-3, 3), (-3, 0), (0, 3)),
    "where": (lambda c, a, b: a if c else b, (0, 0, 1, 1, 1), REAL, REAL),
    "sigmoid": (sigmoid, REAL),
    "log_sigmoid": (lambda x: -softplus(-x), REAL),
    "hard_sigmoid": (lambda x: clip(x + 3, 0, 6) / 6, NEAR),
    "hard_tanh": (clip, NEAR, (-2, 0), (0, 2)),
    "softsign": (lambda x: x / (1 + abs(x)), (*REAL, 1e60)),
    "relu": (lambda x: max(x, mpf(0)), REAL),
    "relu6": (lambda x: clip(x, 0, 6), NEAR),
    "leaky_relu": (lambda x, slope: x if x > 0 else slope * x, REAL, SHAPE),
    "elu": (elu, REAL, SHAPE),
    "selu": (lambda x: mpf(1.0507009873554805) * elu(x, mpf(1.6732632423543772)), REAL),
    "celu": (lambda x, alpha: alpha * elu(x / alpha, 1), (-30, 30), SHAPE),
    "gelu": (lambda x: x * normal_cdf(x), (-27, 27, -1e-6, 1e-6)),
    "gelu_tanh": (gelu_tanh, (-18, 18, -1e-6, 1e-6)),
    "silu": (lambda x: x * sigmoid(x), REAL),
    "hard_swish": (lambda x: x * clip(x + 3, 0, 6) / 6, NEAR),
    "mish": (lambda x: x * mpmath.tanh(softplus(x)), REAL),
    "softplus": (lambda x, beta: softplus(beta * x) / beta, REAL, SHAPE),
    "squared_error": (lambda p, y: (p - y) ** 2, REAL, REAL),
    "absolute_error": (lambda p, y: abs(p - y), REAL, OTHER),
    "huber": (huber, (-3, 3), (-3, 3), SHAPE),
    "hinge": (lambda score, y: max(1 - score * y, mpf(0)), (-3, 3), (-3, 3)),
    "binary_cross_entropy": (lambda p, y: -y * mpmath.log(p) - (1 - y) * mpmath.log1p(-p), UNIT, (0, 1)),
}
SAMPLES = {
    name: dict(zip(FUNCTIONS[name].signature.parameters, (between(*domain) for domain in domains), strict=False))
    for name, (_, *domains) in ELEMENTWISE.items()
}


def value(text, **arrays):
    tree = expand(parse(text), lambda _: None)
    return evaluate(tree, lambda name: np.asarray(arrays[name.id]))


def oracle(name, order=0, parameter=None):
    function, samples = ELEMENTWISE[name][0], SAMPLES[name]
    orders = tuple(order * (name == parameter) for name in samples)
    with mpmath.workdps(300):
        points = [tuple(mpf(float(part)) for part in point) for point in zip(*samples.values(), strict=True)]
        return [float(mpmath.diff(function, point, orders) if order else function(*point)) for point in points]


def test_every_elementwise_function_has_an_oracle():
    assert ELEMENTWISE.keys() == {name for name, function in FUNCTIONS.items() if function.differential}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_values_against_mpmath(name):
    found = value(f"{name}({', '.join(SAMPLES[name])})", **SAMPLES[name])
    np.testing.assert_allclose(found, oracle(name), rtol=1e-15)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    ("name", "parameter"),
    [(name, parameter) for name in ELEMENTWISE for parameter in SAMPLES[name] if parameter != "c"],
)
def test_derivatives_against_mpmath(name, parameter, order):
    found = value(f"diff({name}({', '.join(SAMPLES[name])}), {parameter}, {order})", **SAMPLES[name])
    np.testing.assert_allclose(found, oracle(name, order, parameter), rtol=1e-12, atol=1e-290)


HUGE = np.asarray([-1e308, -1e200, -1e155, -1e100, -800, 800, 1e100, 1e155, 1e200, 1e308])
UNBOUNDED = {"exp", "expm1", "sinh", "cosh", "degrees", "squared_error", "huber"}
PARTLY_DEFINED = {"sqrt", "log", "log1p", "log2", "log10", "arcsin", "arccos", "arccosh", "arctanh", "logit"}


@pytest.mark.parametrize("name", ELEMENTWISE.keys() - UNBOUNDED - PARTLY_DEFINED - {"binary_cross_entropy"})
def test_no_overflow_for_huge_arguments(name):
    parameters = list(FUNCTIONS[name].signature.parameters)
    required = sum(default.default is default.empty for default in FUNCTIONS[name].signature.parameters.values())
    call = f"{name}({', '.join((['x', '0.5', '0.75'] if parameters[0] != 'c' else ['0', 'x', '1'])[:required])})"
    for formula in (call, f"diff({call}, x)", f"diff({call}, x, 2)", f"diff({call}, x, 3)"):
        assert np.all(np.isfinite(value(formula, x=HUGE))), formula


@pytest.mark.parametrize("function", [*FUNCTIONS.values(), *OPERATORS.values()], ids=lambda function: function.usage)
def test_the_table_is_consistent(function):
    """A differential uses only the function's own parameters and their differentials."""
    assert function.summary.endswith(".") or function in OPERATORS.values()
    if function.differential:
        terms = {*function.signature.parameters, *(f"d{name}" for name in function.signature.parameters)}
        assert {name.id for name in names(parse(function.differential))} <= terms | CONSTANTS.keys()


@pytest.mark.parametrize(
    ("formula", "points", "expected"),
    [
        ("diff(abs(x), x)", [-1, 0, 1], [-1, 0, 1]),
        ("diff(sign(x), x)", [-1, 0, 1], [0, 0, 0]),
        ("diff(relu(x), x)", [-1, 0, 1], [0, 0, 1]),
        ("diff(relu6(x), x)", [-1, 0, 3, 6, 7], [0, 0, 1, 0, 0]),
        ("diff(leaky_relu(x), x)", [-1, 0, 1], [0.01, 0.01, 1]),
        ("diff(leaky_relu(x, slope=0.2), x)", [-1, 0, 1], [0.2, 0.2, 1]),
        ("diff(elu(x, 2), x)", [0, 1], [2, 1]),
        ("diff(celu(x, 2), x)", [0, 1], [1, 1]),
        ("diff(selu(x), x)", [0, 1], [1.0507009873554805 * 1.6732632423543772, 1.0507009873554805]),
        ("diff(hard_tanh(x), x)", [-2, -1, 0, 1, 2], [0, 0, 1, 0, 0]),
        ("diff(hard_sigmoid(x) * 6, x)", [-4, -3, 0, 3, 4], [0, 0, 1, 0, 0]),
        ("diff(hard_swish(x), x)", [-4, -3, 0, 3, 4], [0, 0, 0.5, 1, 1]),
        ("diff(clip(x, -1, 1), x)", [-2, -1, 0, 1, 2], [0, 1, 1, 1, 0]),
        ("clip(x, 1, -1)", [-2, 0, 2], [-1, -1, -1]),
        ("diff(maximum(x, 0), x)", [-1, 0, 1], [0, 0.5, 1]),
        ("diff(minimum(x, 0), x)", [-1, 0, 1], [1, 0.5, 0]),
        ("diff(maximum(x, x), x)", [-1, 0, 1], [1, 1, 1]),
        ("diff(hinge(x, 1), x)", [0, 1, 2], [-1, 0, 0]),
        ("diff(huber(x, 0), x)", [-2, -1, 0, 1, 2], [-1, -1, 0, 1, 1]),
        ("diff(huber(x, 0), x, 2)", [-2, -1, 0, 1, 2], [0, 1, 1, 1, 0]),
        ("diff(absolute_error(x, 1), x)", [0, 1, 2], [-1, 0, 1]),
        ("diff(hypot(x, 0), x)", [-2, 0, 2], [-1, 0, 1]),
        ("diff(hypot(x, 0), x, 2)", [-2, 2], [0, 0]),
        ("diff(softsign(x), x)", [0], [1]),
        ("diff(softsign(x), x, 2)", [0], [0]),
        ("diff(round(x) + floor(x) + ceil(x), x)", [0.5, 1], [0, 0]),
        ("binary_cross_entropy(x, 0)", [0, 1], [0, np.inf]),
        ("binary_cross_entropy(x, 1)", [0, 1], [np.inf, 0]),
        ("diff(binary_cross_entropy(x, 0), x)", [0, 0.5], [1, 2]),
        ("diff(binary_cross_entropy(x, 1), x)", [0.5, 1], [-2, -1]),
        ("diff(sqrt(x), x)", [0], [np.inf]),
        ("diff(arcsin(x), x)", [-1, 0, 1], [np.inf, 1, np.inf]),
        ("diff(logit(x), x)", [0, 0.5, 1], [np.inf, 4, np.inf]),
        ("round(x)", [0.5, 1.5, -0.5], [0, 2, 0]),
        ("round(x, 2)", [0.125, 1.376], [0.12, 1.38]),
        ("round(x, 400)", [1e300, 0.1], [1e300, 0.1]),
        ("round(x, -1)", [14, 16], [10, 20]),
    ],
)
def test_at_kinks_and_edges(formula, points, expected):
    np.testing.assert_array_equal(value(formula, x=np.asarray(points, float)), expected)


V = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0]
T = [float(index) for index in range(6)]
M = [[3.0, 1.0, 4.0], [1.0, 5.0, 9.0]]
E = [[1.0, 0.0], [0.0, 1.0]]
EXP = [math.exp(v) for v in V]

# Formulas over v, t, m, c = v > 2, and their values in plain Python.
ARRAY_CASES = [
    ("sum(v)", sum(V)),
    ("sum(c)", 4),
    ("sum(m, axis=0)", [4, 6, 13]),
    ("sum(m, 1, True)", [[8], [15]]),
    ("sum(v[v > 9])", 0),
    ("prod(v)", math.prod(V)),
    ("mean(v)", statistics.mean(V)),
    ("mean(c)", 4 / 6),
    ("m - mean(m, axis=1, keepdims=True)", [[a - sum(row) / 3 for a in row] for row in M]),
    ("median(v)", statistics.median(V)),
    ("std(v)", statistics.pstdev(V)),
    ("std(v, ddof=1)", statistics.stdev(V)),
    ("std(m, axis=1)", [statistics.pstdev(row) for row in M]),
    ("var(v)", statistics.pvariance(V)),
    ("var(c, ddof=1)", statistics.variance([1, 0, 1, 0, 1, 1])),
    ("min(v)", 1),
    ("max(m, axis=-1)", [4, 9]),
    ("max(c)", 1),
    ("argmin(v)", 1),
    ("argmax(m, axis=1)", [2, 2]),
    ("quantile(v, 0.5)", 3.5),
    ("quantile(v, 0.25)", 1.5),
    ("percentile(m, 50, axis=1)", [3, 5]),
    ("norm(v)", math.hypot(*V)),
    ("norm(m, axis=0)", [math.hypot(a, b) for a, b in zip(*M, strict=True)]),
    ("logsumexp(v)", math.log(math.fsum(EXP))),
    ("logsumexp(1000 * m, axis=1)", [4000, 9000]),
    ("logsumexp(-inf * (v + 0))", -math.inf),
    ("size(m)", 6),
    ("size(m, axis=1)", 3),
    ("any(v > 8)", True),
    ("all(m > 1, axis=0)", [False, False, True]),
    ("diff(v ** 2, v)", [2 * v for v in V]),
    ("diff(v ** 3, v, n=2)", [6 * v for v in V]),
    ("softmax(7)", 1),
    ("softmax(v)", [e / math.fsum(EXP) for e in EXP]),
    ("softmax(1000 * m, axis=0)", [[1, 0, 0], [0, 1, 1]]),
    ("log_softmax(v)", [float(mpmath.log(mpmath.exp(v) / mpmath.fsum(map(mpmath.exp, V)))) for v in V]),
    ("gamma(v)", [math.factorial(int(v) - 1) for v in V]),
    ("gamma(v - 0.5)", [math.gamma(v - 0.5) for v in V]),
    ("gamma(-v / 8)", [math.gamma(-v / 8) for v in V]),
    ("lgamma(10 * v)", [math.lgamma(10 * v) for v in V]),
    ("mse(v, t)", statistics.mean((v - t) ** 2 for v, t in zip(V, T, strict=True))),
    ("mae(v, t)", statistics.mean(abs(v - t) for v, t in zip(V, T, strict=True))),
    ("mse(outer(t, v), v, axis=1)", [(t - 1) ** 2 * statistics.mean(v * v for v in V) for t in T]),
    ("cumsum(v)", list(accumulate(V))),
    ("cumsum(m, axis=0)", [M[0], [4, 6, 13]]),
    ("cumprod(v)", list(accumulate(V, lambda a, b: a * b))),
    ("cummin(v)", list(accumulate(V, min))),
    ("cummax(v)", list(accumulate(V, max))),
    ("difference(v)", [b - a for a, b in pairwise(V)]),
    ("gradient(v, t)", [-2, 0.5, 0, 0.5, 4, 4]),
    ("gradient(t ** 2, -t)", [-1, -2, -4, -6, -8, -9]),
    ("rolling_sum(v, 3)", [3, 4, 8, 6, 10, 15]),
    ("rolling_mean(v, 3)", [3, 2, 8 / 3, 2, 10 / 3, 5]),
    ("rolling_std(v, 3)", [statistics.pstdev(V[max(0, i - 2) : i + 1]) for i in range(6)]),
    ("rolling_min(v, 2)", [3, 1, 1, 1, 1, 5]),
    ("rolling_max(v, window=6)", list(accumulate(V, max))),
    ("ema(v, 0.5)", list(accumulate(V, lambda a, b: a / 2 + b / 2))),
    ("ema(v, 1)", V),
    ("interp(t / 2, t, v)", [3, 2, 1, 2.5, 4, 2.5]),
    ("interp(7, t, v)", 9),
    ("interp(t, t[:1], v[:1])", [3] * 6),
    ("trend(t, 3 * t - 1)", [3 * t - 1 for t in T]),
    ("trend(t, v, degree=0)", [statistics.mean(V)] * 6),
    ("trend(t, v)", [statistics.linear_regression(T, V).slope * t + statistics.linear_regression(T, V).intercept for t in T]),
    ("trend(t, v, degree=5)", V),
    ("histogram(v, bins=4)", [2, 2, 1, 1]),
    ("histogram_edges(v, bins=4)", [1, 3, 5, 7, 9]),
    ("histogram(v[:1], 1)", [1]),
    ("convolve(v, t[:3])", [3, 6 + 1, 2 + 4, 8 + 1, 2 + 5, 10 + 9]),
    ("correlate(v, t[1:3])", [6, 3 + 2, 1 + 8, 4 + 2, 1 + 10, 5 + 18]),
    ("indices(3)", [0, 1, 2]),
    ("eye(2)", E),
    ("diag(t[:2] * 0 + 1)", E),
    ("diag(m)", [3, 5]),
    ("outer(t[1:3], v)", [V, [2 * v for v in V]]),
    ("reshape(v, 2, columns=3)", M),
    ("transpose(m)", [list(column) for column in zip(*M, strict=True)]),
    ("concat(v, 7)", [*V, 7]),
    ("concat(6, 7)", [6, 7]),
    ("concat(m, m, axis=1)", [row + row for row in M]),
    ("repeat(v[:2], 2)", [3, 3, 1, 1]),
    ("repeat(7, 2)", [7, 7]),
    ("tile(v[:2], 2)", [3, 1, 3, 1]),
    ("flip(v)", V[::-1]),
    ("flip(m, axis=1)", [row[::-1] for row in M]),
    ("sort(v)", sorted(V)),
    ("argsort(v)", [1, 3, 0, 2, 4, 5]),
    ("unique(v)", sorted(set(V))),
    ("v[argsort(v)]", sorted(V)),
    ("relu(c) + abs(c) + sign(c) + maximum(c, 0)", [4, 0, 4, 0, 4, 4]),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "expected"), ARRAY_CASES)
def test_functions_of_arrays(formula, expected):
    found = value(formula, v=V, t=T, m=M, c=np.asarray(V) > 2)
    assert found.shape == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=4e-15, atol=1e-14 if "trend" in formula else 0)


def test_every_function_has_a_case():
    tested = {formula.partition("(")[0] for formula, _ in ARRAY_CASES}
    assert FUNCTIONS.keys() <= tested | ELEMENTWISE.keys()


def test_sums_are_rounded_once():
    x = RNG.uniform(-1, 1, 1000)
    assert value("sum(x)", x=x) == math.fsum(x)
    assert value("mean(x)", x=x) == float(sum(map(Fraction, x)) / 1000)
    np.testing.assert_array_equal(value("cumsum(x)", x=x)[::100], [math.fsum(x[: n + 1]) for n in range(0, 1000, 100)])


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("mean(v, axis=1)", "mean(): axis 1 is out of bounds for array of dimension 1"),
        ("sum(m, axis=-3)", "sum(): axis -3 is out of bounds for array of dimension 2"),
        ("std(m, axis=2)", "std(): axis 2 is out of bounds for array of dimension 2"),
        ("size(v, axis=1)", "size(): axis 1 is out of bounds for array of dimension 1"),
        ("sort(1)", "sort(): axis -1 is out of bounds for array of dimension 0"),
        ("mean(m, axis=0.5)", "mean(): axis must be an integer, not 0.5"),
        ("mean(m, axis=v)", "mean(): axis must be an integer"),
        ("indices(inf)", "indices(): n must be an integer, not inf"),
        ("round(v, 0.5)", "round(): digits must be an integer, not 0.5"),
        ("indices(1e300)", "indices(): n must be within ±1,000,000,000, not 1e+300"),
        ("sum(v, axis=-1e10)", "sum(): axis must be within ±1,000,000,000, not -1e+10"),
        ("indices(0)", "indices(): n must be at least 1, not 0"),
        ("histogram(v, 0)", "histogram(): bins must be at least 1, not 0"),
        ("rolling_mean(v, 7)", "rolling_mean(): window must be at most the number of values, 6, not 7"),
        (
            "rolling_mean(m, 2)",
            "rolling_mean(): expected a non-empty 1-d array, found shape (2, 3)",
        ),
        ("mean(m, keepdims=2)", "mean(): keepdims must be True or False"),
        ("mean(v[v > 9])", "mean(): the array is empty"),
        ("max(v[v > 9])", "max(): the array is empty"),
        ("argmax(log(v - 3))", "argmax(): values are missing, of which NumPy would return the index"),
        ("std(v, ddof=6)", "std(): ddof=6 requires more than 6 values, found 6"),
        ("quantile(v, 50)", "quantile(): q must be between 0 and 1"),
        ("percentile(v, 101)", "percentile(): q must be between 0 and 100"),
        ("ema(v, 0)", "ema(): alpha must be greater than 0 and at most 1"),
        ("gradient(v, t[1:])", "gradient(): shapes (6,) and (5,) do not match"),
        ("gradient(v, v)", "gradient(): x must be strictly increasing or decreasing"),
        ("interp(t, v, t)", "interp(): xp must be strictly increasing"),
        ("interp(t[:4], t, v[1:])", "interp(): shapes (6,) and (5,) do not match"),
        ("trend(v, t, degree=5)", "trend(): degree=5 requires more than 5 different values of x"),
        ("histogram(1 / t)", "histogram(): expected at least one number, all finite"),
        ("histogram(concat(1, 1 + 1e-15))", "histogram(): the values are too close to each other for 10 bins"),
        ("reshape(v, 4, 2)", "reshape(): cannot reshape array of size 6 into shape (4, 2)"),
        ("concat(m, v)", "concat(): shapes (2, 3) and (6,) do not match outside axis 0"),
        ("concat(v, days)", "concat(): cannot combine dates and numbers"),
        ("diag(7)", "diag(): expected a 1-d or 2-d array, found shape ()"),
        ("hypot(v, m)", "hypot(): shapes (6,) and (2, 3) do not match"),
        ("exp(names)", "exp(): expected numbers, found strings"),
        ("abs(names)", "abs(): expected numbers, found strings"),
        ("max(names)", "max(): expected numbers or dates, found strings"),
        ("days > v[:2]", "'>': cannot combine dates and numbers"),
        ("names == t[:2]", "'==': cannot combine numbers and strings"),
        ("where(days == days, days, 1)", "where(): cannot combine dates and numbers"),
        ("mse(m, v)", "mse(): shapes (2, 3) and (6,) do not match"),
        ("mae(v[v > 9], 1)", "mae(): the array is empty"),
        ("quantile(v, m / 9)", "quantile(): q must be a number or a non-empty 1-d array"),
        ("sqrt(days)", "sqrt(): expected numbers, found dates"),
    ],
)
def test_errors_of_functions(formula, message):
    days = np.asarray(["2024-01-01", "2024-01-03"], "datetime64[D]")
    with pytest.raises(ExpressionError) as caught:
        value(formula, v=V, t=T, m=M, names=["a", "b"], days=days)
    assert caught.value.message == message


@pytest.mark.parametrize(
    "formula",
    [
        "eye(1e4)",
        "eye(1e9)",
        "indices(3e7)",
        "outer(x, x)",
        "diag(x)",
        "repeat(x, 1e6)",
        "tile(x, 1e6)",
        "histogram(x, 1e9)",
    ],
)
def test_size_is_checked_before_memory_is_allocated(formula):
    with pytest.raises(ExpressionError, match="array too large"):
        value(formula, x=np.zeros(5000))


def test_dates_and_strings_are_sorted():
    days = np.asarray(["2024-01-03", "2024-01-01"], "datetime64[D]")
    np.testing.assert_array_equal(value("sort(days)", days=days), days[::-1])
    assert value("max(days)", days=days) == days[0]
    np.testing.assert_array_equal(value("unique(names)", names=["b", "a", "b"]), ["a", "b"])


DAYS = np.asarray(["2024-01-03", "2024-01-01"], "datetime64[us]")
NAMES = np.asarray(["b", "a"])
OF_DATES = {
    "minimum", "maximum", "clip", "where", "min", "max", "argmin", "argmax", "size", "cummin", "cummax", "rolling_min",
    "rolling_max", "reshape", "transpose", "concat", "repeat", "tile", "flip", "sort", "argsort", "unique",
    "==", "!=", "<", "<=", ">", ">=", "like",
}  # fmt: skip
OF_STRINGS = {
    "where", "size", "reshape", "transpose", "concat", "repeat", "tile", "flip", "sort", "argsort", "unique",
    "==", "!=", "like",
}  # fmt: skip
# What is given for parameters that are conditions or integers.
ARGUMENTS = {
    "c": [1.0, 0.0], "axis": 0, "keepdims": 0, "window": 1, "rows": 2, "columns": 1, "times": 2, "bins": 2, "ddof": 0,
    "degree": 1, "digits": 0,
}  # fmt: skip
UNCLEAR = re.compile(r"numpy|dtype|ufunc|loop|promot|<U|signature|M8|datetime64", re.IGNORECASE)


@pytest.mark.parametrize("name", sorted({*OPERATORS, *FUNCTIONS} - {"diff", "indices", "eye"}))
def test_every_function_of_strings_and_dates_is_defined_or_refused_by_name(name):
    parameters = [*(OPERATORS | FUNCTIONS)[name].signature.parameters]
    places = [index for index, parameter in enumerate(parameters) if parameter not in ARGUMENTS]
    arrays = {"f": np.asarray([1.0, 2.0]), "M": DAYS, "U": NAMES}
    tree = Call(name, tuple(map(Name, parameters)))
    for kinds in {*itertools.product("fMU", repeat=min(len(places), 2))} - {("f",), ("f", "f")}:
        values = {parameter: np.asarray(ARGUMENTS.get(parameter, 1.0)) for parameter in parameters}
        values |= {parameters[at]: arrays[kind] for at, kind in zip(places, itertools.cycle(kinds), strict=False)}
        accepted = {"M": OF_DATES, "U": OF_STRINGS}.get(*{*kinds}, ()) if len({*kinds}) == 1 else ()
        if name == "like" or name in accepted:
            assert evaluate(tree, lambda one, values=values: values[one.id]).dtype.kind in "fbMU"
            continue
        with pytest.raises(ExpressionError) as caught:
            evaluate(tree, lambda one, values=values: values[one.id])
        assert re.search("strings|dates", caught.value.message), caught.value.message
        assert not UNCLEAR.search(caught.value.message)


@pytest.mark.parametrize("formula", ["days[1] - days[0]", "days + 1", "1 + days", "-days", "difference(days)"])
def test_arithmetic_with_dates_is_refused(formula):
    with pytest.raises(ExpressionError, match="expected numbers, found dates") as caught:
        value(formula, days=DAYS)
    assert caught.value.hint == "dates can be compared, sorted, selected and drawn along an axis"


@pytest.mark.parametrize("offset", [0, 2.0**40, 2.0**53, -1e300])
def test_softmax_keeps_its_digits_at_any_offset(offset):
    """It is the same for x + c; with log(sum(exp(x))) taken from x, digits were lost below the size of x."""
    x = offset + np.asarray([0.0, 2.0, 4.0, 10.0]) * np.spacing(abs(offset) + 1)
    with mpmath.workdps(40):
        exact = [mpmath.exp(mpmath.mpf(float(v)) - mpmath.mpf(float(x[0]))) for v in x]
        shares = [one / mpmath.fsum(exact) for one in exact]
        expected, logs = [float(share) for share in shares], [float(mpmath.log(share)) for share in shares]
    np.testing.assert_allclose(value("softmax(x)", x=x), expected, rtol=1e-15)
    np.testing.assert_allclose(value("log_softmax(x)", x=x), logs, rtol=1e-15, atol=1e-18)


def test_lgamma_is_0_at_1_and_2_and_keeps_its_digits_near_them():
    assert value("lgamma(x)", x=np.asarray([1.0, 2.0])).tolist() == [0, 0]
    steps = np.asarray([1e-16, 1e-12, 1e-7, 1e-3, 0.1, 0.49, 0.5, 0.51])
    x = np.concatenate([1 - steps, 1 + steps, 2 - steps, 2 + steps])
    with mpmath.workdps(40):
        expected = [float(mpmath.loggamma(mpmath.mpf(float(one)))) for one in x]
    np.testing.assert_allclose(value("lgamma(x)", x=x), expected, rtol=4e-16)


def test_interpolation_at_a_point_beside_an_infinite_one():
    xp, fp = np.asarray([0.0, 1.0, 2.0]), np.asarray([3.0, np.inf, 5.0])
    found = value("interp(x, xp, fp)", x=np.asarray([-1, 0, 0.5, 1, 1.5, 2, 9]), xp=xp, fp=fp)
    assert found.tolist() == [3, 3, np.inf, np.inf, np.inf, 5, 5]
