"""Configs with one mistake each, or a few, and exactly what is told of them.

A case is `tests/specs/bad/<name>.yaml` with what `figgen validate` prints in `<name>.txt`, or, where a mistake takes more
than one file, a folder with the site's `configs/` and an `expected.txt`.
"""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from figgen.cli import main
from tests.conftest import MINIMAL
from tests.figures import ROOT

pytestmark = pytest.mark.usefixtures("in_process")

BAD = ROOT / "tests" / "specs" / "bad"

LINE = re.compile(r"(?P<path>[^:]+):(?P<line>[1-9][0-9]*):(?P<column>[1-9][0-9]*): (?P<said>.+)")


@dataclass(frozen=True)
class Bad:
    """One case: a config alone, or a folder of what a site has under `configs/`."""

    path: Path

    @property
    def expected_file(self) -> Path:
        return self.path / "expected.txt" if self.path.is_dir() else self.path.with_suffix(".txt")

    @property
    def expected(self) -> list[str]:
        return self.expected_file.read_text(encoding="utf-8").splitlines()

    def copy_to(self, site: Path) -> None:
        if self.path.is_dir():
            shutil.copytree(self.path / "configs", site / "configs")
        else:
            (site / "configs" / "Bad").mkdir(parents=True)
            shutil.copyfile(self.path, site / "configs" / "Bad" / self.path.name)


CASES = [Bad(path) for path in sorted(BAD.iterdir()) if path.is_dir() or path.suffix == ".yaml"]


def run(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def test_there_are_many_cases_and_each_has_its_text():
    assert len(CASES) >= 60
    files = {path for path in BAD.iterdir() if path.is_file()}
    single = {case.path for case in CASES if case.path.is_file()}
    assert files == single | {path.with_suffix(".txt") for path in single}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_a_mistake_is_told_with_its_place(case, tmp_path):
    assert case.expected
    assert all(LINE.fullmatch(line) for line in case.expected)
    case.copy_to(tmp_path)

    told = run("validate", "--root", tmp_path)
    assert told.exit_code == 1
    assert told.stdout.splitlines() == case.expected

    as_json = run("validate", "--format", "json", "--root", tmp_path)
    assert as_json.exit_code == 1
    places = [f"{found['path']}:{found['line']}:{found['column']}" for found in json.loads(as_json.stdout)]
    assert places == [":".join(line.split(":")[:3]) for line in case.expected]


@pytest.mark.slow
def test_nothing_is_written_for_a_bad_config_and_the_others_are_built(tmp_path):
    """Build all configs that stand alone at once, beside a good one."""
    alone = [case for case in CASES if case.path.is_file()]
    (tmp_path / "configs" / "Bad").mkdir(parents=True)
    for case in alone:
        shutil.copyfile(case.path, tmp_path / "configs" / "Bad" / case.path.name)
    (tmp_path / "configs" / "Good").mkdir()
    (tmp_path / "configs" / "Good" / "good.yaml").write_text(MINIMAL, encoding="utf-8")

    built = run("build", "--root", tmp_path)
    assert built.exit_code == 1
    assert sorted(built.stderr.splitlines()) == sorted(line for case in alone for line in case.expected)
    assert built.stdout.splitlines()[-1] == f"figures: 1 built, 0 fresh, {len(alone)} failed"
    assert [path.name for path in (tmp_path / "assets").rglob("*") if path.is_file()] == ["good.png"]


def test_configs_that_differ_by_letter_case_only(tmp_path):
    folder = tmp_path / "configs" / "Bad"
    folder.mkdir(parents=True)
    (folder / "Loss.yaml").write_text(MINIMAL, encoding="utf-8")
    (folder / "loss.yaml").write_text(MINIMAL, encoding="utf-8")
    if len(list(folder.iterdir())) == 1:
        pytest.skip("this file system does not tell upper from lower case")
    told = run("validate", "--root", tmp_path)
    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "configs/Bad/loss.yaml:1:1: writes the same file as configs/Bad/Loss.yaml on a case-insensitive file system; rename one of the two"
    ]
