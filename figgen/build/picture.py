"""One config -> its pictures: all steps from text to bytes, over files that are given and nothing else."""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from figgen.config.load import decode, load_document, locate_errors
from figgen.config.spec import Figure
from figgen.config.validate import validate, validate_partially
from figgen.config.variants import CARD, DARK, KEYS, LIGHT, NAMES, PAGES, Edition, light, variants_of
from figgen.config.yaml_document import Document
from figgen.data.files import read_data_file
from figgen.data.sample import sample
from figgen.errors import EXTRAS, ConfigError, Finding, Problem, SpecError
from figgen.site.files import Files, names_in
from figgen.site.paths import FONTS, STYLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

    from figgen.review.layout import Found

T = TypeVar("T")


FIRST = ".png"  # the ending of the picture that shows a figure as it is; further artefacts have others


class Picture(NamedTuple):
    """The bytes of an artefact, its size in pixels, what it says if that was asked for, and special tools it took."""

    content: bytes
    size: tuple[int, int]
    description: Mapping[str, Any] | None = None
    tools: tuple[str, ...] = ()


class _Look(NamedTuple):
    """An edition that was drawn: what it says if that is needed, what is wrong with how it looks, and its files."""

    description: Mapping[str, Any] | None
    found: "Found"
    files: dict[str, Picture]


def make_picture(files: Files, config: str, *, described: bool = False) -> Picture:
    """Give the first of the pictures of a config (see `make_pictures`)."""
    return make_pictures(files, config, described=described)[FIRST]


def make_pictures(files: Files, config: str, *, described: bool = False, optimize: bool = False) -> dict[str, Picture]:
    """Make all artefacts of a config, by their endings; tell what each says, or compress each, if that is wanted.

    Raises ConfigError with every mistake.
    """
    document = load_document(files, config)
    with locate_errors(document):
        figure, problems = validate_partially(document.data)
        if optimize:
            figure = figure.model_copy(update={"optimize": True})
        several = "dark" in figure.variants

        def finish(drawn: "Drawn", edition: str, figure: Figure, alt: str) -> _Look:
            from figgen.drawing.encoders import optimized, vector, webp
            from figgen.drawing.figure import encode
            from figgen.review.contrast import check_contrast
            from figgen.review.layout import find_layout_problems

            content = encode(drawn, figure.canvas, alt)
            size = struct.unpack(">II", content[16:24])  # of the PNG's first chunk
            told = _describe(drawn, figure, alt) if described or several else None
            found = find_layout_problems(figure, drawn, size[0])
            if several and edition != CARD:
                found["contrast"] += check_contrast(figure, drawn, size[0], PAGES[edition])
            png = optimized(content) if figure.optimize else content
            files = {FIRST: Picture(png, size, told, (EXTRAS["optimize"],) if figure.optimize else ())}
            for kind in figure.formats if edition != CARD else ():
                if kind == "webp":
                    files[".webp"] = Picture(webp(content), size)
                elif kind != "png":
                    files[f".{kind}"] = Picture(vector(kind, drawn, figure, alt), size)
            return _Look(told, found, files)

        looks = _draw(figure, document, files, config, finish, problems)
        if wrong := [*_judge(figure, looks)]:
            raise SpecError(wrong)
    return {edition + ending: picture for edition, look in looks.items() for ending, picture in look.files.items()}


def _judge(figure: Figure, looks: Mapping[str, _Look]) -> Iterator[Problem]:
    """Yield what is wrong with the editions of a figure, each by itself and beside the others."""
    from figgen.review.layout import apply_waivers
    from figgen.review.variant_parity import check_variant_parity

    found = {name: list(problems) for name, problems in looks[LIGHT].found.items()}
    for edition, look in looks.items():
        if edition == DARK:
            yield from check_variant_parity(looks[LIGHT].description or {}, look.description or {})
        # If it says the same, the dark variant is laid out as the light one is.
        for name in {LIGHT: (), DARK: ("contrast",), CARD: look.found}[edition]:
            found[name] += (replace(problem, message=NAMES[edition] + problem.message) for problem in look.found[name])
    yield from apply_waivers(figure, found)


