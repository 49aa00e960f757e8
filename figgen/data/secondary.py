"""Formulas of secondary axes -> functions from the axis' own values to those of the second scale, and back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from figgen.config.spec import Panel
from figgen.config.spec.arrays import AxisName, ScaleFunction
from figgen.data.formulas.derivative import expand
from figgen.data.formulas.evaluate import evaluate
from figgen.data.formulas.parser import parse, unknown_name
from figgen.data.formulas.tree import ExpressionError
from figgen.errors import Problem, Where

_AXES: tuple[AxisName, ...] = ("x", "y", "right")


def secondary_functions(
    panel: Panel, where: Where, problems: list[Problem]
) -> dict[AxisName, tuple[ScaleFunction, ScaleFunction]]:
    """Return the two functions of each axis of a panel that has a second scale; what is wrong joins `problems`."""
    found: dict[AxisName, tuple[ScaleFunction, ScaleFunction]] = {}
    for name in _AXES:
        secondary = getattr(panel.axes, name).secondary
        if secondary is None:
            continue
        functions = []
        for field in ("forward", "inverse"):
            try:
                functions.append(_function(getattr(secondary, field)))
            except ExpressionError as error:
                place = (*where, "axes", name, "secondary", field)
                problems.append(Problem(place, error.message, error.allowed, error.hint, error.offset))
        if len(functions) == 2:  # noqa: PLR2004 - there and back
            found[name] = (functions[0], functions[1])
    return found


def _function(formula: str) -> ScaleFunction:
    """Make a function of a formula over x, having tried it."""
    tree = expand(parse(formula), lambda _: None)

    def lookup(x: Any) -> Callable[..., Any]:
        def find(name: Any) -> Any:
            if name.id != "x":
                raise unknown_name(name, ["x"])
            return x

        return find

    def function(x: Any) -> Any:
        return evaluate(tree, lookup(np.asarray(x, np.float64)))

    if np.shape(function(np.asarray([1.0, 2.0]))) != (2,):
        raise ExpressionError(
            "a formula that does not give one value for each x", 0, hint="write 1000 * x, for example"
        )
    return function
