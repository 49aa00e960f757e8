"""Draw one panel: its layers and axes, into a matplotlib Axes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib import dates, ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from figgen.config import spec
from figgen.config.spec.arrays import AxisName, PanelSamples, ScaleFunction
from figgen.config.spec.number_format import format_value
from figgen.drawing.axis_units import PositionedPanel, to_positions
from figgen.drawing.input_checks import check_data_texts
from figgen.drawing.layered import DrawnLayer, LayeredFigure
from figgen.drawing.library_errors import is_internal
from figgen.drawing.scales import OUTSIDE, make_scale
from figgen.errors import LayerError, Problem, Where

Legend = list[tuple[Any, str]]  # handles with their labels


def draw_panel(axes: Axes, panel: spec.Panel, samples: PanelSamples, where: Where) -> tuple[Legend, list[Problem]]:
    """Draw a panel's layers and axes. Return the entries of its legend, and the problems found."""
    positioned, problems = to_positions(panel, samples.layers, where)
    figure = axes.get_figure()
    assert isinstance(figure, LayeredFigure)  # noqa: S101 - the axes were made in one
    problems += check_data_texts(samples.layers, where, figure)
    if problems:
        return [], problems
    sides: dict[AxisName, Axes] = {"x": axes, "y": axes}
    if any(layer.on == "right" for layer in panel.layers):
        sides["right"] = axes.twinx()
        sides["right"].grid(visible=False)
    for index, (layer, arrays) in enumerate(zip(panel.layers, positioned.layers, strict=True)):
        side, key = sides["right" if layer.on == "right" else "y"], (*where, "layers", index)
        before = {*side.get_children()}
        try:
            mappable = layer.draw(side, arrays)
            artists = tuple(child for child in side.get_children() if child not in before)
            figure.layers.append(DrawnLayer(key, layer, arrays, side, artists))
            if isinstance(layer, spec.Mapped) and layer.colorbar is not None and mappable is not None:
                _draw_colorbar(figure, axes, mappable, layer.colorbar)
        except (LayerError, ValueError) as error:
            if isinstance(error, ValueError) and is_internal(error):
                raise
            problems.append(Problem(key, str(error).strip().partition("\n")[0]))
    for side in dict.fromkeys(sides.values()):
        _include_annotations(side)
    for name, side in sides.items():
        functions, key = samples.secondary.get(name), (*where, "axes", name)
        problems += _draw_axis(side, name, getattr(panel.axes, name), functions, positioned, key)
    if panel.axes.aspect == "equal":
        axes.set_aspect("equal")
    if not panel.axes.visible:
        axes.set_axis_off()
    legends = [side.get_legend_handles_labels() for side in dict.fromkeys(sides.values())]
    return [entry for handles, labels in legends for entry in zip(handles, labels, strict=True)], problems


def _include_annotations(axes: Axes) -> None:
    """Extend the limits to the texts and arrows of a panel, along each axis on which it has nothing else."""
    ends = [end for text in axes.texts for end in (text.get_position(), getattr(text, "xy", text.get_position()))]
    for letter, group in (("x", axes.get_shared_x_axes()), ("y", axes.get_shared_y_axes())):
        intervals = [getattr(other.dataLim, f"interval{letter}") for other in group.get_siblings(axes)]
        if ends and not np.any(np.isfinite(intervals)):
            axes.update_datalim(ends, updatex=letter == "x", updatey=letter == "y")
            axes.autoscale_view(scalex=letter == "x", scaley=letter == "y")


def _draw_colorbar(figure: Figure, axes: Axes, mappable: Any, colorbar: spec.Colorbar) -> None:
    number_format = _formatter(colorbar.format) if colorbar.format else None
    figure.colorbar(mappable, ax=axes, location=colorbar.place, label=colorbar.label or "", format=number_format)


def _draw_axis(
    axes: Axes,
    name: AxisName,
    axis: spec.Axis,
    secondary: tuple[ScaleFunction, ScaleFunction] | None,
    positioned: PositionedPanel,
    where: Where,
) -> list[Problem]:
    letter = "x" if name == "x" else "y"
    drawn: Axis = axes.xaxis if name == "x" else axes.yaxis
    if axis.scale != "linear":
        axes.set(**{f"{letter}scale": make_scale(axis, drawn)})
    problems = [*_set_limits(axes, letter, axis, (*where, "limits")), *_check_ticks(drawn, axis, (*where, "ticks"))]
    _set_ticks(drawn, axis.ticks, positioned.categories.get(name), is_date=name in positioned.dates)
    if axis.grid is not None:
        drawn.grid(axis.grid)
    if axis.invert:
        drawn.set_inverted(True)
    if axis.label is not None:
        axes.set(**{f"{letter}label": axis.label})
    if axis.secondary is not None and secondary is not None:
        low, high = sorted(drawn.get_view_interval())
        problems += _check_inverse(*secondary, np.linspace(low, high, 7), (*where, "secondary", "inverse"))
        _draw_secondary(axes, letter, axis.secondary.label, secondary)
    return problems


