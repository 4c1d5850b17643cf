"""Servers on loopback for tests, each answering as a test tells it."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Handler(BaseHTTPRequestHandler):
    """Hands every request to the server's `answer(handler)`; says nothing on the terminal."""

    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        """Any method."""
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        self.server.answer(self)
        self.close_connection = True

    do_GET = do_POST = do_PUT = handle_any  # noqa: N815 - the names the library looks for

    def say(self, status: int, body: bytes = b"", content_type: str = "application/json", **headers: str) -> None:
        """One whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Quiet(ThreadingHTTPServer):
    """A server that does not report clients that hang up."""

    daemon_threads = True
    answer: Callable[[Handler], None]

    def handle_error(self, *_: object) -> None:
        """Nothing: hanging up is what some tests are about."""


@contextmanager
def serving(answer: Callable[[Handler], None], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The base address of a server that lives as long as the block."""
    server = Quiet(("127.0.0.1", 0), Handler)
    server.answer = answer
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
