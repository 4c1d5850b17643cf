"""Whom somebody trusts, kept in a file: what a check needs when the server that issued a record is no longer there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from decisions.signing.checkpoint import CheckpointError, read_key

SCHEMA = "meshadvisor-trust/1"


class TrustError(ValueError):
    """A file that should say whom to trust does not; the text says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A key of a person's own: the account, the kind (passkey or ssh) and the public key as the record has it."""

    account: str
    kind: str
    public_key: str


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whose seals, time stamps, logs and keys are trusted; what is empty is not known."""

    authorities: tuple[x509.Certificate, ...] = ()
    """Of the instance, and those it had before; a seal's own certificate will do as well."""
    seals: tuple[x509.Certificate, ...] = ()
    """Of the sealing keys, present and replaced: they sign envelopes and record.json."""
    stamp_roots: tuple[x509.Certificate, ...] = ()
    """Authorities of time-stamp services."""
    log_key: str | None = None
    """The verification key of the log (name+id+key)."""
    checkpoint: str = ""
    """The newest checkpoint of the log when this was made."""
    people: tuple[Person, ...] = ()
    own: bool = False
    """Whether they are those of the instance that checks: whoever asks it named nobody, and is told whose they are."""


def read(data: bytes) -> Trust:
    """From a trust bundle in JSON, or a PEM file with the certificates of authorities. TrustError."""
    if data.lstrip()[:1] != b"{":
        return Trust(authorities=certificates(data))
    try:
        document = json.loads(data)
        if document["schema"] != SCHEMA:
            message = f"the trust bundle has the schema {document['schema']!r}, which this version cannot read"
            raise TrustError(message)
        people = tuple(
            Person(account=str(one["account"]), kind=str(one["kind"]), public_key=str(one["public_key"]))
            for one in document.get("people", [])
        )
        kept = {key: _certificates(document.get(key, [])) for key in ("authorities", "seals", "stamp_roots")}
        log = str(document.get("log_key") or "")
        if log:
            read_key(log)
    except TrustError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = error if isinstance(error, CheckpointError) else type(error).__name__
        message = f"the trust bundle cannot be read ({why})"
        raise TrustError(message) from error
    return Trust(
        authorities=kept["authorities"],
        seals=kept["seals"],
        stamp_roots=kept["stamp_roots"],
        log_key=log or None,
        checkpoint=str(document.get("checkpoint", "")),
        people=people,
    )


def certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file. TrustError when there are none."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        message = "the file to trust holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
        raise TrustError(message) from error


def document(trust: Trust, issuer: str, now: datetime) -> dict[str, Any]:
    """The bundle in plain JSON types."""
    return {
        "schema": SCHEMA,
        "issuer": issuer,
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "authorities": _pems(trust.authorities),
        "seals": _pems(trust.seals),
        "stamp_roots": _pems(trust.stamp_roots),
        "log_key": trust.log_key or "",
        "checkpoint": trust.checkpoint,
        "people": [{"account": one.account, "kind": one.kind, "public_key": one.public_key} for one in trust.people],
    }


def _certificates(pems: Sequence[str]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificate(one.encode()) for one in pems)


def _pems(given: Sequence[x509.Certificate]) -> list[str]:
    return [one.public_bytes(Encoding.PEM).decode() for one in given]
