"""Find artefacts without a config, by the lockfile, and remove those that are as figgen wrote them.

The lockfile may come from anybody's branch, and name any picture of a post with the digest that it has. So a picture
must look like one of figgen's, too. None is signed: a stranger can make one that does, but only of their own picture.
"""

import os
import posixpath
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from figgen.build import lockfile
from figgen.build.site_lock import site_lock
from figgen.errors import ConfigError, Finding
from figgen.site.files import SiteFiles, digest
from figgen.site.paths import Target, discover
from figgen.site.png import png_description, png_size
from figgen.site.safe_io import remove_below

_STARTS = {
    ".svg": b'<?xml version="1.0" encoding="utf-8"?>\n<svg role="img" ',
    ".pdf": b"%PDF-1.4\n%\xac\xdc \xab\xba\n",
}


class Orphan(NamedTuple):
    """An artefact whose config is gone or no longer makes it, and why it is kept: "" if it may be removed."""

    artefact: str
    kept: str = ""


def find_orphans(root: Path, targets: Iterable[Target]) -> list[Orphan]:
    """Return the artefacts in the lockfile that no config makes. Raises ConfigError if the lockfile is damaged."""
    entries = lockfile.read(root)
    live = {target.artefact for target in targets}
    files = SiteFiles(root)
    left = [entry.outputs for artefact, entry in entries.items() if artefact not in live]
    made = sorted((path, record.digest) for outputs in left for path, record in outputs.items() if path not in live)
    return [Orphan(path, _why_kept(files, path, recorded)) for path, recorded in made]


def _why_kept(files: SiteFiles, path: str, recorded: str) -> str:
    try:
        content = files.read(path)
        if content is None:
            return ""
        if digest(content) != recorded:
            return "modified since figgen wrote it"
        return "" if _is_like_ours(files, path, content) else "not like a picture that figgen writes"
    except ConfigError as error:  # it, or the PNG beside it, is not readable
        return error.findings[0].message


def _is_like_ours(files: SiteFiles, path: str, content: bytes) -> bool:
    """Check whether a picture has what figgen's have: a PNG an alt text, a WebP the size of such a PNG beside it."""
    stem, ending = posixpath.splitext(path)
    if ending == ".png":
        return png_description(content) != ""
    if ending == ".webp":
        png = files.read(f"{stem}.png") or b""
        return png_description(png) != "" and _webp_size(content) == png_size(png)
    return content.startswith(_STARTS[ending])


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """Return the size of a lossless WebP without metadata; None for anything else."""
    if content[:4] != b"RIFF" or content[8:16] != b"WEBPVP8L":
        return None
    bits = int.from_bytes(content[21:25], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def remove_orphans(root: Path, found: Sequence[Orphan], on_wait: Callable[[], None] = lambda: None) -> None:
    """Remove orphans and their entries in the lockfile, but keep those of which `kept` says why.

    Raises ConfigError with those that cannot be removed, or changed meanwhile, after removing the others.
    """
    findings = []
    with site_lock(root, on_wait):
        entries, still = lockfile.read(root), {*find_orphans(root, discover(root)[0])}
        for orphan in still & {*found}:
            if orphan.artefact in entries:
                entries = entries.pop(orphan.artefact).split() | entries  # an output may be another figure's by now
        for orphan in found:
            path = orphan.artefact
            if orphan not in still:
                findings.append(Finding(path, 1, 1, "", "not removed: changed meanwhile", hint="run this again"))
            elif not orphan.kept:
                try:
                    remove_below(os.fspath(root), path)
                    entries.pop(path, None)
                except OSError as error:
                    findings.append(Finding(path, 1, 1, "", f"cannot be removed: {error.strerror}"))
        lockfile.write(root, entries)
    if findings:
        raise ConfigError(findings)
