"""A warm process that draws every config when it is saved: changes -> build -> lines, and the page.

Three kinds of process, so that none that has threads is ever forked: this one builds, and waits for changes in between;
its watcher looks for them and serves the page; the workers, kept from one build to the next, draw.
"""

import contextlib
import functools
import io
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from figgen.build import fingerprint, lockfile
from figgen.build.builder import Outcome, build
from figgen.build.digest_cache import DigestCache
from figgen.build.render_jobs import make_pool, render_by
from figgen.build.site_lock import PRIVATE
from figgen.errors import ConfigError, Finding, as_text
from figgen.site.files import SiteFiles
from figgen.site.paths import CONFIGS, Target, VariantKind, discover, output_path
from figgen.watch.server import FigureCard, Server
from figgen.watch.watcher import WatchError, WatchPaths, next_changes, start_watcher

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# Drawn once before the workers are forked: they then have the fonts, and all that matplotlib makes on first use.
_FIRST = b"""\
title: $10^2$
alt: A line.
data: {x: {linspace: [1, 100, 9]}}
layers: [{mark: line, x: x, y: x, label: a}]
axes: {x: {label: x}, y: {label: y, scale: log}}
"""


class WatchReporter(NamedTuple):
    """How what happens is told: a line, findings as they are elsewhere, and that another build is waited for."""

    say: Callable[[str], None]
    say_findings: Callable[[Sequence[Finding]], None]
    say_waiting: Callable[[], None]


def watch(root: Path, jobs: int, voice: WatchReporter, server: Server | None = None) -> None:
    """Build what is stale, and then what every change makes stale, without end. Raises WatchError if it cannot."""
    root = Path(os.path.realpath(root))
    code = _code(root)
    with start_watcher(root, server) as link:
        pool = make_pool(root, jobs)
        try:
            _draw_first()
            pool.prefork()
            site = _Site(
                root,
                voice,
                link,
                functools.partial(build, root, render=functools.partial(render_by, pool)),
                served=server is not None,
            )
            next_changes(link)  # now changes are looked for, and what was changed before is found by looking at all
            voice.say("watching configs/" + (f", shown at {server.url}" if server else ""))
            site.rebuild(None, time.monotonic())
            while True:
                changes = next_changes(link)
                if _code(root) != code:
                    raise WatchError("figgen itself, or a library it draws with, was changed: start it again")
                site.rebuild(changes.paths, changes.noticed)
        finally:
            pool.end()


def _code(root: Path) -> tuple[str, object]:
    """Tell what is installed to draw with: a picture of this process must not be recorded as another's work."""
    cache = DigestCache(root, f"{PRIVATE}/digests.json")
    return fingerprint.code_digest(cache.digest), fingerprint.versions(cache)


class _First:
    """A site of one config, and nothing else."""

    def read(self, path: str) -> bytes | None:
        return _FIRST if path.endswith("/first.yaml") else None


def _draw_first() -> None:
    from figgen.build.picture import make_picture

    make_picture(_First(), f"{CONFIGS}/First/first.yaml")


