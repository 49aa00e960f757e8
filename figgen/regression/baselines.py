"""Baselines: approved pictures and their descriptions, with which new pictures are compared.

The baseline of a figure is two files, `tests/baseline/<Post>/<name>.png` and `<name>.json`. `toolchain.json` records
which versions of libraries and fonts drew each one: pixels are only comparable under the same versions.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from figgen.build import fingerprint
from figgen.build.digest_cache import DigestCache
from figgen.build.private import open_cache
from figgen.build.render_jobs import pictures, render_all
from figgen.build.site_lock import remove_temp_files, site_lock
from figgen.errors import ConfigError, Finding
from figgen.regression.pixels import PixelDifference, compare_pixels, is_same_picture
from figgen.review import diff_descriptions, format_description
from figgen.site.files import digest
from figgen.site.paths import ARTEFACTS, Target, VariantKind, discover
from figgen.site.png import UNREADABLE, open_png
from figgen.site.safe_io import read_before_write, read_below, remove_below, write_below

BASELINES = "tests/baseline"  # below a site's root
TOOLCHAIN = "toolchain.json"

Toolchain = Mapping[str, str]  # versions by library


class Baseline(NamedTuple):
    """An approved picture and its description."""

    content: bytes
    description: Mapping[str, Any]


class BaselineDiff(NamedTuple):
    """How a picture differs from its baseline: in its description (one line a change), and in its pixels."""

    new: bool = False  # without a baseline
    changes: tuple[str, ...] = ()
    difference: PixelDifference | None = None  # None if the bytes are the same

    @property
    def differs(self) -> bool:
        """Check whether anything differs, even if only the bytes."""
        return self.new or bool(self.changes) or self.difference is not None


class AcceptStatus(StrEnum):
    """What `accept` did with a picture."""

    ACCEPTED = "accepted"
    SAME = "same"
    REFUSED = "refused"


class AcceptResult(NamedTuple):
    """What `accept` did with a picture: how it differed from its baseline, or the findings if it was not drawn.

    `figure` is the name of the figure, of which the picture may be a variant; `outdated` has the path of the picture
    that the site shows, if that is not the one that was accepted.
    """

    name: str
    status: AcceptStatus
    diff: BaselineDiff = BaselineDiff()
    findings: tuple[Finding, ...] = ()
    figure: str = ""
    outdated: str = ""


def read_baseline(folder: Path, name: str) -> Baseline | None:
    """Return the baseline of a figure, `<Post>/<name>`; None if one of its files is missing or damaged."""
    try:
        content = read_below(os.fspath(folder), f"{name}.png")
        description = json.loads(read_below(os.fspath(folder), f"{name}.json"))
        with open_png(content) as picture:
            picture.load()
    except (*UNREADABLE, RecursionError):
        return None
    return Baseline(content, description) if isinstance(description, dict) else None


def compare_with_baseline(baseline: Baseline | None, content: bytes, description: Mapping[str, Any]) -> BaselineDiff:
    """Return how a picture and its description differ from its baseline, if it has one."""
    if baseline is None:
        return BaselineDiff(new=True)
    changes = tuple(diff_descriptions(baseline.description, json.loads(format_description(description))))
    difference = None if baseline.content == content else compare_pixels(baseline.content, content)
    return BaselineDiff(changes=changes, difference=difference)


def accept(
    root: Path,
    targets: Sequence[Target],
    *,
    drift_only: bool = False,
    jobs: int = 1,
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[AcceptResult]:
    """Draw figures, make their pictures the baselines, and yield a result for each picture, sorted by figure.

    Figures with findings are refused, and with `drift_only` also pictures whose description changed. If another build
    is running on the site, `on_wait` is called once and this one waits.
    """
    folder = root / BASELINES
    with site_lock(root, on_wait):
        remove_temp_files(root, {BASELINES, *(f"{BASELINES}/{target.name.rpartition('/')[0]}" for target in targets)})
        running = running_toolchain(open_cache(root))
        recorded = read_toolchains(folder)
        known = [target.name + kind.suffix for target in discover(root)[0] for kind in VariantKind]
        toolchains = {name: drawn_by(recorded, name) for name in known if (folder / f"{name}.png").exists()}
        names = {target.config: target.name for target in targets}
        try:
            for config, rendered in sorted(render_all(root, jobs, names, described=True), key=lambda pair: pair[0]):
                if rendered.findings:
                    yield AcceptResult(names[config], AcceptStatus.REFUSED, findings=rendered.findings)
                for name, picture in pictures(names[config], rendered):
                    description = picture.description or {}
                    diff = compare_with_baseline(read_baseline(folder, name), picture.content, description)
                    if drift_only and (diff.new or diff.changes):
                        yield AcceptResult(name, AcceptStatus.REFUSED, diff, figure=names[config])
                        continue
                    toolchains[name] = running
                    _write(folder, f"{name}.json", format_description(description).encode())
                    _write(folder, f"{name}.png", picture.content)
                    status = AcceptStatus.ACCEPTED if diff.differs else AcceptStatus.SAME
                    shown = f"{ARTEFACTS}/{name}.png"
                    found = read_before_write(os.fspath(root), shown)
                    outdated = shown if found is None or not is_same_picture(found, picture.content) else ""
                    yield AcceptResult(name, status, diff, figure=names[config], outdated=outdated)
        finally:  # also if this is interrupted
            write_toolchains(folder, toolchains)


def find_unused_baselines(folder: Path, names: Iterable[str], failed: Collection[str] = ()) -> list[Path]:
    """Return the files of baselines that belong to none of the named pictures, sorted.

    `failed` names figures that were not drawn, whose variants are therefore unknown: all of them count as used.
    """
    used = {*names, *(name + kind.suffix for name in failed for kind in VariantKind)}
    # Links are not followed: baselines are only written inside the site.
    posts = [post for post in folder.glob("*") if post.is_dir() and not post.is_symlink()]
    files = (path for post in posts for kind in ("*.png", "*.json") for path in post.glob(kind))
    return sorted(path for path in files if f"{path.parent.name}/{path.stem}" not in used)


def remove_unused_baselines(
    root: Path, names: Iterable[str], failed: Collection[str], on_wait: Callable[[], None] = lambda: None
) -> Iterator[str]:
    """Remove the files that `find_unused_baselines` returns, and yield the path of each below the baselines' folder."""
    with site_lock(root, on_wait):
        for path in find_unused_baselines(root / BASELINES, names, failed):
            inside = path.relative_to(root).as_posix()
            try:
                remove_below(os.fspath(root), inside)
            except OSError as error:
                raise ConfigError([Finding(inside, 1, 1, "", f"cannot be removed: {error.strerror}")]) from None
            yield path.relative_to(root / BASELINES).as_posix()


