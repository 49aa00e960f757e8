"""Missing values of a layer: report them, keep them as NaN where the mark leaves a gap, or leave their points out."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from figgen.config.spec import ChannelType, Layer, channels_of
from figgen.config.spec.arrays import Array, Arrays, drop_missing, find_missing, kind_of
from figgen.config.spec.sources import Csv, Npz
from figgen.data.csv_file import first_missing
from figgen.data.formulas.parser import parse
from figgen.data.formulas.tree import names
from figgen.data.namespace import Namespace
from figgen.errors import Problem, Where

_EFFECTS: Mapping[str, str] = {
    "gap": "'missing: gap' leaves a gap there",
    "drop": "'missing: drop' draws the others as if there were no more",
}


def handle_missing(
    layer: Layer, arrays: Arrays, where: Where, origin: Callable[[str], str]
) -> tuple[Arrays, list[Problem]]:
    """Return the arrays of a layer as its key `missing` says, and the problems if they cannot be drawn so.

    `origin` returns the file and line of the first missing value of a formula, or "".
    """
    found = [(use, find_missing(use[-1])) for use in _flatten(layer, arrays, where)]
    found = [(use, missing) for use, missing in found if np.any(missing)]
    problems = [
        problem
        for (channel, formula, place, _), missing in found
        if (problem := _find_problem(layer, channel, missing, place, partial(origin, formula)))
    ]
    if problems or not found or layer.missing in layer.DRAWS_NAN:
        return arrays, problems
    if not (rest := drop_missing(arrays)):
        problems.append(Problem(where, "every point lacks a value in one of its channels", hint="draw them apart"))
    return (rest if layer.missing == "drop" else arrays), problems


def _flatten(layer: Layer, arrays: Arrays, where: Where) -> Iterator[tuple[ChannelType, str, Where, Array]]:
    """Yield the channel, formula, place and array of everything that a layer is drawn from."""
    for name, channel in channels_of(layer):
        value, formula = arrays.get(name, ()), getattr(layer, name)
        if isinstance(value, tuple):
            for index, array in enumerate(value):
                yield channel, formula[index], (*where, name, index), array
        else:
            yield channel, formula, (*where, name), value


def _find_problem(
    layer: Layer, channel: ChannelType, missing: Any, place: Where, origin: Callable[[], str]
) -> Problem | None:
    first = ", ".join(map(str, np.argwhere(missing)[0])) if missing.ndim else ""
    count = f"missing values: {np.count_nonzero(missing)} of {missing.size}, the first at index [{first}]"
    if np.all(missing):
        count = "all values are missing" if first else "the value is missing"
    elif layer.missing != "error" and not channel.is_coordinate:
        return None
    effects = [] if np.all(missing) or channel.is_coordinate else [_EFFECTS[one] for one in layer.MISSING]
    instead = ", ".join(effects)
    if source := origin():
        return Problem(
            place, f"{count} ({source})", hint=instead or "y[y == y] has the values of y that are not missing"
        )
    return Problem(
        place, count, hint="; ".join(["restrict the data to where the formula is defined", *filter(None, [instead])])
    )


def find_origin(namespace: Namespace, formula: str) -> str:
    """Return where the missing values of a formula come from: the file, with the first line of a CSV file, or the name.

    It is "" if they come from none of the sources, but from a formula that is not defined everywhere.
    """
    pending = [name.id for name in names(parse(formula))]
    for name in pending:
        source, array = namespace.sources.get(name), namespace.arrays.get(name)
        if name in namespace.formulas:
            pending += [used.id for used in names(namespace.formulas[name]) if used.id not in pending]
        elif array is not None and np.any(find_missing(array)):
            if isinstance(source, Csv):
                content = namespace.read_file(source.csv)
                return first_missing(source, content, among_strings=kind_of(array) == "strings")
            return source.npz if isinstance(source, Npz) else f"'{name}'"
    return ""
