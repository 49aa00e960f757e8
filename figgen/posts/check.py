"""Check that posts, configs and pictures agree: nothing that one of them needs is missing, stale or unused."""

import contextlib
import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from figgen.build.builder import Step
from figgen.build.staleness import StaleReason
from figgen.errors import MAX_FINDINGS, ConfigError, Finding, Mistake, UsageError, first_findings, printable
from figgen.posts.jekyll import Post, find_posts, read_post
from figgen.posts.kramdown_images import FRONT_MATTER, HTML, MARKDOWN, Reference
from figgen.posts.references import read_references
from figgen.posts.site_state import SiteState, config_of, dark_path
from figgen.site.files import SiteFiles
from figgen.site.paths import ARTEFACTS, Target
from figgen.site.png import Size

if TYPE_CHECKING:
    from figgen.build.workers import LostJob

_PIXELS = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:px)?\s*")
_MAX_LINES_APART = 3  # between a light and a dark image that belong together: a caption, or an empty line
_OPPOSITE = {"light": "dark", "dark": "light"}

_SMALL = 65_536  # bytes of a post, which take some two seconds at most, whatever it contains (`make hostile`)
SECONDS, MEBIBYTES = 10, 1_024  # for any other post
_NOT_CHECKED = "a post may have up to some 10,000 pictures: split it, or exclude it in _config.yml if it is none"

Fix = Callable[[bytes, str, SiteState], bytes]


class CheckedPost(NamedTuple):
    """The findings in a post, the artefacts that it uses, and its content before and after a fix that changed it."""

    findings: Sequence[Finding]
    used: frozenset[str] = frozenset()
    fixed: tuple[bytes, bytes] | None = None


class Report(NamedTuple):
    """The findings of a check, sorted; the numbers of valid and invalid posts, and of used and unused figures.

    `fixed` has the posts that a fix changed, with their content before and after.
    """

    findings: list[Finding]
    valid: int
    invalid: int
    used: int
    unused: int
    fixed: Sequence[tuple[Post, bytes, bytes]]


def check_posts(
    root: Path,
    targets: Sequence[Target],
    folder: Path | None = None,
    fix: Fix | None = None,
    write: Callable[[Post, bytes], None] | None = None,
    jobs: int = 1,
) -> Report:
    """Check the posts and pages of a site, or the posts in a folder, at most `jobs` at a time.

    `fix` may change each post before it is checked, which `write` then writes. A large post is read in another process,
    whose time and memory are limited. Raises UsageError if there are no posts, ConfigError if the lockfile is damaged
    or a folder is unreadable.
    """
    site = SiteState(root, targets)
    posts = find_posts(root, site.settings, folder)
    check = functools.partial(_check_post, site, SiteFiles(folder or root), fix)
    large = {post for post in posts if _is_large(folder or root, post)}
    results = {post: check(post) for post in posts if post not in large}
    for post, result, lost in run_limited(check, large, jobs):
        results[post] = _not_checked(post, lost) if lost else result
    if write is not None:
        results = {post: _written(post, result, write) for post, result in results.items()}
    checked = [(post, result) for post in posts if (result := results[post])]
    if not checked:
        raise UsageError(f"no posts found in {folder or root}: pass their folder with --posts")
    unused = [*unused_figures({path for _, post in checked for path in post.used}, site)]
    findings = [finding for _, post in checked for finding in post.findings]
    invalid = sum(bool(post.findings) for _, post in checked)
    fixed = [(post, *found.fixed) for post, found in checked if found.fixed]
    counts = len(checked) - invalid, invalid, len(targets) - len(unused), len(unused)
    return Report(sorted(findings + unused), *counts, fixed)


def run_limited(
    function: Callable[[Any], Any], jobs: Collection[Any], processes: int
) -> Iterator[tuple[Any, Any, "LostJob | None"]]:
    """Yield each job with what a function returns for it in another process, or why it has no result."""
    if not jobs:
        return
    from figgen.build.workers import LostJob, WorkerPool  # here, since few sites need it, and it takes long

    with contextlib.closing(WorkerPool(function, min(processes, len(jobs)), SECONDS, MEBIBYTES)) as pool:
        for job, result in pool.run(jobs):
            yield (job, None, result) if isinstance(result, LostJob) else (job, result, None)


