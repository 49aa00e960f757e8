"""Formulas as syntax trees; each node has its offset in the text."""

import contextlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from figgen.errors import FiggenError, Problem, Where

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf}
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
MAX_NODES = 20_000  # also of all derivatives in a formula, which can be far longer than the formula


class ExpressionError(FiggenError):
    """A formula is wrong; `offset` counts characters from its start."""

    def __init__(self, message: str, offset: int = 0, allowed: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message)
        self.message: Final = message
        self.offset: Final = offset
        self.allowed: Final = allowed
        self.hint: Final = hint


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A literal number."""

    value: float
    offset: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A named array or constant."""

    id: str
    offset: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function or operator (`+`, `neg`, `<` …) with all its arguments, in the order of its signature.

    `value[items]` is the operator `[]` of the value and the items; a slice is the operator `:` of start, stop and step.
    """

    function: str
    args: tuple["Node", ...]
    offset: int = 0


Node = Number | Name | Call
NONE = Number(math.nan)  # Python's None: an axis that is not given, a bound of a slice, a new axis


def names(tree: Node) -> Iterator[Name]:
    """Yield every name in a tree, constants included; a shared subtree is visited once."""
    seen: set[int] = set()
    pending = [tree]
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Name):
            yield node
        elif isinstance(node, Call):
            pending += reversed(node.args)


@contextlib.contextmanager
def limit_nesting() -> Iterator[None]:
    """Raise ExpressionError instead of RecursionError: a formula, usually a derivative, is nested too deeply."""
    try:
        yield
    except RecursionError:
        raise ExpressionError("formula or derivative nested too deeply") from None


@contextlib.contextmanager
def report_errors(problems: list[Problem], where: Where) -> Iterator[None]:
    """Catch an ExpressionError within the context, and append it to `problems` as one of the formula at `where`."""
    try:
        yield
    except ExpressionError as error:
        problems.append(Problem(where, error.message, error.allowed, error.hint, error.offset))
