"""What can be mended in a post for certain: missing alt texts and sizes, and the dark line after a light one.

An edit replaces a span of the text that was found to be an attribute, or adds at one place; no other byte changes.
"""

import difflib
import html
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from figgen.errors import ConfigError, Finding
from figgen.posts.check import Site, dark_path, given_size, height_for, pairs, pixels, same_ratio
from figgen.posts.inline import HTML, MARKDOWN, images
from figgen.posts.jekyll import Post, Settings
from figgen.posts.references import Reference, decode, encode, read_references
from figgen.site.paths import ARTEFACTS
from figgen.site.safe_io import write_below

_ROUNDS = 4  # sizes and alt texts; dark lines; their sizes; nothing

_SPECIAL = re.compile(r"[\\`*_\[\]{}<|$]")
_CONSTRUED = {"&": "&amp;", "{": "&#123;"}
_ENTITY_OR_TAG = re.compile(r"&(?=#?\w+;)|\{(?=%)")
_BLANKS = frozenset(" \t\r\n>/")  # what may follow an attribute
_LIGHT_CLASS = re.compile(r"\.light(?![\w-])")
_LIGHT_ATTRIBUTE = re.compile(r"(\bclass\s*=\s*[\"']?[^\"'>]*?)(?<![\w-])light(?![\w-])")
_ALONE = re.compile(r"[ \t>]*(?:[-+*]|\d{1,9}[.)])?[ \t]*")


class Edit(NamedTuple):
    """A span of a text, and what stands there from now on."""

    start: int
    end: int
    text: str


def mend(content: bytes, path: str, settings: Settings, site: Site) -> bytes:
    """Give a post with all mended that can be; what could not be is as it was."""
    references = read_references(content, path, settings)
    for _ in range(_ROUNDS):
        edits = list(edits_of(decode(content), references, site))
        mended = encode(apply(decode(content), edits))
        after = read_references(mended, path, settings) if edits else []
        if not is_safe_edit(references, after):
            break
        content, references = mended, after
    return content


def is_safe_edit(before: Sequence[Reference], after: Sequence[Reference]) -> bool:
    """Tell whether all images are still there, and each that was added is the dark one of a light one that had none.

    In a text that is odd enough, what was written may be read as part of something else; it is not written then.
    """
    shown, now = ([own for own in references if own.kind in {MARKDOWN, HTML}] for references in (before, after))
    kept = Counter(own.target for own in shown) <= Counter(own.target for own in now)
    return bool(now) and kept and len(now) - len(shown) == len(_lone(shown)) - len(_lone(now))


def _lone(references: Sequence[Reference]) -> list[Reference]:
    """List the light images that have no dark one beside them."""
    paired = pairs(references)
    return [own for own in references if "light" in own.classes and own.start not in paired]


