"""YAML text -> plain data, with the position of every value.

The YAML 1.2 core schema, read strictly: `no`, `on` and `1:30` are strings, `1e3` is a number, and a duplicate key, a
tab, a second document, a tag or a merge key is an error, so that what an author reads is what is drawn.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from figgen.config.characters import CURLY
from figgen.config.yaml_characters import (
    Place,
    find_in_key,
    find_in_scalar,
    find_in_structure,
    find_not_shown,
    is_displayed,
)
from figgen.config.yaml_errors import COLOR, SINGLE_QUOTES, character_finding, comment_finding, syntax_finding
from figgen.config.yaml_scalars import is_ambiguous, plain_value
from figgen.errors import MAX_FINDINGS, ConfigError, Finding, Problem, Where, line_and_column, more_mistakes
from figgen.site.yaml_events import parse

_MAX_DEPTH = 50
_MAX_NODES = 100_000
_MAX_KEY = 1_000  # characters, since the message about any value within has the key
_TAG_DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)  # each of them is compared with all the others
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """Where a value starts (`line` and `column` count from 1), and whether its text is `verbatim` in that line."""

    path: str
    line: int
    column: int
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """Plain `data` from one YAML file or several, and the positions of all values and keys by their path."""

    data: Any
    values: Mapping[Where, SourcePosition]
    keys: Mapping[Where, SourcePosition]

    def with_defaults(self, defaults: "Document") -> "Document":
        """Return this document, with the keys that its mappings omit taken from those of another."""
        values, keys, taken = dict(self.values), dict(self.keys), set[Where]()

        def merge(mine: Any, other: Any, where: Where) -> Any:
            if not (isinstance(mine, dict) and isinstance(other, dict)):
                return mine
            merged = {key: merge(value, other.get(key), (*where, key)) for key, value in mine.items()}
            taken.update((*where, key) for key in other.keys() - mine.keys())
            return {key: merged[key] if key in merged else other[key] for key in (*other, *mine)}

        data = merge(self.data, defaults.data, ())
        for positions, others in ((keys, defaults.keys), (values, defaults.values)):
            for where, position in others.items():
                if any(where[:end] in taken for end in range(1, len(where) + 1)):
                    positions[where] = position
        return Document(data, values, keys)

    def counts(self, problem: Problem) -> bool:
        """Check whether a problem is a mistake: a key without effect is none if it is from the defaults of a folder."""
        position = self.values.get(problem.where)
        return not problem.unused or position is None or position.path == self.values[()].path

    def locate(self, problem: Problem) -> Finding:
        """Return a problem as a finding at its position; at the mapping or list, if that lacks the problem's key."""
        where = problem.where
        while where not in self.values:
            where = where[:-1]
        position = (self.keys if problem.on_key and where in self.keys else self.values)[where]
        # A formula may be written in place of a list with that formula, or of a mapping with that claim.
        inside = problem.where[len(where) :] in {(), (0,), ("claim",)}
        column = position.column + (problem.offset if position.verbatim and inside else 0)
        place = (position.path, position.line, column, format_where(problem.where))
        return Finding(*place, problem.message, problem.allowed, problem.hint, problem.count)


