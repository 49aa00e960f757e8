"""Plan -> render -> write: the stale artefacts, drawn by several processes, each written as a whole or not at all."""

import contextlib
import functools
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from figgen.build import fingerprint, lockfile
from figgen.build.digest_cache import DigestCache
from figgen.build.lockfile import Entry, Made
from figgen.build.render_jobs import Origin, Render, Rendered, render_all
from figgen.build.site_lock import PRIVATE, remove_temp_files, site_lock
from figgen.build.staleness import DigestOf, Reason, StaleReason, drift, drifted, is_about_toolchain, stale_reasons
from figgen.errors import EXTRAS, ConfigError, Finding
from figgen.site.debug import log_step
from figgen.site.files import SiteFiles, digest
from figgen.site.paths import FIRST, Target, output_path
from figgen.site.safe_io import replaced_below, write_below

_LOG_SCALE = re.compile(rb"scale:\s*\w*log\b")


class Step(NamedTuple):
    """One target, and why its artefacts must be built again; they are fresh if there is no reason.

    `extra_outputs` are the other outputs of its config, as far as they are known.
    """

    target: Target
    reasons: tuple[Reason, ...]
    extra_outputs: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """The result for one target: findings if it failed, else which of its files changed.

    `inputs` names the files that a failed one depends on, as far as they are known.
    """

    step: Step
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    inputs: Collection[str] = ()

    @property
    def written(self) -> bool:
        """Check whether any file changed."""
        return bool(self.files)


def build(
    root: Path,
    targets: Sequence[Target],
    *,
    jobs: int = 1,
    forced: bool = False,
    optimize: bool = False,
    accept_drift: bool = False,
    on_wait: Callable[[], None] = lambda: None,
    render: Render | None = None,
) -> Iterator[Outcome]:
    """Build the stale artefacts, and yield the outcome of every target as it is known.

    At most `jobs` processes draw, unless `render` replaces them. With `optimize`, uncompressed PNGs are stale too, and
    what is drawn is compressed. If another build holds the site, `on_wait` is called once, and this one waits. Raises
    ConfigError if the lockfile is damaged or nothing can be written, and what `render` raises.
    """
    if render is None:
        render = functools.partial(render_all, root, jobs, optimize=optimize)
    state = _BuildState(root)
    steps = state.plan(targets, forced=forced, optimize=optimize)
    if all(not step.reasons for step in steps):
        state.cache.save()
        yield from map(Outcome, steps)
        return
    with site_lock(root, on_wait):
        state = _BuildState(root)  # another build may have done it all by now
        remove_temp_files(root, {os.path.dirname(target.artefact) for target in targets})
        yield from state.run(state.plan(targets, forced=forced, optimize=optimize), render, accept_drift=accept_drift)


def plan(root: Path, targets: Iterable[Target], *, forced: bool = False, optimize: bool = False) -> list[Step]:
    """Return a step for every target, with the reasons why it is stale; raise ConfigError for a damaged lockfile."""
    return _BuildState(root).plan(targets, forced=forced, optimize=optimize)


def part(targets: Sequence[Target], number: int, count: int) -> list[Target]:
    """Return one of several parts of the targets. Which part a target is in depends on its path alone."""
    return [target for target in targets if int(digest(target.config.encode())[:8], 16) % count == number - 1]


