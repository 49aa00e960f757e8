import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

import figgen
from figgen.cli import main
from figgen.config.validate import validate
from figgen.errors import SpecError, UsageError
from figgen.site.limits import LIMITS, MIB, VARIABLE, limit, limit_advice, size_advice, size_limit
from tests.conftest import MINIMAL
from tests.figures import ROOT

pytestmark = pytest.mark.slow


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_limit_is_the_default_unless_the_environment_sets_it(monkeypatch):
    assert limit("seconds") == LIMITS["seconds"].default
    monkeypatch.setenv(VARIABLE, "seconds=900, file_mib=2000")
    assert (limit("seconds"), limit("file_mib"), limit("elements")) == (900, 2000, LIMITS["elements"].default)
    assert size_limit("posts/data.CSV") == 2000
    assert size_limit("posts/one.yaml") == 4
    assert size_limit("posts/one.MD") == 16


def test_the_hint_names_what_is_needed_beside_the_limits_that_are_set(monkeypatch):
    monkeypatch.setenv(VARIABLE, "seconds=900, file_mib=2000")
    raised = "raise the limit with FIGGEN_LIMITS="
    assert limit_advice("elements", 60_000_000) == (
        ("up to 20,000,000",),
        f"{raised}seconds=900,file_mib=2000,elements=60000000",
    )
    assert size_advice("data.csv", 3000 * MIB + 1) == (("up to 2,000 MiB",), f"{raised}seconds=900,file_mib=3001")
    assert size_advice("one.yaml", 5 * MIB) == (("up to 4 MiB",), "")
    allowed, hint = limit_advice("seconds")
    assert (allowed, hint) == (
        ("up to 900 s",),
        f"{raised}file_mib=2000,seconds=9000, and further while that is too short",
    )


def test_the_hint_at_a_limit_of_memory_names_what_the_machine_has(monkeypatch):
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**21}.__getitem__)
    assert limit_advice("memory_mib")[1] == "raise the limit with FIGGEN_LIMITS=memory_mib=8192"
    monkeypatch.setenv(VARIABLE, "memory_mib=8192")
    assert limit_advice("memory_mib")[1] == "draw fewer values, or draw it on a machine that has more memory"


def test_no_hint_names_a_value_that_is_refused():
    assert limit_advice("elements", 10**12)[1] == "use fewer: no value of FIGGEN_LIMITS allows so many"


DATA = {
    "{linspace: [0, 1, 300]}": None,
    "{geomspace: [1, 2, 300]}": None,
    "{integers: [1, 300]}": None,
    "{random: normal, shape: [10, 30], seed: 1}": None,
    "{random: permutation, n: 300, seed: 1}": None,
    "{expr: 'repeat(eye(10), 3)'}": None,
    "{csv: rows.csv, column: t}": "t\n" + "1\n" * 300,
    "{csv: rows.csv, column: t, type: text}": "t\n" + "a\n" * 300,
    "{csv: rows.csv, column: t, type: date}": "t\n" + "2025-01-01\n" * 300,
}


@pytest.mark.parametrize("source", DATA)
def test_the_hint_at_a_limit_on_values_works(tmp_path, monkeypatch, source):
    """Apply the hint, also where more than double the limit is needed."""
    config = tmp_path / "configs" / "Post" / "one.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(f"alt: a\ndata:\n  x: {source}\nlayers: [{{mark: line, x: 1, y: 1}}]\n")
    config.with_name("rows.csv").write_text(DATA[source] or "")
    monkeypatch.setenv(VARIABLE, "elements=100,seconds=600")
    (finding,) = figgen.validate(tmp_path)
    assert (finding.message, finding.allowed) == ("array too large: 300 elements", ("up to 100",))
    name, _, value = finding.hint.removeprefix("raise the limit with ").partition("=")
    monkeypatch.setenv(name, value)
    assert (limit("elements"), limit("seconds")) == (300, 600)
    assert figgen.validate(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "second=1",
        "panels=1000",
        "seconds",
        "seconds=",
        "seconds=-1",
        "seconds=0",
        "seconds=1.5",
        "seconds=²",
        "seconds=" + "9" * 5000,
    ],
)
def test_an_invalid_limit_is_a_usage_error(monkeypatch, text):
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(UsageError, match="is not a valid limit: write NAME=NUMBER"):
        limit("seconds")
    result = run("functions")
    assert result.exit_code == 2
    assert "names: file_mib, elements, seconds, memory_mib" in result.stderr


