"""One config -> its pictures: all steps from text to bytes, from the given files and nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from figgen.config.load import load_document, locate_errors
from figgen.config.spec import Figure
from figgen.config.spec.arrays import Samples
from figgen.config.validate import validate_partially
from figgen.config.variants import Variant, light, variants_of
from figgen.config.yaml_document import Document
from figgen.data.files import read_data_file
from figgen.data.sample import sample
from figgen.errors import EXTRAS, ConfigError, Finding, Problem, SpecError
from figgen.site.debug import log_step
from figgen.site.files import Files
from figgen.site.paths import FONTS, MAIN_ENDING, VariantKind
from figgen.site.png import MAX_PIXELS, MAX_SIDE, is_small_enough, png_size

if TYPE_CHECKING:
    from matplotlib.font_manager import FontEntry

    from figgen.review import ProblemsByCheck


class Output(NamedTuple):
    """The bytes of an output, its size in pixels, its description if asked for, optional tools used, and marks."""

    content: bytes
    size: tuple[int, int]
    description: Mapping[str, Any] | None = None
    tools: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


class Prepared(NamedTuple):
    """All that drawing needs: the spec, its variants with the rcParams of each, and the arrays."""

    figure: Figure
    variants: dict[VariantKind, Variant]
    settings: dict[VariantKind, dict[str, Any]]
    samples: Samples


class _Review(NamedTuple):
    """The review of a drawn variant: its description if that is needed, and the problems of layout and contrast."""

    description: Mapping[str, Any] | None
    problems: "ProblemsByCheck"


def make_picture(files: Files, config: str, *, described: bool = False) -> Output:
    """Return the PNG of the light variant of a config (see `make_pictures`)."""
    return make_pictures(files, config, described=described)[MAIN_ENDING]


def make_pictures(files: Files, config: str, *, described: bool = False, optimize: bool = False) -> dict[str, Output]:
    """Return all outputs of a config by their endings, `.png`, `-dark.png`, `.svg` and so on.

    With `described`, each PNG has its description; with `optimize`, each is compressed. Raises ConfigError with every
    mistake.
    """
    from figgen.drawing import ENCODERS, draw
    from figgen.drawing.encoders import optimized
    from figgen.drawing.fonts import site_fonts
    from figgen.review import check_contrast, describe, find_layout_problems

    # 1. Text -> document.
    log_step(f"{config}: read")
    document = load_document(files, config)
    pictures: dict[str, Output] = {}
    reviews: dict[VariantKind, _Review] = {}
    with locate_errors(document), site_fonts(files, FONTS) as fonts:
        # 2. Document -> spec and its variants; 3. spec -> rcParams and arrays.
        log_step(f"{config}: validate and sample")
        figure, variants, settings, samples = prepare(document, files, config, fonts, optimize=optimize)
        marks = tuple({layer.mark for _, panel in figure.placed_panels() for layer in panel.layers})
        for kind, variant in variants.items():
            spec = variant.figure
            # 4. Arrays -> Figure.
            log_step(f"{config}: draw the {kind.name.lower()} variant")
            with draw(spec, samples, settings[kind], fonts) as drawn:
                # 5. Figure -> bytes.
                log_step(f"{config}: encode as {', '.join(spec.formats)}")
                png = ENCODERS["png"](drawn, spec, samples.alt, b"")
                size = png_size(png)
                if not is_small_enough(*size):  # a tight crop may add to the canvas; nothing could read it again
                    message = f"{kind.message_prefix}picture too large: {size[0]:,} x {size[1]:,} pixels"
                    allowed = (f"up to {MAX_SIDE:,} on a side and {MAX_PIXELS:,} in all",)
                    raise SpecError([Problem(("canvas",), message, allowed, "lower its size, dpi or pad")])
                others = {
                    f"{kind.suffix}.{ending}": Output(ENCODERS[ending](drawn, spec, samples.alt, png), size)
                    for ending in (spec.formats if kind != VariantKind.CARD else ())
                    if ending != "png"
                }
                # 6. Figure -> description and problems.
                log_step(f"{config}: review")
                needed = described or VariantKind.DARK in variants
                description = describe(drawn, spec.canvas, samples.alt) if needed else None
                problems = find_layout_problems(spec, drawn, size[0])
                if VariantKind.DARK in variants and kind != VariantKind.CARD:
                    problems["contrast"] += check_contrast(spec, drawn, size[0], kind.page_color)
                reviews[kind] = _Review(description, problems)
            content, tools = (optimized(png), (EXTRAS["optimize"],)) if spec.optimize else (png, ())
            pictures[kind.suffix + MAIN_ENDING] = Output(content, size, description, tools, marks)
            pictures |= others
        if wrong := [*filter(document.counts, _review_problems(figure, reviews))]:
            raise SpecError(wrong)
    return pictures


def describe_picture(files: Files, config: str) -> dict[str, Any]:
    """Return the description of the picture of a config (see `figgen.review.describe`), whatever its layout.

    Raises ConfigError with every other mistake.
    """
    from figgen.drawing import draw
    from figgen.drawing.fonts import site_fonts
    from figgen.review import describe

    document = load_document(files, config)
    with locate_errors(document), site_fonts(files, FONTS) as fonts:
        _, _, settings, samples = prepared = prepare(document, files, config, fonts, only_light=True)
        with draw(prepared.figure, samples, settings[VariantKind.LIGHT], fonts) as drawn:
            return describe(drawn, prepared.figure.canvas, samples.alt)


def prepare(
    document: Document,
    files: Files,
    config: str,
    fonts: "Sequence[FontEntry]",
    *,
    optimize: bool = False,
    only_light: bool = False,
) -> Prepared:
    """Return all that drawing needs. Raises ConfigError with every mistake that can be found before drawing.

    `optimize` compresses the PNGs, whatever the config says; `only_light` leaves out the other variants.
    """
    from figgen.drawing.encoders import check_optimizer
    from figgen.drawing.fonts import families
    from figgen.drawing.styles import variant_settings

    figure, known_problems = validate_partially(document.data)
    changes: dict[str, Any] = {"variants": ("light",), "dark": None, "preview": None} if only_light else {}
    if optimize:
        changes["optimize"] = True
    figure = figure.model_copy(update=changes)
    problems: list[Problem] = [*filter(document.counts, known_problems), *check_optimizer(figure)]
    findings: list[Finding] = []
    variants = {VariantKind.LIGHT: light(figure)}
    try:
        variants = variants_of(figure)
        problems += _clashes(variants, files, config)
    except SpecError as error:
        problems += error.problems
    known = families(fonts)
    settings = {kind: variant_settings(variant, files, known, problems, findings) for kind, variant in variants.items()}
    try:
        samples = sample(figure, lambda path: read_data_file(files, config, path))
    except SpecError as error:
        problems += error.problems
    if problems or findings:
        located = [document.locate(problem) for problem in dict.fromkeys(problems)]
        raise ConfigError(dict.fromkeys([*findings, *located]))
    return Prepared(figure, variants, settings, samples)


def _clashes(variants: Iterable[VariantKind], files: Files, config: str) -> Iterator[Problem]:
    """Yield a problem for each variant whose file another config writes, too.

    The other config is read as an input of this figure, so that adding it later makes this figure stale.
    """
    for kind in variants:
        other = config.removesuffix(".yaml") + kind.suffix + ".yaml"
        if kind != VariantKind.LIGHT and files.read(other) is not None:
            message = f"{config} and {other} both write a picture whose name ends in {kind.suffix}"
            yield Problem((kind.key,), message, hint=f"rename one of the two, or remove '{kind.key}' here")


def _review_problems(figure: Figure, reviews: Mapping[VariantKind, _Review]) -> Iterator[Problem]:
    """Yield what is wrong with the variants of a figure, each by itself and compared with the light one."""
    from figgen.review import apply_waivers, check_variant_parity

    found = {name: list(problems) for name, problems in reviews[VariantKind.LIGHT].problems.items()}
    for kind, review in reviews.items():
        if kind == VariantKind.DARK:
            yield from check_variant_parity(reviews[VariantKind.LIGHT].description or {}, review.description or {})
        # With the same description, the dark variant has the same layout as the light one, but not the same colours.
        dark = ("contrast", "legend")
        for name in {VariantKind.LIGHT: (), VariantKind.DARK: dark, VariantKind.CARD: review.problems}[kind]:
            same = found[name] if name in ("legend", "unused") else ()
            own = (problem for problem in review.problems[name] if problem not in same)
            found[name] += [replace(problem, message=kind.message_prefix + problem.message) for problem in own]
    yield from apply_waivers(figure, found)
