"""Characters and comments in YAML that are not what they look like, and the places at which they are reported."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from figgen.config.characters import character_name
from figgen.config.spec import CheckedText, find_annotation
from figgen.config.spec.base import Model
from figgen.config.yaml_characters import TEXT_KEYS
from figgen.config.yaml_document import load
from figgen.errors import ConfigError

SPACE, ZERO_WIDTH, MARK, COLON = "\u00a0", "\u200b", "\ufeff", "\uff1a"
NAME = {
    char: character_name(char)
    for char in (SPACE, ZERO_WIDTH, MARK, COLON, "\u3000", "\u2028", "\x85", "\u201c", "\u2018")
}


def findings(text):
    with pytest.raises(ConfigError) as caught:
        load(text, "c.yaml")
    return [(finding.line, finding.column, finding.message) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("text", "line", "column", "char"),
    [
        (f"title:{SPACE}A\nalt: b", 1, 7, SPACE),
        (f"alt: b\ntitle:{SPACE}A\n\n\nx: 1\n", 2, 7, SPACE),
        (f"alt: b\ntitle{SPACE}: A", 2, 6, SPACE),
        (f"a:\n{SPACE} b: 1", 2, 1, SPACE),
        (f"a:\n  - b\n {SPACE}- c", 3, 2, SPACE),
        (f"layers:\n  - mark:{SPACE}line\n  - mark: bar", 2, 10, SPACE),
        (f"layers:\n  -{SPACE}mark: line\n    x: 1", 2, 4, SPACE),
        (f"a: [{SPACE}1, 2]", 1, 5, SPACE),
        (f"a: {{b:{SPACE}1, c: 2}}", 1, 7, SPACE),
        (f"a: 1{SPACE}\nb: 2", 1, 5, SPACE),
        (f"a: 1{SPACE}# note\nb: 2", 1, 5, SPACE),
        (f'a: "b"{SPACE}\nc: d', 1, 7, SPACE),
        (f"a: [1, 2]{SPACE}\nb: c", 1, 10, SPACE),
        (f"a: >-{SPACE}\n  b\nc: d", 1, 6, SPACE),
        (f"a:{SPACE}\n  b: 1\nc: 2", 1, 3, SPACE),
        ("a:\u3000b\nc: d", 1, 3, "\u3000"),
        (f"a: b{ZERO_WIDTH}\nc: d", 1, 5, ZERO_WIDTH),
        (f"a:{ZERO_WIDTH} b\nc: d", 1, 3, ZERO_WIDTH),
        (f"{ZERO_WIDTH}a: b\nc: d", 1, 1, ZERO_WIDTH),
        (f"a: 'b{ZERO_WIDTH}'\nc: d", 1, 6, ZERO_WIDTH),
        (f"a: b\n{MARK}c: d", 2, 1, MARK),
        (f"{MARK}{MARK}a: b", 1, 1, MARK),
        (f"alt{COLON} b\ntitle: c", 1, 4, COLON),
        (f"alt: b\ntitle{COLON} c\n", 2, 6, COLON),
        (f"layers:\n  - mark{COLON} line", 2, 9, COLON),
        (f"a: {{b{COLON} 1, c: 2}}", 1, 6, COLON),
        ("a: “b”\nc: d", 1, 4, "\u201c"),
        ("a: “b: c”\nd: e", 1, 4, "\u201c"),
        ("a: {b: “c, d”}", 1, 8, "\u201c"),
        ("a: ‘it’s b’", 1, 4, "\u2018"),
        ("“a”: b", 1, 1, "\u201c"),
        ("a: b\u2028c: d\ne: f", 1, 5, "\u2028"),
        ("a: b # note\x85c: d\ne: f", 1, 12, "\x85"),
    ],
)  # fmt: skip
def test_a_character_is_reported_at_its_own_place_by_name(text, line, column, char):
    assert findings(text)[0][:2] == (line, column)
    assert NAME[char] in findings(text)[0][2]


@pytest.mark.parametrize(
    "text",
    [
        f"title: 12{SPACE}% of “all” runs",
        f"title: Perte{SPACE}:{SPACE}0,5",
        f"title: 'Loss{SPACE}'",
        "title: “A” and “B”",
        "title: '“A”'",
        f"title: Loss{COLON}0.5",
        f"alt: خسارة{chr(0x200C)}ها",
        f"a: 1 # a{SPACE}note{ZERO_WIDTH}{COLON}",
        f"# {SPACE}\na: 1",
        f"{MARK}a: 1",
        "a:\tb",
        f"column: loss{SPACE}(%)",
    ],
)
def test_characters_within_a_text_or_a_comment_are_not_reported(text):
    load(text, "c.yaml")


@pytest.mark.parametrize("escape", ["N", "L", "P"])
def test_escapes_of_double_quotes_that_tex_commands_start_with(escape):
    ((line, column, message),) = findings(f'a: b\ntitle: "x \\{escape}ambda"')
    assert (line, column) == (2, 11)
    assert message.startswith(f'\\{escape} in "double quotes" is the character ')
    load(f'title: "x \\\\{escape}ambda"', "c.yaml")
    load(f"title: 'x \\{escape}ambda'", "c.yaml")


def test_an_underscore_with_a_backslash_is_a_space_only_beside_a_letter():
    assert findings('title: "snake\\_case"')[0][2].endswith("is the character NO-BREAK SPACE (U+00A0)")
    assert load('title: "12\\_%"', "c.yaml").data == {"title": f"12{SPACE}%"}


@pytest.mark.parametrize(
    ("text", "line", "column", "comment"),
    [
        ("alt: Loss of model #3 falls", 1, 20, "#3 falls"),
        ("alt: Loss\n  of model #3\n  falls\nx: 1", 2, 12, "#3"),
        ("title: #1 in class\nx: 1", 1, 8, "#1 in class"),
        ("title: #333", 1, 8, "#333"),
        ("layers:\n  - {mark: line, label: run #1, x: x}", 2, 29, "#1, x: x}"),
        ("layers:\n  - labels: [run #1, run #2]\nx: 1", 2, 18, "#1, run #2]"),
        ("labels:\n  - run #1\n  - b", 2, 9, "#1"),
        ("axes: \n  x:\n    label: F #major\n", 3, 14, "#major"),
        ("data:\n  x: {values: [run #1, b]}", 2, 20, "#1, b]}"),
        ("text: a #" + "b" * 40, 1, 9, "#" + "b" * 28 + "…"),
    ],
)
def test_a_text_that_a_comment_cuts_off_is_reported(text, line, column, comment):
    assert findings(text) == [(line, column, f"'{comment}' is read as a comment")]


@pytest.mark.parametrize(
    "text",
    [
        "alt: Loss # of model 3", "alt: Loss ## note", "alt: Loss #", "title: C# and F#", "title: 'Loss #3'", 'title: "Loss" #3',
        "title:\n  #the title\n  Loss", "labels: #names\n  - a", "scale: log #natural", "y: sin(x) #wave", "width: 2 #px",
        "opacity: 0.5 #see-through", "data:\n  x: {values: [1, 2]} #numbers", "data:\n  x:\n    values:\n      - 1 #one\n",
        "layers: #marks\n  - mark: line #first", "alt: |\n  Loss #3", "alt: >-\n  Loss\n  #3", "title: Loss\n#label: x\nx: 1",
    ],
)  # fmt: skip
def test_ordinary_comments_are_not_reported(text):
    load(text, "c.yaml")


def models(model):
    yield model
    for inner in model.__subclasses__():
        yield from models(inner)


def test_the_keys_of_texts_are_those_of_the_spec():
    found = {
        name
        for model in models(Model)
        if model.__module__.startswith("figgen.")  # not those of other tests
        for name, info in model.model_fields.items()
        if (checked := find_annotation(info, CheckedText)) and checked.kind == "text"
    }
    assert found - {"dates"} == TEXT_KEYS - {"alt"}


words = st.text("abcxyz", min_size=1, max_size=5)
plain = st.lists(words, min_size=1, max_size=3).map(" ".join)
scalars = st.one_of(
    plain, st.integers(-99, 99).map(str), plain.map("'{}'".format), plain.map('"{}"'.format), st.lists(plain, min_size=1, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    st.lists(st.tuples(words, plain), min_size=1, max_size=3, unique_by=lambda pair: pair[0]).map(lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"),
)  # fmt: skip


def block(inner):
    """Make a mapping or a list in block style from values, each a scalar or indented lines that start with a line break."""

    def indented(value):
        return value.replace("\n", "\n  ")

    items = st.lists(inner, min_size=1, max_size=3)
    mapping = st.lists(st.tuples(words, inner), min_size=1, max_size=4, unique_by=lambda pair: pair[0])
    line = lambda start, value: f"\n{start}{'' if value.startswith(chr(10)) else ' '}{indented(value)}"  # noqa: E731
    return st.one_of(
        mapping.map(lambda pairs: "".join(line(f"{key}:", value) for key, value in pairs)),
        items.map(lambda values: "".join(line("-", value) for value in values)),
    )


blocks = st.recursive(scalars, block, max_leaves=8).filter(lambda text: text.startswith("\n") and ":" in text)
documents = blocks.map(lambda text: text[1:] + "\n")


@given(documents)
def test_the_documents_of_the_next_test_are_valid(text):
    load(text, "c.yaml")


@given(documents, st.sampled_from(sorted(NAME)), st.data())
def test_the_first_message_is_on_the_line_of_the_character(text, char, data):
    place = data.draw(st.integers(0, len(text)))
    changed = text[:place] + char + text[place:]
    try:
        load(changed, "c.yaml")
    except ConfigError as error:
        assert error.findings[0].line == 1 + text.count("\n", 0, place), (changed, error.findings)


@given(documents, st.sampled_from([SPACE, ZERO_WIDTH, "\u3000", "\u2028"]), st.data())
@example("a: b\n", SPACE, None)
def test_a_character_beside_a_key_is_always_reported(text, char, data):
    places = [place for place in range(len(text)) if text[place] == ":" or place == 0 or text[place - 1] in "\n:"]
    place = data.draw(st.sampled_from(places)) if data else 2
    with pytest.raises(ConfigError) as caught:
        load(text[:place] + char + text[place:], "c.yaml")
    assert caught.value.findings[0].line == 1 + text.count("\n", 0, place)
    assert character_name(char) in caught.value.findings[0].message
