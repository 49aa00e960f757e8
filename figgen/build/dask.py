"""Draw remotely, on the workers of any `concurrent.futures.Executor`, such as those of a Dask cluster.

A worker has no access to the site. It gets a snapshot of the files that a picture probably needs, answers with the
picture or with the names of the files that it lacks, and then gets those too. Only the coordinator reads and writes
the site.
"""

import contextlib
import functools
import importlib.util
import itertools
import logging
import os
import socket
import threading
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from figgen.build import fingerprint
from figgen.build.digest_cache import DigestCache
from figgen.build.render_jobs import Origin, Render, Rendered, failed, render
from figgen.errors import ConfigError, Finding, UsageError, missing_extra
from figgen.site.debug import log_traceback
from figgen.site.files import Content, MissingFileError, SiteFiles, Snapshot, contents, names_in
from figgen.site.paths import FONTS, STYLES, defaults_of

if TYPE_CHECKING:
    from distributed import Client

ROUNDS = 100  # times that files are sent for one picture; each but the first sends one that the worker asked for
TIMEOUT = 300.0  # seconds without an answer from any worker
CONNECT_TIMEOUT = 5.0  # seconds, for the scheduler to answer
IMPORT_TIMEOUT = 60.0  # seconds, for the workers to import all that draws
RETRIES = 2  # of a job that failed because its worker did
JOBS_PER_THREAD = 2  # jobs for each thread of a cluster, so that none is idle while the next job is on its way


_T = TypeVar("_T")


class Missing(NamedTuple):
    """A worker's answer that it needs one more file."""

    path: str


_drawing = threading.Lock()  # matplotlib's settings and fonts are those of the whole process


def render_snapshot(snapshot: Snapshot, config: str, *, optimize: bool = False) -> Rendered | Missing:
    """Return the pictures of a config from a snapshot, with their origin, or the first file that it lacks."""
    with _drawing:
        origin = _origin()
        try:
            return render(snapshot, config, optimize=optimize)._replace(origin=origin)
        except MissingFileError as error:
            return Missing(error.path)


@functools.cache
def _origin() -> Origin:
    """Return what draws in this process: the code as it was imported, even if figgen's files change later."""
    cache = DigestCache(Path(os.devnull), "none")
    worker = f"{socket.gethostname()} (process {os.getpid()})"
    return Origin(worker, fingerprint.combined(fingerprint.code_digests(cache)), dict(fingerprint.versions(cache)))


@dataclass
class _Job:
    """A config, the files sent for it, and how many times they were sent."""

    config: str
    contents: dict[str, Content]
    rounds: int = 0


class _ClusterLostError(Exception):
    """No worker can take any more jobs; the text of the error is the reason."""


def render_all(
    executor: Executor,
    root: Path,
    width: Callable[[], int],
    timeout: float,
    work: Mapping[str, Collection[str]],
    *,
    optimize: bool = False,
) -> Generator[tuple[str, Rendered], None, None]:
    """Render configs on the workers of an executor, and yield each as it is done.

    `work` maps each config to the files that its picture was last built from. At most `width()` jobs are submitted at a
    time. If no worker answers for `timeout` seconds, the rest fails.
    """
    files = SiteFiles(root)
    waiting = iter(work.items())
    left = dict.fromkeys(work)
    jobs: dict[Future[Rendered | Missing], _Job] = {}

    def send(job: _Job) -> None:
        job.rounds += 1
        try:
            future = executor.submit(render_snapshot, Snapshot(dict(job.contents)), job.config, optimize=optimize)
        except Exception as error:
            raise _ClusterLostError(f"the executor accepts no more jobs: {_line(error)}") from error
        jobs[future] = job

    try:
        while left:
            for config, inputs in itertools.islice(waiting, max(0, width() - len(jobs))):
                send(_Job(config, contents(files, _likely_inputs(files, config, inputs))))
            for future in _wait_for_any(jobs, timeout):
                job = jobs.pop(future)
                answer = _answer(future, job)
                if isinstance(answer, Rendered):
                    del left[job.config]
                    yield job.config, answer
                else:
                    job.contents |= contents(files, [answer.path])
                    send(job)
    except _ClusterLostError as error:
        for config in left:
            yield config, _not_drawn(config, str(error))
    finally:
        for future in jobs:
            future.cancel()


def _likely_inputs(files: SiteFiles, config: str, inputs: Iterable[str]) -> Iterator[str]:
    """Yield the files that a picture probably needs: sending one costs less than being asked for it."""
    yield config
    yield from defaults_of(config)
    for folder, endings in ((FONTS, (".ttf", ".otf")), (STYLES, (".mplstyle",))):
        yield f"{folder}/"
        with contextlib.suppress(ConfigError):  # a folder that cannot be read is reported when the picture is drawn
            yield from (f"{folder}/{name}" for name in names_in(files, folder) if name.lower().endswith(endings))
    yield from inputs


