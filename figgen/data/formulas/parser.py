"""Formulas: text -> tree.

The grammar is Python's own for arithmetic, comparisons, `and`/`or`/`not`, subscripts and calls, and nothing else: no
attribute, text, comprehension or name outside the tables gets past `parse`, and nothing is ever handed to `eval`.
Numbers are float64 throughout, so that no power or product wraps around as integers do.
"""

import ast
import functools
import inspect
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from figgen.data.formulas.functions import FUNCTIONS
from figgen.data.formulas.tree import MAX_NODES, Call, ExpressionError, Name, Node, Number, Slice, Subscript
from figgen.errors import did_you_mean

MAX_LENGTH = 2_000  # characters
MAX_DEPTH = 100

_BINARY: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.And: "and",
    ast.Or: "or",
}
_UNARY: Mapping[type[ast.AST], str] = {ast.USub: "neg", ast.UAdd: "pos", ast.Not: "not"}

# What to write in place of what is no part of the language.
_INSTEAD: Mapping[type[ast.AST], str] = {
    ast.BitXor: "write ** for a power",
    ast.BitAnd: "write 'and'",
    ast.BitOr: "write 'or'",
    ast.Invert: "write 'not'",
    ast.IfExp: "write where(condition, a, b)",
    ast.Attribute: "functions stand alone: sin(x), not np.sin(x)",
    ast.Constant: "numbers are written without quotes, and names too",
    ast.List: "name it under data: {values: […]}",
    ast.Tuple: "name it under data: {values: […]}",
    ast.ListComp: "formulas act on whole arrays: x ** 2",
    ast.GeneratorExp: "formulas act on whole arrays: x ** 2",
    ast.Lambda: "give the formula a name under data: {expr: …}",
}

# What functions are called elsewhere.
_ALSO_CALLED: Mapping[str, str] = {
    "power": "write a ** b",
    "pow": "write a ** b",
    "dot": "write a @ b",
    "matmul": "write a @ b",
    "asin": "did you mean 'arcsin'?",
    "acos": "did you mean 'arccos'?",
    "atan": "did you mean 'arctan'?",
    "ln": "did you mean 'log'?",
    "average": "did you mean 'mean'?",
    "absolute": "did you mean 'abs'?",
    "len": "did you mean 'size'?",
    "expit": "did you mean 'sigmoid'?",
    "swish": "did you mean 'silu'?",
    "amax": "did you mean 'max'?",
    "linspace": "it is a data source: {linspace: [0, 1, 100]}",
    "arange": "did you mean 'indices'?",
}


