"""The command line. Exit status: 0 fine, 1 something is wrong with the figures or configs, 2 wrong use."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
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

    root, targets, findings = _targets(configs, root)
    _print_findings(findings)
    counts = {"written": 0, "unchanged": 0, "failed": len(findings)}
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
    _, targets, findings = _targets((), root)
    _print_findings(findings)
    for target in targets:
        click.echo(f"{target.config} -> {target.artefact}")
    sys.exit(bool(findings))


@main.command()
@_configs_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Lines for people, a JSON list, or GitHub's workflow commands.",
)
@_root_option
def validate(configs: tuple[Path, ...], form: str, root: Path | None) -> None:
    """Check all configs, or those named, without writing anything."""
    from figgen import build as worker
    from figgen.report import FORMATS

    root, targets, misnamed = _targets(configs, root)
    # A mistake in a file that several configs use is told once.
    findings = dict.fromkeys(misnamed)
    invalid = len(misnamed)
    for outcome in worker.build(root, targets, write=False):
        findings |= dict.fromkeys(outcome.findings)
        invalid += bool(outcome.findings)
    if form == "json" or findings:
        click.echo(FORMATS[form](list(findings)))
    valid = len(targets) + len(misnamed) - invalid
    click.echo(f"configs: {valid} valid, {invalid} invalid", err=True)
    sys.exit(invalid > 0)


@main.command()
@click.argument("config", type=click.Path(path_type=Path))
@_root_option
def show(config: Path, root: Path | None) -> None:
    """Print the resolved spec of a config, defaults and all, with where each value is from."""
    from figgen.build import load_config
    from figgen.errors import ConfigError, SpecError
    from figgen.show import show as resolved
    from figgen.validation import validate as validated

    root, targets, findings = _targets((config,), root)
    for target in targets:
        try:
            document = load_config(root, target.config)
            click.echo(resolved(document, validated(document.data)), nl=False)
        except ConfigError as error:
            findings += error.findings
        except SpecError as error:
            findings += [document.locate(problem) for problem in error.problems]
    _print_findings(findings)
    sys.exit(bool(findings))


@main.command()
@click.argument("post")
@click.argument("name")
@click.option("--mark", default="line", show_default=True, help="The mark that the example is drawn with.")
@_root_option
def new(post: str, name: str, mark: str, root: Path | None) -> None:
    """Write a commented config for a new figure, configs/POST/NAME.yaml, that builds as it stands."""
    from figgen.build import add_config
    from figgen.errors import UsageError, listed, nearest
    from figgen.scaffold import new_config
    from figgen.spec import MARKS

    if mark not in MARKS:
        said = [f"no such mark: {mark}", listed(MARKS), nearest(mark, MARKS)]
        raise click.UsageError("; ".join(part for part in said if part))
    try:
        path = add_config(_find_root() if root is None else root.resolve(), post, name, new_config(name, mark))
    except UsageError as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"wrote {path}")


@main.command()
def functions() -> None:
    """List the functions that formulas may call."""
    from figgen.functions import FUNCTIONS

    width = max(len(function.usage) for function in FUNCTIONS.values())
    for _, function in sorted(FUNCTIONS.items()):
        click.echo(f"{function.usage:<{width}}  {function.summary}")


@main.command()
def schema() -> None:
    """Print the JSON Schema of a config, for editors and other validators."""
    from figgen.spec import json_schema

    click.echo(json_schema(), nl=False)


def _targets(configs: Iterable[Path], root: Path | None) -> tuple[Path, list["Target"], list["Finding"]]:
    """Find the root, the targets that a command is about, and what is wrong with the names of others it is about."""
    from figgen.build import discover
    from figgen.errors import nearest

    root = _find_root() if root is None else root.resolve()
    targets, misnamed = discover(root)
    if not targets and not misnamed:
        raise click.UsageError(f"no configs under {root / 'configs'}: a figure is configs/<Post>/<name>.yaml")
    known = {os.path.realpath(root / target.config): target for target in targets}
    by_path = {finding.path: finding for finding in misnamed}
    chosen, named = set(), []
    for config in configs:
        target = known.get(os.path.realpath(config))
        wrong = by_path.get(Path(os.path.relpath(config, root)).as_posix())
        if wrong is not None:
            named.append(wrong)
            continue
        if target is None:
            near = nearest(str(config), (os.path.relpath(path) for path in known))
            raise click.UsageError(f"no such config: {config}" + f"; {near}" * bool(near))
        chosen.add(target)
    return (root, sorted(chosen), named) if configs else (root, targets, misnamed)


def _find_root() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "configs").is_dir():
            return folder
    raise click.UsageError(f"no configs/ in {here} or above it: go to the site's folder, or name it with --root")


def _print_findings(findings: "Sequence[Finding]") -> None:
    from figgen.report import as_text

    if findings:
        click.echo(as_text(findings), err=True)
