"""Spec -> named arrays: samples the data sources, and evaluates the formulas of data and channels."""

import graphlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from figgen.derivative import expand
from figgen.errors import Problem, SpecError, Where
from figgen.expression import CONSTANTS, ExpressionError, Name, Node, evaluate, names, parse, unknown_name
from figgen.functions import FUNCTIONS
from figgen.spec import Expr, Figure, Integers, Linspace, Source, Values, channels

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Samples:
    """The arrays of a figure: the named ones, and per layer those of its channels, all finite."""

    data: Mapping[str, Array]
    layers: tuple[Mapping[str, Array], ...]


def sample(spec: Figure) -> Samples:
    """Compute every array that a figure is drawn from. Raises SpecError with every problem of every formula."""
    workspace = _Workspace(spec)
    workspace.sample_data()
    layers = tuple(workspace.sample_layer(index) for index in range(len(spec.layers)))
    if workspace.problems:
        raise SpecError(workspace.problems)
    return Samples(workspace.arrays, layers)


@dataclass
class _Workspace:
    """Arrays as they become known. A name that could not be computed is reported once, not again by its users."""

    spec: Figure
    arrays: dict[str, Array] = field(default_factory=dict)
    formulas: dict[str, Node] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def sample_data(self) -> None:
        for name, source in self.spec.data.items():
            if name in CONSTANTS or name in FUNCTIONS:
                self._fail(
                    ("data", name), f"'{name}' is a {'constant' if name in CONSTANTS else 'function'} already", name
                )
            elif isinstance(source, Expr):
                self._parse_formula(name, source)
            else:
                self.arrays[name] = _read(source)
        for name in self._order():
            self._evaluate_formula(name)

    def sample_layer(self, index: int) -> Mapping[str, Array]:
        arrays: dict[str, Array] = {}
        for channel, formula in channels(self.spec.layers[index]):
            where: Where = ("layers", index, channel)
            try:
                array = self._evaluate(parse(formula))
            except ExpressionError as error:
                self._report(where, error)
            except _DependsOnFailedError:
                continue
            else:
                if not np.all(np.isfinite(array)):
                    self.problems.append(Problem(where, *_not_finite(array)))
                arrays[channel] = array
        return self._broadcast(arrays, index)

    def _broadcast(self, arrays: dict[str, Array], index: int) -> Mapping[str, Array]:
        try:
            return dict(zip(arrays, np.broadcast_arrays(*arrays.values()), strict=True))
        except ValueError:
            shapes = " and ".join(f"{channel} of shape {array.shape}" for channel, array in arrays.items())
            self.problems.append(Problem(("layers", index), f"shapes that do not match: {shapes}"))
            return {}

    def _parse_formula(self, name: str, source: Expr) -> None:
        try:
            self.formulas[name] = parse(source.expr)
        except ExpressionError as error:
            self._fail(("data", name, "expr"), error, name)

    def _order(self) -> list[str]:
        """Order the formulas so that each comes after those it is made of; a cycle is reported once, by name."""
        graph = {name: {used.id for used in names(tree)} & self.formulas.keys() for name, tree in self.formulas.items()}
        try:
            return list(graphlib.TopologicalSorter(graph).static_order())
        except graphlib.CycleError as error:
            cycle: list[str] = error.args[1][::-1]
            message = "defined by way of itself: " + " -> ".join(cycle)
            self._fail(("data", cycle[0], "expr"), message, *cycle)
            for name in cycle:
                self.formulas.pop(name, None)
            return self._order()

    def _evaluate_formula(self, name: str) -> None:
        try:
            self.arrays[name] = self._evaluate(self.formulas[name])
        except ExpressionError as error:
            self._fail(("data", name, "expr"), error, name)
        except _DependsOnFailedError:
            self.failed.add(name)

    def _evaluate(self, tree: Node) -> Array:
        for name in names(tree):
            self._lookup(name)
        try:
            return evaluate(expand(tree, self.formulas.get), self._lookup)
        except RecursionError:
            raise ExpressionError("a formula, or a derivative, nested too deeply") from None

    def _lookup(self, name: Name) -> Array:
        if name.id in CONSTANTS:
            return np.asarray(CONSTANTS[name.id])
        if name.id in self.failed:
            raise _DependsOnFailedError
        if name.id not in self.arrays:
            raise unknown_name(name, [*self.arrays, *self.formulas, *CONSTANTS])
        return self.arrays[name.id]

    def _fail(self, where: Where, error: ExpressionError | str, *failed: str) -> None:
        self.failed.update(failed)
        self._report(where, error if isinstance(error, ExpressionError) else ExpressionError(error))

    def _report(self, where: Where, error: ExpressionError) -> None:
        self.problems.append(Problem(where, error.message, error.allowed, error.hint, error.offset))


class _DependsOnFailedError(Exception):
    """A formula uses a name whose own problem is reported already."""


def _read(source: Source) -> Array:
    match source:
        case Linspace(linspace=(start, stop, count)):
            return np.linspace(start, stop, count)
        case Integers(integers=(first, last)):
            return np.arange(first, last + 1, dtype=np.float64)
        case Values(values=values):
            return np.asarray(values, dtype=np.float64)
    raise AssertionError(source)


def _not_finite(array: Array) -> tuple[str, str, str]:
    places = np.argwhere(~np.isfinite(array))
    first = ", ".join(str(index) for index in places[0])
    value = array[tuple(places[0])]
    return (
        f"{len(places)} of {array.size} values are not finite, the first ({value}) at index [{first}]",
        "allowed: finite numbers",
        "choose data where the formula is defined, or replace the rest with where(…)",
    )
