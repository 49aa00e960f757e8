"""Drawing by the workers of an executor: of this process, of others, and of a real Dask cluster that loses a worker."""

import concurrent.futures
import contextlib
import importlib.util
import json
import multiprocessing
import os
import signal
import socket
import sys
import time

import pytest

from figgen.build import dask
from figgen.build.builder import build, plan
from figgen.build.dask import Missing, on_dask, render_all, render_snapshot
from figgen.build.lockfile import read
from figgen.build.picture import make_picture
from figgen.build.render_jobs import Origin
from figgen.errors import ConfigError, Finding, UsageError
from figgen.site.files import MissingFileError, SiteFiles, Snapshot, contents
from figgen.site.paths import discover
from tests.conftest import MINIMAL
from tests.figures import GALLERY, ROOT, cases
from tests.processes import finish, kill, run_figgen, start, wait_until

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="distributed is not installed: make test-cluster"
)
FROM_CSV = MINIMAL.replace("{linspace: [0, 1, 3]}", "{csv: runs.csv, column: t}")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_snapshot_reads_what_the_site_reads(site):
    write(site / "configs/Post/runs.csv", "t\n1\n")
    os.mkfifo(site / "pipe")
    (site.parent / "secret").write_text("secret")
    (site / "link").symlink_to(site.parent / "secret")
    (site / "linked").symlink_to(site.parent)
    paths = ["configs/Post/one.yaml", "configs/", "configs/Post/runs.csv", "nowhere", "nowhere/", "pipe", "link", "linked/", "../", "/"]  # fmt: skip
    files = SiteFiles(site)
    snapshot = Snapshot(contents(SiteFiles(site), paths))

    def outcome(reader, path):
        try:
            return reader.read(path)
        except ConfigError as error:
            return error.findings

    found = [outcome(files, path) for path in paths]
    assert [outcome(snapshot, path) for path in paths] == found
    assert snapshot.digests == files.digests
    assert [path for path, content in zip(paths, found, strict=True) if isinstance(content, tuple)] == [
        "pipe",
        "link",
        "linked/",
        "../",
    ]


def test_a_snapshot_names_what_it_lacks():
    snapshot = Snapshot({"a": None})
    assert snapshot.read("a") is None
    with pytest.raises(MissingFileError) as caught:
        snapshot.read("b")
    assert caught.value.path == "b"
    assert snapshot.digests == {"a": None}


@pytest.mark.parametrize("case", cases(GALLERY)[:8] + cases(ROOT)[:1], ids=lambda case: case.name)
@pytest.mark.slow
def test_a_picture_from_a_snapshot_is_the_same(case):
    files = SiteFiles(case.site)
    picture = make_picture(files, case.target.config)
    sent, rounds = {}, 0
    while isinstance(answer := render_snapshot(Snapshot(sent), case.target.config), Missing):
        sent |= contents(SiteFiles(case.site), [answer.path])
        rounds += 1
    assert (answer.content, answer.size, answer.findings) == (picture.content, picture.size, ())
    assert dict(answer.inputs) == files.digests
    assert rounds == len(files.digests), "one file at a time, and none that is not needed"


@pytest.fixture
def various(site):
    """A site whose figures need defaults, a style, data that is found and data that is not; and one with mistakes."""
    write(site / "configs/_defaults.yaml", "style: house\n")
    write(site / "configs/Post/two.yaml", MINIMAL + "style: clean\n")
    write(site / "configs/Post/data.yaml", FROM_CSV)
    write(site / "configs/Post/runs.csv", "t\n1\n2\n")
    write(site / "configs/Post/absent.yaml", FROM_CSV.replace("runs.csv", "rnus.csv"))
    write(site / "configs/Post/outside.yaml", FROM_CSV.replace("runs.csv", "../../../secret.csv"))
    write(site / "configs/Post/wrong.yaml", "alt: 3\n")
    write(site / "configs/Post/style.yaml", MINIMAL + "style: hose\n")
    write(site / "configs/Post/both.yaml", MINIMAL + "variants: [light, dark]\npreview: {}\nformats: [png, svg]\n")
    return site


def copy(site, tmp_path_factory):
    import shutil

    return shutil.copytree(site, tmp_path_factory.mktemp("copy") / "site")


