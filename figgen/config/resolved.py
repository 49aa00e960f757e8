"""The resolved spec of a config, with the origin of each value."""

import json
import re
from collections.abc import Iterator
from typing import Any

from figgen.config.spec import Figure
from figgen.config.yaml_document import Document
from figgen.errors import Where, printable

_PLAIN_KEY = re.compile(r"[A-Za-z][\w.]*", re.ASCII)


def show(document: Document, figure: Figure) -> str:
    """Return a spec as YAML, itself a valid config, with a comment on each value that is not from the config itself."""
    config = document.values[()].path
    without = {"layers", "axes"} if figure.panels else {"panels", "grid"}
    if figure.panels and "legend" not in figure.model_fields_set:
        without |= {"legend"}  # without it, each panel has its own
    values = figure.model_dump(mode="json", exclude_none=True, exclude=without)
    return "".join(_lines(values, (), document, config))


def _lines(value: Any, where: Where, document: Document, config: str) -> Iterator[str]:
    """Yield the items of a mapping or list: one line each, or several if an item contains mappings."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        place = (*where, key)
        if inner in ([], {}) and place not in document.values:
            continue
        head = "  " * len(where) + (f"{_key(key)}:" if isinstance(key, str) else "-")
        # In a mapping that is in no file, no value is from a file, so the comment on the mapping is enough.
        origin = _origin(place, document, config) if where in document.values else ""
        if inner and (isinstance(inner, dict) or (isinstance(inner, list) and isinstance(inner[0], dict))):
            lines = list(_lines(inner, place, document, config))
            yield f"{head}{'' if lines else ' {}'}{origin if place not in document.values else ''}\n"
            yield from lines
        else:
            yield f"{head} {_to_json(inner)}{origin}\n"


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _to_json(key)


def _to_json(value: Any) -> str:
    return printable(json.dumps(value, ensure_ascii=False))  # its escapes are those of YAML, too


def _origin(where: Where, document: Document, config: str) -> str:
    """Return a comment with the origin of a value, "" if it is from the config itself."""
    position = document.values.get(where)
    if position is None:
        return "  # default"
    return "" if position.path == config else f"  # {position.path}:{position.line}"
