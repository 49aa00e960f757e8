"""Commands that list, check, explain and create configs."""

import sys
from pathlib import Path

import click

from figgen.cli import base


@click.command(name="list")
@base.root_option
def list_(root: Path | None) -> None:
    """List the configs and the artefacts built from them."""
    from figgen.build import lockfile
    from figgen.errors import ConfigError, printable

    root, targets, findings = base.find_targets((), root)
    try:
        entries = lockfile.read(root)
    except ConfigError as error:
        entries, findings = {}, [*findings, *error.findings]
    base.print_findings(findings)
    for target in targets:
        entry = entries.get(target.artefact)
        click.echo(printable(f"{target.config} -> {', '.join(entry.outputs if entry else [target.artefact])}"))
    sys.exit(bool(findings))


@click.command()
@base.configs_argument
@base.format_option(["text", "json", "github"], "Lines of text, a JSON list, or GitHub's workflow commands.")
@base.root_option
def validate(configs: tuple[Path, ...], form: str, root: Path | None) -> None:
    """Check all configs, or those named, without writing anything."""
    from figgen.build.render_jobs import render_all
    from figgen.errors import FORMATS

    root, targets, misnamed = base.find_targets(configs, root)
    # A mistake in a file that several configs use is reported once.
    findings = dict.fromkeys(misnamed)
    invalid = len(misnamed)
    for _, rendered in render_all(root, base.usable_cores(), [target.config for target in targets]):
        findings |= dict.fromkeys(rendered.findings)
        invalid += bool(rendered.findings)
    findings = dict.fromkeys(sorted(findings))
    if form == "json" or findings:
        click.echo(FORMATS[form](list(findings)))
    valid = len(targets) + len(misnamed) - invalid
    click.echo(f"configs: {valid} valid, {invalid} invalid", err=True)
    sys.exit(invalid > 0)


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@base.root_option
def show(config: Path, root: Path | None) -> None:
    """Print the resolved spec of a config, with its defaults, and where each value comes from."""
    from figgen.config.load import load_document
    from figgen.config.resolved import show as resolved
    from figgen.config.validate import validate as validated
    from figgen.errors import ConfigError, SpecError
    from figgen.site.files import SiteFiles

    root, targets, findings = base.find_targets((config,), root)
    for target in targets:
        try:
            document = load_document(SiteFiles(root), target.config)
            click.echo(resolved(document, validated(document.data)), nl=False)
        except ConfigError as error:
            findings += error.findings
        except SpecError as error:
            findings += [document.locate(problem) for problem in error.problems]
    base.print_findings(findings)
    sys.exit(bool(findings))


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@base.root_option
def describe(config: Path, root: Path | None) -> None:
    """Print the description of a figure as JSON: its texts, data, colours, limits and ticks."""
    from figgen.build.render_jobs import describe as draw_and_describe

    root, targets, findings = base.find_targets((config,), root)
    for target in targets:
        rendered = draw_and_describe(root, target.config)
        findings += rendered.findings
        if rendered.description is not None:
            from figgen.errors import printable_json
            from figgen.review import format_description

            click.echo(printable_json(format_description(dict(rendered.description))), nl=False)
    base.print_findings(findings)
    sys.exit(bool(findings))


@click.command()
@click.argument("post")
@click.argument("name")
@click.option("--mark", default="line", show_default=True, help="The mark that the config draws.")
@base.root_option
def new(post: str, name: str, mark: str, root: Path | None) -> None:
    """Write a commented config for a new figure, configs/POST/NAME.yaml, that builds as it is."""
    from figgen.config.example import new_config
    from figgen.config.spec import MARKS
    from figgen.errors import Mistake, UsageError, did_you_mean
    from figgen.site.paths import add_config

    if mark not in MARKS:
        raise UsageError(str(Mistake(f"unknown mark '{mark}'", tuple(sorted(MARKS)), did_you_mean(mark, MARKS))))
    path = add_config(base.find_root() if root is None else root.resolve(), post, name, new_config(name, mark))
    click.echo(f"wrote {path}")


@click.command()
def functions() -> None:
    """List the functions that formulas may call."""
    from figgen.data.formulas.functions import FUNCTIONS

    width = max(len(function.usage) for function in FUNCTIONS.values())
    for _, function in sorted(FUNCTIONS.items()):
        click.echo(f"{function.usage:<{width}}  {function.summary}")


@click.command()
def schema() -> None:
    """Print the JSON Schema of configs, for editors and other validators."""
    from figgen.config.spec import json_schema

    click.echo(json_schema(), nl=False)
