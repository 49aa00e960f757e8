"""Checks of a drawn figure's layout: texts that are cut off, lie on one another or are too small, data that is hidden.

All lengths are pixels of the picture, unless CSS pixels of the page that shows it are meant.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import BboxBase

from figgen.config import spec
from figgen.errors import Problem, Where
from figgen.review.visible import shown_ticks, titles

SMALLEST = 8.0  # CSS pixels that the letters of a text must have at least, measured as fonts are
HIDDEN = 0.1  # the share of a panel's data that its legend may lie on
_SLACK = 1.0  # pixels by which a text may leave the canvas: edges of letters are blurred
_INK = 0.15  # of a text's height, above and below, are room for the tallest letters and seldom inked

Box = np.ndarray[Any, Any]  # the corners of a rectangle, in order around it, as an array of shape (4, 2)


class TextBox(NamedTuple):
    """A text of the figure: what it is called in messages, its key in the spec, its box and the size of its font."""

    name: str
    where: Where
    box: Box
    size: float
    text: Text | None = None


Found = dict[str, list[Problem]]  # by the names that waivers have


def check_layout(figure: spec.Figure, drawn: Figure, width: int) -> Iterator[Problem]:
    """Yield what is wrong with the layout of a figure that was encoded as a picture so many pixels wide.

    What the figure waives is left out; a waiver that nothing needs is a problem too.
    """
    return apply_waivers(figure, find_layout_problems(figure, drawn, width))


def find_layout_problems(figure: spec.Figure, drawn: Figure, width: int) -> Found:
    """Find all that is wrong with a layout, waived or not, by what is looked at."""
    words, of_legends = [*_words(figure, drawn)], [*_within_legends(figure, drawn)]
    return {
        "cut": [*_cut([*words, *of_legends], drawn)] if figure.canvas.crop == "full" else [],
        "overlap": [*_overlapping([*words, *_frames(figure, drawn)])],
        "hidden": [*_hidden(figure, drawn)],
        "small": [*_small([*words, *of_legends], width, figure.canvas)],
        "contrast": [],  # see figgen.contrast; of a figure that is drawn for one kind of page it is not asked
    }


def apply_waivers(figure: spec.Figure, found: Found) -> Iterator[Problem]:
    """Yield the problems that a figure does not waive, and the waivers that nothing needs."""
    for name, problems in found.items():
        if name not in figure.waive:
            hint = f"if it is meant to be so, say why: waive: {{{name}: the reason}}"
            yield from (
                replace(problem, hint=f"{problem.hint}; {hint}" if problem.hint else hint) for problem in problems
            )
        elif not problems:
            yield Problem(("waive", name), f"'{name}' is waived, which nothing needs", hint="remove it", on_key=True)


def _cut(words: list[TextBox], drawn: Figure) -> Iterator[Problem]:
    width, height = drawn.bbox.width, drawn.bbox.height
    for one in words:
        left, low = one.box.min(0)
        right, high = one.box.max(0)
        beyond = {"left": -left, "right": right - width, "bottom": -low, "top": high - height}
        side, most = max(beyond.items(), key=lambda pair: pair[1])
        if most > _SLACK:
            message = f"{one.name} is cut off by {most:.0f} px at the {side}"
            yield Problem(one.where, message, hint="shorten it, make the canvas larger or the font smaller")


def _overlapping(words: list[TextBox]) -> Iterator[Problem]:
    """Yield the pairs of texts that lie on one another, but of each text the first such pair only."""
    if not words:
        return
    lows, highs = (np.array([getattr(one.box, side)(0) for one in words]) for side in ("min", "max"))
    order = np.argsort(lows[:, 0])
    done: set[int] = set()
    for rank, index in enumerate(order.tolist()):
        following = order[rank + 1 : np.searchsorted(lows[order, 0], highs[index, 0])]
        near = following[(lows[following, 1] < highs[index, 1]) & (highs[following, 1] > lows[index, 1])]
        for other in near.tolist():
            if index not in done and other not in done and boxes_intersect(words[index].box, words[other].box):
                done |= {index, other}
                one, two = words[min(index, other)], words[max(index, other)]
                yield Problem(one.where, f"{one.name} and {two.name} lie on one another", hint="move or shorten one")


def boxes_intersect(one: Box, other: Box) -> bool:
    """Tell whether two rectangles have more than their edges in common, by the theorem of separating axes."""
    for box in (one, other):
        for side in (box[1] - box[0], box[3] - box[0]):
            mine, others = one @ side, other @ side
            if mine.max() <= others.min() or others.max() <= mine.min():
                return False
    return True


def _small(words: list[TextBox], width: int, canvas: spec.Canvas) -> Iterator[Problem]:
    scale = canvas.shown / width
    small = [one for one in words if one.size * scale < SMALLEST]
    if small:
        least = min(small, key=lambda one: one.size)
        message = (
            f"{least.name} is {least.size * scale:.1f} px high where a post shows the picture {canvas.shown:g} px wide"
        )
        others = f", and so are {len(small) - 1} other texts" if len(small) > 1 else ""
        yield Problem(least.where, message + others, (f"{SMALLEST:g} px",), "a smaller canvas makes all of it larger")


def _hidden(figure: spec.Figure, drawn: Figure) -> Iterator[Problem]:
    for where, axes in placed(figure, drawn):
        legend, points = axes.get_legend(), _data_points(axes)
        share = np.mean(_within(legend.get_window_extent(), points)) if legend and len(points) else 0.0
        if share > HIDDEN:
            message = f"the legend hides {share:.0%} of the data"
            hint = "another 'place' for it, such as 'outside right', or wider limits"
            yield Problem((*where, "legend"), message, (f"{HIDDEN:.0%}",), hint)


_STEPS = 200  # along a line, which may lie behind a legend between two of its points


def _data_points(axes: Axes) -> Any:
    """Give points in pixels that stand for the data of a panel, where it is within the limits."""
    points = [np.empty((0, 2))]
    for line in axes.lines:
        path: Any = line.get_path()
        if len(path.vertices) > 1 and line.get_linestyle() not in {"None", ""}:
            path = path.interpolated(max(1, _STEPS // len(path.vertices)))
        points.append(line.get_transform().transform(path.vertices))
    for collection in axes.collections:
        offsets = np.ma.getdata(collection.get_offsets())
        if len(offsets) > 1:
            points.append(collection.get_offset_transform().transform(offsets))
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    points += [bar.get_window_extent().corners() for bar in bars]
    every = np.concatenate(points)
    return every[_within(axes.bbox, every)]


def _within(box: BboxBase, points: Any) -> Any:
    return np.all((points >= box.min) & (points <= box.max), axis=1)


def placed(figure: spec.Figure, drawn: Figure) -> Iterator[tuple[Where, Axes]]:
    """Yield all axes with the place of the panel that they belong to, or none if they are a colorbar's."""
    panels = [where for where, _ in figure.placed_panels()]
    own = {axes.get_subplotspec(): where for where, axes in zip(panels, drawn.axes, strict=False)}
    for number, axes in enumerate(drawn.axes):
        yield panels[number] if number < len(panels) else own.get(axes.get_subplotspec(), ()), axes


