"""The command that sets up a site."""

import stat
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--from",
    "source",
    metavar="PLACE",
    help="Where the site installs figgen from: git+https://…@COMMIT, or the folder of a checkout. Default: where this "
    "figgen was installed from.",
)
@click.option("--yes", is_flag=True, help="Change the Makefile without asking.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The site's root. Default: the current folder.",
)
def init(source: str | None, root: Path, yes: bool) -> None:  # noqa: FBT001 - a flag
    """Set up a Jekyll site to draw its figures with figgen."""
    from figgen.cli.init_plan import FIRST_DRAFT, INCLUDED, plan_init
    from figgen.site.files import write_atomically

    root = root.resolve()
    path = ""
    try:
        plan = plan_init(root, source)
        for path, text in plan.new.items():
            write_atomically(root / path, text.encode())
            click.echo(f"wrote {path}")
        changed = kept = 0
        for edit in plan.edits:
            path = edit.path
            click.echo(edit.diff())
            if yes or (sys.stdin.isatty() and click.confirm(f"Change {path}?")):
                file = (root / path).resolve()
                write_atomically(file, edit.after, stat.S_IMODE(file.stat().st_mode))
                click.echo(f"changed {path}")
                changed += 1
            else:
                click.echo(f"kept {path} unchanged: add the line above, or run 'figgen init --yes'")
                kept += 1
    except OSError as error:
        click.echo(f"{path or error.filename}: cannot be read or written: {error.strerror}", err=True)
        sys.exit(1)
    for advice in plan.advice:
        click.echo(f"{advice.path}: {advice.text}" + (f":\n\n{advice.lines}" if advice.lines else ""))
    if plan.new:
        command = "make figures" if changed or "Makefile" in plan.new else f"make -f {INCLUDED} figures"
        preview = ", then 'jekyll serve --drafts' to see the first figure" * (FIRST_DRAFT in plan.new)
        click.echo(f"next: run '{command}'{preview}")
    elif not changed:
        click.echo("nothing changed" if kept else "nothing changed: all files exist")
