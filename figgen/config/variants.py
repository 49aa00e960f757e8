"""Spec -> its variants: the figure as it is, for dark pages, and on a card for links.

A variant is a spec that is drawn once. It differs from the figure in colours, styles or size, never in data or texts.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from figgen.config.spec import Canvas, CheckedText, Dark, Figure, Model, Preview, find_annotation
from figgen.config.spec.figure import MAX_DPI, MIN_DPI
from figgen.errors import Problem, SpecError, Where, did_you_mean
from figgen.site.paths import VariantKind

# The size of a card in pixels, as most sites that show links ask for, and the width they show it at, in CSS pixels.
CARD_SIZE = (1200.0, 630.0)
_CARD_SHOWN = 600.0
_CARD_MARGINS = {"figure.constrained_layout.w_pad": "0.1", "figure.constrained_layout.h_pad": "0.1"}

M = TypeVar("M", bound=Model)


class Variant(NamedTuple):
    """A spec to draw, its style, and the settings over the style, each with its place in the config."""

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
    """Draw the figure on a card. The higher the dpi, the fewer inches it has, and the larger text and lines become."""
    fitting = min(pixels / inches for pixels, inches in zip(CARD_SIZE, figure.canvas.inches, strict=True))
    dpi = min(MAX_DPI, max(MIN_DPI, preview.zoom * fitting))
    canvas = Canvas(size=CARD_SIZE, unit="px", dpi=dpi, layout="constrained", shown=_CARD_SHOWN)
    variant = light(figure)
    settings = ((("preview",), _CARD_MARGINS), *variant.settings)
    return variant._replace(figure=figure.model_copy(update={"canvas": canvas}), settings=settings)


def _with_dark_colors(figure: Figure, dark: Dark) -> Figure:
    """Replace the colours and colormaps of a figure by those of `dark`."""
    replacements = {
        kind: {name.lower(): new for name, new in table.items()}
        for kind, table in (("color", dark.colors), ("colormap", dark.colormaps))
    }
    used: dict[str, set[str]] = {kind: set() for kind in replacements}
    replaced = _replace_in(figure, replacements, used)
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


def _replace_in(model: M, replacements: Mapping[str, Mapping[str, str]], used: Mapping[str, set[str]]) -> M:
    """Replace colours and colormaps in a model and all models in it; add those that it uses to `used`."""
    changed = {}
    for name, field in type(model).model_fields.items():
        value, annotation = getattr(model, name), find_annotation(field, CheckedText)
        if value is None or isinstance(value, Dark):
            continue
        if annotation is not None and annotation.kind in replacements:
            texts = [value] if isinstance(value, str) else value
            used[annotation.kind].update(text.lower() for text in texts)
            replaced = tuple(replacements[annotation.kind].get(text.lower(), text) for text in texts)
            new = replaced[0] if isinstance(value, str) else replaced
        else:
            new = _replace_in_value(value, replacements, used)
        if new != value:
            changed[name] = new
    return model.model_copy(update=changed) if changed else model


def _replace_in_value(value: Any, replacements: Mapping[str, Mapping[str, str]], used: Mapping[str, set[str]]) -> Any:
    if isinstance(value, Model):
        return _replace_in(value, replacements, used)
    if isinstance(value, tuple):
        return tuple(_replace_in_value(item, replacements, used) for item in value)
    if isinstance(value, dict):
        return {key: _replace_in_value(item, replacements, used) for key, item in value.items()}
    return value
