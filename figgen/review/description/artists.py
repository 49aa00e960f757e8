"""One artist as plain data: its kind, its data, its appearance and its coordinates."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
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

from figgen.config.mathtext import as_written
from figgen.drawing.mpl_compat import interpolation
from figgen.review.description.appearance import (
    Description,
    attributes,
    describe_collection,
    describe_color_mapping,
    describe_line,
    describe_patch,
    describe_style,
    describe_text,
    properties,
)
from figgen.review.description.values import DIGITS, describe_array, digits_between, to_plain

_PIE_DIGITS = 4  # significant digits of a pie's angles and text positions: some versions use single precision
_OFFSET_PLACES = 4  # decimal places of an offset in points, which is the difference of two positions
_MAX_PATHS = 6  # of a collection; more are described as one compound path
_CORNERS = 4  # of a rectangle
_NOISE = 8 * np.finfo(float).eps  # relative to the size of what was subtracted
_CONTOUR_NOISE = 1e-12  # relative to the size of a contour: what a difference of two values of z is divided by is small


def describe_artists(artists: Iterable[Artist], axes: Axes) -> Iterator[Description]:
    """Yield the description of each artist of a panel."""
    has_pie = any(isinstance(patch, Wedge) for patch in axes.patches)
    for artist in artists:
        kind, describe = next((kind, describe) for cls, kind, describe in _KINDS if isinstance(artist, cls))
        description = {"kind": kind, **describe(artist)}
        if has_pie and isinstance(artist, Text):
            description["at"] = describe_array(artist.get_position(), _PIE_DIGITS)
        label = as_written(str(artist.get_label()))
        if label and not label.startswith("_"):
            description["label"] = label
        description["z-order"] = to_plain(artist.get_zorder())
        offset = _offset_from_data(artist, axes) if isinstance(artist, Text) else None
        if offset is not None and any(offset):
            description["shifted"] = offset
        elif offset is None and (coordinates := _coordinates(artist, axes)) != "data":
            description["coordinates"] = coordinates
        if artist.get_clip_on() is False:
            description["clipped"] = False
        yield description


def _line(line: Line2D) -> Description:
    x, y = line.get_data(orig=False)
    digits = _digits(line)
    return {"x": describe_array(x, digits[0]), "y": describe_array(y, digits[1]), **describe_line(line)}


def _endless_line(line: Any) -> Description:
    return {
        "through": describe_array(line.get_xy1(), _digits(line)),
        "slope": to_plain(line.get_slope()),
        **describe_line(line),
    }


def _text(text: Text) -> Description:
    return {"at": describe_array(text.get_position(), _digits(text)), **describe_text(text)}


def _annotation(text: Annotation) -> Description:
    description = {"points to": describe_array(text.xy, _digits(text)), **_text(text), "from": to_plain(text.anncoords)}
    return description if text.arrow_patch is None else description | {"arrow": _arrow(text.arrow_patch)}


def _patch(patch: Patch) -> Description:
    return {**_path(patch.get_patch_transform().transform_path(patch.get_path()), patch), **describe_patch(patch)}


def _wedge(wedge: Wedge) -> Description:
    return {
        "center": to_plain(wedge.center),
        "radius": to_plain(wedge.r),
        "ring": to_plain(wedge.width),
        "angles": describe_array([wedge.theta1, wedge.theta2], _PIE_DIGITS),
        **describe_patch(wedge),
    }


def _arrow(patch: FancyArrowPatch) -> Description:
    return {
        "arrowstyle": describe_style(patch.get_arrowstyle()),
        "connectionstyle": describe_style(patch.get_connectionstyle()),
        **properties(patch, ("mutation_scale",)),
        "shrunk": to_plain([patch.shrinkA, patch.shrinkB]),
        **describe_patch(patch),
    }


def _path(path: Path, artist: Any) -> Description:
    points: Any = path.vertices
    digits: tuple[int, ...] = (DIGITS, DIGITS) if isinstance(artist, PathCollection) else _digits(artist)
    if len(points) in {_CORNERS, _CORNERS + 1}:
        corners = points[:_CORNERS]
        (left, bottom), (right, top) = corners.min(0), corners.max(0)
        if {*map(tuple, corners)} == {*product((left, right), (bottom, top))}:
            # An upright rectangle: versions of matplotlib differ in its first corner and its direction.
            box = _without_noise(np.array([[left, bottom], [right, top]]), artist, _NOISE)
            return {"box": describe_array(box.ravel(), digits * 2)}
    if isinstance(artist, ContourSet | PathCollection):
        points = _without_noise(points, artist, _CONTOUR_NOISE if isinstance(artist, ContourSet) else _NOISE)
    description = {"points": describe_array(points, digits)}
    return description if path.codes is None else description | {"codes": describe_array(path.codes)}


def _without_noise(points: Any, artist: Any, noise: float) -> Any:
    """Return calculated points with 0 for what a subtraction left of their size, unless a scale would show that.

    Processors differ in it. Edges of boxes and contours are calculated, and markers, which no scale applies to. What
    the data say is not, and stays as it is, however small.
    """
    scales = [axis.get_scale() for axis in (artist.axes.xaxis, artist.axes.yaxis)]
    linear = [isinstance(artist, PathCollection) or scale == "linear" for scale in scales]
    return np.where(linear & (np.abs(points) < noise * np.ptp(points, axis=0)), 0.0, points)


def _digits(artist: Any) -> tuple[int, int]:
    """Return how many significant digits tell positions on the x axis and on the y axis of an artist apart."""
    x, y = (axis_digits(axis) for axis in (artist.axes.xaxis, artist.axes.yaxis))
    return x, y


def axis_digits(axis: Any) -> int:
    """Return how many significant digits tell positions on an axis apart, within its limits."""
    return digits_between(*axis.get_view_interval().tolist(), logit=axis.get_scale() == "logit")


def _collection(collection: Any) -> Description:
    paths = [*collection.get_paths()]
    few = len(paths) <= _MAX_PATHS
    description = {
        "offsets": describe_array(collection.get_offsets(), _digits(collection)),
        "paths": (
            [_path(path, collection) for path in paths]
            if few
            else {"count": len(paths), **_path(Path.make_compound_path(*paths), collection)}
        ),
        **describe_collection(collection),
    }
    if isinstance(collection, PathCollection):
        description["sizes"] = describe_array(collection.get_sizes())
    return description


def _image(image: AxesImage) -> Description:
    x, y = _digits(image)
    return {
        **describe_color_mapping(image),
        "extent": describe_array(image.get_extent(), (x, x, y, y)),
        "interpolation": interpolation(image),
        **properties(image, ("alpha",)),
    }


def _mesh(mesh: QuadMesh) -> Description:
    return {"corners": describe_array(mesh.get_coordinates(), _digits(mesh)), **describe_collection(mesh)}


def _quiver(quiver: Quiver) -> Description:
    names = [
        "angles",
        "scale_units",
        "units",
        "pivot",
        "headwidth",
        "headlength",
        "headaxislength",
        "minshaft",
        "scale",
    ]
    return {
        "tails": describe_array(quiver.XY, _digits(quiver)),
        "u": describe_array(quiver.U),
        "v": describe_array(quiver.V),
        **attributes(quiver, [*names, "width"] if quiver.units == "width" else names),
        **describe_collection(quiver),
    }


def _contours(contours: ContourSet) -> Description:
    return {"levels": describe_array(contours.levels), "filled": contours.filled, **_collection(contours)}


# Subclasses come before their base classes. The class of an artist differs between versions of matplotlib, but within
# one of these.
_KINDS: tuple[tuple[type[Artist], str, Callable[[Any], Description]], ...] = (
    (AxLine, "endless line", _endless_line),
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


def _offset_from_data(text: Text, axes: Axes) -> list[Any] | None:
    """Return the offset in points of a text from its position in data coordinates; None if it has other coordinates."""
    figure: Any = axes.get_figure()
    corners = axes.viewLim.get_points()
    one, other = text.get_transform().transform(corners) - axes.transData.transform(corners)
    if not np.allclose(one, other, atol=1e-6):
        return None
    return [*map(to_plain, np.round(one * 72 / figure.dpi, _OFFSET_PLACES))]


def _coordinates(artist: Artist, axes: Axes) -> str:
    """Return the name of the coordinates that an artist is placed in."""
    if isinstance(artist, Annotation):
        return str(artist.xycoords)
    transforms = [artist.get_transform()]
    if isinstance(artist, Collection):
        transforms.append(artist.get_offset_transform())
    names = {
        "data": axes.transData,
        "panel": axes.transAxes,
        "x of the data, y of the panel": axes.get_xaxis_transform(),
        "x of the panel, y of the data": axes.get_yaxis_transform(),
    }
    for name, known in names.items():
        if any(transform.contains_branch(known) or transform == known for transform in transforms):
            return name
    return "own"
