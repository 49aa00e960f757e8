"""Exact derivatives: tree -> tree, by the chain rule and the differentials in the table of functions."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from figgen.data.formulas.functions import FUNCTIONS, OPERATORS, Function
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import MAX_NODES, Call, ExpressionError, Name, Node, Number, limit_nesting, names

MAX_ORDER = 8

Formulas = Callable[[str], Node | None]


@limit_nesting()
def expand(node: Node, formulas: Formulas) -> Node:
    """Replace every `diff(f, x, n)` in a tree by the n-th derivative of f.

    `formulas` returns the tree of a name that is defined by a formula, which is differentiated too, or None for sampled
    data. Raises ExpressionError where there is no exact derivative.
    """
    return _Expansion(formulas).expand(node)


@dataclass
class _Expansion:
    """The expansion of all derivatives in one formula; `nodes` counts those differentiated so far."""

    formulas: Formulas
    nodes: int = 0

    def expand(self, node: Node) -> Node:
        match node:
            case Call(function="diff"):
                return self._nth_derivative(node)
            case Call(function=function, args=args, offset=offset):
                return Call(function, tuple(map(self.expand, args)), offset)
        return node

    def _nth_derivative(self, call: Call) -> Node:
        formula, variable, order = call.args
        if not isinstance(variable, Name):
            message = "diff(): the second argument must be a name"
            raise ExpressionError(message, call.offset, hint="write diff(f, x), where x is a name under data")
        if not isinstance(order, Number) or order.value not in range(1, MAX_ORDER + 1):
            raise ExpressionError("diff(): invalid order", call.offset, (f"an integer from 1 to {MAX_ORDER}",))
        tree = self.expand(formula)
        if not _depends(tree, variable.id, self.formulas):
            message = f"cannot differentiate: the expression does not depend on '{variable.id}'"
            hint = f"diff() follows formulas only; gradient(y, {variable.id}) estimates the slope of sampled data"
            raise ExpressionError(message, call.offset, hint=hint)
        for _ in range(int(order.value)):
            tree = _Differentiator(variable.id, self).derivative(tree)
        return Call("like", (tree, variable), call.offset)


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
    """Differentiates one tree with respect to one variable. Shared subtrees are differentiated once and stay shared."""

    variable: str
    expansion: _Expansion
    known: dict[int, tuple[Node, Node]] = field(default_factory=dict)

    def derivative(self, node: Node) -> Node:
        if id(node) not in self.known:
            self.expansion.nodes += 1
            if self.expansion.nodes > MAX_NODES:
                raise ExpressionError("derivative too long", node.offset, (f"up to {MAX_NODES:,} terms",))
            # The node is kept beside its derivative: Python may reuse the id of a deleted object.
            self.known[id(node)] = (node, self._derivative(node))
        return self.known[id(node)][1]

    def _derivative(self, node: Node) -> Node:
        match node:
            case Number():
                return ZERO
            case Name(id=name):
                return ONE if name == self.variable else self._named(node)
            case Call(function="like", args=(value, _)):  # an inner derivative, broadcast to the shape of its variable
                return self.derivative(value)
            case Call(function=name):
                function = OPERATORS.get(name) or FUNCTIONS.get(name)
                if function and function.elementwise:
                    return self._chain_rule(node, function)
        if _depends(node, self.variable, self.expansion.formulas):
            hint = "diff() supports arithmetic, where() and elementwise functions"
            what = "a subscript" if name == "[]" else f"{name}()"
            raise ExpressionError(f"cannot differentiate {what}", node.offset, hint=hint)
        return ZERO

    def _named(self, name: Name) -> Node:
        formula = self.expansion.formulas(name.id)
        try:
            return ZERO if formula is None else self.derivative(self.expansion.expand(formula))
        except ExpressionError as error:  # its offset counts in the formula that defines the name
            raise ExpressionError(error.message, name.offset, error.allowed, error.hint) from None

    def _chain_rule(self, call: Call, function: Function) -> Node:
        terms: dict[str, Node] = {}
        for name, argument in zip(function.signature.parameters, call.args, strict=True):
            terms |= {name: argument, f"d{name}": self.derivative(argument)}
        return _substitute(_differential(function.differential), terms, call.offset)


_differential = functools.cache(parse)


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
    """Return a call without terms that are exactly 0: 0 * log(x) is 0, also where log(x) is nan."""
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
    return Call(function, tuple(args), offset)
