"""A drawn figure as plain data: its canvas, panels, axes, ticks and legends."""

import re
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from figgen.config import spec
from figgen.config.mathtext import as_written
from figgen.drawing import mpl_compat
from figgen.review.description.appearance import (
    Description,
    attributes,
    describe_legend_handle,
    describe_line,
    describe_text,
    properties,
)
from figgen.review.description.artists import axis_digits, describe_artists
from figgen.review.description.values import describe_array, describe_color, to_plain
from figgen.review.visible import artists_of, shown_ticks, titles

_MATHDEFAULT = re.compile(r"\\mathdefault\{(.*)\}")  # TeX around numbers, by matplotlib; it is left out
_LEGEND_SPACING = (
    "borderpad",
    "labelspacing",
    "handlelength",
    "handleheight",
    "handletextpad",
    "borderaxespad",
    "columnspacing",
)


def describe(drawn: Figure, canvas: spec.Canvas, alt: str) -> Description:
    """Return the description of a figure as plain data; call it within the rcParams that the figure was drawn in.

    It is made from what was drawn rather than from the spec, so that it shows what matplotlib made of the spec.
    Positions that depend on the size of glyphs are left out, since they differ between versions of matplotlib.
    """
    drawn.draw_without_rendering()
    description: Description = {"alt": alt, "canvas": _canvas(drawn, canvas)}
    if title := drawn.get_suptitle():
        (text,) = (text for text in drawn.texts if text.get_text() == title)
        description["title"] = describe_text(text)
    description["panels"] = [_panel(axes, drawn) for axes in drawn.axes]
    if drawn.legends:
        description["legends"] = [_legend(legend) for legend in drawn.legends]
    return description


def _canvas(drawn: Figure, canvas: spec.Canvas) -> Description:
    description = {
        "inches": to_plain(list(drawn.get_size_inches())),
        "dpi": to_plain(drawn.dpi),
        "crop": canvas.crop,
        "layout": canvas.layout,
        **properties(drawn, ("facecolor", "edgecolor")),
        "frame": drawn.get_frameon(),
    }
    if canvas.crop == "tight":
        description["pad"] = to_plain(canvas.pad)
    if (engine := drawn.get_layout_engine()) is not None:
        settings = sorted(engine.get().items())
        description["spacing"] = {name: to_plain(value) for name, value in settings if name != "rect"}
    return description


def _panel(axes: Any, drawn: Figure) -> Description:
    description: Description = {}
    if (place := axes.get_subplotspec()) is not None:
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
            description["title"] = {"place": side, **describe_text(title), "above": _title_height(axes, drawn)}
    if axes.axison:
        description["x"] = _axis(axes.xaxis)
        description["y"] = _axis(axes.yaxis)
        description["face"] = describe_color(axes.get_facecolor()) if axes.patch.get_visible() else "none"
        description["spines"] = {
            side: {"color": describe_color(spine.get_edgecolor()), "width": to_plain(spine.get_linewidth())}
            for side, spine in axes.spines.items()
            if spine.get_visible()
        }
    description["aspect"] = to_plain(axes.get_aspect())
    description["below"] = to_plain(axes.get_axisbelow())
    description["artists"] = [*describe_artists(artists_of(axes), axes)]
    if (legend := axes.get_legend()) is not None:
        description["legend"] = _legend(legend)
    if axes.child_axes:
        description["second"] = [_panel(child, drawn) for child in axes.child_axes]
    return description


def _title_height(axes: Axes, drawn: Figure) -> Any:
    """Return how far the title is above the panel, in points."""
    height = axes.title.get_transform().transform((0, 0))[1] - axes.transAxes.transform((0, 0))[1]
    return to_plain(round(float(height) * 72 / drawn.dpi, 4))


def _axis(axis: Any) -> Description:
    description: Description = {
        "scale": {"name": axis.get_scale(), **attributes(axis.get_transform(), ("base", "linthresh", "linscale"))},
        "limits": describe_array(axis.get_view_interval(), axis_digits(axis)),
        "inverted": bool(axis.get_inverted()),
    }
    if axis.label.get_text() and axis.label.get_visible():
        place = {"pad": to_plain(axis.labelpad), "side": axis.get_label_position()}
        description["label"] = describe_text(axis.label) | place
    if offset := axis.get_offset_text().get_text():
        description["offset"] = offset
    if axis.get_visible():
        description["ticks"] = _ticks(axis, minor=False)
        description["minor ticks"] = _ticks(axis, minor=True)
    return description


def _ticks(axis: Axis, *, minor: bool) -> Description:
    """Describe the ticks within the limits of an axis: their positions and labels, and the appearance of the first."""
    shown = shown_ticks(axis, minor=minor)
    if not shown:
        return {}
    description: Description = {"at": describe_array([position for position, _ in shown], axis_digits(axis))}
    labels = [tick.label1.get_text() or tick.label2.get_text() for _, tick in shown]
    first: Any = shown[0][1]
    label = next((label for label in (first.label1, first.label2) if label.get_visible()), None)
    if any(labels) and label is not None:
        description["texts"] = [as_written(_MATHDEFAULT.sub(r"\1", text)) for text in labels]
        description["labels"] = describe_text(label) | {"pad": to_plain(first.get_pad())}
        del description["labels"]["text"]
    if marks := [line for line in (first.tick1line, first.tick2line) if line.get_visible()]:
        description["marks"] = {
            "sides": len(marks),
            "color": describe_color(marks[0].get_markeredgecolor()),
            "length": to_plain(marks[0].get_markersize()),
            "width": to_plain(marks[0].get_markeredgewidth()),
            "z-order": to_plain(marks[0].get_zorder()),
            "direction": first.get_tickdir(),
        }
    if first.gridline.get_visible():
        description["grid"] = {**describe_line(first.gridline), "z-order": to_plain(first.gridline.get_zorder())}
    return description


def _legend(legend: Legend) -> Description:
    description: Description = {
        "place": to_plain(mpl_compat.legend_place(legend)),
        "columns": mpl_compat.legend_columns(legend),
        "shadow": to_plain(legend.shadow),
    }
    if legend.get_title().get_text():
        description["title"] = describe_text(legend.get_title())
    if legend.get_frame_on():
        frame: Any = legend.get_frame()
        colors = properties(frame, ("facecolor", "edgecolor", "linewidth"))
        description["frame"] = {**colors, "shape": type(frame.get_boxstyle()).__name__}
    description["spacing"] = attributes(legend, _LEGEND_SPACING)
    description["z-order"] = to_plain(legend.get_zorder())
    description["entries"] = [
        {**describe_text(text), "handle": describe_legend_handle(handle)}
        for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True)
    ]
    return description
