"""Find out why a figure changed: what differs in its config, in the words of the spec, and in the files it reads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from figgen.build.render_jobs import Rendered
from figgen.build.staleness import Reason, StaleReason, reason_for_change
from figgen.config.load import load_document
from figgen.errors import ConfigError
from figgen.review import diff_descriptions
from figgen.site.files import Files, contents

_SIMILAR = 0.5  # share of the lines that two configs have in common if one is the other under a new name, as in git
_MAX_COMPARED = 2_500  # pairs of configs; more are not compared, as that would take long
_MAX_SIZE = 100_000  # bytes of a config that is compared


def find_renamed(base: Files, head: Files, removed: Iterable[str], added: Iterable[str]) -> dict[str, str]:
    """Return the old path by the new one of each config that was renamed, perhaps with other changes."""
    old, new = (_lines_of(files, paths) for files, paths in ((base, removed), (head, added)))
    if len(old) * len(new) > _MAX_COMPARED:
        return {}
    likeness = [(_likeness(old[one], new[other]), one, other) for one in old for other in new]
    renamed: dict[str, str] = {}
    for ratio, one, other in sorted(likeness, key=lambda pair: (-pair[0], *pair[1:])):
        if ratio > _SIMILAR and other not in renamed and one not in renamed.values():
            renamed[other] = one
    return renamed


def _lines_of(files: Files, paths: Iterable[str]) -> dict[str, Counter[bytes]]:
    """Return how often a config has each of its lines, by its path."""
    found = {path: content for path, content in contents(files, paths).items() if isinstance(content, bytes)}
    return {path: Counter(content.splitlines()) for path, content in found.items() if len(content) <= _MAX_SIZE}


def _likeness(one: Counter[bytes], other: Counter[bytes]) -> float:
    """Return the share of the lines that two texts have in common, in any order."""
    lines = one.total() + other.total()
    return 2 * (one & other).total() / lines if lines else 1


def find_causes(
    base: Files, head: Files, configs: tuple[str, str], before: Rendered | None, after: Rendered | None
) -> list[str]:
    """Return a line for each difference of the files that a figure was drawn from, before and after; the config first.

    A line about a file that other figures may read, too, begins with its kind and its path. There are none for a figure
    that is on one side only.
    """
    if before is None or after is None:
        return []
    specs = _spec(base, configs[0]), _spec(head, configs[1])
    lines = [f"config: {line}" for line in diff_descriptions(*specs)] if all(specs) else []
    for path in sorted(before.inputs.keys() & after.inputs.keys()):
        reason = reason_for_change(path)
        if before.inputs[path] == after.inputs[path] or reason.kind is StaleReason.CONFIG:
            continue
        settings = [*_diff_settings(base, head, reason)] if reason.kind is StaleReason.STYLE else []
        lines += settings or [f"{reason} {_verb(before.inputs[path], after.inputs[path])}"]
    return lines


def _verb(before: str | None, after: str | None) -> str:
    return "added" if before is None else "removed" if after is None else "changed"


def without_repetition(causes: Iterable[str], changes: Iterable[str]) -> Iterator[str]:
    """Yield the causes except those that the changes of the description say in the same words, such as of a title."""
    said = {change.replace(" text: ", ": ", 1) for change in changes}
    return (cause for cause in causes if cause.removeprefix("config: ") not in said)


def is_shared(cause: str) -> bool:
    """Check whether a line of `find_causes` is about a file that other figures may read, too."""
    return not cause.startswith("config: ")


def _spec(files: Files, config: str) -> Mapping[str, Any]:
    """Return a config with its defaults as plain data, in which a layer has a `kind`; empty if it is not valid YAML."""
    try:
        spec = _with_kinds(load_document(files, config).data)
    except ConfigError:
        return {}
    return spec if isinstance(spec, dict) else {}


def _with_kinds(value: Any) -> Any:
    if isinstance(value, dict):
        kind = {"kind": value["mark"]} if isinstance(value.get("mark"), str) else {}
        return kind | {str(key): _with_kinds(inner) for key, inner in value.items() if key != "mark" or not kind}
    return [*map(_with_kinds, value)] if isinstance(value, list) else value


def _diff_settings(base: Files, head: Files, style: Reason) -> Iterator[str]:
    """Yield a line for each setting of a style that differs, with its line in the file."""
    old, new = (_settings((files.read(style.about) or b"").decode(errors="replace")) for files in (base, head))
    for name in dict.fromkeys((*new, *old)):
        (line, after), (_, before) = new.get(name, (0, "")), old.get(name, (0, ""))
        place = f"{style}:{line}" if name in new else str(style)
        if name not in old:
            yield f"{place}: {name}: {after} added"
        elif name not in new:
            yield f"{place}: {name}: {before} removed"
        elif before != after:
            yield f"{place}: {name}: {before} -> {after}"


def _settings(style: str) -> dict[str, tuple[int, str]]:
    """Return the line and the value of each setting of a style by its name."""
    found = {}
    for number, line in enumerate(style.splitlines(), start=1):
        name, colon, value = line.partition(":")
        if colon and not line.lstrip().startswith("#"):
            found[name.strip()] = number, value.partition(" #")[0].strip()
    return found
