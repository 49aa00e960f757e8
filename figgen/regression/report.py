"""Verdicts as people read them: on a terminal, and as a comment on a pull request."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from figgen.build.render_jobs import Rendered
from figgen.errors import as_text as findings_as_text
from figgen.errors import printable
from figgen.regression.compare import Kind, Verdict, of_kinds
from figgen.regression.pixels import in_numbers

TOLD = (Kind.FAILED, Kind.CHANGED, Kind.ADDED, Kind.REMOVED)  # the others are counted

_ROOM = 30_000  # characters for the table, and as many for the details: GitHub takes 65,536 in a comment
_MOST = 40  # lines of one figure in a comment


def as_text(base: str, verdicts: Sequence[Verdict]) -> str:
    """Write what a branch does to the pictures, for a terminal."""
    lines = [f"compared with {printable(base)}"]
    for verdict in of_kinds(verdicts, *TOLD):
        said = numbers(verdict)
        lines.append(f"{verdict.kind} {printable(verdict.name)}" + f": {said}" * bool(said))
        lines += [f"  {printable(line)}" for line in in_words(verdict)]
    return "\n".join([*lines, f"figures: {summary(verdicts)}"])


def as_github(base: str, verdicts: Sequence[Verdict]) -> str:
    """Write what a branch does to the pictures in Markdown, short enough for a comment.

    Whatever comes from a site stands in a code span, where no mention, link or tag is one.
    """
    told = list(of_kinds(verdicts, *TOLD))
    rows = [f"| {_cell(verdict.name)} | {verdict.kind} | {numbers(verdict)} |" for verdict in told]
    details = [_details(verdict) for verdict in told if in_words(verdict)]
    lines = [f"**Figures:** {summary(verdicts)}, compared with {code(base)}", ""]
    if rows:
        lines += ["| figure | | pixels |", "|---|---|---|", *_fitting(rows), ""]
    return "\n".join([*lines, *_fitting(details)]).rstrip()


FORMATS: Mapping[str, Callable[[str, Sequence[Verdict]], str]] = {"text": as_text, "github": as_github}


def summary(verdicts: Iterable[Verdict]) -> str:
    """Count the figures of each kind."""
    counts = Counter(verdict.kind for verdict in verdicts)
    return ", ".join(f"{counts[kind]} {kind}" for kind in (*TOLD, Kind.UNCHANGED) if counts[kind]) or "none"


def numbers(verdict: Verdict) -> str:
    """Say in numbers how far the pixels of a changed figure differ, and its sizes if it has two."""
    return in_numbers(verdict.difference)


def in_words(verdict: Verdict) -> list[str]:
    """Say in words, a line each, what changed in what a figure says, or why it is not drawn."""
    if verdict.kind is Kind.CHANGED:
        return [*verdict.changes] or ["only pixels differ: what it says is the same"]
    return [*_findings("base", verdict.before), *_findings("head", verdict.after)]


def code(text: str) -> str:
    """Write a text as a code span, which ends at no backtick of its own."""
    text = printable(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " * (text != text.strip(" `"))  # of which one at each end is taken off again
    return f"{fence}{space}{text}{space}{fence}" if text.strip() else "` `"


def _cell(text: str) -> str:
    return code(text.replace("|", "\\u007c"))  # a table is cut at every other one, also within code


def _details(verdict: Verdict) -> str:
    words = in_words(verdict)
    lines = [f"- {code(line)}" for line in words[:_MOST]]
    if len(words) > _MOST:
        lines.append(f"- and {len(words) - _MOST} more")
    # GitHub reads Markdown again after a blank line; until then all is HTML.
    title = f"{verdict.kind} <code>{html.escape(printable(verdict.name))}</code>"
    return "\n".join([f"<details><summary>{title}</summary>", "", *lines, "", "</details>", ""])


def _fitting(parts: Sequence[str]) -> list[str]:
    """Give the parts that there is room for, and how many are left out."""
    fit = sum(length <= _ROOM for length in accumulate(len(part) + 1 for part in parts))
    left = len(parts) - fit
    return [*parts[:fit], *([f"\n{left} more are on the page that `figgen diff --html` writes."] if left else [])]


def _findings(side: str, rendered: Rendered | None) -> list[str]:
    return [] if rendered is None else [f"{side}: {findings_as_text([one])}" for one in rendered.findings]
