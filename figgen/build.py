"""Plan -> render -> write: what must be made, by several processes at once, each artefact whole or not at all."""

import contextlib
import functools
import io
import os
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from figgen import lock, toolchain
from figgen.confined import TEMPORARY, open_folder, replaced_below, write_below
from figgen.errors import ConfigError, Finding
from figgen.files import DigestCache, MissingFilesError, SiteFiles, Snapshot, digest, make_private
from figgen.limits import allowed, limit, raised
from figgen.lock import Entry, Kind, Reason
from figgen.site import Target

if TYPE_CHECKING:
    from figgen.pool import Team, WorkerLostError

PRIVATE = ".figgen"  # what is kept beside the site, and not part of it
_LOG_SCALE = re.compile(rb"scale:\s*\w*log\b")


class Step(NamedTuple):
    """One target, and why its artefact must be made again; it is fresh if there is no reason."""

    target: Target
    reasons: tuple[Reason, ...]


class Outcome(NamedTuple):
    """What became of one target: findings if it failed, else whether its file changed."""

    step: Step
    findings: tuple[Finding, ...] = ()
    written: bool = False


class Origin(NamedTuple):
    """What drew a picture elsewhere: which worker, with which drawing code and which versions of the libraries."""

    worker: str
    figgen: str
    toolchain: Mapping[str, str]


class Rendered(NamedTuple):
    """What a worker gives back: a picture, or findings; and the digests of all files that it read or looked for.

    `told` is what the picture says, where that was asked for.
    """

    content: bytes
    size: tuple[int, int]
    inputs: Mapping[str, str | None]
    findings: tuple[Finding, ...] = ()
    origin: Origin | None = None
    told: Mapping[str, Any] | None = None


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
        return [Step(target, tuple(self._reasons(target, forced=forced))) for target in targets]

    def _reasons(self, target: Target, *, forced: bool) -> Iterator[Reason]:
        entry = self.entries.get(target.artefact)
        for reason in lock.stale_reasons(target.artefact, entry, self.cache.digest, self.figgen, self.toolchain):
            accepted = (
                reason.kind is Kind.TOOLCHAIN and entry and self.cache.recall(self._acceptance(entry)) is not None
            )
            if not accepted:
                yield reason
        if forced:
            yield Reason(Kind.FORCED)

    def _acceptance(self, entry: Entry) -> str:
        """Name the finding that these libraries draw the pixels of an entry, which is kept on this machine only."""
        return f"{entry.digest} is also drawn by {sorted(self.toolchain.items())}"

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
        if rendered.origin is not None and (differences := list(self._differences(rendered.origin))):
            return Outcome(step, (_drawn_otherwise(step.target.config, rendered.origin.worker, differences),))
        if rendered.findings:
            return Outcome(step, rendered.findings)
        entry = self.entries.get(artefact)
        try:
            before = replaced_below(os.fspath(self.root), artefact)
            if entry is not None and not accept_drift and _is_about_toolchain(step.reasons):
                if not _is_same_picture(entry, before, rendered.content):
                    return Outcome(step, (_drift(entry, self.toolchain, artefact),))
                if before is not None:
                    self.cache.remember(self._acceptance(entry))
                    return Outcome(step)
            written = before != rendered.content
            if written:
                write_below(os.fspath(self.root), artefact, rendered.content)
        except OSError as error:
            return Outcome(step, (Finding(artefact, 1, 1, "", f"cannot be written: {error.strerror}"),))
        self.entries[artefact] = Entry(
            digest(rendered.content), rendered.size, self.figgen, self.toolchain, rendered.inputs
        )
        return Outcome(step, (), written)

    def _differences(self, origin: Origin) -> Iterator[str]:
        """Yield what a worker elsewhere draws with that is not what is here."""
        if origin.figgen != self.figgen:
            yield f"figgen's drawing code {origin.figgen[:12]} there, {self.figgen[:12]} here"
        for library in sorted(origin.toolchain.keys() | self.toolchain.keys()):
            there, here = origin.toolchain.get(library, "none"), self.toolchain.get(library, "none")
            if there != here:
                yield f"{library} {there} there, {here} here"


def _is_about_toolchain(reasons: Iterable[Reason]) -> bool:
    """Tell whether a picture should be as it was, and is drawn again for other libraries, or because it is gone."""
    kinds = {reason.kind for reason in reasons}
    return Kind.TOOLCHAIN in kinds and kinds <= {Kind.TOOLCHAIN, Kind.MISSING, Kind.FORCED}


def _is_same_picture(entry: Entry, before: bytes | None, content: bytes) -> bool:
    """Tell whether bytes show what an entry recorded: the same bytes, or other ones of the same pixels."""
    if digest(content) == entry.digest:
        return True
    # The size in the first chunk is looked at first: what is no picture of ours may have any number of pixels.
    alike = before is not None and digest(before) == entry.digest and before[:24] == content[:24]
    return alike and _pixels(before or b"") == _pixels(content)


def _pixels(content: bytes) -> bytes | None:
    from PIL import PngImagePlugin

    with (
        contextlib.suppress(OSError, SyntaxError, ValueError),
        PngImagePlugin.PngImageFile(io.BytesIO(content)) as image,
    ):
        return image.convert("RGBA").tobytes()
    return None


def _drift(entry: Entry, now: Mapping[str, str], artefact: str) -> Finding:
    changes = ", ".join(lock.differences(entry.toolchain, now))
    return Finding(
        artefact,
        1,
        1,
        "",
        f"drawn with other libraries ({changes}) its pixels differ, so it was not overwritten",
        "",
        "install the locked versions with 'make', or overwrite it with --accept-drift",
    )


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


def failed(*findings: Finding) -> Rendered:
    """Give findings in place of a picture."""
    return Rendered(b"", (0, 0), {}, findings)


def _render(root: Path, config: str, *, described: bool) -> Rendered:
    return render(SiteFiles(root), config, described=described)


def render(files: SiteFiles | Snapshot, config: str, *, described: bool = False) -> Rendered:
    """Draw the picture of a config, or tell what is wrong. Raises MissingFilesError if a snapshot lacks a file."""
    from figgen.picture import make_picture

    try:
        picture = make_picture(files, config, described=described)
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
    return Rendered(picture.content, picture.size, files.digests, told=picture.told)


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
