import unicodedata

import pytest

from figgen.config.characters import character_name, find_undrawable, is_invisible
from figgen.config.mathtext import find_mistake


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("שלום", "Hebrew"),
        ("loss خسارة", "Arabic"),
        ("ܫܠܡܐ", "Syriac"),
        ("ߒߞߏ", "N'Ko"),
        ("नमस्ते", "Devanagari"),
        ("বাংলা", "Bengali"),
        ("தமிழ்", "Tamil"),
        ("ไทย", "Thai"),
        ("ລາວ", "Lao"),
        ("ខ្មែរ", "Khmer"),
        ("မြန်မာ", "Myanmar"),
        ("བོད", "Tibetan"),
        ("ᠮᠣᠩᠭᠣᠯ", "Mongolian"),
        ("\u1112\u119e", "Hangul"),
        ("𞤀", "Adlam"),
        ("𑀅", "Brahmi"),
        ("שלום नमस्ते", "Hebrew, Devanagari"),
    ],
)
def test_scripts_that_matplotlib_cannot_shape_are_named(text, script):
    assert find_mistake(text).message == f"'{text}' is in a script that figgen cannot draw: {script}"


@pytest.mark.parametrize(
    "text",
    [
        "naïve Größe", "потери", "απώλεια Ω", "損失関数", "損失かな", "손실 함수", "ማጣት", "կորուստ", "დანაკარგი", "٣٫٥", "฿5 ৳ ₪3 ៛", "12\u00a0%",
        "1\u202f000", "☺ ★ →", "😀", "x²ₙ", "“quoted”", "e\u0301tude", "a\nb", "–…‰", "\u2212" + "1", "ﬁ",
    ],
)  # fmt: skip
def test_other_scripts_signs_and_spaces_are_allowed(text):
    assert find_mistake(text) is None


@pytest.mark.parametrize("text", ["👩\u200d💻", "🇩🇪", "👍🏽", "1\ufe0f\u20e3", "1\u20e3"])
def test_emoji_of_several_characters_are_reported(text):
    assert find_mistake(text).message == f"'{text}' has an emoji of several characters, which would be drawn one by one"


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u200b", "ZERO WIDTH SPACE (U+200B)"),
        ("\u200c", "ZERO WIDTH NON-JOINER (U+200C)"),
        ("\u200e", "LEFT-TO-RIGHT MARK (U+200E)"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE (U+2066)"),
        ("\u00ad", "SOFT HYPHEN (U+00AD)"),
        ("\ufeff", "BYTE ORDER MARK (U+FEFF)"),
        ("\u2028", "LINE SEPARATOR (U+2028)"),
        ("\x85", "control character (U+0085)"),
        ("\ufe0f", "VARIATION SELECTOR-16 (U+FE0F)"),
        ("\u3164", "HANGUL FILLER (U+3164)"),
    ],
)
def test_invisible_characters_are_named(char, name):
    assert is_invisible(char)
    assert character_name(char) == name
    assert find_mistake(f"a{char}b").message == f"'a{char}b' has an invisible character: {name}"


def test_accents_are_composed_or_reported():
    assert find_mistake("e\u0301") is None
    assert find_mistake("x\u0304").message.endswith("has an accent that would be misplaced: COMBINING MACRON (U+0304)")


def test_every_character_is_judged_without_an_error():
    by_category = {}
    for code in [*range(0xD800), *range(0xE000, 0x30000), *range(0xE0000, 0xE0200)]:
        if find_undrawable(unicodedata.normalize("NFC", chr(code))) is None:
            by_category.setdefault(unicodedata.category(chr(code)), []).append(code)
    # What is allowed: letters, digits, signs, spaces, tabs and line breaks; never an accent or what is invisible.
    assert not by_category.keys() & {"Mn", "Mc", "Me", "Cf", "Zl", "Zp"}
    assert by_category["Cc"] == [9, 10, 13]
    assert not any(0x590 <= code < 0xE00 for code in [*by_category["Lo"], *by_category["Lm"]])
