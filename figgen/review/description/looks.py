"""How an artist looks, as plain data, apart from what it shows and where. The tables name matplotlib's own getters."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
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

from figgen.review.description.values import array, color, plain

Told = dict[str, Any]


def describe_text(text: Text) -> Told:
    """Tell the words of a text and how they look, but not where they stand."""
    font = text.get_fontproperties()
    told = {
        "text": text.get_text(),
        "color": color(text.get_color()),
        "font": font.get_name(),
        **values_of(text, ("size", "weight", "style", "rotation", "horizontalalignment", "verticalalignment", "alpha")),
    }
    if "$" in text.get_text():
        told["math font"] = text.get_math_fontfamily()
    if (box := text.get_bbox_patch()) is not None:
        told["box"] = describe_patch(box)
    return told


def describe_line(line: Line2D) -> Told:
    """Tell how a line looks, but not where it runs."""
    told: Told = {"color": color(line.get_color()), **values_of(line, ("linewidth", "alpha"))}
    if line.get_linestyle() not in {"None", ""}:
        dashes: Any = line._unscaled_dash_pattern  # type: ignore[attr-defined]  # noqa: SLF001 - '--' does not say it
        told |= {"linestyle": line.get_linestyle(), "dashes": plain(dashes[1])}
        told |= values_of(line, ("dash_capstyle" if dashes[1] else "solid_capstyle",))
        told |= values_of(line, ("dash_joinstyle" if dashes[1] else "solid_joinstyle",))
    if line.get_drawstyle() != "default":
        told["drawstyle"] = line.get_drawstyle()
    if line.get_marker() not in {"None", "", None}:
        told |= values_of(line, ("marker", "markersize", "markeredgewidth", "fillstyle"))
        told |= {"markerface": color(line.get_markerfacecolor()), "markeredge": color(line.get_markeredgecolor())}
    if not line.get_antialiased():
        told["antialiased"] = False
    return told


def describe_handle(handle: Any) -> Told:
    """Tell how the example of a legend's entry looks."""
    for kind, look in _LOOKS:
        if isinstance(handle, kind):
            return look(handle)
    return {}


def describe_style(style: Any) -> Told:
    """Tell a style of an arrow or a box: its name, and the numbers in it."""
    return {"name": type(style).__name__, **{name: plain(value) for name, value in sorted(vars(style).items())}}


def describe_patch(patch: Patch) -> Told:
    """Tell how a patch looks, but not its outline."""
    told = {"face": color(patch.get_facecolor()), "edge": color(patch.get_edgecolor())}
    told |= values_of(patch, ("linewidth", "linestyle", "hatch", "joinstyle", "capstyle"))
    if isinstance(patch, FancyBboxPatch):
        told["boxstyle"] = describe_style(patch.get_boxstyle())
    return told


def describe_collection(collection: Any) -> Told:
    """Tell how the shapes of a collection look, but not their outlines."""
    told = describe_colors(collection)
    if "values" not in told:
        told["face"] = color(collection.get_facecolor())
    told["edge"] = color(collection.get_edgecolor())
    told |= {"linewidths": array(collection.get_linewidths())}
    told["linestyles"] = [plain(dashes) for _, dashes in collection.get_linestyles()]
    return told | values_of(collection, ("alpha", "hatch", "capstyle", "joinstyle"))


_LOOKS: tuple[tuple[type[Artist], Callable[[Any], Told]], ...] = (
    (Line2D, describe_line),
    (Patch, describe_patch),
    (Collection, describe_collection),
)


def describe_colors(mappable: ScalarMappable) -> Told:
    """Tell the numbers that colours stand for, and which stand for which."""
    values = mappable.get_array()
    if values is None:
        return {}
    return {"values": array(values), **_colormap(mappable.get_cmap()), "norm": _norm(mappable.norm)}


def _colormap(cmap: Any) -> Told:
    if cmap.name in colormaps:
        return {"colormap": cmap.name, "colors": cmap.N}
    return {"colormap": color(cmap(np.arange(cmap.N)))}  # one without a name, of colours that were listed


def _norm(norm: Normalize) -> Told:
    told = {"name": type(norm).__name__, "limits": plain([norm.vmin, norm.vmax])}
    return told | {name: plain(getattr(norm, name)) for name in ("vcenter", "halfrange", "clip") if hasattr(norm, name)}


def values_of(artist: Any, names: Iterable[str]) -> Told:
    """Ask an artist for some of its values_of, and leave out those that are not set."""
    values = {name: plain(getattr(artist, f"get_{name}")()) for name in names}
    return {_WORDS.get(name, name): value for name, value in values.items() if value is not None}


_WORDS: Mapping[str, str] = MappingProxyType({
    "linewidth": "width", "markersize": "marker size", "markeredgewidth": "marker edge width", "fillstyle": "fill",
    "horizontalalignment": "horizontal", "verticalalignment": "vertical", "mutation_scale": "scale",
    "dash_capstyle": "cap", "solid_capstyle": "cap", "dash_joinstyle": "join", "solid_joinstyle": "join",
    "capstyle": "cap", "joinstyle": "join",
})  # fmt: skip
