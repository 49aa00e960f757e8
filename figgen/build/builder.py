"""Plan -> render -> write: find the stale artefacts, have them drawn, and write each as a whole or not at all."""

import contextlib
import functools
import math
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from figgen.build import fingerprint, lockfile
from figgen.build.lockfile import Entry, OutputRecord
from figgen.build.private import open_cache
from figgen.build.render_jobs import Render, Rendered, render_all
from figgen.build.site_lock import remove_temp_files, site_lock
from figgen.build.staleness import Reason, StaleReason, differences, drift, is_same_but_for_libraries, stale_reasons
from figgen.errors import EXTRAS, ConfigError, Finding
from figgen.site.debug import log_step
from figgen.site.files import SiteFiles, digest
from figgen.site.paths import Target, output_path
from figgen.site.safe_io import read_before_write, write_below

_LOG_SCALE = re.compile(rb"scale:\s*\w*log\b")


class Step(NamedTuple):
    """One target, why it must be built again, and its outputs by their paths, the artefact first.

    It is fresh if there is no reason. Before the first build, no output but the artefact is known.
    """

    target: Target
    reasons: tuple[Reason, ...]
    outputs: tuple[str, ...]


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
    what is drawn is compressed. Output that changed only with the versions of libraries is not overwritten, unless
    `accept_drift`. If another build holds the site's lock, `on_wait` is called once, and this one waits. Raises
    ConfigError if the lockfile is damaged or nothing can be written, and what `render` raises.
    """
    state = _BuildState(root)
    steps = state.plan(targets, forced=forced, optimize=optimize)
    if not any(step.reasons for step in steps):
        state.cache.save()
        yield from map(Outcome, steps)
        return
    log_step("lock the site")
    with site_lock(root, on_wait):
        state = _BuildState(root)  # another build may have done it all by now
        remove_temp_files(root, {os.path.dirname(target.artefact) for target in targets})
        steps = state.plan(targets, forced=forced, optimize=optimize)
        yield from (Outcome(step) for step in steps if not step.reasons)
        stale = sorted((step for step in steps if step.reasons), key=state.cost, reverse=True)
        by_config = {step.target.config: step for step in stale}
        render = render or functools.partial(render_all, root, jobs, optimize=optimize)
        with contextlib.closing(render({config: state.inputs(step) for config, step in by_config.items()})) as results:
            try:
                for config, rendered in results:
                    yield state.finish(by_config[config], rendered, accept_drift=accept_drift)
            finally:  # also if this is interrupted
                lockfile.write(root, state.entries)
                state.cache.save()


def plan(root: Path, targets: Iterable[Target], *, forced: bool = False, optimize: bool = False) -> list[Step]:
    """Return a step for every target, with the reasons why it is stale; raise ConfigError for a damaged lockfile."""
    return _BuildState(root).plan(targets, forced=forced, optimize=optimize)


def part(targets: Sequence[Target], number: int, count: int) -> list[Target]:
    """Return part `number` (1 to `count`) of the targets. Which part a target is in depends on its path alone."""
    return [target for target in targets if int(digest(target.config.encode())[:8], 16) % count == number - 1]


class _BuildState:
    """The state of a build: the lockfile's entries, the digests of files and of the drawing code, library versions."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.entries = lockfile.read(root)
        self.cache = open_cache(root)
        self.figgen = fingerprint.code_digests(self.cache)
        self.toolchain = fingerprint.versions(self.cache)

    def plan(self, targets: Iterable[Target], *, forced: bool, optimize: bool) -> list[Step]:
        """Return a step for every target, with the reasons why it is stale."""
        digest_of = functools.cache(self.cache.digest)  # what many figures share is read once
        steps = []
        for target in targets:
            entry = self.entries.get(target.artefact)
            libraries = entry.toolchain if entry else {}
            now = self._versions(libraries)
            reasons = [*stale_reasons(target.artefact, entry, digest_of, self.figgen, now)]
            if entry and entry.toolchain != now and self.cache.recall(self._drift_key(entry)) is not None:
                reasons = [reason for reason in reasons if reason.kind is not StaleReason.TOOLCHAIN]
            if optimize and EXTRAS["optimize"] not in libraries:
                reasons.append(Reason(StaleReason.OPTIMIZE))
            if forced:
                reasons.append(Reason(StaleReason.FORCED))
            log_step(f"{target.config}: {', '.join(map(str, reasons)) or 'fresh'}")
            steps.append(Step(target, tuple(reasons), tuple(entry.outputs) if entry else (target.artefact,)))
        return steps

    def inputs(self, step: Step) -> Collection[str]:
        """Return the files that an artefact was last built from."""
        entry = self.entries.get(step.target.artefact)
        return entry.inputs.keys() if entry else ()

    def cost(self, step: Step) -> tuple[float, int]:
        """Return a sort key for how long a picture takes, by pixels and log scales; a new one counts as the largest.

        A log scale takes as long as all the rest, since its tick labels are mathtext.
        """
        entry = self.entries.get(step.target.artefact)
        pixels = math.prod(entry.outputs[step.target.artefact].size) if entry else math.inf
        scales = 0
        with contextlib.suppress(ConfigError):  # one that cannot be read is reported when it is drawn
            scales = len(_LOG_SCALE.findall(SiteFiles(self.root).read(step.target.config) or b""))
        return pixels * (1 + scales), scales

    def finish(self, step: Step, rendered: Rendered, *, accept_drift: bool) -> Outcome:
        """Write those outputs of a step that changed and may be overwritten, and return the outcome."""
        root, (config, artefact) = os.fspath(self.root), step.target
        if wrong := self._check_origin(config, rendered):
            return Outcome(step, (wrong,))
        if rendered.findings:
            return Outcome(step, rendered.findings, inputs=rendered.inputs)
        contents = {output_path(artefact, ending): output.content for ending, output in rendered.outputs.items()}
        before = {path: read_before_write(root, path) for path in contents}
        entry = self.entries.get(artefact)
        if entry and not accept_drift and any(reason.kind is StaleReason.TOOLCHAIN for reason in step.reasons):
            if drifted := tuple(drift(entry, step.reasons, self._versions(entry.toolchain), before, contents)):
                return Outcome(step, drifted)
            if is_same_but_for_libraries(step.reasons) and None not in before.values():
                self.cache.remember(self._drift_key(entry), artefact)
                return Outcome(step)
        written = []
        for path, content in contents.items():
            if before[path] != content:
                log_step(f"{config}: write {path}")
                try:
                    write_below(root, path, content)
                except OSError as error:
                    return Outcome(step, (Finding(path, 1, 1, "", f"cannot be written: {error.strerror}"),))
                written.append(path)
        self._record(artefact, rendered)
        return Outcome(step._replace(outputs=tuple(contents)), files=tuple(written))

    def _record(self, artefact: str, rendered: Rendered) -> None:
        """Record what was built. An output that the config no longer makes is an orphan, with an entry of its own."""
        made = {
            output_path(artefact, ending): OutputRecord(digest(output.content), output.size)
            for ending, output in rendered.outputs.items()
        }
        if entry := self.entries.get(artefact):
            for path, alone in entry.split().items():
                self.entries.setdefault(path, alone)
        for path in made:
            self.entries.pop(path, None)
        figgen = {part: self.figgen[part] for part in ("", *rendered.marks)}
        self.entries[artefact] = Entry(made, figgen, self._versions(rendered.tools), rendered.inputs)

    def _versions(self, names: Collection[str]) -> Mapping[str, str]:
        """Return the versions of all libraries that draw, and of the optional ones among some names."""
        return {**self.toolchain, **fingerprint.extras(names)}

    def _drift_key(self, entry: Entry) -> str:
        """Return the cache key under which this machine records that its libraries draw the same pixels as an entry."""
        made = " ".join(sorted(output.digest for output in entry.outputs.values()))
        return f"{made} is also drawn by {sorted(self._versions(entry.toolchain).items())}"

    def _check_origin(self, config: str, rendered: Rendered) -> Finding | None:
        """Return a finding if a remote worker draws with other code or libraries than this machine."""
        if rendered.origin is None:
            return None
        worker, figgen, toolchain = rendered.origin
        there = {"figgen's drawing code": figgen[:12], **toolchain, **rendered.tools}
        here = {"figgen's drawing code": fingerprint.combined(self.figgen)[:12], **self._versions(rendered.tools)}
        if there == here:
            return None
        changes = ", ".join(differences(there, here))
        message = f"result of worker {worker} refused: its versions differ from those here ({changes})"
        return Finding(config, 1, 1, "", message, hint="install the same versions there, and restart the worker")
