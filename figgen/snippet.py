"""The lines that show a figure in a post, as Chirpy wants them."""

from collections.abc import Iterable, Iterator

from figgen.closure import Site, dark_sibling
from figgen.errors import UsageError, nearest
from figgen.mend import description, markdown_text
from figgen.site import Target


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
    near = nearest(wanted, (target.name for target in targets))
    raise UsageError("; ".join(part for part in (f"no such figure: {name}", near) if part))


def parts(site: Site, target: Target) -> list[str]:
    """Give the artefacts that show a figure: its own alone, or that and the one of its dark variant."""
    dark = dark_sibling(target.artefact)
    return [path for path in (target.artefact, dark) if path in site.steps]


def lines(site: Site, figure: list[str], title: str | None) -> Iterator[str]:
    """Yield the lines of a figure whose parts are up to date: an image for each, and the caption."""
    modes = (" .light", " .dark") if len(figure) > 1 else ("",)
    for path, mode in zip(figure, modes, strict=True):
        alt = markdown_text(description(site.read(path) or b""))
        width, height = site.size(path) or (0, 0)
        yield f'![{alt}](/{path}){{: width="{width}" height="{height}"{mode} }}'
    if title:
        yield f"_{markdown_text(title)}_"
