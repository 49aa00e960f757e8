"""Formulas: text -> tree.

The grammar is Python's own for arithmetic, comparisons, `and`/`or`/`not`, subscripts and calls, and nothing else:
`parse` rejects attributes, strings, comprehensions and functions outside the table, and nothing is passed to `eval`.
"""

import ast
import functools
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from figgen.data.formulas.formula_errors import (
    syntax_error,
    unknown_function,
    unsupported,
)
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
        raise syntax_error(text, indent, error) from None
    except ValueError as error:  # characters that have no UTF-8
        raise ExpressionError(f"invalid syntax: {error}") from None
    except MemoryError:  # Python's parser raises it where brackets are nested too deeply
        raise RecursionError from None
    return _Converter(source, indent).convert(body, 0)


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
        raise unsupported(self.source, node, offset)

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


def _check_call(name: str, args: tuple[Node, ...], keywords: tuple[tuple[str, Node], ...], offset: int) -> Call:
    """Return a call with all its arguments, after checking its name and arguments against the table of functions."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise unknown_function(name, offset)
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
