"""Read what figgen needs of a Jekyll site: its settings, its posts and pages, and their front matter.

Only the few keys that a picture's path depends on are read. Jekyll accepts much that is not valid YAML, so an error is
not reported here: what comes before it is used.
"""

import dataclasses
import functools
import os
import re
from collections.abc import Callable, Iterator
from fnmatch import translate
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import yaml

from figgen.errors import ConfigError, Finding, printable
from figgen.site.files import SiteFiles
from figgen.site.paths import CONFIGS
from figgen.site.yaml_events import parse

SETTINGS = "_config.yml"

_FOLDERS = ("_posts", "_drafts", "_tabs")  # every file there is a post; elsewhere, those with front matter
_ENDINGS = (".md", ".markdown", ".html", ".htm")
_DEPTH = 2  # `image: {path: …}`
_MAX_EVENTS = 200_000  # of the YAML parser
_MAX_DEPTH = 50  # its time grows with the square of the depth
_MAX_EXCLUDED, _MAX_EXCLUDED_CHARACTERS = 1_000, 50_000  # of patterns, each of which is compared with each path
_SKIPPED = frozenset({CONFIGS, "node_modules", "vendor"})

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n")
_FRONT_MATTER_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_TAG_DIRECTIVE = re.compile(r"^%(?=TAG\b)", re.MULTILINE)  # its time grows with the square of their number
_INVALID_IN_YAML = re.compile("[^\t\n\\x20-\\x7e\\x85\\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Value(NamedTuple):
    """One value of a YAML text and its span."""

    text: str
    start: int
    end: int


class Settings(NamedTuple):
    """The settings in `_config.yml` that figgen needs: addresses, and what Jekyll leaves out."""

    url: str = ""
    baseurl: str = ""
    cdn: str = ""
    exclude: tuple[str, ...] = ()


class Post(NamedTuple):
    """A post or page: its path for messages, and its path below the folder that it is read from.

    Unless `always`, Jekyll treats the file as a page only if it has front matter, and otherwise copies it.
    """

    path: str
    name: str
    always: bool


def read_settings(root: Path) -> Settings:
    """Read the site's `_config.yml`, if it has one. Raises ConfigError if it cannot be read, or excludes too much."""
    content = SiteFiles(root).read(SETTINGS) or b""
    values = yaml_values(content.decode("utf-8", "surrogateescape").removeprefix("\ufeff"))
    addresses = {name: values[name,].text.rstrip("/") for name in ("url", "baseurl", "cdn") if (name,) in values}
    excluded = [value.text.strip("/") for keys, value in values.items() if keys[:1] == ("exclude",) and value.text]
    if len(excluded) > _MAX_EXCLUDED or sum(map(len, excluded)) > _MAX_EXCLUDED_CHARACTERS:
        size = f"{len(excluded):,} patterns of {sum(map(len, excluded)):,} characters"
        allowed = (f"up to {_MAX_EXCLUDED:,} patterns of {_MAX_EXCLUDED_CHARACTERS:,} characters in all",)
        raise ConfigError([Finding(SETTINGS, 1, 1, "exclude", size, allowed)])
    return Settings(**addresses, exclude=tuple(excluded))


def yaml_values(text: str) -> dict[tuple[str, ...], Value]:
    """Return the scalars of a YAML mapping by their keys, two levels deep; the last one, if a key is repeated.

    What follows an error, or is deeper or longer than any site needs, is left out.
    """
    values: dict[tuple[str, ...], Value] = {}
    try:
        values.update(_scalars(_TAG_DIRECTIVE.sub("#", _INVALID_IN_YAML.sub("?", text))))
    except yaml.YAMLError:
        return values  # what comes before the error is still of use, and Jekyll reports the error
    return values


def _scalars(text: str) -> Iterator[tuple[tuple[str, ...], Value]]:
    keys: list[str | int | None] = []  # of each open collection: None where a key comes next, a number in a list
    for event in islice(parse(text), _MAX_EVENTS):
        if isinstance(event, yaml.CollectionStartEvent):
            if len(keys) == _MAX_DEPTH:
                return
            keys.append(None if isinstance(event, yaml.MappingStartEvent) else 0)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            keys.pop()
        elif isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            scalar = event.value if isinstance(event, yaml.ScalarEvent) else ""
            if keys and keys[-1] is None:
                keys[-1] = scalar
                continue
            start, end = event.start_mark, event.end_mark
            if len(keys) <= _DEPTH and start is not None and end is not None:
                yield tuple(map(str, keys)), Value(scalar, start.index, end.index)
        else:
            continue
        if keys:
            keys[-1] = keys[-1] + 1 if isinstance(keys[-1], int) else None


def split_front_matter(text: str) -> tuple[str, int]:
    r"""Return the front matter of a post ("" if it has none) and where its body starts. Lines end in `\n`."""
    start = _FRONT_MATTER.match(text)
    end = _FRONT_MATTER_END.search(text, start.end()) if start else None
    return (text[: end.start()], end.end()) if end else ("", 0)


def find_posts(root: Path, settings: Settings, folder: Path | None = None) -> list[Post]:
    """List the posts and pages of a site, or all Markdown and HTML files in a folder, sorted.

    Raises ConfigError if a folder cannot be read.
    """
    if folder is not None:
        paths = _walk(folder, lambda _: True)
        return [Post(printable((folder / path).as_posix()), path, always=True) for path in paths]
    found = []
    for path in _walk(root, lambda inside: _is_read(inside, settings)):
        always = any(part in _FOLDERS for part in path.split("/")[:-1])
        if always or not is_excluded(path, settings):
            found.append(Post(printable(path), path, always))
    return found


def read_post(files: SiteFiles, post: Post) -> bytes | None:
    """Read a post; return None for a file that Jekyll only copies. Raises ConfigError if it cannot be read."""
    try:
        content = files.read(post.name)
    except ConfigError as error:
        raise ConfigError(dataclasses.replace(finding, path=post.path) for finding in error.findings) from None
    if content is None:
        raise ConfigError([Finding(post.path, 1, 1, "", "file not found")])
    return content if post.always or content.removeprefix(b"\xef\xbb\xbf").startswith(b"---") else None


def _walk(root: Path, enter: Callable[[str], bool]) -> list[str]:
    found: list[str] = []
    for folder, folders, names in os.walk(root, onerror=_unreadable):
        inside = folder[len(os.fspath(root)) :].replace(os.sep, "/").lstrip("/")
        inside += "/" if inside else ""
        folders[:] = [name for name in folders if enter(inside + name)]
        found += [inside + name for name in names if name.lower().endswith(_ENDINGS)]
    return sorted(found)


def _unreadable(error: OSError) -> None:
    raise ConfigError([Finding(printable(str(error.filename)), 1, 1, "", f"cannot be read: {error.strerror}")])


def _is_read(folder: str, settings: Settings) -> bool:
    name = folder.rpartition("/")[2]
    if any(part in _FOLDERS for part in folder.split("/")):
        return True
    return not name.startswith((".", "_")) and name not in _SKIPPED and not is_excluded(folder, settings)


def is_excluded(path: str, settings: Settings) -> bool:
    """Check whether Jekyll leaves out a file or folder, by its path from the site's root."""
    return bool(settings.exclude) and _any_of(settings.exclude).match(path) is not None


@functools.lru_cache(1)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return one regular expression for all patterns: a thousand of them are tried in the time of few calls."""
    return re.compile("|".join(f"{translate(pattern)}|{re.escape(pattern)}/" for pattern in patterns))
