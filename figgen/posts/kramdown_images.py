"""Parse the pictures in a post as kramdown does: images with attribute lists, HTML tags, and the blocks they are in.

`BLOCK_PARSER` is markdown-it, changed where kramdown has other blocks. kramdown's inline grammar differs more (a path
may contain spaces, attributes follow in braces), and the position of everything found is needed. One pass over a block
finds what opens and closes; brackets are matched by a stack, so that the time is linear in the text.
"""

import html
import math
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock, html_block


class Attribute(NamedTuple):
    """The value of an attribute and its span; `start` is None if it is written outside the image."""

    value: str
    start: int | None = None
    end: int = 0


class Reference(NamedTuple):
    """One picture that a post refers to; `path` is as written.

    `start` to `end` is the image with its attribute list, `path_span` the path, or None if that is written elsewhere.
    A new attribute goes to `insert_at`: in an attribute list of its own, unless `has_list`. Positions count in the
    block, until `references` maps them to the post and adds the last four fields; `target` is the path from the site's
    root, or None if the picture is not on the site, or depends on unknown variables of Liquid.
    """

    kind: str
    path: str
    start: int
    end: int
    path_span: tuple[int, int] | None
    attributes: Mapping[str, Attribute]
    classes: frozenset[str] = frozenset()
    insert_at: int = 0
    has_list: bool = True
    target: str | None = None
    post: str = ""
    line: int = 0
    column: int = 0

    def get(self, name: str) -> str | None:
        """Return the value of an attribute as it is written, or None if there is none."""
        return self.attributes[name].value if name in self.attributes else None


Attributes = dict[str, Attribute]

# The kinds of references. A bare path, of a `srcset` or a placeholder, has neither alt text nor size.
MARKDOWN, HTML, FRONT_MATTER, BARE_PATH = "Markdown", "HTML", "front matter", "bare"

_INLINE_TAG = re.compile(  # kramdown's own list of the tags that belong to a paragraph
    r"</?(?:a|abbr|acronym|b|big|bdo|br|button|cite|code|del|dfn|em|i|img|input|ins|kbd|label|mark|option|q|rb|rbc|rp|rt"
    r"|rtc|ruby|samp|select|small|span|strong|sub|sup|tt|u|var)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\\[!-/:-@\[-`{-~]|`+|<!--|</?[A-Za-z][A-Za-z0-9-]*|!?\[|\]")
