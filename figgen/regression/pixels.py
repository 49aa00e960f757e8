"""Two pictures -> how far their pixels differ, and a picture of where."""

import io
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, PngImagePlugin

_OPAQUE = 255
_MOST = 100_000_000  # pixels: twice what a canvas may have, for what a tight crop adds
_MARK = (214, 0, 110)  # nothing that is faded comes near it
_TINT = np.array((255, 196, 224))  # under what only one picture has
_CONTRAST = 0.25  # that is left to a faded picture
_CORNERS = ((False, False), (True, False), (False, True), (True, True))

Array = np.ndarray[Any, Any]


class Difference(NamedTuple):
    """How far the pixels of two pictures differ.

    `rms` is the root mean square over all pixels and channels (0 to 255; opaque pictures have no alpha channel),
    `pixels` how many are not the same, `share` of how many. Pictures of two sizes are laid over each other at one
    corner, that where the fewest differ: a title that is higher by two pixels has not moved all that is below it. What
    one of them does not have is transparent there.
    """

    rms: float
    pixels: int
    share: float
    before: tuple[int, int]
    after: tuple[int, int]
    corner: tuple[bool, bool]  # whether it is one at the right, and one at the bottom


def compare_pixels(before: bytes, after: bytes) -> tuple[Difference, bytes]:
    """Measure how far two PNGs differ, and give one that shows where.

    It has the second picture faded, in a strong colour what is not the same in the first, and tinted what only one has.
    """
    pictures = [_pixels(before), _pixels(after)]
    sizes = [(picture.shape[1], picture.shape[0]) for picture in pictures]
    corners = _CORNERS if sizes[0] != sizes[1] else _CORNERS[:1]
    corner = min(corners, key=lambda one: _apart(*_laid_over(pictures, one)).sum())
    old, new = _laid_over(pictures, corner)
    apart = _apart(old, new)
    channels = 3 if (old[..., 3] == _OPAQUE).all() and (new[..., 3] == _OPAQUE).all() else 4
    squares = np.square(old[..., :channels].astype(float) - new[..., :channels])
    rms, number, share = float(np.sqrt(squares.mean())), int(apart.sum()), float(apart.mean())
    return Difference(rms, number, share, sizes[0], sizes[1], corner), _marked(old, new)


def in_numbers(difference: Difference | None) -> str:
    """Say how far pixels differ, and their sizes if these do; nothing if there is no difference."""
    if difference is None:
        return ""
    parts = ["no pixel differs"]
    if difference.pixels:
        parts = [f"{difference.pixels:,} pixels differ ({100 * difference.share:.3g} %)", f"RMS {difference.rms:.3g}"]
    if difference.before != difference.after:
        parts.append(" -> ".join(f"{width} x {height}" for width, height in (difference.before, difference.after)))
    return ", ".join(parts)


def _apart(old: Array, new: Array) -> Array:
    different: Array = (old != new).any(axis=2)
    return different


def _marked(old: Array, new: Array) -> bytes:
    """Fade the second picture, mark what differs, and encode it as PNG.

    What only one of them has, such as the border that makes it larger, is tinted: marked, it would hide what is there.
    """
    lacking = (old[..., 3] == 0) != (new[..., 3] == 0)
    found = np.repeat((_OPAQUE - _CONTRAST * (_OPAQUE - _grey(new)))[..., np.newaxis], 3, axis=2)
    found[_apart(old, new)] = _MARK
    found[lacking] = np.minimum(_grey(old), _grey(new))[lacking][:, np.newaxis] / _OPAQUE * _TINT
    buffer = io.BytesIO()
    Image.fromarray(found.round().astype(np.uint8)).save(buffer, "png")
    return buffer.getvalue()


def _grey(picture: Array) -> Array:
    """Give a picture over white, without its colours."""
    alpha = picture[..., 3:] / _OPAQUE
    grey: Array = (picture[..., :3] * alpha + _OPAQUE * (1 - alpha)).mean(axis=2)
    return grey


def _laid_over(pictures: list[Array], corner: tuple[bool, bool]) -> list[Array]:
    """Put pictures on canvases that would hold each, at a corner."""
    right, bottom = corner
    height, width, _ = np.max([picture.shape for picture in pictures], axis=0)
    canvases = []
    for picture in pictures:
        canvas = np.full((height, width, 4), (255, 255, 255, 0), np.uint8)
        y = height - picture.shape[0] if bottom else 0
        x = width - picture.shape[1] if right else 0
        canvas[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
        canvases.append(canvas)
    return canvases


def _pixels(content: bytes) -> Array:
    with PngImagePlugin.PngImageFile(io.BytesIO(content)) as image:
        if image.width * image.height > _MOST:
            raise ValueError(f"{image.width * image.height:,} pixels")
        return np.asarray(image.convert("RGBA"))
