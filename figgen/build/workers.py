"""Worker processes, forked once all is imported. Each does one job at a time, and none outlives its parent.

If a worker dies or takes too long, only its current job fails, and the other workers go on. The pools of the standard
library do not offer that: a killed worker breaks the whole pool.
"""

import contextlib
import gc
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from figgen.errors import internal_error
from figgen.site.debug import log_step, log_traceback
from figgen.site.temporary import remove_abandoned

_FORK = multiprocessing.get_context("fork")


@contextlib.contextmanager
def gc_disabled() -> Iterator[None]:
    """Turn the garbage collector off, for imports: it would find nothing to free, and takes a tenth of their time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class LostJob(NamedTuple):
    """Why a job has no result, and the limit that was exceeded, if that is known."""

    message: str
    limit: str = ""


@dataclass
class _Worker:
    """A process, the pipe to it, its current job, and when that times out (`time.monotonic`)."""

    process: Any
    pipe: "Connection[Any, Any]"
    job: Any = None
    deadline: float = 0.0


class WorkerPool:
    """Processes that call one function, kept from one `run` to the next until the pool is closed.

    Jobs and results are pickled. A worker is killed if a job takes more than `timeout` seconds, and gets a MemoryError
    if it needs more than `memory` MiB (0: no limit), where the system supports that.
    """

    def __init__(self, function: Callable[[Any], Any], workers: int, timeout: float, memory: int = 0) -> None:
        self._function = function
        self._size = workers
        self._timeout = timeout
        self._memory = memory
        self._idle: list[_Worker] = []
        self._busy: dict[Any, _Worker] = {}  # by their pipes

    def prefork(self) -> None:
        """Fork the workers now, so that the first jobs need not wait for that."""
        while len(self._idle) + len(self._busy) < self._size:
            self._idle.append(self._fork())

    def run(self, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield each job with its result as it is done, or with a LostJob. One run at a time.

        Closing the iterator kills the workers that are busy.
        """
        waiting = deque(jobs)
        done: list[tuple[Any, Any]] = []
        try:
            while waiting or self._busy or done:
                while waiting and len(self._busy) < self._size:
                    try:
                        self._start(waiting[0])
                        waiting.popleft()
                    except OSError as error:
                        if self._busy:  # the existing workers will do this job
                            break
                        done.append((waiting.popleft(), LostJob(f"cannot start a process: {error.strerror}")))
                yield from done
                done = self._wait() if self._busy else []
        finally:
            while self._busy:
                _kill(self._busy.popitem()[1])

    def close(self) -> None:
        """End all workers."""
        for worker in (*self._idle, *self._busy.values()):
            _kill(worker)
        self._idle.clear()
        self._busy.clear()
        remove_abandoned()  # what killed workers left, of this run or an earlier one

    def _start(self, job: Any) -> None:
        """Send a job to an idle worker or to a new one. Raises OSError if no process can be started."""
        while self._idle and self._idle[-1].process.exitcode is not None:  # killed while it was idle
            _kill(self._idle.pop())
        worker = self._idle.pop() if self._idle else self._fork()
        worker.job, worker.deadline = job, time.monotonic() + self._timeout
        self._busy[worker.pipe] = worker
        with contextlib.suppress(BrokenPipeError):  # the worker has died, which `_wait` notices
            worker.pipe.send(job)

    def _wait(self) -> list[tuple[Any, Any]]:
        """Wait until a worker is done, has died or times out; return all such jobs, with their results."""
        ready = wait([*self._busy], max(0.0, min(worker.deadline for worker in self._busy.values()) - time.monotonic()))
        now, done = time.monotonic(), []
        for pipe, worker in [*self._busy.items()]:
            result = lost = None
            if pipe in ready:
                try:
                    result = pipe.recv()
                except (EOFError, OSError):
                    worker.process.join()
                    lost = _cause(worker.process.exitcode)
            elif worker.deadline <= now:
                lost = LostJob(f"timed out after {self._timeout:g} s", "seconds")
            else:
                continue
            del self._busy[pipe]
            if lost:
                _kill(worker)
                remove_abandoned()
            else:
                self._idle.append(worker)
            done.append((worker.job, lost or result))
        return done

    def _fork(self) -> _Worker:
        own_end, workers_end = _FORK.Pipe()
        # Each worker closes its copies of this process's ends, so that its pipe is closed when this process ends.
        inherited = [own_end, *(worker.pipe for worker in (*self._idle, *self._busy.values()))]
        process = _FORK.Process(
            target=worker_loop, args=(self._function, workers_end, self._memory, inherited), daemon=True
        )
        try:
            process.start()
        except OSError:
            own_end.close()
            raise
        finally:
            workers_end.close()
        return _Worker(process, own_end)


def worker_loop(
    function: Callable[[Any], Any], pipe: "Connection[Any, Any]", memory: int, inherited: Iterable[Any]
) -> None:
    """Call the function with each job that comes in, and send back what it returns, until there are no more jobs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not the handler of the parent (`figgen watch`)
    for end in inherited:
        end.close()
    _bound_memory(memory)
    gc.freeze()  # imported objects stay, and need not be examined after every job
    with contextlib.suppress(EOFError, OSError):  # the parent has ended
        while True:
            job = pipe.recv()
            try:
                pipe.send(function(job))
            except MemoryError:
                pipe.send(LostJob("out of memory", "memory_mib"))
            except Exception as error:  # noqa: BLE001 - whatever it is, only this job fails
                log_traceback()
                pipe.send(LostJob(internal_error(error).message))
            # Figures are full of reference cycles. Collected later, they would set the peak of memory use.
            gc.collect()


def _bound_memory(mebibytes: int) -> None:
    """Limit the memory that this process may allocate, where the system supports that; a lower limit stays."""
    try:
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = mebibytes << 20
        if wanted and (most == resource.RLIM_INFINITY or wanted < most):
            resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))
    except (ImportError, OSError, ValueError) as error:
        log_step(f"memory is not limited: {error}")


def _cause(exitcode: int) -> LostJob:
    """Return why a worker ended. C code that is refused memory often ends with SIGABRT or SIGSEGV."""
    if exitcode == -signal.SIGKILL:
        return LostJob("worker killed (possibly out of memory)")
    limit = "memory_mib" if exitcode in {-signal.SIGABRT, -signal.SIGSEGV} else ""
    how = signal.Signals(-exitcode).name if exitcode < 0 else f"status {exitcode}"
    return LostJob(f"worker ended with {how}", limit)


def _kill(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.kill()
    worker.process.join()
    worker.process.close()
