"""Convert strings and dates to positions along an axis, so that marks are drawn from numbers only."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from figgen.config.spec import Axis, ChannelType, Layer, Panel, find_annotation
from figgen.config.spec.arrays import Array, Arrays, AxisName
from figgen.drawing.scales import OUTSIDE
from figgen.errors import Problem, Where

_KINDS = {"U": "strings", "M": "dates"}


class PositionedPanel(NamedTuple):
    """A panel's arrays as numbers.

    `categories` has what the numbers 0, 1, 2 … of an axis stand for; on the axes in `dates`, numbers are days.
    """

    layers: tuple[Arrays, ...]
    categories: Mapping[AxisName, tuple[str, ...]]
    origins: Mapping[AxisName, Where]  # of the categories of an axis: the key of the first channel that has any
    dates: frozenset[AxisName]


class _Use(NamedTuple):
    """One array that gives positions on an axis."""

    layer: int
    channel: str
    axis: AxisName
    array: Array
    where: Where


def to_positions(panel: Panel, layers: tuple[Arrays, ...], where: Where) -> tuple[PositionedPanel, list[Problem]]:
    """Convert a panel's strings to positions in the order of their first appearance, and its dates to days since 1970.

    The problems are axes of mixed kinds, and values that the scale of an axis cannot show.
    """
    uses = [use for index, layer in enumerate(panel.layers) for use in _uses(index, layer, layers[index], where)]
    problems: list[Problem] = []
    categories: dict[AxisName, tuple[str, ...]] = {}
    origins: dict[AxisName, Where] = {}
    dates: set[AxisName] = set()
    for name in ("x", "y", "right"):
        axis: Axis = getattr(panel.axes, name)
        own = [use for use in uses if use.axis == name]
        kinds = {_KINDS.get(use.array.dtype.kind, "numbers") for use in own}
        if kinds == {"strings", "numbers"}:
            kinds = {"strings"}  # numbers among categories are positions between them
        listed = " and ".join(sorted(kinds))
        if axis.scale != "linear" and kinds & {"strings", "dates"}:
            message = f"a {axis.scale} axis cannot show {listed}"
            problems.append(Problem((*where, "axes", name, "scale"), message, ("linear",)))
        elif len(kinds) > 1:
            problems.append(Problem(own[-1].where, f"one axis cannot show {listed}"))
        elif kinds == {"strings"}:
            named = [use for use in own if use.array.dtype.kind == "U"]
            origins[name] = named[0].where
            categories[name] = tuple(dict.fromkeys(text for use in named for text in use.array.ravel().tolist()))
        elif kinds == {"dates"}:
            dates.add(name)
        elif axis.scale in OUTSIDE:
            problems += [problem for use in own for problem in _off_scale(use, axis.scale)]
    numbers = [{name: _numbers(value, None) for name, value in arrays.items()} for arrays in layers]
    for use in uses:
        numbers[use.layer][use.channel] = _numbers(layers[use.layer][use.channel], categories.get(use.axis))
    return PositionedPanel(tuple(numbers), categories, origins, frozenset(dates)), problems


def _uses(index: int, layer: Layer, arrays: Arrays, where: Where) -> Iterator[_Use]:
    for name, info in type(layer).model_fields.items():
        channel = find_annotation(info, ChannelType)
        axis = layer.axis_of(channel) if channel else None
        if axis is None or name not in arrays:
            continue
        value, key = arrays[name], (*where, "layers", index, name)
        if isinstance(value, tuple):
            yield from (_Use(index, name, axis, array, (*key, number)) for number, array in enumerate(value))
        else:
            yield _Use(index, name, axis, value, key)


def _off_scale(use: _Use, scale: str) -> Iterator[Problem]:
    is_outside, allowed = OUTSIDE[scale]
    outside = is_outside(use.array)
    if np.any(outside):
        first = tuple(np.argwhere(outside)[0])
        count = f"{np.count_nonzero(outside)} of {use.array.size} values"
        message = f"{count} cannot be shown on a {scale} axis, the first ({use.array[first]:g}) at index "
        yield Problem(use.where, message + f"[{', '.join(map(str, first))}]", (allowed,))


def _numbers(value: Any, categories: tuple[str, ...] | None) -> Any:
    if isinstance(value, tuple):
        return tuple(_numbers(array, categories) for array in value)
    if value.dtype.kind == "U" and categories is not None:
        positions = {text: float(position) for position, text in enumerate(categories)}
        return np.asarray([positions[text] for text in value.ravel().tolist()]).reshape(value.shape)
    if value.dtype.kind == "M":
        return (value - np.datetime64(0, "D")) / np.timedelta64(1, "D")
    return value.astype(np.float64) if value.dtype == bool else value
