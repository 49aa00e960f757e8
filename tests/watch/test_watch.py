"""`figgen watch` as it is used: a process, files that are saved, lines that are printed, a page in a browser."""

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from figgen.watch.server import FigureCard, PageUpdate, Server
from figgen.watch.watcher import ChangeSender, _is_relevant
from tests import browser as driven
from tests.conftest import MINIMAL
from tests.figures import ROOT
from tests.processes import PATIENCE, figgen, interrupt, kill, members, run, start, wait_for_all

ARTEFACT = "assets/posts/Post/one.png"
STEEPER = MINIMAL.replace("2 * x", "3 * x")


class Watch:
    """A `figgen watch` process, and the lines it prints."""

    def __init__(self, site, *options):
        self.site = site
        self.started = time.monotonic()
        self.process = start(figgen(site, "watch", "--jobs", "2", *options), stderr=subprocess.STDOUT)
        self.lines = []
        self._printed = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._printed:
                self.lines.append(line.rstrip("\n"))
                self._printed.notify_all()

    def wait_for(self, *texts):
        """Wait for a line with these texts, and return it; it is removed with those before it."""
        with self._printed:
            assert self._printed.wait_for(lambda: self._index(texts) is not None, PATIENCE), (texts, self.lines)
            index = self._index(texts)
            line = self.lines[index]
            del self.lines[: index + 1]
            return line

    def _index(self, texts):
        return next((index for index, line in enumerate(self.lines) if all(text in line for text in texts)), None)

    def save(self, path, text):
        """Save as careful editors do: a new file replaces the old one."""
        path = self.site / path
        path.parent.mkdir(exist_ok=True)
        temporary = path.with_name(path.name + "~")
        temporary.write_text(text)
        temporary.replace(path)

    def end(self, send=interrupt):
        """Press Ctrl-C or send another signal, and return the exit status. A traceback fails the test."""
        send(self.process)
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert not any("Traceback" in line for line in self.lines), self.lines
        return status

    def kill(self):
        """Kill all processes that are left, and wait for the end of the thread that reads their lines."""
        for member in members(self.process):
            os.kill(member, signal.SIGKILL)
        self._reader.join(PATIENCE)
        kill(self.process)


@pytest.fixture
def watch(site):
    """A function that starts to watch a site; none of the processes outlives the test."""
    started = []

    def start(*options):
        started.append(Watch(site, *options))
        return started[-1]

    try:
        yield start
        for one in started:
            one.end()
    finally:
        for one in started:
            one.kill()


def test_data_outside_configs_is_watched(site, watch):
    """A file is replaced, as careful editors do, and written in place."""
    data = site / "data"
    data.mkdir()
    (data / "runs.csv").write_text("y\n1\n2\n3\n")
    (data / "other.csv").write_text("y\n1\n2\n")
    read = MINIMAL.replace("data:\n", "data:\n  y: {csv: /data/runs.csv, column: y}\n").replace("2 * x", "y")
    at_work = watch()
    at_work.wait_for(f"wrote {ARTEFACT} in ")
    at_work.save("configs/Post/one.yaml", read)
    at_work.wait_for(f"wrote {ARTEFACT} in ")
    first = (site / ARTEFACT).read_bytes()
    at_work.save("data/runs.csv", "y\n3\n2\n1\n")
    at_work.wait_for(f"wrote {ARTEFACT} in ")
    second = (site / ARTEFACT).read_bytes()
    (data / "other.csv").write_text("y\n4\n5\n")
    (data / "runs.csv").write_text("y\n3\n1\n2\n")
    at_work.wait_for(f"wrote {ARTEFACT} in ")
    assert len({first, second, (site / ARTEFACT).read_bytes()}) == 3


def test_inputs_are_sent_as_changed_once_they_are_watched(site):
    """They may have changed between the build that read them and the moment from which they are watched."""
    (site / "data").mkdir()
    (site / "data/runs.csv").write_text("y\n1\n")
    sent = queue.Queue()
    sender = ChangeSender(site, SimpleNamespace(send=sent.put))
    try:
        sender.watch_inputs(frozenset({"data/runs.csv"}))
        assert sent.get(timeout=PATIENCE).paths == {"data/runs.csv"}
        (site / "data/runs.csv").write_text("y\n2\n")
        assert sent.get(timeout=PATIENCE).paths == {"data/runs.csv"}
    finally:
        sender.watch_inputs(frozenset())
    assert sent.empty()


