"""The files that a picture is made from, read by their path from the site's root, and remembered by their digests."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from figgen.errors import ConfigError, Finding
from figgen.site.safe_io import UnsafePathError, open_dir, read_below, write_below


def digest(content: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class Files(Protocol):
    """Gives the content of files. A path that ends in a slash is a folder; its content are the names in it, by line."""

    def read(self, path: str) -> bytes | None:
        """Give the content of a file or folder, or None if there is none; raise ConfigError if it cannot be read."""


class SiteFiles:
    """Reads the files of a site, never outside it, and keeps the digest of all that was read or looked for.

    Nothing hidden is read: `.git/config` may hold the token that CI was given.
    """

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self.digests: dict[str, str | None] = {}

    def read(self, path: str) -> bytes | None:
        """Give the content of a file or folder (see `Files`)."""
        content = self._read(path)
        self.digests[path] = None if content is None else digest(content)
        return content

    def _read(self, path: str) -> bytes | None:
        try:
            return folder_names(self._root, path) if path.endswith("/") else read_below(self._root, path, hidden=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except UnsafePathError as error:
            raise ConfigError([Finding(path, 1, 1, "", error.message, error.allowed, error.hint)]) from None
        except OSError as error:
            raise ConfigError([Finding(path, 1, 1, "", f"cannot be read: {error.strerror}")]) from None


def names_in(files: Files, folder: str) -> list[str]:
    """List the names in a folder, with question marks in those that are no UTF-8; none if there is no such folder."""
    return (files.read(f"{folder}/") or b"").decode(errors="replace").splitlines()


def folder_names(root: str, folder: str) -> bytes:
    """Give the names in a folder, by line."""
    with open_dir(root, folder, hidden=False) as descriptor:
        return os.fsencode("\n".join(sorted(os.listdir(descriptor))))


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


def make_private(root: str, folder: str) -> None:
    """Make a folder below a root that git leaves alone. Raises UnsafePathError if it is outside, and OSError."""
    # Not by way of a passing file: another build, which holds the site, would sweep that.
    with open_dir(root, folder, make=True) as descriptor, contextlib.suppress(FileExistsError):
        made = os.open(".gitignore", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=descriptor)
        with open(made, "wb") as file:
            file.write(b"*\n")


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put content in a file that its user named, as a whole or not at all (see `write_below`)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_below(os.fspath(path.parent), path.name, content, mode)
