"""What `make e2e` does on a machine without its programs; the run itself is a part of .ci/run."""

import os
import subprocess
import sys

import pytest

from tests.figures import ROOT
from tools.e2e.programs import PACKAGES

pytestmark = pytest.mark.slow

APT_GET = """\
#!/bin/sh
case "$*" in
  *update*) exit 0 ;;
  *) echo "E: Unable to locate package jekyll" >&2; exit 100 ;;
esac
"""


@pytest.fixture
def bare(tmp_path):
    """A folder of programs, without those of the run, that is all of the PATH."""
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def run(bare):
    environment = {**os.environ, "PATH": str(bare)}
    command = [sys.executable, "-m", "tools.e2e"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)


def test_a_machine_that_is_not_debian(bare):
    result = run(bare)
    assert (result.returncode, result.stdout) == (2, "")
    names = ", ".join(PACKAGES.values())
    assert result.stderr == f"e2e: cannot run here: missing: the programs of the Debian packages {names}\n"


def test_an_installation_that_fails(bare):
    (bare / "apt-get").write_text(APT_GET)
    (bare / "apt-get").chmod(0o755)
    result = run(bare)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    if os.geteuid() == 0:
        assert result.stderr.endswith("'apt-get install' failed: E: Unable to locate package jekyll\n")
    else:
        assert "; as root, run 'apt-get update && apt-get install jekyll ruby-html-proofer" in result.stderr


def test_ci_tells_what_fails_from_what_cannot_run(tmp_path):
    script = (ROOT / ".ci" / "run").read_text()
    own = "status=0\n" + script.partition("\nstatus=0\n")[2]
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    for status, expected in ((0, 0), (1, 1), (2, 0)):
        python.write_text(f"#!/bin/sh\nexit {status}\n")
        python.chmod(0o755)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", own], cwd=tmp_path, check=False, capture_output=True, text=True
        )
        assert done.returncode == expected, status
        assert ("SKIPPED: make e2e" in done.stderr) == (status == 2)