def test_missing_data_is_watched_for(site, watch):
    (site / "data").mkdir()
    read = MINIMAL.replace("data:\n", "data:\n  y: {csv: /data/runs.csv, column: y}\n").replace("2 * x", "y")
    (site / "configs/Post/one.yaml").write_text(read)
    at_work = watch()
    at_work.wait_for("file not found: /data/runs.csv")
    at_work.save("data/runs.csv", "y\n1\n2\n3\n")
    at_work.wait_for(f"wrote {ARTEFACT} in ")


def test_what_is_saved_is_drawn(site, watch):
    """Walk through a day's work: saved, broken, fixed, added, all of a post changed, removed."""
    at_work = watch()
    at_work.wait_for("watching configs/")
    at_work.wait_for(f"wrote {ARTEFACT} in ", " s")
    first = (site / ARTEFACT).read_bytes()

    at_work.save("configs/Post/one.yaml", STEEPER)
    at_work.wait_for(f"wrote {ARTEFACT}")
    second = (site / ARTEFACT).read_bytes()
    assert second != first

    at_work.save("configs/Post/one.yaml", STEEPER.replace("3 * x", "3 * z"))
    at_work.wait_for("configs/Post/one.yaml:5:", "unknown name 'z'")
    assert (site / ARTEFACT).read_bytes() == second

    at_work.save("configs/Post/one.yaml", STEEPER)
    at_work.wait_for(f"fresh {ARTEFACT}")
    at_work.save("configs/Post/one.yaml", MINIMAL)
    at_work.wait_for(f"wrote {ARTEFACT}")
    assert (site / ARTEFACT).read_bytes() == first

    at_work.save("configs/New/two.yaml", MINIMAL)
    at_work.wait_for("wrote assets/posts/New/two.png")

    at_work.save("configs/Post/three.yaml", MINIMAL + "style: house\n")
    at_work.wait_for("wrote assets/posts/Post/three.png")
    at_work.save("configs/Post/_defaults.yaml", "title: All of them\n")
    assert {at_work.wait_for("wrote assets/posts/Post/").split()[1] for _ in range(2)} == {
        ARTEFACT,
        "assets/posts/Post/three.png",
    }
    at_work.save("configs/styles/house.mplstyle", "font.size: 9\n")
    at_work.wait_for("wrote assets/posts/Post/three.png")

    at_work.save("configs/Post/four.yaml", MINIMAL.replace("{linspace: [0, 1, 3]}", "{csv: runs.csv, column: t}"))
    at_work.wait_for("configs/Post/four.yaml", "file not found: runs.csv")
    at_work.save("configs/Post/runs.csv", "t\n1\n2\n")
    at_work.wait_for("wrote assets/posts/Post/four.png")

    at_work.save("configs/Post/my figure.yaml", MINIMAL)
    at_work.wait_for("configs/Post/my figure.yaml:1:1: file name is not URL-safe")
    (site / "configs/Post/three.yaml").unlink()
    at_work.wait_for("removed configs/Post/three.yaml; its picture stays")
    assert (site / "assets/posts/Post/three.png").exists()
    assert not at_work.lines


each_signal = pytest.mark.parametrize(
    "send",
    [
        interrupt,
        pytest.param(lambda process: process.terminate(), id="terminate"),
        pytest.param(lambda process: os.killpg(process.pid, signal.SIGTERM), id="terminate all"),
    ],
)


@each_signal
def test_ctrl_c_and_sigterm_end_all_at_once(watch, send):
    idle = watch("--serve")
    idle.wait_for("wrote")
    start_took = time.monotonic() - idle.started
    ended = time.monotonic()
    assert idle.end(send) == 0
    assert time.monotonic() - ended < max(1, start_took), "to end takes no longer than to start"
    assert not members(idle.process)


@each_signal
def test_ctrl_c_and_sigterm_while_pictures_are_drawn(site, watch, send):
    for number in range(300):
        (site / f"configs/Post/f{number}.yaml").write_text(MINIMAL)
    busy = watch()
    busy.wait_for("wrote")
    assert busy.end(send) == 0
    assert not members(busy.process)
    assert (site / "figgen.lock").exists(), "what was drawn is recorded"
    assert len(list(site.rglob("*.png"))) < 301


