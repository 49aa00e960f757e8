"""What can be wrong, as values: and how people and machines read it.

A step that sees a spec but not its text raises a `SpecError` of `Problem`s; whoever holds the text
(`figgen.config.yaml_document`) turns each into a `Finding` with file, line and column.
"""

import dataclasses
import difflib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Where = tuple[str | int, ...]

_BEGINNING = 3  # letters that tell what a longer word was meant to be


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, placed in a spec.

    `where` is the path from the spec's root (`("layers", 0, "y")`), `offset` counts characters into the text there,
    `on_key` is true where the key itself is wrong rather than its value.
    """

    where: Where
    message: str
    allowed: tuple[str, ...] = ()
    hint: str = ""
    offset: int = 0
    on_key: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake, placed in a file (`line` and `column` count from 1)."""

    path: str
    line: int
    column: int
    where: str
    message: str
    allowed: tuple[str, ...] = ()
    hint: str = ""


class Mistake(NamedTuple):
    """What is wrong, before it has a place."""

    message: str
    allowed: tuple[str, ...] = ()
    hint: str = ""


class FiggenError(Exception):
    """Base of all errors that a user's input can cause."""


class SpecError(FiggenError):
    """A spec cannot be drawn: all the problems found by one step."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


class ConfigError(FiggenError):
    """Config files are wrong: all the findings, sorted by place."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("; ".join(finding.message for finding in self.findings))


class SourceError(FiggenError):
    """A data source gives no array; `key` names the part of it that is wrong, if one is."""

    def __init__(self, message: str, key: str = "", allowed: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message)
        self.message, self.key, self.allowed, self.hint = message, key, allowed, hint


class UsageError(FiggenError):
    """A command was called in a way that cannot be carried out."""


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return where a character of a text is; both count from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Say which choice `word` was meant to be, as a hint ("did you mean 'label'?"), or nothing if none is near."""
    word, by_lower = word.lower(), {choice.lower(): choice for choice in choices}
    beginnings = [choice for choice in by_lower if len(choice) >= _BEGINNING and word.startswith(choice)]
    matches = [
        *difflib.get_close_matches(word, by_lower, n=1, cutoff=0.75),
        *sorted(beginnings, key=len, reverse=True),
        *difflib.get_close_matches(word, by_lower, n=1, cutoff=0.6),
    ]
    return f"did you mean '{by_lower[matches[0]]}'?" if matches else ""


# The packages that only some sites need, by the extra that installs each.
EXTRAS = {"dask": "distributed", "optimize": "pyoxipng", "watch": "watchfiles"}


def missing_extra(name: str) -> str:
    """Say how to install what only some sites need."""
    checkout, site = f"pip install -e '.[{name}]' in its checkout", f"'figgen[{name}] @ …' in configs/requirements.txt"
    return f"install figgen's extra '{name}': {checkout}, or {site} of a site"


def format_choices(choices: Iterable[str]) -> str:
    """Return what is allowed, as messages have it: "allowed: a, b, c", or nothing if there are no choices."""
    listed = ", ".join(choices)
    return f"allowed: {listed}" if listed else ""


def as_text(findings: Sequence[Finding]) -> str:
    """Write each finding on one line: `path:line:column: where: what is wrong; what is allowed; what to do`."""
    return "\n".join(printable(f"{f.path}:{f.line}:{f.column}: {_describe(f)}") for f in findings)


def printable(text: str) -> str:
    """Write a text on one line, without what a terminal or a page would not show as a letter.

    A line of its own in the log of a CI run may be a command to it.
    """
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)


def as_json(findings: Sequence[Finding]) -> str:
    """Write the findings as a JSON list of objects with the fields of `Finding`."""
    return json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2, ensure_ascii=False)


def as_github(findings: Sequence[Finding]) -> str:
    """Write each finding as a workflow command, which GitHub shows at the line it is about."""
    return "\n".join(
        f"::error file={_property(f.path)},line={f.line},col={f.column},title=figgen::{_data(_describe(f))}"
        for f in findings
    )


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {"text": as_text, "json": as_json, "github": as_github}


def _describe(finding: Finding) -> str:
    where = f"{finding.where}: " if finding.where else ""
    return where + "; ".join(filter(None, (finding.message, format_choices(finding.allowed), finding.hint)))


def _data(text: str) -> str:
    """Escape a text as workflow commands want it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
