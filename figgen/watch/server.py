"""A local page with all figures of a site, which shows each as soon as it is drawn. It answers this machine only."""

import http.server
import json
import secrets
import socketserver
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from figgen.errors import ConfigError
from figgen.site.files import SiteFiles

_BEAT = 10.0  # seconds between signs of life, without which a page that was closed would hold its thread


@dataclass(frozen=True)
class FigureCard:
    """A figure as the page has it; `version` and `time` (of the picture) are empty and 0 where there is no picture."""

    name: str
    artefact: str
    version: str = ""
    time: int = 0
    width: int = 0
    height: int = 0
    alt: str = ""
    findings: tuple[str, ...] = ()


class PageState:
    """What is to be seen, with a number that grows with every change; read by the threads of the server."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._figures: dict[str, tuple[int, FigureCard]] = {}
        self._others: tuple[str, ...] = ()
        self._number = 0

    def update(self, figures: Iterable[FigureCard], gone: Collection[str], others: tuple[str, ...]) -> None:
        """Put new figures in the place of their old selves, and take others off; `others` are findings of none."""
        with self._changed:
            self._number += 1
            self._figures |= {figure.name: (self._number, figure) for figure in figures}
            for name in gone:
                self._figures.pop(name, None)
            self._others = others
            self._changed.notify_all()

    def artefact(self, name: str) -> str | None:
        """Give the path of a figure's picture, by the figure's name; None if there is no such figure."""
        with self._changed:
            found = self._figures.get(name)
            return found[1].artefact if found else None

    def wait(self, seen: int, timeout: float) -> tuple[int, Mapping[str, Any] | None]:
        """Wait for a change after the one of a number; give the present number, and what changed, if anything did."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._number > seen, timeout):
                return seen, None
            newest = sorted(self._figures, key=lambda name: (-self._figures[name][1].time, name))
            changed = [asdict(figure) for number, figure in self._figures.values() if number > seen]
            return self._number, {"order": newest, "figures": changed, "others": self._others}


class Server(http.server.ThreadingHTTPServer):
    """Serves the page on the loopback interface. Raises OSError if the port is taken."""

    daemon_threads = True

    def __init__(self, root: Path, port: int) -> None:
        self.root = root
        self.board = PageState()
        self.page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
        super().__init__(("127.0.0.1", port), _Handler)
        # A page of the web that has its own name lead to this machine still says that name.
        self.hosts = {f"{host}:{self.server_port}" for host in ("127.0.0.1", "localhost")}

    @property
    def url(self) -> str:
        """Say where the page is."""
        return f"http://127.0.0.1:{self.server_port}/"

    def server_bind(self) -> None:
        """Bind as the base class does, but without asking the network for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def handle_error(self, *_: object) -> None:
        """Say nothing: a page that is closed in the middle of an answer is no error."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    server_version = "figgen"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        if self.headers.get("Host") not in self.server.hosts:
            self._answer(b"figgen answers this machine only\n", "text/plain", HTTPStatus.MISDIRECTED_REQUEST)
            return
        path = urlsplit(self.path).path
        if path == "/":
            nonce = secrets.token_urlsafe(16)
            policy = f"default-src 'self'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:"
            page = self.server.page.replace("NONCE", nonce).encode()
            self._answer(page, "text/html; charset=utf-8", policy=f"{policy}; base-uri 'none'; frame-ancestors 'none'")
        elif path == "/events":
            self._follow()
        elif path.startswith("/figures/") and (content := self._picture(path.removeprefix("/figures/"))) is not None:
            self._answer(content, "image/png")
        else:
            self._answer(b"there is no such thing here\n", "text/plain", HTTPStatus.NOT_FOUND)

    def _picture(self, name: str) -> bytes | None:
        """Read the picture of a figure. No path comes from the address: what is no figure's name is nothing."""
        artefact = self.server.board.artefact(name)
        try:
            return None if artefact is None else SiteFiles(self.server.root).read(artefact)
        except ConfigError:
            return None

    def _follow(self) -> None:
        """Send what is to be seen, and then every change of it, until the page is closed."""
        self._begin("text/event-stream", HTTPStatus.OK)
        self.end_headers()
        seen = 0
        while True:
            seen, news = self.server.board.wait(seen, _BEAT)
            self.wfile.write(b": still here\n\n" if news is None else f"data: {json.dumps(news)}\n\n".encode())

    def _answer(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, policy: str = "") -> None:
        self._begin(kind, status)
        self.send_header("Content-Security-Policy", policy or "default-src 'none'; frame-ancestors 'none'")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _begin(self, kind: str, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")

    def log_message(self, *_: object) -> None:
        """Say nothing: what is served is no news."""
