"""A run that leaves something behind fails, and names it."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.figures import ROOT

pytestmark = pytest.mark.slow

LEAVING = """
    import subprocess, tempfile

    started = []

    def test_leaves():
        started.append(subprocess.Popen(["sleep", "600"], start_new_session=True))
        tempfile.mkstemp(prefix="forgotten-")

    def test_clean(tmp_path):
        with tempfile.TemporaryDirectory():
            subprocess.run(["true"], check=True)
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_a_run_leaves_behind_fails_it(pytester, workers):
    pytester.makeconftest('pytest_plugins = ["tests.leaks"]')
    pytester.makepyfile(LEAVING)
    pytester.syspathinsert(ROOT)
    options = (
        "-n",
        workers,
        "-p",
        "no:randomly",
        "-p",
        "no:unraisableexception",
        f"--basetemp={pytester.path / 'base'}",
    )
    clean = pytester.runpytest_subprocess(*options, "-k", "clean")
    assert clean.ret == 0
    result = pytester.runpytest_subprocess(*options)
    result.assert_outcomes(passed=2)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["left behind:", f"  process * in {pytester.path}: sleep 600*", "  */figgen-tests-*/forgotten-*"]
    )
    pid = int(next(line.split()[1] for line in result.outlines if "process" in line))
    os.kill(pid, 9)
    assert not list(Path(tempfile.gettempdir()).glob("figgen-tests-*")), "its folder is removed all the same"
