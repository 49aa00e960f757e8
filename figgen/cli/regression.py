"""Commands about what changed in pictures."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from figgen.cli.base import find_root, format_option, root_option, usable_cores

if TYPE_CHECKING:
    from figgen.compare import Verdict


@click.command()
@click.option(
    "--base", metavar="REV", help="The revision to compare with. Default: where HEAD left the remote's default branch."
)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page that shows it."
)
@format_option(["text", "github"], "Lines for people, or a Markdown comment for a pull request.")
@root_option
def diff(base: str | None, html: Path | None, form: str, root: Path | None) -> None:
    """Show what the working tree's configs, styles and data do to the pictures of another revision."""
    from figgen.compare import compare, fails
    from figgen.diff_report import FORMATS
    from figgen.errors import UsageError
    from figgen.revision import checked_out, find_beginning, find_revision

    root = find_root() if root is None else root.resolve()
    try:
        revision = find_beginning(root) if base is None else find_revision(root, base)
        with checked_out(root, revision.commit) as before:
            verdicts = compare(before, root, usable_cores())
        if html is not None:
            _write_page(html.resolve(), str(revision), verdicts)
    except UsageError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo(FORMATS[form](str(revision), verdicts))
    sys.exit(any(map(fails, verdicts)))


def _write_page(path: Path, base: str, verdicts: "list[Verdict]") -> None:
    from figgen.diff_page import write_page
    from figgen.errors import UsageError
    from figgen.files import write_atomically

    if path.exists() and not path.is_file():
        raise UsageError(f"--html: {path} is not a file")
    try:
        write_atomically(path, write_page(base, verdicts).encode())
    except OSError as error:
        raise UsageError(f"--html: {path} cannot be written: {error.strerror}") from None
