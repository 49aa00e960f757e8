"""Worker processes: forked once all is imported, each at one job at a time, and none of them outlives the build.

A worker that dies, or takes too long, costs the one job that it was at; the others go on. The standard pools do not
offer that: one worker that is killed breaks them as a whole.
"""

import contextlib
import gc
import itertools
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from figgen.errors import internal_error
from figgen.site.debug import log_traceback

_FORK = multiprocessing.get_context("fork")


@contextlib.contextmanager
def gc_disabled() -> Iterator[None]:
    """Turn the garbage collector off during imports: all of it stays, and the search is a tenth of their time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class WorkerLostError(Exception):
    """A job has no result; the text says why, and `limit` names the limit that was exceeded, if that is known."""

    def __init__(self, message: str, limit: str = "") -> None:
        super().__init__(message, limit)  # all arguments, or it could not be unpickled
        self.message, self.limit = message, limit

    def __str__(self) -> str:
        return self.message


@dataclass
class _Worker:
    """A process, the pipe to it, and the job that it is at."""

    process: Any
    pipe: "Connection[Any, Any]"
    job: Any = None
    deadline: float = 0.0


class WorkerPool:
    """Processes that call one function, kept from one `run` to the next until the pool is closed.

    Jobs and results are pickled. A worker that is at a job for more than `timeout` seconds is killed; one that needs
    more than `memory` MiB gets a MemoryError, where the system can bound it.
    """

    def __init__(self, function: Callable[[Any], Any], workers: int, timeout: float, memory: int = 0) -> None:
        self._function = function
        self._size = workers
        self._timeout = timeout
        self._memory = memory
        self._idle: list[_Worker] = []
        self._busy: dict[Connection[Any, Any], _Worker] = {}

    def prefork(self) -> None:
        """Fork the workers now, so that the first jobs need not wait for that."""
        while len(self._idle) + len(self._busy) < self._size:
            self._idle.append(self._fork())

    def run(self, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield each job with its result as it is done, or with a WorkerLostError. One run at a time.

        Closing the iterator kills the workers that are busy.
        """
        waiting = iter(jobs)
        try:
            for job in itertools.islice(waiting, self._size):
                yield from self._assign(job)
            while self._busy:
                for worker, result, is_alive in [*self._finished()]:
                    job = worker.job
                    del self._busy[worker.pipe]
                    if is_alive:
                        self._idle.append(worker)
                    else:
                        _kill(worker)
                    for following in itertools.islice(waiting, 1):
                        yield from self._assign(following)
                    yield job, result
            for job in waiting:  # what is left, where no process could be started any more
                yield job, WorkerLostError("there is no process to draw it")
        finally:
            while self._busy:
                _kill(self._busy.popitem()[1])

    def close(self) -> None:
        """End all workers."""
        for worker in (*self._idle, *self._busy.values()):
            _kill(worker)
        self._idle.clear()
        self._busy.clear()

    def _assign(self, job: Any) -> Iterator[tuple[Any, Any]]:
        """Give a job to a worker; yield it, with the error, if the system does not let a process be started."""
        while self._idle and self._idle[-1].process.exitcode is not None:  # killed while it was idle
            _kill(self._idle.pop())
        try:
            worker = self._idle.pop() if self._idle else self._fork()
        except OSError as error:
            yield job, WorkerLostError(f"cannot start a process: {error.strerror}")
            return
        worker.job, worker.deadline = job, time.monotonic() + self._timeout
        self._busy[worker.pipe] = worker
        with contextlib.suppress(BrokenPipeError):  # a worker that is gone shows by the end of its results
            worker.pipe.send(job)

    def _fork(self) -> _Worker:
        own, of_worker = _FORK.Pipe()
        # With our ends of all pipes closed in it, a worker sees the end of its jobs when this process ends.
        inherited = [own, *(worker.pipe for worker in (*self._idle, *self._busy.values()))]
        process = _FORK.Process(
            target=worker_loop, args=(self._function, of_worker, self._memory, inherited), daemon=True
        )
        try:
            process.start()
        except OSError:
            own.close()
            raise
        finally:
            of_worker.close()
        return _Worker(process, own)

    def _finished(self) -> Iterator[tuple[_Worker, Any, bool]]:
        """Wait, and yield each worker that has a result or is lost, with the result, and whether it is still alive."""
        seconds = max(0.0, min(worker.deadline for worker in self._busy.values()) - time.monotonic())
        ready = wait([*self._busy], seconds)
        for pipe in ready:
            worker = self._busy[pipe]  # type: ignore[index]
            try:
                yield worker, worker.pipe.recv(), True
            except (EOFError, OSError):
                worker.process.join()
                yield worker, _cause(worker.process.exitcode), False
        now = time.monotonic()
        for worker in [worker for pipe, worker in self._busy.items() if worker.deadline <= now and pipe not in ready]:
            yield worker, WorkerLostError(f"timed out after {self._timeout:g} s", "seconds"), False


def run(function: Callable[[Any], Any], jobs: Iterable[Any], workers: int, timeout: float) -> Iterator[tuple[Any, Any]]:
    """Call a function with every job, in the processes of a pool that ends with the jobs (see `WorkerPool`)."""
    pool = WorkerPool(function, workers, timeout)
    try:
        yield from pool.run(jobs)
    finally:
        pool.close()


def worker_loop(
    function: Callable[[Any], Any], pipe: "Connection[Any, Any]", memory: int, inherited: Iterable[Any]
) -> None:
    """Call the function with each job that comes in, and send back what it returns, until there are no more jobs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # which its parent may handle (`figgen watch`)
    for end in inherited:
        end.close()
    _bound_memory(memory)
    gc.freeze()  # what was imported stays, and need not be looked through after every job
    with contextlib.suppress(EOFError, OSError):  # that the parent is gone
        while True:
            job = pipe.recv()
            try:
                pipe.send(function(job))
            except MemoryError:
                pipe.send(WorkerLostError("out of memory", "memory_mib"))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the end of this job only
                log_traceback()
                pipe.send(WorkerLostError(internal_error(error).message))
            # A figure is full of cycles. Left until enough of them have gathered, their buffers are the peak of memory.
            gc.collect()


def _bound_memory(mebibytes: int) -> None:
    """Bound what this process may allocate; not every system can, and none need go below what it was given."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = mebibytes << 20
        if wanted and (most == resource.RLIM_INFINITY or wanted < most):
            resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


def _cause(exitcode: int) -> WorkerLostError:
    """Return why a worker ended. What is refused memory in the middle of C code ends by SIGABRT or SIGSEGV."""
    if exitcode == -signal.SIGKILL:
        return WorkerLostError("worker killed (possibly out of memory)")
    limit = "memory_mib" if exitcode in {-signal.SIGABRT, -signal.SIGSEGV} else ""
    how = signal.Signals(-exitcode).name if exitcode < 0 else f"status {exitcode}"
    return WorkerLostError(f"worker ended with {how}", limit)


def _kill(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.kill()
    worker.process.join()
    worker.process.close()
