"""Characters that cannot be drawn as they are meant, or that nobody sees in a file."""

import functools
import re
import unicodedata

from figgen.errors import Mistake

SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"  # a class of a pattern: all but the ordinary one
DOUBLE, SINGLE = "\u201c\u201d\u201e", "\u2018\u2019\u201a"  # curly quotes
CURLY = DOUBLE + SINGLE
FULL_WIDTH_COLON = "\uff1a"

_MAX_QUOTED = 30  # characters of a text that messages quote

_DISGUISED = re.compile(f"[{SPACES}{CURLY}{FULL_WIDTH_COLON}]")
# Besides those that Unicode counts as format characters: fillers, variation selectors and the like.
_OTHER_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Scripts, written from left to right, whose letters are reordered, joined or stacked: those of India and South-East
# Asia, Mongolian, and the parts of Korean syllables.
_SHAPED = re.compile(
    "[\u0900-\u109f\u1100-\u11ff\u1700-\u18af\u1900-\u194f\u1a00-\u1aaf\u1b00-\u1c4f\ua800-\ua8ff\ua930-\uaaff"
    "\uabc0-\uabff\ud7b0-\ud7ff\U00011000-\U00011fff]"
)
_EMOJI_PART = re.compile("[\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\u20e3]|.\u200d")  # of flags, skin tones, keycaps


def is_invisible(char: str) -> bool:
    """Check whether a character shows nothing and is neither a space, a tab nor a line break."""
    hidden = unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} and char not in "\t\n\r"
    return hidden or _OTHER_INVISIBLE.match(char) is not None


def character_name(char: str) -> str:
    """Return the name of a character with its code: ZERO WIDTH SPACE (U+200B)."""
    name = "BYTE ORDER MARK" if char == "\ufeff" else unicodedata.name(char, "control character")
    return f"{name} (U+{ord(char):04X})"


def disguised_at(text: str) -> int | None:
    """Return the place of the first character that looks like another one, or like none; None if there is none."""
    if text.isascii():
        return None
    found = _DISGUISED.search(text)
    places = [place for place, char in enumerate(text) if is_invisible(char)][:1] + ([found.start()] if found else [])
    return min(places, default=None)


@functools.lru_cache(100)  # a hostile file has millions of one
def find_disguise(char: str) -> Mistake:
    """Return what is wrong with a character of a file that looks like another one, or like none."""
    if is_invisible(char):
        return Mistake(f"invisible character: {character_name(char)}", hint="remove it")
    if char == FULL_WIDTH_COLON:
        return Mistake(f"{character_name(char)} in place of ':'", hint="write ':' and a space")
    if char in CURLY:
        hint = "use straight quotes, also around a string that has curly quotes at its ends"
        return Mistake(f"{character_name(char)} in place of a straight quote", hint=hint)
    return Mistake(f"{character_name(char)} in place of a space", hint="write a space, or quote the string")


def find_undrawable(text: str) -> Mistake | None:
    """Return what matplotlib would draw in another way than it is meant, or None, in a text that is in NFC."""
    if text.isascii() and text.isprintable():
        return None
    quoted = f"'{text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + '…'}'"
    if scripts := dict.fromkeys(_script(char) for char in text if _is_shaped(char)):
        message = f"{quoted} is in a script that figgen cannot draw: {', '.join(scripts)}"
        allowed = "scripts from left to right whose letters stand side by side, such as Latin, Greek, Cyrillic and Han"
        return Mistake(message, (allowed,), "without text shaping, letters would be reversed, separate or misplaced")
    if _EMOJI_PART.search(text):
        message = f"{quoted} has an emoji of several characters, which would be drawn one by one"
        return Mistake(message, hint="use an emoji of a single character")
    if hidden := next(filter(is_invisible, text), None):
        return Mistake(f"{quoted} has an invisible character: {character_name(hidden)}", hint="remove it")
    if mark := next((char for char in text if unicodedata.category(char)[0] == "M"), None):
        message = f"{quoted} has an accent that would be misplaced: {character_name(mark)}"
        return Mistake(message, hint=r"write a letter that Unicode has with this accent, or mathtext such as $\hat{x}$")
    return None


def _is_shaped(char: str) -> bool:
    """Check whether matplotlib would draw a letter or a mark in the wrong order or form."""
    if unicodedata.bidirectional(char) in {"R", "AL"}:
        return not is_invisible(char)
    return _SHAPED.match(char) is not None and unicodedata.category(char)[0] in "LM"


def _script(char: str) -> str:
    """Return the name of a character's script: the words before "LETTER" in its name, or the first word."""
    words = re.split(" (?:CAPITAL |SMALL )?LETTER", unicodedata.name(char))
    return (words[0] if words[1:] else words[0].split()[0]).title().replace("Nko", "N'Ko")