def outcomes(site, render=None):
    return sorted(
        (outcome.step.target.name, outcome.written, outcome.findings)
        for outcome in build(site, discover(site)[0], render=render)
    )


def built(site):
    return {str(path.relative_to(site)): path.read_bytes() for path in [*site.rglob("*.png"), site / "figgen.lock"]}


def by(executor, site, width=2, timeout=60, **options):
    return lambda work: render_all(executor, site, lambda: width, timeout, work, **options)


@pytest.mark.parametrize("kind", ["threads", "processes"])
@pytest.mark.slow
def test_any_executor_builds_what_this_machine_builds(various, kind, tmp_path_factory):
    local = copy(various, tmp_path_factory)
    expected = outcomes(local)
    assert [name for name, _, found in expected if found] == ["Post/absent", "Post/outside", "Post/style", "Post/wrong"]
    executor = (
        concurrent.futures.ThreadPoolExecutor(3)
        if kind == "threads"
        else concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
    )
    with executor:
        assert outcomes(various, by(executor, various)) == expected
        assert built(various) == built(local)
        write(various / "configs/Post/runs.csv", "t\n1\n3\n")
        write(local / "configs/Post/runs.csv", "t\n1\n3\n")
        assert outcomes(various, by(executor, various)) == outcomes(local)
        assert built(various) == built(local)


def test_workers_compress_on_demand(site):
    pytest.importorskip("oxipng")
    write(site / "configs/Post/one.yaml", MINIMAL + "canvas: {size: [200, 150], unit: px, dpi: 100}\n")
    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        targets = discover(site)[0]
        for optimize in (False, True):
            render = by(executor, site, optimize=optimize)
            assert [outcome.written for outcome in build(site, targets, optimize=optimize, render=render)] == [True]
    assert not plan(site, targets, optimize=True)[0].reasons


class _Recorder(concurrent.futures.Executor):
    """Does each job at once, and remembers it; `answer` can take the place of rendering."""

    def __init__(self, answer=render_snapshot):
        self.answer, self.jobs = answer, []

    def submit(self, function, snapshot, config, *, optimize):
        assert (function, optimize) == (render_snapshot, False)
        self.jobs.append(config)
        future = concurrent.futures.Future()
        try:
            future.set_result(self.answer(snapshot, config))
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future


@pytest.mark.slow
def test_what_is_likely_to_be_needed_is_sent_at_once(various):
    executor = _Recorder()
    outcomes(various, by(executor, various))
    assert executor.jobs.count("configs/Post/one.yaml") == 1, "config, defaults, style"
    assert executor.jobs.count("configs/Post/data.yaml") == 2, "and data the first time"
    write(various / "configs/Post/runs.csv", "t\n1\n3\n")
    executor.jobs.clear()
    outcomes(various, by(executor, various))
    assert executor.jobs.count("configs/Post/data.yaml") == 1, "which the lockfile tells the next time"


def messages(site, render):
    return {name: found[0].message if found else "" for name, _, found in outcomes(site, render)}


@pytest.mark.slow
def test_few_jobs_are_under_way_at_a_time(site):
    for number in range(12):
        write(site / f"configs/Post/f{number}.yaml", MINIMAL)
    flying = most = 0

    class Pool(concurrent.futures.ThreadPoolExecutor):
        def submit(self, *job, **options):
            nonlocal flying, most
            flying += 1
            most = max(most, flying)
            future = super().submit(*job, **options)
            future.add_done_callback(self.done)
            return future

        def done(self, _):
            nonlocal flying
            flying -= 1

    with Pool(4) as executor:
        assert set(messages(site, by(executor, site, 3)).values()) == {""}
    assert most <= 3


def test_a_worker_asks_for_nothing_outside_the_site(site):
    (site.parent / "secret").write_text("secret")
    asked = iter([Missing("../secret"), Missing("../"), Missing("/etc/passwd")])
    seen = []

    def answer(snapshot, config):
        seen.append(snapshot)
        return next(asked, None) or render_snapshot(snapshot, config)

    outcomes(site, by(_Recorder(answer), site))
    assert seen[3].read("/etc/passwd") is None, "there is no etc/ in the site"
    for path in ("../secret", "../"):
        with pytest.raises(ConfigError, match="outside the site"):
            seen[3].read(path)


