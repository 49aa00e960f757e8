"""Check that the legend of a panel hides no data: of every mark, points that stand for its data are found in pixels."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Annotation
from matplotlib.transforms import BboxBase

from figgen.config import spec
from figgen.drawing.layered import DrawnLayer, LayeredFigure
from figgen.errors import Problem
from figgen.review.visible import axes_of_panels

MAX_HIDDEN = 0.1  # the share of a panel's data that its legend may cover, on average over the layers
MAX_HIDDEN_OF_LAYER = 0.5
_STEPS = 200  # points at which lines and outlines are sampled: they may pass behind a legend between two of their own
_STRAIGHT = {"rule", "span"}  # marks across the panel, of which any part shows where they are
_NEAR = 0.5  # pixels

Points = Any  # an (n, 2) array, in pixels


def find_behind_legends(figure: spec.Figure, drawn: LayeredFigure) -> Iterator[Problem]:
    """Yield a problem for each panel whose legend covers too much of its data, or too much of one layer."""
    hint = "give it another 'place', such as 'outside right', or widen the limits"
    for where, axes in axes_of_panels(figure, drawn):
        if (legend := axes.get_legend()) is None:
            continue
        layers = [layer for layer in drawn.layers if layer.axes is axes]  # those on the right are drawn over the legend
        shares = {
            layer: float(np.mean(_are_within(legend.get_window_extent(), points)))
            for layer in layers
            if len(points := _points_of_layer(layer, legend.get_zorder()))
        }
        curved = [layer for layer in shares if layer.layer.mark not in _STRAIGHT]
        most = max(curved, key=lambda layer: shares[layer], default=None)
        if (share := float(np.mean([*shares.values()])) if shares else 0.0) > MAX_HIDDEN:
            message = f"the legend covers {share:.0%} of the data"
            yield Problem((*where, "legend"), message, (f"at most {MAX_HIDDEN:.0%}",), hint)
        elif most is not None and shares[most] > MAX_HIDDEN_OF_LAYER:
            message = f"the legend covers {shares[most]:.0%} of layers[{most.where[-1]}]"
            yield Problem((*where, "legend"), message, (f"at most {MAX_HIDDEN_OF_LAYER:.0%}",), hint)


def _points_of_layer(layer: DrawnLayer, top: float) -> Points:
    """Return points that stand for the data of a layer, within its panel, of what is drawn below a z-order."""
    points = [np.empty((0, 2)), *(_points(layer, artist) for artist in layer.artists if artist.get_zorder() <= top)]
    everywhere = np.concatenate(points)
    if layer.layer.mark == "area" and "low" not in layer.arrays:  # its straight side at 0 is no data
        base = layer.axes.transData.transform((layer.axes.get_xlim()[0], 0))[1]
        everywhere = everywhere[np.abs(everywhere[:, 1] - base) > _NEAR]
    return everywhere[_are_within(layer.axes.bbox, everywhere)]


def _points(layer: DrawnLayer, artist: Any) -> Points:
    match artist:
        case Line2D():
            is_line = artist.get_linestyle() not in {"None", ""}
            path: Any = artist.get_path()
            if is_line and layer.layer.mark == "stem":  # the line at the base
                return np.empty((0, 2))
            if is_line and len(path.vertices) > 1:
                path = path.interpolated(max(1, _STEPS // len(path.vertices)))
            return artist.get_transform().transform(path.vertices)
        case Collection() if artist.get_offset_transform().contains_branch(layer.axes.transData):
            return artist.get_offset_transform().transform(np.ma.getdata(artist.get_offsets()))
        case Collection():
            return _outlines(artist.get_paths(), artist.get_transform())
        case Rectangle() if layer.layer.mark in {"bar", "histogram"}:
            return np.asarray(artist.get_window_extent().corners())
        case Patch():
            return _outlines([artist.get_path()], artist.get_transform())
        case AxesImage():
            left, right, bottom, top = artist.get_extent()
            rows, columns = np.asarray(artist.get_array()).shape[:2]
            x, y = (
                start + (end - start) * (np.arange(count) + 0.5) / count
                for start, end, count in ((left, right, columns), (bottom, top, rows))
            )
            return layer.axes.transData.transform(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2))
        case Annotation() if artist.arrow_patch is not None:
            return _outlines([artist.arrow_patch.get_path()], artist.arrow_patch.get_transform())
        case _:  # a text, which must not overlap the legend
            return np.empty((0, 2))


def _outlines(paths: Any, transform: Any) -> Points:
    """Return points along some paths."""
    steps = max(1, _STEPS // max(1, sum(len(path.vertices) for path in paths)))
    points = [np.empty((0, 2))]
    for path in paths:
        outline = transform.transform_path(path)
        outline.should_simplify = False
        parts = outline.to_polygons(closed_only=False)
        points += [np.asarray(Path(part).interpolated(steps).vertices) for part in parts]
    return np.concatenate(points)


def _are_within(box: BboxBase, points: Points) -> Any:
    return np.all((points >= box.min) & (points <= box.max), axis=1)
