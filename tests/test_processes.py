"""What tests start ends with them, however the run itself was started."""

import signal
import subprocess
import sys

import pytest

from tests.processes import interrupt, members, run, start, started, wait_for_all, wait_until

SLEEPING = [sys.executable, "-c", "print('ready', flush=True); import time; time.sleep(600)"]
WITH_CHILD = ["sh", "-c", "trap '' TERM INT; sleep 600 & echo ready; wait; sleep 600"]


@pytest.fixture
def ignored_interrupts():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ignored_interrupts")
def test_ctrl_c_works_where_the_run_ignores_it():
    with started(SLEEPING) as process:
        assert process.stdout.readline() == "ready\n"
        interrupt(process)
        assert "KeyboardInterrupt" in process.communicate()[1]


def test_no_process_of_a_session_outlives_a_failing_test():
    def fail():
        with started(WITH_CHILD) as process:
            assert process.stdout.readline() == "ready\n"
            assert len(members(process)) == 2
            seen.append(process)
            raise ZeroDivisionError

    seen = []
    with pytest.raises(ZeroDivisionError):
        fail()
    assert members(seen[0]) == []
    assert seen[0].returncode == -signal.SIGKILL
    assert seen[0].stdout.closed


def test_a_command_that_takes_too_long_is_killed_with_its_children():
    with pytest.raises(subprocess.TimeoutExpired):
        run(WITH_CHILD, patience=0.2)


def test_a_command_gets_its_input_and_returns_its_output():
    done = run(["sh", "-c", "cat; echo problem >&2; exit 3"], input="text")
    assert (done.returncode, done.stdout, done.stderr) == (3, "text", "problem\n")


def test_waiting_ends_with_the_process_that_is_waited_for():
    with started(["true"]) as process, pytest.raises(AssertionError, match="the process has ended"):
        wait_until(lambda: False, process=process)


def test_waiting_for_all_processes_of_a_session():
    process = start(["sh", "-c", "sleep 0.1 & exit 0"])
    wait_for_all(process)
    assert process.wait() == 0
    process.stdout.close()
    process.stderr.close()
