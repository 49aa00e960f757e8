"""The named arrays of a figure, and the evaluation of formulas over them."""

import graphlib
import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from figgen.config.spec import Source
from figgen.config.spec.arrays import Array
from figgen.config.spec.sources import Expr, Random
from figgen.data.formulas.derivative import expand
from figgen.data.formulas.evaluate import Overrides, evaluate
from figgen.data.formulas.formula_errors import unknown_name
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import CONSTANTS, ExpressionError, Name, Node, names
from figgen.data.sources import ReadFile, Stream, draw, read, start_stream
from figgen.errors import Problem, SourceError, did_you_mean


@dataclass
class Namespace:
    """Arrays by name, and the problems found while they are computed.

    An error in the definition of a name is reported there only, not again where the name is used.
    """

    sources: Mapping[str, Source]
    read_file: ReadFile
    arrays: dict[str, Array] = field(default_factory=dict)
    formulas: dict[str, Node] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    next_draws: dict[str, str] = field(default_factory=dict)  # the draw that continues the stream of each
    problems: list[Problem] = field(default_factory=list)

    def compute(self) -> None:
        """Compute the array of every source, in the order of their dependencies."""
        draws = {name: source for name, source in self.sources.items() if isinstance(source, Random)}
        dependencies = {}
        for name in self.sources:
            try:
                dependencies[name] = self._dependencies(name, draws)
            except (ExpressionError, SourceError) as error:
                self._report(name, error)
        for name in self._sort(dependencies):
            try:
                self.arrays[name] = self._compute(name)
            except (ExpressionError, SourceError) as error:
                self._report(name, error)
            except _UndefinedError:
                pass  # reported where it is defined

    def evaluate(self, formula: str, overrides: Overrides | None = None) -> Array | None:
        """Return the array of a formula, or None if it uses a name whose definition has an error.

        `overrides` is as in `evaluate.evaluate`. Raises ExpressionError.
        """
        try:
            return self.value_of(self.parse(formula), overrides)
        except _UndefinedError:
            return None

    def parse(self, formula: str) -> Node:
        """Parse a formula over the names, and replace derivatives by their formulas. Raises ExpressionError."""
        tree = parse(formula)
        for name in names(tree):
            self._lookup(name)
        return expand(tree, self.formulas.get)

    def value_of(self, tree: Node, overrides: Overrides | None = None) -> Array:
        """Evaluate a tree that `parse` returned, or a part of it."""
        return evaluate(tree, self._lookup, overrides)

    def _lookup(self, name: Name) -> Array:
        if name.id in CONSTANTS:
            return np.asarray(CONSTANTS[name.id])
        if name.id in self.arrays:
            return self.arrays[name.id]
        if name.id in self.sources:
            raise _UndefinedError
        raise unknown_name(name, [*self.sources, *CONSTANTS])

    def _dependencies(self, name: str, draws: Mapping[str, Random]) -> Sequence[str]:
        """Return the sources that a source is computed from. Raises SourceError or ExpressionError."""
        source = self.sources[name]
        if what := _reserved(name):
            raise SourceError(f"'{name}' is {what}", hint="choose another name")
        if isinstance(source, Expr):
            self.formulas[name] = parse(source.expr)
            return [used.id for used in names(self.formulas[name]) if used.id in self.sources]
        if not isinstance(source, Random) or source.after is None:
            return ()
        if source.after not in draws:
            others = sorted(draws.keys() - {name})
            hint = did_you_mean(source.after, others) or "set 'seed' instead, to start a new stream"
            raise SourceError(f"'{source.after}' is not a random draw", "after", tuple(others), hint)
        if (other := self.next_draws.setdefault(source.after, name)) != name:
            message = f"the stream of '{source.after}' is already continued by '{other}'"
            raise SourceError(message, "after", hint=f"write 'after: {other}', or set 'seed' instead")
        return (source.after,)

    def _sort(self, dependencies: dict[str, Sequence[str]]) -> list[str]:
        """Return the names, each after those that it depends on. Each cycle is reported and left out."""
        while True:
            try:
                order = graphlib.TopologicalSorter(dependencies).static_order()
                return [name for name in order if name in dependencies]
            except graphlib.CycleError as error:
                cycle: list[str] = error.args[1][:0:-1]
                first = next(name for name in dependencies if name in cycle)
                at = cycle.index(first)
                message = "circular definition: " + " -> ".join([*cycle[at:], *cycle[:at], first])
                self._report(first, SourceError(message, "expr" if first in self.formulas else "after"))
                dependencies = {name: used for name, used in dependencies.items() if name not in cycle}

    def _compute(self, name: str) -> Array:
        match self.sources[name]:
            case Expr(expr=formula):
                return self.value_of(self.parse(formula))
            case Random(after=after) as source:
                if after is not None and after not in self.streams:
                    raise _UndefinedError
                stream = start_stream(source) if after is None else self.streams[after]
                array = draw(source, stream)
                self.streams[name] = stream
                return array
            case source:
                return read(source, self.read_file)

    def _report(self, name: str, error: ExpressionError | SourceError) -> None:
        key, offset = (error.key, 0) if isinstance(error, SourceError) else ("expr", error.offset)
        where = ("data", name, key) if key else ("data", name)
        on_key = bool(_reserved(name))
        self.problems.append(Problem(where, error.message, error.allowed, error.hint, offset, on_key))


def _reserved(name: str) -> str:
    """Return what a name is that no formula can use for data; "" if it can, as it can the name of a function."""
    if name in CONSTANTS:
        return "the name of a constant"
    return "a Python keyword, which no formula can use as a name" if keyword.iskeyword(name) else ""


class _UndefinedError(Exception):
    """A formula or a draw depends on a name whose error is already reported."""
