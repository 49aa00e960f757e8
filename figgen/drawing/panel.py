"""Draw the layers of one panel into a matplotlib Axes."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from figgen.config import spec
from figgen.config.spec.arrays import AxisName, PanelSamples
from figgen.drawing.axes import DrawnAxis
from figgen.drawing.axis_units import to_positions
from figgen.drawing.input_checks import check_data_texts
from figgen.drawing.layered import DrawnLayer, LayeredFigure
from figgen.drawing.legend_entries import Entries, entries_of
from figgen.drawing.library_errors import is_internal
from figgen.drawing.mpl_compat import share_color_cycle
from figgen.drawing.scales import make_scale
from figgen.drawing.tick_labels import LogFormatter, NumberFormatter, choose_log_ticks
from figgen.errors import LayerError, Problem, Where


def draw_panel(
    axes: Axes, panel: spec.Panel, samples: PanelSamples, where: Where
) -> tuple[Entries, list[DrawnAxis], list[Problem]]:
    """Draw a panel's layers. Return the entries of its legend, its axes, which are not drawn yet, and the problems."""
    positioned, problems = to_positions(panel, samples.layers, where)
    figure = axes.get_figure()
    assert isinstance(figure, LayeredFigure)  # noqa: S101 - the axes were made in one
    problems += check_data_texts(samples.layers, where, figure)
    if problems:
        return [], [], problems
    sides: dict[AxisName, Axes] = {"x": axes, "y": axes}
    if any(layer.on == "right" for layer in panel.layers):
        sides["right"] = axes.twinx()
        sides["right"].grid(visible=False)
        share_color_cycle(axes, sides["right"])  # else the first line on the right would look as the first on the left
    for index, (layer, arrays) in enumerate(zip(panel.layers, positioned.layers, strict=True)):
        side, key = sides["right" if layer.on == "right" else "y"], (*where, "layers", index)
        before = {*side.get_children()}
        try:
            mappable = layer.draw(side, layer.placed(arrays, _transforms(panel, layer, side)))
            artists = tuple(child for child in side.get_children() if child not in before)
            figure.layers.append(DrawnLayer(key, layer, arrays, side, artists))
            if isinstance(layer, spec.Mapped) and layer.colorbar is not None and mappable is not None:
                _draw_colorbar(figure, axes, mappable, layer.colorbar)
        except (LayerError, ValueError) as error:
            if isinstance(error, ValueError) and is_internal(error):
                raise
            problems.append(Problem(key, str(error).strip().partition("\n")[0]))
    if panel.axes.aspect == "equal":
        axes.set_aspect("equal")
    if not panel.axes.visible:
        for side in sides.values():
            side.set_axis_off()
    entries = entries_of(dict.fromkeys(sides.values()))
    drawn = [
        DrawnAxis(
            side,
            name,
            getattr(panel.axes, name),
            (*where, "axes", name),
            positioned.categories.get(name),
            samples.secondary.get(name),
            is_date=name in positioned.dates,
        )
        for name, side in sides.items()
    ]
    return entries, drawn, problems


def _transforms(panel: spec.Panel, layer: spec.Layer, side: Axes) -> dict[str, Any]:
    """Return the transforms of the scales that the x and y axis of a layer will have."""
    up = panel.axes.right if layer.on == "right" else panel.axes.y
    scales = {"x": make_scale(panel.axes.x, side.xaxis), "y": make_scale(up, side.yaxis)}
    return {letter: scale.get_transform() for letter, scale in scales.items()}


def _draw_colorbar(figure: Figure, axes: Axes, mappable: Any, colorbar: spec.Colorbar) -> None:
    drawn = figure.colorbar(mappable, ax=axes, location=colorbar.place, label=colorbar.label or "")
    long_axis = drawn.ax.xaxis if drawn.orientation == "horizontal" else drawn.ax.yaxis
    if long_axis.get_scale() == "log":
        drawn.formatter, drawn.minorformatter = LogFormatter(), NullFormatter()
        choose_log_ticks(long_axis)
    if colorbar.format:
        drawn.formatter = NumberFormatter(colorbar.format)
