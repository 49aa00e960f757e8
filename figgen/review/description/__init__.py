"""What a drawn figure says, apart from how it is rasterised: Figure -> plain data.

The same on every supported matplotlib, numpy and processor. Taken from what was drawn, not from the spec, so that it
shows what matplotlib made of it. Positions that follow from the size of letters are left out: those differ.
"""

import re
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.spines import Spine
from matplotlib.text import Text

from figgen.config import spec
from figgen.review.description.artists import describe_artists
from figgen.review.description.appearance import Description, describe_legend_handle, describe_line, describe_text
from figgen.review.description.values import describe_array, describe_color, format_description, to_plain
from figgen.review.visible import shown_ticks, titles

__all__ = ["describe", "format_description"]


def describe(drawn: Figure, canvas: spec.Canvas, alt: str) -> Description:
    """Tell what a figure says, within the rcParams it was drawn in."""
    drawn.draw_without_rendering()
    description: Description = {"alt": alt, "canvas": _canvas(drawn, canvas)}
    texts = [text for text in drawn.texts if text.get_text()]
    if drawn.get_suptitle():
        (title,) = (text for text in texts if text.get_text() == drawn.get_suptitle())
        description["title"] = describe_text(title)
    description["panels"] = [_panel(axes, drawn) for axes in drawn.axes]
    if drawn.legends:
        description["legends"] = [_legend(legend) for legend in drawn.legends]
    return description


def _canvas(drawn: Figure, canvas: spec.Canvas) -> Description:
    engine = drawn.get_layout_engine()
    description = {
        "inches": to_plain(list(drawn.get_size_inches())),
        "dpi": to_plain(drawn.dpi),
        "crop": canvas.crop,
        "layout": canvas.layout,
        "face": describe_color(drawn.get_facecolor()),
        "edge": describe_color(drawn.get_edgecolor()),
        "frame": drawn.get_frameon(),
    }
    if canvas.crop == "tight":
        description["pad"] = to_plain(canvas.pad)
    if engine is not None:
        description["spacing"] = {
            name: to_plain(value) for name, value in sorted(engine.get().items()) if name != "rect"
        }
    return description


def _panel(axes: Any, drawn: Figure) -> Description:
    description: Description = {}
    place: Any = axes.get_subplotspec()
    if place is not None:
        grid = place.get_gridspec()
        description["grid"] = {
            "rows": grid.nrows,
            "columns": grid.ncols,
            "row": place.rowspan.start,
            "column": place.colspan.start,
            "widths": to_plain(grid.get_width_ratios()),
            "heights": to_plain(grid.get_height_ratios()),
        }
    if drawn.get_layout_engine() is None:
        description["box"] = to_plain(list(axes.get_position().bounds))
    for side, title in titles(axes).items():
        if title.get_text():
            description["title"] = {"place": side, **describe_text(title), "above": _above(axes)}
    if axes.axison:
        description["x"] = _axis(axes.xaxis)
        description["y"] = _axis(axes.yaxis)
        description["face"] = describe_color(axes.get_facecolor()) if axes.patch.get_visible() else "none"
        description["spines"] = {side: _spine(spine) for side, spine in axes.spines.items() if spine.get_visible()}
    description["aspect"] = to_plain(axes.get_aspect())
    description["below"] = to_plain(axes.get_axisbelow())
    description["artists"] = [*describe_artists(_artists(axes), axes)]
    if (legend := axes.get_legend()) is not None:
        description["legend"] = _legend(legend)
    if axes.child_axes:
        description["second"] = [_panel(child, drawn) for child in axes.child_axes]
    return description


def _above(axes: Axes) -> Any:
    """Give how far the title stands above the panel, in points."""
    offset: Any = axes.titleOffsetTrans  # type: ignore[attr-defined]
    figure: Any = axes.get_figure()
    return to_plain(float(offset.transform((0, 0))[1]) * 72 / figure.dpi)


def _artists(axes: Axes) -> list[Any]:
    """List what was drawn into a panel: neither its frame nor its axes, titles and legend."""
    named = [*titles(axes).values()]
    found: list[Any] = []
    for child in axes.get_children():
        if isinstance(child, Spine | Axis | Legend | Axes) or child is axes.patch or not child.get_visible():
            continue
        if child in axes.child_axes:  # a second scale, which matplotlib does not count as Axes
            continue
        if child in named or (isinstance(child, Text) and not _says_something(child)):
            continue
        found.append(child)
    return sorted(found, key=_order)


