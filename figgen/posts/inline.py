"""The pictures within one block of a post: kramdown's images with their attribute lists, and HTML's tags.

Kramdown's inline grammar is not that of other Markdown (a path may hold blanks, attributes follow in braces), and a
place is needed for everything that is found. One pass over the block finds what opens and closes; brackets are
matched by a stack, so that the work is linear whatever the text.
"""

import html
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from markdown_it.common.utils import normalizeReference


class Attribute(NamedTuple):
    """The value of an attribute, and its span; `start` is None if it is not in the image's own text."""

    value: str
    start: int | None = None
    end: int = 0


class Image(NamedTuple):
    """One picture that a block shows.

    `start` and `end` span its text, attribute list included; `place` spans the path, if it is there. A further
    attribute goes to `spot`, in an attribute list of its own unless `listed`.
    """

    kind: str
    written: str
    start: int
    end: int
    place: tuple[int, int] | None
    attributes: Mapping[str, Attribute]
    classes: frozenset[str]
    insert_at: int = 0
    listed: bool = True


Attributes = dict[str, Attribute]
Lists = Mapping[str, tuple[Mapping[str, str], frozenset[str]]]  # attribute lists by name

# What shows a picture. A bare path, of a `srcset` or a placeholder, has no alt text and no size of its own.
MARKDOWN, HTML, FRONT, BARE = "Markdown", "HTML", "front matter", "bare"

