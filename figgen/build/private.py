"""The folder `.figgen` of a site: a cache and a lock of this machine. What a branch has in it is refused."""

import contextlib
import os
from pathlib import Path

from figgen.build.digest_cache import DigestCache
from figgen.errors import ConfigError, Finding

PRIVATE = ".figgen"


def open_cache(root: Path) -> DigestCache:
    """Return the cache of a site's digests. Raises ConfigError if git tracks anything in its folder.

    Git ignores the folder, but checks out what a branch has in it. That could say that pictures are fresh.
    """
    if _is_committed(os.path.realpath(root)):
        advice = f"run 'git rm -r --cached {PRIVATE}', then 'rm -r {PRIVATE}'"
        raise ConfigError([Finding(PRIVATE, 1, 1, "", "is committed, and would be believed", hint=advice)])
    return DigestCache(root, f"{PRIVATE}/digests.json")


def _is_committed(root: str) -> bool:
    if not os.path.lexists(f"{root}/{PRIVATE}"):
        return False
    index = _read_index(root)
    # Names are in plain text, but for those of version 4 and of a split index.
    is_plain = index[4:8] in (b"\0\0\0\2", b"\0\0\0\3") and b"\0link\0" not in index
    name, folded = PRIVATE.encode(), index.lower()
    is_named = name + b"/" in folded or name + b"\0" in folded
    if not index or (is_plain and not is_named):
        return False  # without starting git, which takes longer than all else if nothing is stale
    import subprocess

    command = ["git", "ls-files", "-z", "--", f":(icase){PRIVATE}"]
    with contextlib.suppress(OSError):
        done = subprocess.run(command, cwd=root, check=False, capture_output=True)  # noqa: S603 - a fixed command
        if done.returncode == 0:
            return bool(done.stdout)
    return is_named


def _read_index(root: str) -> bytes:
    """Return the index of the git repository that a folder is in, b"" if there is none."""
    folder = root
    while not os.path.lexists(f"{folder}/.git"):
        if folder == (folder := os.path.dirname(folder)):
            return b""
    git = f"{folder}/.git"
    with contextlib.suppress(OSError):
        if os.path.isfile(git):  # of a worktree or a submodule: "gitdir: <folder>"
            git = os.path.join(folder, Path(git).read_text(encoding="utf-8").partition(": ")[2].strip())
        return Path(f"{git}/index").read_bytes()
    return b""
