"""What changed in what a figure says: two descriptions -> lines of words, for a reviewer who sees no picture."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST = 160  # characters of a value that is shown

Description = Mapping[str, Any]


def diff_descriptions(before: Description, after: Description) -> list[str]:
    """Tell every difference between two descriptions of a figure (see `content.describe`) on a line of its own."""
    return list(_compared("", before, after))


def _compared(where: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if _is_told(before) and _is_told(after):
        if "digest" in before and "digest" in after:
            yield f"{where}: {_many(before, after)}"
            return
        for name in dict.fromkeys((*before, *after)):
            inner = f"{where} {name}".strip()
            if name not in after:
                yield f"{inner}: {_shown(before[name])} is gone"
            elif name not in before:
                yield f"{inner}: {_shown(after[name])} is new"
            else:
                yield from _compared(inner, before[name], after[name])
    elif _are_parts(before) and _are_parts(after):
        yield from _aligned(where, before, after)
    else:
        yield f"{where}: {_shown(before)} -> {_shown(after)}"


def _is_told(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)


def _are_parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _aligned(where: str, before: list[Description], after: list[Description]) -> Iterator[str]:
    """Compare lists of parts, such as panels or artists, of which some may have come, gone or moved."""
    old, new = _named(where, before), _named(where, after)
    pairs = _paired(before, after)
    yield from (f"{name} is gone" for index, name in enumerate(old) if index not in pairs)
    told = False
    for index, other in pairs.items():
        for line in _compared(new[other], before[index], after[other]):
            told = True
            yield line
    yield from (f"{name} is new: {_gist(after[i])}" for i, name in enumerate(new) if i not in pairs.values())
    if not told and list(pairs.values()) != sorted(pairs.values()):
        yield f"{where}: drawn in another order"


def _paired(before: list[Description], after: list[Description]) -> dict[int, int]:
    """Pair the parts that are the same before and after: of one kind and name, or of one kind and in that order."""
    pairs: dict[int, int] = {}
    for kin in (_named_kin, _kind):
        left: dict[str, list[int]] = {}
        for other, part in enumerate(after):
            if other not in pairs.values():
                left.setdefault(kin(part), []).append(other)
        for index, part in enumerate(before):
            if index not in pairs and (others := left.get(kin(part))):
                pairs[index] = others.pop(0)
    return dict(sorted(pairs.items()))


def _kind(part: Description) -> str:
    return str(part.get("kind"))


def _named_kin(part: Description) -> str:
    return json.dumps([_kind(part), part.get("label", part.get("text"))])


def _named(where: str, parts: list[Description]) -> list[str]:
    """Name parts by their kind and number; one that is alone needs no number, and a panel that is alone no name."""
    place, _, plural = where.rpartition(" ")
    if plural == "panels" and len(parts) == 1:
        return [place]
    kinds = [str(part.get("kind", _SINGULAR.get(plural, plural))) for part in parts]
    totals, seen, names = Counter(kinds), Counter[str](), []
    for part, kind in zip(parts, kinds, strict=True):
        seen[kind] += 1
        number = f" {seen[kind]}" if totals[kind] > 1 else ""
        label = part.get("label", part.get("text"))
        label = f" '{label}'" if isinstance(label, str) else ""
        names.append(f"{place} {kind}{number}{label}".strip())
    return names


_SINGULAR: Mapping[str, str] = {
    "panels": "panel",
    "legends": "legend",
    "entries": "entry",
    "paths": "path",
    "second": "second axis",
}


def _many(before: Description, after: Description) -> str:
    """Tell in words how a long array changed, of which a description has no more than a digest."""
    if _span(before) != _span(after):
        return f"{_span(before)} -> {_span(after)}"
    return f"some of the {_span(before)} changed"


def _span(told: Description) -> str:
    if "shape" not in told:
        return f"{told.get('count')} from {told.get('first')}"
    count = " x ".join(map(str, told["shape"]))
    bounds = f", between {told['least']} and {told['greatest']}" if "least" in told else ""
    return f"{count} values from {told['first']} to {told['last']}{bounds}"


def _gist(part: Description) -> str:
    return _shown({name: part[name] for name in ("text", "color", "face", "x", "y") if name in part})


def _shown(value: Any) -> str:
    """Write a value, of a longer one its beginning, and of a text with all its looks the words."""
    if isinstance(value, dict) and "text" in value:
        value = value["text"]
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