_TOKEN = re.compile(r"\\[!-/:-@\[-`{-~]|`+|<!--|</?[A-Za-z][A-Za-z0-9-]*|!?\[|\]")
_TAG_TOKEN = re.compile(r"<!--|</?[A-Za-z][A-Za-z0-9-]*")
_TAG_ATTRIBUTE = re.compile(r"\s*([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
# To kramdown a tag is a text if a value without quotes is anything but a word.
_KRAMDOWNS = re.compile(r"\s*([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\w+)(?=[\s/>])))?")
_TAG_END = re.compile(r"\s*/?>")
_TEXT_ONLY = {"script", "style", "textarea"}

_LIST = re.compile(r"\{:(?![:/])((?:\\\}|[^}])*)\}")
_NAMED = re.compile(r" {0,3}\{:(\w[\w:-]*?):(?![:/])((?:\\\}|[^}])+)\}\s*")
_ITEM = re.compile(r"(\w[\w:-]*)=(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)')|\.(-?[\w-]+)|(#?\w[\w:-]*)", re.DOTALL)
_SHORT = {"w": "width", "h": "height"}

_PATH_STEP = re.compile(r"\\.|[()]|\s(?=[\"'])", re.DOTALL)
_TITLE = re.compile(r"\s+(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')\s*(?=\))", re.DOTALL)
_BLANK = re.compile(r"\s*")
_LABEL = re.compile(r"\s?\[((?!\s)[^\[\]]*(?<!\s))\]|\s?\[\]")
_MAX_DEPTH = 32  # brackets within a path
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def named_list(line: str) -> tuple[str, tuple[Mapping[str, str], frozenset[str]]] | None:
    """Read a line that gives an attribute list a name, if it is one."""
    found = _NAMED.fullmatch(line)
    if found is None:
        return None
    attributes, classes = _items(found[2], 0, {})
    return found[1], ({name: attribute.value for name, attribute in attributes.items()}, classes)


def images(text: str, references: Mapping[str, str], lists: Lists, *, markdown: bool) -> list[Image]:
    """List the pictures of one block of a post by their place: of Markdown and HTML, or of HTML alone."""
    scanner = _Scanner(text, references, lists, text.rfind("}"), _KRAMDOWNS)
    scanner.scan(markdown=markdown)
    found = sorted(scanner.found, key=lambda image: image.start)
    classes = scanner.block_classes() if markdown and found else frozenset()
    return [image._replace(classes=image.classes | classes) for image in found] if classes else found


def images_of_page(text: str) -> list[Image]:
    """List the pictures of a page of HTML by their place."""
    scanner = _Scanner(text, {}, {}, -1, _TAG_ATTRIBUTE)
    scanner.scan(markdown=False)
    return sorted(scanner.found, key=lambda image: image.start)


@dataclass
class _Scanner:
    text: str
    references: Mapping[str, str]
    lists: Lists
    last_brace: int
    attribute: re.Pattern[str]
    found: list[Image] = field(default_factory=list)
    open: list[tuple[int, bool, int]] = field(default_factory=list)  # place, of an image?, images found before
    unclosed: float = math.inf  # backticks in a row, of which there are as many nowhere after this

    def scan(self, *, markdown: bool) -> None:
        pattern, at = (_TOKEN if markdown else _TAG_TOKEN), 0
        while (token := pattern.search(self.text, at)) is not None:
            start, at, said = token.start(), token.end(), token[0]
            if said == "<!--":
                end = self.text.find("-->", at)
                at = len(self.text) if end < 0 else end + 3
            elif said[0] == "<":
                at = self._tag(said[1:].lower(), start, at)
            elif said[0] == "`":
                at = self._after_code(start, at)
            elif said == "]":
                at = self._closed(at)
            elif said in {"[", "!["}:
                self.open.append((start, said[0] == "!", len(self.found)))

    def block_classes(self) -> frozenset[str]:
        """Give the classes of the attribute list in a line of its own that ends the block, if there is one.

        They are those of the block, and show or hide what is in it; its width and height are no picture's.
        """
        start = self.text.rstrip().rfind("\n") + 1
        found = _LIST.fullmatch(self.text.rstrip(), start) if start else None
        return _items(found[1], found.start(1), self.lists)[1] if found else frozenset()

    def _after_code(self, start: int, end: int) -> int:
        """Give the end of a code span; backticks that nothing closes are text, and so is a lone one between blanks."""
        count = end - start
        lone = count == 1 and not self.text[max(start - 1, 0) : start].strip() and not self.text[end : end + 1].strip()
        if lone or count >= self.unclosed:
            return end
        closing = self.text.find("`" * count, end)
        if closing < 0:
            self.unclosed = count  # nor are as many, or more, further on
        return end if closing < 0 else closing + count

    def _closed(self, at: int) -> int:
        if not self.open:
            return at
        start, of_image, before = self.open.pop()
        target = self._target(start + 2, at) if of_image else None
        if target is None:
            return at
        written, place, end = target
        del self.found[before:]  # an image in the text of another is no image, but a part of that text
        attributes: Attributes = {"alt": Attribute(_unescaped(self.text[start + 2 : at - 1]), start + 2, at - 1)}
        classes: frozenset[str] = frozenset()
        listed = _LIST.match(self.text, end) if end < self.last_brace else None
        spot = end
        if listed:
            further, classes = _items(listed[1], listed.start(1), self.lists)
            attributes = {**further, **attributes}
            spot, end = listed.start(1), listed.end()
        image = Image(MARKDOWN, written, start, end, place, attributes, classes, spot, listed=listed is not None)
        self.found.append(image)
        self._placeholder(image)
        return end

    def _target(self, alt: int, at: int) -> tuple[str, tuple[int, int] | None, int] | None:
        """Read what follows the text of an image: its path with the span, and the end of it all."""
        if self.text.startswith("(", at) and (span := self._path(at + 1)):
            start, end, after = span
            return _unescaped(self.text[start:end]).strip(), (start, end), after
        label = _LABEL.match(self.text, at)
        name = (label[1] if label else "") or self.text[alt : at - 1]
        written = self.references.get(normalizeReference(name)) if name.strip() else None
        return None if written is None else (written, None, label.end() if label else at)

    def _path(self, at: int) -> tuple[int, int, int] | None:
        """Find the path in brackets, after the opening one: its start and end, and the place after the closing one."""
        text = self.text
        start = _BLANK.match(text, at).end()  # type: ignore[union-attr] # it matches nothing, too
        if text.startswith("<", start):
            end = text.find(">", start, start + 10_000)
            after = _TITLE.match(text, end + 1) if end > 0 else None
            closing = after.end() if after else _BLANK.match(text, end + 1).end()  # type: ignore[union-attr]
            return (start + 1, end, closing + 1) if end > 0 and text.startswith(")", closing) else None
        depth, step = 0, _PATH_STEP.search(text, start)
        while step is not None and depth <= _MAX_DEPTH:
            if step[0] == "(":
                depth += 1
            elif step[0] == ")":
                depth -= 1
                if depth < 0:
                    return start, start + len(text[start : step.start()].rstrip()), step.end()
            elif step[0][0] != "\\" and depth == 0 and (title := _TITLE.match(text, step.start())):
                return start, start + len(text[start : step.start()].rstrip()), title.end() + 1
            step = _PATH_STEP.search(text, step.end())
        return None

    def _placeholder(self, image: Image) -> None:
        lqip = image.attributes.get("lqip")
        if lqip is not None and lqip.start is not None:
            place = (lqip.start, lqip.end)
            self.found.append(Image(BARE, lqip.value, image.start, image.end, place, {}, frozenset()))

    def _tag(self, name: str, start: int, at: int) -> int:
        attributes: Attributes = {}
        spot = at
        while (found := self.attribute.match(self.text, at)) is not None:
            span = next((found.span(group) for group in (2, 3, 4) if found[group] is not None), (found.end(),) * 2)
            value = html.unescape(self.text[slice(*span)])
            key = found[1].lower()
            attributes.setdefault(_SHORT.get(key, key), Attribute(value, *span))
            at = found.end()
        end = _TAG_END.match(self.text, at)
        if end is None:
            return spot  # no tag, but a text
        classes = frozenset(attributes["class"].value.split() if "class" in attributes else ())
        if name == "img" and (source := attributes.get("src") or attributes.get("data-src")):
            place = (source.start or 0, source.end)
            image = Image(HTML, source.value.strip(), start, end.end(), place, attributes, classes, spot)
            self.found.append(image)
            self._placeholder(image)
        if name in {"img", "source"} and "srcset" in attributes:
            for written, place in _candidates(attributes["srcset"]):
                self.found.append(Image(BARE, written, start, end.end(), place, {}, frozenset()))
        if name in _TEXT_ONLY:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(self.text, end.end())
            return closing.start() if closing else len(self.text)
        return end.end()


def _candidates(srcset: Attribute) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the paths of a `srcset`, each with its span."""
    for found in re.finditer(r"([^\s,][^\s]*[^\s,]|[^\s,])(?:\s+[\d.]+[wx])?\s*(?:,|\Z)", srcset.value):
        begin = (srcset.start or 0) + found.start(1)
        yield found[1], (begin, begin + len(found[1]))


def _items(text: str, offset: int, lists: Lists) -> tuple[Attributes, frozenset[str]]:
    """Read the inside of an attribute list, and what the lists that it names say."""
    attributes: Attributes = {}
    classes: set[str] = set()
    for item in _ITEM.finditer(text):
        if item[4]:
            classes.add(item[4])
        elif item[5]:
            named, others = lists.get(item[5], ({}, frozenset()))
            classes |= others
            for key, value in named.items():
                attributes.setdefault(key, Attribute(value))
        else:
            group = 2 if item[2] is not None else 3
            start, end = item.span(group)
            key = _SHORT.get(item[1], item[1])
            attributes[key] = Attribute(_unescaped(item[group]), offset + start, offset + end)
    if "class" in attributes:
        classes |= set(attributes["class"].value.split())
    return attributes, frozenset(classes)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
