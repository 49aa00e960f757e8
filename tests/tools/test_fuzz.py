"""`make fuzz` without its fuzzer, which few machines have: one that gives each target its seeds, and no more."""

import sys

import pytest

from tests.figures import ROOT
from tests.processes import run

pytestmark = pytest.mark.slow

ATHERIS = """\
import contextlib, os, pathlib, sys

instrument_imports = lambda **_: contextlib.nullcontext()

def Setup(arguments, target):
    global work
    work = lambda: [target(path.read_bytes()) for path in pathlib.Path(arguments[1]).iterdir()]

def Fuzz():
    count = len(work())
    print(f"#{count} DONE cov: 5 ft: 5 corp: 1/1b exec/s: 1 rss: 50Mb", file=sys.stderr, flush=True)
    os._exit(0)
"""


def test_every_target_takes_its_seeds_and_leaves_nothing(tmp_path):
    (tmp_path / "atheris.py").write_text(ATHERIS)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    words = ["env", f"PYTHONPATH={tmp_path}", f"TMPDIR={temporary}", sys.executable, "-m", "tools.fuzz"]
    done = run(words, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    targets = [line.split()[:2] for line in done.stdout.splitlines()]
    assert targets == [[name, "ok"] for name in ("spec", "formula", "post", "lockfile", "site_config", "csv", "npz")]
    assert list(temporary.iterdir()) == []
