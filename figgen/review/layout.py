"""Check the layout of a drawn figure: no text cut off, overlapping or too small, no data behind a legend.

Lengths are pixels of the picture, or CSS pixels of the page that shows it where the name or comment says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import floor

import numpy as np
from matplotlib.figure import Figure

from figgen.config import spec
from figgen.drawing.layered import LayeredFigure
from figgen.errors import Problem
from figgen.review.behind_legend import find_behind_legends
from figgen.review.covered_data import find_covered
from figgen.review.legend_entries import find_legend_problems
from figgen.review.ticks import check_ticks
from figgen.review.unused_keys import find_unused_keys
from figgen.review.visible import Corners, TextBox, text_boxes

MIN_FONT_SIZE = 8.0  # CSS pixels
_NOT_WAIVABLE = ("ticks", "unused")  # no reason makes a false label right
_MAX_CUT = 1.0  # pixels by which a text may extend beyond the canvas: the edges of glyphs are blurred

ProblemsByCheck = dict[str, list[Problem]]  # the problems that each check found, by the name that waives it


def check_layout(figure: spec.Figure, drawn: LayeredFigure, width: int) -> Iterator[Problem]:
    """Yield the layout problems of a figure, encoded as a picture of this width in pixels, that it does not waive."""
    return apply_waivers(figure, find_layout_problems(figure, drawn, width))


def find_layout_problems(figure: spec.Figure, drawn: LayeredFigure, width: int) -> ProblemsByCheck:
    """Return all layout problems of a figure, encoded as a picture of this width in pixels, waived or not."""
    boxes = [*text_boxes(figure, drawn)]
    texts = [box for box in boxes if box.text is not None]
    return {
        "cut": [*_find_cut(texts, drawn)] if figure.canvas.crop == "full" else [],
        "overlap": [*_find_overlaps([box for box in boxes if not box.in_legend])],
        "hidden": [*find_behind_legends(figure, drawn)],
        "small": [*_find_small(texts, width, figure.canvas)],
        "covered": [*find_covered(drawn)],
        "ticks": [*check_ticks(figure, drawn)],
        "legend": [*find_legend_problems(figure, drawn)],
        "unused": [*find_unused_keys(figure, drawn)],
        "contrast": [],  # found by `check_contrast`, for figures with a dark variant only
    }


def apply_waivers(figure: spec.Figure, found: ProblemsByCheck) -> Iterator[Problem]:
    """Yield the problems that a figure does not waive, and its unused waivers."""
    for name, problems in found.items():
        if name in _NOT_WAIVABLE:
            yield from problems
        elif name not in figure.waive:
            waive = f"if this is intended, add waive: {{{name}: <reason>}}"
            yield from (replace(problem, hint="; ".join(filter(None, (problem.hint, waive)))) for problem in problems)
        elif not problems:
            yield Problem(("waive", name), f"unused waiver '{name}'", hint="remove it", on_key=True)


def _find_cut(texts: Sequence[TextBox], drawn: Figure) -> Iterator[Problem]:
    width, height = drawn.bbox.width, drawn.bbox.height
    for text in texts:
        (left, bottom), (right, top) = text.corners.min(0), text.corners.max(0)
        cut = {"left": -left, "right": right - width, "bottom": -bottom, "top": top - height}
        side, most = max(cut.items(), key=lambda pair: pair[1])
        if most > _MAX_CUT:
            message = f"{text.name} is cut off by {most:.0f} px at the {side}"
            yield Problem(text.where, message, hint="shorten it, make the canvas larger or the font smaller")


def _find_overlaps(texts: Sequence[TextBox]) -> Iterator[Problem]:
    """Yield a problem for each pair of overlapping texts, but no more than one for each text.

    Texts are put into a grid whose cells have their mean size, so that each is compared with its neighbours only.
    """
    finite = [text for text in texts if np.isfinite(text.corners).all()]
    numbered = sorted(enumerate(finite), key=lambda pair: pair[1].corners[:, 0].min())
    cell = np.maximum(1, np.mean([np.ptp(text.corners, axis=0) for text in finite] or [[1, 1]], axis=0))
    grid: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)  # by cell, the indices in `numbered` of its texts
    for place, (number, text) in enumerate(numbered):
        cells = _cells(text.corners / cell)
        neighbours = sorted({other for at in cells for other in grid[at]})
        found = next((at for at in neighbours if boxes_intersect(numbered[at][1].corners, text.corners)), None)
        if found is None:
            for at in cells:
                grid[at].add(place)
        else:
            for at in _cells(numbered[found][1].corners / cell):
                grid[at].remove(found)
            one, two = (numbered[found][1], text) if numbered[found][0] < number else (text, numbered[found][1])
            yield Problem(one.where, f"{one.name} overlaps {two.name}", hint="move or shorten one of them")


def _cells(corners: Corners) -> list[tuple[int, ...]]:
    """Return the unit squares that a rectangle touches, by their lower left corners."""
    bounds = zip(corners.min(0).tolist(), corners.max(0).tolist(), strict=True)
    return [*product(*(range(floor(low), floor(high) + 1) for low, high in bounds))]


def boxes_intersect(one: Corners, other: Corners) -> bool:
    """Check whether two rectangles share more than edges, by the separating axis theorem.

    They do not if, for some side of one of them, their projections on the direction of that side are disjoint.
    """
    for box in (one, other):
        for side in (box[1] - box[0], box[3] - box[0]):
            mine, others = one @ side, other @ side
            if mine.max() <= others.min() or others.max() <= mine.min():
                return False
    return True


def _find_small(texts: Sequence[TextBox], width: int, canvas: spec.Canvas) -> Iterator[Problem]:
    """Yield one problem, for the smallest text, if some are too small in a post, `canvas.shown` CSS pixels wide."""
    css_pixels = canvas.shown / width
    small = [text for text in texts if text.size * css_pixels < MIN_FONT_SIZE]
    if small:
        least = min(small, key=lambda text: text.size)
        others = f" (the smallest of {len(small)} texts that are too small)" if len(small) > 1 else ""
        size = f"{least.size * css_pixels:.1f} px high in a post that shows the picture {canvas.shown:g} px wide"
        hint = "use a larger font, or a smaller canvas, which makes all text larger"
        yield Problem(least.where, f"{least.name} is {size}{others}", (f"at least {MIN_FONT_SIZE:g} px",), hint)
