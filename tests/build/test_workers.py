import contextlib
import errno
import os
import signal
import time

import pytest

from figgen.build.workers import LostJob, WorkerPool
from tests.processes import wait_until

pytestmark = pytest.mark.slow


def run(function, jobs, workers, timeout):
    """Call a function with every job, in the processes of a pool that ends with the jobs."""
    with contextlib.closing(WorkerPool(function, workers, timeout)) as made:
        yield from made.run(jobs)


def square(job):
    return job * job


def fails(error):
    def call(*_):
        raise error

    return call


def alive(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_job_has_its_result(workers):
    assert sorted(run(square, range(20), workers, 60)) == [(job, job * job) for job in range(20)]


def test_no_jobs():
    assert list(run(square, [], 2, 60)) == []


def test_large_results_come_whole():
    assert [len(result) for _, result in run(lambda job: b"x" * job, [10_000_000, 1], 2, 60)].count(10_000_000) == 1


def test_jobs_run_at_the_same_time():
    started = time.monotonic()
    pids = {pid for _, pid in run(lambda _: (time.sleep(0.3), os.getpid())[1], range(4), 4, 60)}
    assert len(pids) == 4
    assert time.monotonic() - started < 0.9


def test_a_worker_that_is_killed_costs_its_own_job_only():
    def job(number):
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    results = dict(run(job, range(8), 2, 60))
    assert isinstance(results.pop(3), LostJob)
    assert results == {number: number for number in range(8) if number != 3}


def test_a_worker_that_ends_says_how():
    ((_, lost),) = run(lambda _: os._exit(7), [1], 1, 60)
    assert lost.message == "worker ended with status 7"
    ((_, lost),) = run(lambda _: os.kill(os.getpid(), signal.SIGKILL), [1], 1, 60)
    assert lost.message == "worker killed (possibly out of memory)"


def test_an_error_in_a_worker_is_named_and_the_worker_goes_on():
    def job(number):
        if number == 1:
            raise KeyError("x")
        return os.getpid()

    results = dict(run(job, range(3), 1, 60))
    assert results[1].message == "internal error (please report): KeyError: 'x'"
    assert results[0] == results[2]


def test_a_result_that_does_not_fit_into_the_memory_is_named():
    pool = WorkerPool(bytearray, 1, 60, memory=600)
    try:
        results = dict(pool.run([1 << 30, 1]))
    finally:
        pool.close()
    assert (results[1 << 30].message, results[1 << 30].limit) == ("out of memory", "memory_mib")
    assert results[1] == bytearray(1)


def test_a_result_that_cannot_be_pickled_is_named():
    ((_, lost),) = run(lambda _: lambda: None, [1], 1, 60)
    assert "pickle" in lost.message


def test_a_job_that_takes_too_long_is_ended_and_the_others_go_on():
    def job(number):
        if number == 0:
            time.sleep(60)
        return number

    started = time.monotonic()
    results = dict(run(job, range(4), 2, 0.5))
    assert results.pop(0).message == "timed out after 0.5 s"
    assert results == {1: 1, 2: 2, 3: 3}
    assert time.monotonic() - started < 10


def test_no_worker_outlives_the_iterator():
    results = run(lambda _: os.getpid(), range(50), 3, 60)
    pids = {next(results)[1] for _ in range(6)}
    results.close()
    assert not any(map(alive, pids))


def test_no_worker_outlives_its_parent(tmp_path):
    """Kill the parent outright: the workers see the end of their requests, and go."""
    log = tmp_path / "pids"
    parent = os.fork()
    if parent == 0:
        for _, pid in run(lambda _: (time.sleep(0.05), os.getpid())[1], range(10_000), 3, 60):
            with log.open("a") as file:
                file.write(f"{pid}\n")
        os._exit(0)
    wait_until(lambda: log.exists() and len(set(log.read_text().split())) == 3, "the first results of three workers")
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    pids = {int(pid) for pid in log.read_text().split()}
    wait_until(lambda: not any(map(alive, pids)), "the end of the workers")


def test_where_one_process_is_all_that_can_be_started_it_does_all_jobs(monkeypatch):
    pool = WorkerPool(lambda _: os.getpid(), 3, 60)
    first, refuse = [pool._fork], fails(OSError(errno.EAGAIN, "Resource temporarily unavailable"))
    monkeypatch.setattr(pool, "_fork", lambda: first.pop()() if first else refuse())
    results = dict(pool.run(range(5)))
    pool.close()
    assert len(results) == 5
    assert len({*results.values()}) == 1


def test_where_no_process_can_be_started_each_job_says_so(monkeypatch):
    pool = WorkerPool(square, 2, 60)
    monkeypatch.setattr(pool, "_fork", fails(OSError(errno.EAGAIN, "Resource temporarily unavailable")))
    message = "cannot start a process: Resource temporarily unavailable"
    assert list(pool.run(range(3))) == [(job, LostJob(message)) for job in range(3)]


@pytest.fixture
def pool():
    """Two workers that are kept."""
    made = WorkerPool(lambda _: (time.sleep(0.05), os.getpid())[1], 2, 60)
    yield made
    made.close()


def test_workers_are_kept_from_one_run_to_the_next(pool):
    pool.prefork()
    first, second = ({pid for _, pid in pool.run(range(4))} for _ in range(2))
    assert first == second
    assert len(first) == 2
    pool.close()
    assert not any(map(alive, first))


def test_a_worker_killed_while_it_had_nothing_to_do_costs_no_job(pool):
    pids = {pid for _, pid in pool.run(range(4))}
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None for pid in pids):
        assert time.monotonic() < deadline
    assert not pids & {pid for _, pid in pool.run(range(4))}


def test_a_pool_can_be_used_after_an_interrupted_run(pool):
    results = pool.run(range(50))
    next(results)
    results.close()
    assert len(dict(pool.run(range(4)))) == 4
