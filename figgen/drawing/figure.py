"""Spec + arrays -> Figure, without pyplot and without changing matplotlib's global state."""

import string
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry

from figgen.config import spec
from figgen.config.spec.arrays import Samples
from figgen.drawing.axes import DrawnAxis, draw_axes
from figgen.drawing.input_checks import check_drawn
from figgen.drawing.layered import LayeredFigure
from figgen.drawing.legend_entries import HANDLERS, Entries
from figgen.drawing.library_errors import is_internal
from figgen.drawing.mpl_compat import is_no_room, logged_warnings
from figgen.drawing.panel import draw_panel
from figgen.drawing.styles import style_context
from figgen.errors import Problem, SpecError, Where
from figgen.site.debug import log_traceback
from figgen.site.limits import limit_advice

_SHARE = {"none": "none", "all": "all", "rows": "row", "columns": "col"}


@contextmanager
def draw(
    figure: spec.Figure, samples: Samples, settings: Mapping[str, Any], fonts: Sequence[FontEntry]
) -> Iterator[LayeredFigure]:
    """Draw a figure and yield it, within its rcParams so that it can be encoded and reviewed.

    `settings` are the rcParams of the variant. Raises SpecError with what matplotlib cannot draw or warns about, also
    at the end of the context.
    """
    with style_context(settings, fonts), warnings.catch_warnings(), logged_warnings("matplotlib") as logged:
        # These filters replace those of -W and PYTHONWARNINGS: a picture that matplotlib warns about must not be
        # published, as it lacks a glyph, or room for the plot. Deprecations do not concern the picture, not even those
        # that are UserWarnings.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", UserWarning)
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            yield draw_figure(figure, samples)
        except (UserWarning, RuntimeWarning) as warning:
            raise SpecError([_warning_problem(str(warning))]) from warning
        except MemoryError as error:
            message = "out of memory"
            raise SpecError([Problem((), message, *limit_advice("memory_mib"))]) from error
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            if is_internal(error):
                raise
            # Known errors are reported at their places; the others come from extreme values.
            log_traceback()
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            raise SpecError([Problem((), f"matplotlib cannot draw this: {reason}")]) from error
    if logged:
        raise SpecError(_warning_problem(message) for message in dict.fromkeys(logged))


def _warning_problem(message: str) -> Problem:
    if is_no_room(message):
        hint = "use a larger canvas or fewer, smaller texts; texts and arrows far outside the limits need room, too"
        return Problem((), "no room left for the panels", hint=hint)
    return Problem((), f"matplotlib warns: {message}")


def draw_figure(figure: spec.Figure, samples: Samples) -> LayeredFigure:
    """Draw a figure within the current rcParams. Raises SpecError with every problem of every panel."""
    canvas = figure.canvas
    layout = None if canvas.layout == "none" else canvas.layout
    drawn = LayeredFigure(figsize=canvas.inches, dpi=canvas.dpi, layout=layout)
    FigureCanvasAgg(drawn)
    problems = list(check_drawn(figure, drawn))
    shared: Entries = []
    drawn_axes: list[DrawnAxis] = []
    placed = zip(figure.placed_panels(), _make_axes(drawn, figure), strict=True)
    for number, ((where, panel), axes) in enumerate(placed):
        entries, of_panel, found = draw_panel(axes, panel, samples.panels[number], where)
        drawn_axes += of_panel
        problems += found
        _draw_title(axes, panel, f"({_letters(number)}) " if figure.grid.letters else "")
        if figure.panels and "legend" in figure.model_fields_set:  # one legend for all panels
            known = {label for _, label in shared}
            shared += [entry for entry in entries if entry[1] not in known]
        elif entries:
            problems += _draw_legend(axes, entries, panel.legend, canvas, (*where, "legend", "place"))
    problems += draw_axes(drawn_axes)
    if shared:
        problems += _draw_legend(drawn.axes[0], shared, figure.legend, canvas, ("legend", "place"))
    if figure.panels and figure.title is not None:
        drawn.suptitle(figure.title)
    if problems:
        # A mistake in a part of a layer, reported at its place, often makes drawing the layer fail as well.
        raise SpecError(one for one in problems if not any(_is_inside(other.where, one.where) for other in problems))
    return drawn


def _is_inside(inner: Where, outer: Where) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _make_axes(drawn: Figure, figure: spec.Figure) -> list[Axes]:
    if not figure.panels:
        return [drawn.add_subplot()]
    grid, count = figure.grid, len(figure.panels)
    rows, columns = figure.grid_shape
    sharing: Any = {"sharex": _SHARE[grid.share_x], "sharey": _SHARE[grid.share_y]}
    ratios: Any = {"width_ratios": grid.widths, "height_ratios": grid.heights}
    axes: list[Axes] = drawn.subplots(rows, columns, squeeze=False, **sharing, **ratios).ravel().tolist()
    for unused in axes[count:]:
        unused.remove()
    return axes[:count]


def _letters(number: int) -> str:
    """Return a to z for 0 to 25, then aa, ab and so on, like the columns of a spreadsheet."""
    more, last = divmod(number, len(string.ascii_lowercase))
    return (_letters(more - 1) if more else "") + string.ascii_lowercase[last]


def _draw_title(axes: Axes, panel: spec.Panel, letter: str) -> None:
    if panel.title is not None or letter:
        # If nothing is above the panel, the title's height is known. To find it, matplotlib would compute the box of
        # each tick label several times, which takes half the time of a figure with a log axis.
        clear = axes.xaxis.get_ticks_position() == "bottom" and panel.axes.x.secondary is None
        axes.set_title((letter + (panel.title or "")).rstrip(), y=1.0 if clear else None)


def _draw_legend(axes: Axes, entries: Entries, legend: spec.Legend, canvas: spec.Canvas, where: Where) -> list[Problem]:
    options: dict[str, Any] = {"ncols": legend.columns, "title": legend.title, "frameon": legend.frame}
    options["handler_map"] = HANDLERS
    handles, labels = zip(*entries, strict=True)
    if not legend.place.startswith("outside"):
        axes.legend(handles, labels, loc=legend.place, **options)
        return []
    if canvas.layout != "constrained":
        message = f"'{legend.place}' cannot be combined with 'layout: {canvas.layout}'"
        return [Problem(where, message, hint="use 'layout: constrained'")]
    figure = axes.get_figure()
    assert figure is not None  # noqa: S101 - the axes were made in one
    figure.legend(handles, labels, loc=_OUTSIDE[legend.place], **options)
    return []


_OUTSIDE: Mapping[str, str] = {
    "outside right": "outside right upper",
    "outside top": "outside upper center",
    "outside bottom": "outside lower center",
}
