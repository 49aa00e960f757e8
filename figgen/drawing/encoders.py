"""Other encodings: a drawn figure -> the bytes of an SVG or PDF, a PNG -> a smaller one, or WebP.

Each gives the same bytes in every run: identifiers are derived from a fixed salt, and no file has a date, or names the
software that wrote it.
"""

import importlib.util
import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.figure import Figure

from figgen.config import spec
from figgen.drawing.figure import crop
from figgen.errors import EXTRAS, Problem, missing_extra

_SALT = "figgen"
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def vector(kind: str, drawn: Figure, figure: spec.Figure, alt: str) -> bytes:
    """Encode a drawn figure as SVG or PDF, within the rcParams it was drawn in."""
    return _VECTORS[kind](drawn, figure, alt)


def _svg(drawn: Figure, figure: spec.Figure, alt: str) -> bytes:
    """Write an SVG with a title and a description, as screen readers want it, and without its document type.

    What would be fetched for that, its DTD on another server, is of no use to a browser.
    """
    written = _saved("svg", drawn, figure, ("Date", "Creator", "Format", "Type")).decode()
    _, _, root = written.partition("<svg ")
    attributes, _, content = root.partition(">")
    title = f"<title>{_xml(figure.title)}</title>\n" if figure.title else ""
    told = f"{title}<desc>{_xml(alt)}</desc>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<svg role="img" {attributes}>\n{told}{content}'.encode()


def _xml(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _pdf(drawn: Figure, figure: spec.Figure, alt: str) -> bytes:
    said = {"Subject": alt} | ({"Title": figure.title} if figure.title else {})
    return _saved("pdf", drawn, figure, ("CreationDate", "Creator", "Producer"), said)


_VECTORS: Mapping[str, Callable[[Figure, spec.Figure, str], bytes]] = {"svg": _svg, "pdf": _pdf}


def _saved(
    kind: str,
    drawn: Figure,
    figure: spec.Figure,
    without: tuple[str, ...],
    said: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    buffer = io.BytesIO()
    metadata: dict[str, Any] = {**dict.fromkeys(without), **said}
    with mpl.rc_context({"svg.hashsalt": _SALT}):
        drawn.savefig(
            buffer, format=kind, bbox_inches=crop(drawn, figure.canvas), pad_inches=figure.canvas.pad, metadata=metadata
        )
    return buffer.getvalue()


def webp(png: bytes) -> bytes:
    """Encode the pixels of a PNG as WebP, every one of them as it is."""
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGBA").save(buffer, "WEBP", lossless=True, quality=100, method=6, exact=True)
    return buffer.getvalue()


def optimized(png: bytes) -> bytes:
    """Compress a PNG further; its pixels and what it says of itself stay as they are.

    Lines on an even ground are smallest unfiltered, and by Zopfli; what is smaller by the filters that suit photographs
    is told by the faster compressor, and kept.
    """
    program = Path(__file__).parent / "optimize_png.py"
    # By the interpreter's own path, with bytes for its input, and nothing of a shell's.
    return subprocess.run([sys.executable, program], input=png, check=True, capture_output=True).stdout  # noqa: S603


def check_optimizer(figure: spec.Figure) -> Iterator[Problem]:
    """Yield that what compresses pictures is missing, if a figure asks for it."""
    if figure.optimize and importlib.util.find_spec("oxipng") is None:
        message = f"'optimize' needs the package {EXTRAS['optimize']}, which is not installed"
        yield Problem(("optimize",), message, hint=missing_extra("optimize"))
