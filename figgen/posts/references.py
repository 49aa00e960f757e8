"""Find the pictures that a post refers to, each with its place in the text.

`liquid` masks Liquid, markdown-it finds the blocks, which are text or code, and the definitions of link references, and
`kramdown_images` parses the blocks that contain a picture. Bytes that are not UTF-8 are kept: all positions are those
in the text that `decode` returns, and `encode` turns it into the same bytes again.
"""

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from urllib.parse import unquote

from markdown_it.token import Token

from figgen.posts import kramdown_images as kramdown
from figgen.posts.jekyll import Settings, Value, split_front_matter, yaml_values
from figgen.posts.kramdown_images import BLOCK_PARSER, Attribute, Reference
from figgen.posts.liquid import evaluate, mask, unmask

_SITE = "site://"  # the address of a site that does not set one

# A post without any of these shows no picture, and is not parsed.
_ANY_PICTURE = re.compile(rb"!\[|<(?:img|source)\b|^[\"']?image[\"']?[ \t]*:", re.IGNORECASE | re.MULTILINE)
_CANDIDATE = re.compile(r"!\[|<(?:img|source)\b", re.IGNORECASE)
_MARKDOWN_INSIDE = re.compile(r"\bmarkdown\s*=")
# What may open or close a block that continues after an empty line, or may affect pictures elsewhere.
_STRUCTURE = re.compile(r"!\[|>|<[A-Za-z!?/]|```|~~~|\]:|\{:")
_TAG = re.compile(r"<(/?)(?:article|aside|center|details|div|figure|main|picture|section|table)\b", re.IGNORECASE)


def decode(content: bytes) -> str:
    """Decode UTF-8; bytes that are not valid are kept, as surrogates."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes that a text was decoded from."""
    return text.encode("utf-8", "surrogateescape")


def read_references(content: bytes, post: str, settings: Settings) -> list[Reference]:
    """Return the pictures of a post; `post` is its path for messages. Any content is accepted."""
    if _ANY_PICTURE.search(content) is None:
        return []
    # Of the same length as the text itself, so that positions stay the same.
    text = decode(content).replace("\r\n", " \n").replace("\r", "\n")
    front_matter, start = split_front_matter(text)
    values = yaml_values(front_matter.removeprefix("\ufeff")) if front_matter else {}
    starts = _line_starts(text.split("\n"))
    mark = front_matter.startswith("\ufeff")  # a byte order mark is one character
    found = [_move(reference, lambda at: at + mark) for reference in _front_matter_images(values)]
    has_liquid = values.get(("render_with_liquid",), Value("", 0, 0)).text != "false"
    body, liquid = mask(text[start:]) if has_liquid else (text[start:], [])
    if _CANDIDATE.search(body):
        if post.lower().endswith((".html", ".htm")):
            found += [_move(reference, lambda at: at + start) for reference in kramdown.find_html_images(body)]
        else:
            found += _markdown_images(body, [start, *starts[bisect_right(starts, start) :]])
    subpath = next((values[name,].text for name in ("media_subpath", "img_path") if (name,) in values), "")
    references = []
    for reference in found:
        line = bisect_right(starts, reference.start)
        attributes = {
            name: attribute._replace(value=unmask(attribute.value, liquid))
            for name, attribute in reference.attributes.items()
        }
        target, path = _resolve(reference.path, liquid, settings, subpath), unmask(reference.path, liquid)
        column = reference.start - starts[line - 1] + 1
        placed = reference._replace(post=post, line=line, column=column, target=target)
        references.append(placed._replace(path=path, attributes=attributes))
    return references


