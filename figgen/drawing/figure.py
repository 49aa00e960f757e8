"""Spec + arrays -> Figure -> PNG bytes, without pyplot and without a trace in matplotlib's global state."""

import string
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry

from figgen.config import spec
from figgen.config.spec.arrays import Samples
from figgen.drawing.input_checks import check_drawn
from figgen.drawing.mpl_compat import is_no_room, logged_warnings
from figgen.drawing.panel import Legend, draw_panel
from figgen.drawing.styles import style_context
from figgen.errors import Problem, SpecError, Where
from figgen.site.debug import log_traceback
from figgen.site.limits import limit_text, raise_limit_hint

_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = Path(mpl.__file__).parents[1]  # of matplotlib, and of what it draws with

_SHARED: Mapping[str, Literal["none", "all", "row", "col"]] = {
    "none": "none",
    "all": "all",
    "rows": "row",
    "columns": "col",
}


@contextmanager
def draw(
    figure: spec.Figure, samples: Samples, settings: Mapping[str, Any], fonts: Sequence[FontEntry]
) -> Iterator[Figure]:
    """Draw a figure, to be encoded or looked at within. Raises SpecError with what cannot be drawn, also at the end."""
    with style_context(settings, fonts), warnings.catch_warnings(), logged_warnings("matplotlib") as logged:
        # Whatever -W or PYTHONWARNINGS say. A picture that matplotlib warns about must not be published: it lacks a
        # glyph, or room for the plot. Deprecations, also those that are UserWarnings, do not concern the picture.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", UserWarning)
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            yield draw_figure(figure, samples)
        except (UserWarning, RuntimeWarning) as warning:
            raise SpecError([_warned(str(warning))]) from warning
        except MemoryError as error:
            message = "out of memory"
            raise SpecError([Problem((), message, limit_text("memory_mib"), raise_limit_hint("memory_mib"))]) from error
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            if _is_internal(error):
                raise
            # Known errors are reported at their places; this is for values at the edge of what matplotlib can do.
            log_traceback()
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            raise SpecError([Problem((), f"matplotlib cannot draw this: {reason}")]) from error
    if logged:
        raise SpecError(_warned(message) for message in dict.fromkeys(logged))


def _is_internal(error: BaseException) -> bool:
    """Check whether an error was raised by code of figgen's own, and not in a library that draws."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(_PACKAGE):
            return True
        if file.is_relative_to(_LIBRARIES):
            return False
    return True


def _warned(message: str) -> Problem:
    """Say what matplotlib warns about; that no room is left is the one of its warnings that authors meet."""
    if is_no_room(message):
        hint = "a larger canvas, fewer or smaller words; a text or an arrow far outside the limits takes room as well"
        return Problem((), "what stands around the panels leaves no room for them", hint=hint)
    return Problem((), f"matplotlib warns: {message}")


def draw_figure(figure: spec.Figure, samples: Samples) -> Figure:
    """Draw a figure, within the current rcParams. Raises SpecError with every problem of every panel."""
    canvas = figure.canvas
    drawn = Figure(figsize=canvas.inches, dpi=canvas.dpi, layout=None if canvas.layout == "none" else canvas.layout)
    FigureCanvasAgg(drawn)
    problems = list(check_drawn(figure, drawn))
    shared: Legend = ([], [])
    placed = zip(figure.placed_panels(), _make_axes(drawn, figure), strict=True)
    for number, ((where, panel), axes) in enumerate(placed):
        legend, found = draw_panel(axes, panel, samples.panels[number], where)
        problems += found
        _draw_title(axes, panel, f"({_letters(number)}) " if figure.grid.letters else "")
        if _is_shared(figure):
            new = [entry for entry in zip(*legend, strict=True) if entry[1] not in shared[1]]
            shared = (shared[0] + [handle for handle, _ in new], shared[1] + [label for _, label in new])
        elif legend[1]:
            problems += _draw_legend(axes, legend, panel.legend, figure.canvas, (*where, "legend", "place"))
    if shared[1]:
        problems += _draw_legend(drawn.axes[0], shared, figure.legend, figure.canvas, ("legend", "place"))
    if figure.panels and figure.title is not None:
        drawn.suptitle(figure.title)
    if problems:
        # A drawer stumbles over what is wrong with a part of its layer, which is told by its place already.
        raise SpecError(one for one in problems if not any(_is_inside(other.where, one.where) for other in problems))
    return drawn


def _is_inside(inner: Where, outer: Where) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _make_axes(drawn: Figure, figure: spec.Figure) -> list[Axes]:
    if not figure.panels:
        return [drawn.add_subplot()]
    grid, count = figure.grid, len(figure.panels)
    columns = min(grid.columns or count, count)
    rows = -(-count // columns)
    made = drawn.subplots(
        rows,
        columns,
        squeeze=False,
        sharex=_SHARED[grid.share_x],
        sharey=_SHARED[grid.share_y],
        width_ratios=grid.widths,
        height_ratios=grid.heights,
    )
    axes: list[Axes] = made.ravel().tolist()
    for superfluous in axes[count:]:
        superfluous.remove()
    return axes[:count]


def _letters(number: int) -> str:
    """Return a to z for 0 to 25, then aa, ab and so on, like the columns of a spreadsheet."""
    more, last = divmod(number, len(string.ascii_lowercase))
    return (_letters(more - 1) if more else "") + string.ascii_lowercase[last]


def _draw_title(axes: Axes, panel: spec.Panel, letter: str) -> None:
    if panel.title is not None or letter:
        # Where nothing stands above the panel, the title's height is known. Left to find that out, matplotlib asks each
        # tick label for its box again and again, which takes half the time of a figure with a log axis.
        clear = axes.xaxis.get_ticks_position() == "bottom" and panel.axes.x.secondary is None
        axes.set_title((letter + (panel.title or "")).rstrip(), y=1.0 if clear else None)


def _is_shared(figure: spec.Figure) -> bool:
    return bool(figure.panels) and "legend" in figure.model_fields_set


def _draw_legend(axes: Axes, entries: Legend, legend: spec.Legend, canvas: spec.Canvas, where: Where) -> list[Problem]:
    options: dict[str, Any] = {"ncols": legend.columns, "title": legend.title, "frameon": legend.frame}
    if not legend.place.startswith("outside"):
        axes.legend(*entries, loc=legend.place, **options)
        return []
    if canvas.layout != "constrained":
        return [Problem(where, f"'{legend.place}' with layout: {canvas.layout}", ("'layout: constrained'",))]
    figure = axes.get_figure()
    assert figure is not None  # noqa: S101 - the axes were made in one
    figure.legend(*entries, loc=_OUTSIDE[legend.place], **options)
    return []


_OUTSIDE: Mapping[str, str] = {
    "outside right": "outside right upper",
    "outside top": "outside upper center",
    "outside bottom": "outside lower center",
}
