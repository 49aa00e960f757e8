"""What the pixels of a picture depend on besides the site: figgen's drawing code, and the libraries that it draws with.

All of it is read from file names and contents, without importing those libraries (but see `_freetype`).
"""

import ast
import functools
import importlib.util
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from figgen.build.digest_cache import DigestCache
from figgen.errors import EXTRAS
from figgen.site.files import digest

LIBRARIES = ("contourpy", "kiwisolver", "matplotlib", "numpy", "pillow")
OPTIONAL = (EXTRAS["optimize"],)  # only artefacts that ask for them depend on these

_PACKAGE = os.path.dirname(os.path.dirname(__file__))

# What pixels can depend on: the code and the styles in these folders, without their wording. A change of anything else
# makes no figure stale.
PIXEL_FOLDERS = ("config", "data", "drawing")
_MARKS = os.path.join("config", "spec", "marks")  # a figure depends only on the files of the marks that it shows
_SHARED_BY_MARKS = {"base", "helpers", "series"}

# Wording is all that is in files with this ending, which explain the errors of other libraries. Elsewhere, it is
# comments, and the strings in a `raise`, in the calls and variables below, in a `description`, and in docstrings.
_WORDING_FILES = "_errors.py"
_ERRORS = {"ExpressionError", "Finding", "Mistake", "Problem", "SourceError", "conflict", "_error", "_report"}
_PARTS_OF_ERRORS = {"allowed", "hint", "message"}  # variables that an error is made of


def code_files() -> dict[str, list[str]]:
    """Return the files of figgen that pixels depend on, by part: each mark, and "" for what all figures share."""
    parts: dict[str, list[str]] = {"": []}
    for folder in PIXEL_FOLDERS:
        for parent, _, names in os.walk(os.path.join(_PACKAGE, folder)):
            for name in sorted(names):
                path = os.path.join(parent, name)
                stem, ending = os.path.splitext(name)
                if ending not in {".py", ".mplstyle"} or name.endswith(_WORDING_FILES):
                    continue
                if parent != os.path.join(_PACKAGE, _MARKS) or stem in _SHARED_BY_MARKS:
                    parts[""].append(path)
                elif stem != "__init__":  # the list of all marks affects no picture
                    parts[stem] = [path]
    return {part: sorted(paths) for part, paths in parts.items()}


def code_digests(cache: DigestCache) -> dict[str, str]:
    """Return the digest of each part of figgen's drawing code (see `code_files`), without its wording.

    So a change in the file of a mark makes only those figures stale that show the mark.
    """
    return {part: _digest_of(paths, cache) for part, paths in code_files().items()}


def combined(parts: Mapping[str, str]) -> str:
    """Return one digest of all parts of figgen's drawing code (see `code_digests`)."""
    return digest("\n".join(f"{part} {found}" for part, found in sorted(parts.items())).encode())


def _digest_of(paths: Iterable[str], cache: DigestCache) -> str:
    lines = [f"{os.path.relpath(path, _PACKAGE)} {_file_digest(path, cache)}" for path in paths]
    return digest("\n".join(lines).replace(os.sep, "/").encode())


def _file_digest(path: str, cache: DigestCache) -> str | None:
    content = cache.digest(path)
    if not path.endswith(".py"):
        return content
    known = f"code without wording and comments of {content}"
    if (found := cache.recall(known)) is None:
        found = digest(without_wording(Path(path).read_bytes()))
        cache.remember(known, path, found)
    return found


def without_wording(source: bytes) -> bytes:
    """Return Python code without what no pixel depends on: comments, and the strings of errors and descriptions.

    It is cut out of the source, as the output of ast.unparse() differs between versions of Python.
    """
    tree = ast.parse(source)
    wording = {part for root in _wording(tree) for part in ast.walk(root)}
    lines = [0]  # where each begins
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    strings = [
        (lines[part.lineno - 1] + part.col_offset, lines[(part.end_lineno or 0) - 1] + (part.end_col_offset or 0), part)
        for part in ast.walk(tree)
        if isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str))
    ]
    kept: list[bytes] = []
    code, end = b"", 0
    for start, stop, part in sorted(strings, key=lambda string: (string[0], -string[1])):
        if start < end:  # a part of the string before
            continue
        code += source[end:start]
        end = stop
        if part not in wording:
            kept += [_without_comments(code), source[start:stop]]
            code = b""
    return b"".join([*kept, _without_comments(code + source[end:])])


def _without_comments(code: bytes) -> bytes:
    """Return code that contains no strings without its comments and blank lines."""
    return re.sub(rb"\n\s*\n", b"\n", re.sub(rb"[ \t]*#.*", b"", code))


def _wording(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of a syntax tree whose strings are wording."""
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.expr() as wording):
                yield wording
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _ERRORS:
                yield node
            case ast.keyword(arg="description", value=wording):
                yield wording
            case ast.Assign(targets=[ast.Name(id=name)], value=wording) if name in _PARTS_OF_ERRORS:
                yield wording
            case ast.Expr(value=ast.Constant() as wording):
                yield wording


def versions(cache: DigestCache) -> Mapping[str, str]:
    """Return the versions of the libraries that pixels depend on, FreeType among them."""
    return dict(sorted([("freetype", _freetype(cache)), *((name, _version(name)) for name in LIBRARIES)]))


def extras(names: Collection[str]) -> Mapping[str, str]:
    """Return the versions of the optional libraries among some names."""
    return {name: _version(name) for name in OPTIONAL if name in names}


def _freetype(cache: DigestCache) -> str:
    """Return the version of FreeType. No file name contains it: matplotlib is imported once, and the result cached."""
    extension = next(iter(sorted(Path(_folder("matplotlib"), "matplotlib").glob("ft2font*"))), None)
    if extension is None:
        return "unknown"
    known = f"freetype of {cache.digest(str(extension))}"
    if (version := cache.recall(known)) is None:
        from figgen.drawing.mpl_compat import freetype_version

        version = freetype_version()
        cache.remember(known, str(extension), version)
    return version


@functools.cache
def _version(name: str) -> str:
    """Return the version of a library from the name of its .dist-info folder, ten times faster than by `metadata`."""
    start, end = f"{name}-", ".dist-info"
    for entry in _names(_folder({"pillow": "PIL", "pyoxipng": "oxipng"}.get(name, name))):
        if entry.lower().startswith(start) and entry.endswith(end):
            return entry[len(start) : -len(end)]
    return "unknown"


@functools.cache
def _names(folder: str) -> list[str]:
    return os.listdir(folder) if folder else []


def _folder(package: str) -> str:
    """Return the folder that a package is installed in, or ""."""
    spec = importlib.util.find_spec(package)
    return "" if spec is None or spec.origin is None else os.path.dirname(os.path.dirname(spec.origin))