def _set_limits(axes: Axes, letter: str, axis: spec.Axis, where: Where) -> list[Problem]:
    if axis.limits == (None, None):
        return []
    drawn: Axis = axes.xaxis if letter == "x" else axes.yaxis
    is_outside, allowed = OUTSIDE.get(axis.scale, (None, ""))
    for limit in axis.limits:
        if limit is not None and is_outside is not None and is_outside(np.asarray(limit)):
            return [Problem(where, f"limit {limit:g} cannot be shown on a {axis.scale} axis", (allowed,))]
    low, high = (
        own if limit is None else limit
        for limit, own in zip(axis.limits, sorted(drawn.get_view_interval()), strict=True)
    )
    if low >= high:
        hint = "use 'invert: true' to reverse the axis"
        if None in axis.limits:
            hint = "set both limits; the one that is null is taken from the data"
        return [Problem(where, f"the lower limit {low:g} must be less than the upper limit {high:g}", hint=hint)]
    # An axis may be inverted already: the rows of a heatmap are counted from above.
    axes.set(**{f"{letter}lim": (high, low) if drawn.get_inverted() else (low, high)})
    return []


_MAX_TICKS = 1000


def _check_ticks(drawn: Axis, axis: spec.Axis, where: Where) -> Iterator[Problem]:
    low, high = sorted(drawn.get_view_interval())
    least = (high - low) / _MAX_TICKS
    message = f"more than {_MAX_TICKS:,} ticks from {low:g} to {high:g}"
    if axis.ticks.every is not None and axis.ticks.every < least:
        yield Problem((*where, "every"), message, (f"'every' of at least {least:g}",))
    at = sorted(set(axis.ticks.at or ()))
    # matplotlib divides the first distance by 4 or 5, and repeats that distance along the whole axis.
    if axis.ticks.minor and axis.scale not in {"log", "symlog"} and len(at) > 1 and (at[1] - at[0]) / 5 < least:
        yield Problem((*where, "minor"), message, hint="move the first two positions in 'at' further apart")


def _set_ticks(drawn: Axis, ticks: spec.Ticks, categories: tuple[str, ...] | None, *, is_date: bool) -> None:
    if categories is not None:
        drawn.set_ticks(range(len(categories)), labels=categories)
    if is_date:
        locator = dates.AutoDateLocator()  # type: ignore[no-untyped-call]
        concise = dates.ConciseDateFormatter(locator)  # type: ignore[no-untyped-call]
        drawn.set_major_locator(locator)
        drawn.set_major_formatter(dates.DateFormatter(ticks.dates) if ticks.dates else concise)  # type: ignore[no-untyped-call]
    if ticks.every is not None:
        drawn.set_major_locator(ticker.MultipleLocator(ticks.every))
    if ticks.at is not None:
        drawn.set_ticks(ticks.at, labels=ticks.labels)
        if not ticks.at:
            drawn.set_major_formatter(ticker.NullFormatter())  # the formatter of dates fails without ticks
    if ticks.format is not None:
        drawn.set_major_formatter(_formatter(ticks.format))
    if ticks.minor is True:
        drawn.minorticks_on()
    elif ticks.minor is False:
        drawn.set_minor_locator(ticker.NullLocator())
    if ticks.rotation is not None:
        drawn.set_tick_params(rotation=ticks.rotation)


def _formatter(number_format: str) -> ticker.Formatter:
    return ticker.FuncFormatter(lambda value, _: format_value(value, number_format))


def _draw_secondary(axes: Axes, letter: str, label: str | None, functions: tuple[ScaleFunction, ScaleFunction]) -> None:
    if letter == "x":
        axes.secondary_xaxis("top", functions=functions).set(xlabel=label or "")
    else:
        axes.secondary_yaxis("right", functions=functions).set(ylabel=label or "")


def _check_inverse(forward: ScaleFunction, inverse: ScaleFunction, values: Any, where: Where) -> Iterator[Problem]:
    """Yield a problem if two functions do not undo each other at some values: the second scale would be wrong."""
    second = forward(values)
    back = inverse(second)
    with np.errstate(all="ignore"):
        differs = np.abs(back - values) > 1e-6 * np.ptp(values)  # false for nan, where a formula has no value
    if np.any(differs):
        first = np.argmax(differs)
        result = f"'forward' maps {values[first]:g} to {second[first]:g}, which 'inverse' maps to {back[first]:g}"
        yield Problem(where, f"not the inverse of 'forward': {result}")
