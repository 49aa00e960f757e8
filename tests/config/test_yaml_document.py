import json
import math
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from figgen.config.yaml_document import format_where, load
from figgen.errors import ConfigError, Problem, line_and_column
from figgen.site import yaml_events


def findings(text):
    with pytest.raises(ConfigError) as caught:
        load(text, "c.yaml")
    return [(finding.line, finding.column, finding.message) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2025-08-17", "2025-08-17"),
        ("1e3", 1000.0),
        ("-1.5E-3", -0.0015),
        (".5", 0.5),
        ("5.", 5.0),
        ("+7", 7),
        ("-0", 0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("'5'", "5"),
        ('"true"', "true"),
        ("0x10", "0x10"),
        ("9" * 41, 1e41),
    ],
)
def test_plain_scalars_follow_yaml_1_2(text, value):
    loaded = load(f"a: {text}", "c.yaml").data["a"]
    assert loaded == value
    assert type(loaded) is type(value)


def test_nan_is_a_number():
    assert math.isnan(load(".nan", "c.yaml").data)


def test_keys_are_texts():
    assert load("1: a\non: b\n2.0: c", "c.yaml").data == {"1": "a", "on": "b", "2.0": "c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n\tb: 1", (2, 1, "invalid YAML: a tab in the indentation")),
        ("a: 1\na: 2", (2, 1, "duplicate key 'a'")),
        ("a: [1,\n", (2, 1, "invalid YAML: missing value")),
        ("a: b: c", (1, 5, "invalid YAML: ':' is read as the end of a key")),
        ('a: "\\0"', (1, 4, "invalid character U+0000")),
        ("a: 010", (1, 4, "ambiguous value '010': a number or a string")),
        ("σσ: \x01", (1, 5, "invalid character U+0001")),
        ("a: 1\n--- \nb: 2", (2, 1, "more than one YAML document")),
        ("a: &x 1", (1, 4, "anchors and aliases (& and *) are not supported")),
        ("a: !!python/name:os.system x", (1, 4, "unsupported tag '!!python/name:os.system'")),
        ("? [a]\n: b", (1, 3, "invalid key: a list or mapping")),
        ("a: [1\nb: 2", (2, 2, "invalid YAML: unclosed '[' on line 1")),
        ("a: 'b\n", (1, 4, "invalid YAML: unclosed quote")),
        ("a: @b", (1, 4, "invalid YAML: a string that starts with '@'")),
        ("a: *b*", (1, 4, "invalid YAML: a string that starts with '*'")),
        ("a: 1\nb:2\nc: 3", (2, 1, "invalid YAML: expected 'key: value' or '- item'")),
        ("a: {b: 1}\n c: 2", (2, 2, "invalid YAML: unexpected text")),
        ("a: {b: 1} is c", (1, 11, "invalid YAML: unexpected text")),
        ('a: "\\sigma"', (1, 5, 'invalid YAML: unknown escape in "double quotes"')),
        ("a: - b", (1, 4, "invalid YAML: '-' is read as the start of a list item")),
        ("a: >b", (1, 5, "invalid YAML: text after '>' or '|'")),
        ("a: #1f77b4", (1, 4, "'#1f77b4' is read as a comment")),
        ("a: {b: 1, c: #1f77b4}", (1, 14, "'#1f77b4' is read as a comment")),
        ("<<: {a: 1}", (1, 1, "merge keys (<<) are not supported")),
        ("[" * 60 + "]" * 60, (1, 51, "nested too deeply")),
    ],
)
def test_what_is_refused(text, expected):
    assert findings(text) == [expected]


def test_all_mistakes_of_a_file_are_told_at_once():
    assert [line for line, _, _ in findings("a: 1\na: 2\nb: 007\nc: {d: 1, d: 2}")] == [2, 3, 4]


def test_a_file_with_too_many_values_is_refused():
    assert findings("[" + "1," * 100_001 + "]")[0][2] == "too many values"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("y: sin(x) + q", 13),  # plain
        ("y: 'sin(x) + q'", 14),  # quoted: the quote counts
        ('y: "sin(x) + q"', 14),
        ('y: "sin(x) \\u002b q"', 4),  # escaped: only the start is certain
        ("\ufeffy: sin(x) + q", 13),  # after a byte-order mark
    ],
)
def test_a_problem_inside_a_text_is_placed_there(text, column):
    finding = load(text, "c.yaml").locate(Problem(("y",), "unknown name 'q'", offset=9))
    assert (finding.path, finding.line, finding.column, finding.where) == ("c.yaml", 1, column, "y")


def test_what_is_missing_is_placed_at_what_should_hold_it():
    document = load("layers:\n  - {mark: line}\n", "c.yaml")
    finding = document.locate(Problem(("layers", 0, "y"), "'y' is missing", offset=3))
    assert (finding.line, finding.column, finding.where) == (2, 5, "layers[0].y")


def test_a_wrong_key_is_placed_at_the_key():
    finding = load("a:\n  colour: red\n", "c.yaml").locate(Problem(("a", "colour"), "unknown", on_key=True))
    assert (finding.line, finding.column) == (2, 3)


