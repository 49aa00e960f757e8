"""What can be wrong, as values, and how it is printed for people and machines.

A step that sees a spec but not its text raises a `SpecError` of `Problem`s; whoever holds the text
(`figgen.config.yaml_document`) turns each into a `Finding` with file, line and column.
"""

import dataclasses
import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any, NamedTuple

Where = tuple[str | int, ...]  # the path of a key or value in a spec, from its root: ("layers", 0, "y")

MAX_FINDINGS = 100  # of one file that are shown; more are only counted
_MAX_CHARACTERS = 1_000  # of one part of a finding
_MAX_ALLOWED = 4_000  # characters of all that is allowed
_MAX_CHOICES = 1_000  # that a misspelt word is compared with
_MAX_WORD = 100  # characters of a word that may be misspelt


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, placed in a spec.

    `where` is the path of the wrong value, `offset` the number of characters in that value before the mistake;
    `on_key` is true where the key itself is wrong rather than its value. An `unused` key has no effect on the figure,
    which is a mistake in a config, but none in the defaults of its folders. `count` is the number of mistakes that it
    stands for.
    """

    where: Where
    message: str
    allowed: tuple[str, ...] = ()
    hint: str = ""
    offset: int = 0
    on_key: bool = False
    unused: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake, placed in a file (`line` and `column` count from 1); `count` is the number that it stands for."""

    path: str
    line: int
    column: int
    where: str
    message: str
    allowed: tuple[str, ...] = ()
    hint: str = ""
    count: int = 1


class Mistake(NamedTuple):
    """What is wrong, before it has a place."""

    message: str
    allowed: tuple[str, ...] = ()
    hint: str = ""

    def __str__(self) -> str:
        """Return the message, what is allowed and the hint on one line, as in usage errors."""
        return "; ".join(filter(None, (self.message, format_choices(self.allowed), self.hint)))


def internal_error(error: BaseException) -> Mistake:
    """Return what to report for an exception that is a bug in figgen."""
    message = f"internal error (please report): {type(error).__name__}: {error}"
    return Mistake(message, hint="run with --debug to see the traceback")


class FiggenError(Exception):
    """Base of all errors that a user's input can cause."""


class SpecError(FiggenError):
    """A spec cannot be drawn; `problems` has every problem that one step found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


class ConfigError(FiggenError):
    """Files of a site are wrong, or cannot be read or written; `findings` has every mistake, sorted by place."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("; ".join(finding.message for finding in self.findings))


class LayerError(FiggenError):
    """A layer cannot be drawn from its arrays."""


class SourceError(FiggenError):
    """A data source cannot be read; `key` is the key in it that is wrong, if one is."""

    def __init__(self, message: str, key: str = "", allowed: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message)
        self.message, self.key, self.allowed, self.hint = message, key, allowed, hint


class UsageError(FiggenError):
    """A command was called with wrong arguments, or in the wrong place."""


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return where a character of a text is; both count from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return a hint with the choice that is nearest to `word` ("did you mean 'label'?"), or "" if none is near.

    The time is bounded: long words have no hint, and of very many choices only the first are considered.
    """
    if len(word) > _MAX_WORD:
        return ""
    word, by_lower = word.lower(), {choice.lower(): choice for choice in islice(choices, _MAX_CHOICES)}
    beginnings = [choice for choice in by_lower if word.startswith(choice) and choice[2:]]  # of 3 characters or more
    matches = [
        *difflib.get_close_matches(word, by_lower, n=1, cutoff=0.75),
        *sorted(beginnings, key=len, reverse=True),
        *difflib.get_close_matches(word, by_lower, n=1, cutoff=0.6),
    ]
    return f"did you mean '{by_lower[matches[0]]}'?" if matches else ""


# The optional packages, by the extra that installs each.
EXTRAS = {"dask": "distributed", "optimize": "pyoxipng", "watch": "watchfiles"}


def missing_extra(feature: str, extra: str) -> Mistake:
    """Return what to report if a feature needs one of figgen's extras, which is not installed."""
    message = f"{feature} needs the package {EXTRAS[extra]}, which is not installed"
    checkout, site = f"pip install -e '.[{extra}]' in its checkout", "figgen.requirements.txt of a site, with hashes"
    return Mistake(message, hint=f"install figgen's extra '{extra}': {checkout}, or add the package to {site}")


