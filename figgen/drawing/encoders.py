"""A drawn figure -> the bytes of its outputs.

Each output format is one function and its entry in `ENCODERS`, called as `encode(drawn, figure, alt, png)`: the
matplotlib figure, its spec, its alt text, and its PNG, which is encoded first (b"" for `png` itself). It is called
within the rcParams that the figure was drawn in. It returns the same bytes in every run: they contain no date, no name
of any software, and only identifiers that follow from a fixed salt (`svg.hashsalt`).

To add a format, write its function, add it to `ENCODERS`, and add its name to `Format` in `config/spec/outputs.py`. A
test checks that the two name the same formats.
"""

import importlib.util
import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from figgen.config import spec
from figgen.config.mathtext import as_written
from figgen.config.spec.outputs import Format
from figgen.errors import Problem, missing_extra
from figgen.site.png import open_png

Encoder = Callable[[Figure, spec.Figure, str, bytes], bytes]

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _png(drawn: Figure, figure: spec.Figure, alt: str, _: bytes) -> bytes:
    """Encode as PNG. The alt text is its Description, so that the file changes with the alt text."""
    return _save("png", drawn, figure, {"Software": None, "Description": alt})


def _svg(drawn: Figure, figure: spec.Figure, alt: str, _: bytes) -> bytes:
    """Encode as SVG, with a title and a description for screen readers, and without a document type.

    Browsers need no DTD, and it would be fetched from another server.
    """
    svg = _save("svg", drawn, figure, dict.fromkeys(("Date", "Creator", "Format", "Type"))).decode()
    attributes, content = svg.partition("<svg ")[2].split(">", 1)
    title = f"<title>{_escape(as_written(figure.title))}</title>\n" if figure.title else ""
    texts = f"{title}<desc>{_escape(alt)}</desc>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<svg role="img" {attributes}>\n{texts}{content}'.encode()


def _escape(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _webp(_drawn: Figure, _figure: spec.Figure, _alt: str, png: bytes) -> bytes:
    """Encode exactly the pixels of the PNG, as lossless WebP."""
    buffer = io.BytesIO()
    with open_png(png) as image:
        image.convert("RGBA").save(buffer, "WEBP", lossless=True, quality=100, method=6, exact=True)
    return buffer.getvalue()


def _pdf(drawn: Figure, figure: spec.Figure, alt: str, _: bytes) -> bytes:
    texts = {"Subject": alt} | ({"Title": as_written(figure.title)} if figure.title else {})
    return _save("pdf", drawn, figure, {"CreationDate": None, "Creator": None, "Producer": None, **texts})


ENCODERS: Mapping[Format, Encoder] = {"png": _png, "svg": _svg, "webp": _webp, "pdf": _pdf}


def _save(kind: Format, drawn: Figure, figure: spec.Figure, metadata: dict[str, Any]) -> bytes:
    buffer, canvas = io.BytesIO(), figure.canvas
    crop = _crop(drawn, canvas)
    drawn.savefig(buffer, format=kind, bbox_inches=crop, pad_inches=canvas.pad, metadata=metadata)
    return buffer.getvalue()


def _crop(drawn: Figure, canvas: spec.Canvas) -> Bbox | Literal["tight"] | None:
    """Return the box to cut a figure to, in inches; "tight" if matplotlib must find it, None for the whole canvas."""
    if canvas.crop != "tight":
        return None
    if canvas.layout != "none":
        return "tight"
    # Matplotlib would draw all of it once more before it asks for the boxes, which takes a fifth of the time. Only a
    # layout engine moves things while it draws.
    agg: Any = drawn.canvas
    return drawn.get_tightbbox(agg.get_renderer()).padded(canvas.pad)


def optimized(png: bytes) -> bytes:
    """Return a smaller PNG with the same pixels and metadata."""
    program = Path(__file__).parent / "optimize_png.py"
    # The command is this interpreter and a file of this package; no shell is started.
    return subprocess.run([sys.executable, program], input=png, check=True, capture_output=True).stdout  # noqa: S603


def check_optimizer(figure: spec.Figure) -> Iterator[Problem]:
    """Yield a problem if a figure is to be optimized and the package for that is not installed."""
    if figure.optimize and importlib.util.find_spec("oxipng") is None:
        yield Problem(("optimize",), *missing_extra("'optimize'", "optimize"))
