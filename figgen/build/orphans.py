"""Find artefacts without a config, by the lockfile, and remove those that are unmodified since figgen wrote them."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from figgen.build import lockfile
from figgen.build.site_lock import site_lock
from figgen.errors import ConfigError, Finding
from figgen.site.files import SiteFiles, digest
from figgen.site.paths import Target
from figgen.site.safe_io import remove_below


class Orphan(NamedTuple):
    """An artefact whose config is gone or no longer makes it; `modified` since figgen wrote it, or not."""

    artefact: str
    modified: bool


def find_orphans(root: Path, targets: Iterable[Target]) -> list[Orphan]:
    """Return the artefacts in the lockfile that no config makes. Raises ConfigError if the lockfile is damaged."""
    entries = lockfile.read(root)
    live = {target.artefact for target in targets}
    files = SiteFiles(root)
    left = [entry.outputs for artefact, entry in entries.items() if artefact not in live]
    made = sorted((path, record) for outputs in left for path, record in outputs.items() if path not in live)
    found = [(path, recorded, files.read(path)) for path, (recorded, _) in made]
    return [Orphan(path, content is not None and digest(content) != recorded) for path, recorded, content in found]


def remove_orphans(root: Path, found: Sequence[Orphan], on_wait: Callable[[], None] = lambda: None) -> None:
    """Remove orphans and their entries in the lockfile, but keep those that were modified.

    Raises ConfigError with those that cannot be removed, after removing the others.
    """
    findings = []
    with site_lock(root, on_wait):
        entries = lockfile.read(root)
        for orphan in found:
            if orphan.artefact in entries:
                entries = entries.pop(orphan.artefact).split() | entries  # an output may be another figure's by now
        for path in (orphan.artefact for orphan in found if not orphan.modified):
            try:
                remove_below(os.fspath(root), path)
                entries.pop(path, None)
            except OSError as error:
                findings.append(Finding(path, 1, 1, "", f"cannot be removed: {error.strerror}"))
        lockfile.write(root, entries)
    if findings:
        raise ConfigError(findings)
