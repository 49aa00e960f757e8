"""Digests of files, kept from one run to the next."""

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path

from figgen.site.debug import log_step
from figgen.site.files import digest, folder_names, make_private
from figgen.site.safe_io import UnsafePathError, open_file, read_below, write_below

_SETTLED = 100_000_000  # nanoseconds; longer than a tick of the clocks of common file systems


class DigestCache:
    """The digests of a site's files, kept from one run to the next in a file that is not a part of the site.

    A digest is taken from the cache only if the file has the size, times and inode that it was computed with. These do
    not show a change within one tick of the clock, so the digest of a file that changed just now is not kept.

    A run may look at some of the files only, such as those of one figure: what it does not look at is kept, unless the
    file is gone.
    """

    def __init__(self, root: Path, cache: str) -> None:
        self._root = os.fspath(root)
        self._cache = cache
        self._known: dict[str, list[int | str]] = {}
        self._used: dict[str, list[int | str]] = {}
        self._seen: set[str] = set()  # paths
        # A cache that is damaged or from another version is not used.
        with contextlib.suppress(OSError, ValueError, RecursionError):
            known = json.loads(read_below(self._root, self._cache))
            if isinstance(known, dict):
                self._known = {what: value for what, value in known.items() if isinstance(value, list) and value}

    def digest(self, path: str) -> str | None:
        """Return the digest of a file or folder by its path, from the root or absolute; None if it is not found.

        For one that cannot be read, the reason takes the place of the digest, and so differs from any.
        """
        self._seen.add(path)
        try:
            if path.endswith("/"):
                return digest(folder_names(self._root, path))
            full = path if path.startswith("/") else f"{self._root}/{path}"
            status = os.stat(full)
            signature = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
            known = self._known.get(path)
            if known is not None and known[:4] == signature:
                self._used[path] = known
                return str(known[4])
            now = time.time_ns()
            # An absolute path is that of figgen's own code or of a library, wherever links to it lead.
            with Path(full).open("rb") if path.startswith("/") else open_file(self._root, path) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except UnsafePathError as error:
            return error.message
        except OSError:
            return "not readable"
        if now - max(status.st_mtime_ns, status.st_ctime_ns) > _SETTLED:
            self._used[path] = [*signature, found]
        return found

    def recall(self, what: str) -> str | None:
        """Return a value that was remembered, and keep it for the next run; None if there is none."""
        if what not in self._known:
            return None
        self._used[what] = self._known[what]
        return str(self._used[what][0])

    def remember(self, what: str, path: str, value: str = "") -> None:
        """Keep a value about a file under a name. A run that looks at the file but does not recall it drops it."""
        self._used[what] = [value, path]

    def save(self) -> None:
        """Write the cache if it changed. Errors are ignored: without it, the next run only takes longer."""
        kept = {what: value for what, value in self._known.items() if self._is_unseen(what, value)} | self._used
        if kept == self._known:
            return
        try:
            make_private(self._root, os.path.dirname(self._cache))
            write_below(self._root, self._cache, json.dumps(kept).encode())
        except OSError as error:
            log_step(f"cannot write {self._cache}: {error.strerror}")

    def _is_unseen(self, what: str, value: list[int | str]) -> bool:
        """Check whether an entry is about a file that was not looked at, and is still there."""
        path = what if isinstance(value[0], int) else str(value[-1])
        return path not in self._seen and os.path.lexists(os.path.join(self._root, path))
