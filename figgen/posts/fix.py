"""Fix what can be fixed safely in a post: missing alt texts and sizes, and the dark image after a light one.

An edit replaces the span of an attribute, or inserts at one position; no other byte changes.
"""

import contextlib
import difflib
import functools
import html
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from figgen.build.site_lock import remove_temp_files, site_lock
from figgen.errors import ConfigError, Finding
from figgen.posts.check import (
    Report,
    check_posts,
    given_size,
    height_for,
    paired_images,
    pixels,
    run_limited,
    same_ratio,
)
from figgen.posts.jekyll import Post, find_posts, read_settings
from figgen.posts.kramdown_images import HTML, MARKDOWN, Reference, find_images
from figgen.posts.references import decode, encode, read_references
from figgen.posts.site_state import SiteState, dark_path
from figgen.site.paths import ARTEFACTS, Target
from figgen.site.png import Size
from figgen.site.safe_io import write_below

_MAX_ROUNDS = 4  # one for sizes and alt texts, one for dark images, one for their sizes, and one that changes nothing

_SPECIAL = re.compile(r"[\\`*_\[\]{}<|$]")
_ENTITY_OR_TAG = re.compile(r"&(?=#?\w+;)|\{(?=%)")
_ESCAPES = {"&": "&amp;", "{": "&#123;"}
_AFTER_ATTRIBUTE = frozenset(" \t\r\n>/")
_LIGHT_CLASS = re.compile(r"\.light(?![\w-])")
_LIGHT_ATTRIBUTE = re.compile(r"(\bclass\s*=\s*[\"']?[^\"'>]*?)(?<![\w-])light(?![\w-])")
_BLOCK_START = re.compile(r"[ \t>]*(?:[-+*]|\d{1,9}[.)])?[ \t]*")
_REST_OF_LINE = re.compile(r"[^\r\n]*(\r\n|\n|\r)")


class TextEdit(NamedTuple):
    """A span of a text, and its replacement."""

    start: int
    end: int
    text: str


class FileEdit(NamedTuple):
    """A file, by its path for messages, and its content before and after."""

    path: str
    before: bytes
    after: bytes

    def diff(self) -> bytes:
        """Return the unified diff, or nothing if the contents are the same."""
        before, after = (content.removesuffix(b"\n").split(b"\n") for content in (self.before, self.after))
        path = self.path.encode()
        lines = difflib.diff_bytes(difflib.unified_diff, before, after, path, path, lineterm=b"")
        return b"".join(line + b"\n" for line in lines)


def fix_posts(
    root: Path, targets: Sequence[Target], folder: Path | None, on_wait: Callable[[], None], jobs: int, *, dry_run: bool
) -> tuple[list[FileEdit], Report]:
    """Fix the posts of a site, or those in a folder, and check the result (see `check_posts`).

    Returns the changes, which a `dry_run` does not write. If a build is running, calls `on_wait` and waits for it.
    """
    write = None if dry_run else functools.partial(_write, folder or root)
    with contextlib.ExitStack() as stack:
        if write is not None:
            stack.enter_context(site_lock(root, on_wait))
            posts = find_posts(root, read_settings(root), folder)
            remove_temp_files(folder or root, {post.name.rpartition("/")[0] for post in posts})
        report = check_posts(root, targets, folder, fix_post, write, jobs)
    return [FileEdit(post.path, before, after) for post, before, after in report.fixed], report


def format_edits(edits: Sequence[FileEdit], jobs: int) -> Iterator[bytes]:
    """Yield the diff of each edit, or a line that says why it is not shown.

    Each is found in another process, since the time can grow with the cube of the number of lines.
    """
    found = {edit: (diff, lost) for edit, diff, lost in run_limited(FileEdit.diff, edits, jobs)}
    for edit in edits:
        diff, lost = found[edit]
        yield f"{edit.path}: diff not shown: {lost.message}\n".encode() if lost else diff


def _write(folder: Path, post: Post, content: bytes) -> None:
    """Write a post atomically. Raises ConfigError if it cannot be written."""
    real_folder = os.path.realpath(folder)
    path = os.path.realpath(f"{real_folder}/{post.name}")  # a symbolic link remains one
    try:
        write_below(real_folder, os.path.relpath(path, real_folder), content, stat.S_IMODE(Path(path).stat().st_mode))
    except OSError as error:
        raise ConfigError([Finding(post.path, 1, 1, "", f"cannot be written: {error.strerror}")]) from None


def fix_post(content: bytes, path: str, site: SiteState) -> bytes:
    """Return a post with everything fixed that can be fixed safely."""
    references = read_references(content, path, site.settings)
    for _ in range(_MAX_ROUNDS):
        text = decode(content)
        edits = [*find_edits(text, references, site)]
        fixed = encode(apply_edits(text, edits))
        after = read_references(fixed, path, site.settings) if edits else []
        if not is_safe_edit(references, after):
            break
        content, references = fixed, after
    return content


def is_safe_edit(before: Sequence[Reference], after: Sequence[Reference]) -> bool:
    """Check whether all images are still there, and each new one is the dark image of a light one without any.

    In unusual Markdown, an insertion could become a part of something else.
    """
    old, new = ([image for image in references if image.kind in {MARKDOWN, HTML}] for references in (before, after))
    kept = Counter(image.target for image in old) <= Counter(image.target for image in new)
    return bool(new) and kept and len(new) - len(old) == len(_unpaired_light(old)) - len(_unpaired_light(new))


def _unpaired_light(references: Sequence[Reference]) -> list[Reference]:
    paired = paired_images(references)
    return [image for image in references if "light" in image.classes and image.start not in paired]


