"""Compare the pixels of two PNGs: how many differ, by how much, and where."""

import io
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from figgen.site.png import UNREADABLE, open_png

_OPAQUE = 255
_HIGHLIGHT = (214, 0, 110)  # no faded pixel is close to it
_TINT = np.array((255, 196, 224))  # behind what only one picture has
_FADED_CONTRAST = 0.25
_CORNERS = ((False, False), (True, False), (False, True), (True, True))

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


def compare_pixels(before: bytes, after: bytes) -> tuple[PixelDifference, bytes]:
    """Return how far two PNGs differ, and a PNG that shows where.

    It shows the second picture faded, the pixels that differ highlighted, and the area of only one picture tinted.
    Raises OSError, ValueError or SyntaxError as `decode_png` does.
    """
    pictures = [decode_png(before), decode_png(after)]
    sizes = [(picture.shape[1], picture.shape[0]) for picture in pictures]
    corners = _CORNERS if sizes[0] != sizes[1] else _CORNERS[:1]
    corner = min(corners, key=lambda corner: _differing(*_align(pictures, corner)).sum())
    old, new = _align(pictures, corner)
    differing = _differing(old, new)
    channels = 3 if (old[..., 3] == _OPAQUE).all() and (new[..., 3] == _OPAQUE).all() else 4
    squares = np.square(old[..., :channels].astype(float) - new[..., :channels])
    rms, number, share = float(np.sqrt(squares.mean())), int(differing.sum()), float(differing.mean())
    return PixelDifference(rms, number, share, sizes[0], sizes[1], corner), _draw_overlay(old, new)


def is_same_picture(before: bytes, after: bytes) -> bool:
    """Check whether two PNGs have the same pixels and texts, such as the alt text, however they are compressed.

    A damaged one is the same as none.
    """
    if before == after:
        return True
    try:
        with open_png(before) as one, open_png(after) as other:
            texts = [one.text, other.text]
        return texts[0] == texts[1] and np.array_equal(decode_png(before), decode_png(after))
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


def decode_png(content: bytes) -> Array:
    """Return the pixels of a PNG as RGBA, shape (height, width, 4).

    Raises OSError, ValueError or SyntaxError if it is damaged, too large, or not a PNG.
    """
    with open_png(content) as image:
        return np.asarray(image.convert("RGBA"))


def _differing(old: Array, new: Array) -> Array:
    differing: Array = (old != new).any(axis=2)
    return differing


def _draw_overlay(old: Array, new: Array) -> bytes:
    """Return a PNG that shows where two aligned pictures differ.

    The area of only one of them, such as a wider margin, is tinted, since a highlight would hide what is there.
    """
    only_in_one = (old[..., 3] == 0) != (new[..., 3] == 0)
    overlay = np.repeat((_OPAQUE - _FADED_CONTRAST * (_OPAQUE - _grey(new)))[..., np.newaxis], 3, axis=2)
    overlay[_differing(old, new)] = _HIGHLIGHT
    overlay[only_in_one] = np.minimum(_grey(old), _grey(new))[only_in_one][:, np.newaxis] / _OPAQUE * _TINT
    buffer = io.BytesIO()
    Image.fromarray(overlay.round().astype(np.uint8)).save(buffer, "png")
    return buffer.getvalue()


def _grey(picture: Array) -> Array:
    """Return the grey levels of a picture on white (0 to 255)."""
    alpha = picture[..., 3:] / _OPAQUE
    grey: Array = (picture[..., :3] * alpha + _OPAQUE * (1 - alpha)).mean(axis=2)
    return grey


def _align(pictures: list[Array], corner: tuple[bool, bool]) -> list[Array]:
    """Pad pictures with transparent pixels to one size, aligned at a corner."""
    right, bottom = corner
    height, width, _ = np.max([picture.shape for picture in pictures], axis=0)
    padded = []
    for picture in pictures:
        canvas = np.full((height, width, 4), (255, 255, 255, 0), np.uint8)
        y = height - picture.shape[0] if bottom else 0
        x = width - picture.shape[1] if right else 0
        canvas[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
        padded.append(canvas)
    return padded
