"""The size and the description of a PNG file, which come before its pixels; and the only decoder of PNGs."""

import contextlib
import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.PngImagePlugin import PngImageFile

Size = tuple[int, int]

MAX_PIXELS = 100_000_000  # twice the limit of a canvas, because a tight crop can add to it
UNREADABLE = (OSError, ValueError, SyntaxError)  # what Pillow raises for damaged pictures

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIZE_START, _SIZE_END = 16, 24  # after the signature, and the length and name of the first chunk


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


@contextlib.contextmanager
def open_png(content: bytes) -> Iterator["PngImageFile"]:
    """Open a PNG with Pillow, and with no other decoder than that of PNGs: some run other programs.

    Raises ValueError if it is no PNG or too large, before anything is decoded, and later one of UNREADABLE if it is
    damaged.
    """
    from PIL.PngImagePlugin import PngImageFile

    width, height = png_size(content)
    if width * height > MAX_PIXELS:
        raise ValueError(f"{width * height:,} pixels, more than {MAX_PIXELS:,}")
    with PngImageFile(io.BytesIO(content)) as image:
        yield image
