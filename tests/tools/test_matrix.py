"""What `make matrix` finds on a machine."""

import sys

from tools.matrix import OLDEST_PYTHON, find_pythons, rows

MANAGED = """\
#!/bin/sh
echo "pyenv: ${0##*/}: command not found" >&2
exit 127
"""


def command(folder, name, text):
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return str(folder / name)


def test_interpreters_are_looked_up_quietly(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    command(tmp_path, "python3.28", MANAGED)
    command(tmp_path, "python3.27", "#!/bin/sh\n")
    own = (sys.version_info.minor, sys.executable)
    pythons = find_pythons()
    assert pythons.found == [own, (27, str(tmp_path / "python3.27"))]
    assert pythons.broken == ["python3.28"]
    assert capfd.readouterr() == ("", "")


def test_versions_of_a_version_manager_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    for version in ("3.9.1", "3.29.0"):
        (tmp_path / ".pyenv/versions" / version / "bin").mkdir(parents=True)
        command(tmp_path / ".pyenv/versions" / version / "bin", "python", "#!/bin/sh\n")
    minors = [minor for minor, _ in find_pythons().found]
    assert minors == [sys.version_info.minor, 29]
    assert min(minors) >= OLDEST_PYTHON


def test_the_rows_are_the_pinned_matplotlibs_and_the_oldest_and_newest_python():
    names = [row.name for row in rows([(11, "python3.11"), (12, "python3.12"), (13, "python3.13")])]
    assert names[-2:] == ["python-3.11", "python-3.13"]
    assert all(name.startswith("matplotlib-") for name in names[:-2])
    assert [row.name for row in rows([(11, "python3.11")])] == [*names[:-2], "python-3.11"]
