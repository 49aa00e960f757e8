"""Claims: statements about the data that must hold for a figure to be drawn."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from figgen.config.spec import Claim
from figgen.data.formulas.tree import COMPARISONS, Call, ExpressionError, Node
from figgen.data.namespace import Workspace
from figgen.errors import Where

Array = np.ndarray[Any, Any]


def check_claim(workspace: Workspace, claim: Claim, where: Where) -> None:
    """Report a claim that does not hold, with the values on both sides."""

    def close(a: Array, b: Array) -> Any:
        return np.isclose(a, b, rtol=claim.tolerance, atol=claim.tolerance)

    equality = {"==": close, "!=": lambda a, b: ~close(a, b)}
    try:
        holds = workspace.evaluate(claim.claim, equality)
    except ExpressionError as error:
        workspace.report(where, error)
        return
    if holds is None:
        return
    if holds.dtype != bool:
        message, hint = "a claim that is neither true nor false", "compare two sides: max(y) <= 1"
        workspace.report(where, ExpressionError(message, 0, hint=hint))
    elif not np.all(holds):
        workspace.report(where, ExpressionError(f"the claim does not hold{_sides(workspace, claim.claim, equality)}"))


def _sides(workspace: Workspace, formula: str, equality: Mapping[str, Any]) -> str:
    """Say what the two sides of a failed comparison are, where it fails first."""

    def holds(node: Node) -> Array:
        return np.asarray(workspace.value_of(node, equality))

    tree = workspace.parse(formula)
    while isinstance(tree, Call) and tree.function in {"all", "and"}:
        tree = next(part for part in tree.args if not np.all(holds(part)))
    if not isinstance(tree, Call) or tree.function not in COMPARISONS:
        return ""
    left, right = np.broadcast_arrays(*(workspace.value_of(side) for side in tree.args))
    if left.ndim == 0:
        return f": the left side is {left[()]:.10g}, the right side {right[()]:.10g}"
    fails = ~holds(tree)
    place = tuple(np.argwhere(fails)[0])
    index = ", ".join(str(number) for number in place)
    return (
        f" for {np.count_nonzero(fails)} of {left.size} values: "
        f"at [{index}] the left side is {left[place]:.10g}, the right side {right[place]:.10g}"
    )
