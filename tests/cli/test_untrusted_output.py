"""Nothing that a site contains reaches a stream as a command of a CI runner, or as a character that hides others."""

import json
import re

import pytest
import yaml
from click.testing import CliRunner

from figgen.cli import main
from figgen.errors import printable, printable_json
from tests.conftest import MINIMAL

pytestmark = pytest.mark.usefixtures("in_process")
MARKERS = ("##[add-mask]a", "##vso[task.setvariable variable=a]b", "\n::add-mask::a", "\x1b[31m", "\u202e")
COMMAND = re.compile(r"^\s*::(?!error file=)|##\w*\[", re.MULTILINE)
HOSTILE = "x " + " ".join(MARKERS)


def assert_harmless(said):
    assert COMMAND.search(said) is None, COMMAND.search(said)
    assert [char for char in said if not char.isprintable() and char not in "\n\t"] == []


@pytest.mark.parametrize("text", [*MARKERS, HOSTILE, "a ## b [c]", " ::error::x", "\U000f0b70", "a::b"])
def test_texts_are_escaped_where_they_must_be(text):
    assert_harmless(printable(text))
    assert printable(printable(text)) == printable(text)
    written = json.dumps({text: [text]}, indent=2, ensure_ascii=False)
    assert_harmless(printable_json(written))
    assert json.loads(printable_json(written)) == {text: [text]}


def test_what_is_harmless_is_as_it_is():
    for text in ("## Heading [link]", "a::b", "σ'(x) 日本 é", "x[0]: y", "#[a]"):
        assert printable(text) == text


def plant(site):
    """Put all markers wherever a site has room for a text."""
    quoted = json.dumps(HOSTILE)
    spec = {
        "alt": HOSTILE,
        HOSTILE: 1,
        "title": HOSTILE,
        "data": {"x": {"values": [1, 2]}, HOSTILE: {"values": [HOSTILE]}, "f": {"csv": HOSTILE, "column": HOSTILE}},
        "layers": [{"mark": HOSTILE}, {"mark": "line", "x": HOSTILE, "y": "x", "label": HOSTILE, HOSTILE: 1}],
        "style": HOSTILE,
        "rc": {HOSTILE: HOSTILE},
        "claims": [HOSTILE],
        "waive": {HOSTILE: HOSTILE},
    }
    configs = site / "configs/Post"
    (configs / "wrong.yaml").write_text(json.dumps(spec))
    for number, marker in enumerate(MARKERS[:2]):
        fine = {
            "alt": f"A line, {marker}.",
            "title": f"T {marker}",
            "data": {"x": {"values": [1, 2]}},
            "layers": [{"mark": "line", "x": "x", "y": "x", "label": marker}],
            "preview": {},
        }
        (configs / f"fine{number}.yaml").write_text(json.dumps(fine))
        (configs / f"{marker}.yaml").write_text(MINIMAL)
    (configs / "claim.yaml").write_text(MINIMAL + f"claims: [{json.dumps('max(x) == 99 # ##[a]')}]\n")
    (configs / "csv.yaml").write_text(
        "alt: A.\ndata: {x: {csv: a.csv, column: a}}\nlayers: [{mark: line, x: x, y: x}]\n"
    )
    (configs / "a.csv").write_text(f"a,{HOSTILE}\n{HOSTILE},2\n")
    (site / "configs/styles").mkdir(exist_ok=True)
    (site / "configs/styles/own.mplstyle").write_text("font.size: ##[add-mask]a\n##vso[a]b\nx##[b]: 1\n")
    (configs / "styled.yaml").write_text(MINIMAL + "style: own\n")
    (site / "_posts").mkdir(exist_ok=True)
    post = f"---\ntitle: {quoted}\n---\n\n ::add-mask::a\n![##[x]](/assets/posts/Post/fine0.png)\n\n![a](/assets/posts/Post/##[add-mask]a.png)\n\n::stop-commands::a\n"
    (site / "_posts/2025-01-01-##[add-mask]a.md").write_text(post)


COMMANDS = [
    *(["validate", "--format", form] for form in ("text", "json", "github")),
    *(["check", "--format", form] for form in ("text", "json", "github")),
    ["check", "--fix", "--dry-run"],
    *(["build", "--format", form] for form in ("text", "json")),
    ["build", "--explain", "--dry-run"],
    ["list"],
    ["accept"],
    ["clean", "--orphans", "--yes"],
    *(
        [word, f"Post/{name}"]
        for word in ("show", "describe", "snippet")
        for name in ("fine0", "fine1", "wrong", "claim")
    ),
    ["describe", "##[add-mask]a"],
]


def test_no_command_of_a_runner_reaches_a_stream(site):
    plant(site)
    seen = ""
    for words in COMMANDS:
        result = CliRunner().invoke(main, [*words, "--root", str(site)])
        assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
        for said in (result.stdout, result.stderr):
            assert_harmless(said)
            seen += said
        if "json" in words or (words[0] == "describe" and result.exit_code == 0):
            json.loads(result.stdout)
    assert seen.count("add-mask") > 20, "the markers are printed, without their effect"


def test_what_is_shown_is_the_same_spec(site):
    plant(site)
    shown = CliRunner().invoke(main, ["show", "Post/fine0", "--root", str(site)]).stdout
    assert yaml.safe_load(shown)["alt"] == "A line, ##[add-mask]a."
    described = CliRunner().invoke(main, ["describe", "Post/fine0", "--root", str(site)]).stdout
    assert json.loads(described)["alt"] == "A line, ##[add-mask]a."
