"""Draw the axes of all panels: scales, limits, ticks, labels and second scales, once all layers are drawn.

Panels may share an axis. So each step is taken for all of them before the next one: a limit is right only when all data
are drawn, and a tick only when all limits are set.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib import dates, ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis

from figgen.config import spec
from figgen.config.spec.arrays import AxisName, ScaleFunction
from figgen.drawing.scales import OUTSIDE, make_scale
from figgen.drawing.secondary_axis import draw_secondary
from figgen.drawing.tick_labels import (
    OF_DATES,
    OF_NAMES,
    DateFormatter,
    NumberFormatter,
    are_within_limits,
    choose_log_ticks,
    name_formatter,
)
from figgen.errors import Problem, Where


class DrawnAxis(NamedTuple):
    """One axis of a panel whose layers are drawn, with what else its drawing needs."""

    axes: Axes
    name: AxisName
    spec: spec.Axis
    where: Where
    categories: tuple[str, ...] | None
    secondary: tuple[ScaleFunction, ScaleFunction] | None
    is_date: bool

    @property
    def letter(self) -> str:
        """Return the name of matplotlib's axis."""
        return "x" if self.name == "x" else "y"

    @property
    def axis(self) -> Axis:
        """Return matplotlib's axis."""
        return self.axes.xaxis if self.name == "x" else self.axes.yaxis

    @property
    def limits(self) -> tuple[float, float]:
        """Return the lower and the upper end of what is shown now."""
        low, high = sorted(self.axis.get_view_interval())
        return float(low), float(high)

    def set_limits(self, low: float, high: float) -> None:
        """Set the limits, of all panels that share the axis."""
        # An axis may be inverted already: the rows of a heatmap are counted from above.
        self.axes.set(**{f"{self.letter}lim": (high, low) if self.axis.get_inverted() else (low, high)})


def draw_axes(drawn: Sequence[DrawnAxis]) -> list[Problem]:
    """Draw the axes of all panels of a figure. Return the problems found."""
    problems = [problem for panels in _shared(drawn) for problem in _check_shared(panels)]
    for axes in dict.fromkeys(one.axes for one in drawn):
        _include_annotations(axes)
    for one in drawn:
        if one.spec.scale != "linear":
            one.axes.set(**{f"{one.letter}scale": make_scale(one.spec, one.axis)})
            # The margins are a share of the length on the scale.
            one.axes.autoscale_view(scalex=one.letter == "x", scaley=one.letter == "y")
    valid = _without_problems(drawn, _check_scale, problems)
    for one in valid:
        _make_room_for_ticks(one)
    valid = _without_problems(valid, _set_limits, problems)
    valid = _without_problems(valid, _check_ticks, problems)
    for panels in _shared(drawn):
        ticks = next((one.spec.ticks for one in panels if _positions_and_labels(one)), spec.Ticks())
        categories = next((one.categories for one in panels if one.categories is not None), None)
        for one in panels:
            _set_ticks(one.axis, ticks, categories, is_date=any(one.is_date for one in panels))
            _draw_axis(one)
    _without_problems(valid, _draw_secondary, problems)
    return problems


def _include_annotations(axes: Axes) -> None:
    """Extend the limits to the texts and arrows of a panel, along each axis on which it has nothing else."""
    ends = [end for text in axes.texts for end in (text.get_position(), getattr(text, "xy", text.get_position()))]
    for letter, group in (("x", axes.get_shared_x_axes()), ("y", axes.get_shared_y_axes())):
        intervals = [getattr(other.dataLim, f"interval{letter}") for other in group.get_siblings(axes)]
        if ends and not np.any(np.isfinite(intervals)):
            axes.update_datalim(ends, updatex=letter == "x", updatey=letter == "y")
            axes.autoscale_view(scalex=letter == "x", scaley=letter == "y")