class _Site:
    """What is known of a site from one build to the next, and told to people and to the page."""

    def __init__(
        self,
        root: Path,
        voice: WatchReporter,
        link: "Connection",
        build: Callable[..., Iterator[Outcome]],
        *,
        served: bool,
    ) -> None:
        self._root = root
        self._voice = voice
        self._link = link
        self._build = build
        self._served = served
        self._artefacts: dict[str, str] = {}  # by their configs
        self._failed: dict[str, tuple[Finding, ...]] = {}  # by their configs
        self._missed: dict[str, Collection[str]] = {}  # files that the pictures which failed are to be made from
        self._others: Sequence[Finding] = ()  # what is wrong with no one figure
        self._elsewhere: frozenset[str] = frozenset()
        self._unfinished = False

    def rebuild(self, paths: frozenset[str] | None, noticed: float) -> None:
        """Make what the change of these files makes stale (None: look at all), and tell what became of it."""
        try:
            targets, others = discover(self._root)
        except OSError as error:
            targets, others = [], [Finding(CONFIGS, 1, 1, "", f"cannot be read: {error.strerror}")]
        known, self._artefacts = self._artefacts, {target.config: target.artefact for target in targets}
        gone = known.keys() - self._artefacts.keys()
        for config in sorted(gone):
            self._failed.pop(config, None)
            self._missed.pop(config, None)
            stays = (self._root / known[config]).exists()
            self._voice.say(f"removed {config}" + "; its picture stays until 'figgen clean --orphans'" * stays)
        # A config is a matter of its own picture; any other file may be one of all.
        if paths is not None and not self._unfinished and paths <= known.keys() | self._artefacts.keys():
            targets = [target for target in targets if target.config in paths]
        self._unfinished = True
        done = []
        try:
            for outcome in self._build(targets, on_wait=self._voice.say_waiting):
                self._tell(outcome, paths or (), noticed)
                done.append(outcome)
                if outcome.step.reasons:  # what is fresh comes before, and is shown with the first that is drawn
                    self._show(done, gone)
                    done = []
            self._unfinished = False
        except ConfigError as error:
            others = [*others, *error.findings]
        if others and others != self._others:
            self._voice.say_findings(others)
        self._others = others
        self._show(done, gone)
        self._look_elsewhere()

    def _tell(self, outcome: Outcome, saved: Collection[str], noticed: float) -> None:
        """Say what became of a figure, unless that is no news."""
        config, artefact = outcome.step.target
        paths = ", ".join(outcome.files) or artefact
        failed = self._failed.pop(config, ())
        self._missed[config] = outcome.inputs
        if outcome.findings:
            self._failed[config] = outcome.findings
            if outcome.findings != failed or config in saved:
                self._voice.say_findings(outcome.findings)
        elif outcome.step.reasons:
            did = "wrote" if outcome.written else "same"
            self._voice.say(f"{did} {paths} in {time.monotonic() - noticed:.2f} s")
        elif failed:
            self._voice.say(f"fresh {artefact}")

    def _show(self, outcomes: Iterable[Outcome], gone: Iterable[str]) -> None:
        """Have what became of figures put on the page, if there is one."""
        if not self._served:
            return
        done = list(outcomes)
        shown = [one for outcome in done for one in _shown(self._root, outcome)]
        names = [Target(config, "").name for config in gone]
        # Variants that a config made before and makes no more are taken off with those whose config is gone.
        names += [outcome.step.target.name for outcome in done]
        off = {name + kind.suffix for name in names for kind in VariantKind} - {one.name for one in shown}
        lines = as_text(self._others).splitlines()
        self._link.send((shown, sorted(off), lines))

    def _look_elsewhere(self) -> None:
        """Have changes looked for in what pictures are made from outside `configs/`, by what is known so far."""
        with contextlib.suppress(ConfigError):  # a damaged lockfile is told by the build
            known = (entry.inputs for entry in lockfile.read(self._root).values())
            inputs = {path for paths in (*known, *self._missed.values()) for path in paths}
            paths = frozenset(path for path in inputs if not path.startswith(f"{CONFIGS}/"))
            if paths != self._elsewhere:
                self._elsewhere = paths
                self._link.send(WatchPaths(paths))


def _shown(root: Path, outcome: Outcome) -> Iterator[FigureCard]:
    """Tell how a figure is shown, and its variants after it; what is wrong stands at the figure itself."""
    target, further = outcome.step.target, outcome.step.extra_outputs
    yield _with_picture(
        root, FigureCard(target.name, target.artefact, findings=tuple(as_text(outcome.findings).splitlines()))
    )
    for kind in VariantKind:
        if (path := output_path(target.artefact, f"{kind.suffix}.png")) in further:
            yield _with_picture(root, FigureCard(target.name + kind.suffix, path))


def _with_picture(root: Path, shown: FigureCard) -> FigureCard:
    """Add what the picture that is shown tells of itself, if it is there."""
    from PIL import PngImagePlugin

    with contextlib.suppress(OSError, ConfigError, SyntaxError):  # the last of these says that it is no PNG
        if content := SiteFiles(root).read(shown.artefact):
            written = (root / shown.artefact).stat().st_mtime_ns
            picture = PngImagePlugin.PngImageFile(io.BytesIO(content))
            width, height = picture.size
            alt = str(picture.info.get("Description", ""))
            return replace(shown, version=str(written), time=written, width=width, height=height, alt=alt)
    return shown
