"""Approved pictures beside what they say: read, compared with those of now, and replaced once somebody looked.

A baseline is two files, `tests/baseline/<Post>/<name>.png` and `….json`; `fingerprint.json` beside them records the
libraries and fonts that drew them, without which pixels cannot be judged.
"""

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from figgen.build import fingerprint
from figgen.build.digest_cache import DigestCache
from figgen.build.render_jobs import pictures, render_all
from figgen.build.site_lock import PRIVATE, remove_temp_files, site_lock
from figgen.errors import ConfigError, Finding
from figgen.regression.pixels import Difference, compare_pixels
from figgen.review.description import write
from figgen.review.description_diff import diff_descriptions
from figgen.site.files import digest
from figgen.site.paths import Target, VariantKind, discover
from figgen.site.safe_io import read_below, remove_below, replaced_below, write_below

BASELINES = "tests/baseline"  # below a site's root
TOOLCHAIN = "toolchain.json"

Toolchain = Mapping[str, str]


class Baseline(NamedTuple):
    """An approved picture, and what it says."""

    content: bytes
    description: Mapping[str, Any]


class Verdict(NamedTuple):
    """How a picture differs from its baseline, if there is one: what it says, in words, and its pixels."""

    new: bool = False
    changes: tuple[str, ...] = ()
    difference: Difference | None = None

    @property
    def differs(self) -> bool:
        """Tell whether anything does, if only the bytes."""
        return self.new or bool(self.changes) or self.difference is not None


class Result(StrEnum):
    """What became of a picture that was to be accepted."""

    ACCEPTED = "accepted"
    SAME = "same"
    REFUSED = "refused"


class Accepted(NamedTuple):
    """What became of a figure, how it differs from the baseline that it had, and why it was not drawn."""

    name: str
    result: Result
    verdict: Verdict = Verdict()
    findings: tuple[Finding, ...] = ()


def png_path(folder: Path, name: str) -> Path:
    """Give where the picture of a figure's baseline is."""
    return folder / f"{name}.png"


def json_path(folder: Path, name: str) -> Path:
    """Give where what a figure's baseline says is."""
    return folder / f"{name}.json"


def read_baseline(folder: Path, name: str) -> Baseline | None:
    """Read the baseline of a figure, `<Post>/<name>`; None if there is none, or not both of its files whole."""
    try:
        content = read_below(os.fspath(folder), f"{name}.png")
        told = json.loads(read_below(os.fspath(folder), f"{name}.json"))
        compare_pixels(content, content)
    except (OSError, ValueError, SyntaxError, RecursionError):
        return None
    return Baseline(content, told) if isinstance(told, dict) else None


def judge(baseline: Baseline | None, content: bytes, told: Mapping[str, Any]) -> Verdict:
    """Compare a picture and what it says with its baseline."""
    if baseline is None:
        return Verdict(new=True)
    difference = None if baseline.content == content else compare_pixels(baseline.content, content)[0]
    return Verdict(
        changes=tuple(diff_descriptions(baseline.description, json.loads(write(told)))), difference=difference
    )


def write_baseline(folder: Path, name: str, content: bytes, told: Mapping[str, Any]) -> None:
    """Make a picture the baseline of its figure."""
    _write(folder, f"{name}.json", write(told).encode())
    _write(folder, f"{name}.png", content)


