"""A headless Chromium, spoken to as the WebDriver standard has it: a few requests, which is all that is needed here."""

import base64
import contextlib
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time

from tests.processes import PATIENCE, started

CHROMIUM, DRIVER = (shutil.which(name) for name in ("chromium", "chromedriver"))

OPTIONS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1000,900",
]


class Browser:
    """One window."""

    def __init__(self, session):
        self._session = session

    def open(self, url):
        self._ask("/url", {"url": url})

    def run(self, script, *arguments):
        """Run a function's body in the page, and give what it returns."""
        return self._ask("/execute/sync", {"script": script, "args": arguments})

    def until(self, script, *arguments):
        """Wait until a function's body gives something that is true, and give that."""
        deadline = time.monotonic() + PATIENCE
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < deadline, (script, arguments, self.run("return document.body.innerText"))
            time.sleep(0.02)
        return found

    def press(self, *keys):
        """Press and let go of keys, one after the other."""
        told = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._ask("/actions", {"actions": [{"type": "key", "id": "keys", "actions": told}]})

    def drag(self, start, end):
        """Press the mouse at one place of the window, and let go of it at another."""
        (x, y), (to_x, to_y) = start, end
        told = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "x": to_x, "y": to_y, "duration": 50},
            {"type": "pointerUp", "button": 0},
        ]
        self._ask("/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": told}]})

    def command(self, name, **parameters):
        """Send a command of Chromium's own protocol, and return its result."""
        return self._ask("/goog/cdp/execute", {"cmd": name, "params": parameters})

    def complaints(self):
        """Return what the console has logged since the last call, with the errors of the page."""
        return [entry["message"] for entry in self._ask("/se/log", {"type": "browser"})]

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(ask("GET", f"{self._session}/screenshot")))

    def _ask(self, path, value):
        return ask("POST", f"{self._session}{path}", value)


def ask(method, address, value=None):
    """Ask the driver at `host:port/path` for something, and give its answer."""
    host, slash, path = address.partition("/")
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    try:
        connection.request(method, slash + path, None if value is None else json.dumps(value))
        answer = json.load(connection.getresponse())["value"]
    finally:
        connection.close()
    assert not (isinstance(answer, dict) and "error" in answer), answer
    return answer


@contextlib.contextmanager
def browser(profile, *options, patient=True):
    """Start a browser whose own files are in a folder, and end it.

    A patient one waits for a page to be whole before it answers; another is asked about pages that are still loading.
    """
    with tempfile.TemporaryDirectory(prefix="figgen-browser-") as temporary, _started_driver(temporary) as address:
        arguments = [*OPTIONS, f"--user-data-dir={profile}", *options]
        wanted = {
            "goog:chromeOptions": {"binary": CHROMIUM, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
            "pageLoadStrategy": "normal" if patient else "none",
        }
        session = f"{address}/{ask('POST', address, {'capabilities': {'alwaysMatch': wanted}})['sessionId']}"
        try:
            yield Browser(session)
        finally:
            ask("DELETE", session)


@contextlib.contextmanager
def _started_driver(temporary):
    """Start the driver, and yield its address. Browsers leave files among the temporary ones, which are its own."""
    environment = {**os.environ, "TMPDIR": temporary}
    with started([DRIVER, "--port=0"], env=environment, stderr=subprocess.DEVNULL) as driver:
        line = next(line for line in driver.stdout if "started successfully on port" in line)
        yield f"127.0.0.1:{line.rpartition(' ')[2].strip().rstrip('.')}/session"
