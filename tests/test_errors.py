import json

from figgen.errors import Finding, as_github, as_json, as_text

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
