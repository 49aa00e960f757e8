"""The pictures that a post refers to, each with its place in the text.

markdown-it finds the blocks, which distinguishes text from code, and the definitions of references; `kramdown_images`
parses the blocks that contain a picture, `liquid` handles what Liquid does before. Bytes that are not UTF-8 are kept:
all positions count in the text that `decode` returns, and `encode` returns the same bytes again.
"""

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it.token import Token

from figgen.posts.jekyll import Settings, Value, split_front_matter, yaml_values
from figgen.posts.kramdown_blocks import BLOCK_PARSER
from figgen.posts.kramdown_images import (
    BARE_PATH,
    FRONT_MATTER,
    Attribute,
    Image,
    NamedLists,
    find_html_images,
    find_images,
    parse_named_list,
)
from figgen.posts.liquid import Masked, evaluate, mask, unmask

_SITE = "site://"  # the address of a site that does not set one

# A post without any of these shows no picture, and is not parsed.
_ANY_PICTURE = re.compile(rb"!\[|<(?:img|source)\b|^[\"']?image[\"']?[ \t]*:", re.IGNORECASE | re.MULTILINE)
_CANDIDATE = re.compile(r"!\[|<(?:img|source)\b", re.IGNORECASE)
_NAMED_LIST = re.compile(r"\{:\w[\w:-]*?:")
_MARKDOWN_INSIDE = re.compile(r"\bmarkdown\s*=")
# What may open or close a block that continues after an empty line, or may affect pictures elsewhere.
_STRUCTURE = re.compile(r"!\[|>|<[A-Za-z!?/]|```|~~~|\]:|\{:")
_TAG = re.compile(r"<(/?)(?:article|aside|center|details|div|figure|main|picture|section|table)\b", re.IGNORECASE)


class Reference(NamedTuple):
    """One picture that a post refers to: its place, its path from the site's root, and the image as it is written.

    `target` is None if the picture is not on the site, or depends on unknown variables of Liquid. The other fields are
    those of `Image`; all spans are in the decoded text.
    """

    post: str
    line: int
    column: int
    target: str | None
    kind: str
    path: str
    start: int
    end: int
    path_span: tuple[int, int] | None
    attributes: Mapping[str, Attribute]
    classes: frozenset[str]
    insert_at: int
    has_list: bool

    def get(self, name: str) -> str | None:
        """Return the value of an attribute as it is written, or None if there is none."""
        return self.attributes[name].value if name in self.attributes else None


def decode(content: bytes) -> str:
    """Decode bytes as UTF-8, keeping those that are not."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes that a text was decoded from."""
    return text.encode("utf-8", "surrogateescape")


def read_references(content: bytes, post: str, settings: Settings) -> list[Reference]:
    """Return the pictures of a post; `post` is its path for messages. Any content is accepted."""
    if _ANY_PICTURE.search(content) is None:
        return []
    # As long as the text itself, so that all positions stay.
    text = decode(content).replace("\r\n", " \n").replace("\r", "\n")
    front_matter, start = split_front_matter(text)
    values = yaml_values(front_matter.removeprefix("\ufeff")) if front_matter else {}
    starts = _line_starts(text.split("\n"))
    found = [_move(image, lambda at: at + front_matter.startswith("\ufeff")) for image in _front_matter_images(values)]
    liquid = values.get(("render_with_liquid",), Value("", 0, 0)).text != "false"
    body = mask(text[start:]) if liquid else Masked(text[start:], ())
    if _CANDIDATE.search(body.text):
        if post.lower().endswith((".html", ".htm")):
            found += [_move(image, lambda at: at + start) for image in find_html_images(body.text)]
        else:
            found += _markdown_images(body.text, [start, *starts[bisect_right(starts, start) :]])
    subpath = next((values[name,].text for name in ("media_subpath", "img_path") if (name,) in values), "")
    references = []
    for image in found:
        line = bisect_right(starts, image.start)
        target = _resolve(image.path, body.liquid, settings, subpath)
        attributes = {
            name: attribute._replace(value=unmask(attribute.value, body.liquid))
            for name, attribute in image.attributes.items()
        }
        written = image._replace(path=unmask(image.path, body.liquid), attributes=attributes)
        references.append(Reference(post, line, image.start - starts[line - 1] + 1, target, *written))
    return references


def _resolve(path: str, liquid: Sequence[str], settings: Settings, subpath: str) -> str | None:
    """Return a path from the site's root, or None for one elsewhere.

    As in Chirpy, the post's `media_subpath` comes before every path that is not a full address.
    """
    site = settings.url or _SITE
    variables = {"site.url": site, "site.baseurl": "", "site.cdn": settings.cdn}
    variables |= {"page.media_subpath": subpath, "page.img_path": subpath}
    url = evaluate(path, liquid, variables)
    if url is None:
        return None
    if ":" not in url and not url.startswith("//"):
        url = url.lstrip("/") if subpath and url.startswith(subpath) else f"{subpath}/{url}"
        url = url if ":" in url else "/" + url.lstrip("/")
    for own in (site, settings.cdn):
        if own and url.startswith(f"{own}/"):
            url = url[len(own) :]
    if ":" in url or url.startswith("//") or not url.startswith("/"):
        return None
    if settings.baseurl and url.startswith(f"{settings.baseurl}/"):
        url = url[len(settings.baseurl) :]
    target = posixpath.normpath(unquote(re.split("[?#]", url, maxsplit=1)[0]).lstrip("/"))
    return None if target == "." or target.startswith("..") else target


