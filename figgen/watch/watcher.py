"""A process that looks for changes in a site, tells them, and serves the page meanwhile.

It has threads, and is therefore never the one that forks.
"""

import contextlib
import os
import re
import signal
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from figgen.errors import FiggenError
from figgen.site.paths import CONFIGS
from figgen.watch.server import Server

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# Milliseconds: changes are told once none came for a step, or after so long in any case.
_STEP, _DEBOUNCE = 10, 50
_FIRST_LOOK = 100  # milliseconds, after which a first word comes, that changes are looked for

# What editors keep beside the files that they edit, and write on the way to saving one.
_PASSING = re.compile(r"[.#].*|.*~|.*\.(sw[a-z]|tmp|bak|orig)|.*\.tmp\..*|4913|.*___jb_\w+___")


class WatchError(FiggenError):
    """Watching cannot go on; the text says why."""


class Changes(NamedTuple):
    """Files that were changed, by their paths from the root, and when that was noticed (`time.monotonic`)."""

    paths: frozenset[str]
    noticed: float


class WatchPaths(NamedTuple):
    """Files outside `configs/` that pictures are made from, by their paths from the root."""

    paths: frozenset[str]


@contextlib.contextmanager
def start_watcher(root: Path, server: Server | None) -> "Iterator[Connection]":
    """Start the process that looks for changes and serves the page, and end it."""
    from multiprocessing import Pipe

    link, other = Pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):  # whatever it is, it must not run on into the parent's code
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
            link.close()
            _look(root, server, other)
        os._exit(1)
    other.close()
    try:
        if server is not None:
            server.socket.close()  # the watcher has it
        yield link
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _look(root: Path, server: Server | None, link: "Connection") -> None:
    """Send what changes, the first time as soon as changes are looked for; only in the watcher's process."""
    import watchfiles

    if server is not None:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    teller = ChangeSender(root, link)
    threading.Thread(target=_receive, args=(server, link, teller), daemon=True).start()
    begun = False
    try:
        for changes in watchfiles.watch(
            root / CONFIGS,
            watch_filter=_is_kept,
            rust_timeout=_FIRST_LOOK,
            yield_on_timeout=True,
            step=_STEP,
            debounce=_DEBOUNCE,
        ):
            if changes or not begun:
                teller.changed(path for _, path in changes)
            begun = True
    except OSError as error:
        teller.failed(error)


class ChangeSender:
    """Sends changed files, from more than one thread."""

    def __init__(self, root: Path, link: "Connection") -> None:
        self._root = root
        self._link = link
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def changed(self, paths: Iterable[str]) -> None:
        """Send the paths of files that changed."""
        self._send(
            Changes(frozenset(Path(path).relative_to(self._root).as_posix() for path in paths), time.monotonic())
        )

    def failed(self, error: OSError) -> None:
        """Send why changes cannot be looked for."""
        self._send(str(error))

    def _send(self, news: Changes | str) -> None:
        with self._lock:
            self._link.send(news)

    def look_at(self, paths: Collection[str]) -> None:
        """Look at these files from now on, and no more at those that were named before."""
        self._stop.set()
        self._stop = threading.Event()
        files = {str(self._root / path) for path in paths}
        # Their folders are looked at, as a file that is saved by way of another one is a new file.
        folders = {folder for folder in map(os.path.dirname, files) if Path(folder).is_dir()}
        if folders:
            threading.Thread(target=self._look, args=(folders, files, self._stop), daemon=True).start()

    def _look(self, folders: Collection[str], files: Collection[str], stop: threading.Event) -> None:
        import watchfiles

        try:
            for changes in watchfiles.watch(
                *folders,
                watch_filter=lambda _, path: path in files,
                stop_event=stop,
                recursive=False,
                step=_STEP,
                debounce=_DEBOUNCE,
            ):
                self.changed(path for _, path in changes)
        except FileNotFoundError:  # a folder is gone; the next build tells what that means for its pictures
            return
        except OSError as error:
            self.failed(error)


def _is_kept(_: object, path: str) -> bool:
    return _PASSING.fullmatch(path.rpartition(os.sep)[2]) is None


def _receive(server: Server | None, link: "Connection", teller: ChangeSender) -> None:
    """Take what is to be shown or looked at, and end the watcher's process with its parent."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            news = link.recv()
            if isinstance(news, WatchPaths):
                teller.look_at(news.paths)
            elif server is not None:
                server.board.update(*news)
    os._exit(0)


def next_changes(link: "Connection") -> Changes:
    """Wait for changes; those that came meanwhile are one."""
    paths: frozenset[str] = frozenset()
    noticed = 0.0
    try:
        while not noticed or link.poll():
            changes = link.recv()
            if isinstance(changes, str):
                raise WatchError(f"changes cannot be looked for: {changes}")
            paths |= changes.paths
            noticed = noticed or changes.noticed
    except (EOFError, OSError):
        raise WatchError("the process that looks for changes has ended") from None
    return Changes(paths, noticed)
