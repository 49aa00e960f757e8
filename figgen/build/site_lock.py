"""Let one build at a time write to a site, and remove the temporary files that a killed build left."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from figgen.build.private import PRIVATE
from figgen.errors import ConfigError, Finding
from figgen.site.files import make_private
from figgen.site.safe_io import TEMPORARY, open_dir


@contextlib.contextmanager
def site_lock(root: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a site. If another build holds it, call `on_wait` once, and wait.

    Raises ConfigError if the site's folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        make_private(os.fspath(root), PRIVATE)
        path = root / PRIVATE / "lock"
        if path.is_symlink():  # some versions of filelock would follow it
            path.unlink()
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire()
    except OSError as error:
        finding = Finding(PRIVATE, 1, 1, "", f"cannot write to the site's folder: {error.strerror}")
        raise ConfigError([finding]) from None
    try:
        yield
    finally:
        lock.release()


def remove_temp_files(root: Path, folders: Iterable[str]) -> None:
    """Remove the temporary files that a killed build left in folders. The caller holds the lock of the site."""
    for folder in (*folders, "", PRIVATE):
        with contextlib.suppress(OSError), open_dir(os.fspath(root), folder) as descriptor:
            for name in os.listdir(descriptor):
                if name.startswith(TEMPORARY):
                    os.unlink(name, dir_fd=descriptor)