def parse(text: str) -> Node:
    """Parse a formula. Raises ExpressionError at the first thing that is not part of the grammar."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"a formula of {len(text):,} characters", 0, (f"up to {MAX_LENGTH:,}",))
    indent = len(text) - len(text.lstrip())
    source = " ".join(text[indent:].split("\n"))
    if not source:
        raise ExpressionError("an empty formula", 0, ("a number, a name or more",))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            body = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        message, offset, hint = _syntax(source, error)
        raise ExpressionError(f"not a formula: {message}", min(indent + offset, len(text)), hint=hint) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("not a formula: it cannot be read", 0, ("printable text, nested moderately",)) from None
    return _Converter(source, indent).convert(body, 0)


# Slips that Python's own words for them do not help with, and what its words are kept for.
_WORD = r"(?!(?:and|or|not|if|else|in|is|for)\b|[eE][-+]?\d)(?:[A-Za-z_]\w*|\()"
_SLIPS: tuple[tuple[str, str], ...] = (
    (rf"(?<![\w.])\d[\d.]*\s*{_WORD}", "write * for a product"),
    (rf"\)\s*{_WORD}", "write * for a product"),
    (r"[\u2212\u2013]", "write a plain - for minus"),
    (r"[\u00d7\u22c5\u00b7]", "write * for a product"),
    (r"\|[^|]*\|", "write abs(x) for an absolute value"),
)
_ASSIGNMENT = re.compile(r"(?<![=<>!])=(?!=)")
_PLAIN = re.compile(r"'.' was never closed|unmatched '.'|closing parenthesis .*|invalid (non-printable )?character .*")


def _syntax(source: str, error: SyntaxError) -> tuple[str, int, str]:
    """Say what is wrong with a formula that cannot be parsed, at which character, and what to write instead."""
    offset = max((error.offset or 0) - 1, 0)
    for pattern, hint in _SLIPS:
        if slip := re.search(pattern, source):
            return f"'{slip[0]}'", slip.start(), hint
    if _PLAIN.fullmatch(error.msg):
        return error.msg, offset, ""
    if "unterminated" in error.msg:
        return "a quote that is never closed", offset, ""
    if "leading zeros" in error.msg:
        return "a number with leading zeros", offset, ""
    outside = source
    while (shorter := re.sub(r"\([^()]*\)", lambda call: "_" * len(call[0]), outside)) != outside:
        outside = shorter
    if found := _ASSIGNMENT.search(outside):
        return "'='", found.start(), "write == for equality"
    token = re.match(r"\w+|\S", source[offset:]) if error.offset else None
    if token is None:
        return "it ends too early", len(source), ""
    return f"'{token[0]}' is out of place", offset, ""


@dataclass
class _Converter:
    """Turns Python's syntax tree into ours, counting as it goes."""

    source: str
    indent: int
    nodes: int = 0

    def convert(self, node: ast.AST, depth: int) -> Node:
        self.nodes += 1
        offset = self._offset(node)
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise ExpressionError("a formula nested too deeply", offset, (f"up to {MAX_DEPTH} levels",))
        convert = functools.partial(self.convert, depth=depth + 1)
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                return Number(self._float(value, offset), offset)
            case ast.Name(id=name):
                return Name(name, offset)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
                return Call(_UNARY[type(op)], (convert(operand),), (), offset)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _BINARY:
                return Call(_BINARY[type(op)], (convert(left), convert(right)), (), offset)
            case ast.BoolOp(op=op, values=values):
                terms = [self.convert(value, depth + len(values)) for value in values]
                return self._join(_BINARY[type(op)], terms, offset)
            case ast.Compare(left=left, ops=ops, comparators=comparators) if all(type(op) in _BINARY for op in ops):
                terms = [self.convert(term, depth + len(ops)) for term in (left, *comparators)]
                pairs = zip(ops, terms, terms[1:], strict=False)
                return self._join("and", [Call(_BINARY[type(op)], (a, b), (), offset) for op, a, b in pairs], offset)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                named = tuple((keyword.arg or "**", convert(keyword.value)) for keyword in keywords)
                return check_call(Call(name, tuple(convert(arg) for arg in args), named, offset))
            case ast.Subscript(value=value, slice=index):
                items = index.elts if isinstance(index, ast.Tuple) else [index]
                return Subscript(convert(value), tuple(self._item(item, depth) for item in items), offset)
        raise self._refusal(node, offset)

    def _item(self, node: ast.AST, depth: int) -> Node | Slice | None:
        if isinstance(node, ast.Constant) and node.value is None:
            return None
        if isinstance(node, ast.Slice):
            parts = (node.lower, node.upper, node.step)
            return Slice(*(None if part is None else self.convert(part, depth + 1) for part in parts))
        return self.convert(node, depth + 1)

    @staticmethod
    def _join(operator: str, terms: list[Node], offset: int) -> Node:
        return functools.reduce(lambda a, b: Call(operator, (a, b), (), offset), terms)

    @staticmethod
    def _float(value: float, offset: int) -> float:
        try:
            return float(value)
        except OverflowError:
            raise ExpressionError("a number that is too large", offset, ("up to 1.8e308",)) from None

    def _offset(self, node: ast.AST) -> int:
        # Python counts UTF-8 bytes; people and editors count characters.
        prefix = self.source.encode()[: getattr(node, "col_offset", 0)]
        return self.indent + len(prefix.decode(errors="ignore"))

    def _refusal(self, node: ast.AST, offset: int) -> ExpressionError:
        shape = node.func if isinstance(node, ast.Call) else getattr(node, "op", node)
        written = ast.get_source_segment(self.source, node) if isinstance(node, ast.expr) else None
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        shown = f"the text {written}" if text and written else f"'{_shorten(written or self.source)}'"
        product = isinstance(node, ast.Call) and isinstance(shape, ast.Constant | ast.BinOp | ast.Call)
        return ExpressionError(
            f"{shown} is not part of the formula language",
            offset,
            ("numbers, names, arithmetic, comparisons, and/or/not, calls and subscripts",),
            "write * for a product" if product else _INSTEAD.get(type(shape), ""),
        )


def _shorten(text: str, width: int = 40) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def check_call(call: Call) -> Call:
    """Check a call's name and arguments against the table of functions, and return it."""
    if call.function == "diff":
        if call.keywords or len(call.args) not in {2, 3}:
            raise ExpressionError(
                "diff() takes a formula, a name and perhaps an order", call.offset, ("diff(f, x, n=1)",)
            )
        return call
    function = FUNCTIONS.get(call.function)
    if function is None:
        raise ExpressionError(
            f"unknown function '{call.function}'",
            call.offset,
            hint=_ALSO_CALLED.get(call.function, did_you_mean(call.function, [*FUNCTIONS, "diff"]))
            or "'figgen functions' lists all there are",
        )
    if wrong := _wrong_arguments(call, function.signature.parameters):
        message, hint = wrong
        raise ExpressionError(f"{call.function}(): {message}", call.offset, (f"{function.usage}",), hint)
    return call


def _wrong_arguments(call: Call, parameters: Mapping[str, inspect.Parameter]) -> tuple[str, str] | None:
    """Say what is wrong with the arguments of a call, and what was meant; None if nothing is."""
    keywords = [name for name, _ in call.keywords]
    given = list(parameters)[: len(call.args)]
    if unknown := [name for name in keywords if name not in parameters]:
        return f"there is no argument '{unknown[0]}'", did_you_mean(unknown[0], parameters)
    if len(call.args) > len(parameters):
        return f"{len(call.args)} arguments are too many", ""
    if twice := [name for name in keywords if name in given or keywords.count(name) > 1]:
        return f"the argument '{twice[0]}' is given twice", ""
    needed = [name for name, parameter in parameters.items() if parameter.default is parameter.empty]
    if missing := [name for name in needed if name not in (*given, *keywords)]:
        return f"the argument '{missing[0]}' is missing", ""
    return None


def unknown_name(name: Name, known: list[str]) -> ExpressionError:
    """Describe a name that is in no table."""
    if name.id in FUNCTIONS:
        return ExpressionError(f"'{name.id}' is a function", name.offset, hint=f"write {FUNCTIONS[name.id].usage}")
    return ExpressionError(f"unknown name '{name.id}'", name.offset, tuple(sorted(known)), did_you_mean(name.id, known))
