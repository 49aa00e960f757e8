"""Formulas: text -> tree.

The grammar is Python's own for arithmetic, comparisons, `and`/`or`/`not`, subscripts and calls, and nothing else: no
attribute, text, comprehension or name outside the tables gets past `parse`, and nothing is ever handed to `eval`.
Numbers are float64 throughout, so that no power or product wraps around as integers do.
"""

import ast
import functools
import math
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from figgen.errors import FiggenError, listed, nearest
from figgen.functions import FUNCTIONS

Array = np.ndarray[Any, Any]

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "e": math.e, "inf": math.inf})

MAX_LENGTH = 2_000  # characters
MAX_NODES = 20_000  # of a derivative too, which can be far longer than its formula
MAX_DEPTH = 100


class ExpressionError(FiggenError):
    """A formula is wrong at `offset` characters from its start."""

    def __init__(self, message: str, offset: int = 0, allowed: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.allowed, self.hint = message, offset, allowed, hint


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A literal."""

    value: float
    offset: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A named array or constant."""

    id: str
    offset: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function or operator (`+`, `neg`, `<` …) applied to arguments."""

    function: str
    args: tuple["Node", ...]
    keywords: tuple[tuple[str, "Node"], ...] = ()
    offset: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Subscript:
    """`value[items]`; an item is a node, a slice of nodes, or `None` for a new axis."""

    value: "Node"
    items: tuple["Node | Slice | None", ...]
    offset: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """`start:stop:step`, each of them optional."""

    start: "Node | None"
    stop: "Node | None"
    step: "Node | None"


Node = Number | Name | Call | Subscript

_BINARY: Mapping[type[ast.AST], str] = MappingProxyType({
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.And: "and", ast.Or: "or",
})  # fmt: skip
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_UNARY: Mapping[type[ast.AST], str] = MappingProxyType({ast.USub: "neg", ast.UAdd: "pos", ast.Not: "not"})

_INSTEAD: Mapping[type[ast.AST], str] = MappingProxyType({
    ast.BitXor: "write ** for a power",
    ast.BitAnd: "write 'and'",
    ast.BitOr: "write 'or'",
    ast.Invert: "write 'not'",
    ast.IfExp: "write where(condition, a, b)",
    ast.Attribute: "functions stand alone: sin(x), not np.sin(x)",
})  # fmt: skip


def parse(text: str) -> Node:
    """Parse a formula. Raises ExpressionError at the first thing that is not part of the grammar."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"a formula of {len(text):,} characters", 0, f"allowed: up to {MAX_LENGTH:,}")
    indent = len(text) - len(text.lstrip())
    source = " ".join(text[indent:].split("\n"))
    if not source:
        raise ExpressionError("an empty formula")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            body = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        if not error.offset:
            raise ExpressionError("not a formula: it ends too early", len(text)) from None
        offset = min(indent + error.offset - 1, len(text))
        raise ExpressionError(f"not a formula: {error.msg}", offset, "", _slip(source)) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError(
            "not a formula: it cannot be read", 0, "allowed: printable text, nested moderately"
        ) from None
    return _Converter(source, indent).convert(body, 0)


# Slips that Python's own words for them do not help with.
_SLIPS: tuple[tuple[str, str], ...] = (
    (r"\d\s*[A-Za-z_(]|\)\s*[A-Za-z_0-9(]", "write * for a product"),
    (r"[\u2212\u2013]", "write a plain - for minus"),
    (r"[\u00d7\u22c5\u00b7]", "write * for a product"),
    (r"[^=<>!]=[^=]", "write == for equality"),
    (r"\|[^|]*\|", "write abs(x) for an absolute value"),
)


def _slip(source: str) -> str:
    return next((hint for pattern, hint in _SLIPS if re.search(pattern, source)), "")


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
            raise ExpressionError("a formula nested too deeply", offset, f"allowed: up to {MAX_DEPTH} levels")
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
            raise ExpressionError("a number too large for a float", offset, "allowed: up to 1.8e308") from None

    def _offset(self, node: ast.AST) -> int:
        # Python counts UTF-8 bytes; people and editors count characters.
        prefix = self.source.encode()[: getattr(node, "col_offset", 0)]
        return self.indent + len(prefix.decode(errors="ignore"))

    def _refusal(self, node: ast.AST, offset: int) -> ExpressionError:
        shape = node.func if isinstance(node, ast.Call) else getattr(node, "op", node)
        written = ast.get_source_segment(self.source, node) if isinstance(node, ast.expr) else None
        return ExpressionError(
            f"'{_shorten(written or self.source)}' is not part of the formula language",
            offset,
            "allowed: numbers, names, arithmetic, comparisons, and/or/not, calls and subscripts",
            _INSTEAD.get(type(shape), ""),
        )


def _shorten(text: str, width: int = 40) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def check_call(call: Call) -> Call:
    """Check a call's name and arguments against the table of functions, and return it."""
    if call.function == "diff":
        if call.keywords or len(call.args) not in {2, 3}:
            raise ExpressionError("diff() takes a formula, a name and perhaps an order", call.offset, "diff(f, x, n=1)")
        return call
    function = FUNCTIONS.get(call.function)
    if function is None:
        raise ExpressionError(
            f"unknown function '{call.function}'",
            call.offset,
            "'figgen functions' lists them" if not nearest(call.function, FUNCTIONS) else "",
            nearest(call.function, [*FUNCTIONS, "diff"]),
        )
    try:
        function.signature.bind(*call.args, **dict(call.keywords))
    except TypeError as error:
        raise ExpressionError(f"{call.function}(): {error}", call.offset, f"allowed: {function.usage}") from None
    return call


def names(node: Node | Slice | None) -> Iterator[Name]:
    """Yield every name in a tree, constants included."""
    match node:
        case Name():
            yield node
        case Call(args=args, keywords=keywords):
            for argument in (*args, *(value for _, value in keywords)):
                yield from names(argument)
        case Subscript(value=value, items=items):
            for item in (value, *items):
                yield from names(item)
        case Slice(start=start, stop=stop, step=step):
            for part in (start, stop, step):
                yield from names(part)


def unknown_name(name: Name, known: list[str]) -> ExpressionError:
    """Describe a name that is in no table."""
    if name.id in FUNCTIONS:
        return ExpressionError(f"'{name.id}' is a function", name.offset, "", f"write {FUNCTIONS[name.id].usage}")
    return ExpressionError(f"unknown name '{name.id}'", name.offset, listed(known), nearest(name.id, known))
