"""Markdown's blocks, found by markdown-it and where kramdown has others, as kramdown has them."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block

# kramdown's own list of what is no block.
_SPAN_TAG = re.compile(
    r"</?(?:a|abbr|acronym|b|big|bdo|br|button|cite|code|del|dfn|em|i|img|input|ins|kbd|label|mark|option|q|rb|rbc|rp|rt"
    r"|rtc|ruby|samp|select|small|span|strong|sub|sup|tt|u|var)\b",
    re.IGNORECASE,
)


def _html_block(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's way
    """Tell whether a line begins a block of HTML, and if so, take it.

    To kramdown, a tag that belongs in a text begins one, and what follows it is Markdown, as is what follows a comment.
    """
    line = state.src[state.bMarks[first] + state.tShift[first] : state.eMarks[first]]
    if _SPAN_TAG.match(line) or (line.startswith("<!--") and "-->" in line):
        return False
    return html_block(state, first, last, silent)


class _Blocks(MarkdownIt):
    """Markdown's blocks as Jekyll's are, with the paths of references as they were written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": True})
        self.enable("table")
        self.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return url

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - as above
        return True


BLOCKS = _Blocks()
