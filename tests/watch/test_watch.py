"""`figgen watch`, as it is used: a process, files that are saved, lines that are read, a page in a browser."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from figgen.watch.server import FigureCard, Server
from figgen.watch.watcher import _is_kept
from tests import browser as driven
from tests.conftest import MINIMAL
from tests.figures import ROOT

SECONDS = 30  # until a test gives up; what it waits for comes in a fraction of one
ARTEFACT = "assets/posts/Post/one.png"
MENDED = MINIMAL.replace("2 * x", "3 * x")


class Watch:
    """A watching process, and what it says."""

    def __init__(self, site, *options):
        self.site = site
        self.process = subprocess.Popen(
            [sys.executable, "-m", "figgen", "watch", "--root", str(site), "--jobs", "2", *options],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = []
        self._told = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._told:
                self.lines.append(line.rstrip("\n"))
                self._told.notify_all()

    def hear(self, *words):
        """Wait for a line that has these words, and give it; it and those before are then heard."""
        with self._told:
            assert self._told.wait_for(lambda: self._place(words) is not None, SECONDS), (words, self.lines)
            place = self._place(words)
            line = self.lines[place]
            del self.lines[: place + 1]
            return line

    def _place(self, words):
        return next((place for place, line in enumerate(self.lines) if all(word in line for word in words)), None)

    def save(self, path, text):
        """Save as careful editors do: a new file takes the old one's place."""
        path = self.site / path
        path.parent.mkdir(exist_ok=True)
        passing = path.with_name(path.name + "~")
        passing.write_text(text)
        passing.replace(path)

    def end(self):
        """Press Ctrl-C, which a terminal tells to the whole group, and give the exit status."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        status = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        self.process.stdout.close()
        assert not any("Traceback" in line for line in self.lines), self.lines
        return status


@pytest.fixture
def watch(site):
    """Start to watch a site, and hear its one picture written."""
    started = []

    def start(*options):
        started.append(Watch(site, *options))
        return started[-1]

    yield start
    for one in started:
        one.end()


def test_data_elsewhere_in_the_site_is_looked_at_too(site, watch):
    """A file is saved by way of another one, as careful editors do, and in place."""
    data = site / "data"
    data.mkdir()
    (data / "runs.csv").write_text("y\n1\n2\n3\n")
    (data / "other.csv").write_text("y\n1\n2\n")
    read = MINIMAL.replace("data:\n", "data:\n  y: {csv: /data/runs.csv, column: y}\n").replace("2 * x", "y")
    at_work = watch()
    at_work.hear(f"wrote {ARTEFACT} in ")
    at_work.save("configs/Post/one.yaml", read)
    at_work.hear(f"wrote {ARTEFACT} in ")
    first = (site / ARTEFACT).read_bytes()
    time.sleep(0.5)  # until another process looks at what it was told
    at_work.save("data/runs.csv", "y\n3\n2\n1\n")
    at_work.hear(f"wrote {ARTEFACT} in ")
    second = (site / ARTEFACT).read_bytes()
    (data / "other.csv").write_text("y\n4\n5\n")
    (data / "runs.csv").write_text("y\n3\n1\n2\n")
    at_work.hear(f"wrote {ARTEFACT} in ")
    assert len({first, second, (site / ARTEFACT).read_bytes()}) == 3


def test_data_that_was_missing_is_looked_for(site, watch):
    (site / "data").mkdir()
    read = MINIMAL.replace("data:\n", "data:\n  y: {csv: /data/runs.csv, column: y}\n").replace("2 * x", "y")
    (site / "configs/Post/one.yaml").write_text(read)
    at_work = watch()
    at_work.hear("there is no file '/data/runs.csv'")
    time.sleep(0.5)  # until another process looks at what it was told
    at_work.save("data/runs.csv", "y\n1\n2\n3\n")
    at_work.hear(f"wrote {ARTEFACT} in ")


def members(group):
    found = subprocess.run(["ps", "-o", "pid=,stat=", "--sid", str(group)], check=False, capture_output=True, text=True)
    return [line for line in found.stdout.splitlines() if line.split()[1][0] != "Z"]


def test_what_is_saved_is_drawn(site, watch):
    """Walk through a day's work: saved, broken, mended, added, all of a post changed, removed."""
    at_work = watch()
    at_work.hear("watching configs/")
    at_work.hear(f"wrote {ARTEFACT} in ", " s")
    first = (site / ARTEFACT).read_bytes()

    at_work.save("configs/Post/one.yaml", MENDED)
    at_work.hear(f"wrote {ARTEFACT}")
    second = (site / ARTEFACT).read_bytes()
    assert second != first

    at_work.save("configs/Post/one.yaml", MENDED.replace("3 * x", "3 * z"))
    at_work.hear("configs/Post/one.yaml:5:", "unknown name 'z'")
    assert (site / ARTEFACT).read_bytes() == second

    at_work.save("configs/Post/one.yaml", MENDED)
    at_work.hear(f"fresh {ARTEFACT}")
    at_work.save("configs/Post/one.yaml", MINIMAL)
    at_work.hear(f"wrote {ARTEFACT}")
    assert (site / ARTEFACT).read_bytes() == first

    at_work.save("configs/New/two.yaml", MINIMAL)
    at_work.hear("wrote assets/posts/New/two.png")

    at_work.save("configs/Post/three.yaml", MINIMAL + "style: house\n")
    at_work.hear("wrote assets/posts/Post/three.png")
    at_work.save("configs/Post/_defaults.yaml", "title: All of them\n")
    assert {at_work.hear("wrote assets/posts/Post/").split()[1] for _ in range(2)} == {
        ARTEFACT,
        "assets/posts/Post/three.png",
    }
    at_work.save("configs/styles/house.mplstyle", "font.size: 9\n")
    at_work.hear("wrote assets/posts/Post/three.png")

    at_work.save("configs/Post/four.yaml", MINIMAL.replace("{linspace: [0, 1, 3]}", "{csv: runs.csv, column: t}"))
    at_work.hear("configs/Post/four.yaml", "there is no file 'runs.csv'")
    at_work.save("configs/Post/runs.csv", "t\n1\n2\n")
    at_work.hear("wrote assets/posts/Post/four.png")

    at_work.save("configs/Post/my figure.yaml", MINIMAL)
    at_work.hear("configs/Post/my figure.yaml:1:1: a name that may not stand in a web address")
    (site / "configs/Post/three.yaml").unlink()
    at_work.hear("removed configs/Post/three.yaml; its picture stays")
    assert (site / "assets/posts/Post/three.png").exists()
    assert not at_work.lines


