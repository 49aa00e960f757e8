"""Builds that are broken off: by Ctrl-C, by SIGKILL at any moment, by another build at the same time."""

import io
import os
import random
import shutil
import subprocess
import sys
import time

import pytest
from PIL import Image

from figgen.build.lockfile import read
from figgen.site.files import digest
from figgen.site.paths import discover
from tests.conftest import MINIMAL
from tests.processes import finish, interrupt, members, run_figgen, wait_for_all, wait_until

pytestmark = pytest.mark.slow

FIGURES = 8


def build(site):
    return run_figgen(site, "build", "-j", "2")


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
    status, out, _ = build(site)
    assert (status, out.splitlines()[-1].endswith("0 failed")) == (0, True)
    entries = read(site)
    assert {path: digest(content) for path, content in contents(site).items()} == {
        path: made.digest for entry in entries.values() for path, made in entry.outputs.items()
    }
    assert len(entries) == FIGURES
    assert not list(site.rglob(".figgen-*"))
    assert build(site)[1] == f"figures: 0 built, {FIGURES} fresh, 0 failed\n"


@pytest.mark.parametrize("pictures", [0, 3])
@pytest.mark.parametrize("redrawn", [False, True], ids=["first build", "redrawn"])
def test_killed_at_any_moment(large, start_figgen, redrawn, pictures):
    """Kill a first build, or one that draws every figure anew, at its beginning or after some pictures."""
    if redrawn:
        assert_repaired(large)
        draw_anew(large, 2)
    before = contents(large)
    process = start_figgen(large, "build", "-j", "2")
    wait_until(lambda: len(contents(large).items() - before.items()) >= pictures, f"{pictures} pictures", process)
    time.sleep(random.uniform(0, 0.2))  # noqa: S311 - any moment will do
    process.kill()
    process.communicate()
    wait_for_all(process)
    assert_whole(large, before)
    assert_repaired(large)


def test_interrupted(large, start_figgen):
    begun = time.monotonic()
    process = start_figgen(large, "build", "-j", "2")
    wait_until(lambda: list(large.rglob("*.png")), "a picture", process)
    interrupted = time.monotonic()
    interrupt(process)
    status, _, err = finish(process)
    assert time.monotonic() - interrupted < max(1, interrupted - begun), "it takes no longer than to start"
    assert status == 1
    assert "Aborted!" in err
    assert not members(process)
    done = contents(large)
    assert read(large).keys() == done.keys(), "what was drawn is recorded"
    assert_repaired(large)


def test_two_builds_at_once(large, start_figgen):
    builds = [start_figgen(large, "build", "-j", "2") for _ in range(2)]
    outcomes = [finish(process) for process in builds]
    assert [status for status, _, _ in outcomes] == [0, 0]
    assert_repaired(large)


def test_a_second_build_waits_and_says_so(large, start_figgen):
    from filelock import FileLock

    (large / ".figgen").mkdir()
    with FileLock(large / ".figgen" / "lock"):
        process = start_figgen(large, "build")
        line = process.stderr.readline()
        assert line == "waiting for another figgen build to finish\n"
        assert process.poll() is None
    status, out, _ = finish(process)
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
    status, _, err = build(site)
    assert status == 1
    assert ".png:1:1: cannot be written: No space left on device" in err
    assert_whole(site, {})
    assert not list(site.glob("assets/**/.figgen-*"))


@needs_root
def test_a_disk_with_no_room_for_the_lockfile_keeps_what_was_drawn(large, disk):
    build(large)
    private = 4096  # .figgen/.gitignore
    site = disk(pages(large, "*.png") + private)
    status, _, err = build(site)
    assert status == 1
    assert err.startswith("figgen.lock:1:1: cannot be written: No space left on device; the pictures are written")
    assert err.count("\n") == 1
    assert contents(site) == contents(large)
    assert not list(site.glob(".figgen-*"))


def test_a_folder_that_cannot_be_written_to_gives_one_clear_line(large):
    (large / ".figgen").write_text("in the way")
    status, _, err = build(large)
    assert (status, err) == (1, ".figgen:1:1: cannot write to the site's folder: Not a directory\n")
