"""Every use of a private or undocumented name of matplotlib, each with its reason and a fallback.

A fallback costs wording or speed, or stops with an error, but never makes a picture or a description wrong. When a name
goes or changes its meaning, `tests/drawing/test_mpl_compat.py` fails. matplotlib is imported inside the functions,
since `figgen.drawing.isolation` uses this module before it may be imported.
"""

import contextlib
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontEntry
    from matplotlib.image import AxesImage
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D


@contextlib.contextmanager
def skip_set_docstrings() -> Iterator[None]:
    """Keep matplotlib from generating the signature and docstring of `set()` for each class of artists.

    Reason: it takes a quarter of the time of the import, and nobody reads them here. Fallback: they are generated.
    """
    from matplotlib.artist import Artist

    name = "_update_set_signature_and_docstring"
    if (original := vars(Artist).get(name)) is None:
        yield
        return
    setattr(Artist, name, classmethod(lambda _: None))
    try:
        yield
    finally:
        setattr(Artist, name, original)


def freetype_version() -> str:
    """Return the version of the FreeType that matplotlib was built with.

    Reason: pixels depend on it, and it has no public name. Fallback: "unknown".
    """
    from matplotlib import ft2font

    return str(getattr(ft2font, "__freetype_version__", "unknown"))


@contextlib.contextmanager
def only_fonts(fonts: "Sequence[FontEntry]") -> Iterator[None]:
    """Hide all other fonts from matplotlib.

    Reason: there is no public way to remove a font. Raises RuntimeError if this has no effect, so that no font of the
    machine gets into a picture.
    """
    from matplotlib import __version__
    from matplotlib.font_manager import fontManager

    original = fontManager.ttflist
    fontManager.ttflist = list(fonts)
    try:
        if set(fontManager.get_font_names()) != {font.name for font in fonts}:
            raise RuntimeError(f"figgen cannot choose the fonts of matplotlib {__version__}")
        yield
    finally:
        fontManager.ttflist = original


@contextlib.contextmanager
def logged_warnings(logger_name: str) -> Iterator[list[str]]:
    """Yield a list that collects the warnings of one of matplotlib's loggers, instead of passing them on.

    Reason: some warnings are only logged. Fallback: those of any logger of matplotlib's reach the logger "matplotlib".
    """
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger(logger_name)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


def is_no_room(warning: str) -> bool:
    """Check whether a warning is that the layout left no room for a panel. Fallback: matplotlib's own message."""
    return "axes sizes collapsed to zero" in warning


def missing_characters(warnings: Iterable[str]) -> list[str]:
    """Return the characters for which warnings report no glyph.

    Reason: there is no public way to find out. Fallback: the warning still stops the drawing, but is reported without
    the position of the text.
    """
    found: dict[str, None] = {}
    for warning in warnings:
        if match := re.search(r"Glyph \d+ \((.*?)\)|glyph for '?(.*?)'? \[", warning):
            name: str = match[1] or match[2]  # the character itself, \N{NAME} or \uXXXX
            character = name.encode("ascii", "backslashreplace").decode("unicode_escape")
            found[f"'{character}'" if len(character) == 1 and character.isprintable() else name] = None
    return list(found)


def mathtext_error(error: ValueError) -> str:
    """Return what is wrong with mathtext, without pyparsing's positions. Fallback: they are left in."""
    reason = str(error).strip().splitlines()[-1]
    return re.sub(r", found .*|\s+\(at char .*", "", reason.partition(": ")[2] or reason)


_SETTING_ERRORS = (
    (re.compile(r"convert (.+) to float"), "expected a number, found {}"),
    (re.compile(r"convert (.+) to int"), "expected an integer, found {}"),
    (re.compile(r"convert (.+) to bool"), "expected True or False, found {}"),
    (re.compile(r"([^ ]+) does not look like a color"), "{} is not a valid colour"),
)


def setting_error(key: str, value: str, error: Exception) -> tuple[str, tuple[str, ...]]:
    """Return what is wrong with the value of a setting, and what is allowed. Fallback: matplotlib's own message."""
    reason = str(error).partition("\n")[0].removeprefix(f"Key {key}: ").rstrip(".")
    for pattern, message in _SETTING_ERRORS:
        if match := pattern.search(reason):
            return message.format(match[1]), ()
    allowed = tuple(re.findall(r"'(.*?)'", reason.partition("; supported values are ")[2]))
    detail = "" if allowed else f" (matplotlib: {reason})"
    return f"'{value}' is not a valid value of '{key}'{detail}", allowed


def dash_pattern(line: "Line2D") -> Any:
    """Return the lengths of a line's dashes and gaps in units of its width, or None if it is solid.

    Reason: `get_linestyle` returns "--" for all of them. Fallback: draw the line once more and record them.
    """
    if (pattern := getattr(line, "_unscaled_dash_pattern", None)) is not None:
        return pattern[1]
    import matplotlib as mpl
    from matplotlib.backend_bases import RendererBase

    recorded: list[Any] = []
    renderer: Any = RendererBase()
    renderer.draw_path = lambda context, *_: recorded.append(context.get_dashes()[1])
    line.draw(renderer)
    width = (mpl.rcParams["lines.scale_dashes"] and line.get_linewidth()) or 1
    return tuple(length / width for length in recorded[0]) if recorded and recorded[0] is not None else None


def legend_place(legend: "Legend") -> Any:
    """Return the name of a legend's place, or its coordinates.

    Reason: there is `set_loc` but no `get_loc`. Fallback: where the legend was put, in place of "best" too.
    """
    if (place := getattr(legend, "_loc", None)) is not None:
        return {code: name for name, code in legend.codes.items()}.get(place, place)
    box, around = legend.get_window_extent(), legend.get_bbox_to_anchor()
    right, up = box.x0 + box.x1 - around.x0 - around.x1, box.y0 + box.y1 - around.y0 - around.y1  # in half pixels
    across = "center" if abs(right) <= 1 else "right" if right > 0 else "left"
    along = "center" if abs(up) <= 1 else "upper" if up > 0 else "lower"
    return "center" if across == along else f"{along} {across}"


def legend_columns(legend: "Legend") -> int:
    """Return the number of a legend's columns.

    Reason: there is no getter. Fallback: count the columns that have entries.
    """
    columns: int | None = getattr(legend, "_ncols", None)
    return columns or len({round(text.get_window_extent().x0) for text in legend.get_texts()})


def style_parameters(style: Any) -> dict[str, Any]:
    """Return the parameters of an arrow, connection or box style by their names.

    Reason: the classes have no getters. Private attributes are left out, as they follow from the class.
    """
    return {name: value for name, value in sorted(vars(style).items()) if not name.startswith("_")}


def share_color_cycle(one: "Axes", other: "Axes") -> None:
    """Let two axes take their colours from one cycle, each going on where the other has stopped.

    Reason: there is no public way to know or to share the state of a cycle. Fallback: each axes has its own cycle, and
    lines that look the same are reported.
    """
    for name in ("_get_lines", "_get_patches_for_fill"):
        if hasattr(one, name) and hasattr(other, name):
            setattr(other, name, getattr(one, name))


def interpolation(image: "AxesImage") -> str:
    """Return the interpolation of an image, under the name that it has from matplotlib 3.10 on."""
    name = image.get_interpolation()
    return "auto" if name == "antialiased" else name
