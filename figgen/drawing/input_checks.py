"""Check each text, colour and colormap of a figure by itself, so that a mistake is reported with its place."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence

import matplotlib as mpl
from matplotlib.colors import CSS4_COLORS, TABLEAU_COLORS, is_color_like
from matplotlib.figure import Figure
from matplotlib.text import Text

from figgen.config import spec
from figgen.config.spec.arrays import Arrays
from figgen.drawing.mpl_compat import logged_warnings, mathtext_error, missing_characters
from figgen.errors import Mistake, Problem, Where, did_you_mean


def check_drawn(figure: spec.Figure, drawn: Figure) -> Iterator[Problem]:
    """Yield what is wrong with each text, colour and colormap of a figure.

    Call it within the rcParams that the figure is drawn in; `drawn` may be empty.
    """
    for where, model in spec.models(figure):
        for name, info in type(model).model_fields.items():
            checked, value = spec.find_annotation(info, spec.CheckedText), getattr(model, name)
            if checked is None or value is None:
                continue
            if isinstance(value, str):
                texts = [((*where, name), value)]
            else:
                items = value.items() if isinstance(value, Mapping) else enumerate(value)
                texts = [((*where, name, key), text) for key, text in items]
            for place, text in texts:
                if mistake := _CHECKS[checked.kind](text, drawn):
                    yield Problem(place, *mistake)


def check_data_texts(layers: Sequence[Arrays], where: Where, drawn: Figure) -> Iterator[Problem]:
    """Yield what is wrong with the strings in the arrays of a panel's layers, each where it is used first."""
    checked: set[str] = set()
    for index, arrays in enumerate(layers):
        for channel, value in arrays.items():
            parts = [part for part in (value if isinstance(value, tuple) else (value,)) if part.dtype.kind == "U"]
            for text in dict.fromkeys(text for part in parts for text in part.ravel().tolist()):
                if text not in checked and (mistake := _check_text(text, drawn)):
                    yield Problem((*where, "layers", index, channel), *mistake)
                checked.add(text)


def _check_text(text: str, drawn: Figure) -> Mistake | None:
    """Return what is wrong with a text, or None, by laying it out on its own."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            with logged_warnings("matplotlib.mathtext") as logged:
                Text(text=text, figure=drawn).get_window_extent()
        except ValueError as error:
            return Mistake(
                f"invalid mathtext: {mathtext_error(error)}", hint=r"write \$ for a dollar sign, in 'single quotes'"
            )
        except RecursionError:
            return Mistake("mathtext nested too deeply")
    if missing := missing_characters([*(str(warning.message) for warning in caught), *logged]):
        hint = "use other characters, or a font that has them"
        return Mistake(f"the fonts of the style have no glyph for {', '.join(missing)}", hint=hint)
    return None


def _check_color(text: str, _: Figure) -> Mistake | None:
    if is_color_like(text):
        return None
    hint = did_you_mean(text, [*CSS4_COLORS, *TABLEAU_COLORS])
    if is_color_like(f"#{text}"):
        hint = f"write '#{text}', in quotes"
    return Mistake(f"'{text}' is not a valid colour", ("#rrggbb", "C0 to C9", "a colour name of matplotlib"), hint)


def _check_colormap(text: str, _: Figure) -> Mistake | None:
    if text in mpl.colormaps:
        return None
    allowed = "a colormap name of matplotlib, such as viridis"
    return Mistake(f"'{text}' is not a valid colormap", (allowed,), did_you_mean(text, mpl.colormaps))


_CHECKS: Mapping[str, Callable[[str, Figure], Mistake | None]] = {
    "text": _check_text,
    "color": _check_color,
    "colormap": _check_colormap,
}
