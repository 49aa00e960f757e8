"""Derivatives of random formulas, with reductions and subscripts in them, against numerical ones of 100 digits.

The reference is a central difference in mpmath, which needs values only: it knows no rule of differentiation that it
could share with figgen, costs nothing to install, and its error, some 1e-60, is far below what float64 resolves.
"""

import random
import re

import mpmath
import numpy as np
import pytest

from figgen.data.formulas.derivative import expand
from figgen.data.formulas.evaluate import evaluate
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import ExpressionError

DATA = {
    "x": np.asarray([-1.4, -0.3, 0.6, 1.9]),
    "w": np.asarray([0.7, -1.1, 1.3, 0.4]),
    "m": np.asarray([[0.3, -0.8, 1.2, 0.5], [1.1, 0.2, -0.6, 0.9]]),
    "s": np.asarray(0.8),
    "t": np.asarray(-0.45),
}
FORMULAS = {"y": "sin(x) + s * w", "k": "mean(w) * t", "v": "x[1:3]"}
DIGITS, STEP = 100, "1e-30"

FUNCTIONS = {
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "arctan": mpmath.atan,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "erf": mpmath.erf,
    "abs": abs,
    "relu": lambda x: max(x, 0),
}
REDUCTIONS = ["sum({})", "mean({})", "mean(m * {}, axis=-1)[0]", "({})[-1]", "({})[1:3][0]", "sum(({})[::-1])"]
ARRAYS = {"sum": np.sum, "mean": np.mean, "where": np.where}
ARRAYS |= {name: np.frompyfunc(function, 1, 1) for name, function in FUNCTIONS.items()}


def random_formula(chance, depth):
    """Return a random formula of the shape of x, and the names that it depends on through a reduction or subscript."""
    if depth == 0 or chance.random() < 0.1:
        leaf = chance.choice(["x", "x", "x", "w", "s", "t", "y", "k", "0.5", "2", "m[0]", "m[1] * x"])
        return f"({leaf} + 0 * w)", set()
    kind = chance.choice(["function", "operator", "operator", "operator", "where", "reduction", "named"])
    inner, reduced = random_formula(chance, depth - 1)
    if kind == "function":
        return f"{chance.choice(list(FUNCTIONS))}({inner})", reduced
    if kind == "reduction":
        whole = chance.choice(REDUCTIONS).format(inner)
        return f"({whole} * w)", reduced | depends(inner)
    other, also = random_formula(chance, depth - 1)
    if kind == "where":
        return f"where({inner} > 0.25, {other}, s * {inner})", reduced | also
    if kind == "operator":
        shape = chance.choice(["({} + {})", "({} - {})", "({} * {})", "({} / (1 + ({}) ** 2))", "({0} ** 3 - {1})"])
        return shape.format(inner, other), reduced | also
    return f"(k * {inner} + sum(v) * {other})", reduced | also | {"x"}


def depends(formula):
    """Return the variables that a formula depends on, through the named ones also."""
    words = set(formula.replace("(", " ").replace(")", " ").replace("[", " ").replace(",", " ").split())
    return {"x", "s", "t"} & (words | ({"x", "s"} if "y" in words else set()) | ({"t"} if "k" in words else set()))


def value(formula, **moved):
    """Evaluate a formula in Python, over arrays of numbers of mpmath."""
    exact = np.frompyfunc(lambda number: mpmath.mpf(float(number)), 1, 1)
    names = {name: exact(array) for name, array in DATA.items()}
    names |= {name: names[name] + step for name, step in moved.items()}
    for name, text in FORMULAS.items():
        names[name] = eval(text, dict(ARRAYS), names)  # noqa: S307 - written by this test
    return eval(formula, dict(ARRAYS), names)  # noqa: S307


def reference(formula, *variables):
    """Differentiate by one variable after the other, by central differences."""
    first, second = (*variables, None)[:2]
    step = mpmath.mpf(STEP)
    moves = [({first: sign * step}, sign / (2 * step)) for sign in (1, -1)]
    if second:
        weights = [(a, b) for a in (1, -1) for b in (1, -1)]
        if first == second:
            moves = [({first: (a + b) * step}, a * b / (4 * step * step)) for a, b in weights]
        else:
            moves = [({first: a * step, second: b * step}, a * b / (4 * step * step)) for a, b in weights]
    return np.asarray(sum(value(formula, **moved) * weight for moved, weight in moves), float)


def ours(text):
    trees = {name: parse(formula) for name, formula in FORMULAS.items()}

    def lookup(name):
        tree = trees.get(name.id)
        return DATA[name.id] if tree is None else evaluate(expand(tree, trees.get), lookup)

    return evaluate(expand(parse(text), trees.get), lookup)


@pytest.mark.slow
def test_random_derivatives_are_right_or_refused():
    chance, judged, refused = random.Random(20), 0, 0  # noqa: S311 - the same formulas in each run
    while judged < 1000:
        formula, reduced = random_formula(chance, chance.choice([2, 3, 4]))
        variables = [chance.choice(["x", "x", "s", "t"]) for _ in range(chance.choice([1, 1, 2]))]
        if not depends(formula) >= set(variables):
            continue
        text = formula
        for variable in variables:
            text = f"diff({text}, {variable})"
        try:
            found = ours(text)
        except ExpressionError as error:
            # The derivative of one element by all others is a matrix: figgen has none, and says so.
            refusal = re.match(
                r"cannot differentiate(: the expression does not| a subscript| sum\(\)| mean\(\))", error.message
            )
            assert refusal, text
            if reduced & set(variables):
                refused += 1
                continue
            assert refusal[1] == ": the expression does not", text
            found = np.asarray(0.0)  # the first derivative is a constant, of which there is no second
        with mpmath.workdps(DIGITS):
            expected = reference(formula, *variables)
        size = 1 + np.max(np.abs(expected))
        assert np.shape(found) in {np.shape(expected), ()}  # () where it is the same constant everywhere
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12 * size, err_msg=text)
        judged += 1
    assert refused > 100