def test_nothing_outlives_a_watch_that_is_killed(watch):
    killed = watch("--serve")
    killed.wait_for("wrote")
    killed.process.kill()
    wait_for_all(killed.process)


def test_changes_made_while_others_are_drawn_are_not_lost(site, watch):
    at_work = watch()
    at_work.wait_for("wrote")
    for number in range(8):
        at_work.save(f"configs/Post/f{number}.yaml", MINIMAL.replace("2 * x", f"{number} * x"))
    at_work.wait_for("wrote assets/posts/Post/f")
    at_work.save("configs/Post/last.yaml", MINIMAL)
    at_work.wait_for("wrote assets/posts/Post/last.png")
    assert len(list(site.rglob("*.png"))) == 10


def test_without_watchfiles_the_error_says_what_to_install(site):
    code = (
        "import sys; sys.modules['watchfiles'] = None; import importlib.util as util; find = util.find_spec;"
        "util.find_spec = lambda name, *rest: None if name == 'watchfiles' else find(name, *rest);"
        "from figgen.cli import run; run()"
    )
    result = run([sys.executable, "-c", code, "watch", "--root", site])
    assert result.returncode == 2
    assert "figgen watch needs the package watchfiles" in result.stderr
    assert "pip install -e '.[watch]'" in result.stderr


def test_a_port_in_use(site):
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = run(figgen(site, "watch", "--serve", "--port", other.getsockname()[1]))
    assert result.returncode == 2
    assert "cannot use port" in result.stderr


@pytest.mark.parametrize("name", [".one.yaml.swp", "one.yaml~", "#one.yaml#", ".#one.yaml", "4913", "one.yaml.tmp", "one.yaml___jb_tmp___"])  # fmt: skip
def test_files_of_editors_are_ignored(name):
    assert not _is_relevant(f"/site/configs/Post/{name}")


@pytest.mark.parametrize("name", ["one.yaml", "_defaults.yaml", "house.mplstyle", "runs.csv", "Inter.ttf", "runs"])
def test_files_of_figures_are_watched(name):
    assert _is_relevant(f"/.site/configs/Post/{name}")


@pytest.fixture
def server(site):
    """A server of the page, with one figure that is there and one that is not."""
    made = Server(site, 0)
    (site / "assets/posts/Post").mkdir(parents=True)
    (site / ARTEFACT).write_bytes(b"a picture")
    (site / "assets/posts/Post/other.png").write_bytes(b"no figure's picture")
    figures = [
        FigureCard("Post/one", ARTEFACT, modified=1),
        FigureCard("Post/two", "assets/posts/Post/two.png", findings=("</script>",)),
    ]
    made.page_state.update(PageUpdate(figures, [], ()))
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()


def get(server, path, host=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
    connection.putrequest(method, path, skip_host=host is not None)
    if host:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    content = b"" if answer.headers["Content-Type"] == "text/event-stream" else answer.read()
    return answer, content, connection


def test_the_page_and_its_pictures_are_served(server):
    for path, kind in (("/", "text/html; charset=utf-8"), ("/figures/Post/one", "image/png"), ("/figures/Post/one?5", "image/png")):  # fmt: skip
        answer, content, connection = get(server, path)
        connection.close()
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src '")
        assert answer.headers["Access-Control-Allow-Origin"] is None
    assert content == b"a picture"


def test_changes_are_sent(server):
    answer, _, connection = get(server, "/events")
    news = json.loads(answer.readline().removeprefix(b"data: "))
    assert news["order"] == ["Post/one", "Post/two"], "the newest first"
    assert news["figures"][1]["findings"] == ["</script>"]
    assert answer.readline() == b"\n"
    card = FigureCard("Post/two", "assets/posts/Post/two.png", modified=2)
    server.page_state.update(PageUpdate([card], ["Post/one"], ("wrong",)))
    news = json.loads(answer.readline().removeprefix(b"data: "))
    assert (news["order"], [figure["name"] for figure in news["figures"]]) == (["Post/two"], ["Post/two"])
    assert news["findings"] == ["wrong"]
    connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/figures/Post/two",
        "/figures/Post/other",
        "/figures/Post/one.png",
        "/figures/",
        "/figures/../../etc/passwd",
        "/figures/Post/../Post/one",
        "/figures/%2e%2e/%2e%2e/figgen.lock",
        "/figures//etc/passwd",
        "/assets/posts/Post/one.png",
        "/../../etc/passwd",
        "/configs/Post/one.yaml",
        "//etc/passwd",
    ],
)
def test_nothing_else_is_served(server, path):
    answer, content, connection = get(server, path)
    connection.close()
    assert (answer.status, content) == (404, b"not found\n")


