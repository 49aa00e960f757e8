"""What Liquid makes of a post before Markdown sees it: as much as the path of a picture needs.

Each output (`{{ … }}`) and tag (`{% … %}`) is masked by as many characters of its own, which stand for nothing else, so
that neither its quotes nor its braces are taken for Markdown and every other character stays where it is. What Liquid
removes, or hands on as it stands, is masked as a whole.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_FIRST, _COUNT = 0xF0000, 0x1FFFE  # the private planes, which no text uses
_LINK_ROOT = "/"

_OPENING = re.compile(r"\{[{%]|\{::comment\}")
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")
_NAME = re.compile(r"\{%-?\s*(\w+)")
_BLOCKS = ("comment", "highlight", "raw")  # left alone up to their end
_MASKED = re.compile(f"([{chr(_FIRST)}-{chr(_FIRST + _COUNT)}])\\1*")

_OUTPUT = re.compile(r"\{\{-?\s*(\"[^\"]*\"|'[^']*'|[\w.]+)\s*((?:\|[^|]*)*)\}\}")
_LINK = re.compile(r"\{%-?\s*link\s+(\S+)\s*-?%\}")
_FILTER = re.compile(r"\s*(\w+)\s*(?::\s*(\"[^\"]*\"|'[^']*'|[\w.]+)\s*)?-?\s*")


class Masked(NamedTuple):
    """A text whose Liquid is masked, and that Liquid in the order of the masks."""

    text: str
    liquid: Sequence[str]


def mask(text: str) -> Masked:
    """Mask all Liquid of a text; the result is as long, and has its line breaks where they were."""
    if _OPENING.search(text) is None:
        return Masked(text, ())
    parts: list[str] = []
    liquid: list[str] = []
    ends = _Ends(text)
    done = 0
    while (found := _OPENING.search(text, done)) is not None:
        start = found.start()
        end = _end(text, start, found[0], ends)
        if end is None:
            parts.append(text[done : found.end()])
            done = found.end()
            continue
        own = text[start:end]
        character = chr(_FIRST + len(liquid) % _COUNT)
        # A tag that has its lines to itself leaves empty lines; any other is part of a text.
        alone = own[1] != "{" and _is_alone(text, start, end)
        parts += [text[done:start], re.sub(r"[^\n]", " " if alone else character, own)]
        liquid.append(own)
        done = end
    return Masked("".join(parts) + text[done:], liquid)


class _Ends:
    """Finds what closes; what was not found once is not looked for again, so that the work stays linear."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._gone: set[str] = set()

    def after(self, closing: str, start: int) -> int | None:
        if closing in self._gone:
            return None
        found = self._text.find(closing, start)
        if found < 0:
            self._gone.add(closing)
            return None
        return found + len(closing)


def _end(text: str, start: int, opening: str, ends: _Ends) -> int | None:
    if opening == "{{":
        return ends.after("}}", start)
    if opening != "{%":
        return ends.after("{:/comment}", start)
    end = ends.after("%}", start)
    name = _NAME.match(text, start)
    if end is None or name is None or name[1] not in _BLOCKS:
        return end
    # `{% endraw %}` is the usual way to write it, but neither its blanks nor its dashes are fixed.
    place = ends.after(f"end{name[1]}", end)
    return end if place is None else ends.after("%}", place)


def _is_alone(text: str, start: int, end: int) -> bool:
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    return (start == 0 or text[start - 1] == "\n") and _LINE_END.match(text, end) is not None


def evaluate(text: str, liquid: Sequence[str], variables: Mapping[str, str]) -> str | None:
    """Put what Liquid gives in the place of the masks of a text; None if that cannot be known from here."""
    if not liquid:
        return text
    unknown = False

    def value(found: re.Match[str]) -> str:
        nonlocal unknown
        number = ord(found[1]) - _FIRST
        given = _value(liquid[number], variables) if number < len(liquid) else found[0]
        unknown = unknown or given is None
        return given or ""

    given = _MASKED.sub(value, text)
    return None if unknown else given


def unmask(text: str, liquid: Sequence[str]) -> str:
    """Give a part of a masked text as its author wrote it."""
    if not liquid:
        return text
    return _MASKED.sub(lambda found: liquid[n] if (n := ord(found[1]) - _FIRST) < len(liquid) else found[0], text)


def _value(liquid: str, variables: Mapping[str, str]) -> str | None:
    if link := _LINK.fullmatch(liquid):
        return _LINK_ROOT + link[1].lstrip("/")
    output = _OUTPUT.fullmatch(liquid)
    value = _operand(output[1], variables) if output else None
    for part in output[2].split("|")[1:] if output else ():
        known = _FILTER.fullmatch(part)
        operand = _operand(known[2], variables) if known and known[2] else ""
        if value is None or known is None or operand is None:
            return None
        match known[1]:
            case "relative_url":
                value = _LINK_ROOT + value.lstrip("/")
            case "absolute_url":
                value = variables["site.url"] + _LINK_ROOT + value.lstrip("/")
            case "append":
                value += operand
            case "prepend":
                value = operand + value
            case "strip" | "escape" | "xml_escape" | "uri_escape":
                pass
            case _:
                return None
    return value


def _operand(written: str, variables: Mapping[str, str]) -> str | None:
    return written[1:-1] if written[:1] in {'"', "'"} else variables.get(written)
