"""Worker processes: forked once all is imported, each at one job at a time, and none of them outlives the build.

A worker that dies, or takes too long, costs the one job that it was at; the others go on. The standard pools do not
offer that: one worker that is killed breaks them as a whole.
"""

import contextlib
import gc
import itertools
import os
import pickle
import select
import signal
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 20


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
    """A worker ended before its job did; the text says how, and `limit` names what it ran over, if that is known."""

    def __init__(self, message: str, limit: str = "") -> None:
        super().__init__(message)
        self.limit = limit


@dataclass
class _Worker:
    """A process, the pipes to and from it (`requests`, `results`), and the job that it is at."""

    pid: int
    requests: int
    results: int
    job: Any = None
    deadline: float = 0.0
    received: bytearray = field(default_factory=bytearray)


class WorkerPool:
    """Worker processes of one function, which are kept from one `run` to the next until they are ended.

    Jobs and results are pickled; the function must not raise. A worker that is at a job for more than `timeout` seconds
    is ended; one that needs more than `memory` MiB, where the system can bound it, has its MemoryError.
    """

    def __init__(self, function: Callable[[Any], Any], workers: int, timeout: float, memory: int = 0) -> None:
        self._function = function
        self._size = workers
        self._timeout = timeout
        self._memory = memory
        self._idle: list[_Worker] = []
        self._busy: dict[int, _Worker] = {}

    def prefork(self) -> None:
        """Fork workers now, so that the first jobs need not wait for that."""
        while len(self._idle) + len(self._busy) < self._size:
            self._idle.append(self._fork())

    def run(self, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield each job with its result as it is done, or with a WorkerLostError. One run at a time.

        Closing the iterator ends all workers that are at work at once.
        """
        waiting = iter(jobs)
        try:
            for job in itertools.islice(waiting, self._size):
                yield from self._assign(job)
            while self._busy:
                for worker, result in _finished(self._busy):
                    job = worker.job
                    del self._busy[worker.results]
                    if isinstance(result, WorkerLostError):
                        _end(worker)
                    else:
                        self._idle.append(worker)
                    for following in itertools.islice(waiting, 1):
                        yield from self._assign(following)
                    yield job, result
            for job in waiting:  # what is left, where no process could be started any more
                yield job, WorkerLostError("there is no process to draw it")
        finally:
            while self._busy:
                _end(self._busy.popitem()[1])

    def end(self) -> None:
        """End all workers."""
        for worker in (*self._idle, *self._busy.values()):
            _end(worker)
        self._idle.clear()
        self._busy.clear()

    def _assign(self, job: Any) -> Iterator[tuple[Any, Any]]:
        """Give a job to a worker; yield it, with the error, where the system does not let one be started."""
        while self._idle and _is_gone(self._idle[-1]):  # killed while it had nothing to do, which costs no job
            _end(self._idle.pop())
        try:
            worker = self._idle.pop() if self._idle else self._fork()
        except OSError as error:
            yield job, WorkerLostError(f"no process can be started: {error.strerror}")
            return
        self._busy[worker.results] = worker
        _assign(worker, job, self._timeout)

    def _fork(self) -> _Worker:
        return _fork(self._function, self._memory, [*self._idle, *self._busy.values()])


def run(function: Callable[[Any], Any], jobs: Iterable[Any], workers: int, timeout: float) -> Iterator[tuple[Any, Any]]:
    """Run a function on every job in processes of a pool of its own (see `WorkerPool`), which ends with the jobs."""
    pool = WorkerPool(function, workers, timeout)
    try:
        yield from pool.run(jobs)
    finally:
        pool.end()


def _fork(function: Callable[[Any], Any], memory: int, others: Iterable[_Worker]) -> _Worker:
    pipes = contextlib.ExitStack()
    with pipes:  # closed where the system refuses the next one
        ends: list[int] = []
        for _ in range(2):
            ends += os.pipe()
            for end in ends[-2:]:
                pipes.callback(os.close, end)
        pid = os.fork()
        pipes.pop_all()
    requests, to_worker, from_worker, results = ends
    if pid == 0:
        status = 1
        with contextlib.suppress(BaseException):  # whatever it is, it must not run on into the parent's code
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
            # With the parent's ends of all pipes closed here, a worker sees the end of its requests with the parent's.
            of_others = [end for other in others for end in (other.requests, other.results)]
            for descriptor in (to_worker, from_worker, *of_others):
                os.close(descriptor)
            _bound_memory(memory)
            gc.freeze()  # what was imported stays, and need not be looked through after every job
            worker_loop(function, requests, results)
            status = 0
        os._exit(status)
    os.close(requests)
    os.close(results)
    return _Worker(pid, to_worker, from_worker)


def _bound_memory(mebibytes: int) -> None:
    """Bound what this process may allocate; not every system can, and none need go below what it was given."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = mebibytes << 20
        if wanted and (most == resource.RLIM_INFINITY or wanted < most):
            resource.setrlimit(resource.RLIMIT_DATA, (wanted, most))


def worker_loop(function: Callable[[Any], Any], requests: int, results: int) -> None:
    """Do the jobs that come in by one pipe, and send their results by the other, until there are no more."""
    with open(requests, "rb") as incoming, open(results, "wb") as outgoing:
        while header := incoming.read(_LENGTH.size):
            job = pickle.loads(incoming.read(*_LENGTH.unpack(header)))  # noqa: S301 - from the parent process
            _send(outgoing.write, function(job))
            outgoing.flush()
            # A figure is full of cycles. Left until enough of them have gathered, their buffers are the peak of memory.
            gc.collect()


def _send(write: Callable[[bytes], Any], value: Any) -> None:
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    write(_LENGTH.pack(len(content)) + content)


def _assign(worker: _Worker, job: Any, timeout: float) -> None:
    worker.job, worker.deadline = job, time.monotonic() + timeout
    worker.received.clear()

    def write(content: bytes) -> None:
        while content:
            content = content[os.write(worker.requests, content) :]

    with contextlib.suppress(BrokenPipeError):  # a worker that is gone shows by the end of its results
        _send(write, job)


def _finished(pool: dict[int, _Worker]) -> Iterator[tuple[_Worker, Any]]:
    """Wait, and yield each worker that has a result, or is lost."""
    left = max(0.0, min(worker.deadline for worker in pool.values()) - time.monotonic())
    poll = select.poll()
    for descriptor in pool:
        poll.register(descriptor, select.POLLIN)
    for descriptor, _ in poll.poll(left * 1000 + 1):
        worker = pool[descriptor]
        chunk = os.read(descriptor, _CHUNK)
        worker.received += chunk
        if not chunk:
            yield worker, _cause(worker)
        elif len(worker.received) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(worker.received)
            if len(worker.received) == _LENGTH.size + length:
                yield worker, pickle.loads(worker.received[_LENGTH.size :])  # noqa: S301 - from a process of our own
    now = time.monotonic()
    for worker in [worker for worker in pool.values() if worker.deadline <= now]:
        yield worker, WorkerLostError("it took too long and was ended", "seconds")


def _is_gone(worker: _Worker) -> bool:
    """Tell whether a process has ended, and if so, let the system forget it."""
    if os.waitpid(worker.pid, os.WNOHANG)[0]:
        worker.pid = 0
    return not worker.pid


def _cause(worker: _Worker) -> WorkerLostError:
    _, status = os.waitpid(worker.pid, 0)
    worker.pid = 0
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGKILL:
        return WorkerLostError("its process was killed, perhaps for want of memory")
    # What is refused memory in the middle of C code, or while it tells its result, ends so.
    limit = "memory_mib" if code in {1, -signal.SIGABRT, -signal.SIGSEGV} else ""
    return WorkerLostError(
        f"its process ended with {signal.Signals(-code).name if code < 0 else f'status {code}'}", limit
    )


def _end(worker: _Worker) -> None:
    os.close(worker.requests)
    os.close(worker.results)
    if worker.pid:
        os.kill(worker.pid, signal.SIGKILL)
        os.waitpid(worker.pid, 0)
        worker.pid = 0