def _written(post: Post, checked: CheckedPost | None, write: Callable[[Post, bytes], None]) -> CheckedPost | None:
    try:
        if checked and checked.fixed:
            write(post, checked.fixed[1])
    except ConfigError as error:
        return CheckedPost(error.findings)
    return checked


def _is_large(folder: Path, post: Post) -> bool:
    try:
        return (folder / post.name).stat().st_size > _SMALL
    except OSError:  # reported when it is read
        return False


def _check_post(site: SiteState, files: SiteFiles, fix: Fix | None, post: Post) -> CheckedPost | None:
    """Return what a check finds in a post, or None for a file that Jekyll only copies."""
    fixed = None
    try:
        content = read_post(files, post)
        if content is None:
            return None
        if fix is not None and (after := fix(content, post.path, site)) != content:
            content, fixed = after, (content, after)
        references = read_references(content, post.path, site.settings)
    except ConfigError as error:
        return CheckedPost(error.findings)
    used = {path for reference in references if reference.target and (path := site.artefact(reference.target))}
    return CheckedPost(first_findings([*check_references(references, site)]), frozenset(used), fixed)


def _not_checked(post: Post, lost: "LostJob") -> CheckedPost:
    hint = _NOT_CHECKED if lost.limit else ""
    return CheckedPost([Finding(post.path, 1, 1, "", f"not checked: {lost.message}", hint=hint)])


def unused_figures(used: AbstractSet[str], site: SiteState) -> Iterator[Finding]:
    """Yield a finding for each figure none of whose artefacts is used."""
    for step in site.plan:
        if used.isdisjoint(step.outputs):
            message = f"unused figure: no post refers to {step.target.artefact}"
            hint = f"add the output of 'figgen snippet {step.target.name}' to a post, or remove the config"
            yield Finding(step.target.config, 1, 1, "", message, hint=hint)


def check_references(references: Sequence[Reference], site: SiteState) -> Iterator[Finding]:
    """Yield what is wrong with the pictures of one post."""
    paired = paired_images(references)
    shown = {reference.target for reference in references}
    count = 0
    for reference in references:
        path = reference.target
        if path is not None and site.is_relevant(path):
            mistakes = [
                *_check_file(path, site, with_hint=count < MAX_FINDINGS),
                *_check_alt(reference, path, site),
                *_check_size(reference, path, site),
                *_check_variants(reference, path, site, paired=reference.start in paired, shown=shown),
            ]
            count += len(mistakes)
            for message, allowed, hint in mistakes:
                place = (reference.post, reference.line, reference.column, printable(path))
                yield Finding(*place, printable(message), allowed, hint)


def _check_file(path: str, site: SiteState, *, with_hint: bool) -> Iterator[Mistake]:
    """Yield what is wrong with the file of a picture; to find what a missing one may mean takes long."""
    artefact = site.artefact(path)
    if mistake := site.check_readable(path):
        yield mistake
    elif artefact == path:
        step = site.steps[path]
        kinds = {reason.kind for reason in step.reasons}
        on_disk = site.find(path) if kinds & {StaleReason.MISSING, StaleReason.NEW} else path
        if on_disk is not None and on_disk != path:
            hint = f"remove that file and run 'figgen build {step.target.config}'"
            yield Mistake(f"its file is named {on_disk}, which differs only in letter case", (), hint)
        elif kinds:
            yield stale_mistake(step)
    elif (on_disk := site.find(path)) == path:
        if config := site.missing_config(path):
            hint = "restore the config, or remove the picture with 'figgen clean --orphans'"
            yield Mistake(f"orphan: its config, {config}, no longer exists", (), hint)
    elif meant := artefact or on_disk:
        hint = "use exactly this spelling: most web servers are case-sensitive"
        yield Mistake(f"differs only in letter case from {meant}", (), hint)
    else:
        may_be_artefact = path.lower().startswith(f"{ARTEFACTS}/") and path.lower().endswith(".png")
        message = "file not found" + f", and there is no config {config_of(path)}" * may_be_artefact
        hint = site.suggest(path) if with_hint else ""
        yield Mistake(message, ("the picture of a config", "a file that exists"), hint)


