"""Processes that are killed, limited or at work at the same time."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.processes import figgen, finish, members, started, wait_for_all, wait_until
from tools.torture.site import Skipped, contents, no_traces, run, write_site


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


def watch_killed(site: Path) -> str:
    """Kill `watch` while it draws; nothing that it started is left, and the next build repairs what there is."""
    write_site(site, 1, 3)
    run(site, "build")
    with started(figgen(site, "watch")) as process:
        wait_until(lambda: len(members(process)) > 0, "the watch", process)
        time.sleep(random.uniform(0.5, 2))  # noqa: S311 - any moment will do
        write_site(site, 2, 3)
        time.sleep(random.uniform(0, 1))  # noqa: S311
        process.kill()
        process.communicate()
        wait_for_all(process)
    run(site, "build")
    assert "0 built, 3 fresh, 0 failed" in run(site, "build")
    no_traces(site)
    return ""


def branches_switched(site: Path) -> str:
    """Let git switch branches while two builds run: each ends in order, and the next one draws what is there."""
    git = ("git", "-C", str(site), "-c", "user.name=a", "-c", "user.email=a@b.invalid")
    if shutil.which("git") is None:
        raise Skipped("git is not installed")
    write_site(site, 1, 12)
    for words in (
        ("init", "-q", "-b", "one"),
        ("add", "configs"),
        ("commit", "-q", "-m", "1"),
        ("switch", "-q", "-c", "two"),
    ):
        subprocess.run([*git, *words], check=True)
    write_site(site, 2, 8)
    for number in range(8, 12):
        (site / f"configs/Post/f{number}.yaml").unlink()
    subprocess.run([*git, "commit", "-q", "-a", "-m", "2"], check=True)
    for _ in range(3):
        with contextlib.ExitStack() as builds:
            running = [builds.enter_context(started(figgen(site, "build", "--force", "-j", "2"))) for _ in range(2)]
            while any(process.poll() is None for process in running):
                for branch in ("one", "two"):
                    subprocess.run([*git, "switch", "-q", branch], check=True)
            for process in running:
                _, out, err = finish(process)
                assert "Traceback" not in err, err
                assert "internal error" not in err, err
                assert "failed" in out, (out, err)
    run(site, "build")
    assert "0 built, 8 fresh, 0 failed" in run(site, "build")
    no_traces(site)
    return "3 times"
