"""Check each text, colour and colormap of a figure by itself, so that a mistake is reported with its place."""

import warnings
from collections.abc import Callable, Iterator, Mapping

import matplotlib as mpl
from matplotlib.colors import CSS4_COLORS, TABLEAU_COLORS, is_color_like
from matplotlib.figure import Figure
from matplotlib.text import Text

from figgen.config import spec
from figgen.drawing.mpl_compat import logged_warnings, mathtext_error, missing_characters
from figgen.errors import Mistake, Problem, did_you_mean


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


def check_text(text: str, drawn: Figure) -> Mistake | None:
    """Return what is wrong with a text, or None, by laying it out on its own."""
    if "\t" in text or (_is_balanced(text) and not all(map(_is_balanced, text.split("\n")))):
        what = "a tab" if "\t" in text else "a line break between two $"
        return Mistake(
            f"the text contains {what}", hint=r"use 'single quotes', in which \theta and \nu keep their backslash"
        )
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


def _is_balanced(text: str) -> bool:
    """Check whether each dollar sign is one of a pair around mathtext, or escaped."""
    return text.count("$") % 2 == text.count(r"\$") % 2


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
    "text": check_text,
    "color": _check_color,
    "colormap": _check_colormap,
}
