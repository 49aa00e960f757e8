"""What a PNG tells of itself before its pixels: its size, and its alt text."""

import re
import struct

Size = tuple[int, int]

_PNG = b"\x89PNG\r\n\x1a\n"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def png_size(content: bytes) -> Size | None:
    """Read the size of a PNG from its first chunk; None if it is no PNG."""
    if not content.startswith(_PNG) or len(content) < 24:  # noqa: PLR2004 - where the height ends
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def description(content: bytes) -> str:
    """Read what a picture says of itself, which is its alt text; nothing if it says nothing."""
    at = 8  # after the signature of a PNG
    while at + 8 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        keyword, _, said = data.partition(b"\0")
        if keyword == b"Description" and kind == b"tEXt":
            return said.decode("latin-1")
        if keyword == b"Description" and kind == b"iTXt":
            # After two flags, a language and a translated keyword.
            return said[2:].split(b"\0", 2)[-1].decode(errors="replace")
        at += length + 12
    return ""


def differ_by_numbers(text: str, other: str) -> bool:
    """Tell whether two texts say the same but for the numbers in them."""
    one, two = " ".join(text.split()), " ".join(other.split())
    return one != two and _NUMBER.sub("#", one) == _NUMBER.sub("#", two)
