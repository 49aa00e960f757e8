"""The resolved spec of a config, with the place that each value came from."""

import json
import re
from collections.abc import Iterator
from typing import Any

from figgen.config.spec import Figure
from figgen.config.yaml_document import Document
from figgen.errors import Where

# What JSON leaves as it is within quotes, but YAML reads as a line break, or not at all.
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PLAIN_KEY = re.compile(r"[A-Za-z][\w.]*", re.ASCII)


def show(document: Document, figure: Figure) -> str:
    """Write a spec as YAML, which is a config itself; a value that is from elsewhere is followed by where."""
    own = document.values[()].path
    without = {"layers", "axes"} if figure.panels else {"panels", "grid"}
    if figure.panels and "legend" not in figure.model_fields_set:
        without |= {"legend"}  # that it is not there says that each panel has its own
    values = figure.model_dump(mode="json", exclude_none=True, exclude=without)
    return "".join(_lines(values, (), document, own))


def _lines(value: Any, where: Where, document: Document, own: str) -> Iterator[str]:
    """Write the items of a mapping or list, a line each, or several where an item holds mappings itself."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        place = (*where, key)
        if inner in ([], {}) and place not in document.values:
            continue
        head = "  " * len(where) + (f"{_key(key)}:" if isinstance(key, str) else "-")
        # Below a mapping that no file says, nothing else is from a file; that is said once.
        origin = _origin(place, document, own) if where in document.values else ""
        if inner and (isinstance(inner, dict) or (isinstance(inner, list) and isinstance(inner[0], dict))):
            lines = list(_lines(inner, place, document, own))
            yield f"{head}{'' if lines else ' {}'}{origin if place not in document.values else ''}\n"
            yield from lines
        else:
            yield f"{head} {_written(inner)}{origin}\n"


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _written(key)


def _written(value: Any) -> str:
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _origin(where: Where, document: Document, own: str) -> str:
    mark = document.values.get(where)
    if mark is None:
        return "  # default"
    return "" if mark.path == own else f"  # {mark.path}:{mark.line}"
