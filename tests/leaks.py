"""A pytest plugin that fails a run which leaves processes or temporary files behind.

Temporary files of a run are made in a folder of its own, which is its TMPDIR, and its processes are known by a variable of
their environment. What pytest makes for `tmp_path` is elsewhere: it removes that itself, but for tests that failed.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

VARIABLE = "FIGGEN_TEST_RUN"


def is_worker(config):
    """Check whether this is a worker of pytest-xdist; its environment is that of a run within a test, too."""
    return hasattr(config, "workerinput")


def pytest_configure(config):
    """Set TMPDIR to a new folder for this run, and a variable by which its processes are found."""
    if is_worker(config):
        return
    outer = {name: os.environ.get(name) for name in ("TMPDIR", "PYTEST_DEBUG_TEMPROOT", VARIABLE)}
    config.add_cleanup(lambda: restore(outer))
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    os.environ["TMPDIR"] = os.environ[VARIABLE] = tempfile.mkdtemp(prefix="figgen-tests-")
    tempfile.tempdir = None  # it is looked up again


def restore(outer):
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    for name, value in outer.items():
        os.environ.pop(name)
        if value is not None:
            os.environ[name] = value
    tempfile.tempdir = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session):
    """Fail the run for what it left, after the workers of pytest-xdist have ended."""
    result = yield
    if not is_worker(session.config) and (left := [*processes(), *files()]):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
        session.config.get_terminal_writer().write(
            "\nleft behind:\n" + "".join(f"  {item}\n" for item in left), red=True
        )
    return result


def files():
    """List the temporary files of the run."""
    folder = Path(os.environ["TMPDIR"])
    return [f"{path} ({len(list(path.rglob('*')))} files)" if path.is_dir() else str(path) for path in folder.iterdir()]


def processes():
    """List the processes of the run on Linux, with where they work, which is often the folder of a test."""
    mark = f"{VARIABLE}={os.environ[VARIABLE]}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.name != str(os.getpid()) and mark in (process / "environ").read_bytes().split(b"\0"):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if "multiprocessing.resource_tracker" in command:  # Python's own, which ends with this process
                    continue
                found.append(f"process {process.name} in {(process / 'cwd').readlink()}: {command[:200]}")
    return found
