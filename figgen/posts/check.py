"""The closure of posts, configs and artefacts: each refers to the others, and nothing is missing, stale or unused."""

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from figgen.build import builder, lockfile
from figgen.build.staleness import StaleReason
from figgen.errors import Finding, did_you_mean
from figgen.posts.inline import FRONT, HTML, MARKDOWN
from figgen.posts.jekyll import printable
from figgen.posts.references import Reference
from figgen.site.files import SiteFiles
from figgen.site.paths import ARTEFACTS, CONFIGS, Target, VariantKind
from figgen.site.png import Size, png_description, png_size
from figgen.site.safe_io import open_file

_ABSOLUTE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:px)?\s*")
_MANY = 1_000  # artefacts that are compared letter by letter
_BEGINNING = 32_768  # bytes of a PNG, in which its alt text stands
_NEAR = 3  # lines between two images that belong together: captions, or an empty line
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_OPPOSITE = {"light": "dark", "dark": "light"}


def _despite_libraries(step: builder.Step) -> builder.Step:
    """Leave out that other libraries drew a picture than there are here, which makes it no less its config's."""
    return step._replace(reasons=tuple(reason for reason in step.reasons if reason.kind is not StaleReason.TOOLCHAIN))


class Site:
    """What is known of a site's artefacts: what each is made from, whether it is up to date, and what else is there.

    Raises ConfigError if the lockfile is damaged.
    """

    def __init__(self, root: Path, targets: Sequence[Target]) -> None:
        self._root = root
        self._files = SiteFiles(root)
        self._entries = lockfile.read(root)
        self._names: dict[str, dict[str, list[str]]] = {}
        self.plan = [*map(_despite_libraries, builder.plan(root, targets))]
        self.steps = {path: step for step in self.plan for path in (step.target.artefact, *step.extra_outputs)}
        for step in self.plan:
            if (entry := self._entries.get(step.target.artefact)) is not None:
                for path, alone in entry.split_outputs(step.target.artefact).items():
                    self._entries.setdefault(path, alone)
        self.by_lower = {artefact.lower(): artefact for artefact in self.steps}
        self.by_name = {artefact.rpartition("/")[2]: artefact for artefact in self.by_lower}

    def find(self, path: str) -> str | None:
        """Give the path of a file as the disk has it, in this spelling or in other letter cases; None if there is none.

        A file system that does not tell letter cases apart would find it under any.
        """
        found = ""
        for part in path.split("/"):
            names = self._folder(found).get(part.lower(), [])
            if not names:
                return None
            found += ("/" if found else "") + (part if part in names else names[0])
        return found

    def _folder(self, folder: str) -> dict[str, list[str]]:
        """List a folder: the names in it by their lower case."""
        if folder not in self._names:
            names: dict[str, list[str]] = {}
            for name in os.fsdecode(self.read(f"{folder}/") or b"").split("\n"):
                names.setdefault(name.lower(), []).append(name)
            self._names[folder] = names
        return self._names[folder]

    def dark(self, artefact: str) -> str | None:
        """Give the path of the dark variant of an artefact, if its config makes one."""
        dark = dark_path(artefact)
        return dark if artefact in self.steps and dark in self.steps[artefact].extra_outputs else None

    def is_fresh(self, artefact: str) -> bool:
        """Tell whether a path is that of an artefact that is up to date."""
        return artefact in self.steps and not self.steps[artefact].reasons

    def is_orphan(self, path: str) -> bool:
        """Tell whether a path is that of an artefact, by the lockfile, which no config makes."""
        return path in self._entries and path not in self.steps

    def size(self, path: str) -> Size | None:
        """Tell the size of a picture in pixels, if it is a PNG that is there."""
        if self.is_fresh(path):
            return self._entries[path].size
        if path.lower().endswith(".png") and self.find(path) == path:
            with contextlib.suppress(ValueError):  # not a PNG, whatever its name says
                return png_size(self.read(path) or b"")
        return None

    def alt(self, artefact: str) -> str:
        """Tell the alt text of an artefact that is up to date; nothing of any other."""
        with contextlib.suppress(OSError):  # that it is gone by now is for the next check
            if self.is_fresh(artefact):
                with open_file(os.fspath(self._root), artefact) as file:
                    return png_description(file.read(_BEGINNING))
        return ""

    def is_outdated(self, alt: str, artefact: str) -> bool:
        """Tell whether an alt text is an artefact's but for the numbers, which were others when it was written."""
        return any(map(str.isdigit, alt)) and differ_by_numbers(alt, self.alt(artefact))

    def read(self, path: str) -> bytes | None:
        """Read a file of the site. Raises ConfigError if it cannot be read."""
        return self._files.read(path)


