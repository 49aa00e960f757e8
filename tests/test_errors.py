import json

from figgen.errors import Finding, as_github, as_json, as_text, did_you_mean, first_findings

FINDINGS = [
    Finding("configs/a,b.yaml", 3, 7, "layers[0].y", "100% wrong\nindeed", ("this",), "did you mean 'that'?"),
    Finding("configs/c.yaml", 1, 1, "", "empty"),
]


def test_as_text():
    assert as_text(FINDINGS[1:]) == "configs/c.yaml:1:1: empty"
    assert as_text(FINDINGS[:1]).endswith(
        ":3:7: layers[0].y: 100% wrong\\u000aindeed; allowed: this; did you mean 'that'?"
    )


def test_as_json():
    assert json.loads(as_json(FINDINGS))[0] == {
        "path": "configs/a,b.yaml",
        "line": 3,
        "column": 7,
        "where": "layers[0].y",
        "message": "100% wrong\nindeed",
        "allowed": ["this"],
        "hint": "did you mean 'that'?",
    }
    assert as_json([]) == "[]"


def test_as_github_escapes_what_would_end_a_command():
    first, second = as_github(FINDINGS).splitlines()
    command, _, said = first.partition("figgen::")
    assert command == "::error file=configs/a%2Cb.yaml,line=3,col=7,title="
    assert said == "layers[0].y: 100%25 wrong%0Aindeed; allowed: this; did you mean 'that'?"
    assert second == "::error file=configs/c.yaml,line=1,col=1,title=figgen::empty"


def test_the_first_findings_of_each_file_are_shown_and_the_others_counted():
    many = [Finding("a.yaml", line, 1, "x", "wrong") for line in range(1, 351)]
    few = [Finding("b.yaml", line, 1, "x", "wrong") for line in range(1, 102)]
    for lines in (
        as_text(many + few).splitlines(),
        as_github(many + few).splitlines(),
        json.loads(as_json(many + few)),
    ):
        assert len(lines) == 101 + 101
    shown = as_text(many + few).splitlines()
    assert shown[99:101] == [
        "a.yaml:100:1: x: wrong",
        "a.yaml:101:1: 250 more mistakes, not shown; fix those above first",
    ]
    assert shown[-1] == "b.yaml:101:1: x: wrong", "a line more than the first hundred takes no more than to say so"


def test_long_texts_are_shortened_and_keep_both_ends():
    finding = Finding("a.yaml", 1, 1, "k" * 10**6, f"unknown key '{'k' * 10**6}'", ("a" * 10**6, "b") * 3, "h" * 10**6)
    (line,) = as_text([finding]).splitlines()
    assert len(line) < 10_000
    assert "unknown key 'kkk" in line
    assert "kkk'; allowed: aaa" in line
    many = Finding("a.yaml", 1, 1, "", "no such name", tuple(f"name{number}" for number in range(10**5)))
    (line,) = as_text([many]).splitlines()
    assert "name0, name1, " in line
    assert line.endswith(", …")
    assert len(line) < 10_000


def test_a_hint_takes_bounded_time(monkeypatch):
    compared = []
    monkeypatch.setattr("difflib.get_close_matches", lambda _, choices, **__: compared.append(len(choices)) or [])
    assert did_you_mean("x" * 10**6, ["x"]) == ""
    assert did_you_mean("x", (f"y{number}" for number in range(10**6))) == ""
    assert compared == [1000, 1000]


def test_mistakes_that_a_step_has_counted_are_counted_again():
    many = [Finding("a.yaml", line, 1, "x", "wrong") for line in range(1, 101)]
    counted = Finding("a.yaml", 200, 1, "", "4,900 more mistakes, not shown", count=4900)
    assert first_findings([*many, counted]) == [*many, counted]
    others = [Finding("a.yaml", line, 1, "x", "another") for line in (201, 202, 203)]
    found = first_findings([*many, counted, *others])
    assert (found[:100], len(found)) == (many, 101)
    assert (found[100].message, found[100].line) == ("4,903 more mistakes, not shown", 200)
    assert first_findings(found) == found
