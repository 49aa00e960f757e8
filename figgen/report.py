"""Findings as people and machines read them."""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from figgen.errors import Finding


def as_text(findings: Sequence[Finding]) -> str:
    """Write each finding on one line: `path:line:column: where: what is wrong; what is allowed; what to do`."""
    return "\n".join(printable(f"{f.path}:{f.line}:{f.column}: {_said(f)}") for f in findings)


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
        f"::error file={_property(f.path)},line={f.line},col={f.column},title=figgen::{_data(_said(f))}"
        for f in findings
    )


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "github": as_github}
)


def _said(finding: Finding) -> str:
    where = f"{finding.where}: " if finding.where else ""
    return where + "; ".join(part for part in (finding.message, finding.allowed, finding.hint) if part)


def _data(text: str) -> str:
    """Escape a text as workflow commands want it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