def _front_matter_images(values: Mapping[tuple[str, ...], Value]) -> Iterator[Image]:
    alt = values.get(("image", "alt"))
    attributes = {} if alt is None else {"alt": Attribute(alt.text)}
    kinds = {("image",): BARE_PATH, ("image", "path"): FRONT_MATTER, ("image", "lqip"): BARE_PATH}
    for keys, kind in kinds.items():
        if (value := values.get(keys)) is not None and value.text:
            yield Image(kind, value.text, value.start, value.end, None, attributes, frozenset())


def _markdown_images(text: str, starts: Sequence[int]) -> Iterator[Image]:
    """Yield the pictures of a Markdown text whose lines start at the given positions."""
    text = _escape_unclosed_comments(text)
    lines, environment, tokens = text.split("\n"), dict[str, dict[str, dict[str, str]]](), list[Token]()
    short, numbers = _shorten(text.replace(" \n", "\n"))
    BLOCK_PARSER.block.parse(short, BLOCK_PARSER, environment, tokens)
    references = {label: reference["href"] for label, reference in environment.get("references", {}).items()}
    lists = _named_lists(tokens) if _NAMED_LIST.search(text) else {}
    depth = 0  # of open HTML elements, in which indented text is not code
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
            row, (position, cell_end) = first, _cell_positions(token.content, lines[first], starts[first], cell_end)
        elif _CANDIDATE.search(token.content):
            own = numbers[token.map[0] : token.map[1]]
            position = _block_positions(token.content, [lines[n] for n in own], [starts[n] for n in own])
        if _CANDIDATE.search(token.content):
            markdown = not in_html or _MARKDOWN_INSIDE.search(token.content) is not None
            for image in find_images(token.content, references, lists, markdown=markdown):
                yield _move(image, position)


def _escape_unclosed_comments(text: str) -> str:
    """Replace the `<` of comments that never end, which are text to kramdown."""
    end = text.rfind("-->") + 1
    return text[:end] + text[end:].replace("<!--", "x!--")


def _shorten(text: str) -> tuple[str, list[int]]:
    """Replace paragraphs that cannot affect a picture by `x`; return the text, and the number of each line left.

    This skips most of a post. Lines that follow a paragraph depend on it only if they are indented, as in a list.
    """
    parts = text.split("\n\n")
    plain = [_STRUCTURE.search(part) is None for part in parts]
    at_margin = True  # the next part is not indented
    for number in range(len(parts) - 1, -1, -1):
        plain[number] = plain[number] and at_margin
        beginning = parts[number].lstrip("\n")[:1]
        at_margin = plain[number] or (beginning not in {" ", "\t"} if beginning else at_margin)
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


def _named_lists(tokens: Sequence[Token]) -> NamedLists:
    lines = (line for token in tokens if token.type == "inline" for line in token.content.split("\n"))
    return dict(named for line in lines if (named := parse_named_list(line)) is not None)


def _line_starts(lines: Sequence[str]) -> list[int]:
    return [*accumulate((len(line) + 1 for line in lines), initial=0)]


Position = Callable[[int], int]  # from a position in a block to that in the text


def _block_positions(content: str, lines: Sequence[str], starts: Sequence[int]) -> Position:
    """Map positions in a block to the text: each line of a block ends as its line of the text does."""
    parts = content.split("\n")
    part_starts = _line_starts(parts)
    shifts: list[int] = []
    for part, line, start, part_start in zip(parts, lines, starts, part_starts, strict=False):
        stripped, whole = part.strip(), line.rstrip()
        column = len(whole) - len(stripped) if whole.endswith(stripped) else max(line.find(stripped), 0)
        shifts.append(start + column - (len(part) - len(part.lstrip())) - part_start)
    return lambda at: at + shifts[min(bisect_right(part_starts, at), len(shifts)) - 1]


def _cell_positions(content: str, line: str, start: int, after: int) -> tuple[Position, int]:
    """Map positions in a table cell, which is after another one and whose `|` were escaped; return its end, too."""
    column = max(line.find(content.replace("|", "\\|"), after), 0)
    bars = [found.start() for found in re.finditer(r"\|", content)]
    return (lambda at: start + column + at + bisect_left(bars, at)), column + len(content) + len(bars)


def _move(image: Image, position: Position) -> Image:
    """Return an image with all its spans mapped to another text."""
    attributes = {
        name: attribute
        if attribute.start is None
        else attribute._replace(start=position(attribute.start), end=position(attribute.end))
        for name, attribute in image.attributes.items()
    }
    return image._replace(
        start=position(image.start),
        end=position(image.end - 1) + 1,
        path_span=None if image.path_span is None else (position(image.path_span[0]), position(image.path_span[1])),
        attributes=attributes,
        insert_at=position(image.insert_at),
    )
