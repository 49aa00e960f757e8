"""Exact derivatives: tree -> tree, by the differentials in the table of functions and the chain rule."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from figgen.data.formulas.functions import FUNCTIONS, OPERATORS
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import MAX_NODES, Call, ExpressionError, Name, Node, Number, Slice, Subscript, names

MAX_ORDER = 8

Formulas = Callable[[str], Node | None]


def expand(node: Node, formulas: Formulas) -> Node:
    """Replace every `diff(f, x, n)` in a tree by the n-th derivative of f.

    `formulas` gives the tree that a name stands for, or None where it stands for sampled data; a derivative goes
    through names that are formulas. Raises ExpressionError where there is no exact derivative.
    """
    return _Expansion(formulas).expand(node)


@dataclass
class _Expansion:
    """The derivatives of one formula: what names stand for, and how many parts were differentiated so far."""

    formulas: Formulas
    parts: int = 0

    def expand(self, node: Node) -> Node:
        match node:
            case Call(function="diff"):
                return self._nth_derivative(node)
            case Call(function=function, args=args, keywords=keywords, offset=offset):
                inner = tuple(self.expand(arg) for arg in args)
                return Call(function, inner, tuple((name, self.expand(value)) for name, value in keywords), offset)
            case Subscript(value=value, items=items, offset=offset):
                return Subscript(self.expand(value), tuple(self._item(item) for item in items), offset)
        return node

    def _item(self, item: Node | Slice | None) -> Node | Slice | None:
        if isinstance(item, Slice):
            return Slice(*(part and self.expand(part) for part in (item.start, item.stop, item.step)))
        return item and self.expand(item)

    def _nth_derivative(self, call: Call) -> Node:
        variable = call.args[1]
        if not isinstance(variable, Name):
            message = "diff() by something that is not a name"
            raise ExpressionError(message, call.offset, ("diff(f, x): x names the data",))
        order = _order(call)
        tree = self.expand(call.args[0])
        if not _depends(tree, variable.id, self.formulas):
            raise ExpressionError(
                f"diff() of what does not depend on '{variable.id}' by a formula",
                call.offset,
                ("diff() is exact and goes through formulas only",),
                f"gradient(y, {variable.id}) estimates the slope of samples",
            )
        for _ in range(order):
            tree = _Differentiator(variable.id, self).derivative(tree)
        return Call("like", (tree, variable), (), call.offset)

    def count(self, node: Node) -> None:
        """Count a part. Raises ExpressionError if there are too many."""
        self.parts += 1
        if self.parts > MAX_NODES:
            message = "a derivative that grows too long"
            raise ExpressionError(message, node.offset, (f"up to {MAX_NODES:,} parts",))


def _order(call: Call) -> int:
    if len(call.args) == 2:  # noqa: PLR2004 - diff(f, x)
        return 1
    order = call.args[2]
    if isinstance(order, Number) and order.value in range(1, MAX_ORDER + 1):
        return int(order.value)
    raise ExpressionError("diff() of an order that is not a small whole number", call.offset, (f"1 to {MAX_ORDER}",))


def _depends(node: Node, variable: str, formulas: Formulas) -> bool:
    seen: set[str] = set()
    pending = [node]
    while pending:
        for name in names(pending.pop()):
            if name.id == variable:
                return True
            if name.id not in seen:
                seen.add(name.id)
                if (formula := formulas(name.id)) is not None:
                    pending.append(formula)
    return False


@dataclass
class _Differentiator:
    """One derivative by one variable. Shared subtrees are differentiated once and stay shared."""

    variable: str
    expansion: _Expansion
    known: dict[int, tuple[Node, Node]] = field(default_factory=dict)

    def derivative(self, node: Node) -> Node:
        if id(node) not in self.known:
            self.expansion.count(node)
            # The node is kept beside its derivative, or its id could be given to another one.
            self.known[id(node)] = (node, self._derivative(node))
        return self.known[id(node)][1]

    def _derivative(self, node: Node) -> Node:
        match node:
            case Number():
                return ZERO
            case Name(id=name):
                if name == self.variable:
                    return ONE
                formula = self.expansion.formulas(name)
                return ZERO if formula is None else self.derivative(self.expansion.expand(formula))
            case Subscript():
                return self._constant(node, "a subscript")
            case Call():
                return self._chain_rule(node)

    def _chain_rule(self, call: Call) -> Node:
        function = OPERATORS.get(call.function) or FUNCTIONS[call.function]
        if call.function == "like":  # an inner derivative: constant along what it was repeated for
            return self.derivative(call.args[0])
        if not function.differential:
            return self._constant(call, f"{call.function}()")
        bound = function.signature.bind(*call.args, **dict(call.keywords))
        bound.apply_defaults()
        terms: dict[str, Node] = {}
        for name, value in bound.arguments.items():
            argument = value if isinstance(value, Node) else Number(float(value))
            terms[name] = argument
            terms[f"d{name}"] = self.derivative(argument)
        return _substitute(_differential(function.differential), terms, call.offset)

    def _constant(self, node: Call | Subscript, what: str) -> Node:
        if _depends(node, self.variable, self.expansion.formulas):
            raise ExpressionError(
                f"diff() cannot go through {what}",
                node.offset,
                ("arithmetic, where() and the functions that act on each element by itself",),
            )
        return ZERO


@functools.cache
def _differential(text: str) -> Node:
    return parse(text)


def _substitute(node: Node, terms: Mapping[str, Node], offset: int) -> Node:
    match node:
        case Name(id=name) if name in terms:
            return terms[name]
        case Call(function=function, args=args):
            return _simplify(function, [_substitute(arg, terms, offset) for arg in args], offset)
    return node


ZERO = Number(0.0)
ONE = Number(1.0)


def _simplify(function: str, args: list[Node], offset: int) -> Node:
    """Build a call, dropping terms that are exactly nothing: 0 * log(x) is 0 here even where log(x) is not a number."""
    match function, args:
        case ("+", [Number(value=0), other]) | ("+" | "-", [other, Number(value=0)]):
            return other
        case "-", [Number(value=0), other]:
            return _simplify("neg", [other], offset)
        case ("*", [Number(value=0), _] | [_, Number(value=0)]) | ("/", [Number(value=0), _]):
            return ZERO
        case ("*", [Number(value=1), other]) | ("*" | "/" | "**", [other, Number(value=1)]):
            return other
        case "**", [_, Number(value=0)]:
            return ONE
        case "and", [Number(value=0), _]:
            return ZERO
        case "where", [_, Number(value=0), Number(value=0)]:
            return ZERO
        case "where", [Number(value=condition), a, b]:
            return a if condition else b
    numbers = [np.float64(arg.value) for arg in args if isinstance(arg, Number)]
    if function in OPERATORS and len(numbers) == len(args):
        with np.errstate(all="ignore"):
            return Number(float(OPERATORS[function].call(*numbers)))
    return Call(function, tuple(args), (), offset)
