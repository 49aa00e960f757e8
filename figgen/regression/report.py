"""Format figure diffs as text for a terminal, and as Markdown for a comment on a pull request."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from figgen.build.render_jobs import Rendered
from figgen.errors import as_text as findings_as_text
from figgen.errors import printable
from figgen.regression.causes import is_shared
from figgen.regression.figure_diff import ChangeKind, FigureDiff
from figgen.regression.pixels import format_difference

_MAX_LENGTH = 30_000  # characters of the table, and of the details: GitHub allows 65,536 in a comment
_MAX_LINES = 40  # of one figure in a comment


def as_text(base: str, diffs: Sequence[FigureDiff]) -> str:
    """Return the diffs as text for a terminal; `base` names the revision that the figures are compared with."""
    lines = [f"compared with {printable(base)}"]
    groups = shared(diffs)
    for group in groups:
        lines.append(f"in {printable(group.title)}")
        lines += [f"  {printable(line)}" for line in group.lines]
    for diff in changed(diffs):
        numbers = format_difference(diff.difference)
        lines.append(f"{diff.kind} {printable(title(diff))}" + f": {numbers}" * bool(numbers))
        lines += [f"  {printable(line)}" for line in detail_lines(diff, groups)]
    return "\n".join([*lines, f"figures: {summary(diffs)}"])


def as_github(base: str, diffs: Sequence[FigureDiff]) -> str:
    """Return the diffs in Markdown, short enough for a comment on GitHub.

    Every text that comes from a site is a code span, in which mentions, links and tags have no effect.
    """
    groups = shared(diffs)
    rows = [f"| {_cell(title(diff))} | {diff.kind} | {format_difference(diff.difference)} |" for diff in changed(diffs)]
    lines = [f"**Figures:** {summary(diffs)}, compared with {_code(base)}", ""]
    if rows:
        lines += ["| figure | | pixels |", "|---|---|---|", *_truncate(rows), ""]
    details = [_details(group.title, "in ", group.lines) for group in groups]
    each = [(diff, detail_lines(diff, groups)) for diff in changed(diffs)]
    details += [_details(title(diff), f"{diff.kind} ", found) for diff, found in each if found]
    return "\n".join([*lines, *_truncate(details)]).rstrip()


FORMATS: Mapping[str, Callable[[str, Sequence[FigureDiff]], str]] = {"text": as_text, "github": as_github}


def changed(diffs: Sequence[FigureDiff]) -> list[FigureDiff]:
    """Return the diffs except those of unchanged figures, by kind as in `ChangeKind`, those of most pixels first."""
    kinds = [*ChangeKind]
    found = [diff for diff in diffs if diff.kind is not ChangeKind.UNCHANGED]
    return sorted(found, key=lambda diff: (kinds.index(diff.kind), -(diff.difference.share if diff.difference else 0)))


class Shared(NamedTuple):
    """What several figures have in common: the lines about a file that all of them read, and what it changed in all."""

    names: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return the number of the figures and their names, as text."""
        return f"{len(self.names)} figures ({', '.join(self.names)})"


def shared(diffs: Sequence[FigureDiff]) -> list[Shared]:
    """Return what figures that changed have in common, largest group first, by the files that they read."""
    by_cause: dict[str, list[FigureDiff]] = {}
    for diff in changed(diffs):
        for cause in filter(is_shared, diff.causes):
            by_cause.setdefault(cause, []).append(diff)
    groups: dict[tuple[str, ...], list[FigureDiff]] = {
        tuple(diff.name for diff in found): found for found in by_cause.values() if len(found) > 1
    }
    result = []
    for names, found in sorted(groups.items(), key=lambda group: (-len(group[0]), group[0])):
        causes = [cause for cause, of in by_cause.items() if tuple(diff.name for diff in of) == names]
        others = [line for line in (*found[0].causes, *found[0].changes) if line not in by_cause]
        common = [line for line in others if all(line in (*diff.causes, *diff.changes) for diff in found)]
        result.append(Shared(names, (*causes, *common)))
    return result


def summary(diffs: Iterable[FigureDiff]) -> str:
    """Return the number of figures of each kind, as text: "1 failed, 2 unchanged"."""
    counts = Counter(diff.kind for diff in diffs)
    return ", ".join(f"{counts[kind]} {kind}" for kind in ChangeKind if counts[kind]) or "none"


def title(diff: FigureDiff) -> str:
    """Return the name of a figure, and the one that it had before."""
    return f"{diff.old_name} -> {diff.name}" if diff.old_name else diff.name


def detail_lines(diff: FigureDiff, groups: Iterable[Shared] = ()) -> list[str]:
    """Return a line for each cause and change of a changed figure, or for each finding and cause of a failed one.

    Those that `groups` has for several figures are left out.
    """
    if diff.kind not in {ChangeKind.CHANGED, ChangeKind.RENAMED}:
        return [*_findings("base", diff.before), *_findings("head", diff.after), *diff.causes]
    lines = [*diff.causes, *diff.changes]
    found = diff.difference
    if found is not None and not diff.changes and (found.pixels or found.before != found.after):
        lines.append("only pixels differ, the description is unchanged")
    elsewhere = {line for group in groups if diff.name in group.names for line in group.lines}
    return [line for line in lines if line not in elsewhere]


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


def _details(name: str, kind: str, details: Sequence[str]) -> str:
    lines = [f"- {_code(line)}" for line in details[:_MAX_LINES]]
    if len(details) > _MAX_LINES:
        lines.append(f"- and {len(details) - _MAX_LINES} more")
    # GitHub parses HTML up to the blank line, and Markdown after it.
    summary = f"{kind}<code>{html.escape(printable(name))}</code>"
    return "\n".join([f"<details><summary>{summary}</summary>", "", *lines, "", "</details>", ""])


def _truncate(parts: Sequence[str]) -> list[str]:
    """Return the parts that fit into a comment, and a line with the number of those left out, if there are any."""
    fit = sum(length <= _MAX_LENGTH for length in accumulate(len(part) + 1 for part in parts))
    left = len(parts) - fit
    return [*parts[:fit], *([f"\n{left} more in the page that `figgen diff --html` writes"] if left else [])]
