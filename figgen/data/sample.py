"""Spec -> arrays: the channels of every layer, the claims, and the alt text with its values."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from figgen.config.spec import ChannelType, Figure, Layer, Panel, channels_of
from figgen.config.spec.arrays import Array, Arrays, PanelSamples, Samples, kind_of
from figgen.data.alt_text import fill_in
from figgen.data.claims import check_claim
from figgen.data.formulas.tree import report_errors
from figgen.data.missing import find_origin, handle_missing
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
    for name, channel in channels_of(layer):
        formula = getattr(layer, name)
        if isinstance(formula, tuple):
            samples = (_sample_channel(namespace, channel, one, (*where, name, i)) for i, one in enumerate(formula))
            arrays[name] = tuple(array for array in samples if array is not None)
        elif (array := _sample_channel(namespace, channel, formula, (*where, name))) is not None:
            (pointwise if channel.pointwise else arrays)[name] = array
    namespace.problems += _find_lengths(layer, pointwise, where)
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
        rest, problems = handle_missing(layer, arrays, where, partial(find_origin, namespace))
        namespace.problems += problems
        return rest
    return arrays


def _sample_channel(namespace: Namespace, channel: ChannelType, formula: str, where: Where) -> Array | None:
    array = None
    with report_errors(namespace.problems, where):
        array = namespace.evaluate(formula)
    if array is None:
        return None
    problem = _find_unsuitable(array, channel, where)
    namespace.problems += filter(None, [problem or _find_infinite(array, where)])
    return None if problem else array


def _find_lengths(layer: Layer, arrays: Mapping[str, Array], where: Where) -> Iterator[Problem]:
    """Yield a problem for each length that is added to positions which are strings or dates."""
    positions = {name: channel.axis for name, channel in channels_of(layer) if channel.axis}
    for length, channel in channels_of(layer):
        for name, axis in positions.items():
            if axis in layer.lengths(channel) and name in arrays and (kind := kind_of(arrays[name])) != "numbers":
                message = f"'{length}' is a length along the axis on which '{name}' has {kind}"
                yield Problem((*where, length), message, (f"numbers as '{name}'",))


def _find_unsuitable(array: Array, channel: ChannelType, where: Where) -> Problem | None:
    if (kind := kind_of(array)) not in channel.kinds:
        hint = f"{kind} are positions along an axis; they have no length, size or colour"
        if "strings" in channel.kinds:
            hint = "write 'type: text' in their data source"
        return Problem(where, f"expected {' or '.join(channel.kinds)}, found {kind}", hint=hint)
    return None if array.size or kind == "strings" else Problem(where, "the array is empty")


def _find_infinite(array: Array, where: Where) -> Problem | None:
    if kind_of(array) != "numbers" or not np.any(infinite := np.isinf(array)):
        return None
    if array.ndim == 0:
        return Problem(where, f"expected a finite value, found {array}")
    first = tuple(np.argwhere(infinite)[0])
    index = ", ".join(map(str, first))
    message = (
        f"{np.count_nonzero(infinite)} of {array.size} values cannot be drawn, "
        f"the first ({array[first]}) at index [{index}]"
    )
    hint = "restrict the data to where the formula is defined, or replace these values with where(…)"
    return Problem(where, message, ("finite numbers",), hint)
