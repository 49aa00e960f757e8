"""Alt texts with values of the data in them."""

import re
import string

import numpy as np

from figgen.config.spec.number_format import format_number
from figgen.data.formulas.tree import ExpressionError
from figgen.data.namespace import Workspace
from figgen.errors import Where

_FORMAT = re.compile(r"[-+ ]?,?((\.[0-9]{1,2})?[efg%]?|d)")


def fill_in(workspace: Workspace, text: str, where: Where) -> str:
    """Put values into a text: `{max(y):.2f}`; braces themselves are written twice."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        workspace.report(where, _unmatched(text))
        return text
    filled = []
    for literal, formula, spec, conversion in parts:
        filled.append(literal)
        if formula is None:
            continue
        try:
            filled.append(_fill_one(workspace, formula, spec or "g", conversion))
        except ExpressionError as error:
            error.offset += max(text.find("{" + formula), 0) + 1
            if re.search(r"[\w^]$", literal):  # as in $x_{train}$ and \frac{1}{2}
                error.hint = error.hint or "a brace itself is written twice: {{ or }}"
            workspace.report(where, error)
    return "".join(filled)


_BRACES = ("{formula}, or {formula:.2f} with a number format",)


def _unmatched(text: str) -> ExpressionError:
    """Describe the first brace of a text that has no other half."""
    opened = -1
    for brace in re.finditer(r"\{\{|\}\}|[{}]", text):
        if brace[0] == "{" and opened < 0:
            opened = brace.start()
        elif brace[0] == "}" and opened < 0:
            return ExpressionError("a '}' without a '{' before it", brace.start(), hint="write }} for a brace itself")
        elif "}" in brace[0]:
            opened = -1
    return ExpressionError("a '{' that is never closed", max(opened, 0), hint="write {{ for a brace itself")


def _fill_one(workspace: Workspace, formula: str, spec: str, conversion: str | None) -> str:
    if conversion is not None:
        raise ExpressionError(f"'!{conversion}' after a formula", len(formula), _BRACES)
    value = workspace.evaluate(formula)
    if value is None:
        return ""
    if value.ndim != 0 or value.dtype.kind not in "fb":
        raise ExpressionError(f"'{formula}' is not one number", 0, hint="write max(…), y[-1] or the like")
    if not np.isfinite(value):
        raise ExpressionError(f"'{formula}' is {value}", 0, ("finite numbers",))
    if not _FORMAT.fullmatch(spec):
        raise ExpressionError(f"'{spec}' is no number format", 0, (".2f, .3g, .0%, ,d and the like",))
    return format_number(float(value), spec)
