"""Read a site as it is in another git revision: the merge base of a branch, or any that has a name."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from figgen.errors import UsageError
from figgen.site.paths import ARTEFACTS
from figgen.site.temporary import temporary_folder

# Git hooks set these for their own repository, which need not be the site's.
_HOOK_VARIABLES = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"})


class Revision(NamedTuple):
    """A commit, and the name by which reports call it."""

    commit: str
    name: str

    def __str__(self) -> str:
        """Return the name and the abbreviated commit."""
        return f"{self.name} ({self.commit[:10]})"


def find_revision(root: Path, name: str) -> Revision:
    """Return the commit that a name refers to. Raises UsageError if there is none, or git fails."""
    check_repository(root)
    query = ("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    commit = None if name.startswith("-") else git_output_or_none(root, *query)
    if commit is None:
        if git_output_or_none(root, "rev-parse", "--verify", "--quiet", "HEAD") is None:
            raise UsageError("the repository has no commit to compare with: commit the site, then change it")
        raise UsageError(f"unknown revision '{name}'" + (_shallow_hint(root) or "; 'git log --oneline' lists commits"))
    return Revision(commit, name)


def check_repository(root: Path) -> None:
    """Raise UsageError if a site is in no git repository, and git's own message if there is one that git refuses."""
    try:
        git_output(root, "rev-parse", "--git-dir")
    except UsageError as error:
        _, dubious, place = str(error).partition("detected dubious ownership in repository at ")
        if dubious:  # git's advice is on further lines, of which only the first is shown
            hint = f"if you trust them, run: git config --global --add safe.directory {place}"
            raise UsageError(f"git reads no repository of other users, such as {place}; {hint}") from None
        if "not a git repository" not in str(error):
            raise
        hint = "run 'git init' there and commit the site, or name another site with --root"
        raise UsageError(f"{root} is not in a git repository, whose revisions figgen diff compares; {hint}") from None


def merge_base(root: Path) -> Revision:
    """Return the last commit that HEAD shares with the remote's default branch; without a remote, HEAD.

    Raises UsageError as `find_revision` does, and if the remote's default branch is unknown: compared with HEAD
    instead, a branch without uncommitted changes would seem to change nothing.
    """
    check_repository(root)
    remotes = git_output(root, "remote").splitlines()
    if not remotes:
        return find_revision(root, "HEAD")
    remote = "origin" if "origin" in remotes else remotes[0]
    branch = git_output_or_none(root, "rev-parse", "--verify", "--quiet", "--abbrev-ref", f"refs/remotes/{remote}/HEAD")
    if branch is None:
        hint = f"set it with 'git remote set-head {remote} --auto', or pass the base with --base"
        raise UsageError(f"the default branch of the remote '{remote}' is unknown; {hint}")
    commit = git_output_or_none(root, "merge-base", "HEAD", f"refs/remotes/{branch}")
    if commit is None:
        raise UsageError(f"no merge base of HEAD and {branch}" + (_shallow_hint(root) or "; pass the base with --base"))
    return Revision(commit, f"the merge base of HEAD and {branch}")


@contextlib.contextmanager
def checked_out(root: Path, commit: str) -> Iterator[Path]:
    """Check out a site as of a commit, without its pictures, into a temporary folder, and yield the site's path there.

    Git writes the files with an index of their own: links, line endings and filters are those of a checkout, no path
    leads outside, and neither the working tree nor the repository changes. Raises UsageError if git fails.
    """
    with temporary_folder() as folder:
        index = f"{folder}/index"
        below = git_output(root, "rev-parse", "--show-prefix")
        git_output(root, "read-tree", commit, index=index)
        paths = git_output(root, "ls-files", "-z", "--", ".", f":(exclude,glob){ARTEFACTS}/**/*.png", index=index)
        git_output(root, "checkout-index", f"--prefix={folder}/tree/", "-z", "--stdin", index=index, stdin=paths)
        yield Path(folder, "tree", below)


def _shallow_hint(root: Path) -> str:
    """Return how to fetch a missing commit if the clone is shallow, otherwise ""."""
    shallow = git_output_or_none(root, "rev-parse", "--is-shallow-repository") == "true"
    return "; the clone is shallow: fetch the full history with 'git fetch --unshallow'" if shallow else ""


def git_output_or_none(root: Path, *command: str) -> str | None:
    """Run git and return its output, or None if it fails."""
    with contextlib.suppress(UsageError):
        return git_output(root, *command)
    return None


def git_output(root: Path, *command: str, index: str = "", stdin: str = "") -> str:
    """Run git and return its output. Raises UsageError with git's message if it fails."""
    program = shutil.which("git")
    if program is None:
        raise UsageError("git is not installed; 'figgen diff' reads the base revision with it")
    environment = {name: value for name, value in os.environ.items() if name not in _HOOK_VARIABLES}
    if index:
        environment["GIT_INDEX_FILE"] = index
    done = subprocess.run(  # noqa: S603 - git by its full path, without a shell
        [program, *command], cwd=root, env=environment, input=os.fsencode(stdin), check=False, capture_output=True
    )
    if done.returncode:
        lines = os.fsdecode(done.stderr).splitlines() or [f"exit status {done.returncode}"]
        raise UsageError(f"git {command[0]}: {lines[0].removeprefix('fatal: ').removeprefix('error: ')}")
    return os.fsdecode(done.stdout).removesuffix("\n")
