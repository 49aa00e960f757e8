"""Build a site again after each change, and report it on the terminal and on the page.

There are three kinds of processes, so that none with threads is ever forked: this one builds, and waits for changes in
between; the watcher watches files and serves the page; the workers draw, and are kept from one build to the next.
"""

import contextlib
import functools
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from figgen.build import fingerprint, lockfile
from figgen.build.builder import Outcome, build
from figgen.build.private import open_cache
from figgen.build.render_jobs import make_pool, render_by, render_from_site
from figgen.errors import ConfigError, Finding, as_text
from figgen.site.files import Files, SiteFiles
from figgen.site.paths import CONFIGS, Target, VariantKind, discover, output_path
from figgen.site.png import png_description, png_size
from figgen.watch.server import FigureCard, PageUpdate, Server
from figgen.watch.watcher import Changes, WatchError, next_changes, start_watcher

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# Drawn once before the workers are forked, so that they share the fonts and whatever matplotlib loads on first use.
_WARM_UP = b"""\
title: $10^2$
alt: A line.
data: {x: {linspace: [1, 100, 9]}}
layers: [{mark: line, x: x, y: x, label: a}]
axes: {x: {label: x}, y: {label: y, scale: log}}
"""


class WatchReporter(NamedTuple):
    """Functions that print a line, print findings, and print that another build is waited for."""

    print_line: Callable[[str], None]
    print_findings: Callable[[Sequence[Finding]], None]
    print_waiting: Callable[[], None]


def watch(root: Path, jobs: int, reporter: WatchReporter, server: Server | None = None) -> None:
    """Build what is stale, and again after each change, until SIGINT or SIGTERM raises KeyboardInterrupt.

    Raises WatchError if files cannot be watched any longer, or if figgen itself was changed.
    """
    root = Path(os.path.realpath(root))
    code = _installed_code(root)
    on_sigterm = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with (
            start_watcher(root, server) as link,
            contextlib.closing(make_pool(functools.partial(render_from_site, root), jobs)) as pool,
        ):
            _warm_up()
            pool.prefork()
            build_by_pool = functools.partial(build, root, render=functools.partial(render_by, pool))
            redrawer = _Redrawer(root, reporter, link, build_by_pool, served=server is not None)
            changes = next_changes(link)  # empty the first time: it means that files are watched from now on
            reporter.print_line("watching configs/" + (f", shown at {server.url}" if server else ""))
            while True:
                redrawer.rebuild(changes)
                changes = next_changes(link)
                if _installed_code(root) != code:
                    raise WatchError("figgen or a library that it draws with has changed; restart 'figgen watch'")
    finally:
        signal.signal(signal.SIGTERM, on_sigterm)


def _installed_code(root: Path) -> tuple[str, object]:
    """Return what identifies the installed drawing code and libraries, which must be those that are loaded."""
    cache = open_cache(root)
    return fingerprint.combined(fingerprint.code_digests(cache)), fingerprint.versions(cache)


def _warm_up() -> None:
    """Draw a figure from memory."""
    from figgen.build.picture import make_picture

    class OneConfig(Files):
        def _read(self, path: str) -> bytes | None:
            return _WARM_UP if path.endswith("/one.yaml") else None

    make_picture(OneConfig(), f"{CONFIGS}/Post/one.yaml")


