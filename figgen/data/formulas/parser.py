"""Formulas: text -> tree.

The grammar is Python's own for arithmetic, comparisons, `and`/`or`/`not`, subscripts and calls, and nothing else:
`parse` rejects attributes, strings, comprehensions and functions outside the table, and nothing is passed to `eval`.
"""

import ast
import functools
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from figgen.data.formulas.functions import FUNCTIONS
from figgen.data.formulas.tree import MAX_NODES, NONE, Call, ExpressionError, Name, Node, Number, limit_nesting
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

# What to write instead of unsupported syntax.
_ALTERNATIVES: Mapping[type[ast.AST], str] = {
    ast.BitXor: "write ** for a power",
    ast.BitAnd: "write 'and'",
    ast.BitOr: "write 'or'",
    ast.Invert: "write 'not'",
    ast.IfExp: "write where(condition, a, b)",
    ast.Attribute: "write functions without a module or object: sin(x), mean(x)",
    ast.Constant: "write numbers and names without quotes",
    ast.List: "define it under data: {values: […]}",
    ast.Tuple: "define it under data: {values: […]}",
    ast.ListComp: "formulas apply to whole arrays: x ** 2",
    ast.GeneratorExp: "formulas apply to whole arrays: x ** 2",
    ast.Lambda: "define the formula under data: {expr: …}",
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
    "linspace": "define it under data: {linspace: [0, 1, 100]}",
    "arange": "did you mean 'indices'?",
}


@limit_nesting()
def parse(text: str) -> Node:
    """Parse a formula. Raises ExpressionError at the first mistake."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"formula too long: {len(text):,} characters", 0, (f"up to {MAX_LENGTH:,}",))
    indent = len(text) - len(text.lstrip())
    source = text[indent:].replace("\n", " ")
    if not source:
        raise ExpressionError("empty formula", 0, ("a number", "a name", "an expression"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            body = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        message, offset, hint = _explain(source, error)
        raise ExpressionError(f"invalid syntax: {message}", min(indent + offset, len(text)), hint=hint) from None
    except ValueError as error:  # characters that have no UTF-8
        raise ExpressionError(f"invalid syntax: {error}") from None
    except MemoryError:  # Python's parser raises it where brackets are nested too deeply
        raise RecursionError from None
    return _Converter(source, indent).convert(body, 0)


# Common mistakes for which Python's own message is of little help, and what to write instead.
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


def _explain(source: str, error: SyntaxError) -> tuple[str, int, str]:
    """Return the message, the offset and a hint for a formula that Python cannot parse."""
    offset = error.offset - 1 if error.offset else len(source)  # Python has no offset where the text ends too early
    for pattern, hint in _MISTAKES:
        for found in re.finditer(pattern, source):
            if found.start() <= offset < found.end():
                return f"'{found[0]}'", found.start(), hint
    if _CLEAR.fullmatch(error.msg):
        return error.msg, offset, ""
    if "unterminated" in error.msg:
        return "unterminated string", offset, ""
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


@dataclass
class _Converter:
    """Converts Python's syntax tree to ours, and counts its nodes."""

    source: str
    indent: int
    nodes: int = 0

    def convert(self, node: ast.AST, depth: int) -> Node:
        self.nodes += 1
        offset = self._offset(node)
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise ExpressionError("formula nested too deeply", offset, (f"up to {MAX_DEPTH} levels",))
        convert = functools.partial(self.convert, depth=depth + 1)
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                try:
                    return Number(float(value), offset)
                except OverflowError:
                    raise ExpressionError("number too large", offset, ("up to 1.8e308",)) from None
            case ast.Name(id=name):
                return Name(name, offset)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
                return Call(_UNARY[type(op)], (convert(operand),), offset)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _BINARY:
                return Call(_BINARY[type(op)], (convert(left), convert(right)), offset)
            case ast.BoolOp(op=op, values=values):
                terms = [self.convert(value, depth + len(values)) for value in values]
                return self._join(_BINARY[type(op)], terms, offset)
            case ast.Compare(left=left, ops=ops, comparators=comparators) if all(type(op) in _BINARY for op in ops):
                terms = [self.convert(term, depth + len(ops)) for term in (left, *comparators)]
                pairs = zip(ops, terms, terms[1:], strict=False)
                return self._join("and", [Call(_BINARY[type(op)], (a, b), offset) for op, a, b in pairs], offset)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                named = tuple((keyword.arg or "**", convert(keyword.value)) for keyword in keywords)
                return _check_call(name, tuple(map(convert, args)), named, offset)
            case ast.Subscript(value=value, slice=index):
                items = index.elts if isinstance(index, ast.Tuple) else [index]
                return Call("[]", (convert(value), *(self._item(item, depth + 1) for item in items)), offset)
        raise self._unsupported(node, offset)

    def _item(self, node: ast.AST | None, depth: int) -> Node:
        match node:
            case None | ast.Constant(value=None):
                return NONE
            case ast.Slice(lower=start, upper=stop, step=step):
                return Call(":", tuple(self._item(part, depth) for part in (start, stop, step)))
        return self.convert(node, depth)

    @staticmethod
    def _join(operator: str, terms: list[Node], offset: int) -> Node:
        return functools.reduce(lambda a, b: Call(operator, (a, b), offset), terms)

    def _offset(self, node: ast.AST) -> int:
        # Python counts UTF-8 bytes; people and editors count characters.
        prefix = self.source.encode()[: getattr(node, "col_offset", 0)]
        return self.indent + len(prefix.decode(errors="ignore"))

    def _unsupported(self, node: ast.AST, offset: int) -> ExpressionError:
        segment = ast.get_source_segment(self.source, node) if isinstance(node, ast.expr) else None
        kind = node.func if isinstance(node, ast.Call) else getattr(node, "op", node)
        product = isinstance(node, ast.Call) and isinstance(kind, ast.Constant | ast.BinOp | ast.Call)
        hint = "write * for multiplication" if product else _ALTERNATIVES.get(type(kind), "")
        return ExpressionError(f"unsupported syntax: {_shorten(segment or self.source)}", offset, _SUPPORTED, hint)


