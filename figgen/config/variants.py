"""Spec -> the editions that it is drawn in: as it is, for a dark page, and on a card for links.

An edition is a spec that is drawn once. What it has otherwise than the figure is its look or size, never what it says.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from figgen.config.spec import Canvas, CheckedText, Dark, Figure, Model, Preview, find_annotation
from figgen.config.spec.figure import MAX_DPI, MIN_DPI
from figgen.errors import Problem, SpecError, Where, did_you_mean

LIGHT, DARK, CARD = "", "-dark", "-card"  # what the name of an edition's artefact has after the figure's
NAMES: Mapping[str, str] = {LIGHT: "", DARK: "in the dark variant, ", CARD: "on the preview card, "}
KEYS: Mapping[str, str] = {LIGHT: "style", DARK: "variants", CARD: "preview"}  # what asks for each

# A card, in pixels, as most sites that show links ask for; they show it about half as wide.
CARD_SIZE = (1200.0, 630.0)
_CARD_SHOWN = 600.0
_MARGINS = {"figure.constrained_layout.w_pad": "0.1", "figure.constrained_layout.h_pad": "0.1"}

# The colours of Chirpy's pages, which show where a figure is transparent.
PAGES: Mapping[str, str] = {LIGHT: "#ffffff", DARK: "#1b1b1e"}

M = TypeVar("M", bound=Model)


class Edition(NamedTuple):
    """A spec as it is drawn, its style, and the settings over it, each with its place in the config."""

    figure: Figure
    style: str | None
    style_at: Where
    settings: tuple[tuple[Where, Mapping[str, str]], ...]


def variants_of(figure: Figure) -> dict[str, Edition]:
    """Give the editions of a figure, by the ending of their names. Raises SpecError for colours it does not give."""
    made = {LIGHT: light(figure)}
    if "dark" in figure.variants:
        dark = figure.dark or Dark()
        style, place = (dark.style, ("dark", "style")) if dark.style else (f"{figure.style}-dark", ("variants",))
        made[DARK] = Edition(_darkened(figure, dark), style, place, ((("rc",), figure.rc), (("dark", "rc"), dark.rc)))
    if figure.preview is not None:
        made[CARD] = _card(figure, figure.preview)
    return made


def _card(figure: Figure, preview: Preview) -> Edition:
    """Draw the figure on a card: fewer inches, as if cut from the sheet that fits around it, make all in it larger."""
    fitting = min(pixels / inches for pixels, inches in zip(CARD_SIZE, figure.canvas.inches, strict=True))
    dpi = min(MAX_DPI, max(MIN_DPI, preview.zoom * fitting))
    canvas = Canvas(size=CARD_SIZE, unit="px", dpi=dpi, layout="constrained", shown=_CARD_SHOWN)
    own = light(figure)
    margins = (("preview",), _MARGINS)
    return own._replace(figure=figure.model_copy(update={"canvas": canvas}), settings=(margins, *own.settings))


def light(figure: Figure) -> Edition:
    """Give the edition that is the figure itself."""
    return Edition(figure, figure.style, ("style",), ((("rc",), figure.rc),))


def _darkened(figure: Figure, dark: Dark) -> Figure:
    """Replace the colours and colormaps of a figure."""
    tables = {"color": _lowered(dark.colors), "colormap": _lowered(dark.colormaps)}
    given: dict[str, set[str]] = {kind: set() for kind in tables}
    replaced = _replaced(figure, tables, given)
    problems = [
        Problem(
            ("dark", key, written),
            f"no {kind} '{written}' is given",
            hint=did_you_mean(written, given[kind]),
            on_key=True,
        )
        for key, kind, table in (("colors", "color", dark.colors), ("colormaps", "colormap", dark.colormaps))
        for written in table
        if written.lower() not in given[kind]
    ]
    if problems:
        raise SpecError(problems)
    return replaced


def _lowered(table: Mapping[str, str]) -> dict[str, str]:
    return {key.lower(): value for key, value in table.items()}


def _replaced(model: M, tables: Mapping[str, Mapping[str, str]], given: Mapping[str, set[str]]) -> M:
    """Replace values of some kinds by tables, in a model and all models in it; note which of them are given."""
    changed = {}
    for name, field in type(model).model_fields.items():
        value, kind = getattr(model, name), find_annotation(field, CheckedText)
        if isinstance(value, Dark):
            continue
        if kind is not None and kind.kind in tables and value is not None:
            texts = [value] if isinstance(value, str) else value
            given[kind.kind].update(text.lower() for text in texts)
            several = tuple(tables[kind.kind].get(text.lower(), text) for text in texts)
            new = several[0] if isinstance(value, str) else several
        else:
            new = _within(value, tables, given)
        if new != value:
            changed[name] = new
    return model.model_copy(update=changed) if changed else model


def _within(value: Any, tables: Mapping[str, Mapping[str, str]], given: Mapping[str, set[str]]) -> Any:
    if isinstance(value, Model):
        return _replaced(value, tables, given)
    if isinstance(value, tuple):
        return tuple(_within(one, tables, given) for one in value)
    if isinstance(value, dict):
        return {key: _within(one, tables, given) for key, one in value.items()}
    return value
