"""The appearance of an artist as plain data, apart from its data and position. Tables list matplotlib's getters."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.cm import ScalarMappable
from matplotlib.collections import Collection
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.text import Text

from figgen.config.mathtext import as_written, has_mathtext
from figgen.drawing import mpl_compat
from figgen.review.description.values import describe_array, describe_color, digits_between, to_plain

Description = dict[str, Any]

# The keys of a description for properties of matplotlib; others keep their names.
_KEYS: Mapping[str, str] = {
    "facecolor": "face",
    "edgecolor": "edge",
    "markerfacecolor": "markerface",
    "markeredgecolor": "markeredge",
    "linewidth": "width",
    "markersize": "marker size",
    "markeredgewidth": "marker edge width",
    "fillstyle": "fill",
    "horizontalalignment": "horizontal",
    "verticalalignment": "vertical",
    "mutation_scale": "scale",
    "dash_capstyle": "cap",
    "solid_capstyle": "cap",
    "dash_joinstyle": "join",
    "solid_joinstyle": "join",
    "capstyle": "cap",
    "joinstyle": "join",
}


def properties(artist: Any, names: Iterable[str]) -> Description:
    """Return the values of some properties, from their getters, without those that are None."""
    values = ((name, getattr(artist, f"get_{name}")()) for name in names)
    described = ((name, describe_color(value) if name.endswith("color") else to_plain(value)) for name, value in values)
    return {_KEYS.get(name, name): value for name, value in described if value is not None}


def attributes(thing: Any, names: Iterable[str]) -> Description:
    """Return the values of some attributes, without those that it does not have."""
    return {name: to_plain(getattr(thing, name)) for name in names if hasattr(thing, name)}


def describe_text(text: Text) -> Description:
    """Describe the characters and the appearance of a text, but not its position."""
    names = ("size", "weight", "style", "rotation", "horizontalalignment", "verticalalignment", "alpha")
    description = {
        "text": as_written(text.get_text()),
        "color": describe_color(text.get_color()),
        "font": text.get_fontproperties().get_name(),
        **properties(text, names),
    }
    if has_mathtext(text.get_text()):
        description["math font"] = text.get_math_fontfamily()
    if (box := text.get_bbox_patch()) is not None:
        description["box"] = describe_patch(box)
    return description


def describe_line(line: Line2D) -> Description:
    """Describe the appearance of a line and its markers."""
    description = properties(line, ("color", "linewidth", "alpha"))
    if line.get_linestyle() not in {"None", ""}:
        dashes = mpl_compat.dash_pattern(line)
        description |= {"linestyle": line.get_linestyle(), "dashes": to_plain(dashes)}
        kind = "dash" if dashes else "solid"
        description |= properties(line, (f"{kind}_capstyle", f"{kind}_joinstyle"))
    if line.get_drawstyle() != "default":
        description["drawstyle"] = line.get_drawstyle()
    if line.get_marker() not in {"None", "", None}:
        names = ("marker", "markersize", "markeredgewidth", "fillstyle", "markerfacecolor", "markeredgecolor")
        description |= properties(line, names)
    if not line.get_antialiased():
        description["antialiased"] = False
    return description


def describe_style(style: Any) -> Description:
    """Describe an arrow style, a connection style or a box style: its name and its parameters."""
    return {"name": type(style).__name__, **to_plain(mpl_compat.style_parameters(style))}


def describe_patch(patch: Patch) -> Description:
    """Describe the appearance of a patch."""
    names = ("facecolor", "edgecolor", "linewidth", "linestyle", "hatch", "joinstyle", "capstyle")
    description = properties(patch, names)
    if isinstance(patch, FancyBboxPatch):
        description["boxstyle"] = describe_style(patch.get_boxstyle())
    return description


def describe_collection(collection: Any) -> Description:
    """Describe the appearance of the shapes of a collection."""
    return {
        **(describe_color_mapping(collection) or properties(collection, ("facecolor",))),
        **properties(collection, ("edgecolor",)),
        "linewidths": describe_array(collection.get_linewidths()),
        "linestyles": [to_plain(dashes) for _, dashes in collection.get_linestyles()],
        **properties(collection, ("alpha", "hatch", "capstyle", "joinstyle")),
    }


def describe_color_mapping(mappable: ScalarMappable) -> Description:
    """Describe the values that colours stand for, the colormap and the norm; empty if colours stand for no values."""
    values: Any = mappable.get_array()
    if values is None:
        return {}
    cmap, norm = mappable.get_cmap(), mappable.norm
    named = {"colormap": cmap.name, "colors": cmap.N}
    limits = np.array([norm.vmin, norm.vmax], float)
    digits = digits_between(*limits.tolist())
    return {
        "values": describe_array(values, digits),
        **(named if cmap.name in colormaps else {"colormap": describe_color(cmap(np.arange(cmap.N)))}),
        "norm": {
            "name": type(norm).__name__,
            "limits": describe_array(limits, digits),
            **attributes(norm, ("vcenter", "halfrange", "clip")),
        },
    }


_HANDLES: tuple[tuple[type[Artist], Callable[[Any], Description]], ...] = (
    (Line2D, describe_line),
    (Patch, describe_patch),
    (Collection, describe_collection),
)


def describe_legend_handle(handle: Any) -> Description:
    """Describe the appearance of the artist beside the text of a legend's entry."""
    return next((describe(handle) for kind, describe in _HANDLES if isinstance(handle, kind)), {})
