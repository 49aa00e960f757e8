"""Plan -> render -> write: what must be made, by several processes at once, each artefact whole or not at all."""

import contextlib
import functools
import os
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from figgen import lock, toolchain
from figgen.confined import TEMPORARY, open_folder, replaced_below, write_below
from figgen.drift import drift, drifted, is_about_toolchain
from figgen.errors import ConfigError, Finding
from figgen.files import DigestCache, MissingFilesError, SiteFiles, Snapshot, digest, make_private
from figgen.limits import allowed, limit, raised
from figgen.lock import Entry, Kind, Made, Reason
from figgen.site import Target, sibling

if TYPE_CHECKING:
    from figgen.picture import Picture
    from figgen.pool import Team, WorkerLostError

PRIVATE = ".figgen"  # what is kept beside the site, and not part of it
_LOG_SCALE = re.compile(rb"scale:\s*\w*log\b")


class Step(NamedTuple):
    """One target, and why its artefacts must be made again; they are fresh if there is no reason.

    `further` are the artefacts beside the target's that were made from its config, by what is known so far.
    """

    target: Target
    reasons: tuple[Reason, ...]
    further: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """What became of one target: findings if it failed, else which of its files changed."""

    step: Step
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def written(self) -> bool:
        """Tell whether any file changed."""
        return bool(self.files)


class Origin(NamedTuple):
    """What drew a picture elsewhere: which worker, with which drawing code and which versions of the libraries."""

    worker: str
    figgen: str
    toolchain: Mapping[str, str]


class Rendered(NamedTuple):
    """What a worker gives back: a picture, or findings; and the digests of all files that it read or looked for.

    `told` is what the picture says, where that was asked for, `further` are the other artefacts of the config, by
    their endings, and `tools` the versions of what they were made with that not all are.
    """

    content: bytes
    size: tuple[int, int]
    inputs: Mapping[str, str | None]
    findings: tuple[Finding, ...] = ()
    origin: Origin | None = None
    told: Mapping[str, Any] | None = None
    tools: Mapping[str, str] = {}
    further: Mapping[str, "Picture"] = {}


# A way of rendering: it takes the configs, each with the files that its picture was made from the last time, and yields
# each config as it is done. It may raise UsageError at once.
Render = Callable[[Mapping[str, Collection[str]]], Generator[tuple[str, Rendered], None, None]]


def build(
    root: Path,
    targets: Sequence[Target],
    *,
    jobs: int = 1,
    forced: bool = False,
    accept_drift: bool = False,
    on_wait: Callable[[], None] = lambda: None,
    render: Render | None = None,
) -> Iterator[Outcome]:
    """Make the artefacts that are stale, and yield every target's outcome as it is known.

    At most `jobs` processes draw, or `render` does in their place. If another build is at work on the site, `on_wait`
    is called once and this one waits. Raises ConfigError if the lockfile is damaged or nothing can be written, and what
    `render` raises.
    """
    if render is None:
        render = functools.partial(render_all, root, jobs)
    state = _State(root)
    steps = state.plan(targets, forced=forced)
    if all(not step.reasons for step in steps):
        state.cache.save()
        yield from map(Outcome, steps)
        return
    with exclusively(root, on_wait):
        state = _State(root)  # another build may have done it all by now
        sweep(root, {os.path.dirname(target.artefact) for target in targets})
        yield from state.run(state.plan(targets, forced=forced), render, accept_drift=accept_drift)


def plan(root: Path, targets: Iterable[Target], *, forced: bool = False) -> list[Step]:
    """Tell for every target whether its artefact is fresh, and if not, why. Raises ConfigError as `build` does."""
    return _State(root).plan(targets, forced=forced)


def part(targets: Sequence[Target], number: int, count: int) -> list[Target]:
    """Give one of several parts of the targets. Which part a target is in depends on its path alone."""
    return [target for target in targets if int(digest(target.config.encode())[:8], 16) % count == number - 1]


def check(root: Path, targets: Sequence[Target], jobs: int) -> Iterator[tuple[Target, tuple[Finding, ...]]]:
    """Draw every target without writing anything, and yield what is wrong with it."""
    by_config = {target.config: target for target in targets}
    for config, rendered in render_all(root, jobs, by_config):
        yield by_config[config], rendered.findings


