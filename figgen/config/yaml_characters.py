"""Characters and comments in YAML that are not what they look like: each is reported at its own place.

To YAML, a no-break space, a full-width colon or a curly quote is a part of a string, so that its parser stops later, at
the end of that string or of the next line.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from figgen.config.characters import (
    CURLY,
    DOUBLE,
    FULL_WIDTH_COLON,
    SINGLE,
    SPACES,
    character_name,
    disguised_at,
    find_disguise,
    is_invisible,
)
from figgen.config.yaml_errors import SINGLE_QUOTES
from figgen.errors import Mistake, Where

TEXT_KEYS = frozenset({"alt", "title", "label", "labels", "text"})  # of texts for readers
Place = tuple[int, Mistake]  # the index of a character in a document, and what is wrong with it

_NOT_SHOWN = re.compile("[\x85\u2028\u2029]|^\ufeff", re.MULTILINE)  # YAML breaks lines there, or skips it
_EDGE = re.compile(rf"^[ \t-]*([{SPACES}])|([{SPACES}])(?=[ \t{SPACES}]*$|#[ ])", re.MULTILINE)
_IN_CURLY_QUOTES = re.compile(rf"([{DOUBLE}])[^{DOUBLE}]*[{DOUBLE}]?|([{SINGLE}])[^\u2018]*[{SINGLE}]")
# Beside what starts or ends a key, a value or an item.
_IN_STRUCTURE = re.compile(
    rf"(?:^|[-:?,[{{\]}}\"'>|+])[ \t]*([{SPACES}{CURLY}{FULL_WIDTH_COLON}])|([{SPACES}])(?=[ \t]*(?::|$))"
    rf"|^[ -]*[\w.]+({FULL_WIDTH_COLON})",
    re.MULTILINE,
)
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*", re.MULTILINE)
_CUT = re.compile(r"[:\-,\[{]?[ \t]+(#\w.*)")
_ESCAPES = {"N": "\x85", "L": "\u2028", "P": "\u2029", "_": "\xa0"}  # of \Nu, \Lambda, \Pi, x\_i
_MAX_QUOTED = 30  # characters of a comment


def is_displayed(where: Where) -> bool:
    """Check whether a string at a path of a config is a text for readers."""
    key = next((part for part in reversed(where) if isinstance(part, str)), "")
    return key in TEXT_KEYS or (where[:1] == ("data",) and key == "values")


def find_not_shown(text: str) -> Iterator[Place]:
    """Yield the characters of a document because of which YAML counts other lines or columns than an editor."""
    yield from ((found.start(), find_disguise(found[0])) for found in _NOT_SHOWN.finditer(text))


def find_in_scalar(text: str, event: yaml.ScalarEvent, where: Where, value: Any) -> Iterator[Place]:
    """Yield what is not what it looks like in a `value` at a path of a config, or what a comment cuts off from it."""
    start, end = _span(event)
    written, displayed = text[start:end], is_displayed(where)
    if event.style == '"':
        yield from _find_escapes(written, start)
    elif not event.style and displayed and (isinstance(value, str) or not written) and (cut := _CUT.match(text, end)):
        quoted = cut[1] if len(cut[1]) <= _MAX_QUOTED else cut[1][: _MAX_QUOTED - 1] + "…"
        hint = "quote the string, or put a space after the # of a comment"
        yield cut.start(1), Mistake(f"'{quoted}' is read as a comment", hint=hint)
    if not written.isascii() and not where:  # a document that is a single string
        yield from find_in_structure(text, start, end)
    elif not written.isascii():
        places = [] if displayed else _invisible(written)
        if not event.style:
            patterns = (_EDGE.search, _IN_CURLY_QUOTES.fullmatch, *(() if displayed else (_IN_STRUCTURE.search,)))
            places += [match.start(match.lastindex or 0) for find in patterns if (match := find(written))]
        yield from _first(text, start, places)


def find_in_key(text: str, event: yaml.ScalarEvent) -> Iterator[Place]:
    """Yield the first character of a key that is not what it looks like."""
    start, end = _span(event)
    if (place := disguised_at(text[start:end])) is not None:
        yield start + place, find_disguise(text[start + place])


def find_in_structure(text: str, start: int, end: int) -> Iterator[Place]:
    """Yield the first character that is not what it looks like in a part of a document that YAML cannot read."""
    part = _COMMENT.sub(lambda comment: " " * len(comment[0]), text[start:end])
    found = _IN_STRUCTURE.search(part)
    yield from _first(text, start, _invisible(part) + ([found.start(found.lastindex or 0)] if found else []))


def _first(text: str, start: int, places: Sequence[int]) -> Iterator[Place]:
    if places:
        place = start + min(places)
        yield place, find_disguise(text[place])


def _invisible(written: str) -> list[int]:
    return [place for place, char in enumerate(written) if is_invisible(char)][:1]


def _find_escapes(written: str, start: int) -> Iterator[Place]:
    for escape in re.finditer(r"\\(.)", written):
        around = written[escape.start() - 1 : escape.start()] + written[escape.end() : escape.end() + 1]
        if escape[1] in _ESCAPES and (escape[1] != "_" or (around.isalpha() and around[1:])):
            message = f'{escape[0]} in "double quotes" is the character {character_name(_ESCAPES[escape[1]])}'
            yield start + escape.start(), Mistake(message, hint=SINGLE_QUOTES)


def _span(event: yaml.ScalarEvent) -> tuple[int, int]:
    assert event.start_mark is not None  # noqa: S101 - every event of a parsed text has both
    assert event.end_mark is not None  # noqa: S101
    return event.start_mark.index, event.end_mark.index
