"""Artefacts without a config: found by the lockfile, and removed if they are as figgen wrote them."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from figgen.build import lockfile
from figgen.build.lockfile import Entry
from figgen.build.site_lock import site_lock
from figgen.errors import ConfigError, Finding
from figgen.site.files import SiteFiles, digest
from figgen.site.paths import Target
from figgen.site.safe_io import remove_below


class Orphan(NamedTuple):
    """An artefact whose config is gone or no longer makes it; `own` is false if it was modified afterwards."""

    artefact: str
    own: bool


def find_orphans(root: Path, targets: Iterable[Target]) -> list[Orphan]:
    """Return the artefacts in the lockfile that no config makes. Raises ConfigError if the lockfile is damaged."""
    entries = lockfile.read(root)
    for target in targets:
        entries.pop(target.artefact, None)
    files = SiteFiles(root)
    apart = _apart(entries)
    found = [(artefact, entry, files.read(artefact)) for artefact, entry in sorted(apart.items())]
    return [Orphan(path, content is None or digest(content) == entry.digest) for path, entry, content in found]


def remove_orphans(root: Path, found: Iterable[Orphan], on_wait: Callable[[], None] = lambda: None) -> None:
    """Remove orphans and their entries in the lockfile, but keep those that were modified.

    Raises ConfigError with those that cannot be removed, after removing the others.
    """
    findings = []
    with site_lock(root, on_wait):
        entries = lockfile.read(root)
        orphans = {orphan.artefact: entries.pop(orphan.artefact) for orphan in found if orphan.artefact in entries}
        entries |= _apart(orphans)
        for orphan in found:
            if orphan.own:
                try:
                    remove_below(os.fspath(root), orphan.artefact)
                except OSError as error:
                    findings.append(Finding(orphan.artefact, 1, 1, "", f"cannot be removed: {error.strerror}"))
                else:
                    entries.pop(orphan.artefact, None)
        lockfile.write(root, entries)
    if findings:
        raise ConfigError(findings)


def _apart(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return {path: alone for artefact, entry in entries.items() for path, alone in entry.split_outputs(artefact).items()}
