"""Commands that check and fix posts, and print what to paste into them."""

import sys
from pathlib import Path

import click

from figgen.cli.base import find_targets, format_option, print_waiting, root_option, usable_cores


@click.command()
@click.option(
    "--posts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check the posts in this folder instead of the site's posts and pages.",
)
@click.option("--fix", is_flag=True, help="Fix what can be fixed safely in the posts: alt texts, sizes, dark images.")
@click.option("--dry-run", is_flag=True, help="With --fix: show what would change, and write nothing.")
@format_option(["text", "json", "github"], "Lines of text, a JSON list, or GitHub's workflow commands.")
@root_option
def check(folder: Path | None, form: str, root: Path | None, **flags: bool) -> None:
    """Check that posts, configs and pictures agree, before Jekyll runs."""
    from figgen.errors import FORMATS, printable
    from figgen.posts import check_posts, fix_posts, format_edits

    dry_run = flags["dry_run"]
    if dry_run and not flags["fix"]:
        raise click.UsageError("--dry-run requires --fix")
    root, targets, misnamed = find_targets((), root)
    if flags["fix"]:
        edits, report = fix_posts(root, targets, folder, print_waiting, usable_cores(), dry_run=dry_run)
        for diff in format_edits(edits, usable_cores()) if dry_run else ():
            lines = diff.decode(errors="backslashreplace").split("\n")
            click.echo("\n".join(printable(line, keep="\t\r") for line in lines), nl=False, err=form != "text")
        for edit in edits if not dry_run else ():
            click.echo(printable(f"fixed {edit.path}"), err=True)
    else:
        report = check_posts(root, targets, folder, jobs=usable_cores())
    findings = sorted([*misnamed, *report.findings])
    if form == "json" or findings:
        click.echo(FORMATS[form](findings))
    posts = f"posts: {report.valid} valid, {report.invalid} invalid"
    click.echo(f"{posts}; figures: {report.used} used, {report.unused} unused", err=True)
    sys.exit(bool(findings))


@click.command()
@click.argument("name")
@root_option
def snippet(name: str, root: Path | None) -> None:
    """Print the Markdown that shows a figure in a post.

    NAME is Post/name, the path of a config, or a name that only one post has.
    """
    from figgen.errors import printable
    from figgen.posts import snippet

    root, targets, _ = find_targets((), root)
    click.echo("\n".join(map(printable, snippet(root, targets, name))))
