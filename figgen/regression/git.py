"""A revision of a site, out of git: which one a branch began at, and its files as a checkout would have them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from figgen.errors import UsageError
from figgen.site.paths import ARTEFACTS

# What a hook of git's sets for its own repository, which need not be the site's.
_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"})


class Revision(NamedTuple):
    """A commit, and what people call it."""

    commit: str
    name: str

    def __str__(self) -> str:
        """Name it with the beginning of its number."""
        return f"{self.name} ({self.commit[:10]})"


def find_revision(root: Path, name: str) -> Revision:
    """Find the commit that git knows by a name. Raises UsageError if there is none, or git cannot be asked."""
    git_output(root, "rev-parse", "--git-dir")  # whether there is a repository is a matter of its own
    asked = ("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    found = None if name.startswith("-") else git_output_or_none(root, *asked)
    if found is None:
        raise UsageError(f"no such revision: {name}" + _hint(root))
    return Revision(found, name)


def merge_base(root: Path) -> Revision:
    """Find where a branch began: the last commit that it shares with the remote's default branch.

    Without a remote it is HEAD. Raises UsageError as `find_revision` does, and if the remote's default branch is not
    known here: to compare with HEAD instead would find no change in any branch that is checked out clean.
    """
    remotes = git_output(root, "remote").splitlines()
    if not remotes:
        return find_revision(root, "HEAD")
    remote = "origin" if "origin" in remotes else remotes[0]
    branch = git_output_or_none(root, "rev-parse", "--verify", "--quiet", "--abbrev-ref", f"refs/remotes/{remote}/HEAD")
    if branch is None:
        known = f"name the base with --base, or let git find it with 'git remote set-head {remote} --auto'"
        raise UsageError(f"the default branch of {remote} is not known here: {known}")
    commit = git_output_or_none(root, "merge-base", "HEAD", f"refs/remotes/{branch}")
    if commit is None:
        raise UsageError(f"no commit that HEAD and {branch} share" + _hint(root))
    return Revision(commit, f"where HEAD left {branch}")


@contextmanager
def checked_out(root: Path, commit: str) -> Iterator[Path]:
    """Give a site as it is in a commit, in a folder that lasts as long as the context; its pictures are left out.

    It is git that writes the files, into a folder and by an index of their own: links, line ends and large files are
    those of a checkout, no path leads outside, and neither the working tree nor the repository is touched. Raises
    UsageError if that cannot be done.
    """
    with TemporaryDirectory(prefix="figgen-base-") as folder:
        index = f"{folder}/index"
        below = git_output(root, "rev-parse", "--show-prefix")
        git_output(root, "read-tree", commit, index=index)
        paths = git_output(root, "ls-files", "-z", "--", ".", f":(exclude,glob){ARTEFACTS}/**/*.png", index=index)
        git_output(root, "checkout-index", f"--prefix={folder}/tree/", "-z", "--stdin", index=index, given=paths)
        yield Path(folder, "tree", below)


def _hint(root: Path) -> str:
    """Say what to do about a commit that is not here, if it may be elsewhere."""
    shallow = git_output_or_none(root, "rev-parse", "--is-shallow-repository") == "true"
    return "; this clone is shallow: 'git fetch --unshallow' gets the rest" if shallow else ""


def git_output_or_none(root: Path, *command: str) -> str | None:
    """Ask git for something that there may not be."""
    done = _git(root, command)
    return _decoded(done.stdout) if done.returncode == 0 else None


def git_output(root: Path, *command: str, index: str = "", given: str = "") -> str:
    """Ask git for something. Raises UsageError with what it says if it fails."""
    done = _git(root, command, index, given)
    if done.returncode:
        said = [line.removeprefix("fatal: ").removeprefix("error: ") for line in _decoded(done.stderr).splitlines()]
        raise UsageError(f"git {command[0]}: {said[0] if said else f'exit status {done.returncode}'}")
    return _decoded(done.stdout)


def _decoded(output: bytes) -> str:
    return os.fsdecode(output).removesuffix("\n")


def _git(root: Path, command: tuple[str, ...], index: str = "", given: str = "") -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("git")
    if program is None:
        raise UsageError("git is not installed, and the base is read by it")
    environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    if index:
        environment["GIT_INDEX_FILE"] = index
    return subprocess.run(  # noqa: S603 - git, by its full path, with arguments that are no shell's
        [program, *command], cwd=root, env=environment, input=os.fsencode(given), check=False, capture_output=True
    )