def stale_mistake(step: Step) -> Mistake:
    """Return what is wrong with an artefact that is not up to date, and how to build it."""
    reasons = ", ".join(map(str, step.reasons))
    return Mistake(f"not up to date (reason: {reasons})", (), f"run 'figgen build {step.target.config}'")


def _check_alt(reference: Reference, path: str, site: SiteState) -> Iterator[Mistake]:
    step, alt, hint = site.steps.get(path), reference.get("alt"), ""
    if step and reference.kind == FRONT_MATTER:
        hint = f"copy the alt text from the output of 'figgen snippet {step.target.name}'"
    elif step:
        hint = f"'figgen check --fix' copies the alt text from {step.target.config}"
    if reference.kind in {MARKDOWN, HTML, FRONT_MATTER} and not (alt or "").strip():
        wrong = "missing alt text" if alt is None else "empty alt text"
        yield Mistake(wrong, hint=hint or "describe what the picture shows")
    elif site.is_outdated(alt or "", path):
        yield Mistake(f"the numbers in the alt text differ from the figure's: '{site.alt_text(path)}'", (), hint)


def _check_size(reference: Reference, path: str, site: SiteState) -> Iterator[Mistake]:
    given = given_size(reference)
    size = site.size(path) if given else None
    if given and size and not same_ratio(given, size):
        written = f'width="{reference.get("width")}" height="{reference.get("height")}"'
        allowed = f"the aspect ratio of the picture, {size[0]} x {size[1]}"
        hint = f'write height="{height_for(given[0], size)}"'
        yield Mistake(f"{written} would distort the picture", (allowed,), hint)


def _check_variants(
    reference: Reference, path: str, site: SiteState, *, paired: bool, shown: set[str | None]
) -> Iterator[Mistake]:
    step, dark, mode = site.steps.get(path), dark_path(path), mode_of(reference)
    if mode and not paired:
        other = _OPPOSITE[mode]
        hint = f"add the {other} image on the next line, or remove .{mode}"
        if mode == "light" and step and dark not in site.steps:
            hint += f"; with 'variants: [light, dark]', {step.target.config} also writes {dark}"
        yield Mistake(f"only shown on {mode} pages: no image with class .{other} next to it", (), hint)
    elif not mode and step and reference.kind in {MARKDOWN, HTML} and dark in step.outputs and dark not in shown:
        yield Mistake(f"dark variant not shown: {dark}", (), f"use the output of 'figgen snippet {step.target.name}'")


def given_size(reference: Reference) -> tuple[float, float] | None:
    """Return the width and height that a post gives a picture, if both are plain numbers of pixels."""
    width, height = pixels(reference.get("width")), pixels(reference.get("height"))
    return None if width is None or height is None else (width, height)


def pixels(text: str | None) -> float | None:
    """Parse a number of pixels, `600` or `600px`; return None for another unit, or none."""
    found = _PIXELS.fullmatch(text or "")
    return float(found[1]) if found else None


def same_ratio(given: tuple[float, float], size: Size) -> bool:
    """Check whether a width and height have the aspect ratio of a picture, up to rounding by a pixel."""
    return abs(given[0] * size[1] - given[1] * size[0]) <= max(size)


def height_for(width: float, size: Size) -> int:
    """Return the height that a picture has at the given width."""
    return round(width * size[1] / size[0]) if size[0] else size[1]


def paired_images(references: Iterable[Reference]) -> set[int]:
    """Return the starts of the light and dark images that have a counterpart next to them, each paired only once."""
    shown = [reference for reference in references if mode_of(reference)]
    paired: set[int] = set()
    for at, (first, second) in enumerate(pairwise(shown)):
        near = second.line - first.line <= _MAX_LINES_APART
        if at not in paired and near and _OPPOSITE[mode_of(first)] == mode_of(second):
            paired |= {at, at + 1}
    return {shown[at].start for at in paired}


def mode_of(reference: Reference) -> str:
    """Return `light` or `dark` for an image that, by its class, is shown on such pages only; "" for any other."""
    return next((mode for mode in _OPPOSITE if mode in reference.classes and reference.kind in {MARKDOWN, HTML}), "")
