"""Claims: statements about the data that must hold for a figure to be drawn."""

from typing import Any

import numpy as np

from figgen.config.spec import Claim
from figgen.config.spec.arrays import find_missing
from figgen.data.formulas.evaluate import Overrides
from figgen.data.formulas.table import numbers_only
from figgen.data.formulas.tree import COMPARISONS, Call, ExpressionError, Node
from figgen.data.namespace import Namespace


def check_claim(namespace: Namespace, claim: Claim) -> None:
    """Raise ExpressionError if a claim does not hold, with the values on both sides, or if it cannot be evaluated."""

    def close(a: Any, b: Any) -> Any:
        return np.isclose(a, b, rtol=claim.tolerance, atol=claim.tolerance)

    equality = {"==": numbers_only(close), "!=": numbers_only(lambda a, b: ~close(a, b))}
    holds = namespace.evaluate(claim.claim, equality)
    if holds is None:
        return
    _require_values(namespace, namespace.parse(claim.claim))
    if holds.dtype != bool:
        raise ExpressionError("claim must be a boolean expression", hint="write a comparison: max(y) <= 1")
    if not np.all(holds):
        raise ExpressionError(f"claim does not hold{_sides(namespace, claim.claim, equality)}")


def _require_values(namespace: Namespace, tree: Node) -> None:
    """Raise ExpressionError if a claim compares missing values, of which it would hold or not hold by chance."""
    if not isinstance(tree, Call) or tree.function not in {*COMPARISONS, "all", "any", "and", "or", "not"}:
        return
    for part in tree.args:
        if tree.function not in COMPARISONS:
            _require_values(namespace, part)
        elif np.any(missing := find_missing(namespace.value_of(part))):
            count = (
                f"missing values: {np.count_nonzero(missing)} of {missing.size}" if missing.ndim else "a missing value"
            )
            hint = "compare the others: y[y == y] has the values of y that are not missing"
            raise ExpressionError(f"claim compares {count}", part.offset, hint=hint)


def _sides(namespace: Namespace, formula: str, equality: Overrides) -> str:
    """Return the values on both sides of a comparison where it first fails, for the end of a message."""
    tree = namespace.parse(formula)
    while isinstance(tree, Call) and tree.function in {"all", "and"}:
        tree = next(part for part in tree.args if not np.all(namespace.value_of(part, equality)))
    if not isinstance(tree, Call) or tree.function not in COMPARISONS:
        return ""
    left, right = np.broadcast_arrays(*(namespace.value_of(side) for side in tree.args))
    if left.ndim == 0:
        return f": left side is {_shown(left[()])}, right side is {_shown(right[()])}"
    fails = ~np.asarray(namespace.value_of(tree, equality))
    first = tuple(np.argwhere(fails)[0])
    index = ", ".join(map(str, first))
    return (
        f" for {np.count_nonzero(fails)} of {left.size} values: "
        f"at index [{index}], left side is {_shown(left[first])}, right side is {_shown(right[first])}"
    )


def _shown(value: Any) -> str:
    if value.dtype.kind == "M":
        return str(np.datetime_as_string(value, unit="auto"))
    return str(value) if value.dtype.kind == "U" else f"{value:.10g}"