def _order(artist: Any) -> tuple[float, str]:
    """Give the place of an artist among others: as they are drawn, but words, which do so in any order, by letter."""
    return float(artist.get_zorder()), artist.get_text() if isinstance(artist, Text) else ""


def _says_something(text: Text) -> bool:
    return bool(text.get_text()) or getattr(text, "arrow_patch", None) is not None


def _axis(axis: Axis) -> Description:
    scale: Any = axis._scale  # type: ignore[attr-defined]  # noqa: SLF001 - a scale's name does not tell its base
    description: Description = {"scale": {"name": axis.get_scale(), **_numbers(scale.get_transform())}}
    description |= {"limits": to_plain(list(axis.get_view_interval())), "inverted": bool(axis.get_inverted())}
    if axis.label.get_text() and axis.label.get_visible():
        description["label"] = {
            **describe_text(axis.label),
            "pad": to_plain(axis.labelpad),
            "side": axis.get_label_position(),
        }
    if words := axis.get_offset_text().get_text():
        description["offset"] = words
    if axis.get_visible():
        description["ticks"] = _ticks(axis, minor=False)
        description["minor ticks"] = _ticks(axis, minor=True)
    return description


def _numbers(transform: Any) -> Description:
    """Tell the numbers in a transform, such as the base of a logarithm."""
    numbers = {name.strip("_"): value for name, value in vars(transform).items() if isinstance(value, int | float)}
    return {name: to_plain(numbers[name]) for name in ("base", "linthresh", "linscale") if name in numbers}


def _ticks(axis: Axis, *, minor: bool) -> Description:
    """Tell the ticks within the limits of an axis: where they are, what is written at them, and how the first looks."""
    shown = shown_ticks(axis, minor=minor)
    if not shown:
        return {}
    description: Description = {"at": describe_array(np.array([place for place, _ in shown]))}
    words = [tick.label1.get_text() or tick.label2.get_text() for _, tick in shown]
    first = shown[0][1]
    if any(words) and (first.label1.get_visible() or first.label2.get_visible()):
        label = first.label1 if first.label1.get_visible() else first.label2
        description["texts"] = [_MATHDEFAULT.sub(r"\1", text) for text in words]
        look = describe_text(label)
        description["labels"] = {name: value for name, value in look.items() if name != "text"} | {
            "pad": to_plain(_pad(first))
        }
    marks = [mark for mark in (first.tick1line, first.tick2line) if mark.get_visible()]
    if marks:
        description["marks"] = {"sides": len(marks), **_mark(marks[0]), "direction": first.get_tickdir()}
    if first.gridline.get_visible():
        description["grid"] = {**describe_line(first.gridline), "z-order": to_plain(first.gridline.get_zorder())}
    return description


def _pad(tick: Any) -> Any:
    return tick.get_pad()


def _mark(line: Line2D) -> Description:
    return {
        "color": describe_color(line.get_markeredgecolor()),
        "length": to_plain(line.get_markersize()),
        "width": to_plain(line.get_markeredgewidth()),
        "z-order": to_plain(line.get_zorder()),
    }


def _spine(spine: Spine) -> Description:
    return {"color": describe_color(spine.get_edgecolor()), "width": to_plain(spine.get_linewidth())}


_MATHDEFAULT = re.compile(r"\\mathdefault\{(.*)\}")  # around numbers that matplotlib wrote; a reader does without

_SPACING = (
    "borderpad",
    "labelspacing",
    "handlelength",
    "handleheight",
    "handletextpad",
    "borderaxespad",
    "columnspacing",
)


def _legend(legend: Legend) -> Description:
    frame: Any = legend.get_frame()
    place: Any = legend._loc  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else tells where it was put
    columns: Any = legend._ncols  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    names = {code: name for name, code in Legend.codes.items()}
    description: Description = {
        "place": names.get(place, to_plain(place)),
        "columns": columns,
        "shadow": to_plain(legend.shadow),
    }
    if words := legend.get_title().get_text():
        description["title"] = describe_text(legend.get_title()) | {"text": words}
    if legend.get_frame_on():
        description["frame"] = {
            "face": describe_color(frame.get_facecolor()),
            "edge": describe_color(frame.get_edgecolor()),
            "width": to_plain(frame.get_linewidth()),
            "shape": type(frame.get_boxstyle()).__name__,
        }
    description["spacing"] = {name: to_plain(getattr(legend, name)) for name in _SPACING}
    description["z-order"] = to_plain(legend.get_zorder())
    description["entries"] = [
        {**describe_text(text), "handle": describe_legend_handle(handle)}
        for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True)
    ]
    return description
