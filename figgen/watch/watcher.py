"""The watcher: a process that watches a site's files, sends changes to its parent, and serves the page.

It has threads, and therefore never forks.
"""

import contextlib
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from figgen.errors import FiggenError
from figgen.site.paths import CONFIGS
from figgen.watch.server import PageUpdate, Server

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# Milliseconds. Changes are sent after a step without a further change, and at the latest after the debounce time.
_STEP, _DEBOUNCE = 10, 50
_READY = 100  # milliseconds after which, at the latest, the parent learns that files are watched

# Files that editors keep beside those they edit, or write while they save them.
_EDITOR_FILE = re.compile(r"[.#].*|.*~|.*\.(sw[a-z]|tmp|bak|orig)|.*\.tmp\..*|4913|.*___jb_\w+___")


class WatchError(FiggenError):
    """Watching cannot continue; the text of the error is the reason."""


class Changes(NamedTuple):
    """Changed files, by their paths from the root, and when they were noticed (`time.monotonic`)."""

    paths: frozenset[str]
    noticed: float


@contextlib.contextmanager
def start_watcher(root: Path, server: Server | None) -> "Iterator[Connection]":
    """Start the watcher, yield a connection to it, and end it with the context."""
    from multiprocessing import get_context

    fork = get_context("fork")
    link, watchers_link = fork.Pipe()
    process = fork.Process(target=_run_watcher, args=(root, server, link, watchers_link))
    process.start()
    watchers_link.close()
    try:
        if server is not None:
            server.socket.close()  # the watcher has its own
        yield link
    finally:
        process.kill()
        process.join()


def next_changes(link: "Connection") -> Changes:
    """Wait for changes, and return all that have arrived. Raises WatchError if no more can arrive."""
    paths: frozenset[str] = frozenset()
    noticed = 0.0
    try:
        while not noticed or link.poll():
            changes = link.recv()
            if isinstance(changes, str):
                raise WatchError(f"cannot watch files: {changes}")
            paths |= changes.paths
            noticed = noticed or changes.noticed
    except (EOFError, OSError):
        raise WatchError("the process that watches files has ended") from None
    return Changes(paths, noticed)


def _run_watcher(root: Path, server: Server | None, parents_link: "Connection", link: "Connection") -> None:
    """Run the watcher in this process: watch `configs/`, and serve the page if there is a server."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent receives them, too, and ends this process
        signal.signal(number, signal.SIG_IGN)
    parents_link.close()  # so that only the parent holds its end, and this process notices when the parent ends
    if server is not None:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    sender = ChangeSender(root, link)
    threading.Thread(target=_receive, args=(server, link, sender), daemon=True).start()
    sender.send_changes([str(root / CONFIGS)], _is_relevant)


def _receive(server: Server | None, link: "Connection", sender: "ChangeSender") -> None:
    """Receive what to show and what to watch, and end this process when its parent ends."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            message = link.recv()
            if not isinstance(message, PageUpdate):
                sender.watch_inputs(message)
            elif server is not None:
                server.page_state.update(message)
    os._exit(0)


def _is_relevant(path: str) -> bool:
    """Check whether a file can be part of a figure, by its name."""
    return _EDITOR_FILE.fullmatch(Path(path).name) is None


class ChangeSender:
    """Watches folders and sends the changes in them to the parent process, from several threads."""

    def __init__(self, root: Path, link: "Connection") -> None:
        self._root = root
        self._link = link
        self._lock = threading.Lock()
        self._stop = threading.Event()  # of the thread that watches inputs

    def watch_inputs(self, inputs: frozenset[str]) -> None:
        """Watch these files outside `configs/`, by their paths from the root, instead of those of the last call."""
        self._stop.set()
        self._stop = threading.Event()
        files = {str(self._root / path) for path in inputs}
        # Their folders are watched, since an editor may save a file by replacing it.
        folders = [folder for folder in {*map(os.path.dirname, files)} if Path(folder).is_dir()]
        if folders:
            arguments = (folders, files.__contains__, inputs, self._stop)
            threading.Thread(target=self.send_changes, args=arguments, daemon=True).start()

    def send_changes(
        self,
        folders: list[str],
        is_relevant: Callable[[str], bool],
        inputs: frozenset[str] = frozenset(),
        stop: threading.Event | None = None,
    ) -> None:
        """Send the relevant changes in folders; in folders below them, too, if there are no `inputs`.

        Once the folders are watched, the inputs are sent as changed, since they may have changed after they were read.
        """
        import watchfiles

        ready = False
        try:
            for changes in watchfiles.watch(
                *folders,
                watch_filter=lambda _, path: is_relevant(path),
                stop_event=stop,
                recursive=not inputs,
                rust_timeout=_READY,
                yield_on_timeout=True,
                step=_STEP,
                debounce=_DEBOUNCE,
            ):
                paths = {Path(path).relative_to(self._root).as_posix() for _, path in changes}
                if paths or not ready:
                    self._send(Changes(frozenset(paths if ready else paths | inputs), time.monotonic()))
                ready = True
        except OSError as error:
            if not (inputs and isinstance(error, FileNotFoundError)):  # the next build reports a missing folder
                self._send(str(error))

    def _send(self, message: Changes | str) -> None:
        with self._lock, contextlib.suppress(BrokenPipeError):  # the parent has ended, and so will this process
            self._link.send(message)
