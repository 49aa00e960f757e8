"""One panel: its layers, axes and legend, drawn into a matplotlib Axes."""

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
from figgen.drawing.input_checks import check_text
from figgen.drawing.scales import make_scale
from figgen.errors import Problem, Where

Legend = tuple[list[Any], list[str]]  # handles and labels


def draw_panel(axes: Axes, panel: spec.Panel, samples: PanelSamples, where: Where) -> tuple[Legend, list[Problem]]:
    """Draw a panel's layers and axes; give what its legend would show, and the problems met."""
    placed, problems = to_positions(panel, samples.layers, where)
    for axis, texts in placed.categories.items():
        figure = axes.get_figure()
        assert isinstance(figure, Figure)  # noqa: S101 - the axes were made in one
        verdicts = [verdict for text in texts if (verdict := check_text(text, figure))]
        problems += [Problem(placed.origins[axis], *verdict) for verdict in verdicts]
    if problems:
        return ([], []), problems
    sides = {"left": axes}
    if any(layer.on == "right" for layer in panel.layers):
        sides["right"] = axes.twinx()
        sides["right"].grid(visible=False)
    for index, (layer, arrays) in enumerate(zip(panel.layers, placed.layers, strict=True)):
        try:
            mappable = layer.draw(sides[layer.on], arrays)
            if isinstance(layer, spec.Mapped) and layer.colorbar is not None and mappable is not None:
                _draw_colorbar(axes, mappable, layer.colorbar)
        except ValueError as error:
            problems.append(Problem((*where, "layers", index), str(error).strip().partition("\n")[0]))
    problems += _draw_axis(axes, "x", panel.axes.x, samples, placed, (*where, "axes", "x"))
    problems += _draw_axis(axes, "y", panel.axes.y, samples, placed, (*where, "axes", "y"))
    if "right" in sides:
        problems += _draw_axis(sides["right"], "right", panel.axes.right, samples, placed, (*where, "axes", "right"))
    if panel.axes.aspect == "equal":
        axes.set_aspect("equal")
    if not panel.axes.visible:
        axes.set_axis_off()
    entries = [side.get_legend_handles_labels() for side in sides.values()]
    return ([handle for own, _ in entries for handle in own], [label for _, own in entries for label in own]), problems


def _draw_colorbar(axes: Axes, mappable: Any, colorbar: spec.Colorbar) -> None:
    number_format = _formatter(colorbar.format) if colorbar.format else None
    figure = axes.get_figure()
    assert figure is not None  # noqa: S101 - the axes were made in one
    figure.colorbar(mappable, ax=axes, location=colorbar.place, label=colorbar.label or "", format=number_format)


def _draw_axis(
    axes: Axes, name: AxisName, axis: spec.Axis, samples: PanelSamples, placed: PositionedPanel, where: Where
) -> list[Problem]:
    secondary = samples.secondary.get(name)
    letter = "x" if name == "x" else "y"
    drawn: Axis = axes.xaxis if name == "x" else axes.yaxis
    if axis.scale != "linear":
        axes.set(**{f"{letter}scale": make_scale(axis, drawn)})
    problems = [*_set_limits(axes, letter, axis, where), *_check_ticks(drawn, axis, (*where, "ticks"))]
    _set_ticks(drawn, axis.ticks, placed.categories.get(name), is_date=name in placed.dates)
    if axis.grid is not None:
        drawn.grid(axis.grid)
    if axis.invert:
        drawn.set_inverted(True)
    if axis.label is not None:
        axes.set(**{f"{letter}label": axis.label})
    if axis.secondary is not None and secondary is not None:
        low, high = axes.get_xlim() if letter == "x" else axes.get_ylim()
        problems += _check_inverse(*secondary, np.linspace(low, high, 7), (*where, "secondary"))
        _draw_secondary(axes, letter, axis.secondary.label, secondary)
    return problems


def _set_limits(axes: Axes, letter: str, axis: spec.Axis, where: Where) -> list[Problem]:
    low, high = axis.limits
    if low is not None and high is not None and low >= high:
        message = f"limits from {low:g} to {high:g}"
        return [Problem((*where, "limits"), message, ("the lower one first",), "'invert: true' turns an axis")]
    for limit in (low, high):
        off_log = axis.scale == "log" and limit is not None and limit <= 0
        off_logit = axis.scale == "logit" and limit is not None and not 0 < limit < 1
        if off_log or off_logit:
            allowed = "more than 0" if off_log else "between 0 and 1"
            return [Problem((*where, "limits"), f"{limit:g} has no place on a {axis.scale} axis", (allowed,))]
    if (low, high) == (None, None):
        return []
    drawn: Axis = axes.xaxis if letter == "x" else axes.yaxis
    least, greatest = sorted(drawn.get_view_interval())
    limits = least if low is None else low, greatest if high is None else high
    if limits[0] >= limits[1]:
        message = f"limits from {limits[0]:g} to {limits[1]:g}, where the data's own end"
        return [Problem((*where, "limits"), message, ("limits that leave some of the data",))]
    # An axis may be turned already: the rows of a heatmap are counted from above.
    axes.set(**{f"{letter}lim": limits[::-1] if drawn.get_inverted() else limits})
    return []


_MOST_TICKS = 1000


def _check_ticks(drawn: Axis, axis: spec.Axis, where: Where) -> list[Problem]:
    least, greatest = sorted(drawn.get_view_interval())
    nearest = (greatest - least) / _MOST_TICKS
    message = f"more than {_MOST_TICKS:,} ticks from {least:g} to {greatest:g}"
    problems = []
    if axis.ticks.every is not None and axis.ticks.every < nearest:
        problems.append(Problem((*where, "every"), message, (f"more than {nearest:g}",)))
    at = sorted(set(axis.ticks.at or ()))
    # Matplotlib divides the first distance by 4 or 5, and goes on so along the whole axis.
    if axis.ticks.minor and axis.scale not in {"log", "symlog"} and len(at) > 1 and (at[1] - at[0]) / 5 < nearest:
        problems.append(Problem((*where, "minor"), message, ("with positions in 'at' further apart",)))
    return problems


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
            drawn.set_major_formatter(ticker.NullFormatter())  # that of dates fails where there is no tick
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
    second = (
        axes.secondary_xaxis("top", functions=functions)
        if letter == "x"
        else axes.secondary_yaxis("right", functions=functions)
    )
    if label is not None:
        second.set(**{f"{letter}label": label})


def _check_inverse(forward: ScaleFunction, inverse: ScaleFunction, values: Any, where: Where) -> list[Problem]:
    """Check that two formulas undo each other along the axis, or the second scale would show other values."""
    second = forward(values)
    back = inverse(second)
    with np.errstate(all="ignore"):
        apart = np.abs(back - values) > 1e-6 * np.ptp(values)  # never where a formula has no value
    if not np.any(apart):
        return []
    first = np.argmax(apart)
    message = f"it does not lead back: {values[first]:g} becomes {second[first]:g}, and that {back[first]:g}"
    return [Problem((*where, "inverse"), message, ("the value that 'forward' started from",))]
