"""Two sides of a site -> a verdict on each figure: what became of it from the one to the other.

Both are drawn here and now, by the same code and libraries, so that nothing but the sites themselves can differ.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from figgen.build.render_jobs import Rendered, failed, pictures, render_all
from figgen.errors import Finding
from figgen.regression.pixels import Difference, compare_pixels
from figgen.review.description_diff import diff_descriptions
from figgen.site.files import SiteFiles, contents
from figgen.site.paths import CONFIGS, Target, discover


class Kind(StrEnum):
    """What became of a figure, in the order in which it is told."""

    FAILED = "failed"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


class Verdict(NamedTuple):
    """What became of a figure: its picture or findings on each side that has it, and how these differ.

    `changes` are those of what the figure says, in words; `overlay` is a PNG of where its pixels differ. Of an
    unchanged figure no picture is kept.
    """

    name: str
    kind: Kind
    before: Rendered | None = None
    after: Rendered | None = None
    changes: tuple[str, ...] = ()
    difference: Difference | None = None
    overlay: bytes = b""


def compare(base: Path, head: Path, jobs: int) -> list[Verdict]:
    """Draw the figures of two sites, at most `jobs` at a time, and judge each; the verdicts are sorted by name.

    A figure is drawn on the base side only if a file that it was made from on the head side is another one there.
    """
    old, _ = _targets(base)
    new, misnamed = _targets(head)
    files = SiteFiles(base)
    unchanged: set[str] = set()
    verdicts: list[Verdict] = []
    after: dict[str, Rendered] = {}
    for config, rendered in render_all(head, jobs, new, described=True):
        if config in old and not rendered.findings and _reads_the_same(files, rendered):
            unchanged.add(config)
            verdicts += [Verdict(name, Kind.UNCHANGED) for name, _ in pictures(new[config].name, rendered)]
        else:
            after[config] = rendered
    before = dict(render_all(base, jobs, [config for config in old if config not in unchanged], described=True))
    for config in before.keys() | after.keys():
        verdicts += _verdicts((old | new)[config].name, before.get(config), after.get(config))
    verdicts += [Verdict(finding.path, Kind.FAILED, None, failed(finding)) for finding in misnamed]
    return sorted(verdicts, key=lambda verdict: verdict.name)


def of_kinds(verdicts: Sequence[Verdict], *kinds: Kind) -> Iterator[Verdict]:
    """Yield the verdicts of some kinds, in the order of the kinds."""
    for kind in kinds:
        yield from (verdict for verdict in verdicts if verdict.kind is kind)


def fails(verdict: Verdict) -> bool:
    """Tell whether a figure fails on the head side: one that does so on the base side only is mended."""
    return verdict.after is not None and bool(verdict.after.findings)


def _targets(root: Path) -> tuple[dict[str, Target], list[Finding]]:
    """List the targets of a side by their configs, and what is wrong with the names of others."""
    if not (root / CONFIGS).is_dir():
        return {}, []
    targets, misnamed = discover(root)
    return {target.config: target for target in targets}, misnamed


def _reads_the_same(files: SiteFiles, rendered: Rendered) -> bool:
    """Tell whether all that a picture was made from is the same in other files, down to what is in neither."""
    contents(files, rendered.inputs.keys() - files.digests.keys())
    return all(files.digests.get(path, "not readable") == digest for path, digest in rendered.inputs.items())


def _verdicts(name: str, before: Rendered | None, after: Rendered | None) -> list[Verdict]:
    """Judge each picture of a figure; one that fails on a side does so as a whole."""
    if any(side is not None and side.findings for side in (before, after)):
        return [_judged(name, before, after)]
    old, new = (dict(pictures(name, side)) if side else {} for side in (before, after))
    return [_judged(one, old.get(one), new.get(one)) for one in dict.fromkeys((*new, *old))]


def _judged(name: str, before: Rendered | None, after: Rendered | None) -> Verdict:
    if after is None:
        return Verdict(name, Kind.REMOVED, before)
    if after.findings or (before is not None and before.findings):
        return Verdict(name, Kind.FAILED, before, after)
    if before is None:
        return Verdict(name, Kind.ADDED, None, after)
    said = tuple(diff_descriptions(before.description or {}, after.description or {}))
    if before.content == after.content and not said:
        return Verdict(name, Kind.UNCHANGED)
    difference, overlay = compare_pixels(before.content, after.content)
    if not said and not difference.pixels and difference.before == difference.after:
        return Verdict(name, Kind.UNCHANGED)
    return Verdict(name, Kind.CHANGED, before, after, said, difference, overlay)
