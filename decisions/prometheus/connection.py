"""Making a connection, opening it, and finding out what is behind it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum

from decisions.intake.sources import SOURCES
from decisions.models import Connection, System, User
from decisions.outbound import Credentials, Forbidden, Place, Unreachable
from decisions.prometheus.server import Found, Server, Unanswered, Unusable, in_order
from decisions.vault import Locked, lock, unlock

LOOKED_BACK = dt.timedelta(hours=24)
"""A check looks for sources that had series in this time."""


MOST_CONNECTIONS = 10
"""So many a system has at most."""


class Method(StrEnum):
    """How a connection signs in."""

    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"
    MTLS = "mtls"
    SIGV4 = "sigv4"


LABELS = {
    Method.NONE: "No sign-in",
    Method.BASIC: "User name and password",
    Method.BEARER: "Bearer token",
    Method.MTLS: "Client certificate (mTLS)",
    Method.SIGV4: "Amazon Managed Prometheus (SigV4)",
}


def connect(
    system: System,
    user: User,
    now: dt.datetime,
    *,
    place: Place,
    method: Method,
    tenant: str,
    secret: Mapping[str, str],
) -> Connection:
    """Keep a connection, its credentials encrypted. `secret` has names of the fields of Credentials."""
    return Connection.objects.create(
        system=system,
        address=place.address,
        method=method.value,
        tenant=tenant,
        locked=lock(place.address, {name: text for name, text in secret.items() if text}),
        created_by=user,
        created_at=now,
    )


def server_of(connection: Connection) -> Server:
    """The server behind a connection. Raises Locked when its credentials cannot be opened."""
    secret = unlock(connection.address, connection.locked)
    return Server(place=Place.of(connection.address), credentials=Credentials(**secret), tenant=connection.tenant)


def check(connection: Connection, now: dt.datetime) -> None:
    """Ask which sources are there, and keep the answer or the reason why there is none with the connection."""
    found: list[Found] = []
    problem = ""
    try:
        found = in_order(server_of(connection).sources(now - LOOKED_BACK, now))
        if not found:
            problem = (
                "Prometheus answers, but has no request metrics of a kind that is known here. Looked for: "
                f"{', '.join(dict.fromkeys(one.counter for one in SOURCES.values()))}."
            )
    except (Forbidden, Unreachable, Unusable, Unanswered, Locked, ValueError) as error:
        problem = str(error)
    connection.checked_at, connection.problem = now, problem
    connection.found = [asdict(one) for one in found]
    connection.save(update_fields=["checked_at", "problem", "found"])
