"""Builds that are broken off: by Ctrl-C, by SIGKILL at any moment, by another build at the same time."""

import io
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image

from figgen.files import digest
from figgen.lock import read
from figgen.site import discover
from tests.conftest import MINIMAL
from tests.figures import ROOT

FIGURES = 8


def start(site, *options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "figgen", "build", "--root", str(site), *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait(process):
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def members(group):
    """List the processes of a group that are still at work."""
    found = subprocess.run(["ps", "-o", "pid=,stat=", "--sid", str(group)], check=False, capture_output=True, text=True)
    return [line for line in found.stdout.splitlines() if line.split()[1][0] != "Z"]


@pytest.fixture
def large(site):
    """A site of several figures, none of them built."""
    (site / "configs/Post/one.yaml").unlink()
    draw_anew(site, 1)
    return site


def draw_anew(site, version):
    for number in range(FIGURES):
        text = MINIMAL.replace("2 * x", f"{number + version} * x")
        (site / f"configs/Post/f{number}.yaml").write_text(text)


def assert_whole(site, before):
    """Every artefact is as it was, or a whole picture; nothing else was touched."""
    for target in discover(site)[0]:
        path = site / target.artefact
        if path.exists() and path.read_bytes() != before.get(target.artefact):
            with Image.open(io.BytesIO(path.read_bytes())) as image:
                image.load()
                assert image.size == (1200, 800)


def contents(site):
    return {str(path.relative_to(site)): path.read_bytes() for path in (site / "assets").rglob("*.png")}


def assert_repaired(site):
    status, out, _ = wait(start(site, "-j", "2"))
    assert (status, out.splitlines()[-1].endswith("0 failed")) == (0, True)
    entries = read(site)
    assert {path: digest(content) for path, content in contents(site).items()} == {
        path: entry.digest for path, entry in entries.items()
    }
    assert len(entries) == FIGURES
    assert not list(site.rglob(".figgen-*"))
    assert wait(start(site))[1] == f"figures: 0 built, {FIGURES} fresh, 0 failed\n"


@pytest.mark.parametrize("attempt", range(4))
def test_killed_at_any_moment(large, attempt):
    """Half the times a first build is killed, half the times one that draws every figure anew."""
    if attempt % 2:
        assert_repaired(large)
        draw_anew(large, 2)
    before = contents(large)
    process = start(large, "-j", "2")
    time.sleep(random.uniform(0.05, 1.8))  # noqa: S311 - any moment will do
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 5
    while members(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not members(process.pid), "no worker outlives its build"
    assert_whole(large, before)
    assert_repaired(large)


def test_interrupted(large):
    process = start(large, "-j", "2")
    while not list(large.rglob("*.png")):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    interrupted = time.monotonic()
    status, _, err = wait(process)
    assert time.monotonic() - interrupted < 1
    assert status == 1
    assert "Aborted!" in err
    assert not members(process.pid)
    done = contents(large)
    assert read(large).keys() == done.keys(), "what was drawn is recorded"
    assert_repaired(large)


def test_two_builds_at_once(large):
    builds = [start(large, "-j", "2") for _ in range(2)]
    outcomes = [wait(process) for process in builds]
    assert [status for status, _, _ in outcomes] == [0, 0]
    assert_repaired(large)


def test_a_second_build_waits_and_says_so(large):
    from filelock import FileLock

    (large / ".figgen").mkdir()
    with FileLock(large / ".figgen" / "lock"):
        process = start(large)
        line = process.stderr.readline()
        assert line == "another build is at work on this site; waiting for it to end\n"
        assert process.poll() is None
    status, out, _ = wait(process)
    assert (status, out.splitlines()[-1]) == (0, f"figures: {FIGURES} built, 0 fresh, 0 failed")


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="needs root, to mount a full disk")
def test_a_full_disk_gives_one_clear_line_and_loses_nothing(large, tmp_path_factory):
    disk = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine mounts nothing")
    try:
        subprocess.run(["cp", "-r", f"{large}/configs", str(disk)], check=True)
        status, _, err = wait(start(disk, "-j", "2"))
        assert status == 1
        assert "cannot be written: No space left on device" in err
        assert_whole(disk, {})
        assert not list(disk.glob("assets/**/.figgen-*"))
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_folder_that_cannot_be_written_to_gives_one_clear_line(large):
    (large / ".figgen").write_text("in the way")
    status, _, err = wait(start(large))
    assert (status, err) == (1, ".figgen:1:1: the site's folder cannot be written to: File exists\n")
