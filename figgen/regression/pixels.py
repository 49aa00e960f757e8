"""Compare the pixels of two PNGs: how many differ, by how much, and where. Both are read in bands of rows."""

import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from figgen.site.png import UNREADABLE, has_same_pixels, open_png, row_bands

_OPAQUE = 255
_CLEAR = np.array((255, 255, 255, 0), np.uint8).view(np.uint32)[0]  # a pixel outside of a picture
_HIGHLIGHT = (214, 0, 110)  # no faded pixel is close to it
_TINT = np.array((255, 196, 224))  # behind what only one picture has
_FADED_CONTRAST = 0.25

Array = np.ndarray[Any, Any]


class PixelDifference(NamedTuple):
    """How far the pixels of two pictures differ.

    `rms` is the root mean square over all pixels and channels (0 to 255; without alpha if both pictures are opaque),
    `pixels` the number of pixels that differ, `share` that number divided by all. Pictures of different sizes are
    aligned at the corner where the fewest pixels differ, as a title that is two pixels higher moves everything below
    it. Outside its area, a picture counts as transparent.
    """

    rms: float
    pixels: int
    share: float
    before: tuple[int, int]  # width, height
    after: tuple[int, int]
    corner: tuple[bool, bool]  # where the pictures are aligned: (right, bottom)


def compare_pixels(before: bytes, after: bytes) -> PixelDifference:
    """Return how far two PNGs differ. Raises OSError, ValueError or SyntaxError if one is damaged or too large."""
    with open_png(before) as one, open_png(after) as other:
        pictures: list[Image.Image] = [one, other]
        corners = [
            (right, bottom) for right in _sides(one.width, other.width) for bottom in _sides(one.height, other.height)
        ]
        corner = corners[0]
        if len(corners) > 1:
            corner = min(corners, key=lambda corner: sum(_differing(*pair).sum() for pair in _bands(pictures, corner)))
        number = total = 0
        squares, is_opaque = np.zeros(4), True  # the sum of squared differences of each channel
        for old, new in _bands(pictures, corner):
            difference = np.subtract(old, new, dtype=np.float64)
            squares += np.einsum("yxc,yxc->c", difference, difference)
            number += int(_differing(old, new).sum())
            total += old.shape[0] * old.shape[1]
            is_opaque = is_opaque and bool((old[..., 3] == _OPAQUE).all() and (new[..., 3] == _OPAQUE).all())
        rms = float(np.sqrt((squares[:3] if is_opaque else squares).mean() / total))
        return PixelDifference(rms, number, number / total, one.size, other.size, corner)


def draw_overlay(before: bytes, after: bytes, corner: tuple[bool, bool]) -> bytes:
    """Return a PNG that shows where two PNGs differ, aligned at a corner.

    It shows the second picture faded, the pixels that differ highlighted, and the area of only one picture tinted, such
    as a wider margin, since a highlight would hide what is there. Raises what `compare_pixels` raises.
    """
    with open_png(before) as one, open_png(after) as other:
        overlay = np.concatenate([_overlay(*pair) for pair in _bands([one, other], corner)])
    buffer = io.BytesIO()
    Image.fromarray(overlay).save(buffer, "png")
    return buffer.getvalue()


def is_same_picture(before: bytes, after: bytes) -> bool:
    """Check whether two PNGs have the same pixels and texts, such as the alt text, however they are compressed.

    A damaged one is the same as none.
    """
    if before == after:
        return True
    try:
        with open_png(before) as one, open_png(after) as other:
            return one.text == other.text and has_same_pixels(one, other)
    except UNREADABLE:
        return False


def format_difference(difference: PixelDifference | None) -> str:
    """Return how many pixels differ and by how much, and the sizes if they differ, as text; "" for None."""
    if difference is None:
        return ""
    parts = ["no pixels differ"]
    if difference.pixels:
        parts = [f"{difference.pixels:,} pixels differ ({100 * difference.share:.3g} %)", f"RMS {difference.rms:.3g}"]
    if difference.before != difference.after:
        parts.append(" -> ".join(f"{width} x {height}" for width, height in (difference.before, difference.after)))
    return ", ".join(parts)


def _sides(one: int, other: int) -> tuple[bool, ...]:
    """Return at which sides two pictures may be aligned: the left or the top (False), and the other unless they fit."""
    return (False,) if one == other else (False, True)


def _differing(old: Array, new: Array) -> Array:
    differing: Array = old.view(np.uint32)[..., 0] != new.view(np.uint32)[..., 0]  # of all four channels at once
    return differing


def _overlay(old: Array, new: Array) -> Array:
    only_in_one = (old[..., 3] == 0) != (new[..., 3] == 0)
    faded = (_OPAQUE - _FADED_CONTRAST * (_OPAQUE - _grey(new))).round().astype(np.uint8)
    overlay = np.repeat(faded[..., np.newaxis], 3, axis=2)
    overlay[_differing(old, new)] = _HIGHLIGHT
    ink = np.minimum(_grey(old[only_in_one]), _grey(new[only_in_one]))
    overlay[only_in_one] = (ink[:, np.newaxis] / _OPAQUE * _TINT).round()
    return overlay


def _grey(picture: Array) -> Array:
    """Return the grey levels of a picture on white (0 to 255)."""
    alpha = picture[..., 3] / np.float32(_OPAQUE)
    grey: Array = picture[..., :3].sum(axis=-1, dtype=np.uint16) * (alpha / 3) + _OPAQUE * (1 - alpha)
    return grey


def _bands(pictures: Sequence[Image.Image], corner: tuple[bool, bool]) -> Iterator[tuple[Array, ...]]:
    """Yield bands of rows of pictures as RGBA, padded with transparent pixels to one size, aligned at a corner.

    The pictures may be large: as arrays, all of them would take several times their memory.
    """
    right, bottom = corner
    width, height = (max(sizes) for sizes in zip(*(picture.size for picture in pictures), strict=True))
    for top, end in row_bands(width, height):
        bands = []
        for picture in pictures:
            canvas = np.full((end - top, width), _CLEAR).view(np.uint8).reshape(end - top, width, 4)
            x, y = (width - picture.width) * right, (height - picture.height) * bottom
            first, last = max(top, y), min(end, y + picture.height)
            if first < last:
                rows = picture.crop((0, first - y, picture.width, last - y)).convert("RGBA")
                canvas[first - top : last - top, x : x + picture.width] = np.asarray(rows)
            bands.append(canvas)
        yield tuple(bands)
