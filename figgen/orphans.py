"""Artefacts whose config is gone: found by the lockfile, and removed if they are what figgen wrote."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from figgen import lock
from figgen.build import exclusively
from figgen.files import SiteFiles, digest
from figgen.site import Target


class Orphan(NamedTuple):
    """An artefact whose config is gone; `own` is false if it is not, or no longer, what figgen wrote."""

    artefact: str
    own: bool


def find_orphans(root: Path, targets: Iterable[Target]) -> list[Orphan]:
    """List the artefacts of the lockfile that no config makes. Raises ConfigError if the lockfile is damaged."""
    entries = lock.read(root)
    for target in targets:
        entries.pop(target.artefact, None)
    files = SiteFiles(root)
    found = [(artefact, entry, files.read(artefact)) for artefact, entry in sorted(entries.items())]
    return [Orphan(path, content is None or digest(content) == entry.digest) for path, entry, content in found]


def remove_orphans(root: Path, found: Iterable[Orphan], on_wait: Callable[[], None] = lambda: None) -> None:
    """Remove artefacts whose config is gone, and their entries; those that are not figgen's own stay."""
    with exclusively(root, on_wait):
        entries = lock.read(root)
        for orphan in found:
            if orphan.own:
                (root / orphan.artefact).unlink(missing_ok=True)
                entries.pop(orphan.artefact, None)
        lock.write(root, entries)