def format_choices(choices: Iterable[str]) -> str:
    """Return the part of a message that lists what is allowed, "allowed: a, b, c"; "" if there are no choices."""
    listed = ", ".join(choices)
    return f"allowed: {listed}" if listed else ""


def more_mistakes(count: int) -> Mistake:
    """Return what to report for mistakes of one file that are not shown."""
    return Mistake(f"{count:,} more mistake{'s' if count > 1 else ''}, not shown", hint="fix those above first")


def first_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the first findings of each file with long texts shortened, and one for how many more mistakes it has."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    shown: list[Finding] = []
    for path, found in by_path.items():
        if len(found) <= MAX_FINDINGS + 1:  # another finding takes no more room than to say that there is one
            shown += map(_shorten_texts, found)
            continue
        first = [finding for finding in found if finding.count == 1][:MAX_FINDINGS]
        more = sum(finding.count for finding in found) - len(first)
        last = found[MAX_FINDINGS]
        shown += map(_shorten_texts, first)
        shown.append(Finding(path, last.line, last.column, "", *more_mistakes(more), count=more))
    return shown


def _shorten_texts(finding: Finding) -> Finding:
    allowed = [_shorten(one) for one in finding.allowed]
    listed = sum(end <= _MAX_ALLOWED for end in accumulate(map(len, allowed)))
    return dataclasses.replace(
        finding,
        where=_shorten(finding.where),
        message=_shorten(finding.message),
        allowed=(*allowed[:listed], *(["…"] if listed < len(allowed) else [])),
        hint=_shorten(finding.hint),
    )


def _shorten(text: str) -> str:
    """Return a text without its middle if it is long: messages often quote something, and end in what follows."""
    half = _MAX_CHARACTERS // 2
    return text if len(text) <= _MAX_CHARACTERS else f"{text[: half - 1]}…{text[-half:]}"


def as_text(findings: Sequence[Finding]) -> str:
    """Return one line per finding: `path:line:column: where: what is wrong; what is allowed; what to do`."""
    return "\n".join(printable(f"{f.path}:{f.line}:{f.column}: {_describe(f)}") for f in first_findings(findings))


# What CI runners obey: `::command` at the start of a line, `##[command]` and `##vso[command]` anywhere in one.
_RUNNER_COMMAND = re.compile(r"^\s*:(?=:)|##(?=\w*\[)")


def printable(text: str, *, keep: str = "") -> str:
    """Return a line with every character escaped that is not printable, and the commands of CI runners made harmless.

    Everything from a site that is printed goes through this, or through `printable_json`. Some characters may be kept.
    """
    shown = "".join(char if char.isprintable() or char in keep else _escaped(char) for char in text)
    return _RUNNER_COMMAND.sub(lambda found: found[0][:-1] + _escaped(found[0][-1]), shown)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}"


def printable_json(text: str) -> str:
    """Return JSON with the same values, and with escapes in its strings for what `printable` escapes."""
    lines = (
        "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line) for line in text.split("\n")
    )
    return "\n".join(_RUNNER_COMMAND.sub(lambda found: found[0][:-1] + _escaped(found[0][-1]), line) for line in lines)


def as_dict(finding: Finding) -> dict[str, Any]:
    """Return the fields of a finding for JSON."""
    return {name: value for name, value in dataclasses.asdict(finding).items() if name != "count"}


def as_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON list of objects (see `as_dict`)."""
    return printable_json(
        json.dumps([as_dict(finding) for finding in first_findings(findings)], indent=2, ensure_ascii=False)
    )


def as_github(findings: Sequence[Finding]) -> str:
    """Return a GitHub workflow command for each finding, which GitHub shows at its line."""
    return "\n".join(
        "::error file={},line={},col={},title=figgen::{}".format(
            _escape(printable(f.path), "%:,"), f.line, f.column, _escape(printable(_describe(f), keep="\r\n"), "%\r\n")
        )
        for f in first_findings(findings)
    )


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {"text": as_text, "json": as_json, "github": as_github}


def _describe(finding: Finding) -> str:
    where = f"{finding.where}: " if finding.where else ""
    return where + str(Mistake(finding.message, finding.allowed, finding.hint))


def _escape(text: str, characters: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in characters else char for char in text)
