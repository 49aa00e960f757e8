"""Fill values of the data into alt texts."""

import re

import numpy as np

from figgen.config.mathtext import TAB, find_tex
from figgen.config.spec.number_format import ALLOWED_FORMATS, format_number
from figgen.data.formulas.tree import ExpressionError
from figgen.data.namespace import Namespace
from figgen.errors import Problem, Where

# A doubled brace, a formula in braces with or without a format, or a brace without its counterpart.
_FIELD = re.compile(r"\{\{|\}\}|\{(?P<formula>[^{}]*?)(?::(?P<format>[^]:{}]*))?\}|[{}]")
_FORMAT = re.compile(r"[-+ ]?,?((\.[0-9]{1,2})?[efg%]?|d)")


def fill_in(namespace: Namespace, text: str, where: Where) -> str:
    """Return an alt text with values in place of `{max(y)}` and `{max(y):.2f}`; `{{` and `}}` stand for braces.

    Errors become problems of the namespace, each with its offset in the text.
    """

    def replace(field: re.Match[str]) -> str:
        if field[0] in {"{{", "}}"}:
            return field[0][0]
        try:
            return _format_value(namespace, field)
        except ExpressionError as error:
            in_mathematics = re.search(r"[\w^]\Z", text[: field.start()])  # as in $x_{train}$ and \frac{1}{2}
            hint = error.hint or ("write {{ and }} for braces" if in_mathematics else "")
            offset = field.start() + error.offset
            namespace.problems.append(Problem(where, error.message, error.allowed, hint, offset))
            return ""

    if "\t" in text:
        namespace.problems.append(Problem(where, *TAB))
    while found := find_tex(text):
        place, tex = found
        message = f"'{tex}' is TeX, which screen readers read out character by character"
        hint = "write it in words, and a dollar sign as $"
        namespace.problems.append(Problem(where, message, hint=hint, offset=place))
        text = text[:place] + " " * len(tex) + text[place + len(tex) :]
    return _FIELD.sub(replace, text)


def _format_value(namespace: Namespace, field: re.Match[str]) -> str:
    """Return the value of a field. Raises ExpressionError with its offset in the field."""
    formula, number_format = field["formula"], field["format"] or "g"
    if formula is None:
        message = "unclosed '{'" if field[0] == "{" else "unmatched '}'"
        raise ExpressionError(message, hint=f"write {2 * field[0]} for a brace")
    if re.fullmatch(r"\s*[0-9]+\s*", formula) and field["format"] is None:
        message = f"'{field[0]}' is replaced by {formula.strip()}, without its braces"
        raise ExpressionError(message, hint="write {{ and }} for braces")
    try:
        value = namespace.evaluate(formula)
    except ExpressionError as error:
        raise ExpressionError(error.message, 1 + error.offset, error.allowed, error.hint) from None
    if value is None:
        return ""
    if value.ndim != 0 or value.dtype.kind not in "fb":
        raise ExpressionError(f"'{formula}' is not a single number", 1, hint="write max(…), y[-1] or the like")
    if not np.isfinite(value):
        hint = "y[y == y] has the values of y that are not missing" if np.isnan(value) else ""
        raise ExpressionError(f"'{formula}' is {value}, not a finite number", 1, hint=hint)
    if not _FORMAT.fullmatch(number_format):
        message = f"'{number_format}' is not a valid number format"
        raise ExpressionError(message, field.start("format") - field.start(), (ALLOWED_FORMATS,))
    return format_number(float(value), number_format)
