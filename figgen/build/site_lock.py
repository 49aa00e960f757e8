"""A site that one run holds at a time, and what a run that was killed left in it."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from figgen.errors import ConfigError, Finding
from figgen.site.files import make_private
from figgen.site.safe_io import TEMPORARY, open_dir

PRIVATE = ".figgen"  # what is kept beside the site, and not part of it


@contextlib.contextmanager
def site_lock(root: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Keep other builds from the site for a while; wait for one that is at work."""
    from filelock import FileLock, Timeout

    try:
        make_private(os.fspath(root), PRIVATE)
        lockfile = root / PRIVATE / "lock"
        if lockfile.is_symlink():  # which not every version of filelock refuses to follow
            lockfile.unlink()
        own = FileLock(lockfile)
        try:
            own.acquire(timeout=0)
        except Timeout:
            on_wait()
            own.acquire()
    except OSError as error:
        finding = Finding(PRIVATE, 1, 1, "", f"the site's folder cannot be written to: {error.strerror}")
        raise ConfigError([finding]) from None
    try:
        yield
    finally:
        own.release()


def remove_temp_files(root: Path, folders: Iterable[str]) -> None:
    """Remove from folders what a run that was killed left behind. Only with the site held site_lock."""
    for folder in (*folders, "", PRIVATE):
        with contextlib.suppress(OSError), open_dir(os.fspath(root), folder) as descriptor:
            for name in os.listdir(descriptor):
                if name.startswith(TEMPORARY):
                    os.unlink(name, dir_fd=descriptor)
