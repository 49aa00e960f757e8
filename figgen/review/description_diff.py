"""Compare two descriptions of a figure, and write a line for each difference, to be read beside the pictures."""

import json
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from figgen.review.array_diff import diff_arrays, format_summary, is_summary

Description = Mapping[str, Any]

_MAX_LENGTH = 160  # characters of a value that are printed
_MAX_LINE = 500  # characters
_MAX_LINES = 200
_MAX_ALIKE = 3  # parts of one kind in which the same property changed; more are written in one line

# What to call an entry of a list whose entries have no 'kind', by the key of the list.
_SINGULAR: Mapping[str, str] = {
    "panels": "panel",
    "legends": "legend",
    "entries": "entry",
    "paths": "path",
    "second": "secondary axis",
}
_CONSEQUENCES = ("legend", "x", "y", "second")  # of a panel: what follows from what is drawn in it comes after that


def diff_descriptions(before: Description, after: Description) -> list[str]:
    """Return the differences between two results of `describe`, one line each, such as "line 1 width: 1.5 -> 2".

    Of very many, the last line says how many there are.
    """
    lines = list(_diff_values("", before, after))
    more = len(lines) - _MAX_LINES
    shown = [line if len(line) <= _MAX_LINE else f"{line[: _MAX_LINE - 1]}…" for line in lines[:_MAX_LINES]]
    return [*shown, *([f"and {more:,} more differences"] if more > 0 else [])]


def _diff_values(where: str, before: Any, after: Any, x: Any = None) -> Iterator[str]:
    """Yield a line for each difference of two values; `x` has the positions of the second one on the x axis, if any."""
    if before == after:
        return
    if is_summary(before) or is_summary(after):
        yield f"{where}: {diff_arrays(before, after, x) or f'{_format_value(before)} -> {_format_value(after)}'}"
    elif isinstance(before, dict) and isinstance(after, dict) and before and after:
        names = [*dict.fromkeys((*before, *after))]
        if "artists" in names:
            names.sort(key=lambda name: (*"-", *_CONSEQUENCES).index(name if name in _CONSEQUENCES else "-"))
        for name in names:
            inner = f"{where} {name}".strip()
            if name not in after:
                yield f"{inner}: {_format_value(before[name])} removed"
            elif name not in before:
                yield f"{inner}: {_format_value(after[name])} added"
            else:
                yield from _diff_values(inner, before[name], after[name], after.get("x") if name == "y" else None)
    elif _is_list_of_parts(before) and _is_list_of_parts(after):
        yield from _diff_parts(where, before, after)
    else:
        yield f"{where}: {_format_value(before)} -> {_format_value(after)}"


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _diff_parts(where: str, before: list[Description], after: list[Description]) -> Iterator[str]:
    """Yield the differences of two lists of parts, such as artists, of which some may be added, removed or moved."""
    old_names, new_names = _part_names(where, before), _part_names(where, after)
    pairs = _pair_parts(before, after)
    paired = set(pairs.values())
    yield from (f"{name} removed" for index, name in enumerate(old_names) if index not in pairs)
    changes = {new: [*_diff_values("", before[old], after[new])] for old, new in pairs.items()}
    yield from _group(where, new_names, after, changes)
    for index, name in enumerate(new_names):
        if index not in paired:
            shown = {key: after[index][key] for key in ("text", "color", "face", "x", "y") if key in after[index]}
            yield f"{name} added: {_format_value(shown)}"
    if not any(changes.values()) and list(pairs.values()) != sorted(paired):
        yield f"{where}: drawn in a different order"


def _group(where: str, names: list[str], parts: list[Description], changes: Mapping[int, list[str]]) -> Iterator[str]:
    """Yield the changes of parts, those of the same property of many parts of one kind as one line."""
    parent = where.rpartition(" ")[0]
    alike: dict[tuple[str, str], list[int]] = {}
    for index, lines in changes.items():
        for line in lines:
            alike.setdefault((_kind(where, parts[index]), line.partition(":")[0]), []).append(index)
    for index, lines in changes.items():
        for line in lines:
            name, colon, change = line.partition(":")
            kind = _kind(where, parts[index])
            same = alike[kind, name]
            if len(same) <= _MAX_ALIKE:
                yield f"{names[index]} {line}".strip()
            elif same[0] == index:
                first = names[index].removeprefix(parent).strip()
                such = "" if all(line in changes[other] for other in same) else f" changed, such as {first}:"
                yield f"{parent} {len(same)} {_plural(kind)} {name}{colon}{such}{change}".strip()


def _plural(kind: str) -> str:
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return kind if kind.endswith("s") and kind != "secondary axis" else f"{kind}{'es' if kind.endswith('ch') else 's'}"


def _pair_parts(before: list[Description], after: list[Description]) -> dict[int, int]:
    """Return the new index by the old one: parts of equal kind and label are paired first, then those of equal kind."""
    pairs: dict[int, int] = {}
    unpaired = [index for index, _ in enumerate(after)]
    for by_label in (True, False):
        waiting: dict[str, deque[int]] = {}
        for new in unpaired:
            waiting.setdefault(_pairing_key(after[new], by_label=by_label), deque()).append(new)
        for old, part in enumerate(before):
            if old not in pairs and (candidates := waiting.get(_pairing_key(part, by_label=by_label))):
                pairs[old] = candidates.popleft()
        unpaired = sorted(chain.from_iterable(waiting.values()))
    return dict(sorted(pairs.items()))


def _pairing_key(part: Description, *, by_label: bool) -> str:
    return json.dumps([part.get("kind"), _label(part) if by_label else None])


def _label(part: Description) -> Any:
    return part.get("label", part.get("text"))


def _kind(where: str, part: Description) -> str:
    key = where.rpartition(" ")[2]
    return str(part.get("kind", _SINGULAR.get(key, key)))


def _part_names(where: str, parts: list[Description]) -> list[str]:
    """Return a name for each part: kind, number unless it is the only one of its kind, and label.

    The only panel of a figure needs no name.
    """
    parent, _, key = where.rpartition(" ")
    if key == "panels" and len(parts) == 1:
        return [parent]
    kinds = [_kind(where, part) for part in parts]
    totals, seen, names = Counter(kinds), Counter[str](), []
    for part, kind in zip(parts, kinds, strict=True):
        seen[kind] += 1
        number = f" {seen[kind]}" if totals[kind] > 1 else ""
        label = f" '{_label(part)}'" if isinstance(_label(part), str) else ""
        names.append(f"{parent} {kind}{number}{label}".strip())
    return names


def _format_value(value: Any) -> str:
    """Return a value as JSON, abbreviated; of the description of a text, only its characters."""
    if is_summary(value):
        return format_summary(value)
    if isinstance(value, dict) and "text" in value:
        value = value["text"]
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MAX_LENGTH else text[: _MAX_LENGTH - 1] + "…"
