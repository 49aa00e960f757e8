"""Format figure diffs as text for a terminal, and as Markdown for a comment on a pull request."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from figgen.build.render_jobs import Rendered
from figgen.errors import as_text as findings_as_text
from figgen.errors import printable
from figgen.regression.figure_diff import ChangeKind, FigureDiff
from figgen.regression.pixels import format_difference

_MAX_LENGTH = 30_000  # characters of the table, and of the details: GitHub allows 65,536 in a comment
_MAX_LINES = 40  # of one figure in a comment


def as_text(base: str, diffs: Sequence[FigureDiff]) -> str:
    """Return the diffs as text for a terminal; `base` names the revision that the figures are compared with."""
    lines = [f"compared with {printable(base)}"]
    for diff in changed(diffs):
        numbers = format_difference(diff.difference)
        lines.append(f"{diff.kind} {printable(diff.name)}" + f": {numbers}" * bool(numbers))
        lines += [f"  {printable(line)}" for line in detail_lines(diff)]
    return "\n".join([*lines, f"figures: {summary(diffs)}"])


def as_github(base: str, diffs: Sequence[FigureDiff]) -> str:
    """Return the diffs in Markdown, short enough for a comment on GitHub.

    Every text that comes from a site is a code span, in which mentions, links and tags have no effect.
    """
    rows = [f"| {_cell(diff.name)} | {diff.kind} | {format_difference(diff.difference)} |" for diff in changed(diffs)]
    lines = [f"**Figures:** {summary(diffs)}, compared with {_code(base)}", ""]
    if rows:
        lines += ["| figure | | pixels |", "|---|---|---|", *_truncate(rows), ""]
    return "\n".join([*lines, *_truncate([_details(diff) for diff in changed(diffs) if detail_lines(diff)])]).rstrip()


FORMATS: Mapping[str, Callable[[str, Sequence[FigureDiff]], str]] = {"text": as_text, "github": as_github}


def changed(diffs: Sequence[FigureDiff]) -> list[FigureDiff]:
    """Return the diffs except those of unchanged figures, ordered by kind as in `ChangeKind`."""
    return [diff for kind in ChangeKind for diff in diffs if diff.kind is kind is not ChangeKind.UNCHANGED]


def summary(diffs: Iterable[FigureDiff]) -> str:
    """Return the number of figures of each kind, as text: "1 failed, 2 unchanged"."""
    counts = Counter(diff.kind for diff in diffs)
    return ", ".join(f"{counts[kind]} {kind}" for kind in ChangeKind if counts[kind]) or "none"


def detail_lines(diff: FigureDiff) -> list[str]:
    """Return a line for each change of a changed figure, or for each finding of a failed one."""
    if diff.kind is ChangeKind.CHANGED:
        return [*diff.changes] or ["only pixels differ, the description is unchanged"]
    return [*_findings("base", diff.before), *_findings("head", diff.after)]


def _findings(side: str, rendered: Rendered | None) -> list[str]:
    return [] if rendered is None else [f"{side}: {findings_as_text([finding])}" for finding in rendered.findings]


def _code(text: str) -> str:
    """Return a text as a code span that no backtick in it can end."""
    text = printable(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " * (text != text.strip(" `"))  # Markdown removes one at each end
    return f"{fence}{space}{text}{space}{fence}" if text.strip() else "` `"


def _cell(text: str) -> str:
    return _code(text.replace("|", "\\u007c"))  # '|' ends a table cell even inside a code span


def _details(diff: FigureDiff) -> str:
    details = detail_lines(diff)
    lines = [f"- {_code(line)}" for line in details[:_MAX_LINES]]
    if len(details) > _MAX_LINES:
        lines.append(f"- and {len(details) - _MAX_LINES} more")
    # GitHub parses HTML up to the blank line, and Markdown after it.
    title = f"{diff.kind} <code>{html.escape(printable(diff.name))}</code>"
    return "\n".join([f"<details><summary>{title}</summary>", "", *lines, "", "</details>", ""])


def _truncate(parts: Sequence[str]) -> list[str]:
    """Return the parts that fit into a comment, and a line with the number of those left out, if there are any."""
    fit = sum(length <= _MAX_LENGTH for length in accumulate(len(part) + 1 for part in parts))
    left = len(parts) - fit
    return [*parts[:fit], *([f"\n{left} more in the page that `figgen diff --html` writes"] if left else [])]
