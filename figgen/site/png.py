"""The size and the description of a PNG file, which come before its pixels; and the only decoder of PNGs."""

import contextlib
import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.PngImagePlugin import PngImageFile

Size = tuple[int, int]

MAX_PIXELS, MAX_SIDE = 100_000_000, 100_000  # more than those of a canvas, because a tight crop can add to it
UNREADABLE = (OSError, ValueError, SyntaxError)  # what Pillow raises for damaged pictures

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIZE_START, _SIZE_END = 16, 24  # after the signature, and the length and name of the first chunk
_BAND = 1_000_000  # pixels of a band, so that few of them are in memory


def png_size(content: bytes) -> Size:
    """Return the width and height of a PNG in pixels. Raises ValueError if it is not a PNG."""
    if not content.startswith(_SIGNATURE) or len(content) < _SIZE_END:
        raise ValueError("not a PNG")
    width, height = struct.unpack_from(">II", content, _SIZE_START)
    return width, height


def png_description(content: bytes) -> str:
    """Return the text `Description` of a PNG, which is the alt text in those of figgen; "" if it has none.

    It comes before the pixels, so the first kilobytes of a file are enough.
    """
    at = len(_SIGNATURE)
    while at + 8 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        keyword, _, text = data.partition(b"\0")
        if keyword == b"Description" and kind == b"tEXt":
            return text.decode("latin-1")
        if keyword == b"Description" and kind == b"iTXt":
            # Two flags come first, then a language and a translated keyword.
            return text[2:].split(b"\0", 2)[-1].decode(errors="replace")
        at += length + 12
    return ""


def is_small_enough(width: int, height: int) -> bool:
    """Check whether a picture of this size may be decoded."""
    return max(width, height) <= MAX_SIDE and width * height <= MAX_PIXELS


def _check_size(width: int, height: int) -> None:
    if not is_small_enough(width, height):
        raise ValueError(f"{width:,} x {height:,} pixels, more than {MAX_SIDE:,} on a side or {MAX_PIXELS:,} in all")


@contextlib.contextmanager
def open_png(content: bytes) -> Iterator["PngImageFile"]:
    """Open a PNG with Pillow, and with no other decoder than that of PNGs: some run other programs.

    Raises ValueError if it is no PNG or too large, before anything is decoded, and later one of UNREADABLE if it is
    damaged.
    """
    from PIL.PngImagePlugin import PngImageFile

    width, height = png_size(content)
    _check_size(width, height)
    with PngImageFile(io.BytesIO(content)) as image:
        yield image


@contextlib.contextmanager
def open_picture(content: bytes) -> Iterator["Image"]:
    """Open a PNG or WebP, as `open_png` does."""
    if content.startswith(_SIGNATURE):
        with open_png(content) as image:
            yield image
        return
    from PIL.WebPImagePlugin import WebPImageFile

    with WebPImageFile(io.BytesIO(content)) as image:
        _check_size(*image.size)
        yield image


def row_bands(width: int, height: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last row (exclusive) of each band of a picture, from the top; at least one row each."""
    rows = max(1, _BAND // max(width, 1))
    yield from ((top, min(top + rows, height)) for top in range(0, height, rows))


def has_same_pixels(one: "Image", other: "Image") -> bool:
    """Check whether two pictures have the same pixels, in whichever way they are stored.

    Raises one of UNREADABLE if one of them is damaged.
    """
    if one.size != other.size:
        return False
    boxes = ((0, top, one.width, bottom) for top, bottom in row_bands(*one.size))
    return all(one.crop(box).convert("RGBA").tobytes() == other.crop(box).convert("RGBA").tobytes() for box in boxes)