def format_where(where: Where) -> str:
    """Return a path as text: `layers[0].y`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in where)
    return text.removeprefix(".")


def load(text: str, path: str) -> Document:
    """Return one YAML document; `path` is the name of the file in messages.

    Raises ConfigError with every mistake in the YAML itself.
    """
    text = text.removeprefix("\ufeff")
    reader = _Reader(text, path)
    try:
        data = reader.read()
    except yaml.MarkedYAMLError as error:
        if not reader.find_cause(error):
            reader.findings.append(syntax_finding(error, text, path))
    except yaml.reader.ReaderError as error:
        reader.findings.append(character_finding(error, text, path))
    if reader.findings:
        raise reader.error()
    return Document(data, reader.values, reader.keys)


@dataclass
class _Reader:
    """Builds plain data from YAML events, so that depth and size are limited before the memory is used."""

    text: str
    path: str
    values: dict[Where, SourcePosition] = field(default_factory=dict)
    keys: dict[Where, SourcePosition] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _nodes: int = 0
    _not_shown: int = 0  # mistakes after the first
    _last: tuple[int, int] = (0, 0)  # where the last event starts and ends in the text
    _odd_at: int = -1  # where the last character is that is not what it looks like

    def read(self) -> Any:
        self._report_places(find_not_shown(self.text))
        if found := _TAG_DIRECTIVE.search(self.text):
            line, column = line_and_column(self.text, found.start())
            self.findings.append(Finding(self.path, line, column, "", "unsupported directive '%TAG'"))
        if self.findings:
            raise self.error()
        self._events: Iterator[yaml.Event] = self._parsed()
        self._take(yaml.StreamStartEvent)
        first = next(self._events)
        if isinstance(first, yaml.StreamEndEvent):
            self.values[()] = SourcePosition(self.path, 1, 1)
            return None
        data = self._value(next(self._events), ())
        self._take(yaml.DocumentEndEvent)
        second = next(self._events)
        if not isinstance(second, yaml.StreamEndEvent):
            raise self._error(second, "more than one YAML document", hint="remove the '---' line")
        return data

    def _parsed(self) -> Iterator[yaml.Event]:
        for event in parse(self.text):
            assert event.start_mark is not None  # noqa: S101 - every event of a parsed text has both
            assert event.end_mark is not None  # noqa: S101
            self._last = event.start_mark.index, event.end_mark.index
            yield event

    def find_cause(self, error: yaml.MarkedYAMLError) -> bool:
        """Report the character because of which YAML is unreadable; return whether there is one, now or before.

        It is not what it looks like, and is in the last event, or between that and the line where the parser stopped.
        """
        mark = error.problem_mark or error.context_mark
        if mark and self._odd_at < self._last[0]:
            quoted = self.text.startswith(tuple(CURLY), self._last[0])  # and cut at a colon or a comma in it
            start = self._last[0] if quoted else self._last[1]
            end = self.text.find("\n", mark.index)
            self._report_places(find_in_structure(self.text, start, end if end > 0 else len(self.text)))
        return self._odd_at >= self._last[0]

    def error(self) -> ConfigError:
        """Return all findings as an error, with one at the end of the file for how many mistakes are not shown.

        What stopped the reader is shown in any case.
        """
        *shown, last = self.findings
        shown, more = [*shown[: MAX_FINDINGS - 1], last], self._not_shown + max(len(self.findings) - MAX_FINDINGS, 0)
        if more:
            line, column = line_and_column(self.text, len(self.text))
            shown.append(Finding(self.path, line, column, "", *more_mistakes(more), count=more))
        return ConfigError(shown)

    def _is_shown(self) -> bool:
        """Check whether the next mistake is shown, or only counted."""
        shown = len(self.findings) < MAX_FINDINGS
        self._not_shown += not shown
        return shown

    def _report_places(self, places: Iterable[Place], where: Where = ()) -> None:
        for place, mistake in places:
            if self._is_shown():
                line, column = line_and_column(self.text, place)
                self.findings.append(Finding(self.path, line, column, format_where(where), *mistake))
            self._odd_at = place

    def _take(self, kind: type[yaml.Event]) -> None:
        event = next(self._events)
        assert isinstance(event, kind), event  # noqa: S101 - the order of events is the parser's own grammar

    def _value(self, event: yaml.Event, where: Where) -> Any:
        self._nodes += 1  # those of repeated keys as well
        if self._nodes > _MAX_NODES:
            raise self._error(event, "too many values", (f"up to {_MAX_NODES:,}",))
        if len(where) >= _MAX_DEPTH:
            raise self._error(event, "nested too deeply", (f"up to {_MAX_DEPTH} levels",))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            hint = "quote a string that starts with & or *"
            raise self._error(event, "anchors and aliases (& and *) are not supported", hint=hint)
        if tag := getattr(event, "tag", None):
            written = tag.replace("tag:yaml.org,2002:", "!!")
            raise self._error(event, f"unsupported tag '{written}'", hint="quote a string that starts with '!'")
        if isinstance(event, yaml.ScalarEvent):
            self.values[where] = self._position_of_text(event)
            if control := _CONTROL.search(event.value):
                hint = SINGLE_QUOTES if event.style == '"' else ""
                message = f"invalid character U+{ord(control[0]):04X}"
                self._report(event, where, message, ("printable characters and line breaks",), hint)
            value = event.value if event.style else self._plain(event, where)
            self._report_places(find_in_scalar(self.text, event, where, value), where)
            return value
        self.values[where] = self._position(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(where)
        return self._mapping(where)

    def _sequence(self, where: Where) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*where, len(items))))
        return items

    def _mapping(self, where: Where) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(event, "invalid key: a list or mapping", hint="quote a key that starts with { or [")
            key = event.value
            if len(key) > _MAX_KEY:
                raise self._error(event, f"key too long: {len(key):,} characters", (f"up to {_MAX_KEY:,}",))
            if not event.style and key == "<<":
                raise self._error(event, "merge keys (<<) are not supported")
            if control := _CONTROL.search(key):
                message = f"invalid character U+{ord(control[0]):04X} in a key"
                raise self._error(event, message, ("printable characters",))
            place = (*where, key)
            self._report_places(find_in_key(self.text, event), place)
            value = next(self._events)
            if key in items:
                empty = isinstance(value, yaml.ScalarEvent) and not value.value and not value.style
                first = f"the first is on line {self.keys[place].line}; keep one of the two"
                hint = "quote a formula that has a comma inside { }" if empty else first
                self._report(event, place, f"duplicate key '{key}'", (), hint)
                # The repeated value is read as well, at the path of the first, to find mistakes in it.
            else:
                self.keys[place] = self._position(event)
            items[key] = self._value(value, place)
        return items

    def _plain(self, event: yaml.ScalarEvent, where: Where) -> Any:
        text: str = event.value
        if (
            not text
            and not is_displayed(where)
            and (start := event.start_mark)
            and (comment := COLOR.match(self.text, start.index))
            and self._is_shown()
        ):
            self.findings.append(comment_finding(comment, self.text, self.path, format_where(where)))
        if is_ambiguous(text):
            hint = "write a number without leading zeros, or quote the string"
            self._report(event, where, f"ambiguous value '{text}': a number or a string", (), hint)
        return plain_value(text)

    def _position_of_text(self, event: yaml.ScalarEvent) -> SourcePosition:
        start, end = event.start_mark, event.end_mark
        assert start is not None  # noqa: S101 - every event of a parsed text has both
        assert end is not None  # noqa: S101
        quoted = event.style in {"'", '"'}
        raw = self.text[start.index + quoted : end.index - quoted]
        verbatim = start.line == end.line and raw == event.value
        return SourcePosition(self.path, start.line + 1, start.column + 1 + (quoted and verbatim), verbatim)

    def _position(self, event: yaml.Event) -> SourcePosition:
        mark = event.start_mark
        assert mark is not None  # noqa: S101 - every event of a parsed text has one
        return SourcePosition(self.path, mark.line + 1, mark.column + 1)

    def _report(self, event: yaml.Event, where: Where, message: str, allowed: tuple[str, ...], hint: str = "") -> None:
        if self._is_shown():
            at = self._position(event)
            self.findings.append(Finding(self.path, at.line, at.column, format_where(where), message, allowed, hint))

    def _error(self, event: yaml.Event, message: str, allowed: tuple[str, ...] = (), hint: str = "") -> ConfigError:
        at = self._position(event)
        self.findings.append(Finding(self.path, at.line, at.column, "", message, allowed, hint))
        return self.error()
