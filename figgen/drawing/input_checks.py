"""Checks of what matplotlib is to draw, one by one, so that what is wrong is told by its place: texts and colours."""

import warnings
from collections.abc import Callable, Iterator, Mapping

import matplotlib as mpl
from matplotlib.colors import CSS4_COLORS, TABLEAU_COLORS, is_color_like
from matplotlib.figure import Figure
from matplotlib.text import Text

from figgen.config import spec
from figgen.drawing.mpl_compat import logged_warnings, mathtext_error, missing_characters
from figgen.errors import Mistake, Problem, Where, did_you_mean


def check_drawn(figure: spec.Figure, drawn: Figure) -> Iterator[Problem]:
    """Yield what is wrong with each text, colour and colormap of a figure, within the rcParams it is drawn in."""
    for where, model in spec.models(figure):
        for name, info in type(model).model_fields.items():
            kind, value = spec.find_annotation(info, spec.CheckedText), getattr(model, name)
            if kind is None or value is None:
                continue
            places = [((*where, name), value)] if isinstance(value, str) else _each((*where, name), value)
            for place, text in places:
                if verdict := _CHECKS[kind.kind](text, drawn):
                    yield Problem(place, *verdict)


def _each(where: Where, values: tuple[str, ...] | Mapping[str, str]) -> list[tuple[Where, str]]:
    items = values.items() if isinstance(values, Mapping) else enumerate(values)
    return [((*where, key), value) for key, value in items]


def check_text(text: str, drawn: Figure) -> Mistake | None:
    """Lay a text out on its own."""
    if "\t" in text or (_math(text) and not all(map(_math, text.split("\n")))):
        what = "a tab" if "\t" in text else "a line break between two $"
        return Mistake(what, hint=r"in 'single quotes' the \ of \theta or \nu is a backslash")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            with logged_warnings("matplotlib.mathtext") as logged:
                Text(text=text, figure=drawn).get_window_extent()
        except ValueError as error:
            return Mistake(f"not mathtext: {mathtext_error(error)}", hint=r"in 'single quotes', \$ is a dollar sign")
        except RecursionError:
            return Mistake("mathtext nested too deeply")
    if missing := missing_characters([*(str(warning.message) for warning in caught), *logged]):
        return Mistake(
            f"no font of the style has {', '.join(missing)}", hint="use other characters, or a font that has these"
        )
    return None


def _math(text: str) -> bool:
    """Tell whether matplotlib takes a text for one with formulas, or for one without any dollar sign."""
    return text.count("$") % 2 == text.count(r"\$") % 2


def _check_color(text: str, _: Figure) -> Mistake | None:
    if is_color_like(text):
        return None
    names = [*CSS4_COLORS, *TABLEAU_COLORS]
    hint = f"write '#{text}', in quotes" if is_color_like(f"#{text}") else did_you_mean(text, names)
    return Mistake(f"'{text}' is not a valid colour", ("#rrggbb", "C0 to C9", "a name of matplotlib's"), hint)


def _check_colormap(text: str, _: Figure) -> Mistake | None:
    if text in mpl.colormaps:
        return None
    hint = did_you_mean(text, mpl.colormaps)
    return Mistake(f"'{text}' is not a valid colormap", ("a name of matplotlib's, such as viridis",), hint)


_CHECKS: Mapping[str, Callable[[str, Figure], Mistake | None]] = {
    "text": check_text,
    "color": _check_color,
    "colormap": _check_colormap,
}
