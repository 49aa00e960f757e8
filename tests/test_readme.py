"""The README's commands are run, in its order, on a copy of the project; those that cannot be are run by CI."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.figures import PUBLISHED, ROOT, cases

README = (ROOT / "README.md").read_text()
NOT_RUN_HERE = {"git clone <URL of this repository> figgen && cd figgen", "make test"}  # CI runs these


def blocks(language):
    found = re.findall(rf"( *)```{language}\n(.*?)```", README, re.DOTALL)
    return ["".join(line.removeprefix(indent) for line in block.splitlines(keepends=True)) for indent, block in found]


def sessions():
    """Yield each command that the README shows, and the lines that it prints."""
    for block in blocks("console"):
        for session in block.split("$ ")[1:]:
            command, *printed = session.splitlines()
            yield command, [line for line in printed if line != "…"]


@pytest.fixture
def checkout(tmp_path):
    """A copy of the project with the published figures only, in which `.venv/bin` is the running interpreter."""
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
    copy = shutil.copytree(ROOT, tmp_path / "figgen", ignore=ignored)
    for case in cases(ROOT):
        if case.target.name not in PUBLISHED:
            files = (case.config, case.artefact, case.baseline, case.baseline.with_suffix(".json"))
            for path in files:
                (copy / path.relative_to(ROOT)).unlink(missing_ok=True)
    for config in (copy / "docs" / "gallery" / "configs").glob("*/*.yaml"):
        if config.name != "line.yaml":  # one picture of the gallery is enough here
            config.unlink()
    (copy / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (copy / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    for stamp in ("figures.stamp", "test.stamp"):
        (copy / ".venv" / stamp).touch()
    return copy


@pytest.mark.slow
def test_a_new_figure_takes_no_python(checkout):
    """Follow the README: a new figure is drawn, refused without a baseline, approved, and tested."""
    tests = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", "silu"]
    for command, printed in sessions():
        if command in NOT_RUN_HERE:
            continue
        if command == "make baselines":
            unapproved = subprocess.run(tests, cwd=checkout, check=False, capture_output=True, text=True)
            assert unapproved.returncode == 1
            assert "make baselines" in unapproved.stdout
        result = subprocess.run(
            ["bash", "-c", command],
            cwd=checkout,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert result.returncode == 0, (command, result.stdout)
        lines = iter(result.stdout.splitlines())
        assert all(line in lines for line in printed), (command, result.stdout)  # in this order
    assert (checkout / "tests" / "baseline" / "Activations" / "silu.png").exists()
    approved = subprocess.run(tests, cwd=checkout, check=False, capture_output=True, text=True)
    assert approved.returncode == 0, approved.stdout


def test_ci_runs_the_tests():
    assert "make test" in {command for command, _ in sessions()}
    script = (ROOT / ".ci" / "run").read_text()
    targets = [target for line in re.findall(r"^make ([\w -]+)", script, re.MULTILINE) for target in line.split()]
    assert {"test", "test-all", "figures", "gallery"} <= set(targets)


def test_the_example_is_one_of_the_configs():
    config = ROOT / "configs" / "VanishingGradients" / "vanish_explode_sigmoid_deriv.yaml"
    assert blocks("yaml")[0] == config.read_text()


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [*project["dependency-groups"].values(), *project["project"]["optional-dependencies"].values()]
    wanted = project["project"]["dependencies"] + [dependency for group in groups for dependency in group]
    named = re.findall(r"^\| ([\w, -]+) \|", README.partition("## Dependencies")[2], re.MULTILINE)
    names = {name.strip() for row in named for name in row.split(",")}
    assert {re.split(r"[<>=]", dependency)[0] for dependency in wanted} == names - {"package"}


def test_the_tree_is_that_of_the_packages():
    tree, layers = blocks("text")[:2]
    named = [line.split()[0].rstrip("/") for line in tree.splitlines()[1:]]
    modules = {path.name for path in (ROOT / "figgen").iterdir() if not path.name.startswith("_")} - {"py.typed"}
    assert set(named) == modules
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    assert layers.splitlines() == contract[1:]  # without __main__
    upwards = [name for layer in reversed(contract[1:]) for name in layer.split(" | ")]
    assert [name.removesuffix(".py") for name in named] == upwards


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
