"""Evaluate the Liquid in a post as far as the paths of pictures require it.

Before Markdown is parsed, each output (`{{ … }}`) and tag (`{% … %}`) is masked: its characters are replaced by copies
of one that is unique to it, so that its quotes and braces are not parsed as Markdown, and everything else keeps its
position. What Liquid removes or copies unchanged is masked as a whole.
"""

import re
from collections.abc import Callable, Mapping, Sequence

_FIRST, _COUNT = 0xF0000, 0x1FFFE  # the private planes of Unicode, which no text uses

_OPENING = re.compile(r"\{[{%]|\{::comment\}")
_LINE_END = re.compile(r"[ \t]*(?:\n|\Z)")
_TAG_NAME = re.compile(r"\{%-?\s*(\w+)")
_CLOSING = {
    "{{": re.compile(r"\}\}"),
    "{%": re.compile(r"%\}"),
    "{::comment}": re.compile(r"\{:/comment\}"),
    # Tags that are masked with all that they contain.
    **{name: re.compile(rf"\{{%-?\s*end{name}\b[^%]*%\}}") for name in ("comment", "highlight", "raw")},
}
_MASKED = re.compile(f"([{chr(_FIRST)}-{chr(_FIRST + _COUNT)}])\\1*")

_OUTPUT = re.compile(r"\{\{-?\s*(\"[^\"]*\"|'[^']*'|[\w.]+)\s*((?:\|[^|]*)*)\}\}")
_LINK = re.compile(r"\{%-?\s*link\s+(\S+)\s*-?%\}")
_FILTER = re.compile(r"\s*(\w+)\s*(?::\s*(\"[^\"]*\"|'[^']*'|[\w.]+)\s*)?-?\s*")


def mask(text: str) -> tuple[str, list[str]]:
    """Return a text, of the same length and lines, with its Liquid masked; and the Liquid, in order of the masks."""
    if _OPENING.search(text) is None:
        return text, []
    parts: list[str] = []
    liquid: list[str] = []
    known: _Known = {}
    done = 0
    while (found := _OPENING.search(text, done)) is not None:
        start = found.start()
        end = _liquid_end(text, start, found[0], known)
        if end < 0:
            parts.append(text[done : found.end()])
            done = found.end()
            continue
        code = text[start:end]
        character = chr(_FIRST + len(liquid) % _COUNT)
        # A tag that is alone on its lines leaves empty lines; any other is part of a text.
        alone = code[1] != "{" and _is_alone(text, start, end)
        parts += [text[done:start], re.sub(r"[^\n]", " " if alone else character, code)]
        liquid.append(code)
        done = end
    return "".join(parts) + text[done:], liquid


_Known = dict[str, "re.Match[str] | None"]  # the next match of each closing; so no part of a text is searched twice


def _next_end(text: str, closing: str, start: int, known: _Known) -> int:
    """Return where the next `closing` at or after `start` ends, or -1 if there is none. `start` must not decrease."""
    if closing not in known or ((ahead := known[closing]) and ahead.start() < start):
        known[closing] = _CLOSING[closing].search(text, start)
    found = known[closing]
    return found.end() if found else -1


def _liquid_end(text: str, start: int, opening: str, known: _Known) -> int:
    end = _next_end(text, opening, start, known)
    name = _TAG_NAME.match(text, start)
    block_end = _next_end(text, name[1], end, known) if end >= 0 and name and name[1] in _CLOSING else -1
    return max(end, block_end)


def _is_alone(text: str, start: int, end: int) -> bool:
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    return (start == 0 or text[start - 1] == "\n") and _LINE_END.match(text, end) is not None


def evaluate(text: str, liquid: Sequence[str], variables: Mapping[str, str]) -> str | None:
    """Replace the masks of a text by the results of their Liquid; return None if those cannot be known here."""
    try:
        return _replace_masks(text, liquid, lambda code: _evaluate(code, variables))
    except LookupError:
        return None


def unmask(text: str, liquid: Sequence[str]) -> str:
    """Replace the masks of a text by their Liquid."""
    return _replace_masks(text, liquid, lambda code: code)


def _replace_masks(text: str, liquid: Sequence[str], replace: Callable[[str], str]) -> str:
    if not liquid:
        return text
    return _MASKED.sub(lambda m: replace(liquid[n]) if (n := ord(m[1]) - _FIRST) < len(liquid) else m[0], text)


def _evaluate(liquid: str, variables: Mapping[str, str]) -> str:
    """Return the result of an output or a link. Raises LookupError if it cannot be known here."""
    if link := _LINK.fullmatch(liquid):
        return "/" + link[1].lstrip("/")
    output = _OUTPUT.fullmatch(liquid)
    if output is None:
        raise LookupError(liquid)
    value = _operand(output[1], variables)
    for part in output[2].split("|")[1:]:
        known = _FILTER.fullmatch(part)
        name, operand = (known[1], _operand(known[2] or "''", variables)) if known else ("", "")
        match name:
            case "relative_url":
                value = "/" + value.lstrip("/")
            case "absolute_url":
                value = variables["site.url"] + "/" + value.lstrip("/")
            case "append":
                value += operand
            case "prepend":
                value = operand + value
            case "strip" | "escape" | "xml_escape" | "uri_escape":
                pass
            case _:
                raise LookupError(part)
    return value


def _operand(text: str, variables: Mapping[str, str]) -> str:
    return text[1:-1] if text[:1] in {'"', "'"} else variables[text]
