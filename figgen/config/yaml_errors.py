"""What is no YAML, in words: what the parser met, where, and what was meant."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from figgen.errors import Finding, line_and_column

SINGLE_QUOTES = "in 'single quotes' a backslash is a backslash"
_FORMULA = "quote a formula that holds a comma, a bracket or a brace"

# A colour that begins a comment: what is left where a value should be.
COLOR = re.compile(r"[:\-,\[{]?[ \t]*(#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8}))(?![0-9A-Za-z])")

# What the scanner says, where it is so rather at the start of what it was reading, and how to say it to authors.
_SYNTAX: Mapping[str, tuple[bool, str, str]] = {
    "mapping values are not allowed": (
        False,
        "a ':' that YAML reads as the end of a key",
        "quote the text if it holds ': '",
    ),
    "could not find expected ':'": (
        True,
        "a line that is neither 'key: value' nor an item after '- '",
        "a space follows the colon; a text that goes on is indented",
    ),
    "unexpected ':'": (False, "a ':' without a key before it", _FORMULA),
    "node content": (False, "a value is missing before this", _FORMULA),
    "expected key|expected <block end>|expected '-' indicator": (
        False,
        "a line that does not fit in here",
        "keys that belong together are indented alike; quote a text that starts with a brace, bracket or quote",
    ),
    "cannot start any token": (False, "a text that starts with {found}", "quote the text"),
    "alphabetic or numeric character": (True, "a text that starts with {found}", "quote the text"),
    "unexpected end of stream": (True, "a quote that is never closed", ""),
    "unexpected document indicator": (True, "a quote that is not closed before the document ends", ""),
    "unknown escape character|hexdecimal|hexadecimal|escape code": (
        False,
        'a backslash that means nothing in "double quotes"',
        SINGLE_QUOTES,
    ),
    "block sequence entries are not allowed|sequence entries are not allowed": (
        False,
        "a '-' that YAML reads as the start of an item",
        "quote it if it is a text",
    ),
    "directive|incompatible YAML document": (True, "a line that starts with '%'", "quote the text"),
    "tag": (True, "a text that starts with '!'", "quote the text"),
    "comment or line break|chomping or indentation|indentation indicator": (
        False,
        "a text on the line of its '>' or '|'",
        "quote a text that starts so, or go on in the next line",
    ),
}


def syntax_finding(error: yaml.MarkedYAMLError, text: str, path: str) -> Finding:
    """Say what stopped the parser."""
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    said = str(error.problem or error.context)
    if mark and text[mark.index : mark.index + 1] == "\t":
        return _placed(mark, path, "a tab where only spaces may stand", "indent with spaces")
    comments = list(re.finditer(rf"(?<=[:\-,\[{{ ]){COLOR.pattern}", text[: mark.index if mark else 0]))
    if comments and re.search("node content|expected ','", said):
        return comment_finding(comments[-1], text, path, "")
    if start and "expected ','" in said:
        opening = text[start.index : start.index + 1]
        return _placed(mark, path, f"the '{opening}' of line {start.line + 1} is not closed before this", _FORMULA)
    for pattern, (at_start, message, hint) in _SYNTAX.items():
        if re.search(pattern, said):
            place = start if at_start and start else mark
            found = text[place.index : place.index + 1] if place else ""
            return _placed(place, path, message.format(found=f"'{found}'"), hint)
    return _placed(mark, path, said, "")


def _placed(mark: Any, path: str, message: str, hint: str) -> Finding:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Finding(path, line, column, "", f"not YAML: {message}", hint=hint)


def comment_finding(comment: re.Match[str], text: str, path: str, where: str) -> Finding:
    """Say that what was to be a colour, as `COLOR` matches it, is a comment."""
    line, column = line_and_column(text, comment.start(1))
    message = f"{comment[1]} is a comment, as it starts with '#'"
    return Finding(path, line, column, where, message, hint=f"put a colour in quotes: '{comment[1]}'")


def character_finding(error: yaml.reader.ReaderError, text: str, path: str) -> Finding:
    """Say which character YAML has no place for."""
    # The C reader counts bytes and the Python one characters, so the place is found again here.
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    line, column = line_and_column(text, found.start() if found else 0)
    character = f"U+{ord(found[0]):04X}" if found else str(error.reason)
    return Finding(path, line, column, "", f"not YAML: the character {character}", ("printable text in UTF-8",))
