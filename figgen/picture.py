"""One config -> one picture: all steps from text to bytes, over files that are given and nothing else."""

import struct
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from figgen import hermetic
from figgen.data import sample
from figgen.errors import ConfigError, Finding, Problem, SourceError, SpecError, nearest
from figgen.files import Files, names_in
from figgen.loader import Document, load
from figgen.site import CONFIGS, DEFAULTS, FONTS, STYLES
from figgen.spec import Figure
from figgen.validation import validate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

T = TypeVar("T")


class Picture(NamedTuple):
    """The bytes of an artefact, its size in pixels, and, where it was asked for, what it says."""

    content: bytes
    size: tuple[int, int]
    told: Mapping[str, Any] | None = None


def make_picture(files: Files, config: str, *, described: bool = False) -> Picture:
    """Draw the picture of a config, and tell what it says if that is wanted. Raises ConfigError with every mistake."""

    def finish(drawn: "Drawn", figure: Figure, alt: str) -> Picture:
        from figgen.layout import check_layout
        from figgen.render import encode

        content = encode(drawn, figure.canvas, alt)
        width, height = struct.unpack(">II", content[16:24])  # of the PNG's first chunk
        if problems := [*check_layout(figure, drawn, width)]:
            raise SpecError(problems)
        return Picture(content, (width, height), _describe(drawn, figure, alt) if described else None)

    return _draw(files, config, finish)


def describe_picture(files: Files, config: str) -> dict[str, Any]:
    """Draw the picture of a config, and tell what it says (see `content.describe`). Raises ConfigError likewise."""
    return _draw(files, config, _describe)


def _describe(drawn: "Drawn", figure: Figure, alt: str) -> dict[str, Any]:
    from figgen.content import describe

    return describe(drawn, figure.canvas, alt)


def load_document(files: Files, config: str) -> Document:
    """Read a config over the `_defaults.yaml` files of its folder and of those above, the nearest first.

    Raises ConfigError with what is no YAML, or cannot be read.
    """
    content = files.read(config)
    if content is None:
        raise ConfigError([Finding(config, 1, 1, "", "there is no such file")])
    document = load(_decode(content, config), config)
    folder = config
    while folder != CONFIGS:
        folder = folder.rpartition("/")[0]
        defaults = f"{folder}/{DEFAULTS}"
        if (content := files.read(defaults)) is not None:
            document = document.over(load(_decode(content, defaults), defaults))
    return document


def _draw(files: Files, config: str, finish: Callable[["Drawn", Figure, str], T]) -> T:
    """Draw a config, and give what becomes of the drawn figure, the spec and the alt text."""
    document = load_document(files, config)
    try:
        return _finish(validate(document.data), document, files, config, finish)
    except SpecError as error:
        raise ConfigError(document.locate(problem) for problem in error.problems) from None


def _finish(
    figure: Figure, document: Document, files: Files, config: str, finish: Callable[["Drawn", Figure, str], T]
) -> T:
    hermetic.import_matplotlib()
    from figgen.fonts import families, site_fonts
    from figgen.render import drawing
    from figgen.styles import read_settings

    problems: list[Problem] = []
    findings: list[Finding] = []
    settings: dict[str, Any] = {}
    with site_fonts(files, FONTS) as fonts:
        known = families(fonts)
        try:
            settings |= _read_style(figure, files, known)
        except SpecError as error:
            problems += error.problems
        except ConfigError as error:
            findings += error.findings
        try:
            settings |= read_settings(figure.rc, known)
        except SpecError as error:
            problems += error.problems
        try:
            samples = sample(figure, lambda path: _read_data(files, config, path))
        except SpecError as error:
            problems += error.problems
        if problems or findings:
            raise ConfigError([*findings, *(document.locate(problem) for problem in problems)])
        with drawing(figure, samples, settings, fonts) as drawn:
            return finish(drawn, figure, samples.alt)


def _read_style(figure: Figure, files: Files, families: set[str]) -> dict[str, Any]:
    from figgen.styles import package_style, read_style, unknown_style

    if figure.style is None:
        return {}
    path = f"{STYLES}/{figure.style}.mplstyle"
    content = files.read(path)
    if content is None:
        content, path = package_style(figure.style), f"{figure.style}.mplstyle"
    if content is None:
        raise unknown_style(figure.style, names_in(files, STYLES))
    return dict(read_style(_decode(content, path), path, families))


def _read_data(files: Files, config: str, path: str) -> bytes:
    """Read a data file that a config names: relative to its folder, or to the root with a leading slash."""
    folder = "" if path.startswith("/") else config.rpartition("/")[0]
    parts: list[str] = []
    for part in f"{folder}/{path}".split("/"):
        if part == ".." and not parts:
            raise SourceError(f"'{path}' is outside the site", allowed="allowed: files below its root")
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    place = "/".join(parts)
    try:
        content = files.read(place) if parts else None
    except ConfigError as error:
        (finding,) = error.findings
        said = finding.message if finding.message.startswith("cannot") else f"is {finding.message}"
        raise SourceError(f"'{path}' {said}", allowed=finding.allowed, hint=finding.hint) from None
    if content is None:
        others = names_in(files, place.rpartition("/")[0])
        below = "a path with a leading / starts at the site's root" if path.startswith("/") else ""
        raise SourceError(f"there is no file '{path}'", hint=nearest(parts[-1] if parts else path, others) or below)
    return content


def _decode(content: bytes, path: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(errors="replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"not UTF-8: the byte 0x{content[error.start]:02x}"
        raise ConfigError([Finding(path, line, column, "", message, "", "save the file as UTF-8")]) from None
