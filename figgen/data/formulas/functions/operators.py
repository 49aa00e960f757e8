"""The operators of the formula language."""

import operator
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from figgen.data.formulas.functions.base import Function, counted, function, plain, rounded

# At a = 0, powers of 0 that stay 0 have no slope; where they have one it is not lost in 0 * inf.
_POWER = "where(b == 0, 0, b * a ** (b - 1)) * da + where(a == 0 and b > 0, 0, log(a) * a ** b) * db"

# Operators are functions under names that no formula can call. The parameters are a and b throughout.
OPERATORS: Mapping[str, Function] = MappingProxyType({
    "+": function("add(a, b)", counted(operator.add), "a + b", "da + db"),
    "-": function("subtract(a, b)", counted(operator.sub), "a - b", "da - db"),
    "*": function("multiply(a, b)", counted(operator.mul), "a * b", "b * da + a * db"),
    "/": function("divide(a, b)", counted(operator.truediv), "a / b", "(da - a / b * db) / b"),
    "//": function("floor_divide(a, b)", counted(operator.floordiv), "a // b", "0"),
    "%": function("remainder(a, b)", counted(operator.mod), "a % b", "da - a // b * db"),
    "**": function("power(a, b)", rounded(operator.pow), "a ** b", _POWER),
    "@": function("matmul(a, b)", rounded(operator.matmul), "a @ b"),
    "neg": function("negative(a)", counted(operator.neg), "-a", "-da"),
    "pos": function("positive(a)", counted(operator.pos), "+a", "da"),
    "==": function("equal(a, b)", plain(np.equal), "a == b", "0"),
    "!=": function("not_equal(a, b)", plain(np.not_equal), "a != b", "0"),
    "<": function("less(a, b)", plain(np.less), "a < b", "0"),
    "<=": function("less_equal(a, b)", plain(np.less_equal), "a <= b", "0"),
    ">": function("greater(a, b)", plain(np.greater), "a > b", "0"),
    ">=": function("greater_equal(a, b)", plain(np.greater_equal), "a >= b", "0"),
    "and": function("logical_and(a, b)", np.logical_and, "a and b", "0"),
    "or": function("logical_or(a, b)", np.logical_or, "a or b", "0"),
    "not": function("logical_not(a)", np.logical_not, "not a", "0"),
    "like": function("like(a, b)", lambda a, b: np.broadcast_arrays(a, b)[0], "a, repeated to the shape of b"),
})  # fmt: skip
