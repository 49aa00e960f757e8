"""Serve the local page that shows all figures of a site, each as soon as it is drawn, to this machine only."""

import http.server
import json
import secrets
import socketserver
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from figgen.errors import ConfigError
from figgen.site.files import SiteFiles

_KEEPALIVE = 10.0  # seconds between writes; one to a closed page fails, which ends the thread that serves it


@dataclass(frozen=True)
class FigureCard:
    """What the page shows of a figure; without a picture, its fields from `modified` on are 0 or empty."""

    name: str
    artefact: str
    findings: tuple[str, ...] = ()
    modified: int = 0  # nanoseconds since the epoch
    width: int = 0
    height: int = 0
    alt: str = ""


class PageUpdate(NamedTuple):
    """New or changed cards, the names of removed ones, and the findings that belong to no figure."""

    cards: Sequence[FigureCard]
    removed: Collection[str]
    findings: Sequence[str]


class PageState:
    """What the page shows, with a revision number that grows with each update; shared by the server's threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._cards: dict[str, tuple[int, FigureCard]] = {}  # with the revision of their last change
        self._findings: Sequence[str] = ()
        self._revision = 0

    def update(self, update: PageUpdate) -> None:
        """Apply an update, and wake all threads that wait for one."""
        with self._changed:
            self._revision += 1
            self._cards |= {card.name: (self._revision, card) for card in update.cards}
            for name in update.removed:
                self._cards.pop(name, None)
            self._findings = update.findings
            self._changed.notify_all()

    def artefact(self, name: str) -> str | None:
        """Return the path of a figure's picture; None if the figure is unknown."""
        with self._changed:
            found = self._cards.get(name)
            return found[1].artefact if found else None

    def wait(self, revision: int, timeout: float) -> tuple[int, Mapping[str, Any] | None]:
        """Wait for a revision after the given one, and return it with what has changed since the given one.

        After `timeout` seconds without one, return the given revision and None.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._revision > revision, timeout):
                return revision, None
            newest_first = sorted(self._cards, key=lambda name: (-self._cards[name][1].modified, name))
            changed = [asdict(card) for changed_in, card in self._cards.values() if changed_in > revision]
            return self._revision, {"order": newest_first, "figures": changed, "findings": self._findings}


class Server(http.server.ThreadingHTTPServer):
    """Serves the page on the loopback interface. Raises OSError if the port is taken."""

    daemon_threads = True

    def __init__(self, root: Path, port: int) -> None:
        self.root = root
        self.page_state = PageState()
        self.page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
        super().__init__(("127.0.0.1", port), _Handler)
        # A foreign page whose name resolves to this machine (DNS rebinding) sends its own name as the host.
        self.hosts = {f"{host}:{self.server_port}" for host in ("127.0.0.1", "localhost")}

    @property
    def url(self) -> str:
        """Return the address of the page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def server_bind(self) -> None:
        """Bind as the base class does, but without a DNS query for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def handle_error(self, *_: object) -> None:
        """Print nothing: a page that is closed during a response is not an error."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    server_version = "figgen"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self.headers.get("Host") not in self.server.hosts:
            self._send(b"figgen serves this machine only\n", "text/plain", HTTPStatus.MISDIRECTED_REQUEST)
        elif path == "/":
            nonce = secrets.token_urlsafe(16)
            policy = f"default-src 'self'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:"
            page = self.server.page.replace("NONCE", nonce).encode()
            self._send(page, "text/html; charset=utf-8", policy=f"{policy}; base-uri 'none'; frame-ancestors 'none'")
        elif path == "/events":
            self._send_events()
        elif path.startswith("/figures/") and (content := self._picture(path.removeprefix("/figures/"))) is not None:
            self._send(content, "image/png")
        else:
            self._send(b"not found\n", "text/plain", HTTPStatus.NOT_FOUND)

    def _picture(self, name: str) -> bytes | None:
        """Return the picture of a figure on the page; None for any other name, which is never used as a path."""
        artefact = self.server.page_state.artefact(name)
        try:
            return None if artefact is None else SiteFiles(self.server.root).read(artefact)
        except ConfigError:
            return None

    def _send_events(self) -> None:
        """Send the state of the page, and then each change of it, until the page is closed."""
        self._send_headers("text/event-stream", HTTPStatus.OK)
        self.end_headers()
        revision = 0
        while True:
            revision, event = self.server.page_state.wait(revision, _KEEPALIVE)
            self.wfile.write(b": keep-alive\n\n" if event is None else f"data: {json.dumps(event)}\n\n".encode())

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, policy: str = "") -> None:
        self._send_headers(kind, status)
        self.send_header("Content-Security-Policy", policy or "default-src 'none'; frame-ancestors 'none'")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_headers(self, kind: str, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")

    def log_message(self, *_: object) -> None:
        """Print nothing about requests."""
