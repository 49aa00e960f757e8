"""The lockfile: what each artefact was made from, and why one must be made again.

`figgen.lock` is committed. It holds one entry a line, sorted, so that merges are easy and diffs are read. An entry is
of all that one config makes: no merge leaves half of it, and which artefacts these are is known without reading YAML.
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

_RESTORE = "restore it from version control, or remove it: the next build writes it anew, and all pictures it must"


class Made(NamedTuple):
    """What the lockfile says of a further artefact of a config; all else is as for the first."""

    digest: str
    size: tuple[int, int]


class Entry(NamedTuple):
    """What the lockfile says of the artefact of a config.

    `inputs` gives the digest of each file that it was made from, None for one that was looked for and not there; `size`
    is in pixels; `further` are the other artefacts of the config, by their endings (see `site.output_path`).
    """

    digest: str
    size: tuple[int, int]
    figgen: str
    toolchain: Mapping[str, str]
    inputs: Mapping[str, str | None]
    extra_outputs: Mapping[str, Made] = MappingProxyType({})

    def split_outputs(self, artefact: str) -> dict[str, "Entry"]:
        """Give an entry for each of the artefacts, by their paths, as if it were alone."""
        further = {output_path(artefact, ending): made for ending, made in self.extra_outputs.items()}
        alone = self._replace(extra_outputs={})
        return {artefact: alone} | {path: alone._replace(**made._asdict()) for path, made in further.items()}


def read(root: Path) -> dict[str, Entry]:
    """Read the lockfile: entries by the path of their artefact. Raises ConfigError if it is damaged or too new."""
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
        raise _damaged("marks of a merge conflict", text.partition("<<<<<<<")[0].count("\n") + 1)
    try:
        data = json.loads(text)
        version = data["version"]
        if version == VERSION:
            return {_checked(path, ARTEFACTS): _entry(entry, data) for path, entry in data["artefacts"].items()}
    except json.JSONDecodeError as error:
        raise _damaged(f"not JSON: {error.msg}", error.lineno) from None
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise _damaged("not as figgen writes it", 1) from None
    raise _damaged(f"version {version}, which this figgen does not know", 1)


def _entry(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Entry:
    """Make an entry of what the lockfile says of it. Raises ValueError, TypeError and the like if that is odd."""
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
    """Give a path, if it is one below the root. Raises ValueError: a lockfile comes with a branch, from anybody."""
    os.fsencode(path)
    if folder and not path.isprintable():  # it is printed
        raise ValueError(path)
    if path.startswith("/") or "\0" in path or ".." in path.split("/") or not path.startswith(folder):
        raise ValueError(path)
    return path


def _damaged(message: str, line: int) -> ConfigError:
    return ConfigError([Finding(LOCKFILE, line, 1, "", message, hint=_RESTORE)])


def write(root: Path, entries: Mapping[str, Entry]) -> bool:
    """Write the lockfile, if it changes; tell whether it did. Raises ConfigError if it cannot be written."""
    content = _dump(entries).encode()
    try:
        if replaced_below(os.fspath(root), LOCKFILE) == content:
            return False
        write_below(os.fspath(root), LOCKFILE, content)
    except OSError as error:
        hint = "what was drawn is there; once this is mended, the next build takes it up"
        raise ConfigError([Finding(LOCKFILE, 1, 1, "", f"cannot be written: {error.strerror}", hint=hint)]) from None
    return True


def _dump(entries: Mapping[str, Entry]) -> str:
    # What most entries have in common is said once, so that a change of it is a change of one line.
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
