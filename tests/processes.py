"""Processes that tests start: each in a session of its own, and none of them outlives its test."""

import contextlib
import os
import signal
import subprocess
import sys
import time

from tests.figures import ROOT

FIGGEN = (sys.executable, "-m", "figgen")
PATIENCE = 120  # seconds until a failing test gives up; a passing one never waits for it


@contextlib.contextmanager
def started(command, **options):
    """Start a command in a session of its own, yield its `Popen`, and kill all processes of the session at the end."""
    process = start(command, **options)
    try:
        yield process
    finally:
        kill(process)


def start(command, **options):
    """Start a command in a session of its own and return its `Popen`; the caller must `kill` it in a `finally`.

    Its output is piped as text, and it can import figgen and tests. SIGINT is as on a terminal, where whoever runs the
    tests may have it ignored (`trap "" INT`, `nohup ... &`), which processes inherit.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    defaults = {"env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(
        [str(part) for part in command],
        **(defaults | options),
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread is concerned
    )


def run(command, patience=PATIENCE, input=None, **options):  # noqa: A002 - as `subprocess.run` calls it
    """Run a command in a session of its own to its end; return a `CompletedProcess`. None of its processes is left."""
    with started(command, **({} if input is None else {"stdin": subprocess.PIPE}), **options) as process:
        out, err = process.communicate(input, timeout=patience)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def figgen(site, *arguments):
    """Return the command that runs figgen on a site."""
    return [*FIGGEN, *arguments, "--root", site]


def run_figgen(site, *arguments):
    """Run figgen on a site; return its status and output. A traceback fails the test."""
    with started(figgen(site, *arguments)) as process:
        return finish(process)


def finish(process):
    """Wait for the end of a process that runs figgen; return its status and output. A traceback fails the test."""
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def interrupt(process):
    """Press Ctrl-C, which a terminal sends to the whole group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)


def kill(process):
    """Kill all processes of a session that `start` made, close its pipes, and wait for their end."""
    deadline = time.monotonic() + PATIENCE
    while True:
        process.poll()  # reap it, where it has ended
        for member in members(process):
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        if process.returncode is not None and not members(process):
            break
        assert time.monotonic() < deadline, f"processes {members(process)} cannot be killed"
        time.sleep(0.01)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def members(process):
    """List the processes of a session that `start` made, without those that have ended."""
    command = ["ps", "-o", "pid=,stat=", "--sid", str(process.pid)]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    listed = [line.split() for line in found.stdout.splitlines()]
    return [int(pid) for pid, state in listed if state[0] != "Z"]


def wait_until(condition, what="it", process=None):
    """Wait until a function returns something true, and return that; stop when a process ends before."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert process is None or process.poll() is None, (f"{what}: the process has ended", process.communicate())
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for {what}"
        time.sleep(0.01)
    return found


def wait_for_all(process):
    """Wait until no process of a session is left, that none of them outlives the first one."""
    wait_until(lambda: not members(process), f"the end of processes {members(process)}")
