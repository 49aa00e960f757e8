"""Texts and dates -> positions along an axis, so that marks draw from numbers only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from figgen.config.spec import Axis, ChannelType, Layer, Panel, find_annotation
from figgen.config.spec.arrays import Arrays, AxisName
from figgen.errors import Problem, Where

Array = np.ndarray[Any, Any]


_KINDS = {"U": "texts", "M": "dates"}


@dataclass(frozen=True, slots=True)
class PositionedPanel:
    """A panel's arrays as numbers, and what an axis' numbers stand for: categories in their order, or dates."""

    layers: tuple[Arrays, ...]
    categories: Mapping[AxisName, tuple[str, ...]]
    origins: Mapping[AxisName, Where]  # where the first categories of an axis are from
    dates: frozenset[AxisName]


@dataclass(frozen=True, slots=True)
class _Use:
    """One array that gives positions on an axis."""

    layer: int
    channel: str
    axis: AxisName
    array: Array
    where: Where


def to_positions(panel: Panel, layers: tuple[Arrays, ...], where: Where) -> tuple[PositionedPanel, list[Problem]]:
    """Turn a panel's texts into places in the order of their first appearance, and its dates into days since 1970.

    The problems are axes of mixed kinds, and values that an axis' scale has no place for.
    """
    uses = [use for index, layer in enumerate(panel.layers) for use in _uses(index, layer, layers[index], where)]
    problems: list[Problem] = []
    categories: dict[AxisName, tuple[str, ...]] = {}
    origins: dict[AxisName, Where] = {}
    dates: set[AxisName] = set()
    for axis in ("x", "y", "right"):
        own = [use for use in uses if use.axis == axis]
        kinds = {_KINDS.get(use.array.dtype.kind, "numbers") for use in own}
        if "texts" in kinds and len(kinds) == 2 and "numbers" in kinds:  # noqa: PLR2004
            kinds = {"texts"}  # numbers among categories are places between them
        scale = getattr(panel.axes, axis).scale
        if scale != "linear" and kinds & {"texts", "dates"}:
            message = f"{' and '.join(sorted(kinds))} on a {scale} axis"
            problems.append(Problem((*where, "axes", axis, "scale"), message, ("linear",)))
        elif len(kinds) > 1:
            problems.append(Problem(own[-1].where, f"{' and '.join(sorted(kinds))} on one axis"))
        elif kinds == {"texts"}:
            named = [use for use in own if use.array.dtype.kind == "U"]
            texts = [text for use in named for text in use.array.ravel().tolist()]
            origins[axis] = named[0].where
            categories[axis] = tuple(dict.fromkeys(texts))
        elif kinds == {"dates"}:
            dates.add(axis)
        else:
            problems += [problem for use in own if (problem := _off_scale(use, getattr(panel.axes, axis)))]
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
        value = arrays[name]
        place = (*where, "layers", index, name)
        if isinstance(value, tuple):
            yield from (_Use(index, name, axis, array, (*place, number)) for number, array in enumerate(value))
        else:
            yield _Use(index, name, axis, value, place)


def _off_scale(use: _Use, axis: Axis) -> Problem | None:
    array = use.array
    if axis.scale == "log" and np.any(array <= 0):
        fails, allowed = array <= 0, "more than 0"
    elif axis.scale == "logit" and np.any((array <= 0) | (array >= 1)):
        fails, allowed = (array <= 0) | (array >= 1), "between 0 and 1"
    else:
        return None
    place = tuple(np.argwhere(fails)[0])
    index = ", ".join(str(number) for number in place)
    message = f"{np.count_nonzero(fails)} of {array.size} values have no place on a {axis.scale} axis"
    return Problem(use.where, f"{message}, the first ({array[place]:g}) at index [{index}]", (f"{allowed}",))


def _numbers(value: Any, categories: tuple[str, ...] | None) -> Any:
    if isinstance(value, tuple):
        return tuple(_numbers(array, categories) for array in value)
    if value.dtype.kind == "U" and categories is not None:
        positions = {text: float(place) for place, text in enumerate(categories)}
        return np.asarray([positions[text] for text in value.ravel().tolist()]).reshape(value.shape)
    if value.dtype.kind == "M":
        return (value - np.datetime64(0, "D")) / np.timedelta64(1, "D")
    return value.astype(np.float64) if value.dtype == bool else value
