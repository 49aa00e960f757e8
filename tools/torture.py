"""Breaks real builds in every way that machines do: `make torture`, or python -m tools.torture --kills N.

After each fault every file is its whole old or its whole new self, nothing passing is left, no process is, no traceback was
shown, and the next run repairs what there is to repair. tests/tools/test_torture.py does each of these once or a few times.
"""

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import processes
from tests.processes import figgen, finish, members, started, wait_for_all, wait_until

CONFIG = """\
alt: "Line {number} of version {version}."
canvas: {{size: [120, 90], unit: px, dpi: 50}}
axes: {{visible: false}}
data:
  x: {{linspace: [0, 1, 3]}}
layers:
  - {{mark: line, x: x, y: {number} * x, width: {version}}}
"""
POST = "---\ntitle: Post\n---\n\n![](/assets/posts/Post/f{number}.png)\n\nText.\n"


class Skipped(Exception):  # noqa: N818 - it is no error
    """A fault that cannot be made on this machine."""


def run(site: Path, *words: str, expected: int | None = 0, before: tuple[str, ...] = ()) -> str:
    """Run figgen, with words before the command, and return what it printed."""
    done = processes.run([*before, *figgen(site, *words)])
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert "internal error" not in said, said
    assert expected is None or done.returncode == expected, (done.returncode, said)
    return said


def write_site(site: Path, version: int, figures: int) -> None:
    """Write configs, and a post for each."""
    for number in range(figures):
        for path, text in (
            (site / f"configs/Post/f{number}.yaml", CONFIG.format(number=number, version=version)),
            (site / f"_posts/2025-01-01-f{number}.md", POST.format(number=number)),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def contents(site: Path, *patterns: str) -> dict[Path, bytes]:
    return {path.relative_to(site): path.read_bytes() for pattern in patterns for path in site.glob(pattern)}


def no_traces(site: Path) -> None:
    assert not list(site.rglob(".figgen-*")), "a passing file is left"


def kill_at_any_moment(site: Path, words: tuple[str, ...], span: float) -> None:
    with started(figgen(site, *words)) as process:
        time.sleep(random.uniform(0, span))  # noqa: S311 - any moment will do
        process.kill()
        _, said = process.communicate()
        assert "Traceback" not in said, said
        wait_for_all(process)


# What is killed: the command, the files that it writes, and how many figures it is about.
KILLED = {
    "build": (("build",), ("assets/**/*.png",), 50),
    "accept": (("accept",), ("tests/baseline/*/*",), 12),
    "check --fix": (("check", "--fix"), ("_posts/*.md",), 12),
}


def killed(site: Path, what: str, times: int) -> str:
    """Kill a command at random moments of its work, and let the next run finish it."""
    words, patterns, figures = KILLED[what]
    states = []
    span = 0.0
    for version in (1, 2):
        write_site(site, version, figures)
        run(site, "build")
        begun = time.monotonic()
        run(site, *words, expected=None)
        span = time.monotonic() - begun
        states.append(contents(site, *patterns))
    for attempt in range(times):
        write_site(site, 1 + attempt % 2, figures)
        if what != "build":
            run(site, "build")
        before, new = contents(site, *patterns), states[attempt % 2]
        kill_at_any_moment(site, words, span * 1.1)
        for path, content in contents(site, *patterns).items():
            if path.name.startswith(".figgen-"):
                continue
            assert content in {before.get(path), new.get(path)}, f"{path} is neither its old nor its new self"
        run(site, *words)
        assert contents(site, *patterns) == new, "the next run did not repair it"
        no_traces(site)
    return f"{times} times"


def full_disk(site: Path) -> str:
    """Build on a disk that has room for some pictures, or none."""
    write_site(site, 1, 8)
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", folder], check=False, capture_output=True
        )
        if made.returncode:
            raise Skipped("nothing can be mounted")
        try:
            shutil.copytree(site / "configs", Path(folder, "configs"))
            said = run(Path(folder), "build", expected=None)
            assert "No space left" in said or "0 failed" in said, said
            no_traces(Path(folder))
            subprocess.run(["mount", "-o", "remount,size=16m", folder], check=True)
            run(Path(folder), "build")
        finally:
            subprocess.run(["umount", folder], check=True)
    return ""