def running_toolchain(cache: DigestCache) -> Toolchain:
    """Return the versions of the installed libraries, and the digest of matplotlib's fonts."""
    import matplotlib as mpl

    fonts = sorted(Path(mpl.get_data_path(), "fonts", "ttf").glob("*.ttf"))
    lines = [f"{font.name} {cache.digest(str(font))}" for font in fonts]
    return {**fingerprint.versions(cache), "fonts": digest("\n".join(lines).encode())[:16]}


def read_toolchains(folder: Path) -> dict[str, Toolchain]:
    """Return the recorded toolchains by picture, and under "" the most common one; {} if nothing valid is recorded."""
    try:
        found = json.loads(read_below(os.fspath(folder), TOOLCHAIN))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: versions for name, versions in found.items() if isinstance(versions, dict)}


def drawn_by(toolchains: Mapping[str, Toolchain], name: str) -> Toolchain:
    """Return the toolchain that drew the baseline of a picture; empty if it is not recorded."""
    return toolchains.get(name, toolchains.get("", {}))


def write_toolchains(folder: Path, toolchains: Mapping[str, Toolchain]) -> None:
    """Record which toolchain drew each picture. The most common one is written once, under "". Raises ConfigError."""
    texts = {name: json.dumps(dict(versions), sort_keys=True) for name, versions in sorted(toolchains.items())}
    common = Counter(sorted(texts.values())).most_common(1)[0][0] if texts else "{}"
    others = {name: json.loads(text) for name, text in texts.items() if text != common}
    _write(folder, TOOLCHAIN, (json.dumps({"": json.loads(common), **others}, indent=2) + "\n").encode())


def _write(folder: Path, name: str, content: bytes) -> None:
    """Write a file in the baselines' folder unless its content is the same. Raises ConfigError if that fails."""
    root = folder.parents[BASELINES.count("/")]
    path = (folder / name).relative_to(root).as_posix()
    try:
        if read_before_write(os.fspath(root), path) != content:
            write_below(os.fspath(root), path, content)
    except OSError as error:
        raise ConfigError([Finding(path, 1, 1, "", f"cannot be written: {error.strerror}")]) from None
