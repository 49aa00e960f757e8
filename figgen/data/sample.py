"""Spec -> arrays: the channels of every layer, the claims, and the values in the alt text."""

from typing import Any

import numpy as np

from figgen.config.spec import ChannelType, Figure, Layer, Panel, find_annotation
from figgen.config.spec.arrays import Array, Arrays, PanelSamples, Samples
from figgen.data.alt_text import fill_in
from figgen.data.claims import check_claim
from figgen.data.formulas.tree import ExpressionError
from figgen.data.namespace import Workspace
from figgen.data.secondary import secondary_functions
from figgen.data.sources import ReadFile
from figgen.errors import Problem, SpecError, Where


def sample(figure: Figure, read_file: ReadFile) -> Samples:
    """Compute every array that a figure is drawn from, and check its claims.

    `read_file` gives the content of a data file by the path that the config names. Raises SpecError with every problem
    of data, formulas and claims.
    """
    workspace = Workspace(figure.data, read_file)
    workspace.sample()
    panels = tuple(_sample_panel(workspace, panel, where) for where, panel in figure.placed_panels())
    for index, claim in enumerate(figure.claims):
        check_claim(workspace, claim, ("claims", index, "claim"))
    alt = fill_in(workspace, figure.alt, ("alt",))
    if workspace.problems:
        raise SpecError(workspace.problems)
    return Samples(panels, alt)


def _sample_panel(workspace: Workspace, panel: Panel, where: Where) -> PanelSamples:
    layers = (_sample_layer(workspace, layer, (*where, "layers", i)) for i, layer in enumerate(panel.layers))
    return PanelSamples(tuple(layers), secondary_functions(panel, where, workspace.problems))


def _sample_layer(workspace: Workspace, layer: Layer, where: Where) -> Arrays:
    arrays: dict[str, Any] = {}
    pointwise: dict[str, Array] = {}
    for name, info in type(layer).model_fields.items():
        channel, formula = find_annotation(info, ChannelType), getattr(layer, name)
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
    needed = ("one value each for every point, or a single number",)
    try:
        arrays.update(zip(pointwise, np.broadcast_arrays(*pointwise.values()), strict=True))
    except ValueError:
        workspace.problems.append(Problem(where, f"shapes that do not match: {shapes}", needed))
    else:
        if any(arrays[name].ndim > layer.DIMENSIONS for name in pointwise):
            hint = "pick one row or column: x[0], x[:, 0]"
            workspace.problems.append(Problem(where, f"a list of points is needed: {shapes}", hint=hint))
    return arrays


def _sample_channel(workspace: Workspace, channel: ChannelType, formula: str, where: Where) -> Array | None:
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


def _not_finite(array: Array, missing: Array) -> tuple[str, tuple[str, ...], str]:
    if array.ndim == 0:
        return f"the value is {array}", ("finite numbers",), ""
    places = np.argwhere(missing)
    first = ", ".join(str(index) for index in places[0])
    value = array[tuple(places[0])]
    return (
        f"{len(places)} of {array.size} values are not finite, the first ({value}) at index [{first}]",
        ("finite numbers",),
        "choose data where the formula is defined, or replace the rest with where(…)",
    )
