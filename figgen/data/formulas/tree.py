"""Formulas as trees, whose nodes know where they stand in the text."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from figgen.errors import FiggenError

Array = np.ndarray[Any, Any]

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf}
MAX_NODES = 20_000  # of all derivatives in a formula too, which can be far longer than it


class ExpressionError(FiggenError):
    """A formula is wrong at `offset` characters from its start."""

    def __init__(self, message: str, offset: int = 0, allowed: tuple[str, ...] = (), hint: str = "") -> None:
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
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


def names(node: Node | Slice | None) -> Iterator[Name]:
    """Yield every name in a tree, constants included; of a part that is shared, once."""
    seen: set[int] = set()

    def within(node: Node | Slice | None) -> Iterator[Name]:
        if id(node) in seen:
            return
        seen.add(id(node))
        match node:
            case Name():
                yield node
            case Call(args=args, keywords=keywords):
                for argument in (*args, *(value for _, value in keywords)):
                    yield from within(argument)
            case Subscript(value=value, items=items):
                for item in (value, *items):
                    yield from within(item)
            case Slice(start=start, stop=stop, step=step):
                for part in (start, stop, step):
                    yield from within(part)

    return within(node)
