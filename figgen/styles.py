"""Style sheets -> rcParams. A style is a file in matplotlib's own format: `configs/styles/<name>.mplstyle`."""

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl

from figgen.errors import ConfigError, Finding, Problem, SpecError, listed, nearest

# What a style may set: how things look. Left out are what the canvas says (size, resolution, crop), what reaches beyond
# the picture (backends, paths, TeX) and what depends on the machine (the locale).
_STYLABLE = re.compile(
    r"""(axes|boxplot|contour|date\.autoformatter|errorbar|font|grid|hatch|hist|image|legend|lines|mathtext|patch|scatter
    |xaxis|xtick|yaxis|ytick)\..+
    |text\.(color|antialiased|hinting|hinting_factor|kerning_factor|parse_math)
    |figure\.(facecolor|edgecolor|frameon|titlesize|titleweight|labelsize|labelweight|subplot\..+|constrained_layout\.[hw].+)
    |polaraxes\.grid""",
    re.VERBOSE,
)
_NOT_STYLABLE = {"axes.formatter.use_locale"}

_LINE = re.compile(r'\s*(?P<key>[^:#]*?)\s*:\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^#]*?))\s*(?:#.*)?\Z')

# Which backend draws is not a matter of style, and resolving the default one would look for a display.
_LEFT_ALONE = {"backend", "backend_fallback"}


def find_style(name: str, folder: Path) -> Path:
    """Find a style by name. Raises SpecError, listing the known ones, if there is none."""
    known = {path.stem: path for path in sorted(folder.glob("*.mplstyle"))}
    if name not in known:
        raise SpecError([Problem(("style",), f"unknown style '{name}'", listed(known), nearest(name, known))])
    return known[name]


def read_style(text: str, path: str) -> Mapping[str, Any]:
    """Read a style sheet.

    `path` is what messages call the file. Raises ConfigError with every line that sets what matplotlib does not know,
    what is not a style's to set, or a value that matplotlib does not take.
    """
    params = mpl.RcParams()
    findings = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.partition("#")[0].strip():
            continue
        if problem := _set_param(params, line):
            findings.append(Finding(path, number, len(line) - len(line.lstrip()) + 1, *problem))
    if findings:
        raise ConfigError(findings)
    return dict(params)


def _set_param(params: mpl.RcParams, line: str) -> tuple[str, str, str, str] | None:
    """Set one parameter, or give where, message, allowed and hint."""
    match = _LINE.match(line)
    if match is None or not match["key"]:
        return "", "not a setting", "allowed: 'name: value', one a line", ""
    key = match["key"]
    if key not in mpl.rcParamsDefault or key in _NOT_STYLABLE or not _STYLABLE.fullmatch(key):
        stylable = [name for name in mpl.rcParamsDefault if _STYLABLE.fullmatch(name) and name not in _NOT_STYLABLE]
        return key, f"'{key}' is not a style's to set", "", nearest(key, stylable)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mpl.MatplotlibDeprecationWarning)
            params[key] = match["plain"] if match["quoted"] is None else match["quoted"]
    except ValueError as error:
        return key, str(error).partition("\n")[0], "", "quote a colour that starts with #, or leave the # out"
    return None


@contextmanager
def style_context(style: Mapping[str, Any]) -> Iterator[None]:
    """Draw within matplotlib's defaults and a style, whatever a `matplotlibrc` or the caller has set; then restore."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore", mpl.MatplotlibDeprecationWarning)
        mpl.rcParams.update({name: value for name, value in mpl.rcParamsDefault.items() if name not in _LEFT_ALONE})
        mpl.rcParams.update(style)
        yield
