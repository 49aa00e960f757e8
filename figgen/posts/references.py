"""Posts as text -> the pictures that they refer to, each with its place.

markdown-it finds the blocks, so that code is told from text, and the definitions of references; `figgen.posts.inline`
reads the blocks that hold a picture, `figgen.posts.liquid` what Liquid does before. Bytes that are no UTF-8 are kept as
they are: all places count in the text that `decode` gives, and `encode` gives the same bytes again.
"""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it.token import Token

from figgen.posts import inline
from figgen.posts.blocks import BLOCKS
from figgen.posts.inline import Attribute, Image
from figgen.posts.jekyll import Settings, Value, split, yaml_values
from figgen.posts.liquid import Masked, evaluate, mask, unmask

_SITE = "site://"  # stands for an address of the site, where it says none

# A post without any of these shows no picture, and is not looked at any further.
_MAYBE = re.compile(rb"!\[|<(?:img|source)\b|^[\"']?image[\"']?[ \t]*:", re.IGNORECASE | re.MULTILINE)
_CANDIDATE = re.compile(r"!\[|<(?:img|source)\b", re.IGNORECASE)
_NAMED_LISTS = re.compile(r"\{:\w[\w:-]*?:")
_MARKDOWN_INSIDE = re.compile(r"\bmarkdown\s*=")
# What may open or close a block that reaches over empty lines, or says something of pictures elsewhere.
_STRUCTURE = re.compile(r"!\[|>|<[A-Za-z!?/]|```|~~~|\]:|\{:")
_TAG = re.compile(r"<(/?)(?:article|aside|center|details|div|figure|main|picture|section|table)\b", re.IGNORECASE)


class Reference(NamedTuple):
    """One picture that a post refers to.

    `target` is its path from the site's root, or None if it is elsewhere or cannot be told. All spans are in the
    decoded text: `start` to `end` is the whole, `place` the path; a further attribute goes to `spot`, in an attribute
    list of its own unless `listed`.
    """

    path: str
    line: int
    column: int
    kind: str
    written: str
    target: str | None
    attributes: Mapping[str, Attribute]
    classes: frozenset[str]
    start: int
    end: int
    place: tuple[int, int] | None
    insert_at: int
    listed: bool

    @property
    def alt(self) -> str | None:
        """Give the alt text, or None if there is no such attribute."""
        return self.attributes["alt"].value if "alt" in self.attributes else None

    @property
    def width(self) -> str | None:
        """Give the width as it is written."""
        return self.attributes["width"].value if "width" in self.attributes else None

    @property
    def height(self) -> str | None:
        """Give the height as it is written."""
        return self.attributes["height"].value if "height" in self.attributes else None


def decode(content: bytes) -> str:
    """Read bytes as UTF-8, and keep those that are none."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Give the very bytes that a text was decoded from."""
    return text.encode("utf-8", "surrogateescape")


def read_references(content: bytes, path: str, settings: Settings) -> list[Reference]:
    """List the pictures of a post by their place. `path` is what messages call it; no content is refused."""
    if _MAYBE.search(content) is None:
        return []
    # As long as the text itself, so that all places are the same.
    text = decode(content).replace("\r\n", " \n").replace("\r", "\n")
    front, start = split(text)
    values = yaml_values(front.removeprefix("\ufeff")) if front else {}
    starts = _starts(text.split("\n"))
    found = [_moved(image, lambda at: at + front.startswith("\ufeff")) for image in _front_images(values)]
    liquid = values.get(("render_with_liquid",), Value("", 0, 0)).text != "false"
    body = mask(text[start:]) if liquid else Masked(text[start:], ())
    if _CANDIDATE.search(body.text):
        if path.lower().endswith((".html", ".htm")):
            found += [_moved(image, lambda at: at + start) for image in inline.images_of_page(body.text)]
        else:
            found += _markdown_images(body.text, [start, *starts[bisect_right(starts, start) :]])
    subpath = next((values[name,].text for name in ("media_subpath", "img_path") if (name,) in values), "")
    return [_reference(image, path, starts, body.liquid, settings, subpath) for image in found]


def _reference(
    image: Image, path: str, starts: Sequence[int], liquid: Sequence[str], settings: Settings, subpath: str
) -> Reference:
    line = bisect_right(starts, image.start)
    attributes = {
        name: attribute._replace(value=unmask(attribute.value, liquid)) for name, attribute in image.attributes.items()
    }
    return Reference(
        path,
        line,
        image.start - starts[line - 1] + 1,
        image.kind,
        unmask(image.written, liquid),
        _target(image.written, liquid, settings, subpath),
        attributes,
        image.classes,
        image.start,
        image.end,
        image.place,
        image.insert_at,
        image.listed,
    )


def _target(written: str, liquid: Sequence[str], settings: Settings, subpath: str) -> str | None:
    """Resolve a path as Chirpy does; it puts the post's `media_subpath` before all that is no full address."""
    site = settings.url or _SITE
    variables = {"site.url": site, "site.baseurl": "", "site.cdn": settings.cdn}
    variables |= {"page.media_subpath": subpath, "page.img_path": subpath}
    path = evaluate(written, liquid, variables)
    if path is None:
        return None
    if ":" not in path and not path.startswith("//"):
        path = path.lstrip("/") if subpath and path.startswith(subpath) else f"{subpath}/{path}"
        path = path if ":" in path else "/" + path.lstrip("/")
    for own in (site, settings.cdn):
        if own and path.startswith(f"{own}/"):
            path = path[len(own) :]
    if ":" in path or path.startswith("//") or not path.startswith("/"):
        return None
    if settings.baseurl and path.startswith(f"{settings.baseurl}/"):
        path = path[len(settings.baseurl) :]
    path = posixpath.normpath(unquote(re.split("[?#]", path, maxsplit=1)[0]).lstrip("/"))
    return None if path == "." or path.startswith("..") else path