def save(post: Post, content: bytes) -> None:
    """Write a post, as a whole or not at all. Raises ConfigError if it cannot be written."""
    folder = os.path.realpath(post.folder)
    path = os.path.realpath(f"{folder}/{post.name}")  # a post that is a link stays one
    try:
        write_below(folder, os.path.relpath(path, folder), content, stat.S_IMODE(Path(path).stat().st_mode))
    except OSError as error:
        raise ConfigError([Finding(post.path, 1, 1, "", f"cannot be written: {error.strerror}")]) from None


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Make edits; of several that add at one place, the first stands first."""
    parts, done = [], 0
    for edit in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join(parts) + text[done:]


def difference(before: bytes, after: bytes, path: str) -> bytes:
    """Write what changed in a post as a unified diff; nothing if nothing did."""
    old, new = (decode(content).split("\n") for content in (before, after))
    return encode("".join(f"{line}\n" for line in difflib.unified_diff(old, new, path, path, lineterm="")))


def edits_of(text: str, references: Sequence[Reference], site: Site) -> Iterator[Edit]:
    """Yield the edits that references need. A dark line is added only where nothing else is left to be mended."""
    edits = [edit for reference in references for edit in _attributes(text, reference, site)]
    yield from edits or _dark_lines(text, references, site)


def _attributes(text: str, reference: Reference, site: Site) -> Iterator[Edit]:
    target = reference.target
    if target is None or not target.startswith(f"{ARTEFACTS}/") or reference.kind not in {MARKDOWN, HTML}:
        return
    if target in site.steps and not site.is_fresh(target):
        return  # what it says and its size may be others once it is drawn
    new: dict[str, str] = {}
    own = target if target in site.steps else None
    said = (reference.alt or "").strip()
    if own and (not said or site.is_outdated(said, own)) and (alt := site.alt(own)):
        if reference.kind == MARKDOWN:
            yield from _replace(reference, "alt", markdown_text(alt))
        else:
            new["alt"] = _attribute_text(alt)
    if (size := site.size(target)) is not None:
        new |= _size(reference, size)
    for name in list(new):
        if name in reference.attributes:
            yield from _replace(reference, name, new.pop(name), text)
    if new:
        added = " ".join(f'{name}="{value}"' for name, value in new.items())
        blank = "" if text[reference.insert_at : reference.insert_at + 1] in _BLANKS else " "
        written = f" {added}{blank}" if reference.listed else f"{{: {added} }}"
        yield Edit(reference.insert_at, reference.insert_at, written)


def _size(reference: Reference, size: tuple[int, int]) -> dict[str, str]:
    """Give the sizes that a post lacks, or that would distort the picture.

    A width in another measure, as `60%`, stays alone: a browser makes no ratio of a percentage, and Chirpy's style
    sheet takes the height from the picture anyway, so that a height in pixels would change nothing.
    """
    given = given_size(reference)
    if given is not None:
        return {} if same_ratio(given, size) else {"height": str(height_for(given, size))}
    if reference.width is None and reference.height is None:
        return {"width": str(size[0]), "height": str(size[1])}
    width, height = pixels(reference.width), pixels(reference.height)
    if reference.height is None and width:
        return {"height": str(height_for((width, 0), size))}
    if reference.width is None and height:
        return {"width": str(round(height * size[0] / size[1]))}
    return {}


def _replace(reference: Reference, name: str, value: str, text: str = "") -> Iterator[Edit]:
    attribute = reference.attributes[name]
    if attribute.start is None:  # said by a list elsewhere, which other images may share
        return
    # In HTML a value need not have quotes, and an attribute need not have a value.
    quoted = reference.kind == MARKDOWN or text[attribute.start - 1 : attribute.start] in {'"', "'"}
    written = value if quoted else f'"{value}"'
    if not quoted and attribute.start == attribute.end:
        written = f"={written}"
    yield Edit(attribute.start, attribute.end, written)


def _dark_lines(text: str, references: Sequence[Reference], site: Site) -> Iterator[Edit]:
    for reference in _lone(references):
        target = reference.target
        if target is None or reference.place is None:
            continue
        dark = dark_path(target)
        if not target.startswith(f"{ARTEFACTS}/") or site.find(dark) != dark:
            continue
        copy = _dark_copy(text, reference, target, dark)
        if copy is not None:
            yield Edit(reference.end, reference.end, _break(text, reference) + copy)


def _dark_copy(text: str, reference: Reference, light: str, dark: str) -> str | None:
    """Write the dark image that goes with a light one; None if what makes it light is not in its own text."""
    start, end = reference.place or (0, 0)
    file, dark_file = light.rpartition("/")[2], dark.rpartition("/")[2]
    if text.count(file, start, end) != 1:
        return None
    before, path, after = text[reference.start : start], text[start:end].replace(file, dark_file), ""
    if reference.kind == MARKDOWN:
        after = text[end : reference.insert_at] + _LIGHT_CLASS.sub(".dark", text[reference.insert_at : reference.end])
        after = _LIGHT_ATTRIBUTE.sub(r"\1dark", after)
    else:
        before, after = (_LIGHT_ATTRIBUTE.sub(r"\1dark", part) for part in (before, text[end : reference.end]))
    copy = before + path + after
    light_classes, dark_classes = (_classes(own) for own in (text[reference.start : reference.end], copy))
    changed = reference.classes == light_classes and dark_classes == light_classes - {"light"} | {"dark"}
    return copy if changed else None


def _classes(text: str) -> frozenset[str]:
    found = images(text, {}, {}, markdown=True)
    return found[0].classes if found else frozenset()


def _break(text: str, reference: Reference) -> str:
    """Give what stands between an image and the one after it: a new line of the same block, or a blank within one."""
    line = max(text.rfind("\n", 0, reference.start), text.rfind("\r", 0, reference.start)) + 1
    before = text[line : reference.start].removeprefix("\ufeff")
    if reference.kind != MARKDOWN or _ALONE.fullmatch(before) is None:
        return " "
    ending = re.match(r"[^\r\n]*(\r\n|\n|\r)", text[reference.end :])
    return (ending[1] if ending else "\n") + re.sub(r"[^ \t>]", " ", before)


def markdown_text(text: str) -> str:
    """Write a text such that Markdown and Liquid give it as it is, within brackets and in tables too."""
    plain = _ENTITY_OR_TAG.sub(lambda found: _CONSTRUED[found[0]], " ".join(text.split()))
    return _SPECIAL.sub(r"\\\g<0>", plain)


def _attribute_text(text: str) -> str:
    return html.escape(" ".join(text.split())).replace("{", "&#123;")