class _BuildState:
    """What a build knows: the lockfile's entries, the digests of files, the drawing code and the libraries."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.entries = lockfile.read(root)
        self.cache = DigestCache(root, f"{PRIVATE}/digests.json")
        self.figgen = fingerprint.code_digest(self.cache)
        self.toolchain = fingerprint.versions(self.cache)

    def plan(self, targets: Iterable[Target], *, forced: bool, optimize: bool) -> list[Step]:
        """Return a step for every target, with the reasons why it is stale."""
        digest_of = functools.cache(self.cache.digest)  # what many figures share is read once
        steps = []
        for target in targets:
            reasons = [*self._reasons(target, digest_of)]
            if optimize and EXTRAS["optimize"] not in self._libraries(target.artefact):
                reasons.append(Reason(StaleReason.OPTIMIZE))
            if forced:
                reasons.append(Reason(StaleReason.FORCED))
            log_step(f"{target.config}: {', '.join(map(str, reasons)) or 'fresh'}")
            steps.append(Step(target, tuple(reasons), self._extra_outputs(target.artefact)))
        return steps

    def _libraries(self, artefact: str) -> Collection[str]:
        """Return the names of the libraries that drew an artefact the last time."""
        entry = self.entries.get(artefact)
        return () if entry is None else entry.toolchain.keys()

    def _extra_outputs(self, artefact: str) -> tuple[str, ...]:
        entry = self.entries.get(artefact)
        return () if entry is None else tuple(output_path(artefact, ending) for ending in entry.extra_outputs)

    def _reasons(self, target: Target, digest_of: DigestOf) -> Iterator[Reason]:
        entry = self.entries.get(target.artefact)
        now = self._toolchain(self._libraries(target.artefact))
        for reason in stale_reasons(target.artefact, entry, digest_of, self.figgen, now):
            accepted = (
                reason.kind is StaleReason.TOOLCHAIN and entry and self.cache.recall(self._drift_key(entry)) is not None
            )
            if not accepted:
                yield reason

    def _drift_key(self, entry: Entry) -> str:
        """Return the name under which this machine remembers that its libraries draw the same pixels as an entry."""
        return f"{entry.digest} is also drawn by {sorted(self._toolchain(entry.toolchain).items())}"

    def _toolchain(self, names: Collection[str]) -> Mapping[str, str]:
        """Return the versions of all libraries that draw, and of the optional ones among some names."""
        return {**self.toolchain, **fingerprint.extras(names)}

    def run(self, steps: Iterable[Step], render: Render, *, accept_drift: bool) -> Iterator[Outcome]:
        """Build every stale artefact; the lockfile is written last, also if this is interrupted."""
        stale = []
        for step in steps:
            if step.reasons:
                stale.append(step)
            else:
                yield Outcome(step)
        by_config = {step.target.config: step for step in sorted(stale, key=self._cost, reverse=True)}
        work = {config: self._inputs(step) for config, step in by_config.items()}
        with contextlib.closing(render(work)) as results:
            try:
                for config, rendered in results:
                    yield self._finish(by_config[config], rendered, accept_drift=accept_drift)
            finally:
                lockfile.write(self.root, self.entries)
                self.cache.save()

    def _inputs(self, step: Step) -> Collection[str]:
        """Return the files that an artefact was built from the last time."""
        entry = self.entries.get(step.target.artefact)
        return () if entry is None else entry.inputs.keys()

    def _cost(self, step: Step) -> tuple[float, int]:
        """Estimate how long a picture takes: by its pixels, and a new one as if it were the largest.

        An axis with a log scale takes as long as all the rest: its tick labels are mathtext.
        """
        entry = self.entries.get(step.target.artefact)
        pixels = float("inf") if entry is None else entry.size[0] * entry.size[1]
        scales = 0
        with contextlib.suppress(ConfigError):  # one that cannot be read is reported when it is drawn
            scales = len(_LOG_SCALE.findall(SiteFiles(self.root).read(step.target.config) or b""))
        return pixels * (1 + scales), scales

    def _finish(self, step: Step, rendered: Rendered, *, accept_drift: bool) -> Outcome:
        """Write the outputs of a step, unless they have these bytes already or may not be overwritten."""
        artefact = step.target.artefact
        if rendered.origin is not None and (differences := list(self._differences(rendered.origin, rendered.tools))):
            return Outcome(step, (_refused_result(step.target.config, rendered.origin.worker, differences),))
        if rendered.findings:
            return Outcome(step, rendered.findings, inputs=rendered.inputs)
        entry = self.entries.get(artefact)
        contents = {output_path(artefact, ending): output.content for ending, output in rendered.outputs.items()}
        written, path = [], artefact
        try:
            before = {path: replaced_below(os.fspath(self.root), path) for path in contents}
            if entry is not None and not accept_drift and is_about_toolchain(step.reasons):
                moved = drifted(entry.split_outputs(artefact), before, contents)
                if moved:
                    return Outcome(step, tuple(drift(entry, self._toolchain(entry.toolchain), path) for path in moved))
                if None not in before.values():
                    self.cache.remember(self._drift_key(entry))
                    return Outcome(step)
            for path, content in contents.items():
                if before[path] != content:
                    log_step(f"{step.target.config}: write {path}")
                    write_below(os.fspath(self.root), path, content)
                    written.append(path)
        except OSError as error:
            return Outcome(step, (Finding(path, 1, 1, "", f"cannot be written: {error.strerror}"),))
        self._record(artefact, rendered)
        return Outcome(step._replace(extra_outputs=self._extra_outputs(artefact)), (), tuple(written))

    def _record(self, artefact: str, rendered: Rendered) -> None:
        """Record what was built. An output that the config no longer makes is an orphan, with an entry of its own."""
        made = {ending: Made(digest(output.content), output.size) for ending, output in rendered.outputs.items()}
        if (entry := self.entries.get(artefact)) is not None:
            for path, alone in entry.split_outputs(artefact).items():
                self.entries.setdefault(path, alone)
        for ending in made:
            self.entries.pop(output_path(artefact, ending), None)
        first = made.pop(FIRST)
        made_by = self._toolchain(rendered.tools)
        self.entries[artefact] = Entry(*first, self.figgen, made_by, rendered.inputs, made)

    def _differences(self, origin: Origin, tools: Mapping[str, str]) -> Iterator[str]:
        """Yield in what the drawing code and the libraries of a remote worker differ from those here."""
        if origin.figgen != self.figgen:
            yield f"figgen's drawing code {origin.figgen[:12]} there, {self.figgen[:12]} here"
        drew, draws = {**origin.toolchain, **tools}, self._toolchain(tools)
        for library in sorted(drew.keys() | draws.keys()):
            there, here = drew.get(library, "none"), draws.get(library, "none")
            if there != here:
                yield f"{library} {there} there, {here} here"


def _refused_result(config: str, worker: str, differences: Iterable[str]) -> Finding:
    message = f"result of worker {worker} refused: it draws with other versions ({'; '.join(differences)})"
    return Finding(config, 1, 1, "", message, hint="install the same versions there, and restart the worker")
