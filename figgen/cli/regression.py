"""Commands that compare pictures with earlier ones, and approve them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from figgen.cli import base

if TYPE_CHECKING:
    from figgen.regression.figure_diff import FigureDiff


@click.command()
@click.option(
    "--base",
    "name",
    metavar="REV",
    help="The revision to compare with. Default: the merge base of HEAD and the remote's default branch.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write an HTML page that shows both versions of each picture.",
)
@base.format_option(["text", "github"], "Lines of text, or a Markdown comment for a pull request.")
@base.root_option
def diff(name: str | None, html: Path | None, form: str, root: Path | None) -> None:
    """Compare the pictures of the working tree with those of another revision."""
    from figgen.regression import compare
    from figgen.regression.git import checked_out, find_revision, merge_base
    from figgen.regression.report import FORMATS

    root = base.find_root() if root is None else root.resolve()
    if html is not None and html.exists() and not html.is_file():
        raise click.UsageError(f"--html: {html} is not a file")
    revision = merge_base(root) if name is None else find_revision(root, name)
    with checked_out(root, revision.commit) as before:
        diffs = compare(before, root, base.usable_cores())
    if html is not None:
        _write_page(html.resolve(), str(revision), diffs)
    click.echo(FORMATS[form](str(revision), diffs))
    sys.exit(any(diff.fails for diff in diffs))


def _write_page(path: Path, revision: str, diffs: "list[FigureDiff]") -> None:
    from figgen.errors import UsageError
    from figgen.regression.html_report import format_page
    from figgen.site.files import write_atomically

    try:
        write_atomically(path, format_page(revision, diffs).encode())
    except OSError as error:
        raise UsageError(f"--html: cannot write {path}: {error.strerror}") from None


@click.command()
@base.configs_argument
@click.option("--drift-only", is_flag=True, help="Accept only figures whose description is unchanged.")
@base.root_option
def accept(configs: tuple[Path, ...], root: Path | None, drift_only: bool) -> None:  # noqa: FBT001 - a flag
    """Save the pictures of all configs, or of those named, as the baselines of tests, in tests/baseline."""
    from figgen.errors import printable
    from figgen.regression import baselines
    from figgen.regression.pixels import format_difference

    option = "" if root is None else f" --root {root}"
    root, targets, findings = base.find_targets(configs, root)
    base.print_findings(findings)
    names: list[str] = []
    refused: list[str] = []
    accepted = baselines.accept(
        root, targets, drift_only=drift_only, jobs=base.usable_cores(), on_wait=base.print_waiting
    )
    counts = dict.fromkeys((*baselines.AcceptStatus, "removed"), 0) | {baselines.AcceptStatus.REFUSED: len(findings)}
    unapproved: dict[str, None] = {}  # as an ordered set
    outdated: list[str] = []
    for name, status, difference, found, figure, shown in accepted:
        counts[status] += 1
        outdated += [shown] if shown else []
        if status is baselines.AcceptStatus.REFUSED and not found:
            unapproved[figure] = None
        (refused if found else names).append(name)
        base.print_findings(found)
        if difference.differs:
            numbers = "new" if difference.new else format_difference(difference.difference)
            click.echo(f"{status} {name}: {numbers}".rstrip(": "))
        for line in difference.changes:
            click.echo(f"  {printable(line)}")
    for path in (
        () if configs or findings else baselines.remove_unused_baselines(root, names, refused, base.print_waiting)
    ):
        counts["removed"] += 1
        click.echo(f"removed {printable(path)}: no config")
    if unapproved:
        click.echo(f"look at what changed, then approve it with 'figgen accept{option} {' '.join(unapproved)}'")
    if outdated:
        click.echo(f"not the accepted picture, or missing: {', '.join(outdated)}; write it with 'figgen build{option}'")
    click.echo("baselines: " + ", ".join(f"{count} {status}" for status, count in counts.items()))
    sys.exit(counts[baselines.AcceptStatus.REFUSED] > 0)
