"""Spec -> arrays: the channels of every layer, the claims, and the alt text with its values."""

from typing import Any

import numpy as np

from figgen.config.spec import ChannelType, Figure, Layer, Panel, find_annotation
from figgen.config.spec.arrays import Array, Arrays, PanelSamples, Samples
from figgen.data.alt_text import fill_in
from figgen.data.claims import check_claim
from figgen.data.formulas.tree import report_errors
from figgen.data.namespace import Namespace
from figgen.data.secondary import secondary_functions
from figgen.data.sources import ReadFile
from figgen.errors import Problem, SpecError, Where


def sample(figure: Figure, read_file: ReadFile) -> Samples:
    """Compute every array that a figure is drawn from, and check its claims.

    `read_file` returns the content of a data file by its path in the config. Raises SpecError with every problem of
    data, formulas and claims.
    """
    namespace = Namespace(figure.data, read_file)
    namespace.compute()
    panels = tuple(_sample_panel(namespace, panel, where) for where, panel in figure.placed_panels())
    for index, claim in enumerate(figure.claims):
        with report_errors(namespace.problems, ("claims", index, "claim")):
            check_claim(namespace, claim)
    alt = fill_in(namespace, figure.alt, ("alt",))
    if namespace.problems:
        raise SpecError(namespace.problems)
    return Samples(panels, alt)


def _sample_panel(namespace: Namespace, panel: Panel, where: Where) -> PanelSamples:
    layers = (_sample_layer(namespace, layer, (*where, "layers", i)) for i, layer in enumerate(panel.layers))
    return PanelSamples(tuple(layers), secondary_functions(panel, where, namespace.problems))


def _sample_layer(namespace: Namespace, layer: Layer, where: Where) -> Arrays:
    arrays: dict[str, Any] = {}
    pointwise: dict[str, Array] = {}
    for name, info in type(layer).model_fields.items():
        channel, formula = find_annotation(info, ChannelType), getattr(layer, name)
        if channel is None or formula is None:
            continue
        if isinstance(formula, tuple):
            samples = (_sample_channel(namespace, channel, one, (*where, name, i)) for i, one in enumerate(formula))
            arrays[name] = tuple(array for array in samples if array is not None)
        elif (array := _sample_channel(namespace, channel, formula, (*where, name))) is not None:
            (pointwise if channel.pointwise else arrays)[name] = array
    shapes = ", ".join(f"'{name}' has shape {array.shape}" for name, array in pointwise.items())
    try:
        arrays.update(zip(pointwise, np.broadcast_arrays(*pointwise.values()), strict=True))
    except ValueError:
        hint = "give each channel one value per point, or a single number"
        namespace.problems.append(Problem(where, f"shapes do not match: {shapes}", hint=hint))
    else:
        if any(arrays[name].ndim > layer.DIMENSIONS for name in pointwise):
            hint = "select one row or column: x[0], x[:, 0]"
            namespace.problems.append(Problem(where, f"too many dimensions: {shapes}", hint=hint))
    return arrays


def _sample_channel(namespace: Namespace, channel: ChannelType, formula: str, where: Where) -> Array | None:
    array = None
    with report_errors(namespace.problems, where):
        array = namespace.evaluate(formula)
    if array is None or (problem := _find_problem(array, channel, where)) is None:
        return array
    namespace.problems.append(problem)
    return None


def _find_problem(array: Array, channel: ChannelType, where: Where) -> Problem | None:
    if array.dtype.kind == "U":
        accepted = channel.axis is not None or channel.texts
        return None if accepted else Problem(where, "expected numbers, found strings")
    if array.size == 0:
        return Problem(where, "the array is empty")
    missing = np.isnat(array) if array.dtype.kind == "M" else ~np.isfinite(array)
    if not np.any(missing):
        return None
    if array.ndim == 0:
        return Problem(where, f"expected a finite value, found {array}")
    first = tuple(np.argwhere(missing)[0])
    index = ", ".join(map(str, first))
    message = (
        f"{np.count_nonzero(missing)} of {array.size} values cannot be drawn, "
        f"the first ({array[first]}) at index [{index}]"
    )
    hint = "restrict the data to where the formula is defined, or replace these values with where(…)"
    return Problem(where, message, ("finite numbers",), hint)
