r"""Which dollar signs of a text enclose mathtext, by pandoc's rule, and which are dollar signs.

In pandoc, mathtext starts at a `$` that no space follows, and ends at the next `$`, which must follow no space and be
followed by no digit; `\$` is a dollar sign. In matplotlib, all `$` enclose mathtext if their number is even. Therefore
specs and arrays contain texts *as drawn*, with a backslash before each dollar sign: r"\$5 and \$6" for "$5 and $6".
"""

import re
import unicodedata

from figgen.config.characters import find_undrawable
from figgen.errors import Mistake

_TOKEN = re.compile(
    r"\\\$"
    r"|\$\$"
    r"|(?P<math>\$(?!\s)(?:[^\\$\s]|\\\$|\\(?!\$)|[^\S\n]+(?![\s$]))+\$(?![0-9]))"
    r"|\$"
)
# What looks like TeX outside mathtext: $$, \( and \[, a command, a formula between two $ with spaces inside or a digit
# behind; and, in a text with a $ before or after a word, an exponent or index.
_FORMULA = r"[A-Za-z\\](?:\\[A-Za-z]+|(?<![A-Za-z])[A-Za-z](?![A-Za-z])|[^A-Za-z$\n\\])*(?<=[\w)}'])"
_LOOKS_LIKE_TEX = re.compile(rf"\$\$|\\[(\[]|\\[A-Za-z]{{2,}}|\$ {_FORMULA} \$|\${_FORMULA}\$[0-9]")
_UNPAIRED, _EXPONENT = re.compile(r"\$\S|\S\$"), re.compile(r"(?<!\w)\w*(?:\^|_\{|\b[A-Za-z]_\w\b)[^\s$]*")
# What looks like two dollar signs and the text between them: US$) and cost (US$, A$/C$, 5$-6$.
_LOOKS_LIKE_TEXT = re.compile(r"\$[)/,;:%]|(?<=[0-9])\$-|\$.*(?<![\\A-Za-z])[A-Za-z]{2,} +[A-Za-z]{3,}")
_COMMAND = re.compile(r"\\[A-Za-z]+ *(\{[^{}]*\})?")
_TEX_FORMULA = re.compile(rf"\$(?:{_FORMULA}|(?!\{{).*[\\^_].*)\$")
_TEX_IN_PLAIN_TEXT = re.compile(r"\$\$(?:[^$]*\$\$)?|\\[(\[$]|\\[A-Za-z]{2,}")
_SINGLE_QUOTES = r"use 'single quotes', in which \theta and \nu keep their backslash"
_BACKSLASH = r', a backslash as $\backslash$, and a line break as \n in "double quotes"'
_PANDOC = r"write mathtext as $…$, without spaces inside and no digit after it, and a dollar sign as \$"
TAB = Mistake("the text contains a tab", hint=_SINGLE_QUOTES)


def as_drawn(text: str, *, mathtext: bool = True) -> str:
    r"""Return a text with composed characters and a backslash before each dollar sign, so that it is drawn as meant.

    Without `mathtext`, each `$` is a dollar sign.
    """
    text = unicodedata.normalize("NFC", text)
    if not mathtext:
        return text.replace("$", r"\$")
    return _TOKEN.sub(lambda token: token[0] if token["math"] else r"\$" * token[0].count("$"), text)


def as_written(text: str) -> str:
    """Return the shortest text of a config that is drawn like this one: without backslashes that it does not need."""
    plain = text.replace(r"\$", "$")
    return plain if as_drawn(plain) == text else text


def has_mathtext(text: str) -> bool:
    """Check whether a part of a text is mathtext."""
    return any(token["math"] for token in _TOKEN.finditer(text))


def find_mistake(text: str, *, mathtext: bool = True) -> Mistake | None:
    """Return what is wrong with a text that is to be drawn, or None; `mathtext` as for `as_drawn`."""
    text = unicodedata.normalize("NFC", text)
    if "\t" in text:
        return TAB
    return (mathtext and _find_dollar_mistake(text)) or find_undrawable(text)


def _find_dollar_mistake(text: str) -> Mistake | None:
    for token in _TOKEN.finditer(text.replace("\n", "n")):
        if "\n" in text[token.start() : token.end()]:
            hint = rf"{_SINGLE_QUOTES}; write \$ for a dollar sign"
            return Mistake("the text contains a line break between two $", hint=hint)
    for token in _TOKEN.finditer(text):
        before, math = text[: token.start()][-1:], _COMMAND.sub("", token[0])
        if token["math"] and _LOOKS_LIKE_TEXT.match(before + math, len(before)):
            message = f"'{token[0]}' is read as mathtext, but looks like text between two dollar signs"
            return Mistake(message, hint=r"write \$ for a dollar sign, and \text{…} for words in mathtext")
    rest = _TOKEN.sub(lambda token: "\0" if token["math"] or token[0] == r"\$" else token[0], text)
    if found := _LOOKS_LIKE_TEX.search(rest) or (_UNPAIRED.search(rest) and _EXPONENT.search(rest)):
        hint = _PANDOC + (_BACKSLASH if found[0][0] == "\\" else "")
        return Mistake(f"'{found[0]}' looks like mathtext, but would be drawn as it stands", hint=hint)
    return None


def find_tex(text: str) -> tuple[int, str] | None:
    """Return the first part of an alt text that is TeX, with its place, or None; formulas in braces are none."""
    for token in _TOKEN.finditer(text):
        if token["math"] and _TEX_FORMULA.fullmatch(token[0]):
            return token.start(), token[0]
    found = _TEX_IN_PLAIN_TEXT.search(text)
    return (found.start(), found[0]) if found else None