def test_a_link_out_of_the_site_is_not_served(server, site, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret"
    outside.write_text("secret")
    (site / ARTEFACT).unlink()
    (site / ARTEFACT).symlink_to(outside)
    answer, _, connection = get(server, "/figures/Post/one")
    connection.close()
    assert answer.status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:{port}", "localhost:1", "127.0.0.1", ""])
def test_requests_to_other_host_names_are_refused(server, host):
    """A foreign page whose name resolves to this machine sends its own name in the header."""
    answer, content, connection = get(server, "/", host.format(port=server.server_port))
    connection.close()
    assert (answer.status, content) == (421, b"figgen serves this machine only\n")


def test_requests_to_localhost_are_served(server):
    answer, _, connection = get(server, "/", f"localhost:{server.server_port}")
    connection.close()
    assert answer.status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_get_requests_are_served(server, method):
    answer, _, connection = get(server, "/", method=method)
    connection.close()
    assert answer.status == 501


def test_only_the_loopback_interface_is_listened_on(server):
    assert server.socket.getsockname()[0] == "127.0.0.1"


CARD = "const card = document.querySelector('article'), image = card.querySelector('img');"
PIXELS = """
const canvas = document.createElement('canvas'), image = document.querySelector('article img');
[canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
canvas.getContext('2d').drawImage(image, 0, 0);
return canvas.toDataURL();
"""


@pytest.mark.skipif(not (driven.CHROMIUM and driven.DRIVER), reason="chromium and chromedriver are not installed")
def test_the_page_in_a_browser(site, watch, tmp_path_factory):
    at_work = watch("--serve")
    url = at_work.wait_for("shown at").rpartition(" ")[2]
    at_work.wait_for("wrote")
    with driven.browser(tmp_path_factory.mktemp("profile")) as page:
        page.open(url)
        page.until("return document.querySelector('article')")
        page.until(CARD + "return image.complete && image.naturalWidth === 1200 && image.naturalHeight === 800")
        page.run("window.before = document.querySelector('img'); window.stays = true;")
        assert page.run(CARD + "return [image.alt, image.width < 1000]") == ["A rising line.", True]
        first = page.run(PIXELS)

        at_work.save("configs/Post/one.yaml", STEEPER.replace("A rising line.", "<b>Steep & new</b>"))
        page.until(CARD + "return image.alt === '<b>Steep & new</b>' && image.complete && image !== window.before")
        assert page.run(PIXELS) != first, "it is another picture"
        assert page.run(CARD + "return card.querySelector('b')") is None, "texts are no HTML"

        shown = page.run(CARD + "return image.src")
        at_work.save("configs/Post/one.yaml", STEEPER.replace("3 * x", "3 * <img>"))
        findings = page.until(CARD + "return card.querySelector('pre').innerText")
        assert findings.startswith("configs/Post/one.yaml:5:"), "they are on the figure's card"
        assert page.run(CARD + "return [image.src, image.naturalWidth]") == [shown, 1200], "the last good picture stays"

        at_work.save("configs/Post/two.yaml", MINIMAL)
        names = "return [...document.querySelectorAll('h2')].map((name) => name.innerText).join()"
        page.until(names + " === 'Post/two,Post/one'")
        assert page.run("return window.stays"), "the page was not loaded again"
        if "FIGGEN_SCREENSHOT" in os.environ:
            page.run("document.querySelector('.failed').scrollIntoView()")
            page.screenshot(ROOT / os.environ["FIGGEN_SCREENSHOT"])

        at_work.save("configs/Post/one.yaml", STEEPER)
        page.until("return document.querySelectorAll('.failed').length === 0")
        (site / "configs/Post/two.yaml").unlink()
        page.until(names + " === 'Post/one'")

        assert page.run("return document.querySelector('#lost').hidden")
        at_work.end()
        page.until("return !document.querySelector('#lost').hidden")
