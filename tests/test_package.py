"""What is shipped: the same bytes each time, nothing but what should be in it, and no use of a network."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.figures import ROOT

pytestmark = pytest.mark.slow

BUILD = "import sys, flit_core.buildapi as api; print(getattr(api, 'build_' + sys.argv[1])(sys.argv[2]))"
EVERYWHERE = shutil.ignore_patterns("__pycache__", ".figgen", "baseline", "gallery")
AT_THE_TOP = {".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "build", "dist"}


def ignored(folder, names):
    return EVERYWHERE(folder, names) | (AT_THE_TOP if Path(folder) == ROOT else set())


def built(kind, folder, umask):
    """Build a wheel or an sdist from a copy of the checkout, of other times and permissions."""
    copy = shutil.copytree(ROOT, folder / "figgen", ignore=ignored)
    for path in copy.rglob("*"):
        os.utime(path, (1.2e9 + umask, 1.2e9 + umask))
        path.chmod(0o777 & ~umask)
    target = folder / "dist"
    target.mkdir()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}  # `make dist` gives the time of the commit
    done = subprocess.run(
        [sys.executable, "-c", BUILD, kind, target],
        cwd=copy,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return target / done.stdout.strip()


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def twice(request, tmp_path_factory):
    return [built(request.param, tmp_path_factory.mktemp(str(umask)), umask) for umask in (0o022, 0o077)]


def names(path):
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    with tarfile.open(path) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def test_a_build_can_be_repeated(twice):
    one, other = twice
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_it_contains_what_it_should_and_nothing_else(twice):
    found = {name for name in names(twice[0]) if not name.endswith("/")}
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "figgen").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert found >= package
    if twice[0].suffix == ".whl":
        others = {name.rpartition("/")[2] for name in found - package}
        assert others == {"WHEEL", "METADATA", "RECORD", "LICENSE", "entry_points.txt"}
    else:
        tops = {Path(name).parts[0] for name in found - package}
        assert tops <= {
            "CHANGELOG.md", "LICENSE", "Makefile", "PKG-INFO", "README.md", "configs", "pyproject.toml", "requirements",
            "tests", "tools",
        }  # fmt: skip
        assert not [name for name in found if name.endswith(".png")]


def test_no_network_is_needed(site):
    """Build and check a site where there is none, not even a loopback."""
    cut = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*cut, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine makes no network namespaces")
    (site / "_posts").mkdir()
    (site / "_posts" / "2025-01-01-post.md").write_text("---\n---\n\n![A rising line.](/assets/posts/Post/one.png)\n")
    for command in (["build", "--jobs", "2"], ["validate"], ["accept"], ["check"]):
        done = subprocess.run(
            [*cut, sys.executable, "-m", "figgen", *command, "--root", site],
            cwd=ROOT, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
