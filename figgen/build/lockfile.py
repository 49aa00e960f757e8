"""The lockfile: what each artefact was built from.

`figgen.lock` is committed. It has one entry per line, sorted, so that merges are easy and diffs
readable. An entry records all outputs of one config: no merge leaves half of them, and no YAML is read to know them.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from figgen.errors import ConfigError, Finding
from figgen.site.paths import ARTEFACTS, output_path
from figgen.site.safe_io import UnsafePathError, read_below, replaced_below, write_below

LOCKFILE = "figgen.lock"
VERSION = 1

_RESTORE = "restore it from version control, or remove it: the next build writes it again"


class Made(NamedTuple):
    """What the lockfile records of an extra output of a config; the rest is as for the first."""

    digest: str
    size: tuple[int, int]


class Entry(NamedTuple):
    """What the lockfile records of the artefact of a config.

    `inputs` has the digest of each file that it was built from, None for one that was looked for and not found; `size`
    is in pixels; `extra_outputs` has the other outputs of the config by their endings (see `site.paths.output_path`).
    """

    digest: str
    size: tuple[int, int]
    figgen: str
    toolchain: Mapping[str, str]
    inputs: Mapping[str, str | None]
    extra_outputs: Mapping[str, Made] = MappingProxyType({})

    def split_outputs(self, artefact: str) -> dict[str, "Entry"]:
        """Return an entry for each output by its path, as if it were the only one."""
        further = {output_path(artefact, ending): made for ending, made in self.extra_outputs.items()}
        alone = self._replace(extra_outputs={})
        return {artefact: alone} | {path: alone._replace(**made._asdict()) for path, made in further.items()}


def read(root: Path) -> dict[str, Entry]:
    """Return the lockfile's entries by the path of their artefact. Raises ConfigError if it is damaged or too new."""
    try:
        text = read_below(os.fspath(root), LOCKFILE).decode()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise _damaged(f"not UTF-8: {error.reason}", 1) from None
    except UnsafePathError as error:
        raise ConfigError([Finding(LOCKFILE, 1, 1, "", error.message, error.allowed, error.hint or _RESTORE)]) from None
    except OSError as error:
        raise _damaged(f"cannot be read: {error.strerror}", 1) from None
    if "\n<<<<<<<" in "\n" + text:
        raise _damaged("unresolved merge conflict", text.partition("<<<<<<<")[0].count("\n") + 1)
    try:
        data = json.loads(text)
        version = data["version"]
        if version == VERSION:
            return {_checked(path, ARTEFACTS): _entry(entry, data) for path, entry in data["artefacts"].items()}
    except json.JSONDecodeError as error:
        raise _damaged(f"not JSON: {error.msg}", error.lineno) from None
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise _damaged("malformed lockfile", 1) from None
    raise _damaged(f"unknown lockfile version {version}", 1)


def _entry(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Entry:
    """Return an entry from its JSON. Raises ValueError, TypeError or the like if it is malformed."""
    further = {
        _checked(ending): Made(_text(made["digest"]), _size(made)) for ending, made in entry.get("further", {}).items()
    }
    return Entry(
        _text(entry["digest"]),
        _size(entry),
        _text(entry.get("figgen", data["figgen"])),
        {_text(name): _text(version) for name, version in entry.get("toolchain", data["toolchain"]).items()},
        {_checked(file): None if known is None else _text(known) for file, known in entry["inputs"].items()},
        further,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _size(made: Mapping[str, Any]) -> tuple[int, int]:
    width, height = made["size"]
    if type(width) is not int or type(height) is not int:
        raise TypeError(made)
    return width, height


def _checked(path: str, folder: str = "") -> str:
    """Return a path if it is below the root. Raises ValueError if not: a branch from anybody can bring a lockfile."""
    os.fsencode(path)
    if folder and not path.isprintable():  # it is printed
        raise ValueError(path)
    if path.startswith("/") or "\0" in path or ".." in path.split("/") or not path.startswith(folder):
        raise ValueError(path)
    return path


def _damaged(message: str, line: int) -> ConfigError:
    return ConfigError([Finding(LOCKFILE, line, 1, "", message, hint=_RESTORE)])


def write(root: Path, entries: Mapping[str, Entry]) -> bool:
    """Write the lockfile if it changes; return whether it did. Raises ConfigError if it cannot be written."""
    content = _dump(entries).encode()
    try:
        if replaced_below(os.fspath(root), LOCKFILE) == content:
            return False
        write_below(os.fspath(root), LOCKFILE, content)
    except OSError as error:
        hint = "the pictures are written; once this is fixed, the next build records them"
        raise ConfigError([Finding(LOCKFILE, 1, 1, "", f"cannot be written: {error.strerror}", hint=hint)]) from None
    return True


def _dump(entries: Mapping[str, Entry]) -> str:
    # What most entries have in common stands once, so that a change of it changes one line.
    figgen = _most_common(entry.figgen for entry in entries.values())
    toolchain = _most_common(json.dumps(dict(entry.toolchain), sort_keys=True) for entry in entries.values())
    lines = []
    for path, entry in sorted(entries.items()):
        values: dict[str, Any] = {"digest": entry.digest, "size": entry.size}
        if entry.figgen != figgen:
            values["figgen"] = entry.figgen
        if json.dumps(dict(entry.toolchain), sort_keys=True) != toolchain:
            values["toolchain"] = dict(sorted(entry.toolchain.items()))
        if entry.extra_outputs:
            values["further"] = {ending: made._asdict() for ending, made in sorted(entry.extra_outputs.items())}
        values["inputs"] = dict(sorted(entry.inputs.items()))
        lines.append(f"{json.dumps(path)}: {json.dumps(values)}")
    head = f'{{"version": {VERSION},\n"figgen": {json.dumps(figgen)},\n"toolchain": {toolchain or "{}"},\n'
    return head + '"artefacts": {\n' + ",\n".join(lines) + "\n}}\n"


def _most_common(values: Iterable[str]) -> str:
    counts = Counter(values)
    return max(sorted(counts), key=counts.__getitem__, default="")
