"""The command that brings figgen into a site."""

import difflib
import stat
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--from",
    "source",
    metavar="PLACE",
    help="Where the site gets figgen: git+https://…@COMMIT, or a checkout's folder. Default: where this one is from.",
)
@click.option("--yes", is_flag=True, help="Change the Makefile without asking.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The site's root. Default: this folder.",
)
def init(source: str | None, root: Path, yes: bool) -> None:  # noqa: FBT001 - a flag
    """Set up the Jekyll site in this folder to draw its figures with figgen."""
    from figgen.cli.init_plan import FIRST_DRAFT, INCLUDED, plan
    from figgen.site.files import write_atomically

    root = root.resolve()
    path = ""
    try:
        planned = plan(root, source)
        for path, text in planned.new.items():
            write_atomically(root / path, text.encode())
            click.echo(f"wrote {path}")
        changed = refused = 0
        for path, before, after in planned.edits:
            click.echo(_difference(path, before, after))
            if yes or (sys.stdin.isatty() and click.confirm(f"Change {path}?")):
                file = (root / path).resolve()
                write_atomically(file, after, stat.S_IMODE(file.stat().st_mode))
                click.echo(f"changed {path}")
                changed += 1
            else:
                click.echo(f"{path} stays as it is: add the line above yourself, or let 'figgen init --yes' do it")
                refused += 1
    except OSError as error:
        click.echo(f"{path or error.filename}: cannot be read or written: {error.strerror}", err=True)
        sys.exit(1)
    for advice in planned.advice:
        click.echo(f"{advice.path}: {advice.text}" + (f":\n\n{advice.lines}" if advice.lines else ""))
    if planned.new:
        command = "make figures" if changed or "Makefile" in planned.new else f"make -f {INCLUDED} figures"
        click.echo(f"next: '{command}'" + ", then 'jekyll serve --drafts' to see it" * (FIRST_DRAFT in planned.new))
    elif not changed:
        click.echo("nothing was changed" + ": all of it is there" * (not refused))


def _difference(path: str, before: bytes, after: bytes) -> str:
    old, new = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    return "\n".join(difflib.unified_diff(old, new, path, path, lineterm=""))