_TAG_TOKEN = re.compile(r"<!--|</?[A-Za-z][A-Za-z0-9-]*")
_HTML_ATTRIBUTE = re.compile(r"\s*([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
# For kramdown, it is not a tag if a value without quotes is not a word.
_KRAMDOWN_ATTRIBUTE = re.compile(r"\s*([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\w+)(?=[\s/>])))?")
_TAG_END = re.compile(r"\s*/?>")
_RAW_TEXT = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea")}
_SRCSET_PATH = re.compile(r"([^\s,][^\s]*[^\s,]|[^\s,])(?:\s+[\d.]+[wx])?\s*(?:,|\Z)")

_LIST = re.compile(r"\{:(?![:/])((?:\\\}|[^}])*)\}")
NAMED_LIST = re.compile(r" {0,3}\{:(\w[\w:-]*?):(?![:/])((?:\\\}|[^}])+)\}\s*")
_ITEM = re.compile(r"(\w[\w:-]*)=(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)')|\.(-?[\w-]+)|(#?\w[\w:-]*)", re.DOTALL)
_ABBREVIATIONS = {"w": "width", "h": "height"}  # Chirpy's

_PATH_STEP = re.compile(r"\\.|[()]|\s(?=[\"'])", re.DOTALL)
_TITLE = re.compile(r"\s+(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')\s*(?=\))", re.DOTALL)
_SPACES = re.compile(r"\s*")
_LABEL = re.compile(r"\s?\[((?!\s)[^\[\]]*(?<!\s))\]|\s?\[\]")
_MAX_DEPTH = 32  # of parentheses in a path, and of brackets: more of them would take quadratic time
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def _html_block(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """Parse a block of HTML. For kramdown, a line that begins with an inline tag or a comment is Markdown."""
    line = state.src[state.bMarks[first] + state.tShift[first] : state.eMarks[first]]
    is_markdown = _INLINE_TAG.match(line) or (line.startswith("<!--") and "-->" in line)
    return not is_markdown and html_block(state, first, last, silent)


BLOCK_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
BLOCK_PARSER.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
BLOCK_PARSER.normalizeLink = lambda url: url  # type: ignore[method-assign] # the path stays as it is written
BLOCK_PARSER.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005 - called by keyword


def find_images(text: str, links: Mapping[str, str], lists: Mapping[str, str], *, markdown: bool) -> list[Reference]:
    """Return the pictures of one block, sorted by position: those of Markdown and HTML, or of HTML only.

    `links` are the paths of link references, `lists` the texts of named attribute lists, both by name.
    """
    scanner = _Scanner(text, links, lists, text.rfind("}"), _KRAMDOWN_ATTRIBUTE)
    found = scanner.scan(markdown=markdown)
    # A list on the last line belongs to the block. Its classes show or hide the pictures; its size is not theirs.
    block = text.rstrip()
    start = block.rfind("\n") + 1
    block_list = _LIST.fullmatch(block, start) if start and markdown else None
    classes = _parse_list(block_list[1], 0, lists)[1] if block_list else frozenset()
    return [reference._replace(classes=reference.classes | classes) for reference in found]


def find_html_images(text: str) -> list[Reference]:
    """Return the pictures of an HTML page, sorted by position."""
    return _Scanner(text, {}, {}, -1, _HTML_ATTRIBUTE).scan(markdown=False)


@dataclass
class _Scanner:
    """One pass over a block or an HTML page; `attribute` is the pattern of an attribute in a tag."""

    text: str
    links: Mapping[str, str]
    lists: Mapping[str, str]
    last_brace: int
    attribute: re.Pattern[str]
    found: list[Reference] = field(default_factory=list)
    open_brackets: deque[tuple[int, bool, int]] = field(  # position, whether of an image, number of images before it
        default_factory=lambda: deque(maxlen=_MAX_DEPTH)
    )
    unclosed: float = math.inf  # the rest of the text has no run of so many backticks

    def scan(self, *, markdown: bool) -> list[Reference]:
        pattern, at = (_TOKEN if markdown else _TAG_TOKEN), 0
        while (match := pattern.search(self.text, at)) is not None:
            start, at, opening = match.start(), match.end(), match[0]
            if opening == "<!--":
                end = self.text.find("-->", at)
                at = len(self.text) if end < 0 else end + 3
            elif opening[0] == "<":
                at = self._html_tag(opening[1:].lower(), start, at)
            elif opening[0] == "`":
                at = self._code_end(start, at)
            elif opening == "]":
                at = self._close_bracket(at)
            elif opening in {"[", "!["}:
                self.open_brackets.append((start, opening[0] == "!", len(self.found)))
        return sorted(self.found, key=lambda found: found.start)

    def _code_end(self, start: int, end: int) -> int:
        """Return the end of a code span. Unclosed backticks are text, as is a lone one between spaces."""
        count = end - start
        lone = count == 1 and not self.text[max(start - 1, 0) : start].strip() and not self.text[end : end + 1].strip()
        if lone or count >= self.unclosed:
            return end
        closing = self.text.find("`" * count, end)
        if closing < 0:
            self.unclosed = count
            return end
        return closing + count

    def _close_bracket(self, at: int) -> int:
        """Add the image whose text ends before `at`, if there is one, and return its end, or else `at`."""
        if not self.open_brackets:
            return at
        start, of_image, images_before = self.open_brackets.pop()
        target = self._link_target(start + 2, at) if of_image else None
        if target is None:
            return at
        path, path_span, end = target
        del self.found[images_before:]  # an image in the text of another is only a part of that text
        attributes: Attributes = {"alt": Attribute(_unescape(self.text[start + 2 : at - 1]), start + 2, at - 1)}
        classes: frozenset[str] = frozenset()
        attribute_list = _LIST.match(self.text, end) if end < self.last_brace else None
        insert_at = end
        if attribute_list:
            listed, classes = _parse_list(attribute_list[1], attribute_list.start(1), self.lists)
            attributes = {**listed, **attributes}
            insert_at, end = attribute_list.start(1), attribute_list.end()
        has_list = attribute_list is not None
        self._add(Reference(MARKDOWN, path, start, end, path_span, attributes, classes, insert_at, has_list))
        return end

    def _add(self, image: Reference) -> None:
        """Add an image, and the placeholder that Chirpy shows before it is loaded."""
        self.found.append(image)
        lqip = image.attributes.get("lqip")
        if lqip is not None and lqip.start is not None:
            span = (lqip.start, lqip.end)
            self.found.append(Reference(BARE_PATH, lqip.value, image.start, image.end, span, {}))

    def _link_target(self, alt: int, at: int) -> tuple[str, tuple[int, int] | None, int] | None:
        """Parse what follows the text of an image: return its path, the span of that, and the end of it all."""
        if self.text.startswith("(", at) and (span := self._parse_path(at + 1)):
            start, end, after = span
            return _unescape(self.text[start:end]).strip(), (start, end), after
        label = _LABEL.match(self.text, at)
        name = (label[1] if label else "") or self.text[alt : at - 1]
        path = self.links.get(normalizeReference(name)) if name.strip() else None
        return None if path is None else (path, None, label.end() if label else at)

    def _parse_path(self, at: int) -> tuple[int, int, int] | None:
        """Parse a path after its opening parenthesis: return its start and end, and the end of the closing one."""
        text = self.text
        start = _SPACES.match(text, at).end()  # type: ignore[union-attr] # it always matches
        if text.startswith("<", start):
            end = text.find(">", start, start + 10_000)
            after = _TITLE.match(text, end + 1) if end > 0 else None
            closing = after.end() if after else _SPACES.match(text, end + 1).end()  # type: ignore[union-attr]
            return (start + 1, end, closing + 1) if end > 0 and text.startswith(")", closing) else None
        depth, step = 0, _PATH_STEP.search(text, start)
        while step is not None and depth <= _MAX_DEPTH:
            end = 0
            if step[0] == "(":
                depth += 1
            elif step[0] == ")":
                depth -= 1
                end = step.end() if depth < 0 else 0
            elif step[0][0] != "\\" and depth == 0 and (title := _TITLE.match(text, step.start())):
                end = title.end() + 1
            if end:
                return start, start + len(text[start : step.start()].rstrip()), end
            step = _PATH_STEP.search(text, step.end())
        return None

    def _html_tag(self, name: str, start: int, at: int) -> int:
        """Add what a tag shows, and return the end of the tag, or of the element if it contains only text."""
        attributes: Attributes = {}
        insert_at = at
        while (found := self.attribute.match(self.text, at)) is not None:
            span = next((found.span(group) for group in (2, 3, 4) if found[group] is not None), (found.end(),) * 2)
            key = found[1].lower()
            attributes.setdefault(
                _ABBREVIATIONS.get(key, key), Attribute(html.unescape(self.text[slice(*span)]), *span)
            )
            at = found.end()
        tag_end = _TAG_END.match(self.text, at)
        if tag_end is None:
            return insert_at  # not a tag
        end = tag_end.end()
        if name == "img" and (source := attributes.get("src") or attributes.get("data-src")):
            classes = frozenset(attributes["class"].value.split() if "class" in attributes else ())
            span = (source.start or 0, source.end)
            self._add(Reference(HTML, source.value.strip(), start, end, span, attributes, classes, insert_at))
        if name in {"img", "source"} and "srcset" in attributes:
            for path, span in _srcset_paths(attributes["srcset"]):
                self.found.append(Reference(BARE_PATH, path, start, end, span, {}))
        if name in _RAW_TEXT:
            closing = _RAW_TEXT[name].search(self.text, end)
            return closing.start() if closing else len(self.text)
        return end


def _srcset_paths(srcset: Attribute) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the paths of a `srcset`, each with its span."""
    for found in _SRCSET_PATH.finditer(srcset.value):
        start = (srcset.start or 0) + found.start(1)
        yield found[1], (start, start + len(found[1]))


def _parse_list(text: str, offset: int | None, lists: Mapping[str, str]) -> tuple[Attributes, frozenset[str]]:
    """Return the attributes and classes of an attribute list, from the text between its braces.

    `offset` is the position of the text, or None if that is not in the image.
    """
    attributes: Attributes = {}
    classes: set[str] = set()
    for item in _ITEM.finditer(text):
        if item[4]:
            classes.add(item[4])
        elif item[5]:
            named, named_classes = _parse_list(lists.get(item[5], ""), None, {})
            classes |= named_classes
            attributes = named | attributes
        else:
            group = 2 if item[2] is not None else 3
            start, end = item.span(group)
            key = _ABBREVIATIONS.get(item[1], item[1])
            span = () if offset is None else (offset + start, offset + end)
            attributes[key] = Attribute(_unescape(item[group]), *span)
    if "class" in attributes:
        classes |= set(attributes["class"].value.split())
    return attributes, frozenset(classes)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