def test_format_where():
    assert format_where(()) == ""
    assert format_where(("data", "x", "linspace", 2)) == "data.x.linspace[2]"
    assert format_where((0, "a")) == "[0].a"


# JSON writes what is beyond U+FFFF as pairs, which YAML does not read; control characters are refused.
printable = st.characters(max_codepoint=0xD7FF, exclude_categories=["Cc"])
texts = st.text(printable)
keys = st.text(printable, max_size=100)  # YAML ends a key at 1,024 characters
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_json_is_read_as_json_reads_it(value):
    text = json.dumps(value)  # a subset of YAML 1.2
    assert load(text, "c.yaml").data == json.loads(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        load(text, "c.yaml")
    except ConfigError as error:
        assert all(finding.line >= 1 and finding.column >= 1 and finding.message for finding in error.findings)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a: 1\n" * 5000, "duplicate key 'a'"),
        (
            "a: 010\n" + "".join(f"k{number}: 010\n" for number in range(4998)),
            "ambiguous value '010': a number or a string",
        ),
        ("".join(f"k{number}: #fff\n" for number in range(4999)), "'#fff' is read as a comment"),
        ('a: "' + r"\N" * 4999 + '"', r'\N in "double quotes" is the character '),
        ("a: 1\u2028" * 4999, "invisible character: LINE SEPARATOR (U+2028)"),
    ],
)
def test_of_many_mistakes_the_first_are_shown_and_the_others_counted(text, first, monkeypatch):
    placed = []
    for module in ("yaml_document", "yaml_errors"):
        monkeypatch.setattr(
            f"figgen.config.{module}.line_and_column", lambda *place: placed.append(1) or line_and_column(*place)
        )
    found = findings(text)
    assert len(found) == 101
    assert first in found[0][2]
    assert found[-1] == (*line_and_column(text, len(text)), "4,899 more mistakes, not shown")
    assert len(placed) <= 101, "to find a line takes time that grows with the text"


def test_the_values_of_repeated_keys_are_counted():
    assert findings("a: 1\n" * 100_001)[-2][2] == "too many values"
    assert load("".join(f"k{number}: 1\n" for number in range(99_999)), "c.yaml").data["k99998"] == 1


def test_a_key_has_a_bounded_length():
    """The message about a value has the keys that it is below."""
    assert load("k" * 1000 + ": 1", "c.yaml").data == {"k" * 1000: 1}
    assert findings('a: {"' + "k" * 1001 + '": 1}') == [(1, 5, "key too long: 1,001 characters")]


def test_directives():
    assert findings("".join(f"%TAG !a{number}! b\n" for number in range(3)) + "---\na: 1\n") == [
        (1, 1, "unsupported directive '%TAG'")
    ]
    assert load("%YAML 1.2\n---\na: 1\n", "c.yaml").data == {"a": 1}


def test_defaults_are_merged_with_their_positions():
    own = load("a: {x: 1}\nb: 2\n", "c.yaml")
    defaults = load("z: [1, {y: 2}]\na: {x: 5, w: {v: [3]}}\nb: 7\n", "_defaults.yaml")
    merged = own.with_defaults(defaults)
    assert merged.data == {"z": [1, {"y": 2}], "a": {"x": 1, "w": {"v": [3]}}, "b": 2}
    assert [*merged.data] == ["z", "a", "b"]
    paths = {format_where(where): (at.path, at.line, at.column) for where, at in merged.values.items()}
    assert paths == {
        "": ("c.yaml", 1, 1),
        "a": ("c.yaml", 1, 4),
        "a.x": ("c.yaml", 1, 8),
        "b": ("c.yaml", 2, 4),
        "z": ("_defaults.yaml", 1, 4),
        "z[0]": ("_defaults.yaml", 1, 5),
        "z[1]": ("_defaults.yaml", 1, 8),
        "z[1].y": ("_defaults.yaml", 1, 12),
        "a.w": ("_defaults.yaml", 2, 14),
        "a.w.v": ("_defaults.yaml", 2, 18),
        "a.w.v[0]": ("_defaults.yaml", 2, 19),
    }
    assert {format_where(where) for where in merged.keys} == {"a", "a.x", "b", "z", "z[1].y", "a.w", "a.w.v"}


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize("escape", ["\\ud800", "\\U00110000", "\\Uffffffff"])
def test_an_escape_of_no_character_is_told_at_its_place_with_and_without_libyaml(monkeypatch, loader, escape):
    monkeypatch.setattr(yaml_events, "_LOADER", getattr(yaml, loader))
    for text, message in (
        (f'a: 1\nb: "{escape}"', "unknown escape|U[+]D800"),
        (f'a: 1\n"{escape}": 1', "unknown|D800"),
    ):
        ((line, column, found),) = findings(text)
        assert line == 2
        assert column <= 7
        assert re.search(message, found)


def test_what_stops_the_reader_is_shown_after_many_mistakes():
    found = findings("a: 1\n" * 301 + "b: [1\nc: 2")
    assert len(found) == 101
    assert found[99] == (303, 2, "invalid YAML: unclosed '[' on line 302")
    assert found[100] == (303, 5, "201 more mistakes, not shown")
