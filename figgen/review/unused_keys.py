"""Find the keys that have no effect on a drawn figure, as its data and its style decide.

What the spec alone shows is found before drawing.
"""

from collections.abc import Iterator
from dataclasses import replace

from matplotlib.axis import Axis
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from figgen.config import spec
from figgen.config.spec.base import conflict
from figgen.drawing.layered import DrawnLayer, LayeredFigure
from figgen.drawing.tick_labels import OF_DATES, OF_NAMES
from figgen.errors import Problem
from figgen.review.visible import axes_of_panels

_NO_MARKER = ("None", "none", "", " ", None)


def find_unused_keys(figure: spec.Figure, drawn: LayeredFigure) -> Iterator[Problem]:
    """Yield a problem for each key of the axes and layers that changes nothing in the picture."""
    yield from (replace(problem, unused=True) for problem in _find(figure, drawn))


def _find(figure: spec.Figure, drawn: LayeredFigure) -> Iterator[Problem]:
    panels = dict(figure.placed_panels())
    for number, (where, axes) in enumerate(axes_of_panels(figure, drawn)):
        if axes.get_label() != "<colorbar>":
            sides = {"x": axes.xaxis, "y": axes.yaxis} if number < len(panels) else {"right": axes.yaxis}
            for name, axis in sides.items():
                ticks = getattr(panels[where].axes, name).ticks
                yield from (
                    replace(problem, where=(*where, "axes", name, "ticks", *problem.where))
                    for problem in _formats(ticks, axis)
                )
    for layer in drawn.layers:
        yield from (replace(problem, where=(*layer.where, *problem.where)) for problem in _sizes(layer))


def _formats(ticks: spec.Ticks, axis: Axis) -> Iterator[Problem]:
    formatter = axis.get_major_formatter()
    has_dates, has_names = isinstance(formatter, OF_DATES), isinstance(formatter, OF_NAMES)
    found = "dates" if has_dates else "categories" if has_names else "numbers"
    if ticks.format is not None and (has_dates or has_names):
        hint = "use 'dates', such as '%d %b'" if has_dates else "remove it"
        yield conflict("format", f"a number format on an axis of {found}", hint=hint)
    if ticks.dates is not None and not has_dates:
        hint = "remove it" if has_names else "use 'format', such as '.1f'"
        yield conflict("dates", f"a date format on an axis of {found}", hint=hint)


def _sizes(layer: DrawnLayer) -> Iterator[Problem]:
    lines = [artist for artist in layer.artists if isinstance(artist, Line2D)]
    sized = getattr(layer.layer, "marker_size", None) is not None
    if lines and sized and all(line.get_marker() in _NO_MARKER for line in lines):
        yield conflict("marker_size", "'marker_size' has no effect without markers", hint="add 'marker', or remove it")
    patches = [artist for artist in layer.artists if isinstance(artist, Patch)]
    if patches and getattr(layer.layer, "line_width", None) is not None and not any(map(_has_edge, patches)):
        hint = "add 'edge_color', or remove it"
        yield conflict("line_width", "'line_width' has no effect without an outline", hint=hint)


def _has_edge(patch: Patch) -> bool:
    return float(to_rgba(patch.get_edgecolor())[3]) > 0
