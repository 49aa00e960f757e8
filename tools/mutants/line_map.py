"""A pytest plugin that records which lines of figgen each test runs, and how long it takes; and the reader of its records.

`pytest -p tools.mutants.line_map`. What is cached in a test run is attributed to every test that uses it: functions
forget their cached results before each test, and what a shared fixture runs counts for all tests that request it.
Records are kept in build/mutants until a file of figgen or of the tests changes.
"""

import functools
import gc
import hashlib
import json
import os
import shutil
import time
import uuid
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import coverage
import pytest

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "build" / "mutants"


def sources_digest() -> str:
    """Return a digest of all that the lines of a test depend on: the Python files of figgen and of the tests."""
    digest = hashlib.sha256()
    tests = [path for path in ROOT.glob("tests/**/*.py") if ROOT / "tests" / "tools" not in path.parents]
    for path in sorted([*ROOT.glob("figgen/**/*.py"), *tests]):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cached_functions() -> list[Any]:
    """Return the functions of figgen and of the tests that remember their results."""
    cached = (found for found in gc.get_objects() if isinstance(found, functools._lru_cache_wrapper))
    return [found for found in cached if found.__module__.startswith(("figgen", "tests"))]


class _Recorder:
    def __init__(self) -> None:
        self.folder = RECORDS / sources_digest()
        self.folder.mkdir(parents=True, exist_ok=True)
        for outdated in {*RECORDS.iterdir()} - {self.folder}:
            shutil.rmtree(outdated, ignore_errors=True)
        self.name = uuid.uuid4().hex
        self.coverage = coverage.Coverage(
            data_file=str(self.folder / f"{self.name}.coverage"),
            config_file=False,
            include=[str(ROOT / "figgen" / "*")],
        )
        self.tests: dict[str, tuple[float, list[str]]] = {}
        self.cached: list[Any] = []
        self.process = os.getpid()
        self.coverage.start()

    def pytest_collection_finish(self):
        self.cached = cached_functions()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        for function in self.cached:
            function.cache_clear()
        self.coverage.switch_context(item.nodeid)
        started = time.process_time()
        result = yield
        shared = [_context(fixture) for found in _fixtures(item).values() if (fixture := found[-1]).scope != "function"]
        self.tests[item.nodeid] = (time.process_time() - started, shared)
        self.coverage.switch_context("")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef, request):
        if fixturedef.scope == "function":
            return (yield)
        self.coverage.switch_context(_context(fixturedef))
        try:
            return (yield)
        finally:
            self.coverage.switch_context(getattr(getattr(request, "_pyfuncitem", None), "nodeid", ""))

    def pytest_sessionfinish(self):
        if os.getpid() == self.process:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # such as that nothing of figgen ran
                self.coverage.stop()
                self.coverage.save()
            (self.folder / f"{self.name}.json").write_text(json.dumps(self.tests))


def _fixtures(item):
    return item._fixtureinfo.name2fixturedefs if hasattr(item, "_fixtureinfo") else {}


def _context(fixturedef):
    return f"fixture {fixturedef.baseid} {fixturedef.argname}"


def pytest_configure(config):
    if not config.option.collectonly:
        config.pluginmanager.register(_Recorder(), "line-map")


class LineMap(NamedTuple):
    """The seconds that each test takes, and for each file the tests that run each line of its functions."""

    seconds: dict[str, float]
    tests: dict[str, dict[int, frozenset[str]]]

    def tests_of(self, path: str, lines: Iterable[int] | None = None) -> list[str]:
        """Return the tests that run some of the lines, or any line of a file: those of its own first, then the fastest."""
        own = f"/test_{Path(path).stem}.py::"
        by_line = self.tests.get(path, {})
        found = {test for line in (by_line if lines is None else lines) for test in by_line.get(line, ())}
        return sorted(found, key=lambda test: (own not in test, self.seconds[test], test))


def read_line_map() -> LineMap:
    """Return the records of the present sources, which may be incomplete."""
    folder = RECORDS / sources_digest()
    seconds: dict[str, float] = {}
    of_fixture: dict[str, set[str]] = {}
    for path in folder.glob("*.json"):
        for test, (taken, shared) in json.loads(path.read_text()).items():
            seconds[test] = taken
            for context in shared:
                of_fixture.setdefault(context, set()).add(test)
    found: dict[str, dict[int, set[str]]] = {}
    for path in folder.glob("*.coverage"):
        data = coverage.CoverageData(str(path))
        data.read()
        for file in data.measured_files():
            by_line = found.setdefault(str(Path(file).relative_to(ROOT)), {})
            for line, contexts in data.contexts_by_lineno(file).items():
                for context in contexts:
                    by_line.setdefault(line, set()).update(of_fixture.get(context, {context} & seconds.keys()))
    tests = {file: {line: frozenset(names) for line, names in lines.items()} for file, lines in found.items()}
    return LineMap(seconds, tests)
