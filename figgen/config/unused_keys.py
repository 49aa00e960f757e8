"""Find the keys of a valid spec that have no effect, as far as the spec alone can tell.

A picture would be the same without them, so the author expects something that it does not show. In the defaults of a
folder they are no mistakes: these are for all of its figures, of which some have no grid, and others no legend.
"""

from collections.abc import Iterator
from dataclasses import replace

from figgen.config.spec import Figure, models
from figgen.config.spec.axes import Axis
from figgen.config.spec.base import conflict
from figgen.config.spec.figure import Grid, Legend, Panel
from figgen.errors import Problem, Where

_REMOVE = "remove it"


def find_unused(figure: Figure) -> tuple[Problem, ...]:
    """Return a problem for each key of a figure that has no effect."""
    rows = (
        replace(problem, where=(*where, *problem.where))
        for where, model in models(figure)
        for problem in model.unused()
    )
    found = {problem.where: problem for problem in (*rows, *_unused_in_figure(figure), *_unused_legends(figure))}
    outermost = (
        problem for where, problem in found.items() if not any(where[:end] in found for end in range(len(where)))
    )
    return tuple(replace(problem, unused=True) for problem in outermost)


def _unused_in_figure(figure: Figure) -> Iterator[Problem]:
    if figure.dark is not None and "dark" not in figure.variants:
        yield conflict("dark", "'dark' requires 'variants: [light, dark]'")
    if figure.panels and "axes" in figure.model_fields_set:
        yield conflict("axes", "'axes' cannot be combined with 'panels'", hint="each panel has its own")
    if not figure.panels and figure.grid != Grid():
        yield conflict("grid", "'grid' requires 'panels'")
    elif figure.panels:
        yield from _unused_in_grid(figure)
    for where, panel in figure.placed_panels():
        if panel.axes.right != Axis() and all(layer.on == "left" for layer in panel.layers):
            message = "no layer of this panel is on the right axis"
            yield conflict((*where, "axes", "right"), message, hint="add 'on: right' to one, or remove this")


def _unused_in_grid(figure: Figure) -> Iterator[Problem]:
    grid, (rows, columns) = figure.grid, figure.grid_shape
    if grid.columns is not None and grid.columns > columns:
        message = f"{grid.columns} columns for {len(figure.panels)} panels"
        yield conflict(("grid", "columns"), message, (f"up to {len(figure.panels)}",))
    for name, ratios, count in (("widths", grid.widths, columns), ("heights", grid.heights, rows)):
        if ratios is not None and count == 1:
            yield conflict(("grid", name), f"'{name}' has no effect with a single one", hint=_REMOVE)
    # How many panels share an axis with one another.
    together = {"none": 0, "all": len(figure.panels), "rows": columns, "columns": rows}
    for name, share in (("share_x", grid.share_x), ("share_y", grid.share_y)):
        if together[share] == 1:
            message = f"'{name}: {share}' has no effect in {rows} x {columns} panels (rows x columns)"
            yield conflict(("grid", name), message, hint=f"remove it, or use '{name}: all'")


def _unused_legends(figure: Figure) -> Iterator[Problem]:
    """Yield the legends, and their columns, that have no entries."""
    panels = [*figure.placed_panels()]
    scopes: list[tuple[Where, Legend, list[Panel]]] = [(where, panel.legend, [panel]) for where, panel in panels]
    if figure.panels and "legend" in figure.model_fields_set:  # one for all panels
        for where, panel in panels:
            if panel.legend != Legend():
                message = "'legend' cannot be combined with that of the figure, which is for all panels"
                yield conflict((*where, "legend"), message, hint="keep one of the two")
        scopes = [((), figure.legend, [panel for _, panel in panels])]
    for where, legend, shown in scopes:
        labels = [label for panel in shown for layer in panel.layers for _, label in layer.legend_labels()]
        if legend != Legend() and not labels:
            yield conflict((*where, "legend"), "'legend' requires layers with names", hint="add 'label' to them")
        elif legend.columns > 1 and len({*labels}) == 1 and "" not in labels:
            yield conflict((*where, "legend", "columns"), "'columns' has no effect on a single entry", hint=_REMOVE)
