"""Temporary folders that are removed even if the process that made one is killed: by the next one that looks for them.

Each is locked for as long as its process uses it. The system keeps no lock of a process that ended, however it did, so
that a folder without one is nobody's.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator

_PREFIX = "figgen-temporary-"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextlib.contextmanager
def temporary_folder() -> Iterator[str]:
    """Create a folder for the time of the context, after removing those of killed processes. Raises OSError."""
    remove_abandoned()
    folder, lock = _create()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_abandoned() -> None:
    """Remove this user's temporary folders that no process uses, as far as that is possible."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for path in [entry.path for entry in entries if entry.name.startswith(_PREFIX)]:
            with contextlib.suppress(OSError):  # it is in use, gone by now, or no folder
                _remove_if_abandoned(path)


def _remove_if_abandoned(path: str) -> None:
    descriptor = os.open(path, _FOLDER)
    try:
        if os.fstat(descriptor).st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(descriptor)


def _create() -> tuple[str, int]:
    """Create a locked folder; return its path, and the descriptor that holds the lock."""
    while True:
        folder = tempfile.mkdtemp(prefix=_PREFIX)
        with contextlib.suppress(FileNotFoundError):  # before it was locked, another process took it for abandoned
            descriptor = os.open(folder, _FOLDER)
            with contextlib.suppress(OSError):  # a file system without locks: nobody removes it
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.isdir(folder):
                return folder, descriptor
            os.close(descriptor)
