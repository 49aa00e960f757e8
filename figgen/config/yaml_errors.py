"""Errors of the YAML parser -> findings: what is wrong, where, and what was probably meant."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from figgen.errors import Finding, line_and_column

SINGLE_QUOTES = "in 'single quotes', a backslash stands for itself"
_QUOTE = "quote the string"
_QUOTE_FORMULA = "quote a formula that contains a comma, bracket or brace"
_INDENT = "indent all keys of a mapping equally; quote a string that starts with a brace, bracket or quote"
_COLON = "put a space after the colon; indent the lines that continue a string"
_BLOCK = "continue on the next line, or quote a string that starts with '>' or '|'"

# A colour without quotes, which YAML reads as a comment, after the character that a value should follow.
COLOR = re.compile(r"[:\-,\[{]?[ \t]*(#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8}))(?![0-9A-Za-z])")

# By the parser's messages: whether to report the start of what it was reading, not its position; the message; the hint.
_SYNTAX: Mapping[str, tuple[bool, str, str]] = {
    "mapping values are not allowed": (False, "':' is read as the end of a key", "quote a string that contains ': '"),
    "could not find expected ':'": (True, "expected 'key: value' or '- item'", _COLON),
    "unexpected ':'": (False, "':' without a key", _QUOTE_FORMULA),
    "node content": (False, "missing value", _QUOTE_FORMULA),
    "expected key|expected <block end>|expected '-' indicator": (False, "unexpected text", _INDENT),
    "cannot start any token": (False, "a string that starts with {found}", _QUOTE),
    "alphabetic or numeric character": (True, "a string that starts with {found}", _QUOTE),
    "unexpected end of stream": (True, "unclosed quote", ""),
    "unexpected document indicator": (True, "unclosed quote at the end of the document", ""),
    "unknown escape|hexdecimal|hexadecimal|escape code": (False, 'unknown escape in "double quotes"', SINGLE_QUOTES),
    "sequence entries are not allowed": (False, "'-' is read as the start of a list item", _QUOTE),
    "directive|incompatible YAML document": (True, "a line that starts with '%'", _QUOTE),
    "tag": (True, "a string that starts with '!'", _QUOTE),
    "comment or line break|chomping or indentation|indentation indicator": (False, "text after '>' or '|'", _BLOCK),
}


def syntax_finding(error: yaml.MarkedYAMLError, text: str, path: str) -> Finding:
    """Return the finding about the error that stopped the parser."""
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    problem = str(error.problem or error.context)
    if mark and text[mark.index : mark.index + 1] == "\t":
        return _finding(mark, path, "a tab in the indentation", "indent with spaces")
    comments = list(re.finditer(rf"(?<=[:\-,\[{{ ]){COLOR.pattern}", text[: mark.index if mark else 0]))
    if comments and re.search("node content|expected ','", problem):
        return comment_finding(comments[-1], text, path, "")
    if start and "expected ','" in problem:
        opening = text[start.index : start.index + 1]
        return _finding(mark, path, f"unclosed '{opening}' on line {start.line + 1}", _QUOTE_FORMULA)
    for pattern, (at_start, message, hint) in _SYNTAX.items():
        if re.search(pattern, problem):
            place = start if at_start and start else mark
            found = text[place.index : place.index + 1] if place else ""
            return _finding(place, path, message.format(found=f"'{found}'"), hint)
    return _finding(mark, path, problem, "")


def _finding(mark: Any, path: str, message: str, hint: str) -> Finding:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Finding(path, line, column, "", f"invalid YAML: {message}", hint=hint)


def comment_finding(comment: re.Match[str], text: str, path: str, where: str) -> Finding:
    """Return the finding about a colour, matched by `COLOR`, that YAML reads as a comment."""
    line, column = line_and_column(text, comment.start(1))
    message = f"'{comment[1]}' is read as a comment"
    return Finding(path, line, column, where, message, hint=f"quote the colour: '{comment[1]}'")


def character_finding(error: yaml.reader.ReaderError, text: str, path: str) -> Finding:
    """Return the finding about the first character that is not allowed in YAML."""
    # The C reader counts bytes and the Python reader characters, so the character is searched for again.
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    line, column = line_and_column(text, found.start() if found else 0)
    character = f"U+{ord(found[0]):04X}" if found else str(error.reason)
    return Finding(path, line, column, "", f"invalid character {character}", ("printable characters",))
