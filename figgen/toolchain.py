"""What a picture's pixels depend on besides the site: figgen's own drawing code, and the libraries it draws with.

Told from file names and contents, without importing any of those libraries.
"""

import functools
import importlib.util
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from figgen import hermetic
from figgen.site.files import DigestCache, digest

LIBRARIES = ("contourpy", "kiwisolver", "matplotlib", "numpy", "pillow")
OPTIMIZER = "pyoxipng"
EXTRAS = (OPTIMIZER,)

# Modules and packages that no pixel depends on. All others do, so that a new one is counted until it is named here.
_EDGES = frozenset({
    "__init__.py", "__main__.py", "adopt.py", "build.py", "changes.py", "cli", "content",
    "drift.py", "exclusive.py", "jobs.py", "lock.py", "lookout.py", "orphans.py",
    "page.py", "pool.py", "posts", "regression", "remote.py", "report.py", "site",
    "templates", "toolchain.py", "watch.py",
})  # fmt: skip


def code_files() -> list[str]:
    """List the files of figgen that pixels depend on, by absolute path, sorted."""
    package = os.path.dirname(__file__)
    found = []
    for folder, folders, names in os.walk(package):
        folders[:] = [name for name in folders if name != "__pycache__"]
        relative = [os.path.relpath(os.path.join(folder, name), package) for name in names]
        found += [os.path.join(package, path) for path in relative if _is_drawing(path)]
    return sorted(found)


def _is_drawing(path: str) -> bool:
    return (
        path.endswith((".py", ".mplstyle"))
        and path.partition(os.sep)[0] not in _EDGES
        and path not in {"config/example.py", "config/resolved.py"}
    )


def code_digest(digest_of: Callable[[str], str | None]) -> str:
    """Give the digest of figgen's drawing code; `digest_of` gives that of one file by its absolute path."""
    package = os.path.dirname(__file__)
    lines = [f"{os.path.relpath(path, package)} {digest_of(path)}" for path in code_files()]
    return digest("\n".join(lines).replace(os.sep, "/").encode())


def versions(cache: DigestCache) -> Mapping[str, str]:
    """Give the versions of the libraries that pixels depend on, FreeType among them."""
    return dict(sorted([("freetype", _freetype(cache)), *((name, _version(name)) for name in LIBRARIES)]))


def extras(names: Collection[str]) -> Mapping[str, str]:
    """Give the versions of those tools among some names that only artefacts which ask for them depend on."""
    return {name: _version(name) for name in EXTRAS if name in names}


def _freetype(cache: DigestCache) -> str:
    """Tell the version of FreeType, which no file name tells; it is asked for once for each build of matplotlib."""
    extension = next(iter(sorted(Path(_folder("matplotlib"), "matplotlib").glob("ft2font*"))), None)
    if extension is None:
        return "unknown"
    known = f"freetype of {cache.digest(str(extension))}"
    version = cache.recall(known)
    if version is None:
        hermetic.import_matplotlib()
        from matplotlib import ft2font

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
