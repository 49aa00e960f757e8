"""What Jekyll knows of a site that figgen needs: its settings, its posts and pages, and their front matter.

Jekyll is not strict about YAML, so neither is this: only the few keys that a picture's path depends on are read, and of
a text that is no YAML, what stands before the mistake. Jekyll itself tells the rest.
"""

import dataclasses
import os
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import yaml

from figgen.errors import ConfigError, Finding
from figgen.site.files import SiteFiles
from figgen.site.paths import CONFIGS

SETTINGS = "_config.yml"

_FOLDERS = ("_posts", "_drafts", "_tabs")  # all of their files are posts; elsewhere only those with front matter
_ENDINGS = (".md", ".markdown", ".html", ".htm")
_DEPTH = 2  # `image: {path: …}`
_NEVER = frozenset({CONFIGS, "node_modules", "vendor"})

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FRONT = re.compile(r"\ufeff?---[ \t]*\n")
_FRONT_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_UNREADABLE = re.compile("[^\t\n\\x20-\\x7e\\x85\\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Value(NamedTuple):
    """One value of a YAML text, and the place where it starts and ends in it."""

    text: str
    start: int
    end: int


class Settings(NamedTuple):
    """What `_config.yml` says of addresses, and what Jekyll is told to leave out."""

    url: str = ""
    baseurl: str = ""
    cdn: str = ""
    exclude: tuple[str, ...] = ()


class Post(NamedTuple):
    """One post or page: what messages call it, and where it is in the folder that it is read from.

    It is a post `always`, or only if it has front matter.
    """

    path: str
    folder: Path
    name: str
    always: bool


def read_settings(root: Path) -> Settings:
    """Read the site's `_config.yml`, if it has one. Raises ConfigError if it cannot be read."""
    content = SiteFiles(root).read(SETTINGS) or b""
    values = yaml_values(content.decode("utf-8", "surrogateescape").removeprefix("\ufeff"))
    said = {name: values[name,].text.rstrip("/") for name in ("url", "baseurl", "cdn") if (name,) in values}
    excluded = [value.text.strip("/") for where, value in values.items() if where[:1] == ("exclude",) and value.text]
    return Settings(**said, exclude=tuple(excluded))


def yaml_values(text: str) -> dict[tuple[str, ...], Value]:
    """Read the texts of a YAML mapping by their keys, down to lists and mappings in it; of twins, the last."""
    values: dict[tuple[str, ...], Value] = {}
    try:
        values.update(_values(_UNREADABLE.sub("?", text)))
    except yaml.YAMLError:
        # Jekyll says what is wrong with it; what stands before the mistake is of use all the same.
        return values
    return values


def _values(text: str) -> Iterator[tuple[tuple[str, ...], Value]]:
    keys: list[str | int | None] = []  # of each collection that is open: None where a key is next, a number in a list
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            keys.append(None if isinstance(event, yaml.MappingStartEvent) else 0)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            keys.pop()
        elif isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            said = event.value if isinstance(event, yaml.ScalarEvent) else ""
            if keys and keys[-1] is None:
                keys[-1] = said
                continue
            start, end = event.start_mark, event.end_mark
            if len(keys) <= _DEPTH and start is not None and end is not None:
                yield tuple(map(str, keys)), Value(said, start.index, end.index)
        else:
            continue
        if keys:
            keys[-1] = keys[-1] + 1 if isinstance(keys[-1], int) else None


def split(text: str) -> tuple[str, int]:
    """Give the front matter of a post, up to where its body starts; nothing and 0 if it has none.

    The lines of the text end in plain line feeds.
    """
    start = _FRONT.match(text)
    end = _FRONT_END.search(text, start.end()) if start else None
    return (text[: end.start()], end.end()) if end else ("", 0)


def find_posts(root: Path, settings: Settings) -> list[Post]:
    """List the posts and pages of a site, sorted. Raises ConfigError if a folder cannot be read."""
    found = []
    for path in _walk(root, lambda folder: _is_read(folder, settings)):
        own = any(part in _FOLDERS for part in path.split("/")[:-1])
        if own or not is_excluded(path, settings):
            found.append(Post(printable(path), root, path, always=own))
    return found


def posts_below(folder: Path) -> list[Post]:
    """List all Markdown and HTML files of a folder, sorted. Raises ConfigError if a folder cannot be read."""
    paths = _walk(folder, lambda _: True)
    return [Post(printable((folder / path).as_posix()), folder, path, always=True) for path in paths]


def read_post(files: SiteFiles, post: Post) -> bytes | None:
    """Read a post; None if it is a file that Jekyll only copies. Raises ConfigError if it cannot be read."""
    try:
        content = files.read(post.name)
    except ConfigError as error:
        raise ConfigError(dataclasses.replace(finding, path=post.path) for finding in error.findings) from None
    if content is None:
        raise ConfigError([Finding(post.path, 1, 1, "", "there is no such file")])
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
    return not name.startswith((".", "_")) and name not in _NEVER and not is_excluded(folder, settings)


def is_excluded(path: str, settings: Settings) -> bool:
    """Tell whether Jekyll is told to leave out a file, by its path from the site's root."""
    return any(fnmatchcase(path, pattern) or path.startswith(f"{pattern}/") for pattern in settings.exclude)


def printable(text: str) -> str:
    """Put '?' for what cannot be printed: bytes that are no UTF-8, and control characters."""
    return "".join(character if character.isprintable() else "?" for character in text)
