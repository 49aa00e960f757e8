import re
import subprocess

import pytest

from figgen.errors import UsageError
from figgen.regression.git import checked_out, find_revision, merge_base
from tests.repository import commit, git


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit and a site in a folder."""
    root = tmp_path / "repository" / "blog"
    (root / "configs" / "Post").mkdir(parents=True)
    (root / "configs" / "Post" / "one.yaml").write_text("old\n")
    (root / "assets" / "posts" / "Post").mkdir(parents=True)
    (root / "assets" / "posts" / "Post" / "one.png").write_text("a picture")
    (root / "assets" / "posts" / "Post" / "runs.csv").write_text("t\n")
    (root.parent / "elsewhere.txt").write_text("elsewhere")
    commit(root.parent)
    return root


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_a_commit_is_checked_out_without_pictures_and_only_the_site(repository):
    (repository / "configs" / "Post" / "one.yaml").write_text("new\n")
    (repository / "configs" / "Post" / "two.yaml").write_text("new\n")
    git(repository, "add", "configs/Post/two.yaml")
    before = git(repository, "status", "--porcelain")
    with checked_out(repository, find_revision(repository, "HEAD").commit) as base:
        assert files(base) == ["assets/posts/Post/runs.csv", "configs/Post/one.yaml"]
        assert (base / "configs/Post/one.yaml").read_text() == "old\n"
        assert not (base.parent / "elsewhere.txt").exists()
    assert not base.exists()
    assert git(repository, "status", "--porcelain") == before, "the index and the working tree are as they were"
    assert git(repository, "worktree", "list").count("\n") == 0


def test_files_are_those_of_a_git_checkout(repository):
    """Line endings and filters are applied, and files that are left out of archives are there."""
    (repository / ".gitattributes").write_text("*.csv text eol=crlf\n*.npz filter=upper\nconfigs export-ignore\n")
    git(repository, "config", "filter.upper.smudge", "tr a-z A-Z")
    (repository / "ä b\n\r.csv").write_text("t\n1\n")
    (repository / "data.npz").write_text("data")
    (repository / "link.csv").symlink_to("ä b\n\r.csv")
    (repository / "out.csv").symlink_to("../elsewhere.txt")
    commit(repository.parent)
    with checked_out(repository, find_revision(repository, "HEAD").commit) as base:
        assert (base / "ä b\n\r.csv").read_bytes() == b"t\r\n1\r\n"
        assert (base / "link.csv").resolve() == (base / "ä b\n\r.csv").resolve()
        assert not (base / "out.csv").exists(), "its target is not there"
        assert (base / "data.npz").read_text() == "DATA"
        assert (base / "configs" / "Post" / "one.yaml").exists()


def test_a_commit_without_the_site(repository):
    new = repository.parent / "new"
    (new / "configs").mkdir(parents=True)
    with checked_out(new, find_revision(new, "HEAD").commit) as base:
        assert not base.exists()


def test_variables_of_a_git_hook_are_ignored(repository, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    (other / "file").touch()
    commit(other)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    with checked_out(repository, find_revision(repository, "HEAD").commit) as base:
        assert (base / "configs/Post/one.yaml").exists()


def test_without_a_remote_the_base_is_head(repository):
    found = merge_base(repository)
    assert found.commit == git(repository, "rev-parse", "HEAD")
    assert str(found) == f"HEAD ({found.commit[:10]})"


@pytest.fixture
def clone(repository, tmp_path):
    """A clone with a branch of one commit; the remote's default branch has another new one."""
    git(tmp_path, "clone", f"file://{repository.parent}", "clone")
    copy = tmp_path / "clone" / "blog"
    git(copy, "switch", "--create", "branch")
    (copy / "configs" / "Post" / "one.yaml").write_text("branch\n")
    commit(copy.parent)
    (repository / "configs" / "Post" / "one.yaml").write_text("main\n")
    commit(repository.parent)
    git(copy, "fetch")
    return copy


def test_the_base_is_the_merge_base_with_the_default_branch(clone):
    found = merge_base(clone)
    assert found == (git(clone, "rev-parse", "HEAD~1"), "the merge base of HEAD and origin/main")
    with checked_out(clone, found.commit) as base:
        assert (base / "configs/Post/one.yaml").read_text() == "old\n"
    git(clone, "remote", "rename", "origin", "upstream")
    assert merge_base(clone) == (found.commit, "the merge base of HEAD and upstream/main")


def test_an_unknown_default_branch_is_not_guessed(clone):
    git(clone, "symbolic-ref", "--delete", "refs/remotes/origin/HEAD")
    with pytest.raises(
        UsageError,
        match="the default branch of the remote 'origin' is unknown; set it with 'git remote set-head origin --auto'",
    ):
        merge_base(clone)


def test_a_shallow_clone(clone, tmp_path):
    git(tmp_path, "clone", "--depth=1", f"file://{clone.parent}", "shallow")
    shallow = tmp_path / "shallow" / "blog"
    with pytest.raises(UsageError, match="unknown revision 'HEAD~1'; the clone is shallow: "):
        find_revision(shallow, "HEAD~1")
    git(shallow, "checkout", "--orphan", "other")
    commit(shallow.parent)
    with pytest.raises(UsageError, match="no merge base of HEAD and origin/branch; the clone is shallow: "):
        merge_base(shallow)


@pytest.mark.parametrize("name", ["nowhere", "", "-h", "--all", "HEAD:blog", "HEAD nowhere", "a\nb", "@{upstream}", "blog/configs"])  # fmt: skip
def test_unknown_revisions(repository, name):
    with pytest.raises(UsageError, match=f"^unknown revision '{re.escape(name)}'; 'git log --oneline' lists commits$"):
        find_revision(repository, name)


def test_a_repository_without_a_commit(tmp_path):
    git(tmp_path, "init")
    with pytest.raises(UsageError, match="no commit to compare with: commit the site, then change it"):
        merge_base(tmp_path)


def test_a_repository_of_another_user(repository, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError) as caught:
        merge_base(repository)
    place = f"'{repository.parent}'"
    advice = f"if you trust them, run: git config --global --add safe.directory {place}"
    assert str(caught.value) == f"git reads no repository of other users, such as {place}; {advice}"


def test_no_repository(tmp_path):
    with pytest.raises(UsageError, match=r"is not in a git repository, .*; run 'git init' there"):
        merge_base(tmp_path)


def test_no_git(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        merge_base(repository)


def test_a_tree_that_git_refuses_to_check_out(repository):
    """Its path would lead out of the folder."""
    blob = git(repository, "hash-object", "-w", "configs/Post/one.yaml")
    entry = b"100644 ..\0" + bytes.fromhex(blob)
    made = ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"]
    tree = subprocess.run(made, cwd=repository, input=entry, check=True, capture_output=True).stdout.decode().strip()
    bad = git(repository, "commit-tree", tree, "-m", "bad")
    with pytest.raises(UsageError, match="git read-tree: "), checked_out(repository, bad):
        pass
