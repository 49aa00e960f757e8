"""The jobs of workers: one config -> its outputs or findings. Many are done by several processes."""

import contextlib
import functools
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from figgen.build import fingerprint
from figgen.errors import ConfigError, Finding, first_findings, internal_error
from figgen.site.debug import log_traceback
from figgen.site.files import Files, MissingFileError, SiteFiles
from figgen.site.limits import limit, limit_advice
from figgen.site.paths import MAIN_ENDING

if TYPE_CHECKING:
    from figgen.build.picture import Output
    from figgen.build.workers import WorkerPool


class Origin(NamedTuple):
    """What drew a picture remotely: which worker, with which drawing code and library versions."""

    worker: str
    figgen: str
    toolchain: Mapping[str, str]


class Rendered(NamedTuple):
    """The result of a job: the outputs of a config by their endings, or findings.

    `inputs` has the digests of all files that were read or looked for, `tools` the versions of the optional tools used,
    `marks` the kinds of marks that are shown.
    """

    outputs: Mapping[str, "Output"]
    inputs: Mapping[str, str | None]
    tools: Mapping[str, str]
    marks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    origin: Origin | None = None

    @property
    def content(self) -> bytes:
        """Return the bytes of the PNG of the light variant."""
        return self.outputs[MAIN_ENDING].content

    @property
    def size(self) -> tuple[int, int]:
        """Return the size of that PNG in pixels."""
        return self.outputs[MAIN_ENDING].size

    @property
    def description(self) -> Mapping[str, Any] | None:
        """Return the description of that PNG, if it was asked for and the figure did not fail."""
        return self.outputs[MAIN_ENDING].description if self.outputs else None


# A render function takes the configs, each with the files that its picture was last built from, and yields each as it
# is done. It may raise UsageError when it is called.
Render = Callable[[Mapping[str, Collection[str]]], Generator[tuple[str, Rendered], None, None]]


def make_pool(draw: Callable[[str], Rendered], jobs: int) -> "WorkerPool":
    """Import all that drawing needs, and return a pool of processes that call `draw`; the caller closes it."""
    from figgen.build import workers

    with workers.gc_disabled():  # imported once, before the workers are forked
        import figgen.build.picture
        import figgen.review  # noqa: F401
    return workers.WorkerPool(draw, jobs, limit("seconds"), limit("memory_mib"))


def render_by(pool: "WorkerPool", configs: Collection[str]) -> Generator[tuple[str, Rendered], None, None]:
    """Render configs in a pool of processes, and yield each as it is done."""
    from figgen.build.workers import LostJob

    for config, result in pool.run(configs):
        if isinstance(result, LostJob):
            advice = limit_advice(result.limit) if result.limit else ()
            yield config, failed(Finding(config, 1, 1, "", f"not drawn: {result.message}", *advice))
        else:
            yield config, result


def render_all(
    root: Path, jobs: int, configs: Collection[str], *, described: bool = False, optimize: bool = False
) -> Generator[tuple[str, Rendered], None, None]:
    """Render configs of a site in a new pool of at most `jobs` processes, and yield each as it is done."""
    draw = functools.partial(render_from_site, root, described=described, optimize=optimize)
    with contextlib.closing(make_pool(draw, min(jobs, len(configs)))) as pool:
        yield from render_by(pool, configs)


def describe(root: Path, config: str) -> Rendered:
    """Return the description of a config's picture, even if its layout has problems.

    It is drawn in another process, in which time and memory are limited.
    """
    with contextlib.closing(make_pool(functools.partial(_describe, root), 1)) as pool:
        ((_, rendered),) = render_by(pool, [config])
    return rendered


def pictures(name: str, rendered: Rendered) -> Iterator[tuple[str, Rendered]]:
    """Yield the pictures of a figure by their names, `<Post>/<name>` and `<Post>/<name>-dark`; none if it failed."""
    for ending, output in rendered.outputs.items():
        if ending.endswith(MAIN_ENDING):
            yield name + ending.removesuffix(MAIN_ENDING), rendered._replace(outputs={MAIN_ENDING: output})


def failed(*findings: Finding) -> Rendered:
    """Return findings in place of outputs."""
    return Rendered({}, {}, {}, findings=findings)


def render_from_site(root: Path, config: str, *, described: bool = False, optimize: bool = False) -> Rendered:
    """Return the outputs of a config of a site, or findings."""
    return render(SiteFiles(root), config, described=described, optimize=optimize)


def render(files: Files, config: str, *, described: bool = False, optimize: bool = False) -> Rendered:
    """Return the outputs of a config, or findings. Raises MissingFileError if a snapshot lacks a file."""
    from figgen.build.picture import make_pictures

    return _attempt(lambda: make_pictures(files, config, described=described, optimize=optimize), files, config)


def _describe(root: Path, config: str) -> Rendered:
    from figgen.build.picture import Output, describe_picture

    files = SiteFiles(root)
    return _attempt(lambda: {MAIN_ENDING: Output(b"", (0, 0), describe_picture(files, config))}, files, config)


def _attempt(draw: Callable[[], Mapping[str, "Output"]], files: Files, config: str) -> Rendered:
    """Return the outputs that `draw` returns, or findings, with the files that were read or looked for."""
    try:
        outputs = draw()
    except MissingFileError:
        raise
    except ConfigError as error:
        findings = error.findings
    except MemoryError:
        findings = (Finding(config, 1, 1, "", "not drawn: out of memory", *limit_advice("memory_mib")),)
    except OSError as error:  # of the machine, such as too many open files, when a library reads one of its own files
        log_traceback()
        findings = (Finding(config, 1, 1, "", f"not drawn: {error}"),)
    except Exception as error:  # noqa: BLE001 - a bug in figgen that concerns one picture must not stop the others
        log_traceback()
        findings = (Finding(config, 1, 1, "", *internal_error(error)),)
    else:
        tools = fingerprint.extras({tool for output in outputs.values() for tool in output.tools})
        marks = {mark for output in outputs.values() for mark in output.marks}
        return Rendered(outputs, files.digests, tools, tuple(sorted(marks)))
    # What is sent to the parent is bounded, however much is wrong.
    return Rendered({}, files.digests, {}, findings=tuple(first_findings(findings)))