def test_a_font_whose_name_is_not_utf8_fails_no_job(site):
    fonts = site / "configs/fonts"
    fonts.mkdir()
    (fonts / os.fsdecode(b"\xff.ttf")).write_bytes(b"")
    found = messages(site, by(_Recorder(render_snapshot), site))
    assert found.keys() == {"Post/one"}


def test_a_worker_that_never_has_enough_fails_its_own_job(site, monkeypatch):
    assert messages(site, by(_Recorder(lambda *_: Missing("a")), site)) == {
        "Post/one": "not drawn: its worker asked twice for a"
    }
    monkeypatch.setattr(dask, "ROUNDS", 5)
    executor = _Recorder(lambda *_: Missing(f"a{len(executor.jobs)}"))
    assert messages(site, by(executor, site)) == {"Post/one": "not drawn: its worker asked for files 5 times"}
    assert len(executor.jobs) == 5


@pytest.mark.slow
def test_a_job_that_always_fails_fails_alone(various):
    def answer(snapshot, config):
        if config.endswith("one.yaml"):
            raise RuntimeError("Attempted to run it on 4 workers.\nAll of them died. See the logs")
        return render_snapshot(snapshot, config)

    found = messages(various, by(_Recorder(answer), various))
    assert found["Post/one"] == "not drawn: RuntimeError: Attempted to run it on 4 workers"
    assert (found["Post/two"], found["Post/data"]) == ("", "")


@pytest.mark.slow
def test_when_all_workers_are_lost_each_figure_is_reported(site, monkeypatch):
    for number in range(5):
        write(site / f"configs/Post/f{number}.yaml", MINIMAL)
    monkeypatch.setattr(dask, "render_snapshot", _die)
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as executor:
        found = messages(site, by(executor, site))
    assert len(found) == 6
    (message,) = set(found.values())
    assert message.startswith("not drawn: BrokenProcessPool: ")
    assert read(site) == {}


def _die(*_, **__):
    os._exit(1)


def test_waiting_for_workers_that_never_answer_times_out(site):
    class Silent(concurrent.futures.Executor):
        def submit(self, *_, **__):
            return concurrent.futures.Future()

    started = time.monotonic()
    assert messages(site, by(Silent(), site, timeout=0.2)) == {"Post/one": "not drawn: no worker answered for 0.2 s"}
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("text", [MINIMAL, "alt: 3\n"])
def test_results_of_other_versions_are_refused(site, text):
    write(site / "configs/Post/one.yaml", text)

    def answer(snapshot, config):
        rendered = render_snapshot(snapshot, config)
        here = rendered.origin
        return rendered._replace(origin=Origin("host7", "0123456789abcdef", {**here.toolchain, "numpy": "1.0"}))

    ((_, written, (finding,)),) = outcomes(site, by(_Recorder(answer), site))
    assert not written
    assert finding.message.startswith("result of worker host7 refused: its versions differ from those here (")
    assert "figgen's drawing code 0123456789ab -> " in finding.message
    assert "numpy 1.0 -> 2." in finding.message
    assert "matplotlib" not in finding.message
    assert not list(site.rglob("*.png"))


def test_findings_travel_as_they_are(site):
    write(site / "configs/Post/one.yaml", MINIMAL.replace("2 * x", "2 * sgn(x)"))
    snapshot = Snapshot(contents(SiteFiles(site), ["configs/Post/one.yaml", "configs/Post/_defaults.yaml", "configs/_defaults.yaml", "configs/fonts/"]))  # fmt: skip
    (finding,) = render_snapshot(snapshot, "configs/Post/one.yaml").findings
    assert isinstance(finding, Finding)
    assert (finding.path, finding.line, finding.column) == ("configs/Post/one.yaml", 5, 31)


def test_without_the_package_one_line_says_how_to_install_it(site, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install -e '\.\[dask\]'"):
        on_dask("127.0.0.1:8786", site)


def test_jobs_are_not_a_clusters(site):
    status, _, err = run_figgen(site, "build", "--dask", "127.0.0.1:1", "-j", "2")
    assert status == 2
    assert "--jobs cannot be combined with --dask" in err


@needs_dask
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("127.0.0.1:1", "no Dask scheduler at '127.0.0.1:1': OSError: Timed out"),
        ("nowhere", "no Dask scheduler at 'nowhere': ValueError: missing port"),
        ("SILENT", ": no answer within 6 s"),
    ],
)
@pytest.mark.slow
def test_an_address_without_a_scheduler_gives_one_line(site, address, message):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        if address == "SILENT":
            address = f"127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        status, out, err = run_figgen(site, "build", "--dask", address)
    assert time.monotonic() - started < 60, "it ends by itself"
    assert (status, out) == (2, "")
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    assert message in err
    assert not (site / "figgen.lock").exists()
    assert not list(site.rglob("*.png"))


