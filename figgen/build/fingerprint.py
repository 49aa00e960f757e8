"""What a picture's pixels depend on besides the site: figgen's own drawing code, and the libraries it draws with.

Description from file names and contents, without importing any of those libraries.
"""

import functools
import importlib.util
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from figgen.build.digest_cache import DigestCache
from figgen.errors import EXTRAS
from figgen.site.files import digest

LIBRARIES = ("contourpy", "kiwisolver", "matplotlib", "numpy", "pillow")
OPTIONAL = (EXTRAS["optimize"],)  # only artefacts that ask for them depend on these

_PACKAGE = os.path.dirname(os.path.dirname(__file__))

# What pixels can depend on: each file in these folders. Whatever else changes makes no figure stale.
PIXEL_FOLDERS = ("config", "data", "drawing")


def code_files() -> list[str]:
    """List the files of figgen that pixels depend on, by absolute path, sorted."""
    return sorted(
        os.path.join(parent, name)
        for folder in PIXEL_FOLDERS
        for parent, _, names in os.walk(os.path.join(_PACKAGE, folder))
        for name in names
        if name.endswith((".py", ".mplstyle"))
    )


def code_digest(digest_of: Callable[[str], str | None]) -> str:
    """Give the digest of figgen's drawing code; `digest_of` gives that of one file by its absolute path."""
    lines = [f"{os.path.relpath(path, _PACKAGE)} {digest_of(path)}" for path in code_files()]
    return digest("\n".join(lines).replace(os.sep, "/").encode())


def versions(cache: DigestCache) -> Mapping[str, str]:
    """Give the versions of the libraries that pixels depend on, FreeType among them."""
    return dict(sorted([("freetype", _freetype(cache)), *((name, _version(name)) for name in LIBRARIES)]))


def extras(names: Collection[str]) -> Mapping[str, str]:
    """Give the versions of those tools among some names that only artefacts which ask for them depend on."""
    return {name: _version(name) for name in OPTIONAL if name in names}


def _freetype(cache: DigestCache) -> str:
    """Tell the version of FreeType, which no file name tells; it is asked for once for each build of matplotlib."""
    extension = next(iter(sorted(Path(_folder("matplotlib"), "matplotlib").glob("ft2font*"))), None)
    if extension is None:
        return "unknown"
    known = f"freetype of {cache.digest(str(extension))}"
    version = cache.recall(known)
    if version is None:
        from matplotlib import ft2font

        import figgen.drawing  # noqa: F401 - which imports matplotlib in isolation

        version = str(ft2font.__freetype_version__)
    cache.remember(known, version)
    return version


def _version(name: str) -> str:
    """Read a version from the name of the folder with a distribution's metadata, which costs a tenth of reading it."""
    start, end = f"{name}-", ".dist-info"
    for entry in _names(_folder({"pillow": "PIL", "pyoxipng": "oxipng"}.get(name, name))):
        if entry.lower().startswith(start) and entry.endswith(end):
            return entry[len(start) : -len(end)]
    return "unknown"


@functools.cache
def _names(folder: str) -> list[str]:
    return os.listdir(folder) if folder else []


def _folder(package: str) -> str:
    """Find the folder that a package is installed in."""
    spec = importlib.util.find_spec(package)
    return "" if spec is None or spec.origin is None else os.path.dirname(os.path.dirname(spec.origin))
