"""Seals an addendum to a record: JSON in a CMS container (RFC 5652) that openssl opens and checks offline.

openssl cms -verify -inform DER -in outcome.p7m -CAfile authority.pem -purpose any
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature
from pyhanko_certvalidator import ValidationContext

from decisions.advisor.pilot.outcome import SCHEMA
from decisions.advisor.record import digest
from decisions.signing import container
from decisions.signing.bare import RecordFaultError, parse
from decisions.signing.keystore import Seal
from decisions.signing.report import CERTIFICATE, CERTIFICATE_OF_OURS, SEAL, Kind, Layer, Report, conclude, unreadable
from decisions.signing.trust import Trust
from decisions.signing.waiting import outside_any_loop

OUTCOME = Kind(
    name="outcome",
    title="Outcome",
    proves="The container holds the outcome of a check in its one canonical form, and names the record it belongs to.",
    not_proven="That the measurements were taken as they say.",
)


class AddendumError(ValueError):
    """The bytes are no addendum under a seal that holds; the text says why."""


class NoAddendumError(AddendumError):
    """The bytes are no container at all."""


def seal_addendum(data: bytes, seal: Seal) -> bytes:
    """The data inside a container that the instance's key signed, with the certificates to check it."""
    from decisions.signing.seal import KeySigner  # noqa: PLC0415 - signs with the key wherever it lives

    signer = KeySigner(seal)
    made = outside_any_loop(lambda: asyncio.run(signer.async_sign_general_data(data, "sha256", detached=False)))
    return bytes(made.dump())


def open_addendum(sealed: bytes, trust: Sequence[x509.Certificate], moment: datetime) -> bytes:
    """What the container holds. AddendumError unless its seal holds and leads to one of the trusted authorities."""
    try:
        info = cms.ContentInfo.load(sealed, strict=True)
        signed = info["content"]
        data = signed["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError) as error:
        message = "The file cannot be read as a sealed addendum: it is damaged or cut off."
        raise NoAddendumError(message) from error
    try:
        container.read_data(sealed)
    except container.ContainerError as error:
        message = f"The addendum was changed after it was sealed: {error}."
        raise AddendumError(message) from error
    roots = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in trust]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail", moment=moment)
    try:
        status = outside_any_loop(lambda: asyncio.run(async_validate_cms_signature(signed, validation_context=context)))
    except Exception as error:
        # As with a PDF: a signature that cannot be evaluated, for whatever reason, does not hold.
        message = "The seal of the addendum cannot be checked."
        raise AddendumError(message) from error
    if not (isinstance(data, bytes) and status.intact and status.valid):
        message = "The addendum was changed after it was sealed."
        raise AddendumError(message)
    if not status.trusted:
        message = "The addendum was sealed by an issuer that you do not trust."
        raise AddendumError(message)
    return data


def examine(sealed: bytes, trusted: Trust, moment: datetime) -> Report:
    """The report of a sealed addendum. Without certificates to trust only its own ones are there to check it with."""
    trust = trusted.authorities
    try:
        data = open_addendum(sealed, trust or _own(sealed), moment)
        document = parse(data)
        if document.get("schema") != SCHEMA:
            message = f"The container holds something else than an outcome of schema {SCHEMA}."
            raise AddendumError(message)
    except NoAddendumError as error:
        return unreadable(str(error))
    except (AddendumError, RecordFaultError) as error:
        return conclude([Layer(kind=SEAL, state="failed", said=str(error))], ())
    nobody = "No certificate to trust was given: the seal was checked with the certificate that came with it."
    vouched = Layer(kind=CERTIFICATE, state="passed", said="Sealed by an issuer you trust.")
    if trusted.own:
        vouched = Layer(kind=CERTIFICATE_OF_OURS, state="passed", said="Sealed by this instance.")
    layers = (
        Layer(kind=SEAL, state="passed", said="The addendum is as it was sealed."),
        vouched if trust else Layer(kind=CERTIFICATE, state="open", said=nobody),
        Layer(kind=OUTCOME, state="passed", said="It is an outcome in its one canonical form."),
    )
    remark = "The addendum is unchanged since it was sealed."
    return conclude(
        layers, _facts(document, data), f"{remark} {'' if trust else 'Nobody was named as trusted.'}".strip()
    )


def _own(sealed: bytes) -> tuple[x509.Certificate, ...]:
    """The authority that came with the container; none when that does not hold, as opening it will say."""
    try:
        return (container.read_data(sealed).issuer,)
    except container.ContainerError:
        return ()


def _facts(document: Mapping[str, Any], data: bytes) -> list[tuple[str, str]]:
    about, judgement = document.get("about"), document.get("judgement")
    about, judgement = about if isinstance(about, dict) else {}, judgement if isinstance(judgement, dict) else {}
    return [
        ("Number", str(about.get("number", ""))),
        ("Check", str(about.get("check", ""))),
        ("Verdict", str(judgement.get("verdict", ""))),
        ("Record, SHA-256", str(about.get("record_sha256", ""))),
        ("Outcome, SHA-256", digest(data)),
    ]