def apply_edits(text: str, edits: Sequence[TextEdit]) -> str:
    """Return a text with edits applied; several at one position are applied in their order."""
    parts, done = [], 0
    for edit in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join(parts) + text[done:]


def find_edits(text: str, references: Sequence[Reference], site: SiteState) -> Iterator[TextEdit]:
    """Yield the edits that references need. A dark image is added only when there is nothing else to fix."""
    edits = [edit for reference in references for edit in _attribute_edits(text, reference, site)]
    yield from edits or _dark_images(text, references, site)


def _attribute_edits(text: str, reference: Reference, site: SiteState) -> Iterator[TextEdit]:
    target = reference.target
    if target is None or not target.startswith(f"{ARTEFACTS}/") or reference.kind not in {MARKDOWN, HTML}:
        return
    if target in site.steps and not site.is_fresh(target):
        return  # its alt text and size may change once it is built
    new: dict[str, str] = {}
    old_alt = (reference.get("alt") or "").strip()
    if (not old_alt or site.is_outdated(old_alt, target)) and (alt := site.alt_text(target)):
        if reference.kind == MARKDOWN:
            yield from _replace(text, reference, "alt", markdown_text(alt))
        else:
            new["alt"] = html.escape(" ".join(alt.split())).replace("{", "&#123;")
    if (size := site.size(target)) is not None:
        new |= _missing_size(reference, size)
    for name in list(new):
        if name in reference.attributes:
            yield from _replace(text, reference, name, new.pop(name))
    if new:
        at = reference.insert_at
        added = " ".join(f'{name}="{value}"' for name, value in new.items())
        space = "" if text[at : at + 1] in _AFTER_ATTRIBUTE else " "
        yield TextEdit(at, at, f" {added}{space}" if reference.has_list else f"{{: {added} }}")


def _missing_size(reference: Reference, size: Size) -> dict[str, str]:
    """Return the width and height that a post lacks, or that would distort the picture.

    No height is added to a width in another unit, such as `60%`: browsers derive no ratio from a percentage, and
    Chirpy's style sheet takes the height from the picture anyway.
    """
    width, height = reference.get("width"), reference.get("height")
    if width is None and height is None:
        return {"width": str(size[0]), "height": str(size[1])}
    given = given_size(reference)
    if (given and not same_ratio(given, size)) or (height is None and pixels(width)):
        return {"height": str(height_for(pixels(width) or 0, size))}
    if width is None and (known := pixels(height)):
        return {"width": str(round(known * size[0] / size[1]))}
    return {}


def _replace(text: str, reference: Reference, name: str, value: str) -> Iterator[TextEdit]:
    attribute = reference.attributes[name]
    if attribute.start is None:  # from a list elsewhere, which other images may use
        return
    # In HTML a value may lack quotes, and an attribute may lack a value.
    quoted = reference.kind == MARKDOWN or text[attribute.start - 1 : attribute.start] in {'"', "'"}
    equals = "=" * (not quoted and attribute.start == attribute.end)
    yield TextEdit(attribute.start, attribute.end, value if quoted else f'{equals}"{value}"')


def _dark_images(text: str, references: Sequence[Reference], site: SiteState) -> Iterator[TextEdit]:
    for reference in _unpaired_light(references):
        light = reference.target or ""
        if not light.startswith(f"{ARTEFACTS}/") or site.find(dark_path(light)) != dark_path(light):
            continue
        if copy := _dark_copy(text, reference, light):
            yield TextEdit(reference.end, reference.end, _separator(text, reference) + copy)


def _dark_copy(text: str, reference: Reference, light: str) -> str | None:
    """Return the dark image for a light one, or None if the light one's path or class is written elsewhere."""
    start, end = reference.path_span or (0, 0)
    name = light.rpartition("/")[2]
    if text.count(name, start, end) != 1:
        return None
    before, path, after = text[reference.start : start], text[start:end].replace(name, dark_path(name)), ""
    if reference.kind == MARKDOWN:
        after = text[end : reference.insert_at] + _LIGHT_CLASS.sub(".dark", text[reference.insert_at : reference.end])
        after = _LIGHT_ATTRIBUTE.sub(r"\1dark", after)
    else:
        before, after = (_LIGHT_ATTRIBUTE.sub(r"\1dark", part) for part in (before, text[end : reference.end]))
    copy = before + path + after
    light_classes, dark_classes = _classes(text[reference.start : reference.end]), _classes(copy)
    changed = reference.classes == light_classes and dark_classes == light_classes - {"light"} | {"dark"}
    return copy if changed else None


def _classes(text: str) -> frozenset[str]:
    found = find_images(text, {}, {}, markdown=True)
    return found[0].classes if found else frozenset()


def _separator(text: str, reference: Reference) -> str:
    """Return what to write between an image and the next: a line break and the block's indentation, or a space."""
    before = text[reference.start - reference.column + 1 : reference.start].removeprefix("\ufeff")
    if reference.kind != MARKDOWN or _BLOCK_START.fullmatch(before) is None:
        return " "
    line_end = _REST_OF_LINE.match(text, reference.end)
    return (line_end[1] if line_end else "\n") + re.sub(r"[^ \t>]", " ", before)


def markdown_text(text: str) -> str:
    """Escape a text for Markdown and Liquid, also within brackets and tables."""
    plain = _ENTITY_OR_TAG.sub(lambda found: _ESCAPES[found[0]], " ".join(text.split()))
    return _SPECIAL.sub(r"\\\g<0>", plain)
