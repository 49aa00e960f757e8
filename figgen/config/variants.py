"""Spec -> its variants: the figure itself, for dark pages, and on a card that is shown beside links.

A variant is a spec that is drawn once. It differs from the figure in colours, styles or size, never in data or texts.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from figgen.config.spec.base import CheckedText, Model, find_annotation
from figgen.config.spec.figure import MAX_DPI, MIN_DPI, Canvas, Figure
from figgen.config.spec.outputs import Dark, Preview
from figgen.errors import Problem, SpecError, Where, did_you_mean
from figgen.site.paths import VariantKind

# The size of a card in pixels, as most sites that show links ask for, and the width they show it at, in CSS pixels.
CARD_SIZE = (1200.0, 630.0)
_CARD_SHOWN = 600.0
_CARD_MARGINS = {"figure.constrained_layout.w_pad": "0.1", "figure.constrained_layout.h_pad": "0.1"}


class Variant(NamedTuple):
    """A spec to draw, its style and the settings that override that, with their paths in the config."""

    figure: Figure
    style: str | None
    style_at: Where
    settings: tuple[tuple[Where, Mapping[str, str]], ...]


def variants_of(figure: Figure) -> dict[VariantKind, Variant]:
    """Return the variants of a figure. Raises SpecError for colours to replace that the figure does not use."""
    variants = {VariantKind.LIGHT: light(figure)}
    if "dark" in figure.variants:
        dark = figure.dark or Dark()
        style, place = (dark.style, ("dark", "style")) if dark.style else (f"{figure.style}-dark", ("variants",))
        settings = ((("rc",), figure.rc), (("dark", "rc"), dark.rc))
        variants[VariantKind.DARK] = Variant(_with_dark_colors(figure, dark), style, place, settings)
    if figure.preview is not None:
        variants[VariantKind.CARD] = _card(figure, figure.preview)
    return variants


def light(figure: Figure) -> Variant:
    """Return the variant that is the figure itself."""
    return Variant(figure, figure.style, ("style",), ((("rc",), figure.rc),))


def _card(figure: Figure, preview: Preview) -> Variant:
    """Return the variant on a card. The higher the dpi, the fewer inches it has, and the larger are text and lines."""
    fitting = min(pixels / inches for pixels, inches in zip(CARD_SIZE, figure.canvas.inches, strict=True))
    dpi = min(MAX_DPI, max(MIN_DPI, preview.zoom * fitting))
    canvas = Canvas(size=CARD_SIZE, unit="px", dpi=dpi, layout="constrained", shown=_CARD_SHOWN)
    variant = light(figure)
    settings = ((("preview",), _CARD_MARGINS), *variant.settings)
    return variant._replace(figure=figure.model_copy(update={"canvas": canvas}), settings=settings)


def _with_dark_colors(figure: Figure, dark: Dark) -> Figure:
    """Return a figure with colours and colormaps replaced as in `dark`. Raises SpecError for those that it lacks."""
    replacements = {
        kind: {name.lower(): new for name, new in table.items()}
        for kind, table in (("color", dark.colors), ("colormap", dark.colormaps))
    }
    used: dict[str, set[str]] = {kind: set() for kind in replacements}
    replaced: Figure = _replace_in(figure, replacements, used)
    problems = [
        Problem(
            ("dark", key, name),
            f"the figure does not use the {noun} '{name}'",
            hint=did_you_mean(name, used[kind]),
            on_key=True,
        )
        for key, noun, kind, table in (
            ("colors", "colour", "color", dark.colors),
            ("colormaps", "colormap", "colormap", dark.colormaps),
        )
        for name in table
        if name.lower() not in used[kind]
    ]
    if problems:
        raise SpecError(problems)
    return replaced


def _replace_in(
    value: Any, replacements: Mapping[str, Mapping[str, str]], used: Mapping[str, set[str]], kind: str = ""
) -> Any:
    """Return a value with the colours and colormaps in it replaced, and add those that it has to `used`.

    `kind` is that of the text, "color" or "colormap", if `value` is one or contains some.
    """
    if isinstance(value, Model) and not isinstance(value, Dark):
        changed = {}
        for name, field in type(value).model_fields.items():
            annotation, old = find_annotation(field, CheckedText), getattr(value, name)
            new = _replace_in(old, replacements, used, annotation.kind if annotation else "")
            if new != old:
                changed[name] = new
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, tuple):
        return tuple(_replace_in(item, replacements, used, kind) for item in value)
    if isinstance(value, dict):
        return {key: _replace_in(item, replacements, used, kind) for key, item in value.items()}
    if isinstance(value, str) and kind in replacements:
        used[kind].add(value.lower())
        return replacements[kind].get(value.lower(), value)
    return value
