"""The blocks of a post: those of CommonMark, by markdown-it, changed where kramdown has others."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block

# kramdown's own list of the tags that belong to a paragraph.
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|big|bdo|br|button|cite|code|del|dfn|em|i|img|input|ins|kbd|label|mark|option|q|rb|rbc|rp|rt"
    r"|rtc|ruby|samp|select|small|span|strong|sub|sup|tt|u|var)\b",
    re.IGNORECASE,
)


def _html_block(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's way
    """Parse a block of HTML, if a line begins one.

    To kramdown, a line that begins with an inline tag or a comment is Markdown.
    """
    line = state.src[state.bMarks[first] + state.tShift[first] : state.eMarks[first]]
    if _INLINE_TAG.match(line) or (line.startswith("<!--") and "-->" in line):
        return False
    return html_block(state, first, last, silent)


class _BlockParser(MarkdownIt):
    """Parses blocks as Jekyll does, and leaves the paths of link references as they are written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": True})
        self.enable("table")
        self.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return url

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - as above
        return True


BLOCK_PARSER = _BlockParser()