def describe_picture(files: Files, config: str) -> dict[str, Any]:
    """Draw the picture of a config, and tell what it says (see `content.describe`). Raises ConfigError likewise."""
    document = load_document(files, config)
    with locate_errors(document):
        alone = {"variants": ("light",), "dark": None, "preview": None}
        figure = validate(document.data).model_copy(update=alone)
        return _draw(figure, document, files, config, lambda drawn, _, *rest: _describe(drawn, *rest))[LIGHT]


def _describe(drawn: "Drawn", figure: Figure, alt: str) -> dict[str, Any]:
    from figgen.review.description import describe

    return describe(drawn, figure.canvas, alt)


def _draw(
    figure: Figure,
    document: Document,
    files: Files,
    config: str,
    finish: Callable[["Drawn", str, Figure, str], T],
    known_problems: Iterable[Problem] = (),
) -> dict[str, T]:
    """Draw the editions of a figure; give what becomes of each drawn one, its name, its spec and the alt text.

    Raises ConfigError with all that is wrong, the known problems included.
    """
    from figgen.drawing.encoders import check_optimizer
    from figgen.drawing.figure import drawing
    from figgen.drawing.fonts import families, site_fonts

    problems: list[Problem] = [*known_problems, *check_optimizer(figure)]
    findings: list[Finding] = []
    made: dict[str, Edition] = {}
    settings: dict[str, dict[str, Any]] = {}
    with site_fonts(files, FONTS) as fonts:
        known = families(fonts)
        try:
            made = variants_of(figure)
            problems += _clashes(made, files, config)
        except SpecError as error:
            problems += error.problems
        for name, edition in (made or {LIGHT: light(figure)}).items():
            settings[name] = _read_look(edition, files, known, problems, findings)
        try:
            samples = sample(figure, lambda path: read_data_file(files, config, path))
        except SpecError as error:
            problems += error.problems
        if problems or findings:
            located = [document.locate(problem) for problem in dict.fromkeys(problems)]
            raise ConfigError(dict.fromkeys([*findings, *located]))
        results = {}
        for name, edition in made.items():
            with drawing(edition.figure, samples, settings[name], fonts) as drawn:
                results[name] = finish(drawn, name, edition.figure, samples.alt)
        return results


def _clashes(made: Iterable[str], files: Files, config: str) -> Iterator[Problem]:
    """Yield the editions whose artefact another config writes; that there is none is looked for as all files are."""
    for edition in made:
        other = config.removesuffix(".yaml") + edition + ".yaml"
        if edition != LIGHT and files.read(other) is not None:
            message = f"{config} and {other} both write a picture whose name ends in {edition}"
            yield Problem((KEYS[edition],), message, hint=f"rename one of the two, or leave '{KEYS[edition]}' out here")


def _read_look(
    edition: Edition, files: Files, known: set[str], problems: list[Problem], findings: list[Finding]
) -> dict[str, Any]:
    """Read the style and the settings of an edition; what is wrong with them is added to the lists."""
    from figgen.drawing.styles import read_settings

    settings: dict[str, Any] = {}
    try:
        settings |= _read_style(edition, files, known)
    except SpecError as error:
        problems += error.problems
    except ConfigError as error:
        findings += error.findings
    for where, given in edition.settings:
        try:
            settings |= read_settings(given, known, where)
        except SpecError as error:
            problems += error.problems
    return settings


def _read_style(edition: Edition, files: Files, families: set[str]) -> dict[str, Any]:
    from figgen.drawing.styles import package_style, read_style, unknown_style

    if edition.style is None:
        return {}
    path = f"{STYLES}/{edition.style}.mplstyle"
    content = files.read(path)
    if content is None:
        content, path = package_style(edition.style), f"{edition.style}.mplstyle"
    if content is None:
        raise unknown_style(edition.style, names_in(files, STYLES), edition.style_at)
    return dict(read_style(decode(content, path), path, families))