@needs_dask
def test_a_build_with_nothing_to_do_asks_no_cluster(site):
    outcomes(site)
    assert run_figgen(site, "build", "--dask", "127.0.0.1:1")[1] == "figures: 0 built, 1 fresh, 0 failed\n"


class _Cluster:
    """A Dask scheduler and two workers, each a process of its own."""

    def __init__(self, folder):
        self._file, self._folder = folder / "scheduler.json", folder
        self._scheduler = self._start("scheduler", "--port", "0")
        self.workers = [self._start("worker", "--no-nanny", "--nthreads", "1") for _ in range(2)]
        wait_until(self._file.exists, "the scheduler", self._scheduler)
        self.address = json.loads(self._file.read_text())["address"]

    def _start(self, kind, *options):
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--host", "127.0.0.1", "--no-dashboard"]
        with (self._folder / "log").open("a") as log:
            environment = {
                **os.environ,
                "DASK_TEMPORARY_DIRECTORY": str(self._folder),
            }  # it is killed, and leaves files
            command += ["--scheduler-file", self._file, *options]
            return start(command, cwd=self._folder, env=environment, stdout=log, stderr=log)

    def close(self):
        for process in (self._scheduler, *self.workers):
            kill(process)


@pytest.fixture
def cluster(tmp_path_factory):
    with contextlib.closing(_Cluster(tmp_path_factory.mktemp("cluster"))) as made:
        yield made


FIGURES = 30


@needs_dask
@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_loses_no_picture(site, cluster, start_figgen, tmp_path_factory):
    (site / "configs/Post/one.yaml").unlink()
    write(site / "configs/_defaults.yaml", "style: house\ncanvas: {size: [3, 2], dpi: 50}\naxes: {visible: false}\n")
    write(site / "configs/Post/runs.csv", "t\n1\n2\n")
    for number in range(FIGURES):
        text = (FROM_CSV if number % 3 == 0 else MINIMAL).replace("2 * x", f"{number} * x")
        write(site / f"configs/Post/f{number}.yaml", text)
    local = copy(site, tmp_path_factory)

    cluster_build = start_figgen(site, "build", "--dask", cluster.address)
    wait_until(lambda: len(list(site.rglob("*.png"))) >= 4, "four pictures", cluster_build)
    cluster.workers[0].send_signal(signal.SIGKILL)
    at_the_kill = len(list(site.rglob("*.png")))
    status, out, err = finish(cluster_build)
    assert (status, err) == (0, ""), out
    assert out.splitlines()[-1] == f"figures: {FIGURES} built, 0 fresh, 0 failed"
    assert at_the_kill < FIGURES - 5, "it was in the middle"
    assert cluster.workers[1].poll() is None

    outcomes(local)
    assert len(built(local)) == FIGURES + 1
    assert built(site) == built(local)
    assert run_figgen(site, "build")[1] == f"figures: 0 built, {FIGURES} fresh, 0 failed\n"


@needs_dask
@pytest.mark.slow
def test_a_cluster_that_is_lost_as_a_whole_gives_a_line_for_each_figure(site, cluster, start_figgen):
    for number in range(FIGURES):
        write(site / f"configs/Post/f{number}.yaml", MINIMAL)
    cluster_build = start_figgen(site, "build", "--dask", cluster.address)
    wait_until(lambda: list(site.rglob("*.png")), "a picture", cluster_build)
    cluster._scheduler.kill()
    status, out, err = finish(cluster_build)
    failed = len(err.splitlines())
    assert status == 1
    assert failed > 5
    assert err.count("not drawn: connection to the ") == failed
    assert out.splitlines()[-1] == f"figures: {FIGURES + 1 - failed} built, 0 fresh, {failed} failed"
    assert len(read(site)) == FIGURES + 1 - failed, "what was drawn is recorded"
