"""Judges all figures under other versions of matplotlib and Python, each in an environment of its own: `make matrix`.

What a figure says and its layout must be those of the baselines everywhere. Pixels must be, too, up to matplotlib 3.10;
from 3.11 on, which draws every letter otherwise, they are told as drift.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from figgen.regression.baselines import BASELINES
from figgen.site.files import digest
from tests.figures import GALLERY, ROOT

ENVIRONMENTS = ROOT / ".venv" / "matrix"
OLDEST_PYTHON, SOME_FUTURE_PYTHON = 11, 30  # 3.11, and one beyond those that there are
LAST_EXACT = (3, 10)


class Row(NamedTuple):
    """One environment: what it is called, the Python that it is of, what is installed in it, and if pixels count."""

    name: str
    python: str
    requirements: Path
    exact: bool


class Pythons(NamedTuple):
    """The supported versions of Python on this machine, as minor versions and paths, and commands that do not run."""

    found: list[tuple[int, str]]
    broken: list[str]


def find_pythons() -> Pythons:
    """Find an interpreter of each supported minor version.

    A version manager puts a command on the path for each version that any project uses, which fails in other projects.
    """
    kept = sorted(Path("~/.pyenv/versions").expanduser().glob("3.*/bin/python"))
    by_minor = {int(path.parts[-3].split(".")[1]): str(path) for path in kept}
    by_minor[sys.version_info.minor] = sys.executable
    broken = []
    for minor in range(OLDEST_PYTHON, SOME_FUTURE_PYTHON):
        path = shutil.which(f"python3.{minor}")
        if path is None or minor in by_minor:
            continue
        if subprocess.run([path, "-c", ""], check=False, capture_output=True).returncode == 0:
            by_minor[minor] = path
        else:
            broken.append(Path(path).name)
    return Pythons(sorted((minor, path) for minor, path in by_minor.items() if minor >= OLDEST_PYTHON), broken)


def rows(pythons: list[tuple[int, str]]) -> list[Row]:
    """List the environments: each pinned matplotlib, and the locked one on the oldest and the newest Python."""
    pinned = sorted((ROOT / "requirements").glob("matplotlib-*.txt"), key=lambda path: _version(path.stem))
    found = [Row(path.stem, sys.executable, path, _version(path.stem) <= LAST_EXACT) for path in pinned]
    for minor, path in dict.fromkeys((pythons[0], pythons[-1])):
        found.append(Row(f"python-3.{minor}", path, ROOT / "requirements" / "test.txt", exact=True))
    return found


def _version(name: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", name)[:2]))


def prepare(row: Row) -> Path:
    """Make the environment of a row, unless it is there already, and give its Python."""
    folder = ENVIRONMENTS / row.name
    stamp, wanted = folder / "stamp", digest(row.requirements.read_bytes() + row.python.encode())
    python = folder / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([row.python, "-m", "venv", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "--requirement", row.requirements], check=True)
        stamp.write_text(wanted)
    return python


def judge(row: Row) -> bool:
    """Run the tests of the figures in an environment, print a line of the table, and tell whether they passed."""
    python = prepare(row)
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_figures.py::test_figure"]
    started = time.monotonic()
    done = subprocess.run(
        [*command, *(["--exact"] if row.exact else [])], check=False, capture_output=True, text=True, cwd=ROOT
    )
    drifted = len(re.findall(r" pixels differ ", done.stdout))
    counted = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr
    pixels = "all pixels equal" if not drifted else f"drift in {drifted}"
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{row.name:20} {verdict:7} {pixels:18} {counted} {time.monotonic() - started:.0f} s", flush=True)
    if done.returncode:
        print(done.stdout, done.stderr)
    return done.returncode == 0


def move(row: Row) -> bool:
    """Move copies of the sites to the libraries of an environment, as docs/how-to/upgrade-matplotlib.md says: no content may change."""
    python = prepare(row)
    with tempfile.TemporaryDirectory(prefix="figgen-move-") as name:
        for number, site in enumerate((ROOT, GALLERY)):
            copy = Path(name, str(number))
            for part in ("configs", "tests/baseline", "assets", "figgen.lock"):
                given = site / part
                copied = copy / part
                copied.parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if given.is_dir() else shutil.copyfile)(given, copied)
            before = _contents(copy)
            figgen = [python, "-m", "figgen"]
            for command in ([*figgen, "build", "--quiet", "--accept-drift"], [*figgen, "accept", "--drift-only"]):
                done = subprocess.run([*command, "--root", copy], check=False, capture_output=True, text=True, cwd=ROOT)
                if done.returncode:
                    print(f"{row.name:20} FAILED  {done.stdout} {done.stderr}")
                    return False
            if _contents(copy) != before or " 0 refused" not in done.stdout:
                print(f"{row.name:20} FAILED  the move changed what figures say: {done.stdout}")
                return False
    print(f"{row.name:20} ok      moved to with --drift-only: all accepted, no content changed", flush=True)
    return True


def _contents(site: Path) -> dict[str, bytes]:
    """Read what the baselines of a site say."""
    paths = (site / BASELINES).glob("*/*.json")
    return {str(path.relative_to(site)): path.read_bytes() for path in paths}


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge all figures under other versions of matplotlib and Python.")
    parser.add_argument("only", nargs="*", help="environments whose name is one of these; all if left out")
    only = parser.parse_args().only
    pythons, broken = find_pythons()
    if broken:
        print(f"skipped: {', '.join(broken)} (on the path, but it does not run)", file=sys.stderr)
    known = rows(pythons)
    unknown = set(only) - {row.name for row in known}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(row.name for row in known)}")
    wanted = [row for row in known if not only or row.name in only]
    passed = [judge(row) for row in wanted] + [move(row) for row in wanted if not row.exact]
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main())