def _without_problems(
    drawn: Iterable[DrawnAxis], check: Callable[[DrawnAxis], Iterator[Problem]], problems: list[Problem]
) -> list[DrawnAxis]:
    """Return the axes for which a check yields no problem; the others' are appended to `problems`."""
    found = [(one, [*check(one)]) for one in drawn]
    problems += [problem for _, of_one in found for problem in of_one]
    return [one for one, of_one in found if not of_one]


def _shared(drawn: Sequence[DrawnAxis]) -> list[list[DrawnAxis]]:
    """Return the axes in groups of those that panels share, which have the same scale, limits and ticks."""
    groups: dict[int, list[DrawnAxis]] = {}
    for one in drawn:
        groups.setdefault(id(one.axis.major), []).append(one)
    return [*groups.values()]


def _panel(one: DrawnAxis) -> str:
    return f"panel {int(one.where[1]) + 1}"


def _positions_and_labels(one: DrawnAxis) -> Mapping[str, Any]:
    """Return those keys of `ticks` that are set and hold for all panels that share an axis."""
    return one.spec.ticks.model_dump(exclude_none=True, exclude={"rotation", "align"})


_AGREE: Mapping[str, str] = {
    "scale": "set it in each of them",
    "limits": "set them in one of them",
    "ticks": "set them in one of them",
    "categories": "use the same strings in the same order",
}


def _check_shared(panels: Sequence[DrawnAxis]) -> Iterator[Problem]:
    """Yield what panels that share an axis do not agree on: only the last one would have its way."""
    first: dict[str, tuple[Any, DrawnAxis]] = {}
    for one in panels:
        axis = one.spec
        said = {
            "scale": (axis.scale, axis.base, axis.threshold),
            "limits": axis.limits if axis.limits != (None, None) else None,
            "ticks": _positions_and_labels(one) or None,
            "categories": one.categories,
        }
        for what, value in said.items():
            known, other = first.setdefault(what, (value, one)) if value is not None else (None, one)
            if known != value:
                where = one.where if what == "categories" else (*one.where, what)
                message = f"{_panel(other)} and {_panel(one)} share this axis, and need the same {what}"
                yield Problem(where, message, hint=_AGREE[what])


def _check_scale(one: DrawnAxis) -> Iterator[Problem]:
    """Yield the limits and ticks that the scale of an axis cannot show."""
    is_outside, allowed = OUTSIDE.get(one.spec.scale, (None, ""))
    if is_outside is None:
        return
    for key, what, numbers in (("limits", "limit", one.spec.limits), ("ticks", "tick", one.spec.ticks.at or ())):
        number = next((number for number in numbers if number is not None and is_outside(np.asarray(number))), None)
        if number is not None:
            where = (*one.where, key) if key == "limits" else (*one.where, "ticks", "at")
            yield Problem(where, f"{what} {number:g} cannot be shown on a {one.spec.scale} axis", (allowed,))


def _make_room_for_ticks(one: DrawnAxis) -> None:
    """Extend the ends of an axis that are not set to the positions in `at`."""
    low, high = one.limits
    ends = (min(low, *one.spec.ticks.at), max(high, *one.spec.ticks.at)) if one.spec.ticks.at else (low, high)
    wanted = [
        own if limit is not None else end for limit, own, end in zip(one.spec.limits, (low, high), ends, strict=True)
    ]
    if wanted != [low, high]:
        one.set_limits(*wanted)


def _set_limits(one: DrawnAxis) -> Iterator[Problem]:
    if one.spec.limits == (None, None):
        return
    low, high = (own if limit is None else limit for limit, own in zip(one.spec.limits, one.limits, strict=True))
    if low < high:
        one.set_limits(low, high)
        return
    hint = "use 'invert: true' to reverse the axis"
    if None in one.spec.limits:
        hint = "set both limits; the one that is null is taken from the data"
    message = f"the lower limit {low:g} must be less than the upper limit {high:g}"
    yield Problem((*one.where, "limits"), message, hint=hint)


_MAX_TICKS = 1000


