"""Convert strings and dates to positions along an axis, so that marks are drawn from numbers only."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Literal, NamedTuple

import numpy as np

from figgen.config.spec import Axis, ChannelType, Layer, Panel, channels_of
from figgen.config.spec.arrays import (
    CATEGORY_STEP,
    Array,
    Arrays,
    AxisName,
    DerivedPositions,
    drop_missing,
    kind_of,
)
from figgen.drawing.scales import OUTSIDE
from figgen.errors import LayerError, Problem, Where

_AXES: tuple[Literal["x", "y"], ...] = ("x", "y")


class PositionedPanel(NamedTuple):
    """A panel's arrays as numbers.

    `categories` has what the numbers 0, 1, 2 … of an axis stand for; on the axes in `dates`, numbers are days.
    """

    layers: tuple[Arrays, ...]
    categories: Mapping[AxisName, tuple[str, ...]]
    dates: frozenset[AxisName]


class _Use(NamedTuple):
    """One array that gives positions on an axis."""

    layer: int
    channel: str
    axis: AxisName
    array: Array
    where: Where
    measured: bool  # from a base, so that strings have no place beside it


def to_positions(panel: Panel, layers: tuple[Arrays, ...], where: Where) -> tuple[PositionedPanel, list[Problem]]:
    """Convert a panel's strings to positions in the order of their first appearance, and its dates to days since 1970.

    The problems are axes of mixed kinds, and values that the scale of an axis cannot show.
    """
    uses = [use for index, layer in enumerate(panel.layers) for use in _uses(index, layer, layers[index], where)]
    problems = [*_shapes(panel, where)]
    categories: dict[AxisName, tuple[str, ...]] = {}
    dates: set[AxisName] = set()
    for name in ("x", "y", "right"):
        axis: Axis = getattr(panel.axes, name)
        own = [use for use in uses if use.axis == name]
        kinds = {kind_of(use.array) for use in own}
        if kinds == {"strings", "numbers"}:
            kinds = {"strings"}  # numbers among categories are positions between them
            problems += [_height_among_categories(use, name) for use in own if use.measured]
        listed = " and ".join(sorted(kinds))
        if axis.scale != "linear" and kinds & {"strings", "dates"}:
            message = f"a {axis.scale} axis cannot show {listed}"
            problems.append(Problem((*where, "axes", name, "scale"), message, ("linear",)))
        elif len(kinds) > 1:
            problems.append(Problem(own[-1].where, f"one axis cannot show {listed}"))
        elif kinds == {"strings"}:
            named = [use for use in own if use.array.dtype.kind == "U"]
            categories[name] = tuple(
                dict.fromkeys(text for use in named for text in use.array.ravel().tolist() if text)
            )
        elif kinds == {"dates"}:
            dates.add(name)
    numbers = [{name: _numbers(value, None) for name, value in arrays.items()} for arrays in layers]
    for use in uses:
        numbers[use.layer][use.channel] = _numbers(layers[use.layer][use.channel], categories.get(use.axis))
    for index, layer in enumerate(panel.layers):
        if layer.missing == "gap" and "gap" not in layer.DRAWS_NAN:  # dropped here, so that categories keep their place
            numbers[index] = dict(drop_missing(numbers[index]))
    for use in uses:
        if use.channel == "x" and kind_of(use.array) == "strings":
            numbers[use.layer][CATEGORY_STEP] = 1.0
    if not problems and {panel.axes.x.scale, panel.axes.y.scale, panel.axes.right.scale} & OUTSIDE.keys():
        problems += _off_scale(panel, uses, numbers, where)
    return PositionedPanel(tuple(numbers), categories, frozenset(dates)), problems


def _uses(index: int, layer: Layer, arrays: Arrays, where: Where) -> Iterator[_Use]:
    for name, channel in channels_of(layer):
        axis = layer.axis_of(channel)
        if axis is None or name not in arrays:
            continue
        value, key, measured = arrays[name], (*where, "layers", index, name), channel.kinds == ("numbers",)
        if isinstance(value, tuple):
            yield from (_Use(index, name, axis, array, (*key, number), measured) for number, array in enumerate(value))
        else:
            yield _Use(index, name, axis, value, key, measured)


def _height_among_categories(use: _Use, axis: AxisName) -> Problem:
    message = f"'{use.channel}' is measured along the {axis} axis, on which another layer has strings"
    return Problem(use.where, message, hint="draw that layer from numbers, or on an axis of its own")


def _shapes(panel: Panel, where: Where) -> Iterator[Problem]:
    """Yield a problem for each axis whose scale would make the shape of a layer false."""
    for index, layer in enumerate(panel.layers):
        names = [layer.axis_of(ChannelType(key)) or key for key in _AXES]
        x, y = (getattr(panel.axes, name) for name in names)
        wrong = [(name, axis.scale) for name, axis in zip(names, (x, y), strict=True) if axis.scale not in layer.scales]
        for name, scale in wrong if layer.scales else ():
            what = f"a {layer.mark} with a slope" if len(layer.scales) > 1 else f"a {layer.mark}"
            yield Problem((*where, "axes", name, "scale"), f"a {scale} axis cannot show {what}", layer.scales)
        same = x.scale == y.scale and (x.scale == "linear" or x.base == y.base)
        if layer.scales and not wrong and not same:
            message = f"'slope' requires two axes of the same scale, found {x.scale} and {y.scale}"
            yield Problem((*where, "layers", index, "slope"), message, layer.scales, "draw the curve as a line")


def _off_scale(panel: Panel, uses: list[_Use], numbers: list[dict[str, Any]], where: Where) -> Iterator[Problem]:
    """Yield the positions that the scales of a panel cannot show: of channels, or else those derived from them."""
    for index, layer in enumerate(panel.layers):
        derived: list[DerivedPositions] = []
        with suppress(LayerError, ValueError):  # which are reported when the layer is drawn
            derived += layer.derived(numbers[index])
        replaced = {one.key for one in derived}
        own = [use for use in uses if use.layer == index and use.channel not in replaced]
        found = [one for use in own for one in _outside(getattr(panel.axes, use.axis), use.array, use.where)]
        yield from found
        for one in () if found else derived:
            axis: Axis = getattr(panel.axes, layer.axis_of(ChannelType(one.axis)) or one.axis)
            low, high = axis.limits if one.is_straight else (None, None)
            leaves_panel = ((low is not None) & (one.values <= 0)) | ((high is not None) & (one.values >= 1))
            values = np.where(leaves_panel, 0.5, one.values)  # a value that each scale can show
            yield from _outside(axis, values, (*where, "layers", index, one.key), one.name, one.hint)


def _outside(axis: Axis, values: Array, where: Where, name: str = "values", hint: str = "") -> Iterator[Problem]:
    is_outside, allowed = OUTSIDE.get(axis.scale, (np.zeros_like, ""))
    outside = is_outside(values)
    if np.any(outside):
        first = tuple(np.argwhere(outside)[0])
        message = f"{np.count_nonzero(outside)} of {values.size} {name} cannot be shown on a {axis.scale} axis"
        message += f", the first ({values[first]:g}) at index [{', '.join(map(str, first))}]"
        if hint and not values.ndim:
            message = f"the {name} cannot be shown on a {axis.scale} axis"
        yield Problem(where, message, (allowed,), hint)


def _numbers(value: Any, categories: tuple[str, ...] | None) -> Any:
    if isinstance(value, tuple):
        return tuple(_numbers(array, categories) for array in value)
    if value.dtype.kind == "U" and categories is not None:
        positions = {text: float(position) for position, text in enumerate(categories)}
        return np.asarray([positions.get(text, np.nan) for text in value.ravel().tolist()]).reshape(value.shape)
    if value.dtype.kind == "M":
        return (value - np.datetime64(0, "D")) / np.timedelta64(1, "D")
    return value.astype(np.float64) if value.dtype == bool else value
