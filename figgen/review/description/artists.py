"""One artist as plain data: what it shows, by its kind. The tables name matplotlib's own getters."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PathCollection, PolyCollection, QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from matplotlib.patches import FancyArrowPatch, Patch, Wedge
from matplotlib.path import Path
from matplotlib.quiver import Quiver
from matplotlib.text import Annotation, Text

from figgen.drawing.mpl_compat import interpolation
from figgen.review.description.looks import (
    Description,
    describe_collection,
    describe_colors,
    describe_line,
    describe_patch,
    describe_style,
    describe_text,
    values_of,
)
from figgen.review.description.values import array, plain


def describe_artist(artist: Artist, axes: Axes) -> Description:
    """Tell what an artist of a panel shows: its data, and how it looks."""
    kind, describe = next((kind, describe) for cls, kind, describe in _KINDS if isinstance(artist, cls))
    description = {"kind": kind, **describe(artist)}
    label = str(artist.get_label())
    if label and not label.startswith("_"):
        description["label"] = label
    description["z-order"] = plain(artist.get_zorder())
    shift = _shift(artist, axes) if isinstance(artist, Text) else None
    if shift is not None and any(shift):
        description["shifted"] = shift
    elif shift is None and (place := _place(artist, axes)) != "data":
        description["coordinates"] = place
    if artist.get_clip_on() is False:
        description["clipped"] = False
    return description


def _line(line: Line2D) -> Description:
    return {"x": array(line.get_xdata(orig=False)), "y": array(line.get_ydata(orig=False)), **describe_line(line)}


def _endless(line: Any) -> Description:
    return {"through": plain(line.get_xy1()), "slope": plain(line.get_slope()), **describe_line(line)}


def _text(text: Text) -> Description:
    beside_pie = text.axes is not None and any(isinstance(patch, Wedge) for patch in text.axes.patches)
    place = np.array(text.get_position(), float)
    return {"at": array(place, _COARSE) if beside_pie else array(place), **describe_text(text)}


def _annotation(text: Annotation) -> Description:
    description = {"points to": plain(text.xy), **_text(text), "from": plain(text.anncoords)}
    if text.arrow_patch is not None:
        description["arrow"] = _arrow(text.arrow_patch)
    return description


def _patch(patch: Patch) -> Description:
    return {**_path(patch.get_patch_transform().transform_path(patch.get_path())), **describe_patch(patch)}


def _wedge(wedge: Wedge) -> Description:
    return {
        "center": plain(wedge.center),
        "radius": plain(wedge.r),
        "ring": plain(wedge.width),
        "angles": array(np.array([wedge.theta1, wedge.theta2]), _COARSE),
        **describe_patch(wedge),
    }


def _arrow(patch: FancyArrowPatch) -> Description:
    return {
        "arrowstyle": describe_style(patch.get_arrowstyle()),
        "connectionstyle": describe_style(patch.get_connectionstyle()),
        **values_of(patch, ("mutation_scale",)),
        "shrunk": plain([patch.shrinkA, patch.shrinkB]),
        **describe_patch(patch),
    }


def _path(path: Path) -> Description:
    corners: Any = path.vertices
    if len(corners) in {_CORNERS, _CORNERS + 1} and _is_box(corners[:_CORNERS]):
        # Which corner is the first, and which way round, differs between versions.
        return {"box": array(np.concatenate([np.min(corners[:_CORNERS], 0), np.max(corners[:_CORNERS], 0)]))}
    description = {"points": array(corners)}
    return description if path.codes is None else description | {"codes": array(path.codes)}


_CORNERS = 4
_COARSE = 4  # digits of what some versions compute in single precision: the angles of a pie, and where its words stand


def _is_box(corners: Any) -> bool:
    """Tell whether four points are the corners of a level rectangle."""
    return {tuple(corner) for corner in corners.tolist()} == {
        (x, y) for x in set(corners[:, 0]) for y in set(corners[:, 1])
    }


def _collection(collection: Any) -> Description:
    paths = collection.get_paths()
    description = {
        "offsets": array(collection.get_offsets()),
        "paths": [_path(path) for path in paths] if len(paths) <= _MOST_PATHS else _all(paths),
        **describe_collection(collection),
    }
    if isinstance(collection, PathCollection):
        description["sizes"] = array(collection.get_sizes())
    return description


_MOST_PATHS = 6


def _all(paths: Iterable[Path]) -> Description:
    """Tell many paths as one that runs through all their points."""
    return {"count": len(list(paths)), **_path(Path.make_compound_path(*paths))}


def _image(image: AxesImage) -> Description:
    return {
        **describe_colors(image),
        "extent": plain(image.get_extent()),
        "interpolation": interpolation(image),
        **values_of(image, ("alpha",)),
    }


def _mesh(mesh: QuadMesh) -> Description:
    return {"corners": array(mesh.get_coordinates()), **describe_collection(mesh)}


def _quiver(quiver: Quiver) -> Description:
    names = ("angles", "scale_units", "units", "pivot", "headwidth", "headlength", "headaxislength", "minshaft")
    return {
        "tails": array(quiver.XY),
        "u": array(quiver.U),
        "v": array(quiver.V),
        **{name: plain(getattr(quiver, name)) for name in names},
        "scale": plain(quiver.scale),
        **({"width": plain(quiver.width)} if quiver.units == "width" else {}),
        **describe_collection(quiver),
    }


def _contours(contours: ContourSet) -> Description:
    return {"levels": array(contours.levels), "filled": contours.filled, **_collection(contours)}


# By their place in the hierarchy of classes, the more special ones first: the same thing is of other classes in other
# versions, but not of other ones of these.
_KINDS: tuple[tuple[type[Artist], str, Callable[[Any], Description]], ...] = (
    (AxLine, "endless line", _endless),
    (Line2D, "line", _line),
    (Annotation, "annotation", _annotation),
    (Text, "text", _text),
    (FancyArrowPatch, "arrow", _arrow),
    (Wedge, "wedge", _wedge),
    (Patch, "patch", _patch),
    (AxesImage, "image", _image),
    (QuadMesh, "mesh", _mesh),
    (Quiver, "arrows", _quiver),
    (ContourSet, "contours", _contours),
    (PathCollection, "points", _collection),
    (LineCollection, "lines", _collection),
    (PolyCollection, "areas", _collection),
    (Collection, "shapes", _collection),
)


def _shift(text: Text, axes: Axes) -> list[Any] | None:
    """Give how far a text is moved from its position in the data, in points; None if it has none there."""
    figure: Any = axes.get_figure()
    corners = [[axes.viewLim.x0, axes.viewLim.y0], [axes.viewLim.x1, axes.viewLim.y1]]
    one, other = text.get_transform().transform(corners) - axes.transData.transform(corners)
    return [*map(plain, np.round(one * 72 / figure.dpi, _PLACES))] if np.allclose(one, other, atol=1e-6) else None


_PLACES = 4  # after the point, of a shift that is the difference of two positions


def _place(artist: Artist, axes: Axes) -> str:
    """Name what an artist's coordinates are counted in."""
    if isinstance(artist, Annotation):
        return "data" if artist.xycoords == "data" else str(artist.xycoords)
    transforms = [artist.get_transform()]
    if isinstance(artist, Collection):
        transforms.append(artist.get_offset_transform())
    places = {
        "data": axes.transData,
        "panel": axes.transAxes,
        "x of the data, y of the panel": axes.get_xaxis_transform(),
        "x of the panel, y of the data": axes.get_yaxis_transform(),
    }
    for name, known in places.items():
        if any(transform.contains_branch(known) or transform == known for transform in transforms):
            return name
    return "own"
