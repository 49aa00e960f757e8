"""The command line. Exit status: 0 fine, 1 something is wrong with the figures or configs, 2 wrong use."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from figgen import __version__

if TYPE_CHECKING:
    from figgen.build import Target
    from figgen.errors import Finding


def _root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The site's root. Default: the nearest folder upwards that has configs/.",
    )(command)


def _configs_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("configs", nargs=-1, type=click.Path(path_type=Path), metavar="[CONFIG]...")(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="figgen")
def main() -> None:
    """Draw the figures of a blog from YAML configs."""


@main.command()
@_configs_argument
@_root_option
def build(configs: tuple[Path, ...], root: Path | None) -> None:
    """Write the artefacts of all configs, or of those named."""
    from figgen import build as worker

    root, targets, misnamed = _targets(configs, root)
    counts = {"written": 0, "unchanged": 0, "failed": len(misnamed)}
    for outcome in worker.build(root, targets):
        result = "failed" if outcome.findings else "written" if outcome.written else "unchanged"
        counts[result] += 1
        _print_findings(outcome.findings)
        if outcome.written:
            click.echo(f"wrote {outcome.target.artefact}")
    click.echo("figures: " + ", ".join(f"{count} {result}" for result, count in counts.items()))
    sys.exit(counts["failed"] > 0)


@main.command(name="list")
@_root_option
def list_(root: Path | None) -> None:
    """List the configs and the artefacts made from them."""
    _, targets, misnamed = _targets((), root)
    for target in targets:
        click.echo(f"{target.config} -> {target.artefact}")
    sys.exit(bool(misnamed))


@main.command()
@_configs_argument
@_root_option
def validate(configs: tuple[Path, ...], root: Path | None) -> None:
    """Check all configs, or those named, without writing anything."""
    from figgen import build as worker

    root, targets, misnamed = _targets(configs, root)
    counts = {"valid": 0, "invalid": len(misnamed)}
    for outcome in worker.build(root, targets, write=False):
        counts["invalid" if outcome.findings else "valid"] += 1
        _print_findings(outcome.findings)
    click.echo("configs: " + ", ".join(f"{count} {result}" for result, count in counts.items()))
    sys.exit(counts["invalid"] > 0)


def _targets(configs: Iterable[Path], root: Path | None) -> tuple[Path, list["Target"], list["Finding"]]:
    """Find the root, the targets that a command is about, and if that is all of them, the misnamed configs, printed."""
    from figgen.build import discover
    from figgen.errors import nearest

    root = _find_root() if root is None else root.resolve()
    targets, misnamed = discover(root)
    if not targets and not misnamed:
        raise click.UsageError(f"no configs under {root / 'configs'}: a figure is configs/<Post>/<name>.yaml")
    known = {(root / target.config).resolve(): target for target in targets}
    chosen = set()
    for config in configs:
        target = known.get(config.resolve())
        if target is None:
            near = nearest(str(config), (os.path.relpath(path) for path in known))
            raise click.UsageError(f"no such config: {config}" + f"; {near}" * bool(near))
        chosen.add(target)
    if chosen:
        return root, sorted(chosen), []
    _print_findings(misnamed)
    return root, targets, misnamed


def _find_root() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "configs").is_dir():
            return folder
    raise click.UsageError(f"no configs/ in {here} or above it: go to the site's folder, or name it with --root")


def _print_findings(findings: "Iterable[Finding]") -> None:
    from figgen.report import as_text

    for finding in findings:
        click.echo(as_text(finding), err=True)