def every_text(figure: spec.Figure, drawn: Figure) -> Iterator[TextBox]:
    """Yield every text that shows, those of legends too."""
    yield from _words(figure, drawn)
    yield from _within_legends(figure, drawn)


def _words(figure: spec.Figure, drawn: Figure) -> Iterator[TextBox]:
    """Yield every text that shows, but for those of legends."""
    for text in drawn.texts:
        yield from _one("the figure's title", ("title",), text)
    numbered = len(figure.panels) > 1
    for number, (where, axes) in enumerate(placed(figure, drawn), 1):
        panel = f" of panel {number}" if numbered and where else ""
        for title in titles(axes).values():
            yield from _one(f"the title{panel}", (*where, "title"), title)
        for text in axes.texts:
            yield from _one(f"the text '{_short(text)}'{panel}", (*where, "layers"), text)
        if axes.axison:
            for each in (axes, *axes.child_axes):
                for axis in (each.xaxis, each.yaxis):
                    yield from _of_axis(axis, where, panel)


def _legends(figure: spec.Figure, drawn: Figure) -> Iterator[tuple[Where, Legend]]:
    yield from ((("legend",), legend) for legend in drawn.legends)
    for where, axes in placed(figure, drawn):
        if (legend := axes.get_legend()) is not None:
            yield (*where, "legend"), legend


def _of_axis(axis: Any, where: Where, panel: str) -> Iterator[TextBox]:
    if not axis.get_visible():
        return
    name = axis.axis_name
    key = "right" if name == "y" and axis.get_label_position() == "right" else name
    place = (*where, "axes", key)
    yield from _one(f"the label of {key}{panel}", (*place, "label"), axis.label)
    yield from _one(f"the factor of {key}{panel}", place, axis.get_offset_text())
    for minor in (False, True):
        for _, tick in shown_ticks(axis, minor=minor):
            for label in (tick.label1, tick.label2):
                yield from _one(f"the tick label '{_short(label)}' of {key}{panel}", (*place, "ticks"), label)


def _within_legends(figure: spec.Figure, drawn: Figure) -> Iterator[TextBox]:
    """Yield the texts of the legends, which matplotlib keeps apart itself."""
    for where, legend in _legends(figure, drawn):
        for text in (legend.get_title(), *legend.get_texts()):
            yield from _one(f"the legend's '{_short(text)}'", where, text)


def _frames(figure: spec.Figure, drawn: Figure) -> Iterator[TextBox]:
    """Yield the legends as a whole, which no text should lie behind."""
    for where, legend in _legends(figure, drawn):
        yield TextBox("the legend", where, np.asarray(legend.get_window_extent().corners())[[0, 2, 3, 1]], np.inf)


def _short(text: Text) -> str:
    words = text.get_text().replace("\n", " ")
    return words if len(words) <= _SHORT else words[: _SHORT - 1] + "…"


_SHORT = 30  # characters


def _one(name: str, where: Where, text: Text) -> Iterator[TextBox]:
    if text.get_visible() and text.get_text().strip():
        figure: Any = text.get_figure()
        yield TextBox(name, where, _box(text), text.get_fontsize() * figure.dpi / 72, text)


def _box(text: Text) -> Box:
    """Give the corners of the rectangle that a text fills, turned as the text is."""
    angle = text.get_rotation()
    outer = text.get_window_extent()
    width, height = outer.width, outer.height
    if angle % 90:
        text.set_rotation(0)
        level = text.get_window_extent()
        text.set_rotation(angle)
        width, height = level.width, level.height
        angle = np.deg2rad(angle)
    elif angle % 180:
        width, height, angle = height, width, np.pi / 2
    else:
        angle = 0.0
    half: Box = (
        np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2 * [1, 1 - 2 * _INK]
    )
    turned: Box = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return half @ turned + np.array([outer.x0 + outer.x1, outer.y0 + outer.y1]) / 2