def test_the_figures_of_this_repository_are_far_below_the_limits():
    paths = [path for path in ROOT.rglob("configs/**/*") if path.is_file() and ".venv" not in path.parts]
    assert paths
    for path in paths:
        assert path.stat().st_size * 4 < size_limit(path.name) * MIB


@pytest.mark.parametrize(
    ("place", "most", "hint"),
    [
        ("configs/Post/one.yaml", 4, ""),
        ("configs/_defaults.yaml", 4, ""),
        ("configs/styles/house.mplstyle", 4, ""),
        ("configs/Post/data.csv", 512, "; raise the limit with FIGGEN_LIMITS=file_mib=1800"),
        ("figgen.lock", 16, ""),
    ],
)
def test_a_file_that_is_too_large_is_refused_before_it_is_read(site, place, most, hint):
    text = MINIMAL.replace("{linspace: [0, 1, 3]}", "{csv: data.csv, column: x}") + "style: house\n"
    (site / "configs/Post/one.yaml").write_text(text)
    with (site / place).open("ab") as file:
        file.truncate(1800 * MIB)  # a hole, that takes no room
    result = run("build", "--root", site)
    assert result.exit_code == 1
    assert f"too large: 1,800.0 MiB; allowed: up to {most} MiB{hint}" in result.stderr


def spec(**keys):
    return {"alt": "A line.", "layers": [{"mark": "line", "x": "[1]", "y": "1"}], **keys}


LAYER = {"mark": "line", "x": "1", "y": "1"}


@pytest.mark.parametrize(
    ("data", "where", "message"),
    [
        ({"alt": "a", "panels": [{"layers": [LAYER]}] * 401}, ("panels",), "401 panels"),
        ({"alt": "a", "layers": [LAYER] * 2001}, ("layers",), "2,001 layers"),
        ({"alt": "a", "panels": [{"layers": [LAYER] * 21}] * 100}, ("panels",), "2,100 layers"),
        ({"alt": "a" * 5001, "layers": [LAYER]}, ("alt",), "5,001 characters"),
        ({"alt": "a", "title": "a" * 5001, "layers": [LAYER]}, ("title",), "5,001 characters"),
        ({"alt": "a", "layers": [{**LAYER, "label": "a" * 5001}]}, ("layers", 0, "label"), "5,001 characters"),
    ],
)
def test_a_figure_with_too_many_parts_is_refused(data, where, message):
    with pytest.raises(SpecError) as caught:
        validate(data)
    (problem,) = caught.value.problems
    assert (problem.where, problem.message) == (where, message)
    assert re.fullmatch(r"up to (400|2,000|5,000)", problem.allowed[0])
    assert problem.hint == ""


SLOW = MINIMAL.replace("{linspace: [0, 1, 3]}", "{linspace: [0, 1, 10000000]}").replace(
    "2 * x", "sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(sin(x))))))))))))"
)


def test_a_figure_that_takes_too_long_is_ended_and_the_others_go_on(site, monkeypatch):
    (site / "configs/Post/slow.yaml").write_text(SLOW)
    monkeypatch.setenv(VARIABLE, "seconds=3")  # in which the other is drawn also where much else is going on
    result = run("build", "--root", site, "-j", 2)
    assert "configs/Post/slow.yaml:1:1: not drawn: timed out after 3 s; allowed: up to 3 s; raise" in result.stderr
    assert "figures: 1 built, 0 fresh, 1 failed" in result.stdout


def test_what_takes_too_long_is_not_described_either(site, monkeypatch):
    (site / "configs/Post/slow.yaml").write_text(SLOW)
    monkeypatch.setenv(VARIABLE, "seconds=1")
    result = run("describe", site / "configs/Post/slow.yaml", "--root", site)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("configs/Post/slow.yaml:1:1: not drawn: timed out after 1 s; allowed: up")


@pytest.mark.parametrize("memory", [300, 500])
def test_a_figure_that_needs_too_much_memory_fails_alone(site, memory):
    large = MINIMAL.replace("{linspace: [0, 1, 3]}", "{linspace: [0, 1, 10000000]}")
    (site / "configs/Post/large.yaml").write_text(large)
    # In a process of its own: workers are forked, and the memory of all tests before this one would be theirs.
    result = subprocess.run(
        [sys.executable, "-m", "figgen", "build", "--root", site, "-j", "1"],
        env={**os.environ, VARIABLE: f"memory_mib={memory}"},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    (line,) = result.stderr.splitlines()
    assert line.startswith("configs/Post/large.yaml:")
    assert line.endswith(f"FIGGEN_LIMITS=memory_mib={os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // MIB}")
    assert "figures: 1 built, 0 fresh, 1 failed" in result.stdout