def failing_disk(site: Path) -> str:
    """Read a data file whose disk fails: the memory of another process, which gives EIO, stands for it."""
    write_site(site, 1, 3)
    data = site / "configs/Post/data.csv"
    data.write_text("x\n1\n2\n")
    (site / "configs/Post/f0.yaml").write_text(
        CONFIG.format(number=0, version=1).replace("{linspace: [0, 1, 3]}", "{csv: data.csv, column: x}")
    )
    if subprocess.run(
        ["mount", "--bind", f"/proc/{os.getpid()}/mem", data], check=False, capture_output=True
    ).returncode:
        raise Skipped("nothing can be mounted")
    try:
        said = run(site, "build", expected=1)
        assert "cannot be read: Input/output error" in said, said
        assert "2 built, 0 fresh, 1 failed" in said, said
    finally:
        subprocess.run(["umount", data], check=True)
    run(site, "build")
    return ""


def few_descriptors(site: Path) -> str:
    """Build with next to no files that may be open at a time."""
    write_site(site, 1, 4)
    for most in (10, 14, 20):
        limited = ("sh", "-c", f'ulimit -n {most}; exec "$@"', "sh")
        said = run(site, "build", "--force", "-j", "3", expected=None, before=limited)
        assert said, most
        no_traces(site)
    run(site, "build")
    return ""


def no_rights(site: Path) -> str:
    """Build as somebody who may not write, or read; as root, without the rights that make rights no matter."""
    write_site(site, 1, 3)
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:
        before = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
        if shutil.which("setpriv") is None or subprocess.run([*before, "true"], check=False).returncode:
            raise Skipped("root cannot give up its rights")
    site.chmod(0o555)
    try:
        said = run(site, "build", expected=1, before=before)
        assert "cannot write to the site's folder: Permission denied" in said, said
    finally:
        site.chmod(0o755)
    (site / "assets/posts/Post").mkdir(parents=True, mode=0o555)
    assert run(site, "build", expected=1, before=before).count("Permission denied") == 3
    (site / "assets/posts/Post").chmod(0o755)
    (site / "configs/Post/f0.yaml").chmod(0)
    said = run(site, "build", expected=1, before=before)
    assert "f0.yaml:1:1: cannot be read: Permission denied" in said, said
    assert "2 built, 0 fresh, 1 failed" in said, said
    (site / "configs/Post/f0.yaml").chmod(0o644)
    (site / "configs/Post").chmod(0o000)
    run(site, "build", expected=1, before=before)
    (site / "configs/Post").chmod(0o755)
    run(site, "build", before=before)
    return ""


def out_of_memory(site: Path) -> str:
    """Draw a figure that needs more memory than it may have, beside others."""
    write_site(site, 1, 3)
    (site / "configs/Post/f0.yaml").write_text(
        CONFIG.format(number=0, version=1).replace("[0, 1, 3]", "[0, 1, 10000000]")
    )
    said = run(site, "build", expected=1, before=("env", "FIGGEN_LIMITS=memory_mib=300"))
    assert "raise the limit with FIGGEN_LIMITS=memory_mib=" in said, said
    assert "2 built, 0 fresh, 1 failed" in said, said
    run(site, "build")
    return ""


