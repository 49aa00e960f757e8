"""Commands that write artefacts, or remove them."""

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from figgen.cli import base
from figgen.cli.reporter import Reporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from figgen.watch import Server


class _Shard(click.ParamType):  # type: ignore[type-arg]
    """The type of a part of several: `2/3`."""

    name = "K/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        number, _, count = str(value).partition("/")
        if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
            self.fail(f"'{value}' is not a valid shard: write K/N with K from 1 to N, such as 2/3", param, ctx)
        return int(number), int(count)


@click.command()
@base.configs_argument
@click.option("--jobs", "-j", type=click.IntRange(1), help="Number of worker processes. Default: one per usable core.")
@click.option("--force", is_flag=True, help="Draw fresh figures too.")
@click.option("--dry-run", is_flag=True, help="Print what would be drawn, and draw nothing.")
@click.option("--explain", is_flag=True, help="Print why each figure is drawn.")
@click.option("--optimize", is_flag=True, help="Compress the PNGs, as 'optimize: true' in a config does.")
@click.option(
    "--accept-drift",
    is_flag=True,
    help="Overwrite pictures that are drawn differently by the installed library versions.",
)
@click.option("--dask", metavar="ADDRESS", help="Draw on the cluster of the Dask scheduler at this address.")
@click.option(
    "--shard", type=_Shard(), metavar="K/N", help="Build only the K-th of N parts of the figures, for CI matrices."
)
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
@base.format_option(["text", "json"], "Lines of text, or one JSON object.")
@base.root_option
def build(
    configs: tuple[Path, ...],
    root: Path | None,
    jobs: int | None,
    dask: str | None,
    shard: tuple[int, int] | None,
    form: str,
    **flags: bool,
) -> None:
    """Build the stale artefacts of all configs, or of those named."""
    from figgen.build import builder
    from figgen.errors import missing_extra

    if dask is not None and jobs is not None:
        raise click.UsageError("--jobs cannot be combined with --dask: the cluster determines the number of processes")
    if flags["optimize"] and importlib.util.find_spec("oxipng") is None:
        raise click.UsageError(str(missing_extra("--optimize", "optimize")))
    root, targets, findings = base.find_targets(configs, root)
    if shard is not None:
        targets = builder.part(targets, *shard)
    dry = flags["dry_run"]
    reporter = Reporter(form, findings, quiet=flags["quiet"], explain=flags["explain"] or dry, dry=dry)
    render = None
    if dask is not None:
        from figgen.build.dask import on_dask

        render = on_dask(dask, root, optimize=flags["optimize"])
    options = {"forced": flags["force"], "optimize": flags["optimize"]}
    outcomes: Iterator[builder.Outcome]
    if dry:
        outcomes = map(builder.Outcome, builder.plan(root, targets, **options))
    else:
        options["accept_drift"] = flags["accept_drift"]
        jobs = jobs or base.usable_cores()
        outcomes = builder.build(root, targets, jobs=jobs, on_wait=base.print_waiting, render=render, **options)
    with reporter.progress(0 if dry else len(targets)) as bar:
        for outcome in outcomes:
            reporter.report(outcome)
            bar.update(1)
    sys.exit(reporter.summary())


@click.command()
@click.option("--serve", is_flag=True, help="Show all figures on a local page that refreshes itself.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The page's port. Default: any free port.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Number of worker processes. Default: one per usable core.")
@base.root_option
def watch(root: Path | None, jobs: int | None, port: int, serve: bool) -> None:  # noqa: FBT001 - a flag
    """Build the stale artefacts, and build again when a file is saved, until Ctrl-C."""
    import signal

    if importlib.util.find_spec("watchfiles") is None:
        from figgen.errors import missing_extra

        raise click.UsageError(str(missing_extra("figgen watch", "watch")))
    root = base.find_root(root)
    try:
        from figgen.watch import WatchError, WatchReporter
        from figgen.watch import watch as keep_watching

        server = _make_server(root, port) if serve else None
        reporter = WatchReporter(_print_at_once, base.print_findings, base.print_waiting)
        keep_watching(root, jobs or base.usable_cores(), reporter, server)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the exit
    except WatchError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _make_server(root: Path, port: int) -> "Server":
    from figgen.watch import Server

    try:
        return Server(root, port)
    except OSError as error:
        raise click.UsageError(f"cannot use port {port}: {error.strerror}") from None


def _print_at_once(line: str) -> None:
    from figgen.errors import printable

    click.echo(printable(line))
    sys.stdout.flush()  # also if the output is a pipe


@click.command()
@click.option(
    "--orphans",
    is_flag=True,
    required=True,
    help="Remove pictures that figgen wrote and whose config no longer exists.",
)
@click.option("--yes", is_flag=True, help="Remove them without asking.")
@base.root_option
def clean(orphans: bool, yes: bool, root: Path | None) -> None:  # noqa: ARG001, FBT001 - the flag is required, and does nothing
    """Remove artefacts without a config."""
    from figgen.build.orphans import find_orphans, remove_orphans
    from figgen.errors import printable
    from figgen.site.paths import discover

    root = base.find_root(root)
    found = find_orphans(root, discover(root)[0])
    for orphan in found:
        path = printable(orphan.artefact)
        click.echo(f"kept {path}: {orphan.kept}; remove it yourself if nothing needs it" if orphan.kept else path)
    if not all(orphan.kept for orphan in found) and (yes or click.confirm("Remove them?", err=True)):
        remove_orphans(root, found, base.print_waiting)
