"""What a branch has in `.figgen` is refused, and what this machine keeps there costs no run of git."""

import subprocess

import pytest

from figgen.build.private import open_cache
from figgen.errors import ConfigError
from tests.cli.test_posts import run
from tests.repository import commit, git

REFUSED = ".figgen:1:1: is committed, and would be believed; run 'git rm -r --cached .figgen', then 'rm -r .figgen'\n"


@pytest.fixture
def repository(site):
    (site / ".figgen").mkdir()
    (site / ".figgen" / "digests.json").write_text("{}")
    (site / ".figgen" / ".gitignore").write_text("*\n")
    (site / ".figgen-x").touch()
    commit(site)
    return site


def add(folder, path=".figgen"):
    git(folder, "add", "--force", path)


def is_refused(root):
    try:
        open_cache(root)
    except ConfigError:
        return True
    return False


@pytest.mark.parametrize("command", ["build", "accept", "watch"])
def test_a_branch_with_files_in_it_is_refused(repository, command):
    add(repository)
    result = run(command, "--root", repository)
    assert (result.exit_code, result.stdout + result.stderr) == (1, REFUSED)
    assert not (repository / "assets").exists()


def test_the_advice_helps(repository):
    add(repository)
    git(repository, "rm", "-r", "--cached", ".figgen")
    subprocess.run(["rm", "-r", ".figgen"], cwd=repository, check=True)
    assert run("build", "--root", repository).exit_code == 0
    assert not git(repository, "status", "--porcelain", "--", ".figgen")
    assert (repository / ".figgen" / "digests.json").is_file()


def test_a_folder_of_this_machine_is_used_without_git(repository, monkeypatch):
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("git takes longer than all else"))
    assert not is_refused(repository)


@pytest.mark.parametrize(
    "form", [["--index-version", "4"], ["--index-version", "3"], ["--split-index"], ["--index-version", "4", "--split-index"]], ids=" ".join
)  # fmt: skip
def test_every_form_of_the_index_is_understood(repository, form):
    git(repository, "update-index", *form)
    assert not is_refused(repository)
    add(repository)
    git(repository, "update-index", *form)
    assert is_refused(repository)


def test_a_link_is_refused(repository):
    (repository / ".figgen").rename(repository / "planted")
    (repository / "planted" / ".gitignore").unlink()
    (repository / ".figgen").symlink_to("planted")
    assert not is_refused(repository)
    add(repository)
    assert is_refused(repository)


def test_a_name_is_the_same_in_capitals_on_some_machines(repository):
    (repository / ".FIGGEN").mkdir(exist_ok=True)
    (repository / ".FIGGEN" / "digests.json").write_text("{}")
    add(repository, ".FIGGEN")
    assert is_refused(repository)


def test_a_worktree_has_an_index_of_its_own(repository, tmp_path_factory):
    worktree = tmp_path_factory.mktemp("worktrees") / "one"
    add(repository)
    commit(repository)
    git(repository, "worktree", "add", str(worktree), "HEAD")
    assert is_refused(worktree)
    git(worktree, "rm", "-r", "--cached", ".figgen")
    assert not is_refused(worktree)


def test_a_site_within_a_repository(repository):
    inner = repository / "docs" / ".figgen"
    inner.mkdir(parents=True)
    (inner / "digests.json").write_text("{}")
    assert not is_refused(inner.parent)
    add(inner.parent)
    assert is_refused(inner.parent)
    assert not is_refused(repository), "another site's"


@pytest.mark.parametrize("tracked", [False, True])
def test_without_git_the_index_tells(repository, monkeypatch, tracked):
    if tracked:
        add(repository)
    monkeypatch.setenv("PATH", "/nowhere")
    assert is_refused(repository) == tracked


def test_without_a_repository_there_is_no_branch(site):
    (site / ".figgen").mkdir()
    assert not is_refused(site)
