"""The errors of formulas that Python cannot parse or figgen does not support, with hints on what to write instead."""

import ast
import re
from collections.abc import Mapping

from figgen.data.formulas.functions import FUNCTIONS
from figgen.data.formulas.tree import ExpressionError, Name
from figgen.errors import did_you_mean

# What to write instead of unsupported syntax.
_ALTERNATIVES: Mapping[type[ast.AST], str] = {
    ast.BitXor: "write ** for a power",
    ast.BitAnd: "write 'and'",
    ast.BitOr: "write 'or'",
    ast.Invert: "write 'not'",
    ast.IfExp: "write where(condition, a, b)",
    ast.Attribute: "write functions without a module or object: sin(x), mean(x)",
    ast.Constant: "write numbers and names without quotes",
    ast.List: "define the array under data, as {values: […]}",
    ast.Tuple: "define the array under data, as {values: […]}",
    ast.ListComp: "formulas apply to whole arrays: x ** 2",
    ast.GeneratorExp: "formulas apply to whole arrays: x ** 2",
    ast.Lambda: "define the formula under data, as {expr: …}",
}

# What to write for functions of other libraries.
_SYNONYMS: Mapping[str, str] = {
    "power": "write a ** b",
    "pow": "write a ** b",
    "dot": "write a @ b",
    "matmul": "write a @ b",
    "asin": "did you mean 'arcsin'?",
    "acos": "did you mean 'arccos'?",
    "atan": "did you mean 'arctan'?",
    "ln": "did you mean 'log'?",
    "average": "did you mean 'mean'?",
    "len": "did you mean 'size'?",
    "expit": "did you mean 'sigmoid'?",
    "swish": "did you mean 'silu'?",
    "linspace": "define the array under data, as {linspace: [0, 1, 100]}",
    "arange": "did you mean 'indices'?",
}


# Common mistakes for which Python's own message is of little help, and what to write instead. A word is the start of
# a name or a parenthesis, but neither an operator nor the exponent of a number.
_WORD = r"(?!(?:and|or|not|if|else|in|is|for)\b|[eE][-+]?\d)(?:[A-Za-z_]\w*|\()"
_MISTAKES: tuple[tuple[str, str], ...] = (
    (rf"(?<![\w.])\d[\d.]*\s*{_WORD}", "write * for multiplication"),
    (rf"\)\s*{_WORD}", "write * for multiplication"),
    (r"[\u2212\u2013]", "write a plain - for minus"),
    (r"[\u00d7\u22c5\u00b7]", "write * for multiplication"),
    (r"\|[^|]*\|", "write abs(x) for an absolute value"),
)
_ASSIGNMENT = re.compile(r"(?<![=<>!])=(?!=)")
# Python's messages that are kept as they are.
_CLEAR = re.compile(r"'.' was never closed|unmatched '.'|closing parenthesis .*|invalid (non-printable )?character .*")


def syntax_error(text: str, indent: int, error: SyntaxError) -> ExpressionError:
    """Return the error of a formula that Python cannot parse; `indent` is the number of spaces before it in `text`."""
    message, offset, hint = _explain(text[indent:].replace("\n", " "), error)
    return ExpressionError(f"invalid syntax: {message}", min(indent + offset, len(text)), hint=hint)


def _explain(source: str, error: SyntaxError) -> tuple[str, int, str]:
    """Return the message, the offset and a hint for a formula that Python cannot parse."""
    offset = error.offset - 1 if error.offset else len(source)  # Python has no offset where the text ends too early
    for pattern, hint in _MISTAKES:
        for found in re.finditer(pattern, source):
            if found.start() <= offset < found.end():
                return f"'{found[0]}'", found.start(), hint
    if _CLEAR.fullmatch(error.msg):
        return re.sub(r"('.') was never closed", r"unclosed \1", error.msg), offset, ""
    if "unterminated" in error.msg:
        return "unclosed quote", offset, ""
    if "leading zeros" in error.msg:
        return "leading zeros in a number", offset, ""
    outside = source
    while (shorter := re.sub(r"\([^()]*\)", lambda call: "_" * len(call[0]), outside)) != outside:
        outside = shorter
    if assignment := _ASSIGNMENT.search(outside):
        return "'='", assignment.start(), "write == for equality"
    if token := re.match(r"\w+|\S", source[offset:]):
        return f"unexpected '{token[0]}'", offset, ""
    return "unexpected end of formula", len(source), ""


def unsupported(source: str, node: ast.AST, offset: int) -> ExpressionError:
    """Return the error of a part of Python's grammar that formulas do not support."""
    segment = ast.get_source_segment(source, node) if isinstance(node, ast.expr) else None
    kind = node.func if isinstance(node, ast.Call) else getattr(node, "op", node)
    product = isinstance(node, ast.Call) and isinstance(kind, ast.Constant | ast.BinOp | ast.Call)
    hint = "write * for multiplication" if product else _ALTERNATIVES.get(type(kind), "")
    return ExpressionError(f"unsupported syntax: {_shorten(segment or source)}", offset, _SUPPORTED, hint)


_SUPPORTED = ("numbers", "names", "arithmetic", "comparisons", "and/or/not", "function calls", "subscripts")


def _shorten(text: str, width: int = 40) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def unknown_function(name: str, offset: int) -> ExpressionError:
    """Return the error of a call to a function that is not in the table."""
    hint = _SYNONYMS.get(name) or did_you_mean(name, FUNCTIONS) or "'figgen functions' lists all functions"
    return ExpressionError(f"unknown function '{name}'", offset, hint=hint)


def unknown_name(name: Name, known: list[str]) -> ExpressionError:
    """Return the error of a name that is not defined."""
    if name.id in FUNCTIONS:
        return ExpressionError(f"'{name.id}' is a function", name.offset, hint=f"write {FUNCTIONS[name.id].usage}")
    return ExpressionError(f"unknown name '{name.id}'", name.offset, tuple(sorted(known)), did_you_mean(name.id, known))
