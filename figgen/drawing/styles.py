"""Style sheets and settings -> rcParams. A style is a file in matplotlib's own format, of the site or of the package.

Settings are checked one by one: whether a style may set them, and whether matplotlib accepts the value.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.font_manager import FontEntry

from figgen.config.characters import disguised_at, find_disguise
from figgen.config.load import decode
from figgen.config.variants import Variant
from figgen.drawing.fonts import GENERIC, font_context
from figgen.drawing.mpl_compat import setting_error
from figgen.errors import ConfigError, Finding, Mistake, Problem, SpecError, Where, did_you_mean
from figgen.site.files import Files, names_in
from figgen.site.paths import STYLES

# What a style may set: the appearance. Left out are what the canvas sets (size, resolution, crop), what reaches beyond
# the picture (backends, paths, TeX) and what depends on the machine (the locale).
_STYLABLE = re.compile(
    r"""(axes|boxplot|contour|date\.autoformatter|errorbar|font|grid|hatch|hist|image|legend|lines|mathtext|patch|scatter
    |xaxis|xtick|yaxis|ytick)\..+
    |text\.(color|antialiased|hinting|hinting_factor|kerning_factor)
    |figure\.(facecolor|edgecolor|frameon|titlesize|titleweight|labelsize|labelweight|subplot\..+|constrained_layout\.[hw].+)
    |polaraxes\.grid|svg\.fonttype""",
    re.VERBOSE,
)
_NOT_STYLABLE = {"axes.formatter.use_locale", "boxplot.vertical"}
_CANVAS = {
    "figure.figsize": "size: [6, 4]",
    "figure.dpi": "dpi: 200",
    "savefig.dpi": "dpi: 200",
    "savefig.bbox": "crop: tight",
    "savefig.pad_inches": "pad: 0.1",
}
_MAX_CYCLE = 1_000  # entries of the cycle of colours, dashes and the like
_LINE = re.compile(r'\s*(?P<key>[^:#]*?)\s*:\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^#]*?))\s*(?:#.*)?\Z')
_KEPT = {"backend", "backend_fallback"}  # not reset: to resolve the default backend, matplotlib looks for a display

PACKAGE_STYLES = Path(__file__).parent / "stylesheets"


def variant_settings(
    variant: Variant, files: Files, families: AbstractSet[str], problems: list[Problem], findings: list[Finding]
) -> dict[str, Any]:
    """Return the rcParams of a variant: those of its style, overridden by those of the config.

    `families` are the available font families. Mistakes in the config are appended to `problems`, and those in the file
    of the style to `findings`, so that all are reported in one run.
    """
    settings: dict[str, Any] = {}
    try:
        settings |= _read_variant_style(variant, files, families)
    except SpecError as error:
        problems += error.problems
    except ConfigError as error:
        findings += error.findings
    for where, given in variant.settings:
        try:
            settings |= read_settings(given, families, where)
        except SpecError as error:
            problems += error.problems
    return settings


def _read_variant_style(variant: Variant, files: Files, families: AbstractSet[str]) -> Mapping[str, Any]:
    if variant.style is None:
        return {}
    name = f"{variant.style}.mplstyle"
    path, packaged = f"{STYLES}/{name}", PACKAGE_STYLES / name
    content = files.read(path)
    if content is None and packaged.is_file():
        content, path = packaged.read_bytes(), name
    if content is None:
        raise unknown_style(variant.style, names_in(files, STYLES), variant.style_at)
    return read_style(decode(content, path), path, families)


def unknown_style(name: str, files: Iterable[str], where: Where = ("style",)) -> SpecError:
    """Return the error for an unknown style at `where`; `files` are the names in the site's folder of styles."""
    own = (path.name for path in PACKAGE_STYLES.iterdir())
    known = [file.removesuffix(".mplstyle") for file in (*own, *files) if file.endswith(".mplstyle")]
    hint = did_you_mean(name, known)
    if where == ("variants",):  # the name is not in the config: it was derived from that of the light style
        hint = f"add configs/styles/{name}.mplstyle, or name another style with 'dark: {{style: …}}'"
    return SpecError([Problem(where, f"unknown style '{name}'", tuple(sorted(known)), hint)])


