"""Open files below a root so that no symbolic link leads outside, not even one that is created in the meantime.

A path is resolved first, so that links within the site work. The resolved path is then opened folder by folder, none of
which may have become a link. Checks use the opened descriptor, so that nothing can be replaced between check and use.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from io import BufferedReader

from figgen.site.limits import MIB, size_advice, size_limit

TEMPORARY = ".figgen-"  # prefix of the names of temporary files

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
# O_NONBLOCK: opening a named pipe must not wait for a writer.
_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


HIDDEN = ("hidden file or folder", ("names of files and folders that do not start with a dot",))  # and what is allowed


class UnsafePathError(OSError):
    """A path is invalid, hidden or outside the root, or names something that is not a file or is too large."""

    def __init__(self, message: str, allowed: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(errno.EPERM, message)
        self.message, self.allowed, self.hint = message, allowed, hint


@contextlib.contextmanager
def open_dir(root: str, folder: str, *, make: bool = False, hidden: bool = True) -> Iterator[int]:
    """Open a folder below a root, or the root itself (''), and yield its descriptor; `make` creates missing folders.

    Raises UnsafePathError if it is outside, or hidden where that is not allowed, and OSError.
    """
    descriptor = _walk(*_resolve(root, folder, hidden=hidden), make=make)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def open_file(root: str, path: str, *, hidden: bool = True) -> Iterator[BufferedReader]:
    """Open a file below a root, for reading bytes.

    Raises UnsafePathError if it is outside, not a file, too large, or hidden where that is not allowed, and OSError.
    """
    real, inside = _resolve(root, path, hidden=hidden)
    folder, _, name = inside.rpartition("/")
    with contextlib.ExitStack() as stack:
        above = _walk(real, folder)
        stack.callback(os.close, above)
        descriptor = os.open(name or ".", _FILE, dir_fd=above)
        stack.callback(os.close, descriptor)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):  # before open(), whose error for a folder differs
            raise UnsafePathError("not a file")
        _check_size(path, status.st_size)
        yield stack.enter_context(open(descriptor, "rb", closefd=False))


def read_below(root: str, path: str, *, hidden: bool = True) -> bytes:
    """Return the content of a file below a root (see `open_file`)."""
    with open_file(root, path, hidden=hidden) as file:
        return file.read()


def read_before_write(root: str, path: str) -> bytes | None:
    """Return the content of a file that is about to be overwritten; None if it is missing, a link, or unreadable."""
    if os.path.islink(f"{root}/{path}"):
        return None
    with contextlib.suppress(OSError):
        return read_below(root, path)
    return None


def write_below(root: str, path: str, content: bytes, mode: int = 0o644, *, to_read: bool = True) -> None:
    """Write a file below a root as a whole or not at all, even if the machine stops at any moment.

    A link of that name is replaced, not followed. Raises UnsafePathError if the file's folder is outside, or if it is
    `to_read` by figgen and too large for that, and OSError.
    """
    if to_read:
        _check_size(path, len(content))
    folder, _, name = path.rpartition("/")
    with open_dir(root, folder, make=True) as above:
        temporary = f"{TEMPORARY}{os.urandom(8).hex()}"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=above)
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), mode)
            os.replace(temporary, name, src_dir_fd=above, dst_dir_fd=above)
        except BaseException:
            with contextlib.suppress(OSError):  # it was never made, or cannot be removed: the first error counts
                os.unlink(temporary, dir_fd=above)
            raise


def remove_below(root: str, path: str) -> None:
    """Remove a file below a root, or a link of that name, if it is there. Raises UnsafePathError and OSError."""
    folder, _, name = path.rpartition("/")
    with contextlib.suppress(FileNotFoundError), open_dir(root, folder) as above:
        os.unlink(name, dir_fd=above)


def _check_size(path: str, size: int) -> None:
    if size > size_limit(path) * MIB:
        raise UnsafePathError(f"too large: {size / MIB:,.1f} MiB", *size_advice(path, size))


def _resolve(root: str, path: str, *, hidden: bool) -> tuple[str, str]:
    """Return the real path of a root, and the real path of a file or folder below it, relative to that."""
    base = os.path.realpath(root)
    try:
        real = os.path.realpath(f"{base}/{path}")
    except ValueError:  # a NUL, or what cannot be written in the system's encoding
        raise UnsafePathError("invalid path") from None
    if not f"{real}/".startswith(f"{base.rstrip('/')}/"):
        raise UnsafePathError("outside the site", ("paths below the site's root",))
    inside = real[len(base) :].strip("/")
    if not hidden and "/." in f"/{inside}":
        raise UnsafePathError(*HIDDEN)
    return base, inside


def _walk(base: str, inside: str, *, make: bool = False) -> int:
    """Open a folder by its real path below a real root, no part of which may be a link, and return its descriptor."""
    descriptor = os.open(base, _FOLDER)
    for part in filter(None, inside.split("/")):
        try:
            if make:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=descriptor)
            below = os.open(part, _FOLDER, dir_fd=descriptor)
        finally:
            os.close(descriptor)
        descriptor = below
    return descriptor
