"""Spec -> arrays: the channels of every layer, the claims, and the values in the alt text."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from figgen.config.spec import Channel, Claim, Figure, Layer, marker
from figgen.errors import Problem, SpecError, Where
from figgen.nodes import COMPARISONS, Call, ExpressionError, Node
from figgen.sources import ReadFile
from figgen.workspace import Workspace

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Any]  # a channel's array, or a tuple of arrays for a channel of several series


@dataclass(frozen=True, slots=True)
class Samples:
    """What a figure is drawn from: the arrays of each panel's layers, all finite, and the alt text with its values."""

    panels: tuple[tuple[Arrays, ...], ...]
    alt: str


def sample(figure: Figure, read_file: ReadFile) -> Samples:
    """Compute every array that a figure is drawn from, and check its claims.

    `read_file` gives the content of a data file by the path that the config names. Raises SpecError with every problem
    of data, formulas and claims.
    """
    workspace = Workspace(figure.data, read_file)
    workspace.sample()
    panels = tuple(
        tuple(_sample_layer(workspace, layer, (*where, "layers", index)) for index, layer in enumerate(panel.layers))
        for where, panel in figure.placed_panels()
    )
    for index, claim in enumerate(figure.claims):
        _check_claim(workspace, claim, ("claims", index, "claim"))
    alt = _fill_in(workspace, figure.alt, ("alt",))
    if workspace.problems:
        raise SpecError(workspace.problems)
    return Samples(panels, alt)


def _sample_layer(workspace: Workspace, layer: Layer, where: Where) -> Arrays:
    arrays: dict[str, Any] = {}
    pointwise: dict[str, Array] = {}
    for name, info in type(layer).model_fields.items():
        channel, formula = marker(info, Channel), getattr(layer, name)
        if channel is None or formula is None:
            continue
        many = isinstance(formula, tuple)
        for index, one in enumerate(formula if many else (formula,)):
            array = _sample_channel(workspace, channel, one, (*where, name, index) if many else (*where, name))
            if array is None:
                continue
            if many:
                arrays[name] = (*arrays.get(name, ()), array)
            elif channel.pointwise:
                pointwise[name] = array
            else:
                arrays[name] = array
    shapes = " and ".join(f"{name} of shape {array.shape}" for name, array in pointwise.items())
    needed = "needed: one value each for every point, or a single number"
    try:
        arrays.update(zip(pointwise, np.broadcast_arrays(*pointwise.values()), strict=True))
    except ValueError:
        workspace.problems.append(Problem(where, f"shapes that do not match: {shapes}", needed))
    else:
        if any(arrays[name].ndim > layer.DIMENSIONS for name in pointwise):
            hint = "pick one row or column: x[0], x[:, 0]"
            workspace.problems.append(Problem(where, f"a list of points is needed: {shapes}", "", hint))
    return arrays


def _sample_channel(workspace: Workspace, channel: Channel, formula: str, where: Where) -> Array | None:
    try:
        array = workspace.evaluate(formula)
    except ExpressionError as error:
        workspace.report(where, error)
        return None
    if array is None:
        return None
    if array.dtype.kind == "U":
        if channel.axis is None and not channel.texts:
            workspace.problems.append(Problem(where, "texts where numbers are needed"))
            return None
        return array
    missing = np.isnat(array) if array.dtype.kind == "M" else ~np.isfinite(array)
    if np.any(missing):
        workspace.problems.append(Problem(where, *_not_finite(array, missing)))
        return None
    if array.size == 0:
        workspace.problems.append(Problem(where, "no values"))
        return None
    return array


def _not_finite(array: Array, missing: Array) -> tuple[str, str, str]:
    if array.ndim == 0:
        return f"the value is {array}", "allowed: finite numbers", ""
    places = np.argwhere(missing)
    first = ", ".join(str(index) for index in places[0])
    value = array[tuple(places[0])]
    return (
        f"{len(places)} of {array.size} values are not finite, the first ({value}) at index [{first}]",
        "allowed: finite numbers",
        "choose data where the formula is defined, or replace the rest with where(…)",
    )


