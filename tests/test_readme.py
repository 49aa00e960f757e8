"""The README's commands are run, in its order, on a copy of the project; those that cannot be are run by CI."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import ROOT

README = (ROOT / "README.md").read_text()
COMMANDS = [line.strip() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
COMMANDS = [command for command in COMMANDS if command]
BY_CI = {"make test"}


def blocks(language):
    found = re.findall(rf"( *)```{language}\n(.*?)```", README, re.DOTALL)
    return ["".join(line.removeprefix(indent) for line in block.splitlines(keepends=True)) for indent, block in found]


@pytest.fixture
def checkout(tmp_path):
    """A copy of the project whose set-up counts as done: `.venv/bin` is the interpreter that runs the tests."""
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
    copy = shutil.copytree(ROOT, tmp_path / "figgen", ignore=ignored)
    for config in (copy / "docs" / "gallery" / "configs").glob("*/*.yaml"):
        if config.name != "line.yaml":  # one picture of the gallery is enough here
            config.unlink()
    (copy / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (copy / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    for stamp in ("figures.stamp", "test.stamp"):
        (copy / ".venv" / stamp).touch()
    return copy


def test_a_new_figure_takes_no_python(checkout):
    """Walk through «Add a figure»: written, validated, drawn, refused for want of a baseline, approved, tested."""
    config = checkout / "configs" / "Activations" / "silu.yaml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(blocks("yaml")[1])
    tests = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", "silu"]
    unapproved = subprocess.run(tests, cwd=checkout, check=False, capture_output=True, text=True)
    assert unapproved.returncode == 1
    assert "approve it with 'make baselines'" in unapproved.stdout
    for command in COMMANDS:
        if command not in BY_CI:
            result = subprocess.run(["bash", "-c", command], cwd=checkout, check=False, capture_output=True, text=True)
            assert result.returncode == 0, (command, result.stdout, result.stderr)
    assert (checkout / "tests" / "baseline" / "Activations" / "silu.png").exists()
    approved = subprocess.run(tests, cwd=checkout, check=False, capture_output=True, text=True)
    assert approved.returncode == 0, approved.stdout


def test_ci_runs_the_other_commands():
    script = (ROOT / ".ci" / "run").read_text().splitlines()
    assert set(COMMANDS) >= BY_CI
    assert set(script) >= BY_CI


def test_the_example_is_one_of_the_configs():
    config = ROOT / "configs" / "VanishingGradients" / "vanish_explode_sigmoid_deriv.yaml"
    assert blocks("yaml")[0] == config.read_text()


def test_every_dependency_has_its_reason():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [*project["dependency-groups"].values(), *project["project"]["optional-dependencies"].values()]
    wanted = project["project"]["dependencies"] + [dependency for group in groups for dependency in group]
    named = re.findall(r"^\| ([\w, -]+) \|", README.partition("## Dependencies")[2], re.MULTILINE)
    names = {name.strip() for row in named for name in row.split(",")}
    assert {re.split(r"[<>=]", dependency)[0] for dependency in wanted} == names - {"package"}


def test_links_lead_somewhere():
    for path in re.findall(r"(?:src=\"|\]\()([^/)\"][^)\":]*)", README):
        assert (ROOT / path).exists(), path


def test_make_help_lists_every_target():
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    assert [line.split()[1] for line in listed.splitlines()] == sorted(phony, key=(ROOT / "Makefile").read_text().index)


def test_make_figures_builds_the_figures_of_the_blog_only():
    dry_run = ["make", "--dry-run", "--no-print-directory"]
    commands = {
        target: subprocess.run([*dry_run, target], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for target in ("figures", "gallery", "docs", "baselines")
    }
    assert {target: text.count("figgen build") for target, text in commands.items()} == {
        "figures": 1, "gallery": 1, "docs": 1, "baselines": 2,
    }  # fmt: skip
    assert [target for target, text in commands.items() if "build --root docs/gallery" in text] == [
        "gallery",
        "docs",
        "baselines",
    ]


def test_no_lock_file_names_an_index():
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text()
        assert "--hash=sha256:" in lock.read_text()
    assert os.environ.get("CI") is None or (ROOT / ".ci" / "run").stat().st_mode & 0o111
