"""Temporary folders go with their process, or are found and removed after it."""

import json
import os
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from figgen.site.temporary import remove_abandoned, temporary_folder
from tests.processes import FIGGEN, finish, kill, run, start, started


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder in which temporary folders are made, in this process and in those that it starts."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield folder
    monkeypatch.undo()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_lasts_as_long_as_its_context_and_is_not_taken_for_abandoned(temporary):
    with temporary_folder() as first, temporary_folder() as second:
        Path(first, "a").write_text("b")
        remove_abandoned()
        run([*FIGGEN, "functions"])
        assert Path(first, "a").read_text() == "b"
        assert Path(second).is_dir()
        assert Path(first).parent == temporary
    assert not names(temporary)


def test_only_what_is_abandoned_is_removed(temporary, tmp_path):
    """Not what has another name, and not what a link of such a name leads to."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").touch()
    (temporary / "figgen-temporary-link").symlink_to(tmp_path / "kept")
    (temporary / "figgen-temporary-file").touch()
    (temporary / "figgen-tests-other").mkdir()
    (temporary / "figgen-temporary-abandoned/tree").mkdir(parents=True)
    (temporary / "figgen-temporary-abandoned/tree/file").touch()
    with temporary_folder():
        assert "figgen-temporary-abandoned" not in names(temporary)
    assert names(temporary) == ["figgen-temporary-file", "figgen-temporary-link", "figgen-tests-other"]
    assert (tmp_path / "kept/file").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes folders of other users")
def test_folders_of_other_users_are_left(temporary):
    (temporary / "figgen-temporary-other").mkdir()
    os.chown(temporary / "figgen-temporary-other", 65534, 65534)
    remove_abandoned()
    assert names(temporary) == ["figgen-temporary-other"]


def test_no_folder_is_removed_between_its_creation_and_its_lock(temporary):
    over = threading.Event()

    def keep_removing():
        while not over.is_set():
            remove_abandoned()

    remover = threading.Thread(target=keep_removing)
    remover.start()
    try:
        for _ in range(300):
            with temporary_folder() as folder:
                Path(folder, "file").touch()
    finally:
        over.set()
        remover.join()
    assert not names(temporary)


def test_without_a_place_for_them_there_is_nothing_to_remove(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    remove_abandoned()
    with pytest.raises(FileNotFoundError), temporary_folder():
        pass


# Of whole commands: while they draw, which never ends, they are killed.

SLEEPING = [
    FIGGEN[0],
    "-c",
    """import figgen.drawing, time; from figgen.cli import run; from matplotlib.figure import Figure
Figure.savefig = lambda *_, **__: (print('drawing', flush=True), time.sleep(600))
run()""",
]


@pytest.fixture
def with_font(site):
    """A site in git with a font of its own."""
    import matplotlib as mpl

    (site / "configs/fonts").mkdir()
    font = Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans.ttf")
    (site / "configs/fonts/Own.ttf").write_bytes(font.read_bytes())
    for command in ("init -q", "add configs", "-c user.name=a -c user.email=a@b.invalid commit -qm 1"):
        subprocess.run(["git", *command.split()], cwd=site, check=True)
    return site


@pytest.mark.slow
@pytest.mark.parametrize("command", ["build", "validate", "diff"])
def test_nothing_is_left_by_a_worker_that_takes_too_long(with_font, temporary, command):
    environment = {**os.environ, "FIGGEN_LIMITS": "seconds=2"}
    done = run([*SLEEPING, *command.split(), "--root", with_font], env=environment)
    assert "timed out after 2 s" in done.stdout + done.stderr
    assert not names(temporary)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["build", "diff"])
def test_what_a_killed_command_leaves_is_removed_by_the_next_build(with_font, temporary, command):
    process = start([*SLEEPING, command, "--root", with_font])
    try:
        assert process.stdout.readline() == "drawing\n"
        assert names(temporary)
    finally:
        kill(process)
    assert names(temporary)
    with started([*FIGGEN, "build", "--root", with_font]) as process:
        assert finish(process)[0] == 0
    assert not names(temporary)


@pytest.mark.slow
def test_nothing_is_left_where_matplotlib_cannot_keep_its_cache_of_fonts(site, temporary):
    """matplotlib makes a temporary one, which it removes when Python ends."""
    done = run([*FIGGEN, "describe", "Post/one", "--root", site], env={**os.environ, "HOME": "/dev/null"})
    assert json.loads(done.stdout)["alt"] == "A rising line."
    assert "temporary cache" in done.stderr
    assert not names(temporary)
