"""The lockfile: what each artefact was built from.

`figgen.lock` is committed. It has one entry per line, sorted, so that merges are easy and diffs readable. An entry
records all outputs of one config, so that a merge keeps all or none of them, and they are known without reading YAML.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from figgen.errors import ConfigError, Finding
from figgen.site.paths import is_output, output_path
from figgen.site.safe_io import UnsafePathError, read_before_write, read_below, write_below

LOCKFILE = "figgen.lock"
VERSION = 2  # version 1 had a single digest of all drawing code

_RESTORE = "restore it from version control, or remove it: the next build writes it again"

_T = TypeVar("_T")


class OutputRecord(NamedTuple):
    """What the lockfile records of one output: the digest of its bytes, and its size in pixels."""

    digest: str
    size: tuple[int, int]


class Entry(NamedTuple):
    """What the lockfile records of a config: its outputs by their paths, the artefact first, and what made them.

    `inputs` has the digest of each file that they were built from, None for one that was looked for and not found;
    `figgen` has the digests of the drawing code by its parts: "" for what all figures share, and each mark that is
    shown; `toolchain` has the versions of the libraries.
    """

    outputs: Mapping[str, OutputRecord]
    figgen: Mapping[str, str]
    toolchain: Mapping[str, str]
    inputs: Mapping[str, str | None]

    def split(self) -> dict[str, "Entry"]:
        """Return an entry for each output, by its path, that has no other outputs."""
        return {path: self._replace(outputs={path: made}) for path, made in self.outputs.items()}


def read(root: Path) -> dict[str, Entry]:
    """Return the lockfile's entries by the path of their artefact. Raises ConfigError if it is damaged or too new."""
    try:
        text = read_below(os.fspath(root), LOCKFILE).decode()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise _damaged(f"not UTF-8: {error.reason}") from None
    except UnsafePathError as error:
        raise ConfigError([Finding(LOCKFILE, 1, 1, "", error.message, error.allowed, error.hint or _RESTORE)]) from None
    except OSError as error:
        raise _damaged(f"cannot be read: {error.strerror}") from None
    if "\n<<<<<<<" in "\n" + text:
        raise _damaged("unresolved merge conflict", text.partition("<<<<<<<")[0].count("\n") + 1)
    try:
        data = json.loads(text)
        version = data["version"]
        if version in {1, VERSION}:
            return {path: _entry(path, entry, data) for path, entry in data["artefacts"].items()}
    except json.JSONDecodeError as error:
        raise _damaged(f"not JSON: {error.msg}", error.lineno) from None
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise _damaged("malformed lockfile") from None
    raise _damaged(f"unknown lockfile version {version}")


def _damaged(message: str, line: int = 1) -> ConfigError:
    return ConfigError([Finding(LOCKFILE, line, 1, "", message, hint=_RESTORE)])


def _entry(artefact: str, entry: Mapping[str, Any], data: Mapping[str, Any]) -> Entry:
    """Return an entry from its JSON. Raises ValueError, TypeError or the like if it is malformed."""
    outputs = {artefact: entry} | {output_path(artefact, end): made for end, made in entry.get("further", {}).items()}
    return Entry(
        {_output(path): _output_record(made) for path, made in outputs.items()},
        _code(entry, data),
        {name: _typed(str, version) for name, version in entry.get("toolchain", data["toolchain"]).items()},
        {_input(path): None if found is None else _typed(str, found) for path, found in entry["inputs"].items()},
    )


def _code(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the digests of the drawing code by its parts: those of an entry, or else of the whole lockfile."""
    found = entry.get("figgen")
    if found is None:
        shared = data["figgen"]
        found = {part: shared[part] for part in ("", *entry["marks"])} if isinstance(shared, dict) else shared
    found = {"": found} if isinstance(found, str) else found
    return {part: _typed(str, value) for part, value in {"": found[""], **found}.items()}


def _output_record(made: Mapping[str, Any]) -> OutputRecord:
    width, height = made["size"]
    return OutputRecord(_typed(str, made["digest"]), (_typed(int, width), _typed(int, height)))


def _typed(kind: type[_T], value: Any) -> _T:
    if type(value) is not kind:
        raise TypeError(value)
    return value


def _output(path: str) -> str:
    """Return a path if a config can write a picture there. Raises ValueError if not."""
    if not is_output(path):
        raise ValueError(path)
    return path


def _input(path: str) -> str:
    """Return a path if a config can name that file: it is below the root, and no part of it is hidden.

    Raises ValueError if not: a lockfile may come from a stranger's branch, and that a file changed tells what it has.
    """
    os.fsencode(path)
    if path.startswith("/") or "\0" in path or any(part.startswith(".") for part in path.split("/")):
        raise ValueError(path)
    return path


def write(root: Path, entries: Mapping[str, Entry]) -> bool:
    """Write the lockfile if it changes; return whether it did. Raises ConfigError if it cannot be written."""
    content = _dump(entries).encode()
    try:
        if read_before_write(os.fspath(root), LOCKFILE) == content:
            return False
        write_below(os.fspath(root), LOCKFILE, content)
    except UnsafePathError as error:
        raise ConfigError([Finding(LOCKFILE, 1, 1, "", error.message, error.allowed, error.hint)]) from None
    except OSError as error:
        hint = "the pictures are written; once this is fixed, the next build records them"
        raise ConfigError([Finding(LOCKFILE, 1, 1, "", f"cannot be written: {error.strerror}", hint=hint)]) from None
    return True


def _dump(entries: Mapping[str, Entry]) -> str:
    # What most entries have in common is at the top, once, so that a change of it changes one line.
    parts = sorted({part for entry in entries.values() for part in entry.figgen})
    figgen = {
        part: _most_common(entry.figgen[part] for entry in entries.values() if part in entry.figgen) for part in parts
    }
    toolchain = _most_common(json.dumps(dict(entry.toolchain), sort_keys=True) for entry in entries.values())
    lines = []
    for path, entry in sorted(entries.items()):
        values: dict[str, Any] = entry.outputs[path]._asdict()
        if any(figgen[part] != found for part, found in entry.figgen.items()):
            values["figgen"] = dict(sorted(entry.figgen.items()))
        else:
            values["marks"] = sorted(entry.figgen.keys() - {""})
        if json.dumps(dict(entry.toolchain), sort_keys=True) != toolchain:
            values["toolchain"] = dict(sorted(entry.toolchain.items()))
        start = path.removesuffix(".png")
        further = {other.removeprefix(start): made._asdict() for other, made in entry.outputs.items() if other != path}
        if further:
            values["further"] = dict(sorted(further.items()))
        values["inputs"] = dict(sorted(entry.inputs.items()))
        lines.append(f"{json.dumps(path)}: {json.dumps(values)}")
    code = ",\n".join(f"{json.dumps(part)}: {json.dumps(found)}" for part, found in figgen.items())
    head = f'{{"version": {VERSION},\n"figgen": {{\n{code}\n}},\n"toolchain": {toolchain or "{}"},\n'
    return head + '"artefacts": {\n' + ",\n".join(lines) + "\n}}\n"


def _most_common(values: Iterable[str]) -> str:
    counts = Counter(values)
    return max(sorted(counts), key=counts.__getitem__, default="")
