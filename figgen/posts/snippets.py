"""The lines that show a figure in a post, as Chirpy expects them."""

import base64
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from figgen.errors import ConfigError, Finding
from figgen.posts.check import stale_mistake
from figgen.posts.fix import markdown_text
from figgen.posts.site_state import SiteState, dark_path
from figgen.site.files import SiteFiles
from figgen.site.paths import Target, VariantKind, find_target, output_path
from figgen.site.png import UNREADABLE, open_png, png_description

_PLACEHOLDER = (32, 17)  # pixels


def snippet(root: Path, targets: Sequence[Target], name: str) -> list[str]:
    """Return the lines that show a figure in a post, after those for the front matter if it has a preview card.

    Raises UsageError for a `name` that is not that of one figure (see `find_target`), and ConfigError if the figure is
    not up to date.
    """
    from figgen.config.load import load_document

    target = find_target(targets, name)
    site = SiteState(root, targets)
    paths = [path for path in (target.artefact, dark_path(target.artefact)) if path in site.steps]
    card = output_path(target.artefact, f"{VariantKind.CARD.suffix}.png")
    shown = [path for path in (*paths, card) if path in site.steps]
    if stale := dict.fromkeys(site.steps[path] for path in shown if not site.is_fresh(path)):
        raise ConfigError(
            Finding(step.target.config, 1, 1, step.target.artefact, *stale_mistake(step)) for step in stale
        )
    lines = [*_front_matter(site, card)] if card in site.steps else []
    classes = (" .light", " .dark") if len(paths) > 1 else ("",)
    for path, own_class in zip(paths, classes, strict=True):
        width, height = site.size(path) or (0, 0)
        alt = markdown_text(png_description(site.files.read(path) or b""))
        lines.append(f'![{alt}](/{path}){{: width="{width}" height="{height}"{own_class} }}')
    if title := load_document(SiteFiles(root), target.config).data.get("title"):
        lines.append(f"_{markdown_text(title)}_")
    return lines


def _front_matter(site: SiteState, card: str) -> Iterator[str]:
    """Yield the front matter that shows a figure's preview card, and an empty line after it."""
    content = site.files.read(card) or b""
    try:
        small = _placeholder(content)
    except UNREADABLE as error:
        hint = "write it again with 'figgen build --force'"
        raise ConfigError([Finding(card, 1, 1, "", f"cannot be read as a PNG: {error}", hint=hint)]) from None
    yield from ("image:", f"  path: /{card}", f"  alt: {json.dumps(png_description(content), ensure_ascii=False)}")
    yield from (f"  lqip: {small}", "")


def _placeholder(content: bytes) -> str:
    """Return a small copy of a picture as a data URI, which Chirpy shows, blurred, until the picture is loaded."""
    from PIL import Image

    buffer = io.BytesIO()
    with open_png(content) as image:
        small = image.convert("RGB").resize(_PLACEHOLDER, Image.Resampling.BOX)
    small.save(buffer, "WEBP", quality=40, method=6)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"
