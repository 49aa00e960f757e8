"""What other programs read: the workflow, and the hooks for pre-commit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from figgen.cli import main
from tests.conftest import MINIMAL
from tests.figures import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "figures.yml"
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
TRY = shutil.which("pre-commit", path=Path(sys.executable).parent)


def test_the_workflow_is_valid():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(WORKFLOW)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_workflow_may_read_and_nothing_else():
    workflow = yaml.safe_load(WORKFLOW.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow["jobs"].values())
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        for step in job["steps"]:
            # What a pull request's author chooses must not be put into a script as text.
            assert "${{" not in step.get("run", ""), step
            assert "checkout" not in step.get("uses", "") or step["with"]["persist-credentials"] is False


def test_the_workflow_runs_what_there_is():
    targets = {line.partition(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if ": " in line}
    steps = [step for job in yaml.safe_load(WORKFLOW.read_text())["jobs"].values() for step in job["steps"]]
    called = {step["run"].split()[1] for step in steps if step.get("run", "").startswith("make ")}
    assert called
    assert called <= targets


def test_the_matrix_has_the_oldest_and_the_newest():
    workflow = yaml.safe_load(WORKFLOW.read_text())
    there_are = sorted(
        (path.stem for path in (ROOT / "requirements").glob("matplotlib-*.txt")),
        key=lambda name: [*map(int, name.partition("-")[2].split("."))],
    )
    assert workflow["jobs"]["matrix"]["strategy"]["matrix"]["environment"] == [there_are[0], there_are[-1]]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_calls_a_command(hook):
    program, command = hook["entry"].split()
    assert program == "figgen"
    assert command in main.commands
    assert hook["id"] == f"figgen-{command}"


@pytest.mark.slow
@pytest.mark.skipif(TRY is None, reason="pre-commit is not installed: make test-hooks")
def test_the_hooks_run_in_a_repository_that_uses_them(tmp_path):
    """Have pre-commit install this project and run its hooks in a small blog, once fine and once with a mistake."""
    blog = tmp_path / "blog"
    (blog / "configs" / "Post").mkdir(parents=True)
    (blog / "_posts").mkdir()
    config = blog / "configs" / "Post" / "one.yaml"
    config.write_text(MINIMAL)
    post = blog / "_posts" / "2025-01-01-post.md"
    post.write_text("---\ntitle: Post\n---\n\n![A rising line.](/assets/posts/Post/one.png)\n")
    subprocess.run([sys.executable, "-m", "figgen", "build", "--root", blog], check=True, cwd=ROOT)
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_GLOBAL": os.devnull}
    names = ["-c", "user.name=a", "-c", "user.email=a@example.org"]

    def git(*arguments):
        subprocess.run(["git", *names, *arguments], cwd=blog, check=True, env=environment, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "post")

    def hooks():
        command = [TRY, "try-repo", str(ROOT), "--all-files", "--verbose"]
        done = subprocess.run(command, cwd=blog, env=environment, check=False, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    status, said = hooks()
    assert status == 0, said
    assert said.count("Passed") == len(HOOKS), said
    config.write_text(MINIMAL.replace("2 * x", "2 * y"))
    post.write_text(post.read_text().replace("one.png", "two.png"))
    git("add", "-A")
    status, said = hooks()
    assert status == 1
    assert "configs/Post/one.yaml:5:31" in said
    assert "_posts/2025-01-01-post.md:5:1" in said