def _check_claim(workspace: Workspace, claim: Claim, where: Where) -> None:
    def close(a: Array, b: Array) -> Any:
        return np.isclose(a, b, rtol=claim.tolerance, atol=claim.tolerance)

    equality = {"==": close, "!=": lambda a, b: ~close(a, b)}
    try:
        holds = workspace.evaluate(claim.claim, equality)
    except ExpressionError as error:
        workspace.report(where, error)
        return
    if holds is None:
        return
    if holds.dtype != bool:
        message, hint = "a claim that is neither true nor false", "compare two sides: max(y) <= 1"
        workspace.report(where, ExpressionError(message, 0, "", hint))
    elif not np.all(holds):
        workspace.report(where, ExpressionError(f"the claim does not hold{_sides(workspace, claim.claim, equality)}"))


def _sides(workspace: Workspace, formula: str, equality: Mapping[str, Any]) -> str:
    """Say what the two sides of a failed comparison are, where it fails first."""

    def holds(node: Node) -> Array:
        return np.asarray(workspace.value_of(node, equality))

    tree = workspace.parse(formula)
    while isinstance(tree, Call) and tree.function in {"all", "and"}:
        tree = next(part for part in tree.args if not np.all(holds(part)))
    if not isinstance(tree, Call) or tree.function not in COMPARISONS:
        return ""
    left, right = np.broadcast_arrays(*(workspace.value_of(side) for side in tree.args))
    if left.ndim == 0:
        return f": the left side is {left[()]:.10g}, the right side {right[()]:.10g}"
    fails = ~holds(tree)
    place = tuple(np.argwhere(fails)[0])
    index = ", ".join(str(number) for number in place)
    return (
        f" for {np.count_nonzero(fails)} of {left.size} values: "
        f"at [{index}] the left side is {left[place]:.10g}, the right side {right[place]:.10g}"
    )


_FORMAT = re.compile(r"[-+ ]?,?((\.[0-9]{1,2})?[efg%]?|d)")


def _fill_in(workspace: Workspace, text: str, where: Where) -> str:
    """Put values into a text: `{max(y):.2f}`; braces themselves are written twice."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        workspace.report(where, _unmatched(text))
        return text
    filled = []
    for literal, formula, spec, conversion in parts:
        filled.append(literal)
        if formula is None:
            continue
        try:
            filled.append(_fill_one(workspace, formula, spec or "g", conversion))
        except ExpressionError as error:
            error.offset += max(text.find("{" + formula), 0) + 1
            if re.search(r"[\w^]$", literal):  # as in $x_{train}$ and \frac{1}{2}
                error.hint = error.hint or "a brace itself is written twice: {{ or }}"
            workspace.report(where, error)
    return "".join(filled)


_BRACES = "allowed: {formula}, or {formula:.2f} with a number format"


def _unmatched(text: str) -> ExpressionError:
    """Describe the first brace of a text that has no other half."""
    opened = -1
    for brace in re.finditer(r"\{\{|\}\}|[{}]", text):
        if brace[0] == "{" and opened < 0:
            opened = brace.start()
        elif brace[0] == "}" and opened < 0:
            return ExpressionError("a '}' without a '{' before it", brace.start(), "", "write }} for a brace itself")
        elif "}" in brace[0]:
            opened = -1
    return ExpressionError("a '{' that is never closed", max(opened, 0), "", "write {{ for a brace itself")


def _fill_one(workspace: Workspace, formula: str, spec: str, conversion: str | None) -> str:
    if conversion is not None:
        raise ExpressionError(f"'!{conversion}' after a formula", len(formula), _BRACES)
    value = workspace.evaluate(formula)
    if value is None:
        return ""
    if value.ndim != 0 or value.dtype.kind not in "fb":
        raise ExpressionError(f"'{formula}' is not one number", 0, "", "write max(…), y[-1] or the like")
    if not np.isfinite(value):
        raise ExpressionError(f"'{formula}' is {value}", 0, "allowed: finite numbers")
    if not _FORMAT.fullmatch(spec):
        raise ExpressionError(f"'{spec}' is no number format", 0, "allowed: .2f, .3g, .0%, ,d and the like")
    return format_number(float(value), spec)


def format_number(value: float, spec: str) -> str:
    """Write a number by one of Python's format specifications; `d` rounds to a whole number first."""
    return format(round(value) if spec.endswith("d") else value, spec)
