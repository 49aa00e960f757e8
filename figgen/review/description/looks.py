"""How an artist looks, as plain data, apart from what it shows and where. The tables name matplotlib's own getters."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.cm import ScalarMappable
from matplotlib.collections import Collection
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.text import Text

from figgen.drawing import mpl_compat
from figgen.review.description.values import array, color, plain

Description = dict[str, Any]


def describe_text(text: Text) -> Description:
    """Tell the words of a text and how they look, but not where they stand."""
    font = text.get_fontproperties()
    description = {
        "text": text.get_text(),
        "color": color(text.get_color()),
        "font": font.get_name(),
        **values_of(text, ("size", "weight", "style", "rotation", "horizontalalignment", "verticalalignment", "alpha")),
    }
    if "$" in text.get_text():
        description["math font"] = text.get_math_fontfamily()
    if (box := text.get_bbox_patch()) is not None:
        description["box"] = describe_patch(box)
    return description


def describe_line(line: Line2D) -> Description:
    """Tell how a line looks, but not where it runs."""
    description: Description = {"color": color(line.get_color()), **values_of(line, ("linewidth", "alpha"))}
    if line.get_linestyle() not in {"None", ""}:
        dashes = mpl_compat.dash_pattern(line)
        description |= {"linestyle": line.get_linestyle(), "dashes": plain(dashes)}
        description |= values_of(line, ("dash_capstyle" if dashes else "solid_capstyle",))
        description |= values_of(line, ("dash_joinstyle" if dashes else "solid_joinstyle",))
    if line.get_drawstyle() != "default":
        description["drawstyle"] = line.get_drawstyle()
    if line.get_marker() not in {"None", "", None}:
        description |= values_of(line, ("marker", "markersize", "markeredgewidth", "fillstyle"))
        description |= {
            "markerface": color(line.get_markerfacecolor()),
            "markeredge": color(line.get_markeredgecolor()),
        }
    if not line.get_antialiased():
        description["antialiased"] = False
    return description


def describe_handle(handle: Any) -> Description:
    """Tell how the example of a legend's entry looks."""
    for kind, look in _LOOKS:
        if isinstance(handle, kind):
            return look(handle)
    return {}


def describe_style(style: Any) -> Description:
    """Tell a style of an arrow or a box: its name, and the numbers in it."""
    return {"name": type(style).__name__, **plain(mpl_compat.style_parameters(style))}


def describe_patch(patch: Patch) -> Description:
    """Tell how a patch looks, but not its outline."""
    description = {"face": color(patch.get_facecolor()), "edge": color(patch.get_edgecolor())}
    description |= values_of(patch, ("linewidth", "linestyle", "hatch", "joinstyle", "capstyle"))
    if isinstance(patch, FancyBboxPatch):
        description["boxstyle"] = describe_style(patch.get_boxstyle())
    return description


def describe_collection(collection: Any) -> Description:
    """Tell how the shapes of a collection look, but not their outlines."""
    description = describe_colors(collection)
    if "values" not in description:
        description["face"] = color(collection.get_facecolor())
    description["edge"] = color(collection.get_edgecolor())
    description |= {"linewidths": array(collection.get_linewidths())}
    description["linestyles"] = [plain(dashes) for _, dashes in collection.get_linestyles()]
    return description | values_of(collection, ("alpha", "hatch", "capstyle", "joinstyle"))


_LOOKS: tuple[tuple[type[Artist], Callable[[Any], Description]], ...] = (
    (Line2D, describe_line),
    (Patch, describe_patch),
    (Collection, describe_collection),
)


def describe_colors(mappable: ScalarMappable) -> Description:
    """Tell the numbers that colours stand for, and which stand for which."""
    values = mappable.get_array()
    if values is None:
        return {}
    return {"values": array(values), **_colormap(mappable.get_cmap()), "norm": _norm(mappable.norm)}


def _colormap(cmap: Any) -> Description:
    if cmap.name in colormaps:
        return {"colormap": cmap.name, "colors": cmap.N}
    return {"colormap": color(cmap(np.arange(cmap.N)))}  # one without a name, of colours that were listed


def _norm(norm: Normalize) -> Description:
    description = {"name": type(norm).__name__, "limits": plain([norm.vmin, norm.vmax])}
    return description | {
        name: plain(getattr(norm, name)) for name in ("vcenter", "halfrange", "clip") if hasattr(norm, name)
    }


def values_of(artist: Any, names: Iterable[str]) -> Description:
    """Ask an artist for some of its values_of, and leave out those that are not set."""
    values = {name: plain(getattr(artist, f"get_{name}")()) for name in names}
    return {_WORDS.get(name, name): value for name, value in values.items() if value is not None}


_WORDS: Mapping[str, str] = {
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
