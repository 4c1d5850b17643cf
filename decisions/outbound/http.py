"""One request, one answer: at most ten seconds and ten megabytes, and never to another host than the one asked for."""

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Timer
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from decisions.outbound.addresses import Forbidden
from decisions.outbound.credentials import Credentials
from decisions.outbound.session import Session

SECONDS = 10.0
MOST_BYTES = 10 * 1024 * 1024
MOST_REDIRECTS = 3
CHUNK = 1 << 16


class Unreachable(Exception):  # noqa: N818 - it is what the server is, and its text is shown to the user
    """There is no answer, or none within the limits; the text says why and what to do."""


class Late(Unreachable):
    """No answer, or not all of it, in the time there was."""


class TooLarge(Unreachable):
    """More of an answer than there is room for."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """What the server said."""

    status: int
    content_type: str
    """Without parameters, in lower case."""
    body: bytes = field(repr=False)
    seconds: float


def ask(
    method: str,
    address: str,
    *,
    credentials: Credentials | None = None,
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, str] | bytes | None = None,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Response:
    """Send one request and read its answer, whatever its status.

    A redirect is followed only within the same scheme, host and port, with the same method and body. Proxies and
    passwords of the environment are not used: a proxy would connect where nobody has looked. `seconds` is for all of
    it together. Raises Forbidden and Unreachable.
    """
    began = time.monotonic()
    with Session(credentials or Credentials()) as session:
        send = partial(session.request, method, headers=dict(headers or {}), data=data)
        watch = Timer(seconds, session.hang_up)
        watch.daemon = True
        watch.start()
        try:
            answer = _answer(send, address, until=began + seconds, most_bytes=most_bytes)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _explained(error, address, late=session.hung_up, seconds=seconds) from error
        finally:
            watch.cancel()
        if session.hung_up:  # headers that were cut off look like headers that have ended
            raise _late(address, seconds)
        return answer


def _answer(send: Callable[..., requests.Response], address: str, *, until: float, most_bytes: int) -> Response:
    began = time.monotonic()
    for _ in range(MOST_REDIRECTS + 1):
        left = max(until - time.monotonic(), 0.1)
        with send(address, timeout=left, stream=True, allow_redirects=False) as found:
            target = found.headers.get("Location", "") if 300 <= found.status_code < 400 else ""
            if not target:
                return Response(
                    status=found.status_code,
                    content_type=found.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                    body=_body(found, most_bytes),
                    seconds=time.monotonic() - began,
                )
            address = _within_the_host(address, target)
    raise Unreachable(f"{_host(address)} redirects in a circle: check the path.")


def _within_the_host(address: str, target: str) -> str:
    there = urljoin(address, target)
    old, new = urlsplit(address), urlsplit(there)
    if (old.scheme, old.hostname, old.port) == (new.scheme, new.hostname, new.port):
        return there
    place = f"{new.scheme}://{new.netloc.rpartition('@')[2]}"[:200]
    raise Unreachable(
        f"{_host(address)} redirects to {place}, which is not followed. Often that is a login page: use credentials "
        "for the API. If the server has moved, type its new address."
    )


def _body(found: requests.Response, most: int) -> bytes:
    parts, size = [], 0
    while part := found.raw.read1(CHUNK, decode_content=True):
        size += len(part)
        if size > most:
            raise TooLarge(f"The answer is larger than {most / 2**20:.3g} MiB.")
        parts.append(part)
    return b"".join(parts)


def _host(address: str) -> str:
    return urlsplit(address).hostname or "The server"


def _late(address: str, seconds: float) -> Late:
    return Late(f"{_host(address)} did not answer within {seconds:g} seconds.")


def _explained(error: Exception, address: str, *, late: bool, seconds: float) -> Exception:
    """The error as one for the user."""
    causes = _causes(error)
    forbidden = next((one for one in causes if isinstance(one, Forbidden)), None)
    if forbidden:
        return forbidden
    host = _host(address)
    if late or any(isinstance(one, TimeoutError | requests.Timeout) for one in causes):
        return _late(address, seconds)
    for kind, text in _REASONS:
        found = next((one for one in causes if isinstance(one, kind)), None)
        if found:
            return Unreachable(text.format(host=host, why=getattr(found, "verify_message", "")))
    return Unreachable(f"{host} cannot be reached, or ended the connection in the middle of its answer.")


_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "The certificate of {host} is not trusted ({why}). Give the certificate of the authority that issued it.",
    ),
    (ssl.SSLError, "{host} and MeshAdvisor agree on no TLS: check https or http, the port and the certificates."),
    (socket.gaierror, "There is no host named {host}: check the spelling, and whether this server can resolve it."),
    (ConnectionRefusedError, "{host} refuses the connection: check the port, and whether the server runs."),
)


def _causes(error: BaseException) -> list[BaseException]:
    """What happened, from the outside in: requests and urllib3 wrap an error several times."""
    found = [error]
    for one in found:
        inner = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        found += [other for other in inner if isinstance(other, BaseException) and other not in found]
    return found
