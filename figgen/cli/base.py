"""What the commands share: options, and how they find the site and the configs that they are about."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from figgen.errors import Finding
    from figgen.site.paths import Target


def root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --root: the site that the command is about."""
    return click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The site's root. Default: the nearest folder upwards that has configs/.",
    )(command)


def configs_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the configs that the command is about; none means all."""
    return click.argument("configs", nargs=-1, type=click.Path(path_type=Path), metavar="[CONFIG]...")(command)


def format_option(choices: list[str], text: str) -> Callable[..., Any]:
    """Add --format, whose first choice is the default."""
    return click.option(
        "--format", "form", type=click.Choice(choices), default=choices[0], show_default=True, help=text
    )


def find_targets(configs: Sequence[Path], root: Path | None) -> tuple[Path, list["Target"], list["Finding"]]:
    """Find the root, the targets that a command is about, and what is wrong with the names of others it is about."""
    from figgen.errors import did_you_mean
    from figgen.site.paths import discover

    root = find_root(root)
    targets, misnamed = discover(root)
    if not targets and not misnamed:
        raise click.UsageError(f"no configs under {root / 'configs'}: a figure is configs/<Post>/<name>.yaml")
    if not configs:
        return root, targets, misnamed
    known = {os.path.realpath(root / target.config): target for target in targets}
    by_name = {target.name: target for target in targets}
    by_path = {finding.path: finding for finding in misnamed}
    chosen, named = set(), []
    for config in configs:
        target = known.get(os.path.realpath(config)) or by_name.get(str(config))
        wrong = by_path.get(Path(os.path.relpath(config, root)).as_posix())
        if wrong is not None:
            named.append(wrong)
            continue
        if target is None:
            near = did_you_mean(str(config), (os.path.relpath(path) for path in known))
            raise click.UsageError(f"no such config: {config}" + f"; {near}" * bool(near))
        chosen.add(target)
    return root, sorted(chosen), named


def usable_cores() -> int:
    """Count the cores that this process may use."""
    # Not every system can say which of its cores a process may use.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def find_root(root: Path | None = None) -> Path:
    """Find the nearest folder upwards that has configs/, unless one is given. Raises click.UsageError if none has."""
    if root is not None:
        if not (root / "configs").is_dir():
            raise click.UsageError(f"no configs/ in {root.resolve()}")
        return root.resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "configs").is_dir():
            return folder
    raise click.UsageError(f"no configs/ in {here} or above it: go to the site's folder, or name it with --root")


def print_findings(findings: "Sequence[Finding]") -> None:
    """Print findings to standard error."""
    from figgen.errors import as_text

    if findings:
        click.echo(as_text(findings), err=True)


def say_waiting() -> None:
    """Say that another build holds the site."""
    click.echo("another build is at work on this site; waiting for it to end", err=True)
