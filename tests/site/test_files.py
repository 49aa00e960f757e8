import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figgen.build.digest_cache import DigestCache
from figgen.errors import ConfigError
from figgen.site import limits
from figgen.site.files import SiteFiles, digest, write_atomically
from figgen.site.safe_io import UnsafePathError, read_below, write_below


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.txt").write_text("one")
    settle(tmp_path / "site" / "a.txt")
    return tmp_path / "site"


def settle(path):
    """Make a file old enough for its digest to be kept."""
    time.sleep(0.15)
    return path


def test_what_is_read_or_looked_for_is_remembered(site):
    files = SiteFiles(site)
    assert files.read("a.txt") == b"one"
    assert files.read("b.txt") is None
    assert files.read("a.txt/b") is None
    assert files.read("nowhere/") is None
    (site / "folder").mkdir()
    (site / "folder" / "y").touch()
    (site / "folder" / "x").touch()
    assert files.read("folder/") == b"x\ny"
    assert files.digests == {
        "a.txt": digest(b"one"),
        "b.txt": None,
        "a.txt/b": None,
        "nowhere/": None,
        "folder/": digest(b"x\ny"),
    }


@pytest.mark.parametrize("path", ["../secret", "link", "linked/secret", "a.txt/../../secret"])
def test_nothing_outside_the_site_is_read(site, path):
    (site.parent / "secret").write_text("secret")
    (site / "link").symlink_to(site.parent / "secret")
    (site / "linked").symlink_to(site.parent)
    try:
        assert SiteFiles(site).read(path) is None
    except ConfigError as error:
        assert error.findings[0].message == "outside the site"


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_a_pipe_or_device_is_reported_without_waiting(site, make):
    make(site / "b.txt")
    with pytest.raises(ConfigError, match="not a file"):
        SiteFiles(site).read("b.txt")


def cached(site):
    return DigestCache(site, ".figgen/digests.json")


def test_a_digest_is_kept_and_not_computed_again(site, monkeypatch):
    cache = cached(site)
    assert cache.digest("a.txt") == digest(b"one")
    cache.save()
    monkeypatch.setattr("figgen.site.files.digest", lambda _: "computed")
    assert cached(site).digest("a.txt") == digest(b"one")


@pytest.mark.parametrize("restore_times", [False, True])
def test_a_changed_file_is_read_again_whatever_its_times_say(site, restore_times):
    cache = cached(site)
    cache.digest("a.txt")
    cache.save()
    before = (site / "a.txt").stat()
    (site / "a.txt").write_text("two")
    if restore_times:
        os.utime(site / "a.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert cached(site).digest("a.txt") == digest(b"two")


def test_a_file_that_changed_just_now_is_not_kept(site):
    """It could change again within the same tick of the clock, which would not show."""
    (site / "a.txt").write_text("two")
    cache = cached(site)
    assert cache.digest("a.txt") == digest(b"two")
    cache.save()
    assert "a.txt" not in cached(site)._known


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a.txt": 3}', '{"a.txt": [1]}', "\0"])
def test_a_damaged_cache_is_as_good_as_none(site, content):
    (site / ".figgen").mkdir()
    (site / ".figgen" / "digests.json").write_text(content)
    assert cached(site).digest("a.txt") == digest(b"one")


def test_a_pipe_or_device_has_no_digest(site):
    (site / "folder").mkdir()
    os.mkfifo(site / "pipe")
    cache = cached(site)
    assert cache.digest("nowhere") is None
    assert cache.digest("folder") == "not a file"
    assert cache.digest("pipe") == "not a file"
    assert cache.digest("folder/") == digest(b"")


def test_the_cache_keeps_itself_out_of_git(site):
    cache = cached(site)
    cache.digest("a.txt")
    cache.save()
    assert (site / ".figgen" / ".gitignore").read_text() == "*\n"


def test_findings_are_remembered_as_long_as_they_are_asked_for(site):
    cache = cached(site)
    cache.remember("what", "a.txt", "value")
    cache.save()
    cache = cached(site)
    assert cache.recall("what") == "value"
    cache.digest("a.txt")
    cache.save()
    cache = cached(site)
    cache.digest("a.txt")
    cache.save()
    assert cached(site).recall("what") is None


@pytest.mark.parametrize("gone", [False, True])
def test_what_a_run_does_not_look_at_is_kept_unless_its_file_is_gone(site, gone):
    """A run may be about one figure, or one part of them."""
    (site / "b.txt").write_text("two")
    settle(site / "b.txt")
    cache = cached(site)
    cache.digest("a.txt")
    cache.digest("b.txt")
    cache.remember("mark", "b.txt", "value")
    cache.save()
    cache = cached(site)
    cache.digest("a.txt")
    cache.remember("other", "a.txt")
    if gone:
        (site / "b.txt").unlink()
    cache.save()
    kept = cached(site)
    assert ("b.txt" in kept._known, kept.recall("mark")) == ((False, None) if gone else (True, "value"))
    assert "a.txt" in kept._known


def test_a_file_is_written_as_a_whole(site):
    write_atomically(site / "new" / "b.txt", b"content")
    assert (site / "new" / "b.txt").read_bytes() == b"content"
    assert (site / "new" / "b.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("path", ["a.json", "figgen.lock", "assets/posts/P/a.svg", "_posts/a.md"])
def test_what_could_not_be_read_again_is_not_written(tmp_path, monkeypatch, path):
    monkeypatch.setattr(limits, "_FIXED_MIB", {".md": 1, ".lock": 1})
    monkeypatch.setenv(limits.VARIABLE, "file_mib=1")
    write_below(str(tmp_path), path, bytes(1 << 20))
    assert len(read_below(str(tmp_path), path)) == 1 << 20
    with pytest.raises(UnsafePathError, match="too large"):
        write_below(str(tmp_path), path, bytes((1 << 20) + 1))
    assert len(read_below(str(tmp_path), path)) == 1 << 20
    write_atomically(tmp_path / path, bytes((1 << 20) + 1))  # as the page of a diff, which figgen never reads


@given(st.dictionaries(st.text(), st.text(), max_size=5))
def test_a_cache_is_read_again_as_it_was_saved(remembered):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "file").touch()
        cache = DigestCache(Path(folder), ".figgen/digests.json")
        for what, value in remembered.items():
            cache.remember(what, "file", value)
        cache.save()
        again = DigestCache(Path(folder), ".figgen/digests.json")
        assert {what: again.recall(what) for what in remembered} == remembered


def test_nothing_is_left_of_a_write_that_fails(site, monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_atomically(site / "a.txt", b"two")
    assert (site / "a.txt").read_text() == "one"
    assert [path.name for path in site.iterdir()] == ["a.txt"]
