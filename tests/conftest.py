import contextlib
import functools
import os
import pickle
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from figgen.build import fingerprint, workers
from figgen.build.builder import build
from figgen.site.paths import discover
from tests.processes import figgen, started

# The same examples in every run: what is generated anew each time is `HYPOTHESIS_PROFILE=default`, not the suite.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

pytest_plugins = ["pytester", "tests.leaks"]

# Each site remembers this for itself, and the tests make more than a thousand.
fingerprint.without_wording = functools.cache(fingerprint.without_wording)

ROOT = Path(__file__).parents[1]

MINIMAL = """\
alt: A rising line.
data:
  x: {linspace: [0, 1, 3]}
layers:
  - {mark: line, x: x, y: 2 * x}
"""


@pytest.fixture
def site(tmp_path):
    """A site of its own with the house style and one figure, `Post/one`."""
    shutil.copytree(ROOT / "configs" / "styles", tmp_path / "configs" / "styles")
    (tmp_path / "configs" / "Post").mkdir()
    (tmp_path / "configs" / "Post" / "one.yaml").write_text(MINIMAL)
    return tmp_path


@pytest.fixture
def start_figgen():
    """Start figgen on a site, in a process that ends with the test at the latest."""
    with contextlib.ExitStack() as processes:
        yield lambda site, *arguments: processes.enter_context(started(figgen(site, *arguments)))


class InProcessPool:
    """Does the jobs of a WorkerPool in this process. Results are pickled as they are between processes."""

    def __init__(self, function, *_):
        self.function = function

    def run(self, jobs):
        for job in jobs:
            yield job, pickle.loads(pickle.dumps(self.function(job)))  # noqa: S301 - it is our own

    def prefork(self):
        pass

    def close(self):
        pass


@pytest.fixture
def in_process(monkeypatch):
    """Draw in this process where it does not matter that workers do: forking them takes most of the time of a test."""
    monkeypatch.setattr(workers, "WorkerPool", InProcessPool)


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A site with three figures that are drawn: `Post/one` with its dark variant, and `Post/two`."""
    root = tmp_path_factory.mktemp("drawn")
    (root / "configs" / "Post").mkdir(parents=True)
    for name, alt in (("one", "A rising line: f[x] = 2x."), ("one-dark", "The same, dark."), ("two", "Δ & “two”.")):
        config = (
            MINIMAL.replace("A rising line.", f"'{alt}'") + "canvas: {size: [300, 200], unit: px}\ntitle: A *line*\n"
        )
        (root / "configs" / "Post" / f"{name}.yaml").write_text(config)
    assert not any(outcome.findings for outcome in build(root, discover(root)[0]))
    return root


@pytest.fixture
def blog(drawn, tmp_path):
    """A copy of the drawn site, with an empty folder of posts."""
    root = shutil.copytree(drawn, tmp_path / "blog")
    (root / "_posts").mkdir()
    return root


SLOW_FIXTURES = {"cluster", "page", "watch"}  # a cluster of Dask, a browser, `figgen watch`


def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW_FIXTURES & {*item.fixturenames}:
            item.add_marker(pytest.mark.slow)


def pytest_addoption(parser):
    parser.addoption("--exact", action="store_true", help="let pixels that drift under other libraries fail, too")


def pytest_terminal_summary(terminalreporter):
    """List the pictures that drifted: the same content, other pixels by other libraries."""
    passed = terminalreporter.stats.get("passed", [])
    drifted = [value for report in passed for name, value in report.user_properties if name == "drift"]
    if drifted:
        terminalreporter.section("drift")
        for line in sorted(set(drifted)):
            terminalreporter.line(line)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session):
    """Print, as the last line, how to run the tests that were left out."""
    result = yield
    if session.config.option.markexpr == "not slow" and not hasattr(session.config, "workerinput"):
        session.config.get_terminal_writer().line("slow tests were left out: 'make test-all' runs them, too")
    return result