def _front_images(values: Mapping[tuple[str, ...], Value]) -> Iterator[Image]:
    alt = values.get(("image", "alt"))
    attributes = {} if alt is None else {"alt": Attribute(alt.text)}
    for where, kind in ((("image",), inline.BARE), (("image", "path"), inline.FRONT), (("image", "lqip"), inline.BARE)):
        if (value := values.get(where)) is not None and value.text:
            yield Image(kind, value.text, value.start, value.end, None, attributes, frozenset())


def _markdown_images(text: str, starts: Sequence[int]) -> Iterator[Image]:
    """Yield the pictures of a Markdown text, whose lines start at the given places."""
    text = _without_unclosed(text)
    lines, environment, tokens = text.split("\n"), dict[str, dict[str, dict[str, str]]](), list[Token]()
    short, numbers = _shortened(text.replace(" \n", "\n"))
    BLOCKS.block.parse(short, BLOCKS, environment, tokens)
    references = {label: reference["href"] for label, reference in environment.get("references", {}).items()}
    lists = _named_lists(tokens) if _NAMED_LISTS.search(text) else {}
    depth = 0  # of HTML elements that are open: in them, an indented text is no code
    row, cell_end = -1, 0
    for before, token in pairwise([Token("", "", 0), *tokens]):
        in_html = token.type == "html_block" or (token.type == "code_block" and depth > 0)
        if token.map is None or not (in_html or token.type == "inline"):
            continue
        if in_html:
            depth = max(0, depth + sum(-1 if tag[1] else 1 for tag in _TAG.finditer(token.content)))
        first = numbers[token.map[0]]
        if before.type in {"th_open", "td_open"}:
            cell_end = cell_end if first == row else 0
            row, (place, cell_end) = first, _cell_places(token.content, lines[first], starts[first], cell_end)
        elif _CANDIDATE.search(token.content):
            own = numbers[token.map[0] : token.map[1]]
            place = _places(token.content, [lines[number] for number in own], [starts[number] for number in own])
        if _CANDIDATE.search(token.content):
            markdown = not in_html or _MARKDOWN_INSIDE.search(token.content) is not None
            for image in inline.images(token.content, references, lists, markdown=markdown):
                yield _moved(image, place)


def _without_unclosed(text: str) -> str:
    """Make a text of what begins a comment that never ends, as kramdown does; all else stays in its place."""
    end = text.rfind("-->") + 1
    return text[:end] + text[end:].replace("<!--", "x!--")


def _shortened(text: str) -> tuple[str, list[int]]:
    """Put one letter for all that the blocks with pictures do not depend on, and number the lines that are left.

    Most of a post is that. Only a list, or what belongs to it, matters to the lines after it, if these are indented.
    """
    parts = text.split("\n\n")
    plain = [_STRUCTURE.search(part) is None for part in parts]
    at_margin = True  # what follows begins there
    for number in range(len(parts) - 1, -1, -1):
        plain[number] = plain[number] and at_margin
        begin = parts[number].lstrip("\n")[:1]
        at_margin = plain[number] or (begin not in {" ", "\t"} if begin else at_margin)
    kept: list[str] = []
    numbers: list[int] = []
    line = 0
    for number, part in enumerate(parts):
        count = part.count("\n") + 2  # with the empty line after it
        if not plain[number]:
            kept.append(part)
            numbers += range(line, line + count)
        elif number == 0 or not plain[number - 1]:
            kept.append("x")
            numbers += (line, line + 1)
        line += count
    return "\n\n".join(kept), numbers


def _named_lists(tokens: Sequence[Token]) -> inline.Lists:
    lines = (line for token in tokens if token.type == "inline" for line in token.content.split("\n"))
    return dict(named for line in lines if (named := inline.named_list(line)) is not None)


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts


Places = Callable[[int], int]


def _places(content: str, lines: Sequence[str], starts: Sequence[int]) -> Places:
    """Tell where each place of a block is in the text: each line of a block ends as its line of the text does."""
    parts = content.split("\n")
    shifts: list[int] = []
    begins = _starts(parts)
    for part, line, start, begin in zip(parts, lines, starts, begins, strict=False):
        said, whole = part.strip(), line.rstrip()
        column = len(whole) - len(said) if whole.endswith(said) else max(line.find(said), 0)
        shifts.append(start + column - (len(part) - len(part.lstrip())) - begin)
    return lambda at: at + shifts[min(bisect_right(begins, at), len(shifts)) - 1]


def _cell_places(content: str, line: str, start: int, after: int) -> tuple[Places, int]:
    """Do so for a cell of a table, which begins after the one before it, and whose bars were escaped; tell its end."""
    written = content.replace("|", "\\|")
    column = max(line.find(written, after), 0)
    return (lambda at: start + column + at + content.count("|", 0, at)), column + len(written)


def _moved(image: Image, place: Places) -> Image:
    """Move all spans of an image to where they are in another text."""
    attributes = {
        name: attribute
        if attribute.start is None
        else attribute._replace(start=place(attribute.start), end=place(attribute.end))
        for name, attribute in image.attributes.items()
    }
    return image._replace(
        start=place(image.start),
        end=place(image.end - 1) + 1,
        place=None if image.place is None else (place(image.place[0]), place(image.place[1])),
        attributes=attributes,
        insert_at=place(image.insert_at),
    )
