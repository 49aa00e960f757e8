"""The named arrays of a figure, and the formulas over them."""

import graphlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from figgen.config.spec import Source
from figgen.config.spec.sources import Expr, Random
from figgen.data.formulas.derivative import expand
from figgen.data.formulas.evaluate import evaluate
from figgen.data.formulas.parser import parse, unknown_name
from figgen.data.formulas.tree import CONSTANTS, ExpressionError, Name, Node, names
from figgen.data.sources import ReadFile, Stream, draw, read, start_stream
from figgen.errors import Problem, SourceError, Where, did_you_mean

Array = np.ndarray[Any, Any]


@dataclass
class Workspace:
    """Arrays by name, as they become known, and the problems met on the way.

    A name whose array could not be made is reported once, where it is defined, and not again by its users.
    """

    sources: Mapping[str, Source]
    read_file: ReadFile
    arrays: dict[str, Array] = field(default_factory=dict)
    formulas: dict[str, Node] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def sample(self) -> None:
        """Make the array of every source."""
        for name, source in self.sources.items():
            if name in CONSTANTS:
                error = ExpressionError(f"'{name}' is the name of a constant", 0, hint="choose another name")
                self._fail(name, "", error)
            elif isinstance(source, Expr):
                self._parse(name, source)
            elif not isinstance(source, Random):
                self._make(name, lambda source=source: read(source, self.read_file))  # type: ignore[misc]
        for name in self._order_of_draws():
            self._make(name, lambda name=name: self._draw(name))  # type: ignore[misc]
        for name in self._order_of_formulas():
            self._evaluate_definition(name)

    def parse(self, formula: str) -> Node:
        """Parse a formula over the names, with its derivatives worked out. Raises ExpressionError."""
        tree = parse(formula)
        for name in names(tree):
            self._lookup(name)
        try:
            return expand(tree, self.formulas.get)
        except RecursionError:
            raise ExpressionError("a derivative nested too deeply") from None

    def evaluate(self, formula: str, overrides: Mapping[str, Callable[..., Any]] | None = None) -> Array | None:
        """Evaluate a formula over the names; None where it uses a name whose own problem is reported already.

        `overrides` replaces operators (see `figgen.data.formulas.evaluate.evaluate`). Raises ExpressionError.
        """
        try:
            return self._evaluate(self.parse(formula), overrides)
        except _DependsOnFailedError:
            return None

    def value_of(self, node: Node, overrides: Mapping[str, Callable[..., Any]] | None = None) -> Array:
        """Evaluate a part of a tree that was evaluated before."""
        return evaluate(node, self._lookup, overrides)

    def _evaluate(self, tree: Node, overrides: Mapping[str, Callable[..., Any]] | None = None) -> Array:
        try:
            return evaluate(tree, self._lookup, overrides)
        except RecursionError:
            raise ExpressionError("a formula nested too deeply") from None

    def report(self, where: Where, error: ExpressionError) -> None:
        """Note what is wrong with the formula at a place."""
        self.problems.append(Problem(where, error.message, error.allowed, error.hint, error.offset))

    def _make(self, name: str, make: Callable[[], Array]) -> None:
        try:
            self.arrays[name] = make()
        except SourceError as error:
            self.failed.add(name)
            where = ("data", name, error.key) if error.key else ("data", name)
            self.problems.append(Problem(where, error.message, error.allowed, error.hint))

    def _order_of_draws(self) -> list[str]:
        """Order the random draws so that each comes after the one whose stream it goes on with."""
        draws = {name: source for name, source in self.sources.items() if isinstance(source, Random)}
        graph: dict[str, set[str]] = {}
        successors: dict[str, str] = {}
        for name, source in draws.items():
            if name in self.failed:
                continue
            graph[name] = set() if source.after is None else {source.after}
            if source.after is None:
                continue
            if source.after not in draws:
                message = f"'{source.after}' is no random draw"
                others = draws.keys() - {name}
                hint = did_you_mean(source.after, others) or "write a seed instead, to start a stream"
                self._fail(name, "after", ExpressionError(message, 0, tuple(sorted(others)), hint))
            elif (other := successors.setdefault(source.after, name)) != name:
                message = f"'{other}' goes on after '{source.after}' already"
                self._fail(name, "after", ExpressionError(message, 0, hint=f"write 'after: {other}', or a seed"))
        return [name for name in self._sorted(graph, "after") if name in draws and name not in self.failed]

    def _draw(self, name: str) -> Array:
        source = self.sources[name]
        assert isinstance(source, Random)  # noqa: S101 - only draws are ordered as such
        if source.after is not None and source.after in self.failed:
            raise SourceError(f"it goes on after '{source.after}', which failed", "after")
        self.streams[name] = start_stream(source) if source.after is None else self.streams[source.after]
        return draw(source, self.streams[name])

    def _parse(self, name: str, source: Expr) -> None:
        try:
            self.formulas[name] = parse(source.expr)
        except ExpressionError as error:
            self._fail(name, "expr", error)

    def _order_of_formulas(self) -> list[str]:
        """Order the formulas so that each comes after those that it is made of."""
        graph = {name: {used.id for used in names(tree)} & self.formulas.keys() for name, tree in self.formulas.items()}
        return self._sorted(graph, "expr")

    def _sorted(self, graph: dict[str, set[str]], key: str) -> list[str]:
        """Sort names by what they depend on; a cycle is reported once, and left out."""
        try:
            return list(graphlib.TopologicalSorter(graph).static_order())
        except graphlib.CycleError as error:
            cycle: list[str] = error.args[1][::-1]
            self._fail(cycle[0], key, ExpressionError("defined by way of itself: " + " -> ".join(cycle)))
            self.failed.update(cycle)
            return self._sorted({name: needs for name, needs in graph.items() if name not in cycle}, key)

    def _evaluate_definition(self, name: str) -> None:
        source = self.sources[name]
        if name in self.failed or not isinstance(source, Expr):
            return
        try:
            self.arrays[name] = self._evaluate(self.parse(source.expr))
        except ExpressionError as error:
            self._fail(name, "expr", error)
        except _DependsOnFailedError:
            self.failed.add(name)

    def _lookup(self, name: Name) -> Array:
        if name.id in CONSTANTS:
            return np.asarray(CONSTANTS[name.id])
        if name.id in self.failed:
            raise _DependsOnFailedError
        if name.id not in self.arrays:
            raise unknown_name(name, [*self.sources, *CONSTANTS])
        return self.arrays[name.id]

    def _fail(self, name: str, key: str, error: ExpressionError) -> None:
        self.failed.add(name)
        where = ("data", name, key) if key else ("data", name)
        self.problems.append(Problem(where, error.message, error.allowed, error.hint, error.offset, on_key=not key))


class _DependsOnFailedError(Exception):
    """A formula uses a name whose own problem is reported already."""
