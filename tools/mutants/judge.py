"""Judge mutants of the code: apply each in a forked process, and run there the tests that run its lines, until one fails.

A mutant in a function is applied in a process that has collected the tests, by replacing the function's code. One that
takes effect while a module is imported is applied in a process that has imported libraries only, by an import hook.
Nothing is written to the work tree.
"""

import ast
import contextlib
import gc
import importlib
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tools.mutants.edits import edits
from tools.mutants.line_map import ROOT, LineMap, cached_functions

SECONDS = 5.0  # of processor time for one test, beside ten times what it took when it was recorded
PATIENCE = 300.0  # seconds for one test that waits rather than computes
OPTIONS = ("-q", "-s", "-x", "--no-header", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider")


class Mutant(NamedTuple):
    """One edit of a file, by its number there; the other fields name it, for people and in the list of equivalents."""

    path: str
    number: int
    function: str
    in_function: bool
    lines: range
    source: str
    change: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.path, self.function, self.source, self.change

    def __str__(self) -> str:
        return f"{self.path}:{self.lines.start}: {self.function}: {self.source}: {self.change}"


class Verdict(NamedTuple):
    """How a mutant was judged: "caught", "time-out", "survived" or "not run", and by which test."""

    kind: str
    test: str = ""


Run = Callable[[Mutant | None, Sequence[str], Callable[[str], None]], None]


def mutants_of(path: str) -> Iterator[Mutant]:
    for number, edit in enumerate(edits((ROOT / path).read_text())[1]):
        yield Mutant(path, number, edit.function, edit.in_function, edit.lines, edit.source, edit.change)


def compiled(mutant: Mutant) -> types.CodeType:
    """Compile the file of a mutant, with its edit."""
    tree, found = edits((ROOT / mutant.path).read_text())
    found[mutant.number].apply()
    return compile(ast.fix_missing_locations(tree), str(ROOT / mutant.path), "exec", dont_inherit=True)


def functions_of_figgen() -> dict[tuple[str, str], list[types.FunctionType]]:
    """Return the imported functions by the path of their file and their qualified name."""
    found: dict[tuple[str, str], list[types.FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and each.__code__.co_filename.startswith(f"{ROOT}/figgen/"):
            path = Path(each.__code__.co_filename).relative_to(ROOT).as_posix()
            found.setdefault((path, each.__code__.co_qualname), []).append(each)
    return found


def replace_code(mutant: Mutant, functions: Iterable[types.FunctionType]) -> None:
    """Replace the code of the function that a mutant changes, in each of its objects, wherever they are referred to."""
    new = _codes(compiled(mutant))
    for function in functions:
        function.__code__ = new[mutant.function, function.__code__.co_firstlineno]


def _codes(code: types.CodeType) -> dict[tuple[str, int], types.CodeType]:
    found = {}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found[constant.co_qualname, constant.co_firstlineno] = constant
            found |= _codes(constant)
    return found


def import_mutated(mutant: Mutant) -> None:
    """Have the module of a mutant imported with its edit."""
    name = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    class Finder:
        @staticmethod
        def find_spec(wanted, path, _target=None):
            if wanted != name:
                return None
            spec = importlib.machinery.PathFinder.find_spec(wanted, path)
            spec.loader.get_code = lambda _: compiled(mutant)
            return spec

    sys.meta_path.insert(0, Finder)


def forked(run: Run, mutant: Mutant | None, tests: Sequence[str], seconds: Callable[[str], float]) -> Verdict:
    """Run tests in a forked process that a mutant is applied in, until one fails; None: without a mutant."""
    reading, writing = os.pipe()
    folder = tempfile.mkdtemp(prefix="figgen-mutant-")
    if (process := os.fork()) == 0:
        status = 1
        try:
            os.setsid()
            os.close(reading)
            _enter(folder)

            def report(word: str) -> None:
                if word.startswith("start "):
                    spent = resource.getrusage(resource.RUSAGE_SELF)
                    limit = int(spent.ru_utime + spent.ru_stime + seconds(word.removeprefix("start "))) + 1
                    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
                os.write(writing, (word + "\n").encode())

            run(mutant, tests, report)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    try:
        return _follow(reading, process)
    finally:
        os.close(reading)
        shutil.rmtree(folder, ignore_errors=True)


def _enter(folder: str) -> None:
    """Let a forked process print nothing, read nothing, and have its temporary files in a folder of its own."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = folder
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _follow(reading: int, process: int) -> Verdict:
    """Read what a forked process reports until it ends; then end all that it started."""
    text, waited = "", False
    while True:
        if not select.select([reading], [], [], PATIENCE)[0]:
            waited = True
            break
        if not (read := os.read(reading, 65536)):
            break
        text += read.decode()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    lines = text.splitlines()
    if not lines:
        raise RuntimeError("the mutant could not be applied")
    word, _, test = lines[-1].partition(" ")
    if word == "failed":
        return Verdict("caught", test)
    if word == "passed":
        return Verdict("survived")
    if waited or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return Verdict("time-out", test)
    return Verdict("caught", test)  # the process ended within a test, or before the first could be run


class Judge:
    """Judges mutants by the tests that run their lines, leaving out tests that fail without a mutant, too."""

    def __init__(self, line_map: LineMap) -> None:
        self._map = line_map
        self._passes: dict[tuple[bool, str], bool] = {}  # without a mutant

    def tests(self, mutant: Mutant) -> list[str]:
        if not mutant.in_function:  # a file without functions is run by none: any test may see a mutant of it
            return self._map.tests_of(mutant.path) or sorted(self._map.seconds, key=self._map.seconds.__getitem__)
        return self._map.tests_of(mutant.path, mutant.lines) or self._map.tests_of(mutant.path)

    def judge(self, mutant: Mutant, run: Run) -> Verdict:
        def usable(tests: Iterable[str]) -> list[str]:
            return [test for test in tests if self._passes.get((mutant.in_function, test), True)]

        tests = self.tests(mutant)
        while tests := usable(tests):
            verdict = forked(run, mutant, tests, self._seconds)
            key = mutant.in_function, verdict.test
            if verdict.kind != "survived" and key not in self._passes:
                control = [verdict.test or tests[0]]
                self._passes[key] = forked(run, None, control, self._seconds).kind == "survived"
            if verdict.kind == "survived" or self._passes[key]:
                return verdict
            if not verdict.test:
                raise RuntimeError(f"{tests[0]} cannot be run without a mutant")
        return Verdict("not run")

    def _seconds(self, test: str) -> float:
        return SECONDS + 10 * self._map.seconds[test]


class Items:
    """A plugin that, once pytest has collected the tests, judges mutants of functions instead of running the tests."""

    def __init__(self, judge: Judge, mutants: Iterable[Mutant], told: Callable[[Mutant, Verdict], None]) -> None:
        self._judge, self._mutants, self._told = judge, mutants, told
        self._items: dict[str, pytest.Item] = {}
        self._functions: dict[tuple[str, str], list[types.FunctionType]] = {}
        self._cached: list[Any] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        self._functions, self._cached = functions_of_figgen(), cached_functions()
        gc.collect()
        gc.freeze()
        for mutant in self._mutants:
            self._told(mutant, self._judge.judge(mutant, self._run))
        return True

    def _run(self, mutant: Mutant | None, tests: Sequence[str], report: Callable[[str], None]) -> None:
        from _pytest.runner import runtestprotocol

        for function in self._cached:
            function.cache_clear()
        if mutant is not None:
            replace_code(mutant, self._functions[mutant.path, mutant.function])
        report("applied")
        items = [self._items[test] for test in tests]
        for item, following in zip(items, [*items[1:], None], strict=True):
            report(f"start {item.nodeid}")
            if any(found.failed for found in runtestprotocol(item, log=False, nextitem=following)):
                report(f"failed {item.nodeid}")
                return
        report("passed")


class _Reporter:
    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._report(f"start {nodeid}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._report(f"failed {report.nodeid}")
            os._exit(1)


def run_from_import(mutant: Mutant | None, tests: Sequence[str], report: Callable[[str], None]) -> None:
    """Run tests by pytest, in a process that has not yet imported figgen."""
    assert not any(name.startswith("figgen.") for name in sys.modules)
    if mutant is not None:
        import_mutated(mutant)
    report("applied")
    if pytest.main([*OPTIONS, *(f"{ROOT}/{test}" for test in tests)], plugins=[_Reporter(report)]) == 0:
        report("passed")


def collect_and_judge(tests: Iterable[str], plugin: Items) -> None:
    """Collect the test files of some tests, and have the plugin do its work."""
    files = sorted({test.partition("::")[0] for test in tests})
    pytest.main([*OPTIONS, *(str(Path(ROOT, file)) for file in files)], plugins=[plugin])
