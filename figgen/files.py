"""The files that a picture is made from, read by their path from the site's root, and remembered by their digests."""

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from figgen.errors import ConfigError, Finding


def digest(content: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Files(Protocol):
    """Gives the content of files. A path that ends in a slash is a folder; its content are the names in it, by line."""

    def read(self, path: str) -> bytes | None:
        """Give the content of a file or folder, or None if there is none; raise ConfigError if it cannot be read."""


class SiteFiles:
    """Reads the files of a site, never outside it, and keeps the digest of all that was read or looked for.

    A file of more than `largest` bytes, if that is given, counts as one that cannot be read.
    """

    def __init__(self, root: Path, largest: int | None = None) -> None:
        self._root = os.path.realpath(root)
        self._largest = largest
        self.digests: dict[str, str | None] = {}

    def read(self, path: str) -> bytes | None:
        """Give the content of a file or folder (see `Files`)."""
        content = self._read(path)
        self.digests[path] = None if content is None else digest(content)
        return content

    def _read(self, path: str) -> bytes | None:
        try:
            real = os.path.realpath(f"{self._root}/{path}")
            if not f"{real}/".startswith(f"{self._root}/"):
                raise ConfigError([Finding(path, 1, 1, "", "outside the site", "allowed: files below its root")])
            if path.endswith("/"):
                return os.fsencode("\n".join(sorted(os.listdir(real))))
            # Without waiting for what is no file but a pipe, and in a way that it cannot become one between two calls.
            descriptor = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                raise ConfigError([Finding(path, 1, 1, "", "not a file")])
            with open(descriptor, "rb") as file:
                if self._largest is not None and os.fstat(descriptor).st_size > self._largest:
                    allowed = f"allowed: up to {self._largest / 2**20:g} MiB"
                    raise ConfigError([Finding(path, 1, 1, "", "too large", allowed)])
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise ConfigError([Finding(path, 1, 1, "", f"cannot be read: {error.strerror}")]) from None


class MissingFilesError(Exception):
    """Files are needed that a snapshot does not have, not even as looked for and not there."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(self.paths))


Content = bytes | None | Finding  # of a file or folder: None if there is none, or what is wrong if it cannot be read


class Snapshot:
    """Some files of a site, out of the site's reach, that are read as `SiteFiles` reads them."""

    def __init__(self, contents: Mapping[str, Content]) -> None:
        self._contents = contents
        self.digests: dict[str, str | None] = {}

    def read(self, path: str) -> bytes | None:
        """Give the content of a file or folder (see `Files`); raise MissingFilesError if it is not in the snapshot."""
        if path not in self._contents:
            raise MissingFilesError([path])
        content = self._contents[path]
        if isinstance(content, Finding):
            raise ConfigError([content])
        self.digests[path] = None if content is None else digest(content)
        return content


def contents(files: Files, paths: Iterable[str]) -> dict[str, Content]:
    """Read files for a snapshot. What cannot be read is told when a reader of the snapshot asks for it."""
    found: dict[str, Content] = {}
    for path in paths:
        try:
            found[path] = files.read(path)
        except ConfigError as error:
            (found[path],) = error.findings
    return found


_SETTLED = 100_000_000  # nanoseconds; longer than the tick of any file system's clock


class DigestCache:
    """The digests of a site's files, kept from one run to the next in a file that is not part of the site.

    A digest is taken from the cache only if the file's size, times and inode are those that it was computed with. A
    change within one tick of the clock would not show in these, so that of a file which changed just now is not kept.
    """

    def __init__(self, root: Path, cache: str) -> None:
        self._root = os.fspath(root)
        self._cache = Path(self._root, cache)
        self._known: dict[str, list[int | str]] = {}
        self._used: dict[str, list[int | str]] = {}
        # A cache that is damaged, or from another version, is as good as none.
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(self._cache.read_bytes())
            if isinstance(known, dict):
                self._known = {what: value for what, value in known.items() if isinstance(value, list) and value}

    def digest(self, path: str) -> str | None:
        """Give the digest of a file or folder, by its path from the root or an absolute one; None if there is none."""
        try:
            if path.endswith("/"):
                return digest(os.fsencode("\n".join(sorted(os.listdir(f"{self._root}/{path}")))))
            full = path if path.startswith("/") else f"{self._root}/{path}"
            status = os.stat(full)
            signature = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
            known = self._known.get(path)
            if known is not None and known[:4] == signature:
                self._used[path] = known
                return str(known[4])
            if not stat.S_ISREG(status.st_mode):
                return "not a file"
            now = time.time_ns()
            found = digest(Path(full).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return "not readable"
        if now - max(status.st_mtime_ns, status.st_ctime_ns) > _SETTLED:
            self._used[path] = [*signature, found]
        return found

    def recall(self, what: str) -> str | None:
        """Give the value of a finding that was remembered, and go on remembering it; None if there is none."""
        if what not in self._known:
            return None
        self._used[what] = self._known[what]
        return str(self._used[what][0])

    def remember(self, what: str, value: str = "") -> None:
        """Remember a finding; it is forgotten when a run does not ask for it."""
        self._used[what] = [value]

    def save(self) -> None:
        """Write the cache, if anything in it changed; one that cannot be written costs time only."""
        if self._used == self._known:
            return
        with contextlib.suppress(OSError):
            self._cache.parent.mkdir(exist_ok=True)
            (self._cache.parent / ".gitignore").write_text("*\n")
            write_atomically(self._cache, json.dumps(self._used).encode())


TEMPORARY = ".figgen-"  # how the name of a file begins that is not whole yet


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put content in a file as a whole or not at all, also if the machine stops at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
