"""The time-stamp service that the settings name, asked through the guard on outgoing requests."""

import datetime as dt
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from cryptography import x509
from django.conf import settings

from decisions.outbound import Credentials, Forbidden, Unreachable, ask
from decisions.signing.keystore import SealError, revocations
from decisions.signing.stamping import Service, StampError, stamped
from decisions.signing.trust import TrustError, certificates

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
SECONDS = 15.0
MOST_REPLY, MOST_LIST = 64 * 1024, 4 * 1024 * 1024
"""Bytes of an answer, and of a revocation list."""


def service() -> Service | None:
    """The service; None when the settings name none."""
    if not settings.TSA:
        return None
    address, credentials = _credentials(settings.TSA)
    return Service(ask=lambda query: _stamp(address, credentials, query), roots=roots(), fetch=_list)


def roots() -> tuple[x509.Certificate, ...]:
    """The authorities of time-stamp services that this instance trusts; none when the settings name none."""
    return _roots(settings.TSA_ROOTS) if settings.TSA_ROOTS else ()


@cache
def _roots(path: Path) -> tuple[x509.Certificate, ...]:
    try:
        return certificates(path.read_bytes())
    except (OSError, TrustError) as error:
        message = f"MESHADVISOR_TSA_ROOTS ({path}) cannot be used: {error}"
        raise SealError(message) from error


def over(pdf: bytes, asked: Service, now: dt.datetime) -> bytes:
    """The sealed PDF with a time stamp of the service behind it. StampError."""
    own = revocations(settings.DATA_DIR, now)
    return stamped(pdf, asked, [own] if own else [], now)


def _credentials(address: str) -> tuple[str, Credentials]:
    """The address without name and password, and those."""
    parts = urlsplit(address)
    credentials = Credentials(username=unquote(parts.username or ""), password=unquote(parts.password or ""))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])), credentials


def _stamp(address: str, credentials: Credentials, query: bytes) -> bytes:
    headers = {"Content-Type": QUERY, "Accept": REPLY}
    host = urlsplit(address).hostname
    try:
        answer = ask(
            "POST",
            address,
            credentials=credentials,
            headers=headers,
            data=query,
            seconds=SECONDS,
            most_bytes=MOST_REPLY,
        )
    except (Forbidden, Unreachable) as error:
        raise StampError(str(error).rstrip(".")) from error
    if answer.status != 200 or answer.content_type != REPLY:
        what = f"status {answer.status}" if answer.status != 200 else answer.content_type or "no type"
        message = f"{host} answered with {what} instead of a time stamp"
        raise StampError(message)
    return answer.body


def _list(address: str) -> bytes:
    """A revocation list. Whoever issued the service's certificate chose the address, so the guard is asked as well."""
    try:
        answer = ask("GET", address, seconds=SECONDS, most_bytes=MOST_LIST)
    except (Forbidden, Unreachable) as error:
        raise StampError(str(error)) from error
    return answer.body if answer.status == 200 else b""