def _wait_for_any(jobs: Collection[Future[_T]], timeout: float) -> Collection[Future[_T]]:
    done, _ = wait(jobs, timeout, FIRST_COMPLETED)
    if not done:
        raise _ClusterLostError(f"no worker answered for {timeout:g} s")
    return done


def _answer(future: Future[Rendered | Missing], job: _Job) -> Rendered | Missing:
    """Return what a worker answered, or findings if it failed. Raises _ClusterLostError if all workers did."""
    try:
        answer = future.result()
    except CancelledError:  # not by figgen, which cancels no job that it waits for
        raise _ClusterLostError("connection to the workers lost") from None
    except BrokenExecutor as error:
        raise _ClusterLostError(_line(error)) from error
    except Exception as error:  # noqa: BLE001 - whatever it is, only this job fails
        log_traceback()
        return _not_drawn(job.config, _line(error))
    if isinstance(answer, Missing):
        if answer.path in job.contents:
            return _not_drawn(job.config, f"its worker asked twice for {answer.path}")
        if job.rounds == ROUNDS:
            return _not_drawn(job.config, f"its worker asked for files {ROUNDS} times")
    return answer


def _line(error: BaseException) -> str:
    """Return an error of another package in one line: its type and first sentence."""
    return " ".join(f"{type(error).__name__}: {error}".split()).partition(". ")[0].rstrip(".")


def _not_drawn(config: str, why: str) -> Rendered:
    hint = "see the logs of the scheduler and the workers; each worker needs this version of figgen and its libraries"
    return failed(Finding(config, 1, 1, "", f"not drawn: {why}", hint=hint))


def on_dask(address: str, root: Path, *, optimize: bool = False) -> Render:
    """Return a render function that draws on the cluster of a Dask scheduler; it connects when it is called.

    Raises UsageError if the package `distributed` is missing; the render function does if the cluster does not answer.
    """
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(str(missing_extra("--dask", "dask")))
    return lambda work: _render_by(_connect(address), root, work, optimize=optimize)


def _render_by(
    client: "Client", root: Path, work: Mapping[str, Collection[str]], *, optimize: bool
) -> Generator[tuple[str, Rendered], None, None]:
    import dask

    def width() -> int:
        try:
            threads: Mapping[str, int] = client.nthreads()
        except Exception as error:
            raise _ClusterLostError(f"connection to the scheduler lost: {_line(error)}") from error
        return max(1, JOBS_PER_THREAD * sum(threads.values()))

    executor = client.get_executor(pure=False, retries=RETRIES)
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}), contextlib.closing(client):
        yield from render_all(executor, root, width, TIMEOUT, work, optimize=optimize)


def _connect(address: str) -> "Client":
    """Connect to a Dask scheduler that has workers. Raises UsageError if there is none."""
    import distributed

    # figgen reports an error itself, in one line.
    for logger in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    client: Client = call_with_timeout(
        CONNECT_TIMEOUT + 1,
        lambda: distributed.Client(address, timeout=CONNECT_TIMEOUT, set_as_default=False),
        f"no Dask scheduler at '{address}'",
    )
    cluster = f"the Dask cluster at '{address}'"
    with contextlib.ExitStack() as stack:
        stack.callback(client.close)
        try:
            client.wait_for_workers(1, timeout=CONNECT_TIMEOUT)
        except TimeoutError:
            raise UsageError(f"{cluster}: it has no workers") from None
        # Each worker imports all that draws.
        answers: Mapping[str, Any] = call_with_timeout(
            IMPORT_TIMEOUT, lambda: client.run(_origin, on_error="return"), f"{cluster}: its workers are not ready"
        )
        for worker, answer in answers.items():
            if isinstance(answer, Exception):
                raise UsageError(f"{cluster}: figgen does not run on its worker {worker}: {_line(answer)}")
        stack.pop_all()
    return client


def call_with_timeout(seconds: float, call: Callable[[], _T], failure: str) -> _T:
    """Return the result of a call that may fail or never return, such as connecting to a server that never answers.

    Raises UsageError in both cases, whose message starts with `failure`.
    """
    answer: Future[_T] = Future()

    def attempt() -> None:
        try:
            answer.set_result(call())
        except Exception as error:  # noqa: BLE001 - a server of another protocol may cause any exception
            answer.set_exception(error)

    threading.Thread(target=attempt, daemon=True).start()
    try:
        return answer.result(seconds)
    except Exception as error:  # noqa: BLE001 - as above
        what = _line(error) if answer.done() else f"no answer within {seconds:g} s"
        raise UsageError(f"{failure}: {what}") from None
