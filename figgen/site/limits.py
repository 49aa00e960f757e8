"""The limits on what is read and drawn, in one table. Whoever runs figgen can raise them, by an environment variable.

An environment variable reaches every process, through `make`, hooks and forked workers alike, and a pull request
cannot set it. No pixel depends on a limit: it only decides whether there is a picture.

The limits of the config format are not in the table: nobody can raise them, so that a config which is valid for one
person is valid for all. They are the sizes of files other than data and fonts (below), 100,000 values, 50 levels and
1,000 characters of a key of YAML (`config.yaml_document`), 400 panels, 2,000 layers and 5,000 characters of one text
(`config.validate`), 2,000 characters, 20,000 nodes and 100 levels of a formula (`data.formulas`), a canvas of 20,000
pixels a side and 50,000,000 in all (`config.spec.figure`), and 1,000 ticks (`drawing.axes`).
"""

import functools
import os
from collections.abc import Mapping
from typing import NamedTuple

from figgen.errors import UsageError

VARIABLE = "FIGGEN_LIMITS"
MIB = 2**20
_TOO_LARGE = 10**12  # for any limit


class Limit(NamedTuple):
    """A default, and what it limits."""

    default: int
    about: str


LIMITS: Mapping[str, Limit] = {
    "file_mib": Limit(512, "MiB of one data file or font"),
    "elements": Limit(20_000_000, "values of one array"),
    "seconds": Limit(300, "seconds for one figure"),
    "memory_mib": Limit(4_096, "MiB of memory of one process that draws, where the system can limit it"),
}

_UNITS = {"file_mib": " MiB", "memory_mib": " MiB", "seconds": " s"}
_FIXED_MIB = {
    **dict.fromkeys((".yaml", ".yml", ".mplstyle"), 4),
    **dict.fromkeys((".md", ".markdown", ".html", ".htm"), 16),
    ".lock": 16,  # of some 30,000 figures; read, it takes thirty times as much memory
    ".json": 8,
    ".png": 256,
}


def limit(name: str) -> int:
    """Return the value of one of `LIMITS` in this run. Raises UsageError if FIGGEN_LIMITS is malformed."""
    return _parsed().get(name, LIMITS[name].default)


def limit_advice(name: str, needed: int | None = None) -> tuple[tuple[str, ...], str]:
    """Return `allowed` and `hint` for the message about an exceeded limit.

    The hint names the value that is needed. Nobody knows that in advance of time and memory: it is ten times as long,
    and all the memory that the machine has. Other limits that are set stay as they are.
    """
    most = limit(name)
    allowed = (f"up to {most:,}{_UNITS.get(name, '')}",)
    if needed is None:
        needed = 10 * most if name == "seconds" else _machine_mib()
    if needed <= most:
        return allowed, "draw fewer values, or draw it on a machine that has more memory"
    if needed >= _TOO_LARGE:
        return allowed, f"use fewer: no value of {VARIABLE} allows so many"
    others = "".join(f"{other}={value}," for other, value in _parsed().items() if other != name)
    more = ", and further while that is too short" if name == "seconds" else ""
    return allowed, f"raise the limit with {VARIABLE}={others}{name}={needed}{more}"


def size_limit(path: str) -> int:
    """Return how many MiB a file may have, by its ending."""
    return _fixed_mib(path) or limit("file_mib")


def size_advice(path: str, size: int) -> tuple[tuple[str, ...], str]:
    """Return `allowed` and `hint` for the message about a file of too many bytes; no hint if nobody can raise that."""
    if most := _fixed_mib(path):
        return (f"up to {most:,} MiB",), ""
    return limit_advice("file_mib", -(-size // MIB))


def _fixed_mib(path: str) -> int:
    return _FIXED_MIB.get(os.path.splitext(path)[1].lower(), 0)


def _machine_mib() -> int:
    """Return how much memory this machine has, in MiB; 0 if it does not say so."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    except (ValueError, OSError):
        return 0


def check_limits() -> None:
    """Raise UsageError if FIGGEN_LIMITS is malformed."""
    _parsed()


def _parsed() -> Mapping[str, int]:
    return _parse(os.environ.get(VARIABLE, ""))


@functools.lru_cache(1)
def _parse(text: str) -> Mapping[str, int]:
    """Return the limits that FIGGEN_LIMITS sets, such as `seconds=600,elements=40000000`."""
    found = {}
    for part in filter(None, text.replace(" ", "").split(",")):
        name, _, value = part.partition("=")
        if name not in LIMITS or not value.isascii() or not value.isdecimal() or not 0 < int(value[:15]) < _TOO_LARGE:
            raise UsageError(
                f"{VARIABLE}: '{part}' is not a valid limit: write NAME=NUMBER, separated by commas; "
                f"names: {', '.join(LIMITS)}"
            )
        found[name] = int(value)
    return found