def worker_killed(site: Path) -> str:
    """Kill a worker by hand, as the system does for want of memory."""
    write_site(site, 1, 30)
    with started(figgen(site, "build", "-j", "2")) as process:
        wait_until(lambda: len(members(process)) > 2, "two workers", process)
        worker = next((pid for pid in members(process) if pid != process.pid), process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        _, out, _ = finish(process)
        assert "29 built, 0 fresh, 1 failed" in out or "30 built, 0 fresh, 0 failed" in out, out
        assert not members(process)
    run(site, "build")
    no_traces(site)
    return ""


def at_once(site: Path) -> str:
    """Run two builds, and then four, at the same time on one site."""
    for count in (2, 4):
        write_site(site, count, 20)
        with contextlib.ExitStack() as builds:
            for process in [builds.enter_context(started(figgen(site, "build", "-j", "2"))) for _ in range(count)]:
                status, _, err = finish(process)
                assert status == 0, err
        assert "0 built, 20 fresh, 0 failed" in run(site, "build")
        no_traces(site)
    return "2 and 4"


def clock_set_back(site: Path) -> str:
    """Set the modification times of files to the past and the future, with and without a change of their content."""
    write_site(site, 1, 3)
    run(site, "build")
    drawn = contents(site, "assets/**/*.png")
    files = [path for path in site.rglob("*") if path.is_file()]
    for year in (1, -1, 40):
        stamp = time.time() + year * 365 * 86400
        for path in files:
            os.utime(path, (stamp, stamp))
        assert "0 built, 3 fresh, 0 failed" in run(site, "build")
        config = site / "configs/Post/f0.yaml"
        config.write_text(CONFIG.format(number=0, version=9))
        os.utime(config, (stamp, stamp))
        assert "1 built, 2 fresh, 0 failed" in run(site, "build")
        config.write_text(CONFIG.format(number=0, version=1))
        os.utime(config, (stamp, stamp))
        assert "1 built, 2 fresh, 0 failed" in run(site, "build")
        assert contents(site, "assets/**/*.png") == drawn
    return "3 clocks"


def damaged_lockfile(site: Path) -> str:
    """Cut the lockfile off at every kind of place, and put other things in its place."""
    write_site(site, 1, 3)
    run(site, "build")
    lockfile = site / "figgen.lock"
    whole, drawn = lockfile.read_bytes(), contents(site, "assets/**/*.png")
    broken = [whole[:length] for length in (0, 1, 10, len(whole) // 2, len(whole) - 2, len(whole) - 3)]
    broken += [
        whole.replace(b"digest", b"digset"),
        re.sub(rb'"version": \d+', b'"version": 99', whole),
        b"\0" * 99,
        b"\xff",
    ]
    broken += [
        b"<<<<<<< ours\n" + whole + b"=======\n" + whole + b">>>>>>> theirs\n",
        b"[" * 99_999,
        b"[]",
        b"null",
        b"3",
    ]
    for content in broken:
        lockfile.write_bytes(content)
        for words in (("build",), ("check",), ("clean", "--orphans", "--yes")):
            said = run(site, *words, expected=1)
            assert "figgen.lock:" in said, (content[:99], said)
            assert "restore it from version control, or remove it" in said, said
        assert contents(site, "assets/**/*.png") == drawn
        assert lockfile.read_bytes() == content, "it may still be mended"
    lockfile.unlink()
    run(site, "build")
    assert lockfile.read_bytes() == whole
    return f"{len(broken)} ways"


def damaged_cache(site: Path) -> str:
    """Damage what is kept beside the site."""
    write_site(site, 1, 3)
    run(site, "build")
    cache = site / ".figgen/digests.json"
    time.sleep(0.2)
    run(site, "build")
    whole = cache.read_bytes()
    for content in (
        b"",
        whole[: len(whole) // 2],
        b"[" * 99_999,
        b"\0",
        b"[]",
        b'{"a": [1]}',
        json.dumps({"configs/Post/f0.yaml": [1, 2, 3, 4]}).encode(),
    ):
        cache.write_bytes(content)
        assert "0 built, 3 fresh, 0 failed" in run(site, "build")
    return ""


def damaged_pictures(site: Path) -> str:
    """Put halves of pictures, and none, in the place of artefacts and baselines."""
    write_site(site, 1, 3)
    run(site, "build")
    run(site, "accept")
    whole = contents(site, "assets/**/*.png", "tests/baseline/*/*")
    for path, content in whole.items():
        for damaged in (b"", content[:30], content[: len(content) // 2], b"GIF89a", b"\0" * 999):
            (site / path).write_bytes(damaged)
            if path.parts[0] == "assets":
                run(site, "check", "--fix", expected=1)
                assert "edited by hand" in run(site, "build", "--dry-run")
                run(site, "build")
            else:
                run(site, "accept")
            assert contents(site, "assets/**/*.png", "tests/baseline/*/*") == whole
    return f"{len(whole) * 5} ways"


FAULTS: dict[str, Callable[[Path], str]] = {
    "a full disk (ENOSPC)": full_disk,
    "a failing disk (EIO)": failing_disk,
    "too few descriptors (EMFILE)": few_descriptors,
    "no rights (EACCES)": no_rights,
    "out of memory": out_of_memory,
    "a worker killed by hand": worker_killed,
    "builds at once": at_once,
    "clock set back and forward": clock_set_back,
    "a damaged lockfile": damaged_lockfile,
    "a damaged cache of digests": damaged_cache,
    "damaged artefacts and baselines": damaged_pictures,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Break real builds in every way that machines do.")
    parser.add_argument("--kills", type=int, default=200, help="in all, at random moments")
    kills = parser.parse_args().kills
    shares = {what: kills // len(KILLED) + (place < kills % len(KILLED)) for place, what in enumerate(KILLED)}
    faults = {
        **FAULTS,
        **{f"SIGKILL of {what}": lambda site, what=what: killed(site, what, shares[what]) for what in KILLED},
    }
    failed = 0
    print("| fault | | s |\n|---|---|---|", flush=True)
    for name, fault in faults.items():
        with tempfile.TemporaryDirectory(prefix="figgen-torture-") as folder:
            begun = time.monotonic()
            try:
                verdict = f"held {fault(Path(folder))}".strip()
            except Skipped as reason:
                verdict = f"not here: {reason}"
            except AssertionError as error:
                failed += 1
                verdict = f"FAILED: {error}"
        print(f"| {name} | {verdict} | {time.monotonic() - begun:.0f} |", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