class Closure:
    """Checks posts one by one, and tells in the end which figures none of them used."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._used: set[str] = set()

    def check(self, references: Sequence[Reference]) -> list[Finding]:
        """Tell what is wrong with the pictures of one post."""
        findings: list[Finding] = []
        paired = pairs(references)
        for reference in references:
            if reference.target is None or not self.is_relevant(reference.target):
                continue
            findings += self._file(reference, reference.target)
            findings += self.check_alt_and_size(reference, reference.target)
            findings += self._variant(reference, reference.target, paired)
        findings += self.missing_dark_images(references)
        return findings

    def unused(self) -> Iterator[Finding]:
        """Yield a finding for every figure that no post used."""
        for step in self._site.plan:
            artefact = step.target.artefact
            if self._used.isdisjoint((artefact, *step.extra_outputs)):
                hint = f"refer to it with the line that 'figgen snippet {step.target.name}' prints, or remove it"
                yield Finding(step.target.config, 1, 1, "", f"no post uses its figure, {artefact}", hint=hint)

    def is_relevant(self, path: str) -> bool:
        """Tell whether a path is, or was meant to be, that of an artefact or of what lies beside them."""
        lower = path.lower()
        if lower.startswith(f"{ARTEFACTS}/"):
            return True
        return lower.rpartition("/")[2] in self._site.by_name and self._site.find(path) != path

    def _file(self, reference: Reference, path: str) -> Iterator[Finding]:
        site, step = self._site, self._site.steps.get(path)
        if step is not None:
            self._used.add(path)
            kinds = {reason.kind for reason in step.reasons}
            there = site.find(path) if kinds & {StaleReason.MISSING, StaleReason.NEW} else path
            if there is not None and there != path:
                message = f"made from {step.target.config}, its file is called {there}, which differs by letter case"
                yield finding(reference, message, hint=f"remove that file and run 'figgen build {step.target.config}'")
            elif kinds:
                yield _stale(reference, step)
            return
        meant = site.by_lower.get(path.lower())
        there = site.find(path)
        if there == path:
            if site.is_orphan(path):
                yield _orphan(reference, path)
            return
        if meant is not None or there is not None:
            self._used.add(meant or "")
            yield _case(reference, meant or str(there), site.steps[meant].target.config if meant else "")
            return
        yield self._missing(reference, path)

    def _missing(self, reference: Reference, path: str) -> Finding:
        lower = path.lower()
        same_name = self._site.by_lower.get(self._site.by_name.get(lower.rpartition("/")[2], ""))
        near = f"did you mean '{same_name}'?" if same_name else did_you_mean(path, self._beside(path))
        config = f"{CONFIGS}/{path[len(ARTEFACTS) + 1 : -len('.png')]}.yaml"
        made = lower.startswith(f"{ARTEFACTS}/") and lower.endswith(".png")
        message = "there is no such file" + (f", and no config {config} that makes it" if made else "")
        return finding(reference, message, ("the artefact of a config, or a file that is there",), near)

    def _beside(self, path: str) -> list[str]:
        """List the artefacts that a mistyped path may have meant: those of its post, or else of all."""
        folder = path.lower().rpartition("/")[0] + "/"
        own = [own for lower, own in self._site.by_lower.items() if lower.startswith(folder)]
        return own or list(self._site.steps)[:_MANY]

    def check_alt_and_size(self, reference: Reference, path: str) -> Iterator[Finding]:
        """Check what a post says of a picture: its alt text and its size."""
        if reference.kind in {MARKDOWN, HTML, FRONT} and not (reference.alt or "").strip():
            said = "an empty alt text" if reference.alt is not None else "no alt text"
            step = self._site.steps.get(path)
            hint = f"'figgen check --fix' takes it from {step.target.config}" if step else ""
            yield finding(reference, said, ("what the figure shows, in words",), hint)
        elif self._site.is_outdated(reference.alt or "", path):
            message = f"other numbers in the alt text than the figure has: '{self._site.alt(path)}'"
            target = self._site.steps[path].target
            hint = f"'figgen check --fix' takes it from {target.config}"
            if reference.kind == FRONT:
                hint = f"take it from what 'figgen snippet {target.name}' prints"
            yield finding(reference, message, hint=hint)
        given = given_size(reference)
        size = self._site.size(path) if given else None
        if given and size and not same_ratio(given, size):
            written = f'width="{reference.width}" height="{reference.height}"'
            allowed = f"the ratio of the picture, which is {size[0]} x {size[1]}"
            yield finding(
                reference, f"{written} would distort it", (allowed,), f'write height="{height_for(given, size)}"'
            )

    def _variant(self, reference: Reference, path: str, paired: set[int]) -> Iterator[Finding]:
        mode = mode_of(reference)
        if mode and reference.start not in paired:
            other = _OPPOSITE[mode]
            message = f"shown on {mode} pages only, with no image of the class .{other} beside it"
            hint = f"add the {other} one in the next line, or remove .{mode}"
            if mode == "light" and path in self._site.steps and dark_path(path) not in self._site.steps:
                config = self._site.steps[path].target.config
                hint += f"; with 'variants: [light, dark]', {config} makes {dark_path(path)}"
            yield finding(reference, message, hint=hint)

    def missing_dark_images(self, references: Sequence[Reference]) -> Iterator[Finding]:
        """Yield the images that are shown on dark pages too, though there is a dark variant, which the post lacks."""
        shown = {reference.target for reference in references}
        for reference in references:
            path = reference.target
            if path is None or reference.kind not in {MARKDOWN, HTML} or mode_of(reference):
                continue
            if (dark := self._site.dark(path)) is not None and dark not in shown:
                hint = f"use the lines that 'figgen snippet {self._site.steps[path].target.name}' prints"
                yield finding(reference, f"its dark variant, {dark}, is not shown", hint=hint)


def differ_by_numbers(text: str, other: str) -> bool:
    """Check whether two texts are the same except for the numbers in them."""
    one, two = " ".join(text.split()), " ".join(other.split())
    return one != two and _NUMBER.sub("#", one) == _NUMBER.sub("#", two)


def dark_path(artefact: str) -> str:
    """Name the dark variant of a picture: `one.png` has `one-dark.png`."""
    stem, dot, ending = artefact.rpartition(".")
    return f"{stem}{VariantKind.DARK.suffix}{dot}{ending}"


def given_size(reference: Reference) -> tuple[float, float] | None:
    """Give the width and height that a post gives a picture, if both are plain numbers of pixels."""
    width, height = pixels(reference.width), pixels(reference.height)
    return None if width is None or height is None else (width, height)


def pixels(written: str | None) -> float | None:
    """Read a plain number of pixels, `600` or `600px`; None if it is another measure, or none."""
    found = _ABSOLUTE.fullmatch(written or "")
    return float(found[1]) if found else None


def same_ratio(given: tuple[float, float], size: Size) -> bool:
    """Tell whether a picture of this size fits the given one, but for rounding to a pixel."""
    (width, height), (own_width, own_height) = given, size
    return abs(width * own_height - height * own_width) <= max(own_width, own_height)


def height_for(given: tuple[float, float], size: Size) -> int:
    """Give the height that goes with the given width."""
    return round(given[0] * size[1] / size[0]) if size[0] else size[1]


def pairs(references: Sequence[Reference]) -> set[int]:
    """Give the starts of the light and dark images that stand beside a counterpart of their own."""
    shown = [reference for reference in references if mode_of(reference)]
    paired: set[int] = set()
    for at, (first, second) in enumerate(pairwise(shown)):
        near = second.line - first.line <= _NEAR
        if at not in paired and near and _OPPOSITE[mode_of(first)] == mode_of(second):
            paired |= {at, at + 1}
    return {shown[at].start for at in paired}


def mode_of(reference: Reference) -> str:
    """Tell which pages an image is shown on by its class: light, dark, or those of both, which is nothing."""
    return next((mode for mode in _OPPOSITE if mode in reference.classes and reference.kind in {MARKDOWN, HTML}), "")


def _orphan(reference: Reference, path: str) -> Finding:
    config = f"{CONFIGS}/{path[len(ARTEFACTS) + 1 : -len('.png')]}.yaml"
    hint = f"bring {config} back, or remove the picture with 'figgen clean --orphans'"
    return finding(reference, "figgen made it, and its config is gone", hint=hint)


def _stale(reference: Reference, step: builder.Step) -> Finding:
    config = step.target.config
    message = f"made from {config}, it is not up to date: {', '.join(map(str, step.reasons))}"
    return finding(reference, message, hint=f"run 'figgen build {config}'")


def _case(reference: Reference, there: str, config: str) -> Finding:
    made = f", made from {config}" if config else ""
    message = f"differs only by letter case from {there}{made}"
    return finding(reference, message, hint="write it letter for letter: most servers tell cases apart")


def finding(reference: Reference, message: str, allowed: tuple[str, ...] = (), hint: str = "") -> Finding:
    """Say what is wrong with a reference, at its place."""
    where = printable(reference.target or reference.written)
    return Finding(reference.path, reference.line, reference.column, where, printable(message), allowed, hint)
