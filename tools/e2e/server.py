"""A loopback server of a built site that keeps pictures back until a page has been painted without them.

Only so does a page without room for its pictures shift: a picture that is there at once never shows it.
"""

import contextlib
import functools
import http.server
import threading

SECONDS = 30  # that a picture is kept back at most


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder; `pictures` is set where pictures may go out."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
        self.pictures = threading.Event()
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path.endswith(".png"):
            self.server.pictures.wait(SECONDS)
        super().do_GET()

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_):
        """Log nothing: the checks report what a page lacks."""


@contextlib.contextmanager
def served(folder):
    """Serve a folder while the block runs."""
    with Server(folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.pictures.set()
            server.shutdown()
            thread.join()
