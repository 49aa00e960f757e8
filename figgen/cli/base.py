"""What the commands share: options, and functions that find the site and its configs, and print findings."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from figgen.errors import Finding
    from figgen.site.paths import Target


def root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option --root: the site that the command is about."""
    return click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The site's root. Default: the current folder, or the nearest one above it, with configs/.",
    )(command)


def configs_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument CONFIG...: the configs that the command is about, all if none is named."""
    return click.argument("configs", nargs=-1, type=click.Path(path_type=Path), metavar="[CONFIG]...")(command)


def format_option(choices: list[str], text: str) -> Callable[..., Any]:
    """Add the option --format, whose first choice is the default."""
    return click.option(
        "--format", "form", type=click.Choice(choices), default=choices[0], show_default=True, help=text
    )


def find_targets(configs: Sequence[Path], root: Path | None) -> tuple[Path, list["Target"], list["Finding"]]:
    """Return the root, the targets that a command is about, and findings for configs with invalid names."""
    from figgen.site.paths import select_targets

    root = find_root(root)
    return root, *select_targets(root, configs)


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    # os.sched_getaffinity does not exist on every system.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def find_root(root: Path | None = None) -> Path:
    """Return the nearest folder upwards that has configs/, unless one is given. Raises click.UsageError if none has."""
    if root is not None:
        if not (root / "configs").is_dir():
            raise click.UsageError(f"no configs/ in {root.resolve()}")
        return root.resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "configs").is_dir():
            return folder
    raise click.UsageError(f"no configs/ in {here} or above it: run this in the site's folder, or pass it with --root")


def print_findings(findings: "Sequence[Finding]") -> None:
    """Print findings to standard error."""
    from figgen.errors import as_text

    if findings:
        click.echo(as_text(findings), err=True)


def print_waiting() -> None:
    """Print that another build holds the lock of the site."""
    click.echo("waiting for another figgen build to finish", err=True)
