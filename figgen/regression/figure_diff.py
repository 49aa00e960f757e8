"""Compare the figures of two versions of a site.

Both are drawn in this run, by the same code and libraries, so that differences can only come from the sites.
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from figgen.build.render_jobs import Rendered, failed, pictures, render_all
from figgen.errors import Finding
from figgen.regression.causes import find_causes, find_renamed, without_repetition
from figgen.regression.pixels import PixelDifference, compare_pixels, draw_overlay
from figgen.review import diff_descriptions
from figgen.site.files import SiteFiles, contents
from figgen.site.paths import CONFIGS, Target, discover


class ChangeKind(StrEnum):
    """How a figure changed, in the order of reports."""

    FAILED = "failed"
    CHANGED = "changed"
    RENAMED = "renamed"
    ADDED = "added"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


class FigureDiff(NamedTuple):
    """How a figure changed: its picture or findings before and after, and how they differ.

    `changes` has a line for each change of the description, or of an output that is not a PNG, `causes` one for each
    difference of the config and the files that the figure reads, and `old_name` is that before it was renamed.
    `overlay` is a PNG that shows where the pixels differ. The pictures of unchanged figures are not kept.
    """

    name: str
    kind: ChangeKind
    before: Rendered | None = None
    after: Rendered | None = None
    changes: tuple[str, ...] = ()
    difference: PixelDifference | None = None
    overlay: bytes = b""
    causes: tuple[str, ...] = ()
    old_name: str = ""

    @property
    def fails(self) -> bool:
        """Check whether the figure fails now; one that failed only before is fixed."""
        return self.after is not None and bool(self.after.findings)


def compare(base: Path, head: Path, jobs: int) -> list[FigureDiff]:
    """Draw the figures of two sites, at most `jobs` at a time, and return how each changed, sorted by name.

    A figure is drawn from `base` only if any file that it reads differs between the two.
    """
    old, _ = _targets(base)
    new, misnamed = _targets(head)
    files = SiteFiles(base)
    unchanged: set[str] = set()
    diffs: list[FigureDiff] = []
    after: dict[str, Rendered] = {}
    for config, rendered in render_all(head, jobs, new, described=True):
        if config in old and not rendered.findings and _has_same_inputs(files, rendered):
            unchanged.add(config)
            diffs += [FigureDiff(name, ChangeKind.UNCHANGED) for name, _ in pictures(new[config].name, rendered)]
        else:
            after[config] = rendered
    before = dict(render_all(base, jobs, [config for config in old if config not in unchanged], described=True))
    sites = SiteFiles(base), SiteFiles(head)
    renamed = find_renamed(*sites, sorted(before.keys() - new.keys()), sorted(after.keys() - old.keys()))
    for config in (before.keys() | after.keys()) - {*renamed.values()}:
        was = renamed.get(config, config)
        sides = before.get(was), after.get(config)
        causes = find_causes(*sites, (was, config), *sides)
        for diff in _compare_figure((old | new)[config].name, *sides, old[was].name if config in renamed else ""):
            kept = without_repetition(causes, diff.changes) if diff.kind is not ChangeKind.UNCHANGED else ()
            diffs.append(diff._replace(causes=tuple(kept)))
    diffs += [FigureDiff(finding.path, ChangeKind.FAILED, None, failed(finding)) for finding in misnamed]
    return sorted(diffs, key=lambda diff: diff.name)


def _targets(root: Path) -> tuple[dict[str, Target], list[Finding]]:
    """Return the targets of a site by config, and findings about misnamed configs; none if it has no configs."""
    if not (root / CONFIGS).is_dir():
        return {}, []
    targets, misnamed = discover(root)
    return {target.config: target for target in targets}, misnamed


def _has_same_inputs(files: SiteFiles, rendered: Rendered) -> bool:
    """Check whether all files that were read or looked for have the same content in another site."""
    contents(files, rendered.inputs.keys() - files.digests.keys())
    return all(files.digests.get(path, "not readable") == digest for path, digest in rendered.inputs.items())


def _compare_figure(name: str, before: Rendered | None, after: Rendered | None, old_name: str) -> Iterator[FigureDiff]:
    """Yield a diff for each picture of a figure, or a single one if the figure fails before or after.

    `old_name` is that of a figure that was renamed.
    """
    if any(side is not None and side.findings for side in (before, after)):
        kind = ChangeKind.REMOVED if after is None else ChangeKind.FAILED
        yield FigureDiff(name, kind, before, after, old_name=old_name)
        return
    old, new = (dict(pictures("", side)) if side else {} for side in (before, after))
    for suffix in dict.fromkeys((*new, *old)):
        renamed_from = f"{old_name}{suffix}" if old_name else ""
        if suffix not in new:
            yield FigureDiff(name + suffix, ChangeKind.REMOVED, old[suffix], old_name=renamed_from)
        elif suffix not in old:
            yield FigureDiff(name + suffix, ChangeKind.ADDED, None, new[suffix])
        else:
            outputs = [_other_outputs(side, suffix) for side in (before, after)]
            diff = _compare_picture(name + suffix, old[suffix], new[suffix], *outputs)
            if old_name and diff.kind is ChangeKind.UNCHANGED:
                pair = old[suffix].content, new[suffix].content
                difference = compare_pixels(*pair)
                overlay = draw_overlay(*pair, difference.corner)
                diff = FigureDiff(diff.name, diff.kind, old[suffix], new[suffix], (), difference, overlay)
            yield diff._replace(kind=ChangeKind.RENAMED, old_name=renamed_from) if old_name else diff


def _other_outputs(figure: Rendered | None, variant: str) -> dict[str, bytes]:
    """Return the outputs of a variant that are not PNGs, by format."""
    outputs = {} if figure is None else figure.outputs
    parts = {ending.rpartition(".")[::2]: output.content for ending, output in outputs.items()}
    return {form: content for (name, form), content in parts.items() if name == variant and form != "png"}


def _compare_picture(
    name: str, before: Rendered, after: Rendered, old: dict[str, bytes], new: dict[str, bytes]
) -> FigureDiff:
    """Return how two pictures differ: in descriptions, pixels, and other outputs by their formats (`old`, `new`)."""
    changes = [
        *diff_descriptions(before.description or {}, after.description or {}),
        *(f"{form.upper()} output added" for form in new if form not in old),
        *(f"{form.upper()} output removed" for form in old if form not in new),
    ]
    if before.content == after.content and not changes and old == new:
        return FigureDiff(name, ChangeKind.UNCHANGED)
    difference = compare_pixels(before.content, after.content)
    if not changes and not difference.pixels and difference.before == difference.after:
        changes += [f"{form.upper()} output changed, PNG unchanged" for form in new if old[form] != new[form]]
        if not changes:
            return FigureDiff(name, ChangeKind.UNCHANGED)
    overlay = draw_overlay(before.content, after.content, difference.corner)
    return FigureDiff(name, ChangeKind.CHANGED, before, after, tuple(changes), difference, overlay)
