"""Formulas of secondary axes -> functions from the values of an axis to those of its second scale, and back."""

from typing import Any, get_args

import numpy as np

from figgen.config.spec import Panel
from figgen.config.spec.arrays import AxisName, ScaleFunction
from figgen.data.formulas.derivative import expand
from figgen.data.formulas.evaluate import evaluate
from figgen.data.formulas.formula_errors import unknown_name
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import ExpressionError, Name, report_errors
from figgen.errors import Problem, Where


def secondary_functions(
    panel: Panel, where: Where, problems: list[Problem]
) -> dict[AxisName, tuple[ScaleFunction, ScaleFunction]]:
    """Return the functions, to and from the second scale, of each axis of a panel that has one.

    Errors in their formulas are appended to `problems`.
    """
    found: dict[AxisName, tuple[ScaleFunction, ScaleFunction]] = {}
    for axis in get_args(AxisName):
        secondary = getattr(panel.axes, axis).secondary
        functions = []
        for key in ("forward", "inverse") if secondary else ():
            with report_errors(problems, (*where, "axes", axis, "secondary", key)):
                functions.append(_to_function(getattr(secondary, key)))
        if len(functions) == 2:  # noqa: PLR2004 - both directions
            found[axis] = (functions[0], functions[1])
    return found


def _to_function(formula: str) -> ScaleFunction:
    """Return the function of a formula over x. Raises ExpressionError if the formula is invalid: it is called once."""
    tree = expand(parse(formula), lambda _: None)

    def function(values: Any) -> Any:
        x = np.asarray(values, np.float64)

        def lookup(name: Name) -> Any:
            if name.id != "x":
                raise unknown_name(name, ["x"])
            return x

        return evaluate(tree, lookup)

    if np.shape(function([1.0, 2.0])) != (2,):
        raise ExpressionError("the formula must return one value for each x", hint="write 1000 * x, for example")
    return function