_SUPPORTED = ("numbers", "names", "arithmetic", "comparisons", "and/or/not", "function calls", "subscripts")


def _shorten(text: str, width: int = 40) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _check_call(name: str, args: tuple[Node, ...], keywords: tuple[tuple[str, Node], ...], offset: int) -> Call:
    """Return a call with all its arguments, after checking its name and arguments against the table of functions."""
    function = FUNCTIONS.get(name)
    if function is None:
        hint = _SYNONYMS.get(name) or did_you_mean(name, FUNCTIONS) or "'figgen functions' lists them all"
        raise ExpressionError(f"unknown function '{name}'", offset, hint=hint)
    parameters, named = function.signature.parameters, dict(keywords)
    unknown = next((keyword for keyword in named if keyword not in parameters), None)
    try:
        bound = function.signature.bind(*args, **named)
    except TypeError as error:
        message = f"got an unexpected keyword argument '{unknown}'" if unknown else str(error)
        hint = did_you_mean(unknown, parameters) if unknown else ""
        raise ExpressionError(f"{name}(): {message}", offset, (function.usage,), hint) from None
    if len(named) < len(keywords):
        raise ExpressionError(f"{name}(): keyword argument repeated", offset, (function.usage,))
    bound.apply_defaults()
    return Call(name, tuple(bound.arguments.values()), offset)


def unknown_name(name: Name, known: list[str]) -> ExpressionError:
    """Return the error of a name that is not defined."""
    if name.id in FUNCTIONS:
        return ExpressionError(f"'{name.id}' is a function", name.offset, hint=f"write {FUNCTIONS[name.id].usage}")
    return ExpressionError(f"unknown name '{name.id}'", name.offset, tuple(sorted(known)), did_you_mean(name.id, known))
