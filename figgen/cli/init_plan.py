"""What a Jekyll site needs to draw its figures with figgen: files that are new, and lines for the author's own.

Nothing is written here. What is there stays as it is: a file of the author's is at most proposed to be changed.
"""

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from string import Template
from typing import NamedTuple

from figgen.build.fingerprint import LIBRARIES
from figgen.build.lockfile import LOCKFILE
from figgen.config.spec import json_schema
from figgen.errors import UsageError
from figgen.posts.jekyll import SETTINGS, is_excluded, read_settings
from figgen.site.paths import CONFIGS, STYLES, discover

INCLUDED = "figgen.mk"
SCHEMA = "figgen.schema.json"
REQUIREMENTS = f"{CONFIGS}/requirements.txt"
PRE_COMMIT = ".pre-commit-config.yaml"
FIRST_DRAFT = "_drafts/first-figure.md"

_TEMPLATES = Path(__file__).with_name("templates")
_FILES = {
    INCLUDED: "figgen.mk",
    PRE_COMMIT: "pre-commit-config.yaml",
    ".github/workflows/figures.yml": "figures.yml",
}
_FIRST_FIGURE = {
    f"{STYLES}/house.mplstyle": "house.mplstyle",
    f"{STYLES}/house-dark.mplstyle": "house-dark.mplstyle",
    f"{CONFIGS}/Example/first-figure.yaml": "first-figure.yaml",
    FIRST_DRAFT: "first-figure.md",
}
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")  # in the order in which make looks for one
_SOURCES = (CONFIGS, "tests", INCLUDED, LOCKFILE, SCHEMA, "Makefile")  # which are not for readers
_INCLUDE = f"include {INCLUDED}\n"
_INCLUDES = re.compile(rf"^-?include\s.*\b{re.escape(INCLUDED)}\b", re.MULTILINE)
_TARGET = re.compile(r"^(figures(?:-check|-watch)?)\s*:", re.MULTILINE)
_PINNED = re.compile(r"git\+[a-z]+://\S+/[^\s/]+@[^\s/]+")
_PLACES = "allowed: git+https://…@<commit>, or the folder of a checkout"


class Edit(NamedTuple):
    """A file of the author's that is to be changed, if its author agrees."""

    path: str
    before: bytes
    after: bytes


class Advice(NamedTuple):
    """What the author is to do: in which file, what for, and the lines to add, if there are any."""

    path: str
    text: str
    lines: str = ""


class Plan(NamedTuple):
    """New files by their paths, edits that need consent, and what only the author can do."""

    new: dict[str, str]
    edits: list[Edit]
    advice: list[Advice]


def find_source(wanted: str | None) -> str:
    """Give the address that pip gets figgen from: what is wanted, or else what this figgen was installed from.

    Raises UsageError if it is not pinned, or cannot be told.
    """
    if wanted is None:
        return _own_source()
    if _PINNED.fullmatch(wanted):
        return wanted
    if "://" not in wanted and (Path(wanted) / "pyproject.toml").is_file():
        return Path(wanted).resolve().as_uri()
    raise UsageError(f"--from: '{wanted}' is no place that a pinned figgen comes from; {_PLACES}")


def _own_source() -> str:
    """Read what pip has recorded of where this figgen is from, as PEP 610 has it."""
    try:
        record = metadata.distribution("figgen").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        record = None
    told = json.loads(record or "{}")
    if "url" not in told:
        raise UsageError(f"it cannot be told where this figgen was installed from: say so with --from; {_PLACES}")
    commit = told.get("vcs_info", {}).get("commit_id")
    return f"git+{told['url']}@{commit}" if commit else str(told["url"])


def plan(root: Path, wanted: str | None) -> Plan:
    """Tell what a site lacks; `wanted` is where it is to get figgen, as for `find_source`.

    Raises UsageError if it is no site of Jekyll's, ConfigError if a file cannot be read.
    """
    if not (root / SETTINGS).is_file():
        raise UsageError(f"no {SETTINGS} in {root}: go to the folder of a Jekyll site, or name it with --root")
    source = find_source(wanted)
    texts = {path: _template(name) for path, name in _FILES.items()}
    texts |= {REQUIREMENTS: _requirements(source), SCHEMA: json_schema()}
    if not (root / CONFIGS).is_dir() or not discover(root)[0]:
        texts |= {path: _template(name) for path, name in _FIRST_FIGURE.items()}
    edits, advice = [], []
    makefile = next((name for name in _MAKEFILES if (root / name).is_file()), None)
    if makefile is None:
        texts["Makefile"] = _INCLUDE
    else:
        content = (root / makefile).read_bytes()
        text = content.decode("utf-8", "surrogateescape")
        if not _INCLUDES.search(text) and (own := _TARGET.search(text)):
            advice.append(
                Advice(makefile, f"has a target '{own[1]}' of its own; 'make -f {INCLUDED} {own[1]}' is figgen's")
            )
        elif not _INCLUDES.search(text):
            gap = b"\n" if text.endswith("\n") or not text else b"\n\n"
            edits.append(Edit(makefile, content, content + gap + _INCLUDE.encode()))
    new = {path: text for path, text in texts.items() if not (root / path).exists()}
    return Plan(new, edits, [*advice, *_advice(root, source, new)])


def _advice(root: Path, source: str, new: dict[str, str]) -> Iterator[Advice]:
    if PRE_COMMIT not in new and INCLUDED.encode() not in (root / PRE_COMMIT).read_bytes():
        hook = _template(_FILES[PRE_COMMIT]).partition("\n")[2]
        yield Advice(PRE_COMMIT, "add this under 'repos:', for figures that are up to date in every commit", hook)
    settings = read_settings(root)
    published = [name for name in _SOURCES if not is_excluded(name, settings)]
    if published:
        lines = "exclude:\n" + "".join(f"  - {name}\n" for name in published)
        yield Advice(
            SETTINGS, "add this, or its names to the list that is there, so that Jekyll does not publish them", lines
        )
    if REQUIREMENTS in new and source.startswith("file:"):
        yield Advice(REQUIREMENTS, "names a folder of this machine: put git+https://…@<commit> there for CI and others")


def _requirements(source: str) -> str:
    libraries = "\n".join(f"{name}=={metadata.version(name)}" for name in LIBRARIES)
    return Template(_template("requirements.txt")).substitute(figgen=f"figgen[watch] @ {source}", libraries=libraries)


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
