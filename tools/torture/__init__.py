"""Breaks real builds in every way that machines do: `make torture`, or python -m tools.torture --kills N.

After each fault every file is its whole old or its whole new self, nothing passing is left, no process is, no traceback was
shown, and the next run repairs what there is to repair. tests/tools/test_torture.py does each of these once or a few times.
"""

from collections.abc import Callable
from pathlib import Path

from tools.torture.damage import damaged_cache, damaged_lockfile, damaged_pictures
from tools.torture.machine import (
    broken_fonts,
    clock_set_back,
    clone_of_somebody_else,
    failing_disk,
    few_descriptors,
    few_processes,
    full_disk,
    no_rights,
    out_of_memory,
)
from tools.torture.processes import at_once, branches_switched, watch_killed, worker_killed

FAULTS: dict[str, Callable[[Path], str]] = {
    "a full disk (ENOSPC)": full_disk,
    "a failing disk (EIO)": failing_disk,
    "too few descriptors (EMFILE)": few_descriptors,
    "no rights (EACCES)": no_rights,
    "a clone of somebody else": clone_of_somebody_else,
    "no further processes (EAGAIN)": few_processes,
    "out of memory": out_of_memory,
    "broken fonts": broken_fonts,
    "a worker killed by hand": worker_killed,
    "SIGKILL of watch": watch_killed,
    "builds at once": at_once,
    "branches switched during builds": branches_switched,
    "clock set back and forward": clock_set_back,
    "a damaged lockfile": damaged_lockfile,
    "a damaged cache of digests": damaged_cache,
    "damaged artefacts and baselines": damaged_pictures,
}
