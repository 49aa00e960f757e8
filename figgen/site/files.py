"""The files that a picture is built from, read by their path from the site's root, with their digests."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from figgen.errors import ConfigError, Finding
from figgen.site.safe_io import UnsafePathError, open_dir, read_below, write_below


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Files:
    """A reader of files that keeps the digests of all files read or looked for.

    A path that ends in a slash is a folder, whose content is the names in it, one per line.
    """

    def __init__(self) -> None:
        self.digests: dict[str, str | None] = {}

    def read(self, path: str) -> bytes | None:
        """Return the content of a file or folder, None if it is not found. Raises ConfigError if it is unreadable."""
        content = self._read(path)
        self.digests[path] = None if content is None else digest(content)
        return content

    def _read(self, path: str) -> bytes | None:
        raise NotImplementedError


class SiteFiles(Files):
    """The files of a site, never outside it. Nothing hidden is read: `.git/config` may hold the token of a CI job."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = os.path.realpath(root)

    def _read(self, path: str) -> bytes | None:
        try:
            return folder_names(self._root, path) if path.endswith("/") else read_below(self._root, path, hidden=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except UnsafePathError as error:
            finding = Finding(path, 1, 1, "", error.message, error.allowed, error.hint)
        except OSError as error:
            finding = Finding(path, 1, 1, "", f"cannot be read: {error.strerror}")
        raise ConfigError([finding])


def names_in(files: Files, folder: str) -> list[str]:
    """Return the names in a folder, with replacement characters where they are not UTF-8; none if it is not found."""
    return (files.read(f"{folder}/") or b"").decode(errors="replace").splitlines()


def folder_names(root: str, folder: str) -> bytes:
    """Return the names in a folder, one per line; hidden ones are left out, since hints would show them."""
    with open_dir(root, folder, hidden=False) as descriptor:
        return os.fsencode("\n".join(sorted(name for name in os.listdir(descriptor) if not name.startswith("."))))


class MissingFileError(Exception):
    """A file is needed that is not in a snapshot, not even as not found."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


Content = bytes | None | Finding  # of a file or folder: None if it is not found, a finding if it cannot be read


class Snapshot(Files):
    """Copies of some files of a site, for a process without access to it.

    `read` raises MissingFileError for a file that is not among them.
    """

    def __init__(self, contents: Mapping[str, Content]) -> None:
        super().__init__()
        self._contents = contents

    def _read(self, path: str) -> bytes | None:
        if path not in self._contents:
            raise MissingFileError(path)
        content = self._contents[path]
        if isinstance(content, Finding):
            raise ConfigError([content])
        return content


def contents(files: Files, paths: Iterable[str]) -> dict[str, Content]:
    """Return the contents of files for a snapshot, with a finding for each that cannot be read."""
    found: dict[str, Content] = {}
    for path in paths:
        try:
            found[path] = files.read(path)
        except ConfigError as error:
            (found[path],) = error.findings
    return found


def make_private(root: str, folder: str) -> None:
    """Create a folder below a root that git ignores, by a `.gitignore` in it.

    Raises UnsafePathError if it is outside, and OSError.
    """
    # Written in place: a temporary file could be removed by another build, which holds the lock.
    with open_dir(root, folder, make=True) as descriptor, contextlib.suppress(FileExistsError):
        made = os.open(".gitignore", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=descriptor)
        with open(made, "wb") as file:
            file.write(b"*\n")


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file of any size at any path, as a whole or not at all. Creates its folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_below(os.fspath(path.parent), path.name, content, mode, to_read=False)
