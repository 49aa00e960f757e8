"""What a Jekyll site needs to draw its figures with figgen: new files, and lines to add to existing ones.

Nothing is written here, and an existing file is never replaced: at most, a change to it is proposed.
"""

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from figgen.build.lockfile import LOCKFILE
from figgen.config.spec import json_schema
from figgen.errors import UsageError, format_choices
from figgen.posts import FileEdit
from figgen.posts.jekyll import SETTINGS, is_excluded, read_settings
from figgen.site.paths import CONFIGS, STYLES, discover

INCLUDED = "figgen.mk"
SCHEMA = "figgen.schema.json"
REQUIREMENTS = "figgen.requirements.txt"
WORKFLOW = ".github/workflows/figures.yml"
PRE_COMMIT = ".pre-commit-config.yaml"
FIRST_DRAFT = "_drafts/first-figure.md"

_TEMPLATES = Path(__file__).with_name("templates")
_FILES = {
    INCLUDED: "figgen.mk",
    PRE_COMMIT: "pre-commit-config.yaml",
    WORKFLOW: "figures.yml",
    REQUIREMENTS: "requirements.txt",
}
_FIRST_FIGURE = {
    f"{STYLES}/house.mplstyle": "house.mplstyle",
    f"{STYLES}/house-dark.mplstyle": "house-dark.mplstyle",
    f"{CONFIGS}/Example/first-figure.yaml": "first-figure.yaml",
    FIRST_DRAFT: "first-figure.md",
}
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")  # in the order in which make looks for one
_NOT_PUBLISHED = (CONFIGS, "tests", INCLUDED, LOCKFILE, REQUIREMENTS, SCHEMA, "Makefile")
_INCLUDE = f"include {INCLUDED}\n"
_INCLUDES = re.compile(rf"^-?include\s.*\b{re.escape(INCLUDED)}\b", re.MULTILINE)
_TARGET = re.compile(r"^(figures(?:-check|-watch)?)\s*:", re.MULTILINE)
# A commit's full name is a hash of its content. The rest is safe within quotes in a Makefile.
_PINNED = re.compile(r"git\+[a-z]+://[^\s'#$]+@[0-9a-f]{40}")
_ALLOWED_SOURCES = format_choices(("git+https://…@<commit, 40 digits>", "the folder of a checkout"))
_ABOUT_REQUIREMENTS = (
    "# The packages that figgen was tested with. 'make figures' installs them in .figgen/, then figgen itself.\n"
)
_FORMER_REQUIREMENTS = f"{CONFIGS}/requirements.txt"


class Advice(NamedTuple):
    """What the author should do: in which file, what, and the lines to add, if there are any."""

    path: str
    text: str
    lines: str = ""


class InitPlan(NamedTuple):
    """New files by their paths, edits that need the author's consent, and what only the author can do."""

    new: dict[str, str]
    edits: list[FileEdit]
    advice: list[Advice]


def find_source(wanted: str | None) -> str:
    """Return what pip installs figgen from: `wanted`, or else what this figgen was installed from.

    Raises UsageError if that is unknown, or not pinned.
    """
    if wanted is None:
        return _own_source()
    if _PINNED.fullmatch(wanted):
        return wanted
    if "://" not in wanted and (Path(wanted) / "pyproject.toml").is_file():
        return Path(wanted).resolve().as_uri()
    raise UsageError(f"--from: '{wanted}' is not a pinned source of figgen; {_ALLOWED_SOURCES}")


def _own_source() -> str:
    """Return where this figgen was installed from, as pip recorded it (PEP 610)."""
    try:
        record = metadata.distribution("figgen").read_text("direct_url.json")
    except metadata.PackageNotFoundError:  # figgen runs without being installed
        record = None
    source = json.loads(record or "{}")
    url, commit = source.get("url", ""), source.get("vcs_info", {}).get("commit_id")
    found = f"git+{url}@{commit}" if commit else url
    if not found.startswith("file:") and not _PINNED.fullmatch(found):
        raise UsageError(f"cannot determine where figgen was installed from; pass it with --from; {_ALLOWED_SOURCES}")
    return str(found)


def plan_init(root: Path, wanted: str | None) -> InitPlan:
    """Return what a site lacks; `wanted` is the source of figgen, as for `find_source`.

    Raises UsageError if it is not a Jekyll site, ConfigError if a file cannot be read.
    """
    if not (root / SETTINGS).is_file():
        raise UsageError(
            f"not a Jekyll site: no {SETTINGS} in {root}; run this in the site's folder, or pass it with --root"
        )
    source = find_source(wanted)
    texts = {path: _template(name) for path, name in _FILES.items()}
    texts[INCLUDED] = texts[INCLUDED].replace("<source>", source)
    texts[REQUIREMENTS] = _ABOUT_REQUIREMENTS + texts[REQUIREMENTS]
    texts[SCHEMA] = json_schema()
    if not (root / CONFIGS).is_dir() or not discover(root)[0]:
        texts |= {path: _template(name) for path, name in _FIRST_FIGURE.items()}
    edits, advice = [], []
    makefile = next((name for name in _MAKEFILES if (root / name).is_file()), None)
    if makefile is None:
        texts["Makefile"] = _INCLUDE
    else:
        content = (root / makefile).read_bytes()
        text = content.decode("utf-8", "surrogateescape")
        if _INCLUDES.search(text):
            pass
        elif target := _TARGET.search(text):
            message = f"already has a target '{target[1]}'; run figgen's with 'make -f {INCLUDED} {target[1]}'"
            advice.append(Advice(makefile, message))
        else:
            gap = b"\n" if text.endswith("\n") or not text else b"\n\n"
            edits.append(FileEdit(makefile, content, content + gap + _INCLUDE.encode()))
    new = {path: text for path, text in texts.items() if not (root / path).exists()}
    return InitPlan(new, edits, [*advice, *_advice(root, wanted, source, new)])


def _advice(root: Path, wanted: str | None, source: str, new: dict[str, str]) -> Iterator[Advice]:
    present = "" if INCLUDED in new else (root / INCLUDED).read_text("utf-8", "replace")
    again = "and run 'figgen init' again"
    if _FORMER_REQUIREMENTS in present:
        others = f"{_FORMER_REQUIREMENTS} and {WORKFLOW}"
        yield Advice(INCLUDED, f"installs packages without hashes; remove it, {others}, {again}")
    elif present and wanted and source not in present:
        yield Advice(INCLUDED, f"names another source of figgen; remove it and {REQUIREMENTS}, {again}")
    if PRE_COMMIT not in new and INCLUDED.encode() not in (root / PRE_COMMIT).read_bytes():
        hook = _template(_FILES[PRE_COMMIT]).partition("\n")[2]
        yield Advice(PRE_COMMIT, "add this under 'repos:', to build and check the figures before each commit", hook)
    settings = read_settings(root)
    published = [name for name in _NOT_PUBLISHED if not is_excluded(name, settings)]
    if published:
        lines = "exclude:\n" + "".join(f"  - {name}\n" for name in published)
        yield Advice(SETTINGS, "add these names to 'exclude', so that Jekyll does not publish the files", lines)
    if INCLUDED in new and source.startswith("file:"):
        yield Advice(
            INCLUDED,
            "refers to a folder on this machine; replace it with git+https://…@<commit> for CI and other authors",
        )


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
