"""Builds that are broken off: by Ctrl-C, by SIGKILL at any moment, by another build at the same time."""

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image

from figgen.build.lockfile import read
from figgen.site.files import digest
from figgen.site.paths import discover
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


def pages(folder, pattern):
    """Count the bytes that files take on a disk of 4 KiB pages."""
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob(pattern) if path.is_file())


@pytest.fixture
def disk(large, tmp_path_factory):
    """A site, on a disk on which there is no room for more than so many bytes beside its configs."""
    folder = tmp_path_factory.mktemp("disk")

    def mounted(room):
        size = pages(large / "configs", "*") + room
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("this machine mounts nothing")
        shutil.copytree(large / "configs", folder / "configs")
        return folder

    yield mounted
    if folder.is_mount():
        subprocess.run(["umount", folder], check=True)


needs_root = pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="needs root, to mount a full disk")


@needs_root
def test_a_full_disk_gives_one_clear_line_and_loses_nothing(disk):
    site = disk(160 * 1024)
    status, _, err = wait(start(site, "-j", "2"))
    assert status == 1
    assert ".png:1:1: cannot be written: No space left on device" in err
    assert_whole(site, {})
    assert not list(site.glob("assets/**/.figgen-*"))


@needs_root
def test_a_disk_with_no_room_for_the_lockfile_keeps_what_was_drawn(large, disk):
    wait(start(large, "-j", "2"))
    private = 4096  # .figgen/.gitignore
    site = disk(pages(large, "*.png") + private)
    status, _, err = wait(start(site, "-j", "2"))
    assert status == 1
    assert err.startswith("figgen.lock:1:1: cannot be written: No space left on device; what was drawn is there")
    assert err.count("\n") == 1
    assert contents(site) == contents(large)
    assert not list(site.glob(".figgen-*"))


def test_a_folder_that_cannot_be_written_to_gives_one_clear_line(large):
    (large / ".figgen").write_text("in the way")
    status, _, err = wait(start(large))
    assert (status, err) == (1, ".figgen:1:1: the site's folder cannot be written to: Not a directory\n")
