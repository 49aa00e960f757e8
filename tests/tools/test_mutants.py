"""The changes that `make mutants` makes to the code, and how it judges them."""

import ast
import sys
import time

import pytest

from figgen.config.spec.marks import helpers
from tests.figures import ROOT
from tests.processes import run
from tools.mutants import code, line_map
from tools.mutants.edits import edits
from tools.mutants.judge import Judge, Mutant, Verdict, forked, functions_of_figgen, mutants_of, replace_code
from tools.mutants.line_map import LineMap

HELPERS = "figgen/config/spec/marks/helpers.py"


def changed(text):
    """List what a module becomes by each of its edits."""
    found = []
    for number, _ in enumerate(edits(text)[1]):
        tree, all_edits = edits(text)
        all_edits[number].apply()
        found.append(ast.unparse(ast.fix_missing_locations(tree)))
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b", "a <= b"),
        ("a == b", "a != b"),
        ("a is None", "a is not None"),
        ("a not in b", "a in b"),
        ("a and b", "a or b"),
        ("a + b", "a - b"),
        ("a @ b", "a * b"),
        ("not a", "a"),
        ("-a", "a"),
        ("3", "4"),
        ("0.5", "1.0"),
        ("0.0", "1.0"),
        ("True", "False"),
        ("'left'", "'leftx'"),
        ("max(a)", "min(a)"),
        ("np.any(a)", "np.all(a)"),
        ("f(a, low=b)", "f(a)"),
        ("a if b else c", "a if not b else c"),
        ("[a for a in b if c]", "[a for a in b if not c]"),
    ],
)
def test_each_kind_of_change_of_an_expression(before, after):
    assert changed(f"x = {before}") == [f"x = {after}"]


@pytest.mark.parametrize("statement", ["f()", "a += b", "a.b = c", "a[b] = c", "raise a", "del a"])
def test_statements_are_removed(statement):
    assert "pass" in changed(statement)


@pytest.mark.parametrize(
    "text",
    [
        "'a docstring'",
        "x = 'words for people'",
        "x = f'{a} at 1'",
        "x: int | None = a",
        "assert a == 1",
        "x = Field(a, description='b')",
        "x = zip(a, b, strict=True)",
        "Kind = Literal['a']",
        "if TYPE_CHECKING:\n    f(1)",
    ],
)
def test_what_is_left_alone(text):
    assert changed(text) == []


def test_bounds_in_a_type_are_changed():
    assert changed("class A:\n    x: Annotated[float, Field(ge=0)] = b") == [
        "class A:\n    x: Annotated[float, Field()] = b",
        "class A:\n    x: Annotated[float, Field(ge=1)] = b",
    ]


def test_edits_have_names_that_do_not_depend_on_their_lines():
    text = "class A:\n    def f(self):\n        return a < 1 or a < 1\n"
    names = [(edit.function, edit.source, edit.change) for edit in edits(text)[1]]
    assert names == [(edit.function, edit.source, edit.change) for edit in edits("\n\n# more\n" + text)[1]]
    assert ("A.f", "a < 1", "Lt -> LtE #2") in names
    assert len({*names}) == len(names)


def mutant(source, change):
    (found,) = [found for found in mutants_of(HELPERS) if (found.source, found.change) == (source, change)]
    return found


def test_a_function_is_changed_in_the_forked_process_only():
    found = mutant("relative_luminance(alpha_blend(color, behind)) > 0.25", "0.25 -> 0.5")
    assert helpers.readable_text_color("#aaaaaa", "white") == "black"

    def look(applied, _, report):
        if applied is not None:
            replace_code(applied, functions_of_figgen()[HELPERS, applied.function])
        report("start it")
        report(f"{'passed' if helpers.readable_text_color('#aaaaaa', 'white') == 'black' else 'failed'} it")

    assert forked(look, None, ["it"], lambda _: 5) == Verdict("survived")
    assert forked(look, found, ["it"], lambda _: 5) == Verdict("caught", "it")
    assert helpers.readable_text_color("#aaaaaa", "white") == "black"


def test_a_test_that_does_not_end_or_ends_the_process_catches():
    def endless(*_):
        started = time.monotonic()
        while time.monotonic() > started - 1:
            pass

    def one(_, tests, report):
        report(f"start {tests[0]}")
        {"endless": endless, "exit": exit}[tests[0]](3)

    assert forked(one, None, ["endless"], lambda _: 0.2) == Verdict("time-out", "endless")
    assert forked(one, None, ["exit"], lambda _: 5) == Verdict("caught", "exit")
    with pytest.raises(RuntimeError, match="the mutant could not be applied"):
        forked(lambda *_: sys.exit(0), None, ["it"], lambda _: 5)