@dataclass
class _Redrawer:
    """A site, which it rebuilds after changes, and what was reported before, so that nothing is reported twice."""

    root: Path
    reporter: WatchReporter
    link: "Connection"
    build: Callable[..., Iterator[Outcome]]
    served: bool
    targets: dict[str, Target] = field(default_factory=dict)  # by config
    failed: dict[str, Outcome] = field(default_factory=dict)  # by config
    site_findings: Sequence[Finding] = ()  # of the last build, those that belong to no figure
    inputs: frozenset[str] = frozenset()  # the watched files outside `configs/`
    complete: bool = False  # whether the last build came to its end

    def rebuild(self, changes: Changes) -> None:
        """Build what changes made stale, and the first time all that is stale; report what was not reported before."""
        try:
            targets, findings = discover(self.root)
        except OSError as error:
            targets, findings = [], [Finding(CONFIGS, 1, 1, "", f"cannot be read: {error.strerror}")]
        before, self.targets = self.targets, {target.config: target for target in targets}
        removed = [before[config] for config in sorted(before.keys() - self.targets.keys())]
        for target in removed:
            self.failed.pop(target.config, None)
            kept = "; its picture stays until 'figgen clean --orphans'" * (self.root / target.artefact).exists()
            self.reporter.print_line(f"removed {target.config}{kept}")
        # A config concerns its own figure only; any other file may concern all figures.
        if self.complete and changes.paths <= before.keys() | self.targets.keys():
            targets = [target for target in targets if target.config in changes.paths]
        self.complete = False
        pending = []
        try:
            for outcome in self.build(targets, on_wait=self.reporter.print_waiting):
                self._report(outcome, changes)
                pending.append(outcome)
                if outcome.step.reasons:  # fresh figures come first, and are sent with the first one that is drawn
                    self._update_page(pending, removed, findings)
                    pending = []
            self.complete = True
        except ConfigError as error:
            findings = [*findings, *error.findings]
        if findings and findings != self.site_findings:
            self.reporter.print_findings(findings)
        self.site_findings = findings
        self._update_page(pending, removed, findings)
        self._watch_inputs()

    def _report(self, outcome: Outcome, changes: Changes) -> None:
        """Print the outcome of a figure, unless it is fresh or fails as before."""
        config, artefact = outcome.step.target
        failed = self.failed.pop(config, None)
        if outcome.findings:
            self.failed[config] = outcome
            if failed is None or outcome.findings != failed.findings or config in changes.paths:
                self.reporter.print_findings(outcome.findings)
        elif outcome.step.reasons:
            result, paths = "wrote" if outcome.written else "same", ", ".join(outcome.files) or artefact
            self.reporter.print_line(f"{result} {paths} in {time.monotonic() - changes.noticed:.2f} s")
        elif failed:
            self.reporter.print_line(f"fresh {artefact}")

    def _update_page(self, outcomes: Sequence[Outcome], removed: Sequence[Target], findings: Sequence[Finding]) -> None:
        """Send the page, if it is served, the figures that were built or removed."""
        if not self.served:
            return
        cards = [card for outcome in outcomes for card in _cards(self.root, outcome)]
        # A figure that was built may have fewer variants than before.
        names = [target.name for target in (*removed, *(outcome.step.target for outcome in outcomes))]
        gone = {name + kind.suffix for name in names for kind in VariantKind} - {card.name for card in cards}
        self.link.send(PageUpdate(cards, gone, as_text(findings).splitlines()))

    def _watch_inputs(self) -> None:
        """Send the watcher the files outside `configs/` that figures are made from, if these are others than before."""
        with contextlib.suppress(ConfigError):  # a damaged lockfile, which the build reports
            sources: list[lockfile.Entry | Outcome] = [*lockfile.read(self.root).values(), *self.failed.values()]
            paths = {path for source in sources for path in source.inputs}
            inputs = frozenset(path for path in paths if not path.startswith(f"{CONFIGS}/"))
            if inputs != self.inputs:
                self.inputs = inputs
                self.link.send(inputs)


def _cards(root: Path, outcome: Outcome) -> Iterator[FigureCard]:
    """Yield a card for each variant of a figure; its findings are on the first one."""
    target, findings = outcome.step.target, tuple(as_text(outcome.findings).splitlines())
    for kind in VariantKind:
        if (path := output_path(target.artefact, f"{kind.suffix}.png")) in outcome.step.outputs:
            yield _card(root, target.name + kind.suffix, path, findings if kind == VariantKind.LIGHT else ())


def _card(root: Path, name: str, artefact: str, findings: tuple[str, ...]) -> FigureCard:
    with contextlib.suppress(OSError, ConfigError, ValueError):  # not there, or not a PNG
        if content := SiteFiles(root).read(artefact):
            modified = (root / artefact).stat().st_mtime_ns
            return FigureCard(name, artefact, findings, modified, *png_size(content), png_description(content))
    return FigureCard(name, artefact, findings)