def read_style(text: str, path: str, families: AbstractSet[str]) -> Mapping[str, Any]:
    """Return the rcParams of a style sheet. `path` is its name in messages, `families` are the available font families.

    Raises ConfigError with every line that is malformed, sets what a style may not set, or has an invalid value.
    """
    params = mpl.RcParams()
    findings = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.partition("#")[0].strip():
            continue
        if (place := disguised_at(line.partition("#")[0])) is not None:
            findings.append(Finding(path, number, place + 1, "", *find_disguise(line[place])))
            continue
        column = len(line) - len(line.lstrip()) + 1
        match = _LINE.match(line)
        if match is None or not match["key"]:
            findings.append(Finding(path, number, column, "", "not a setting", ("one 'name: value' per line",)))
            continue
        value = match["plain"] if match["quoted"] is None else match["quoted"]
        if wrong := _check_key(match["key"]) or _set(params, match["key"], value, families):
            findings.append(Finding(path, number, column, match["key"], *wrong))
    if findings:
        raise ConfigError(findings)
    return dict(params)


def read_settings(settings: Mapping[str, str], families: AbstractSet[str], where: Where = ("rc",)) -> Mapping[str, Any]:
    """Return the rcParams that a spec sets at the key `where`. Raises SpecError with those that are invalid."""
    params = mpl.RcParams()
    problems = []
    for key, value in settings.items():
        if wrong := _check_key(key):
            problems.append(Problem((*where, key), *wrong, on_key=True))
        elif wrong := _set(params, key, value, families):
            problems.append(Problem((*where, key), *wrong))
    if problems:
        raise SpecError(problems)
    return dict(params)


def _is_stylable(key: str) -> bool:
    return _STYLABLE.fullmatch(key) is not None and key not in _NOT_STYLABLE


def _check_key(key: str) -> Mistake | None:
    if key not in mpl.rcParamsDefault:
        hint = did_you_mean(key, filter(_is_stylable, mpl.rcParamsDefault))
        return Mistake(f"unknown matplotlib setting '{key}'", hint=hint)
    if _is_stylable(key):
        return None
    hint = "only appearance can be set: lines, fonts, colours, ticks, grids and the like"
    if key in _CANVAS:
        hint = f"set it in the config: canvas: {{{_CANVAS[key]}}}"
    return Mistake(f"cannot set '{key}' in a style or in 'rc'", hint=hint)


def _set(params: mpl.RcParams, key: str, value: str, families: AbstractSet[str]) -> Mistake | None:
    """Set a parameter, and return what is wrong with the value, or None."""
    if key == "axes.prop_cycle" and not _is_plain_cycle(value):
        allowed = f"cycler('color', ['red', '#1f77b4']), sums and products of cyclers, up to {_MAX_CYCLE:,} entries"
        return Mistake(f"'{value}' is not a valid cycle", (allowed,))
    try:
        with warnings.catch_warnings(action="ignore"):
            params[key] = value
    except (ValueError, RuntimeError) as error:
        is_hex = "color" in key and value.startswith("#")
        hint = "put a colour that starts with # in quotes, or leave out the #" if is_hex else ""
        return Mistake(*setting_error(key, value, error), hint)
    if key.removeprefix("font.") in {"family", *GENERIC}:
        for family in params[key]:
            if family not in families and family not in GENERIC:
                hint = did_you_mean(family, families)
                return Mistake(f"unknown font family '{family}'", tuple(sorted(families)), hint)
    return None


def _is_plain_cycle(value: str) -> bool:
    """Check whether a text is a cycle and nothing else, since matplotlib evaluates it as Python code."""
    try:
        return 0 < _cycle_length(ast.parse(value.strip(), mode="eval").body) <= _MAX_CYCLE
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False


def _cycle_length(node: ast.expr) -> int:
    """Return the length of a cycle. Raises ValueError for any other expression."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return max(_cycle_length(left), _cycle_length(right))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _cycle_length(left) * _cycle_length(right)
        case ast.Call(func=ast.Name(id="cycler"), args=args, keywords=keywords):
            lists = [ast.literal_eval(part) for part in (*args[1:], *(keyword.value for keyword in keywords))]
            names = [ast.literal_eval(part) for part in args[:1]]
            if all(isinstance(one, list | tuple) for one in lists) and all(isinstance(name, str) for name in names):
                return max(map(len, lists), default=0)
    raise ValueError(ast.dump(node))


@contextmanager
def style_context(settings: Mapping[str, Any], fonts: Sequence[FontEntry]) -> Iterator[None]:
    """Enter a context with matplotlib's defaults, these settings over them, and these fonts only.

    What the machine or the caller has set has no effect in it.
    """
    defaults = {name: value for name, value in mpl.rcParamsDefault.items() if name not in _KEPT}
    with mpl.rc_context():
        with warnings.catch_warnings(action="ignore"):
            mpl.rcParams.update({**defaults, "svg.hashsalt": "figgen", **settings})
        with font_context(fonts):
            yield