def test_ctrl_c_ends_all_at_once(watch):
    idle = watch("--serve")
    idle.hear("wrote")
    ended = time.monotonic()
    assert idle.end() == 0
    assert time.monotonic() - ended < 1
    assert not members(idle.process.pid)


def test_ctrl_c_while_pictures_are_drawn(site, watch):
    for number in range(60):
        (site / f"configs/Post/f{number}.yaml").write_text(MINIMAL)
    busy = watch()
    busy.hear("wrote")
    assert busy.end() == 0
    assert not members(busy.process.pid)
    assert (site / "figgen.lock").exists(), "what was drawn is recorded"
    assert len(list(site.rglob("*.png"))) < 61


def test_nothing_outlives_a_watch_that_is_killed(watch):
    killed = watch("--serve")
    killed.hear("wrote")
    killed.process.kill()
    deadline = time.monotonic() + SECONDS
    while members(killed.process.pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_changes_made_while_others_are_drawn_are_not_lost(site, watch):
    at_work = watch()
    at_work.hear("wrote")
    for number in range(8):
        at_work.save(f"configs/Post/f{number}.yaml", MINIMAL.replace("2 * x", f"{number} * x"))
    at_work.hear("wrote assets/posts/Post/f")
    at_work.save("configs/Post/last.yaml", MINIMAL)
    at_work.hear("wrote assets/posts/Post/last.png")
    assert len(list(site.rglob("*.png"))) == 10


def test_without_watchfiles_one_line_says_what_to_install(site):
    code = (
        "import sys; sys.modules['watchfiles'] = None; import importlib.util as util; find = util.find_spec;"
        "util.find_spec = lambda name, *rest: None if name == 'watchfiles' else find(name, *rest);"
        "from figgen.cli import run; run()"
    )
    command = [sys.executable, "-c", code, "watch", "--root", str(site)]
    result = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert result.returncode == 2
    assert "make watch" in result.stderr
    assert "pip install -e '.[watch]'" in result.stderr


def test_a_port_that_is_taken(site):
    with socket.create_server(("127.0.0.1", 0)) as other:
        command = [sys.executable, "-m", "figgen", "watch", "--serve", "--root", str(site), "--port"]
        result = subprocess.run(
            [*command, str(other.getsockname()[1])],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert result.returncode == 2
    assert "cannot be used: Address already in use" in result.stderr


@pytest.mark.parametrize("name", [".one.yaml.swp", "one.yaml~", "#one.yaml#", ".#one.yaml", "4913", "one.yaml.tmp", "one.yaml___jb_tmp___"])  # fmt: skip
def test_files_that_editors_keep_for_themselves(name):
    assert not _is_kept(None, f"/site/configs/Post/{name}")


@pytest.mark.parametrize("name", ["one.yaml", "_defaults.yaml", "house.mplstyle", "runs.csv", "Inter.ttf", "runs"])
def test_files_that_figures_are_made_from(name):
    assert _is_kept(None, f"/.site/configs/Post/{name}")


@pytest.fixture
def server(site):
    """A server of the page, with one figure that is there and one that is not."""
    made = Server(site, 0)
    (site / "assets/posts/Post").mkdir(parents=True)
    (site / ARTEFACT).write_bytes(b"a picture")
    (site / "assets/posts/Post/other.png").write_bytes(b"no figure's picture")
    figures = [
        FigureCard("Post/one", ARTEFACT, "1", 1),
        FigureCard("Post/two", "assets/posts/Post/two.png", findings=("</script>",)),
    ]
    made.board.update(figures, [], ())
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield made
    made.shutdown()
    made.server_close()


def get(server, path, host=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=SECONDS)
    connection.putrequest(method, path, skip_host=host is not None)
    if host:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    content = b"" if answer.headers["Content-Type"] == "text/event-stream" else answer.read()
    return answer, content, connection


def test_the_page_and_the_pictures_of_its_figures_are_served(server):
    for path, kind in (("/", "text/html; charset=utf-8"), ("/figures/Post/one", "image/png"), ("/figures/Post/one?5", "image/png")):  # fmt: skip
        answer, content, connection = get(server, path)
        connection.close()
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src '")
        assert answer.headers["Access-Control-Allow-Origin"] is None
    assert content == b"a picture"


def test_what_changes_is_told(server):
    answer, _, connection = get(server, "/events")
    news = json.loads(answer.readline().removeprefix(b"data: "))
    assert news["order"] == ["Post/one", "Post/two"], "the newest first"
    assert news["figures"][1]["findings"] == ["</script>"]
    assert answer.readline() == b"\n"
    server.board.update([FigureCard("Post/two", "assets/posts/Post/two.png", "2", 2)], ["Post/one"], ("wrong",))
    news = json.loads(answer.readline().removeprefix(b"data: "))
    assert (news["order"], [figure["name"] for figure in news["figures"]]) == (["Post/two"], ["Post/two"])
    assert news["others"] == ["wrong"]
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
    assert (answer.status, content) == (404, b"there is no such thing here\n")


def test_a_picture_that_leads_out_of_the_site_is_not_served(server, site, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret"
    outside.write_text("secret")
    (site / ARTEFACT).unlink()
    (site / ARTEFACT).symlink_to(outside)
    answer, _, connection = get(server, "/figures/Post/one")
    connection.close()
    assert answer.status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:{port}", "localhost:1", "127.0.0.1", ""])
def test_other_names_of_this_machine_are_refused(server, host):
    """A page of the web whose name was made to lead here has its own name in the header."""
    answer, content, connection = get(server, "/", host.format(port=server.server_port))
    connection.close()
    assert (answer.status, content) == (421, b"figgen answers this machine only\n")


def test_localhost_is_a_name_of_this_machine(server):
    answer, _, connection = get(server, "/", f"localhost:{server.server_port}")
    connection.close()
    assert answer.status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_asked_but_to_see(server, method):
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
    url = at_work.hear("shown at").rpartition(" ")[2]
    at_work.hear("wrote")
    with driven.browser(tmp_path_factory.mktemp("profile")) as page:
        page.open(url)
        page.until("return document.querySelector('article')")
        page.until(CARD + "return image.complete && image.naturalWidth === 1200 && image.naturalHeight === 800")
        page.run("window.before = document.querySelector('img'); window.stays = true;")
        assert page.run(CARD + "return [image.alt, image.width < 1000]") == ["A rising line.", True]
        first = page.run(PIXELS)

        at_work.save("configs/Post/one.yaml", MENDED.replace("A rising line.", "<b>Steep & new</b>"))
        page.until(CARD + "return image.alt === '<b>Steep & new</b>' && image.complete && image !== window.before")
        assert page.run(PIXELS) != first, "it is another picture"
        assert page.run(CARD + "return card.querySelector('b')") is None, "texts are no HTML"

        shown = page.run(CARD + "return image.src")
        at_work.save("configs/Post/one.yaml", MENDED.replace("3 * x", "3 * <img>"))
        said = page.until(CARD + "return card.querySelector('pre').innerText")
        assert said.startswith("configs/Post/one.yaml:5:"), "the mistake is in the figure's place"
        assert page.run(CARD + "return [image.src, image.naturalWidth]") == [shown, 1200], "the last good picture stays"

        at_work.save("configs/Post/two.yaml", MINIMAL)
        names = "return [...document.querySelectorAll('h2')].map((name) => name.innerText).join()"
        page.until(names + " === 'Post/two,Post/one'")
        assert page.run("return window.stays"), "the page was not loaded again"
        if "FIGGEN_SCREENSHOT" in os.environ:
            page.run("document.querySelector('.failed').scrollIntoView()")
            page.screenshot(ROOT / os.environ["FIGGEN_SCREENSHOT"])

        at_work.save("configs/Post/one.yaml", MENDED)
        page.until("return document.querySelectorAll('.failed').length === 0")
        (site / "configs/Post/two.yaml").unlink()
        page.until(names + " === 'Post/one'")

        assert page.run("return document.querySelector('#lost').hidden")
        at_work.end()
        page.until("return !document.querySelector('#lost').hidden")