def _check_ticks(one: DrawnAxis) -> Iterator[Problem]:
    where, ticks = (*one.where, "ticks"), one.spec.ticks
    low, high = one.limits
    at = np.asarray(ticks.at or ())
    for index in np.flatnonzero(~are_within_limits(one.axis, at)):
        message = f"the tick at {at[index]:g} is outside the limits, {low:g} to {high:g}"
        yield Problem((*where, "at", int(index)), message, hint="remove it, or widen the 'limits'")
    least = (high - low) / _MAX_TICKS
    message = f"more than {_MAX_TICKS:,} ticks from {low:g} to {high:g}"
    if ticks.every is not None and ticks.every < least:
        yield Problem((*where, "every"), message, (f"'every' of at least {least:g}",))
    at = np.unique(at)
    # matplotlib divides the first distance by 4 or 5, and repeats that distance along the whole axis.
    if ticks.minor and one.spec.scale not in {"log", "symlog"} and len(at) > 1 and (at[1] - at[0]) / 5 < least:
        yield Problem((*where, "minor"), message, hint="move the first two positions in 'at' further apart")


def _draw_axis(one: DrawnAxis) -> None:
    ticks = one.spec.ticks
    if ticks.rotation is not None:
        one.axis.set_tick_params(rotation=ticks.rotation)
    if ticks.align is not None:
        # Labels of ticks that are made later are copied from the first.
        for tick in (*one.axis.get_major_ticks(), *one.axis.get_minor_ticks()):
            for label in (tick.label1, tick.label2):
                label.set_horizontalalignment(ticks.align)
    if one.spec.grid is not None:
        one.axis.grid(one.spec.grid)
    if one.spec.invert:
        one.axis.set_inverted(True)
    if one.spec.label is not None:
        one.axes.set(**{f"{one.letter}label": one.spec.label})


def _set_ticks(drawn: Axis, ticks: spec.Ticks, categories: tuple[str, ...] | None, *, is_date: bool) -> None:
    # Locators are set rather than `Axis.set_ticks` called, since that moves the limits.
    if categories is not None:
        drawn.set_major_locator(ticker.FixedLocator(range(len(categories))))
        drawn.set_major_formatter(name_formatter(dict(enumerate(categories))))
    if is_date:
        locator = dates.AutoDateLocator()  # type: ignore[no-untyped-call]
        drawn.set_major_locator(locator)
        if ticks.dates is not None:
            drawn.set_major_formatter(dates.DateFormatter(ticks.dates))  # type: ignore[no-untyped-call]
        elif ticks.every is not None or ticks.at is not None:
            drawn.set_major_formatter(DateFormatter())
        else:  # right for ticks at the dates that its locator chooses only
            drawn.set_major_formatter(dates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    if ticks.every is not None:
        drawn.set_major_locator(ticker.MultipleLocator(ticks.every))
    elif ticks.at is None and drawn.get_scale() in {"log", "symlog"}:
        choose_log_ticks(drawn)
    if ticks.at is not None:
        drawn.set_major_locator(ticker.FixedLocator(ticks.at))
        if ticks.labels is not None:
            drawn.set_major_formatter(name_formatter(dict(zip(ticks.at, ticks.labels, strict=True))))
        if not ticks.at:
            drawn.set_major_formatter(ticker.NullFormatter())  # the formatter of dates fails without ticks
    if ticks.format is not None and not isinstance(drawn.get_major_formatter(), OF_DATES + OF_NAMES):
        drawn.set_major_formatter(NumberFormatter(ticks.format))
    if ticks.minor is True:
        drawn.minorticks_on()
    elif ticks.minor is False:
        drawn.set_minor_locator(ticker.NullLocator())


def _draw_secondary(one: DrawnAxis) -> Iterator[Problem]:
    if one.secondary is not None and one.axes.axison:
        yield from draw_secondary(one.axes, one.letter, one.spec, one.secondary, (*one.where, "secondary"))
