"""The limits on what is read and drawn, in one table; only the environment of who runs figgen can raise them.

An environment variable reaches every process, through `make`, hooks and forked workers alike, and a pull request
cannot set it. No pixel depends on a limit: it only decides whether there is a picture.

What the format itself bounds is not here, since a raised bound would make configs that others cannot read: YAML of
100,000 values and 50 levels (`config.yaml_document`), formulas of 2,000 characters, 20,000 nodes and 100 levels
(`data.formulas`), a canvas of 20,000 pixels a side and 50,000,000 in all (`config.spec.figure`), 1,000 ticks
(`drawing.panel`).
"""

import functools
import os
from collections.abc import Mapping
from typing import NamedTuple

from figgen.errors import UsageError

VARIABLE = "FIGGEN_LIMITS"
MIB = 2**20


class Limit(NamedTuple):
    """A default, and what it limits."""

    default: int
    about: str


LIMITS: Mapping[str, Limit] = {
    "config_mib": Limit(4, "MiB of a config, a style sheet, a `_defaults.yaml` or `_config.yml`"),
    "post_mib": Limit(16, "MiB of a post"),
    "data_mib": Limit(512, "MiB of any other file: data, fonts, pictures, the lockfile"),
    "elements": Limit(20_000_000, "values of one array"),
    "panels": Limit(400, "panels of one figure"),
    "layers": Limit(2_000, "layers of one figure"),
    "characters": Limit(5_000, "characters of one text, the alt text included"),
    "seconds": Limit(300, "seconds for one figure"),
    "memory_mib": Limit(4_096, "MiB of memory of one process that draws, where the system can bound it"),
}

_OF_ENDINGS: Mapping[str, str] = {
    ".yaml": "config_mib",
    ".yml": "config_mib",
    ".mplstyle": "config_mib",
    ".md": "post_mib",
    ".markdown": "post_mib",
    ".html": "post_mib",
    ".htm": "post_mib",
}


def limit(name: str) -> int:
    """Return a limit as it is in this run. Raises UsageError if FIGGEN_LIMITS is malformed."""
    return _given(os.environ.get(VARIABLE, "")).get(name, LIMITS[name].default)


def size_limit(path: str) -> str:
    """Return the name of the limit for the size of a file, by its ending."""
    return _OF_ENDINGS.get(os.path.splitext(path)[1].lower(), "data_mib")


def limit_text(name: str) -> tuple[str, ...]:
    """Return a limit as errors list it under what is allowed."""
    unit = " MiB" if name.endswith("_mib") else " s" if name == "seconds" else ""
    return (f"up to {limit(name):,}{unit}",)


def raise_limit_hint(name: str) -> str:
    """Return the hint that says how to raise a limit."""
    return f"raise the limit with {VARIABLE}={name}={2 * limit(name)}"


def check_limits() -> None:
    """Raise UsageError if FIGGEN_LIMITS is malformed."""
    _given(os.environ.get(VARIABLE, ""))


@functools.lru_cache(1)
def _given(text: str) -> Mapping[str, int]:
    found = {}
    for part in filter(None, text.replace(" ", "").split(",")):
        name, _, value = part.partition("=")
        if name not in LIMITS or not value.isascii() or not value.isdecimal() or not 0 < int(value[:15]) < 10**12:
            known = ", ".join(LIMITS)
            raise UsageError(
                f"{VARIABLE}: '{part}' is not a valid limit: write NAME=NUMBER, separated by commas; names: {known}"
            )
        found[name] = int(value)
    return found