def _resolve(path: str, liquid: Sequence[str], settings: Settings, subpath: str) -> str | None:
    """Return the path from the site's root that a picture's path refers to, or None if it is not on the site.

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
    for address in (site, settings.cdn):
        if address and url.startswith(f"{address}/"):
            url = url[len(address) :]
    if ":" in url or url.startswith("//") or not url.startswith("/"):
        return None
    if settings.baseurl and url.startswith(f"{settings.baseurl}/"):
        url = url[len(settings.baseurl) :]
    target = posixpath.normpath(unquote(re.split("[?#]", url, maxsplit=1)[0]).lstrip("/"))
    return None if target == "." or target.startswith("..") else target


def _front_matter_images(values: Mapping[tuple[str, ...], Value]) -> Iterator[Reference]:
    alt = values.get(("image", "alt"))
    attributes = {} if alt is None else {"alt": Attribute(alt.text)}
    kinds = {
        ("image",): kramdown.BARE_PATH,
        ("image", "path"): kramdown.FRONT_MATTER,
        ("image", "lqip"): kramdown.BARE_PATH,
    }
    for keys, kind in kinds.items():
        if (value := values.get(keys)) is not None and value.text:
            yield Reference(kind, value.text, value.start, value.end, None, attributes)


def _markdown_images(text: str, starts: Sequence[int]) -> Iterator[Reference]:
    """Yield the pictures of a Markdown text whose lines start at the given positions."""
    comments_end = text.rfind("-->") + 1  # what begins after it never ends, and is text to kramdown
    text = text[:comments_end] + text[comments_end:].replace("<!--", "x!--")
    lines, environment, tokens = text.split("\n"), dict[str, dict[str, dict[str, str]]](), list[Token]()
    short, numbers = _shorten(text.replace(" \n", "\n"))
    BLOCK_PARSER.block.parse(short, BLOCK_PARSER, environment, tokens)
    links = {label: link["href"] for label, link in environment.get("references", {}).items()}
    inline_lines = (line for token in tokens if token.type == "inline" for line in token.content.split("\n"))
    lists = {found[1]: found[2] for line in inline_lines if (found := kramdown.NAMED_LIST.fullmatch(line))}
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
            block = numbers[token.map[0] : token.map[1]]
            position = _block_positions(token.content, [lines[n] for n in block], [starts[n] for n in block])
        if _CANDIDATE.search(token.content):
            markdown = not in_html or _MARKDOWN_INSIDE.search(token.content) is not None
            for image in kramdown.find_images(token.content, links, lists, markdown=markdown):
                yield _move(image, position)


def _shorten(text: str) -> tuple[str, list[int]]:
    """Return a text with `x` for paragraphs that cannot affect a picture, and the original number of each of its lines.

    Most of a post is then not parsed. Lines after a paragraph depend on it only if they are indented, as in a list.
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


def _line_starts(lines: Sequence[str]) -> list[int]:
    return [*accumulate((len(line) + 1 for line in lines), initial=0)]


Position = Callable[[int], int]  # from a position in a block to that in the text


def _block_positions(content: str, lines: Sequence[str], starts: Sequence[int]) -> Position:
    """Return a map from positions in a block to the text: each line of the block ends like its line of the text."""
    parts = content.split("\n")
    part_starts = _line_starts(parts)
    shifts: list[int] = []
    for part, line, start, part_start in zip(parts, lines, starts, part_starts, strict=False):
        stripped, whole = part.strip(), line.rstrip()
        column = len(whole) - len(stripped) if whole.endswith(stripped) else max(line.find(stripped), 0)
        shifts.append(start + column - (len(part) - len(part.lstrip())) - part_start)
    return lambda at: at + shifts[min(bisect_right(part_starts, at), len(shifts)) - 1]


def _cell_positions(content: str, line: str, start: int, after: int) -> tuple[Position, int]:
    """Return a map from positions in a table cell to the text, where its `|` are escaped; and the end of the cell.

    The cell is searched for in its line from the column `after`, where the previous cell ends.
    """
    column = max(line.find(content.replace("|", "\\|"), after), 0)
    bars = [found.start() for found in re.finditer(r"\|", content)]
    return (lambda at: start + column + at + bisect_left(bars, at)), column + len(content) + len(bars)


def _move(reference: Reference, position: Position) -> Reference:
    """Return an image with all its spans mapped to another text."""
    attributes = {
        name: attribute
        if attribute.start is None
        else attribute._replace(start=position(attribute.start), end=position(attribute.end))
        for name, attribute in reference.attributes.items()
    }
    return reference._replace(
        start=position(reference.start),
        end=position(reference.end - 1) + 1,
        path_span=None
        if reference.path_span is None
        else (position(reference.path_span[0]), position(reference.path_span[1])),
        attributes=attributes,
        insert_at=position(reference.insert_at),
    )
