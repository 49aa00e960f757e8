"""The functions that formulas may call: one table entry each.

An entry is its signature as an author writes it, the numpy callable, one line of help, and, for functions that act on
each element by itself, their differential: a formula over the parameters and their differentials (`dx` for `x`). The
convention at kinks is that of the usual deep-learning frameworks: relu'(0) = 0, abs'(0) = 0.
"""

import ast
import inspect
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the formula language."""

    usage: str
    call: Callable[..., Any]
    summary: str
    differential: str
    signature: inspect.Signature


def _function(usage: str, call: Callable[..., Any], summary: str, differential: str = "") -> Function:
    return Function(usage, call, summary, differential, _signature(usage))


def _signature(usage: str) -> inspect.Signature:
    """Read a signature from the way it is written, so that what is shown is what is checked."""
    definition = ast.parse(f"def {usage}: ...").body[0]
    assert isinstance(definition, ast.FunctionDef)  # noqa: S101 - the line above is a definition
    arguments = definition.args
    required = len(arguments.args) - len(arguments.defaults)
    defaults = [inspect.Parameter.empty] * required + [ast.literal_eval(default) for default in arguments.defaults]
    return inspect.Signature([
        inspect.Parameter(argument.arg, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)
        for argument, default in zip(arguments.args, defaults, strict=True)
    ])  # fmt: skip


def _rounded(call: Callable[..., Any]) -> Callable[..., Array]:
    """Compute in extended precision and round once, to the nearest float64.

    The last bit of numpy's own exp, log, power and the like depends on the instructions that a processor has, and a
    picture can show it: along a straight line, that bit decides which points are left out as superfluous.
    """

    def rounded(*args: Any) -> Array:
        return np.asarray(call(*(np.asarray(arg, np.longdouble) for arg in args)), np.float64)

    return rounded


def _sigmoid(x: Array) -> Any:
    e = np.exp(-np.abs(x))  # cannot overflow, and keeps full precision in both tails
    return np.where(x >= 0, 1, e) / (1 + e)


def _sech(x: Array) -> Any:
    e = np.exp(-np.abs(x))
    return 2 * e / (1 + e * e)


FUNCTIONS: Mapping[str, Function] = MappingProxyType({
    function.usage.partition("(")[0]: function
    for function in (
        _function("abs(x)", np.abs, "Absolute value.", "sign(x) * dx"),
        _function("sign(x)", np.sign, "-1, 0 or 1.", "0"),
        _function("sqrt(x)", np.sqrt, "Square root.", "dx / (2 * sqrt(x))"),
        _function("exp(x)", _rounded(np.exp), "Exponential function.", "exp(x) * dx"),
        _function("log(x)", _rounded(np.log), "Natural logarithm.", "dx / x"),
        _function("sin(x)", _rounded(np.sin), "Sine of an angle in radians.", "cos(x) * dx"),
        _function("cos(x)", _rounded(np.cos), "Cosine of an angle in radians.", "-sin(x) * dx"),
        _function("tanh(x)", _rounded(np.tanh), "Hyperbolic tangent.", "sech(x) ** 2 * dx"),
        _function("sech(x)", _rounded(_sech), "Hyperbolic secant, 1 / cosh(x).", "-sech(x) * tanh(x) * dx"),
        _function("sigmoid(x)", _rounded(_sigmoid), "Logistic function.", "sigmoid(x) * sigmoid(-x) * dx"),
        _function("relu(x)", lambda x: np.maximum(x, 0), "The larger of x and 0.", "where(x > 0, dx, 0)"),
        _function("where(c, a, b)", np.where, "a where the condition c holds, b elsewhere.", "where(c, da, db)"),
        _function("min(x)", np.min, "Smallest element."),
        _function("max(x)", np.max, "Largest element."),
    )
})  # fmt: skip


def _arithmetic(operator_: Callable[..., Any]) -> Callable[..., Any]:
    """Make an operator count conditions as 1 and 0; numpy's `+` of two conditions is a condition, its `-` an error."""

    def call(*args: Array) -> Any:
        return operator_(*(np.float64(arg) if np.asarray(arg).dtype == bool else arg for arg in args))

    return call


# Operators are functions under names that no formula can call. The parameters are a and b throughout.
OPERATORS: Mapping[str, Function] = MappingProxyType({
    "+": _function("add(a, b)", _arithmetic(operator.add), "a + b", "da + db"),
    "-": _function("subtract(a, b)", _arithmetic(operator.sub), "a - b", "da - db"),
    "*": _function("multiply(a, b)", _arithmetic(operator.mul), "a * b", "b * da + a * db"),
    "/": _function("divide(a, b)", _arithmetic(operator.truediv), "a / b", "da / b - a / b ** 2 * db"),
    "//": _function("floor_divide(a, b)", _arithmetic(operator.floordiv), "a // b", "0"),
    "%": _function("remainder(a, b)", _arithmetic(operator.mod), "a % b", "da - a // b * db"),
    "**": _function("power(a, b)", _rounded(operator.pow), "a ** b", "b * a ** (b - 1) * da + log(a) * a ** b * db"),
    "@": _function("matmul(a, b)", _rounded(operator.matmul), "a @ b"),
    "neg": _function("negative(a)", _arithmetic(operator.neg), "-a", "-da"),
    "pos": _function("positive(a)", _arithmetic(operator.pos), "+a", "da"),
    "==": _function("equal(a, b)", np.equal, "a == b", "0"),
    "!=": _function("not_equal(a, b)", np.not_equal, "a != b", "0"),
    "<": _function("less(a, b)", np.less, "a < b", "0"),
    "<=": _function("less_equal(a, b)", np.less_equal, "a <= b", "0"),
    ">": _function("greater(a, b)", np.greater, "a > b", "0"),
    ">=": _function("greater_equal(a, b)", np.greater_equal, "a >= b", "0"),
    "and": _function("logical_and(a, b)", np.logical_and, "a and b", "0"),
    "or": _function("logical_or(a, b)", np.logical_or, "a or b", "0"),
    "not": _function("logical_not(a)", np.logical_not, "not a", "0"),
    "like": _function("like(a, b)", lambda a, b: np.broadcast_arrays(a, b)[0], "a, repeated to the shape of b"),
})  # fmt: skip