MUTANT = Mutant("a.py", 0, "f", in_function=True, lines=range(3, 4), source="a < b", change="Lt -> LtE")
LINES = LineMap(
    {"slow": 9, "fast": 1, "other": 2, "broken": 0.5},
    {"a.py": {3: frozenset({"slow", "fast", "broken"}), 7: frozenset({"other"})}},
)


RECORDED = """
import pytest
from figgen.config.spec.marks import helpers

@pytest.fixture(scope="module")
def shared():
    return helpers.relative_luminance((1, 1, 1))

def test_first(shared):
    assert shared == pytest.approx(1)

def test_second(shared):
    assert shared == pytest.approx(1)

def test_third():
    helpers.require_not_negative("a", 1)
"""


@pytest.mark.slow
def test_what_a_shared_fixture_runs_is_recorded_for_all_its_tests(tmp_path, monkeypatch):
    (tmp_path / "test_it.py").write_text(RECORDED)
    program = (
        "import pathlib, sys, pytest; from tools.mutants import line_map; line_map.RECORDS = pathlib.Path('records');"
        "sys.exit(pytest.main(['-p', 'no:randomly', 'test_it.py'], plugins=[line_map]))"
    )
    done = run(["env", f"PYTHONPATH={ROOT}", sys.executable, "-c", program], cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.setattr(line_map, "RECORDS", tmp_path / "records")
    recorded = line_map.read_line_map()
    assert recorded.seconds.keys() == {f"test_it.py::test_{name}" for name in ("first", "second", "third")}

    def tests(function):
        lines = function.__code__.co_lines()
        return {*recorded.tests_of(HELPERS, {line for *_, line in lines if line != function.__code__.co_firstlineno})}

    assert tests(helpers.relative_luminance) == {"test_it.py::test_first", "test_it.py::test_second"}
    assert tests(helpers.require_not_negative) == {"test_it.py::test_third"}


def test_the_tests_that_run_the_line_are_run_fastest_first():
    judge = Judge(LINES)
    assert judge.tests(MUTANT) == ["broken", "fast", "slow"]
    assert judge.tests(MUTANT._replace(lines=range(5, 6))) == ["broken", "fast", "other", "slow"]
    assert judge.tests(MUTANT._replace(path="b.py")) == []
    imported = MUTANT._replace(in_function=False)
    assert judge.tests(imported) == ["broken", "fast", "other", "slow"]
    assert judge.tests(imported._replace(path="b.py")) == ["broken", "fast", "other", "slow"]


def test_a_test_that_fails_without_a_mutant_catches_none():
    def each(applied, tests, report):
        for test in tests:
            report(f"start {test}")
            if test == "broken" or (test == "slow" and applied is not None):
                report(f"failed {test}")
                return
        report("passed")

    assert Judge(LINES).judge(MUTANT, each) == Verdict("caught", "slow")
    assert Judge(LINES).judge(MUTANT._replace(path="b.py"), each) == Verdict("not run")


def test_a_sample_is_chosen_by_its_seed():
    mutants = [MUTANT._replace(source=f"a < {number}") for number in range(100)]
    chosen = code.sample(mutants, 10, seed=1)
    assert len({*chosen}) == 10
    assert code.sample(mutants[::-1], 10, seed=1) == chosen != code.sample(mutants, 10, seed=2)
    kept = [mutant for mutant in mutants if mutant != chosen[3]]
    assert {*chosen} - {*code.sample(kept, 10, seed=1)} == {chosen[3]}


def test_a_listed_mutant_that_is_caught_or_gone_is_an_error(capsys):
    caught, survived = Verdict("caught", "a test"), Verdict("survived")
    real = MUTANT._replace(path="figgen/data/a.py")
    assert not code.report({real: caught}, [], [])
    assert not code.report({real: survived}, [real.key], [])
    assert "data: caught 0 of 0" in capsys.readouterr().out
    assert code.report({real: survived}, [], [])
    assert "survived: figgen/data/a.py:3: f: a < b: Lt -> LtE" in capsys.readouterr().out
    assert code.report({real: caught}, [real.key], [])
    assert "listed as equivalent, but caught by a test: figgen/data/a.py:3" in capsys.readouterr().out
    assert code.report({}, [real.key], [real.key])
    assert "listed as equivalent, but not there: figgen/data/a.py | f | a < b | Lt -> LtE" in capsys.readouterr().out


@pytest.mark.slow
def test_equivalents_are_in_the_code_and_have_reasons():
    listed = code.read_equivalents(code.EQUIVALENTS.read_text())
    assert listed.keys() <= {found.key for found in code.find_mutants()}
    with pytest.raises(ValueError, match="without a reason"):
        code.read_equivalents("a.py: [{function: f, source: a, change: b, reason: ' '}]")
