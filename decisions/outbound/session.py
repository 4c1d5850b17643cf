"""Connections that look where they go, for requests."""

import socket
import ssl
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import create_connection

from decisions.outbound.addresses import resolved
from decisions.outbound.credentials import Credentials


class Session(requests.Session):
    """A session whose every connection is checked, and that can be ended from another thread."""

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self.trust_env = False
        self.auth = credentials.auth()
        self.headers.update({"User-Agent": "MeshAdvisor", "Connection": "close"})
        self.hung_up = False
        self._adapter = _Adapter(credentials.context())
        self.adapters.clear()
        for scheme in ("http://", "https://"):
            self.mount(scheme, self._adapter)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send on a connection of its own: one that the server has closed meanwhile is never taken up again."""
        self._adapter.poolmanager.clear()
        return super().send(request, **options)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: requests would read the whole answer, however large, to find out where it leads."""

    def hang_up(self) -> None:
        """End every connection at once; whoever reads from one gets an error."""
        self.hung_up = True
        for one in self._adapter.opened:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Adapter(HTTPAdapter):
    """Requests' way to urllib3, with our connections and our TLS context."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self.opened: list[socket.socket] = []
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Pools that make checked connections."""
        super().init_poolmanager(*arguments, **named)
        opened = self.opened

        class Plain(_Checked, HTTPConnection):
            register = opened.append

        class Secure(_Checked, HTTPSConnection):
            register = opened.append

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: bool | str,  # noqa: FBT001 - theirs
        cert: Any = None,
    ) -> tuple[Any, Any]:
        """The server as requests sees it, and our context for it."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self._context}

    def cert_verify(self, *_: Any) -> None:
        """Nothing: the context verifies, by the authorities it was given."""


class _Checked:
    """A connection that looks where it goes: the address it connects to is the one that was checked."""

    register: Any
    host: str
    port: int
    timeout: Any
    source_address: Any
    socket_options: Any
    sock: socket.socket

    def _new_conn(self) -> socket.socket:
        name = self.host.strip("[]")
        last: OSError | None = None
        for address in resolved(name, self.port, settings.OUTBOUND_ALLOWED):
            try:
                return create_connection(
                    (address, self.port),
                    self.timeout,
                    source_address=self.source_address,
                    socket_options=self.socket_options,
                )
            except OSError as error:
                last = error
        raise last or OSError("no address")

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.register(self.sock)
