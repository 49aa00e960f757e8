"""The command line. Exit status: 0 fine, 1 something is wrong with the figures or configs, 2 wrong use."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from figgen import __version__

if TYPE_CHECKING:
    from figgen.build import Outcome, Render, Step
    from figgen.errors import Finding
    from figgen.site import Target


def _root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The site's root. Default: the nearest folder upwards that has configs/.",
    )(command)


def _configs_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("configs", nargs=-1, type=click.Path(path_type=Path), metavar="[CONFIG]...")(command)


def _format_option(choices: list[str], text: str) -> Callable[..., Any]:
    return click.option(
        "--format", "form", type=click.Choice(choices), default=choices[0], show_default=True, help=text
    )


class _Shard(click.ParamType):  # type: ignore[type-arg]
    """One of several parts, `2/3`."""

    name = "K/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        number, _, count = str(value).partition("/")
        if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
            self.fail(f"'{value}' is no part: write 1/3, 2/3, 3/3", param, ctx)
        return int(number), int(count)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="figgen")
def main() -> None:
    """Draw the figures of a blog from YAML configs."""


def run() -> None:
    """Run the command line, and leave without taking the interpreter apart, which costs a tenth of a short build."""
    try:
        main()
    except SystemExit as leaving:
        if leaving.code is not None and not isinstance(leaving.code, int):
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(leaving.code or 0)


@main.command()
@_configs_argument
@click.option("--jobs", "-j", type=click.IntRange(1), help="Processes that draw at a time. Default: the usable cores.")
@click.option("--force", is_flag=True, help="Draw fresh figures too.")
@click.option("--dry-run", is_flag=True, help="Say what would be drawn, and draw nothing.")
@click.option("--explain", is_flag=True, help="Say why each figure is drawn.")
@click.option("--accept-drift", is_flag=True, help="Overwrite pictures that other libraries draw differently.")
@click.option("--dask", metavar="ADDRESS", help="Draw on the cluster of the Dask scheduler at this address.")
@click.option("--shard", type=_Shard(), metavar="K/N", help="Only the K-th of N parts of the figures, for CI matrices.")
@click.option("--quiet", "-q", is_flag=True, help="Print mistakes only.")
@_format_option(["text", "json"], "Lines for people, or one JSON object.")
@_root_option
def build(
    configs: tuple[Path, ...],
    root: Path | None,
    jobs: int | None,
    dask: str | None,
    shard: tuple[int, int] | None,
    form: str,
    **flags: bool,
) -> None:
    """Write the artefacts that are not up to date: of all configs, or of those named."""
    from figgen import build as worker
    from figgen.errors import ConfigError, UsageError

    if dask is not None and jobs is not None:
        raise click.UsageError(
            "--jobs is about this machine: how many processes a cluster has is said where it is started"
        )
    root, targets, findings = _targets(configs, root)
    if shard is not None:
        targets = worker.part(targets, *shard)
    dry = flags["dry_run"]
    say = _Reporter(form, findings, quiet=flags["quiet"], explain=flags["explain"] or dry, dry=dry)
    try:
        render = None if dask is None else _on_dask(dask, root)
        if dry:
            for step in worker.plan(root, targets, forced=flags["force"]):
                say.planned(step)
        else:
            outcomes = worker.build(
                root,
                targets,
                jobs=jobs or _usable_cores(),
                forced=flags["force"],
                accept_drift=flags["accept_drift"],
                on_wait=_say_waiting,
                render=render,
            )
            with say.progress(len(targets)) as bar:
                for outcome in outcomes:
                    say.finished(outcome)
                    bar.update(1)
    except ConfigError as error:
        _print_findings(error.findings)
        sys.exit(1)
    except UsageError as error:
        click.echo(f"--dask: {error}", err=True)
        sys.exit(2)
    sys.exit(say.summary())


@main.command()
@click.option("--serve", is_flag=True, help="Show all figures on a local page, which refreshes itself.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The page's port. Default: any that is free.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Processes that draw at a time. Default: the usable cores.")
@_root_option
def watch(root: Path | None, jobs: int | None, port: int, serve: bool) -> None:  # noqa: FBT001 - a flag
    """Build, and draw again what is saved, until Ctrl-C."""
    import importlib.util
    import signal

    if importlib.util.find_spec("watchfiles") is None:
        raise click.UsageError("watching needs watchfiles: 'make watch' installs it, as does pip install -e '.[watch]'")
    root = _find_root() if root is None else root.resolve()
    if not (root / "configs").is_dir():
        raise click.UsageError(f"no configs/ in {root}")
    try:
        from figgen.page import Server
        from figgen.watch import Voice, WatchError
        from figgen.watch import watch as keep_watching

        server = Server(root, port) if serve else None
        keep_watching(root, jobs or _usable_cores(), Voice(_say_now, _print_findings, _say_waiting), server)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # leaving, which a second one must not disturb
    except WatchError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        raise click.UsageError(f"port {port} cannot be used: {error.strerror}") from None


def _say_now(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()  # also where it is read by another program


def _on_dask(address: str, root: Path) -> "Render":
    from figgen.remote import on_dask

    return on_dask(address, root)


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
@_format_option(["text", "json", "github"], "Lines for people, a JSON list, or GitHub's workflow commands.")
@_root_option
def validate(configs: tuple[Path, ...], form: str, root: Path | None) -> None:
    """Check all configs, or those named, without writing anything."""
    from figgen import build as worker
    from figgen.report import FORMATS

    root, targets, misnamed = _targets(configs, root)
    # A mistake in a file that several configs use is told once.
    findings = dict.fromkeys(misnamed)
    invalid = len(misnamed)
    for _, found in worker.check(root, targets, _usable_cores()):
        findings |= dict.fromkeys(found)
        invalid += bool(found)
    findings = dict.fromkeys(sorted(findings))
    if form == "json" or findings:
        click.echo(FORMATS[form](list(findings)))
    valid = len(targets) + len(misnamed) - invalid
    click.echo(f"configs: {valid} valid, {invalid} invalid", err=True)
    sys.exit(invalid > 0)


@main.command()
@click.option("--orphans", is_flag=True, required=True, help="Pictures that figgen made and whose config is gone.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@_root_option
def clean(orphans: bool, yes: bool, root: Path | None) -> None:  # noqa: ARG001, FBT001 - the flag says what is meant
    """Remove artefacts that no config makes any more."""
    from figgen import build as worker
    from figgen.errors import ConfigError
    from figgen.site import discover

    root = _find_root() if root is None else root.resolve()
    try:
        found = worker.orphans(root, discover(root)[0])
        for orphan in found:
            click.echo(orphan.artefact + ("" if orphan.own else " stays: it is not what figgen wrote"))
        if any(orphan.own for orphan in found) and (yes or click.confirm("Remove them?", err=True)):
            worker.remove_orphans(root, found, _say_waiting)
    except ConfigError as error:
        _print_findings(error.findings)
        sys.exit(1)


def _say_waiting() -> None:
    click.echo("another build is at work on this site; waiting for it to end", err=True)


@main.command()
@click.argument("config", type=click.Path(path_type=Path))
@_root_option
def show(config: Path, root: Path | None) -> None:
    """Print the resolved spec of a config, defaults and all, with where each value is from."""
    from figgen.errors import ConfigError, SpecError
    from figgen.files import SiteFiles
    from figgen.picture import load_document
    from figgen.show import show as resolved
    from figgen.validation import validate as validated

    root, targets, findings = _targets((config,), root)
    for target in targets:
        try:
            document = load_document(SiteFiles(root), target.config)
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
    from figgen.errors import UsageError, listed, nearest
    from figgen.scaffold import new_config
    from figgen.site import add_config
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
    from figgen.errors import nearest
    from figgen.site import discover

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


def _usable_cores() -> int:
    # Not every system can say which of its cores a process may use.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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


_LONG = 20  # figures


class _Reporter:
    """Says what a build does, and counts."""

    def __init__(self, form: str, findings: "Sequence[Finding]", *, quiet: bool, explain: bool, dry: bool) -> None:
        self._form, self._quiet, self._explain = form, quiet, explain
        self._counts = {"to build" if dry else "built": 0, "fresh": 0, "failed": len(findings)}
        self._records: list[dict[str, Any]] = []
        self._bar = False
        self._say_findings(findings)

    def planned(self, step: "Step") -> None:
        result = "to build" if step.reasons else "fresh"
        self._count(step, result, ())
        if step.reasons:
            self._say(f"would draw {step.target.artefact}{self._why(step)}")

    def progress(self, total: int) -> Any:
        """Make a bar for longer work on a terminal; elsewhere, lines serve alone."""
        self._bar = self._form == "text" and not self._quiet and total >= _LONG and sys.stderr.isatty()
        return click.progressbar(length=total, file=sys.stderr, hidden=not self._bar)

    def finished(self, outcome: "Outcome") -> None:
        step = outcome.step
        result = "failed" if outcome.findings else "built" if step.reasons else "fresh"
        self._count(step, result, outcome.findings)
        self._say_findings(outcome.findings)
        if result == "built" and (outcome.written or self._explain) and not self._bar:
            self._say(f"{'wrote' if outcome.written else 'same'} {step.target.artefact}{self._why(step)}")

    def summary(self) -> int:
        """Print the summary, and give the exit status."""
        if self._form == "json":
            from json import dumps

            click.echo(dumps({"counts": self._counts, "figures": self._records}, indent=2, ensure_ascii=False))
        else:
            self._say("figures: " + ", ".join(f"{count} {result}" for result, count in self._counts.items()))
        return int(self._counts["failed"] > 0)

    def _why(self, step: "Step") -> str:
        return ": " + ", ".join(map(str, step.reasons)) if self._explain else ""

    def _say(self, text: str) -> None:
        if self._form == "text" and not self._quiet:
            click.echo(text)

    def _say_findings(self, findings: "Sequence[Finding]") -> None:
        if self._form == "text":
            _print_findings(findings)

    def _count(self, step: "Step", result: str, findings: "Sequence[Finding]") -> None:
        self._counts[result] += 1
        if self._form == "json":
            from dataclasses import asdict

            reasons = [str(reason) for reason in step.reasons]
            record = {"artefact": step.target.artefact, "result": result, "reasons": reasons}
            self._records.append({**record, "findings": [asdict(finding) for finding in findings]})
