"""Jobs for workers: one config -> its pictures or findings; and many of them, by several processes."""

import functools
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from figgen.build import fingerprint
from figgen.errors import ConfigError, Finding, internal_error
from figgen.site.debug import log_traceback
from figgen.site.files import MissingFilesError, SiteFiles, Snapshot
from figgen.site.limits import limit, limit_text, raise_limit_hint

if TYPE_CHECKING:
    from figgen.build.picture import Picture
    from figgen.build.workers import WorkerLostError, WorkerPool


class Origin(NamedTuple):
    """What drew a picture remotely: which worker, with which drawing code and library versions."""

    worker: str
    figgen: str
    toolchain: Mapping[str, str]


class Rendered(NamedTuple):
    """The result of a job: a picture, or findings; and the digests of all files that it read or looked for.

    `description` is there if it was asked for, `extra_outputs` are the other outputs of the config by their endings,
    and `tools` has the versions of the optional tools that they took.
    """

    content: bytes
    size: tuple[int, int]
    inputs: Mapping[str, str | None]
    findings: tuple[Finding, ...] = ()
    origin: Origin | None = None
    description: Mapping[str, Any] | None = None
    tools: Mapping[str, str] = {}
    extra_outputs: Mapping[str, "Picture"] = {}


# A render function takes the configs, each with the files that its picture was built from the last time, and yields
# each as it is done. It may raise UsageError at once.
Render = Callable[[Mapping[str, Collection[str]]], Generator[tuple[str, Rendered], None, None]]


def make_pool(root: Path, jobs: int, *, described: bool = False, optimize: bool = False) -> "WorkerPool":
    """Import all that drawing needs, and return a pool of processes that draw a site's pictures; the caller ends it.

    With `described` they describe each picture, too; with `optimize` they compress each.
    """
    return _make_pool(
        functools.partial(_render, root, described=described, optimize=optimize), jobs, described=described
    )


def _make_pool(draw: Callable[[str], Rendered], jobs: int, *, described: bool) -> "WorkerPool":
    from figgen.build import workers

    with workers.gc_disabled():
        import figgen.build.picture
        import figgen.drawing

        if described:
            import figgen.review.description  # noqa: F401 - imported once, before the workers are forked
    return workers.WorkerPool(draw, jobs, limit("seconds"), limit("memory_mib"))


def render_by(pool: "WorkerPool", configs: Collection[str]) -> Generator[tuple[str, Rendered], None, None]:
    """Render configs by a pool of processes, and yield each as it is done."""
    from figgen.build.workers import WorkerLostError

    for config, result in pool.run(configs):
        yield config, failed(_lost(config, result)) if isinstance(result, WorkerLostError) else result


def _lost(config: str, error: "WorkerLostError") -> Finding:
    permitted, hint = (limit_text(error.limit), raise_limit_hint(error.limit)) if error.limit else ((), "")
    return Finding(config, 1, 1, "", f"not drawn: {error}", permitted, hint)


def render_all(
    root: Path, jobs: int, configs: Collection[str], *, described: bool = False, optimize: bool = False
) -> Generator[tuple[str, Rendered], None, None]:
    """Render configs by a pool of their own (see `make_pool`), and yield each as it is done."""
    yield from _all(make_pool(root, min(jobs, len(configs)), described=described, optimize=optimize), configs)


def describe(root: Path, config: str) -> Rendered:
    """Return the description of a config's picture, whatever its layout.

    It is drawn in a process of its own, so that the limits hold.
    """
    ((_, rendered),) = _all(_make_pool(functools.partial(_describe, root), 1, described=True), [config])
    return rendered


def _all(pool: "WorkerPool", configs: Collection[str]) -> Generator[tuple[str, Rendered], None, None]:
    try:
        yield from render_by(pool, configs)
    finally:
        pool.end()


def pictures(name: str, rendered: Rendered) -> Iterator[tuple[str, Rendered]]:
    """Yield the pictures of a figure by their names, `<Post>/<name>` and `<Post>/<name>-dark`; none if it failed."""
    if not rendered.findings:
        yield name, rendered
        for ending, picture in rendered.extra_outputs.items():
            if ending.endswith(".png"):
                own = rendered._replace(
                    content=picture.content, size=picture.size, description=picture.description, extra_outputs={}
                )
                yield name + ending.removesuffix(".png"), own


def failed(*findings: Finding) -> Rendered:
    """Return findings in place of a picture."""
    return Rendered(b"", (0, 0), {}, findings)


def _render(root: Path, config: str, *, described: bool, optimize: bool) -> Rendered:
    return render(SiteFiles(root), config, described=described, optimize=optimize)


def render(files: SiteFiles | Snapshot, config: str, *, described: bool = False, optimize: bool = False) -> Rendered:
    """Return the pictures of a config, or findings. Raises MissingFilesError if a snapshot lacks a file."""
    from figgen.build.picture import FIRST, make_pictures

    def draw() -> Rendered:
        pictures = make_pictures(files, config, described=described, optimize=optimize)
        first = pictures.pop(FIRST)
        tools = fingerprint.extras(first.tools)
        return Rendered(
            first.content, first.size, files.digests, description=first.description, tools=tools, extra_outputs=pictures
        )

    return _attempt(draw, files, config)


def _describe(root: Path, config: str) -> Rendered:
    from figgen.build.picture import describe_picture

    files = SiteFiles(root)
    return _attempt(lambda: Rendered(b"", (0, 0), {}, description=describe_picture(files, config)), files, config)


def _attempt(draw: Callable[[], Rendered], files: SiteFiles | Snapshot, config: str) -> Rendered:
    """Draw, or return what is wrong with a config, with the files that were looked for."""
    try:
        return draw()
    except MissingFilesError:
        raise
    except ConfigError as error:
        return failed(*error.findings)._replace(inputs=files.digests)
    except MemoryError:
        message = "not drawn: out of memory"
        return failed(Finding(config, 1, 1, "", message, limit_text("memory_mib"), raise_limit_hint("memory_mib")))
    except Exception as error:  # noqa: BLE001 - a fault of ours in one picture must not stop the others
        log_traceback()
        return failed(Finding(config, 1, 1, "", *internal_error(error)))