def accept(
    root: Path,
    targets: Sequence[Target],
    *,
    drift_only: bool = False,
    jobs: int = 1,
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[Accepted]:
    """Draw figures and make them their baselines, and yield what became of each, by name.

    Refused is one that is not drawn, and with `drift_only` one that says something else than its baseline. It waits for
    builds, as another build does (see `build`).
    """
    with site_lock(root, on_wait):
        remove_temp_files(root, {BASELINES, *(f"{BASELINES}/{target.name.rpartition('/')[0]}" for target in targets)})
        yield from _accept(root, targets, drift_only=drift_only, jobs=jobs)


def _accept(root: Path, targets: Sequence[Target], *, drift_only: bool, jobs: int) -> Iterator[Accepted]:
    folder = root / BASELINES
    running = running_toolchain(DigestCache(root, f"{PRIVATE}/digests.json"))
    toolchains = read_toolchains(folder)
    known = [target.name + kind.suffix for target in discover(root)[0] for kind in VariantKind]
    by_name = {name: drawn_by(toolchains, name) for name in known if png_path(folder, name).exists()}
    names = {target.config: target.name for target in targets}
    for config, rendered in sorted(render_all(root, jobs, names, described=True), key=lambda pair: pair[0]):
        if rendered.findings:
            yield Accepted(names[config], Result.REFUSED, findings=rendered.findings)
        for name, picture in pictures(names[config], rendered):
            told = picture.description or {}
            verdict = judge(read_baseline(folder, name), picture.content, told)
            if drift_only and (verdict.new or verdict.changes):
                yield Accepted(name, Result.REFUSED, verdict)
                continue
            write_baseline(folder, name, picture.content, told)
            by_name[name] = running
            yield Accepted(name, Result.ACCEPTED if verdict.differs else Result.SAME, verdict)
    write_toolchains(folder, by_name)


def superfluous(folder: Path, names: Iterable[str], refused: Collection[str] = ()) -> list[Path]:
    """List the files of baselines whose figures are gone; of those refused it is not known which variants they have."""
    known = {*names, *(name + kind.suffix for name in refused for kind in VariantKind)}
    wanted = {path for name in known for path in (png_path(folder, name), json_path(folder, name))}
    # What lies behind a link is another's: baselines are written within the site alone.
    posts = [post for post in folder.glob("*") if post.is_dir() and not post.is_symlink()]
    return sorted({path for post in posts for kind in ("*.png", "*.json") for path in post.glob(kind)} - wanted)


def remove_superfluous(
    root: Path, names: Iterable[str], refused: Collection[str], on_wait: Callable[[], None] = lambda: None
) -> Iterator[str]:
    """Remove the files of baselines whose figures are gone (see `superfluous`), and yield each by its path."""
    with site_lock(root, on_wait):
        for path in superfluous(root / BASELINES, names, refused):
            inside = path.relative_to(root).as_posix()
            try:
                remove_below(os.fspath(root), inside)
            except OSError as error:
                raise ConfigError([Finding(inside, 1, 1, "", f"cannot be removed: {error.strerror}")]) from None
            yield path.relative_to(root / BASELINES).as_posix()


def running_toolchain(cache: DigestCache) -> Toolchain:
    """Give what draws here: the libraries' versions, and the digest of the fonts that come with matplotlib."""
    import matplotlib as mpl

    fonts = sorted(Path(mpl.get_data_path(), "fonts", "ttf").glob("*.ttf"))
    lines = [f"{font.name} {cache.digest(str(font))}" for font in fonts]
    return {**fingerprint.versions(cache), "fonts": digest("\n".join(lines).encode())[:16]}


def read_toolchains(folder: Path) -> dict[str, Toolchain]:
    """Read what drew each baseline, by the figure's name; under "" what drew most of them. It may be empty."""
    try:
        found = json.loads(read_below(os.fspath(folder), TOOLCHAIN))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def drawn_by(toolchains: Mapping[str, Toolchain], name: str) -> Toolchain:
    """Give what drew the baseline of a figure."""
    return toolchains.get(name, toolchains.get("", {}))


def write_toolchains(folder: Path, by_name: Mapping[str, Toolchain]) -> None:
    """Record what drew each baseline; what most have in common is written once."""
    written = {name: json.dumps(dict(versions), sort_keys=True) for name, versions in by_name.items()}
    common = max(sorted(written.values()), key=[*written.values()].count, default="{}")
    others = {name: json.loads(versions) for name, versions in sorted(written.items()) if versions != common}
    _write(folder, TOOLCHAIN, (json.dumps({"": json.loads(common), **others}, indent=2) + "\n").encode())


def _write(folder: Path, name: str, content: bytes) -> None:
    """Write a file of the baselines' folder, unless it holds this already. Nothing is written outside the site.

    Raises ConfigError if it cannot be written.
    """
    root = folder.parents[BASELINES.count("/")]
    path = (folder / name).relative_to(root).as_posix()
    try:
        if replaced_below(os.fspath(root), path) != content:
            write_below(os.fspath(root), path, content)
    except OSError as error:
        raise ConfigError([Finding(path, 1, 1, "", f"cannot be written: {error.strerror}")]) from None
