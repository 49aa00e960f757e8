"""The fonts that pictures may use: matplotlib's own and the site's, never those of the machine."""

import functools
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import FontEntry, get_font, ttfFontProperty

from figgen.drawing.mpl_compat import only_fonts
from figgen.errors import ConfigError, Finding
from figgen.site.files import Files, names_in
from figgen.site.temporary import temporary_folder

GENERIC = frozenset({"serif", "sans-serif", "cursive", "fantasy", "monospace"})


@functools.cache
def _bundled_fonts() -> tuple[FontEntry, ...]:
    """Return the fonts that come with matplotlib, read from their files.

    matplotlib's own list of fonts is not used: it is a cache in the home folder, which any program can write.
    """
    folder = Path(mpl.get_data_path(), "fonts", "ttf")
    return tuple(ttfFontProperty(get_font(file)) for file in sorted(folder.glob("*.ttf")))


@contextmanager
def site_fonts(files: Files, folder: str) -> Iterator[list[FontEntry]]:
    """Yield matplotlib's own fonts and those in a folder of the site, which are copied for the time of the context.

    Raises ConfigError for files that are not fonts.
    """
    entries = [*_bundled_fonts()]
    wanted = [f"{folder}/{name}" for name in names_in(files, folder) if name.lower().endswith((".ttf", ".otf"))]
    if not wanted:
        yield entries
        return
    with ExitStack() as stack:
        # matplotlib reads fonts by the resolved paths of files, so it cannot be handed what is in memory only.
        copies = _copy(files, wanted, stack, folder)
        findings = []
        for path, copy in copies.items():
            try:
                entries.append(ttfFontProperty(get_font(copy)))
            except (RuntimeError, OSError, ValueError):
                findings.append(Finding(path, 1, 1, "", "not a font", ("TTF and OTF files",)))
        if findings:
            raise ConfigError(findings)
        yield entries


def _copy(files: Files, paths: Iterable[str], stack: ExitStack, folder: str) -> dict[str, Path]:
    """Copy fonts in a folder of the site to a temporary one that lasts as long as `stack`. Raises ConfigError."""
    contents = {path: files.read(path) or b"" for path in paths}
    try:
        copies_in = stack.enter_context(temporary_folder())
        copies = {path: Path(copies_in, f"{number}{Path(path).suffix}") for number, path in enumerate(contents)}
        for path, copy in copies.items():
            copy.write_bytes(contents[path])
    except OSError as error:
        hint = "make room in the folder for temporary files, or set TMPDIR to another one"
        raise ConfigError([Finding(folder, 1, 1, "", f"cannot be copied: {error.strerror}", hint=hint)]) from None
    return copies


def families(fonts: Sequence[FontEntry]) -> set[str]:
    """Return the family names of fonts."""
    return {entry.name for entry in fonts}


@contextmanager
def font_context(fonts: Sequence[FontEntry]) -> Iterator[None]:
    """Let matplotlib find these fonts only. Must be called within an rc context, since it changes a setting."""
    # matplotlib caches the file of a font family under these settings. A made-up family, named by a digest of the
    # fonts, keeps it from finding a file that it cached for other fonts.
    digest = hashlib.sha256("\n".join(entry.fname for entry in fonts).encode()).hexdigest()
    mpl.rcParams["font.fantasy"] = [*mpl.rcParams["font.fantasy"], digest]
    with only_fonts(fonts):
        yield
