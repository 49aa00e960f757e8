"""The lines that show a figure in a post, as Chirpy wants them."""

import base64
import io
import json
from collections.abc import Iterable, Iterator

from figgen.errors import UsageError, did_you_mean
from figgen.posts.check import Site, dark_path
from figgen.posts.fix import markdown_text
from figgen.site.paths import Target, VariantKind, output_path
from figgen.site.png import png_description


def named(targets: Iterable[Target], name: str) -> Target:
    """Find the target that a name means: `Post/name`, a path, or a name that only one post has.

    Raises UsageError if there is none, or several.
    """
    targets = list(targets)
    wanted = name.removeprefix("./")
    found = [target for target in targets if wanted in {target.name, *target}]
    found = found or [target for target in targets if target.name.rpartition("/")[2] == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"several figures are called {name}: " + ", ".join(target.name for target in found))
    near = did_you_mean(wanted, (target.name for target in targets))
    raise UsageError("; ".join(part for part in (f"no such figure: {name}", near) if part))


def parts(site: Site, target: Target) -> list[str]:
    """Give the artefacts that show a figure: its own alone, or that and the one of its dark variant."""
    dark = dark_path(target.artefact)
    return [path for path in (target.artefact, dark) if path in site.steps]


def front_matter(site: Site, target: Target) -> Iterator[str]:
    """Yield the lines of a post's front matter that show a figure's preview card, if there is one."""
    card = output_path(target.artefact, f"{VariantKind.CARD.suffix}.png")
    if card in site.steps:
        content = site.read(card) or b""
        yield from ("image:", f"  path: /{card}", f"  alt: {json.dumps(png_description(content), ensure_ascii=False)}")
        yield f"  lqip: {placeholder(content)}"


def placeholder(content: bytes) -> str:
    """Write a picture as a data URI of a few hundred bytes, which a page shows, blurred, until the whole is there."""
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        small = image.convert("RGB").resize(_PLACEHOLDER, Image.Resampling.BOX)
    small.save(buffer, "WEBP", quality=40, method=6)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


_PLACEHOLDER = (32, 17)  # pixels


def lines(site: Site, figure: list[str], title: str | None) -> Iterator[str]:
    """Yield the lines of a figure whose parts are up to date: an image for each, and the caption."""
    modes = (" .light", " .dark") if len(figure) > 1 else ("",)
    for path, mode in zip(figure, modes, strict=True):
        alt = markdown_text(png_description(site.read(path) or b""))
        width, height = site.size(path) or (0, 0)
        yield f'![{alt}](/{path}){{: width="{width}" height="{height}"{mode} }}'
    if title:
        yield f"_{markdown_text(title)}_"
