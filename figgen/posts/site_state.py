"""The pictures of a site: which config makes each, whether it is up to date, and which files exist."""

import contextlib
import os
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from figgen.build import builder, lockfile
from figgen.build.staleness import StaleReason
from figgen.errors import ConfigError, Mistake, did_you_mean
from figgen.posts.jekyll import read_settings
from figgen.site.files import SiteFiles
from figgen.site.paths import ARTEFACTS, CONFIGS, Target, VariantKind
from figgen.site.png import Size, png_description, png_size
from figgen.site.safe_io import UnsafePathError, open_file

_PNG_HEAD = 32_768  # bytes of a PNG, which contain its alt text
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _ignore_libraries(step: builder.Step) -> builder.Step:
    """Return a step without the reason that libraries have other versions: its picture still matches its config."""
    return step._replace(reasons=tuple(reason for reason in step.reasons if reason.kind is not StaleReason.TOOLCHAIN))


class SiteState:
    """The settings of a site, its artefacts with the steps that make them (`steps`, by path), and its files.

    Raises ConfigError if the lockfile is damaged, or the settings cannot be read.
    """

    def __init__(self, root: Path, targets: Sequence[Target]) -> None:
        self._root = root
        self.files = SiteFiles(root)
        self._made: dict[str, lockfile.OutputRecord] = {}
        self._main_outputs: dict[str, str] = {}
        for artefact, entry in lockfile.read(root).items():
            self._made |= entry.outputs
            self._main_outputs |= dict.fromkeys(entry.outputs, artefact)
        self._names: dict[str, dict[str, str]] = {}
        self.settings = read_settings(root)
        self.plan = [*map(_ignore_libraries, builder.plan(root, targets))]
        self.steps = {path: step for step in self.plan for path in step.outputs}
        self._by_lower = {artefact.lower(): artefact for artefact in self.steps}
        self._by_name = {lower.rpartition("/")[2]: artefact for lower, artefact in self._by_lower.items()}
        self._by_folder: dict[str, list[str]] = defaultdict(list)
        for lower, artefact in self._by_lower.items():
            self._by_folder[lower.rpartition("/")[0]].append(artefact)

    def find(self, path: str) -> str | None:
        """Return the path of a file with the letter case that it has on disk, or None if no file matches in any case.

        This is the same on every machine, while a case-insensitive file system would find the file in any letter case.
        """
        found = ""
        for part in path.split("/"):
            if found not in self._names:
                names = os.fsdecode(self.files.read(f"{found}/") or b"").split("\n")
                self._names[found] = {name.lower(): name for name in names} | {name: name for name in names}
            name = self._names[found].get(part) or self._names[found].get(part.lower())
            if not name:
                return None
            found += f"/{name}" if found else name
        return found

    def check_readable(self, path: str) -> Mistake | None:
        """Return what is wrong with a file that is there, but cannot be opened, such as a folder; otherwise None."""
        if self.find(path) != path:
            return None
        try:
            with open_file(os.fspath(self._root), path):
                return None
        except UnsafePathError as error:
            return Mistake(error.message, error.allowed, error.hint)
        except OSError as error:
            return Mistake(f"cannot be read: {error.strerror}")

    def artefact(self, path: str) -> str | None:
        """Return the artefact that a path refers to, in any letter case, unless there is another file of that path."""
        if path in self.steps:
            return path
        artefact = self._by_lower.get(path.lower())
        return artefact if artefact and self.find(path) != path else None

    def is_relevant(self, path: str) -> bool:
        """Check whether a path is in the folder of artefacts, or was probably meant to be."""
        folder, _, name = path.lower().rpartition("/")
        return f"{folder}/".startswith(f"{ARTEFACTS}/") or (name in self._by_name and self.find(path) != path)

    def suggest(self, path: str) -> str:
        """Return a hint with the artefact that a missing path may mean: of the same name, or a similar one; or ""."""
        folder, _, name = path.lower().rpartition("/")
        if same_name := self._by_name.get(name):
            return f"did you mean '{same_name}'?"
        return did_you_mean(path, self._by_folder.get(folder) or self.steps)

    def is_fresh(self, path: str) -> bool:
        """Check whether a path is that of an artefact that is up to date."""
        return path in self.steps and not self.steps[path].reasons

    def missing_config(self, path: str) -> str | None:
        """Return the config that an orphan was made from, or None if the path is not that of an orphan."""
        return config_of(self._main_outputs[path]) if path in self._made and path not in self.steps else None

    def size(self, path: str) -> Size | None:
        """Return the size of a picture in pixels, or None if it is not a PNG that can be read."""
        if self.is_fresh(path):
            return self._made[path].size
        if path.lower().endswith(".png") and self.find(path) == path:
            with contextlib.suppress(ValueError, ConfigError):  # not a PNG, whatever its name says, or not readable
                return png_size(self.files.read(path) or b"")
        return None

    def alt_text(self, path: str) -> str:
        """Return the alt text of an artefact that is up to date, and "" for any other."""
        with contextlib.suppress(OSError):  # if it was removed meanwhile, the next check reports it
            if self.is_fresh(path):
                with open_file(os.fspath(self._root), path) as file:
                    return png_description(file.read(_PNG_HEAD))
        return ""

    def is_outdated(self, alt: str, path: str) -> bool:
        """Check whether an alt text differs from that of an artefact, but only in its numbers."""
        if not any(map(str.isdigit, alt)):
            return False
        old, new = (" ".join(text.split()) for text in (alt, self.alt_text(path)))
        return old != new and _NUMBER.sub("#", old) == _NUMBER.sub("#", new)


def config_of(artefact: str) -> str:
    """Return the path of the config that makes an artefact."""
    return f"{CONFIGS}{artefact[len(ARTEFACTS) : -len('.png')]}.yaml"


def dark_path(path: str) -> str:
    """Return the path of the dark variant of a picture: `one-dark.png` for `one.png`."""
    stem, dot, extension = path.rpartition(".")
    return f"{stem}{VariantKind.DARK.suffix}{dot}{extension}"