class _State:
    """What a build knows: the lockfile's entries, the digests of files, the drawing code and the libraries."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.entries = lock.read(root)
        self.cache = DigestCache(root, f"{PRIVATE}/digests.json")
        self.figgen = toolchain.code_digest(self.cache.digest)
        self.toolchain = toolchain.versions(self.cache)

    def plan(self, targets: Iterable[Target], *, forced: bool) -> list[Step]:
        """Tell for every target whether its artefact is fresh, and if not, why."""
        return [
            Step(target, tuple(self._reasons(target, forced=forced)), self._further(target.artefact))
            for target in targets
        ]

    def _further(self, artefact: str) -> tuple[str, ...]:
        entry = self.entries.get(artefact)
        return () if entry is None else tuple(sibling(artefact, ending) for ending in entry.further)

    def _reasons(self, target: Target, *, forced: bool) -> Iterator[Reason]:
        entry = self.entries.get(target.artefact)
        now = self._toolchain(entry.toolchain if entry else ())
        for reason in lock.stale_reasons(target.artefact, entry, self.cache.digest, self.figgen, now):
            accepted = (
                reason.kind is Kind.TOOLCHAIN and entry and self.cache.recall(self._acceptance(entry)) is not None
            )
            if not accepted:
                yield reason
        if forced:
            yield Reason(Kind.FORCED)

    def _acceptance(self, entry: Entry) -> str:
        """Name the finding that these libraries draw the pixels of an entry, which is kept on this machine only."""
        return f"{entry.digest} is also drawn by {sorted(self._toolchain(entry.toolchain).items())}"

    def _toolchain(self, names: Collection[str]) -> Mapping[str, str]:
        """Give what is installed here of all that draws every picture, and of the tools among some names."""
        return {**self.toolchain, **toolchain.extras(names)}

    def run(self, steps: Iterable[Step], render: Render, *, accept_drift: bool) -> Iterator[Outcome]:
        """Make every stale artefact; the lockfile is written last, also where this is broken off."""
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
                lock.write(self.root, self.entries)
                self.cache.save()

    def _inputs(self, step: Step) -> Collection[str]:
        """Name the files that an artefact was made from the last time."""
        entry = self.entries.get(step.target.artefact)
        return () if entry is None else entry.inputs.keys()

    def _cost(self, step: Step) -> tuple[float, int]:
        """Guess how long a picture takes: by its pixels, and one never seen as if it were the largest.

        An axis with a log scale takes as long as all the rest: its tick labels are formulas to be set.
        """
        entry = self.entries.get(step.target.artefact)
        pixels = float("inf") if entry is None else entry.size[0] * entry.size[1]
        scales = 0
        with contextlib.suppress(ConfigError):  # one that cannot be read is told when it is drawn
            scales = len(_LOG_SCALE.findall(SiteFiles(self.root).read(step.target.config) or b""))
        return pixels * (1 + scales), scales

    def _finish(self, step: Step, rendered: Rendered, *, accept_drift: bool) -> Outcome:
        """Write the artefact of a step, unless it holds these bytes already or may not be overwritten."""
        artefact = step.target.artefact
        if rendered.origin is not None and (differences := list(self._differences(rendered.origin, rendered.tools))):
            return Outcome(step, (_drawn_otherwise(step.target.config, rendered.origin.worker, differences),))
        if rendered.findings:
            return Outcome(step, rendered.findings)
        entry = self.entries.get(artefact)
        contents = {artefact: rendered.content}
        contents |= {sibling(artefact, ending): picture.content for ending, picture in rendered.further.items()}
        written, path = [], artefact
        try:
            before = {path: replaced_below(os.fspath(self.root), path) for path in contents}
            if entry is not None and not accept_drift and is_about_toolchain(step.reasons):
                moved = drifted(entry.apart(artefact), before, contents)
                if moved:
                    return Outcome(step, tuple(drift(entry, self._toolchain(entry.toolchain), path) for path in moved))
                if None not in before.values():
                    self.cache.remember(self._acceptance(entry))
                    return Outcome(step)
            for path, content in contents.items():
                if before[path] != content:
                    write_below(os.fspath(self.root), path, content)
                    written.append(path)
        except OSError as error:
            return Outcome(step, (Finding(path, 1, 1, "", f"cannot be written: {error.strerror}"),))
        self._record(artefact, rendered)
        return Outcome(step._replace(further=self._further(artefact)), (), tuple(written))

    def _record(self, artefact: str, rendered: Rendered) -> None:
        """Enter what was made. What the config no longer makes is an orphan from now on, with an entry of its own."""
        further = {ending: Made(digest(one.content), one.size) for ending, one in rendered.further.items()}
        if (entry := self.entries.get(artefact)) is not None:
            self.entries = entry.apart(artefact) | self.entries
        for ending in further:
            self.entries.pop(sibling(artefact, ending), None)
        own = digest(rendered.content)
        made_by = self._toolchain(rendered.tools)
        self.entries[artefact] = Entry(own, rendered.size, self.figgen, made_by, rendered.inputs, further)

    def _differences(self, origin: Origin, tools: Mapping[str, str]) -> Iterator[str]:
        """Yield what a worker elsewhere draws with that is not what is here."""
        if origin.figgen != self.figgen:
            yield f"figgen's drawing code {origin.figgen[:12]} there, {self.figgen[:12]} here"
        drew, draws = {**origin.toolchain, **tools}, self._toolchain(tools)
        for library in sorted(drew.keys() | draws.keys()):
            there, here = drew.get(library, "none"), draws.get(library, "none")
            if there != here:
                yield f"{library} {there} there, {here} here"


def _drawn_otherwise(config: str, worker: str, differences: Iterable[str]) -> Finding:
    message = f"not taken from the worker {worker}, which draws with other versions ({'; '.join(differences)})"
    return Finding(config, 1, 1, "", message, "", "install the same there, and start the worker anew")


def make_team(root: Path, jobs: int, *, described: bool = False) -> "Team":
    """Import all that drawing needs, and give a team of processes that draw a site's pictures; its maker ends it.

    With `described` they tell what each picture says, too.
    """
    from figgen import hermetic, pool

    hermetic.import_matplotlib()
    import figgen.picture
    import figgen.render

    if described:
        import figgen.content  # noqa: F401 - imported once, before the workers are forked

    return pool.Team(functools.partial(_render, root, described=described), jobs, limit("seconds"), limit("memory_mib"))


def render_by(team: "Team", configs: Collection[str]) -> Generator[tuple[str, Rendered], None, None]:
    """Render configs by a team of processes, and yield each as it is done."""
    from figgen.pool import WorkerLostError

    for config, result in team.run(configs):
        yield config, failed(_lost(config, result)) if isinstance(result, WorkerLostError) else result


def _lost(config: str, error: "WorkerLostError") -> Finding:
    permitted, hint = (allowed(error.limit), raised(error.limit)) if error.limit else ("", "")
    return Finding(config, 1, 1, "", f"not drawn: {error}", permitted, hint)


def render_all(
    root: Path, jobs: int, configs: Collection[str], *, described: bool = False
) -> Generator[tuple[str, Rendered], None, None]:
    """Render configs by a team of their own (see `make_team`), and yield each as it is done."""
    team = make_team(root, min(jobs, len(configs)), described=described)
    try:
        yield from render_by(team, configs)
    finally:
        team.end()


def pictures(name: str, rendered: Rendered) -> Iterator[tuple[str, Rendered]]:
    """Yield the pictures of a figure by their names, `<Post>/<name>` and `<Post>/<name>-dark`; none if it failed."""
    if not rendered.findings:
        yield name, rendered
        for ending, picture in rendered.further.items():
            if ending.endswith(".png"):
                own = rendered._replace(content=picture.content, size=picture.size, told=picture.told, further={})
                yield name + ending.removesuffix(".png"), own


def failed(*findings: Finding) -> Rendered:
    """Give findings in place of a picture."""
    return Rendered(b"", (0, 0), {}, findings)


def _render(root: Path, config: str, *, described: bool) -> Rendered:
    return render(SiteFiles(root), config, described=described)


def render(files: SiteFiles | Snapshot, config: str, *, described: bool = False) -> Rendered:
    """Draw the pictures of a config, or tell what is wrong. Raises MissingFilesError if a snapshot lacks a file."""
    from figgen.picture import FIRST, make_pictures

    try:
        pictures = make_pictures(files, config, described=described)
    except MissingFilesError:
        raise
    except ConfigError as error:
        return failed(*error.findings)
    except MemoryError:
        message = "not drawn: it needs more memory than one figure may have"
        return failed(Finding(config, 1, 1, "", message, allowed("memory_mib"), raised("memory_mib")))
    except Exception as error:  # noqa: BLE001 - a fault of ours in one picture must not stop the others
        fault = f"a fault in figgen: {type(error).__name__}: {error}"
        return failed(Finding(config, 1, 1, "", fault, "", "please report it with this config"))
    first = pictures.pop(FIRST)
    tools = toolchain.extras(first.tools)
    return Rendered(first.content, first.size, files.digests, told=first.told, tools=tools, further=pictures)


@contextlib.contextmanager
def exclusively(root: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Keep other builds from the site for a while; wait for one that is at work."""
    from filelock import FileLock, Timeout

    try:
        make_private(os.fspath(root), PRIVATE)
        lockfile = root / PRIVATE / "lock"
        if lockfile.is_symlink():  # which not every version of filelock refuses to follow
            lockfile.unlink()
        own = FileLock(lockfile)
        try:
            own.acquire(timeout=0)
        except Timeout:
            on_wait()
            own.acquire()
    except OSError as error:
        finding = Finding(PRIVATE, 1, 1, "", f"the site's folder cannot be written to: {error.strerror}")
        raise ConfigError([finding]) from None
    try:
        yield
    finally:
        own.release()


def sweep(root: Path, folders: Iterable[str]) -> None:
    """Remove from folders what a run that was killed left behind. Only with the site held exclusively."""
    for folder in (*folders, "", PRIVATE):
        with contextlib.suppress(OSError), open_folder(os.fspath(root), folder) as descriptor:
            for name in os.listdir(descriptor):
                if name.startswith(TEMPORARY):
                    os.unlink(name, dir_fd=descriptor)
