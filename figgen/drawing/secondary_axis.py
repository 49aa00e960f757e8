"""Draw the second scale of an axis, on the opposite side of the panel."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib import scale
from matplotlib.axes import Axes

from figgen.config import spec
from figgen.config.spec.arrays import Array, ScaleFunction
from figgen.drawing.tick_labels import LogFormatter, LogLocator, choose_log_ticks, symlog_locator
from figgen.errors import Problem, Where

_POINTS = 101  # along an axis, at which the functions of its second scale are checked


def draw_secondary(
    axes: Axes, letter: str, first: spec.Axis, functions: tuple[ScaleFunction, ScaleFunction], where: Where
) -> Iterator[Problem]:
    """Draw the second scale of an axis whose limits are set, or yield what is wrong with its functions."""
    forward, inverse = functions
    drawn: Any = axes.xaxis if letter == "x" else axes.yaxis
    ends, transform = np.sort(drawn.get_view_interval()), drawn.get_transform()
    start, end = transform.transform(ends)
    values = transform.inverted().transform(np.linspace(start, end, _POINTS))
    values[[0, -1]] = ends
    if problem := _find_problem(values, *functions, transform, where):
        yield problem
        return
    if letter == "x":
        second = axes.secondary_xaxis("top", functions=functions)
    else:
        second = axes.secondary_yaxis("right", functions=functions)
    second.set(**{f"{letter}label": (first.secondary and first.secondary.label) or ""})
    if first.scale == "linear":
        return
    # matplotlib takes each other scale for a linear one, and on a log scale numbers below 0 for 1e-300.
    axis: Any = second.xaxis if letter == "x" else second.yaxis
    second.set(
        **{
            f"{letter}scale": scale.FuncScale(
                axis,
                (
                    lambda numbers: transform.transform(inverse(numbers)),
                    lambda places: forward(transform.inverted().transform(places)),
                ),
            )
        }
    )
    low, high = np.sort(forward(ends))
    second.set(**{f"{letter}lim": (low, high)})
    base = first.base or 10
    if first.scale == "log" and low > 0:
        axis.set_major_locator(LogLocator(base))
        axis.set_minor_locator(LogLocator(base, "auto"))
    elif first.scale == "symlog" and forward(np.zeros(1))[0] == 0:
        threshold = np.max(np.abs(forward(np.asarray([-1.0, 1.0]) * (first.threshold or 1))))
        axis.set_major_locator(symlog_locator(base, threshold))
    else:
        return
    axis.set_major_formatter(LogFormatter(base))
    choose_log_ticks(axis)


def _find_problem(
    values: Array, forward: ScaleFunction, inverse: ScaleFunction, transform: Any, where: Where
) -> Problem | None:
    """Return what is wrong if two functions are not each other's inverse at increasing values of an axis."""
    second = forward(values)
    back = inverse(second)
    if not np.all(np.isfinite(second)):
        at = values[np.argmin(np.isfinite(second))]
        return Problem((*where, "forward"), f"'forward' has no value at {at:g}", hint=_LIMITS)
    steps = np.sign(np.diff(second))
    if np.any(steps != steps[0]) or steps[0] == 0:
        at = int(np.argmax((steps != steps[0]) | (steps == 0)))
        ends = f"{values[0]:g} to {values[-1]:g}"
        maps = " and ".join(f"{values[i]:g} to {second[i]:g}" for i in (at, at + 1))
        message = f"'forward' does not rise or fall all the way from {ends}: it maps {maps}"
        return Problem((*where, "forward"), message, hint=_LIMITS)
    with np.errstate(all="ignore"):
        off = np.abs(transform.transform(back) - transform.transform(values))
        differs = ~(off <= 1e-6 * np.ptp(transform.transform(values)))
    if not np.any(differs):
        return None
    at = int(np.argmax(differs))
    result = f"'forward' maps {values[at]:g} to {second[at]:g}, which 'inverse' maps to {back[at]:g}"
    return Problem((*where, "inverse"), f"not the inverse of 'forward': {result}")


_LIMITS = "set 'limits' within which it can be inverted"
