"""Checks of what matplotlib is to draw, one by one, so that what is wrong is told by its place: texts and colours."""

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.colors import CSS4_COLORS, TABLEAU_COLORS, is_color_like
from matplotlib.figure import Figure
from matplotlib.text import Text

from figgen.config import spec
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
            with _mathtext_warnings() as logged:
                Text(text=text, figure=drawn).get_window_extent()
        except ValueError as error:
            reason = str(error).strip().splitlines()[-1]
            said = re.sub(r", found .*|\s+\(at char .*", "", reason.partition(": ")[2] or reason)
            return Mistake(f"not mathtext: {said}", hint=r"in 'single quotes', \$ is a dollar sign")
        except RecursionError:
            return Mistake("mathtext nested too deeply")
    missing = [found[1] for warning in caught if (found := re.search(r"Glyph \d+ \((.*?)\)", str(warning.message)))]
    missing += [found[1] for message in logged if (found := re.search(r"glyph for '?(.*?)'? \[", message))]
    if missing:
        shown = ", ".join(dict.fromkeys(map(_character, missing)))
        return Mistake(f"no font of the style has {shown}", hint="choose other characters, or a font with these")
    return None


def _math(text: str) -> bool:
    """Tell whether matplotlib takes a text for one with formulas, or for one without any dollar sign."""
    return text.count("$") % 2 == text.count(r"\$") % 2


def _character(written: str) -> str:
    r"""Give a character as itself, from the ways in which matplotlib writes it: `\N{…}` or `\u…`."""
    character = written.encode("ascii", "backslashreplace").decode("unicode_escape")
    return f"'{character}'" if len(character) == 1 and character.isprintable() else written


@contextmanager
def _mathtext_warnings() -> Iterator[list[str]]:
    """Collect what mathtext would log: it draws a box for a character that it has no glyph for."""
    messages: list[str] = []
    logger = logging.getLogger("matplotlib.mathtext")

    def collect(record: logging.LogRecord) -> bool:
        messages.append(record.getMessage())
        return False

    logger.addFilter(collect)
    try:
        yield messages
    finally:
        logger.removeFilter(collect)


def _check_color(text: str, _: Figure) -> Mistake | None:
    if is_color_like(text):
        return None
    names = [*CSS4_COLORS, *TABLEAU_COLORS]
    hint = f"write '#{text}', in quotes" if is_color_like(f"#{text}") else did_you_mean(text, names)
    return Mistake(f"'{text}' is no colour", ("#rrggbb", "C0 to C9", "a name of matplotlib's"), hint)


def _check_colormap(text: str, _: Figure) -> Mistake | None:
    if text in mpl.colormaps:
        return None
    hint = did_you_mean(text, mpl.colormaps)
    return Mistake(f"'{text}' is no colormap", ("a name of matplotlib's, such as viridis",), hint)


_CHECKS: Mapping[str, Callable[[str, Figure], Mistake | None]] = {
    "text": check_text,
    "color": _check_color,
    "colormap": _check_colormap,
}
