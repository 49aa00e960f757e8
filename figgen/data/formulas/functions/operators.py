"""The operators of the formula language."""

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np

from figgen.data.formulas.table import (
    Array,
    Function,
    any_kind,
    bools_as_numbers,
    function,
    in_extended_precision,
    mismatch,
    numbers_only,
    ordered,
)


def _matmul(a: Array, b: Array) -> Any:
    try:
        return a @ b
    except ValueError:
        raise mismatch(a, b) from None


# Without the conditions, the slope at a = 0 would be nan, from 0 * inf, where it is 0 or another number.
_D_POWER = "where(b == 0, 0, b * a ** (b - 1)) * da + where(a == 0 and b > 0, 0, log(a) * a ** b) * db"

# Operators are functions with names that no formula can call.
OPERATORS: Mapping[str, Function] = {
    "+": function("add(a, b)", bools_as_numbers(operator.add), "a + b", "da + db"),
    "-": function("subtract(a, b)", bools_as_numbers(operator.sub), "a - b", "da - db"),
    "*": function("multiply(a, b)", bools_as_numbers(operator.mul), "a * b", "b * da + a * db"),
    "/": function("divide(a, b)", bools_as_numbers(operator.truediv), "a / b", "(da - a / b * db) / b"),
    "//": function("floor_divide(a, b)", bools_as_numbers(operator.floordiv), "a // b", "0"),
    "%": function("remainder(a, b)", bools_as_numbers(operator.mod), "a % b", "da - a // b * db"),
    "**": function("power(a, b)", in_extended_precision(operator.pow), "a ** b", _D_POWER),
    "@": function("matmul(a, b)", in_extended_precision(_matmul), "a @ b"),
    "neg": function("negative(a)", bools_as_numbers(operator.neg), "-a", "-da"),
    "pos": function("positive(a)", bools_as_numbers(operator.pos), "+a", "da"),
    "==": function("equal(a, b)", any_kind(np.equal), "a == b", "0"),
    "!=": function("not_equal(a, b)", any_kind(np.not_equal), "a != b", "0"),
    "<": function("less(a, b)", ordered(np.less), "a < b", "0"),
    "<=": function("less_equal(a, b)", ordered(np.less_equal), "a <= b", "0"),
    ">": function("greater(a, b)", ordered(np.greater), "a > b", "0"),
    ">=": function("greater_equal(a, b)", ordered(np.greater_equal), "a >= b", "0"),
    "and": function("logical_and(a, b)", numbers_only(np.logical_and), "a and b", "0"),
    "or": function("logical_or(a, b)", numbers_only(np.logical_or), "a or b", "0"),
    "not": function("logical_not(a)", numbers_only(np.logical_not), "not a", "0"),
    "like": function("like(a, b)", lambda a, b: np.broadcast_arrays(a, b)[0], "a, broadcast to the shape of b"),
}
