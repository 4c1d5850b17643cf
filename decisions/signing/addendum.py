"""Seals an addendum to a record: JSON in a CMS container (RFC 5652) that openssl opens and checks offline.

openssl cms -verify -inform DER -in outcome.p7m -CAfile authority.pem -purpose any
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature
from pyhanko_certvalidator import ValidationContext

from decisions.signing.keystore import Seal
from decisions.signing.waiting import outside_any_loop


class AddendumError(ValueError):
    """The bytes are no addendum under a seal that holds; the text says why."""


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
        message = f"This is no sealed addendum ({type(error).__name__})."
        raise AddendumError(message) from error
    roots = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in trust]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail", moment=moment)
    try:
        status = outside_any_loop(lambda: asyncio.run(async_validate_cms_signature(signed, validation_context=context)))
    except Exception as error:
        # As with a PDF: a signature that cannot be evaluated, for whatever reason, does not hold.
        message = f"The seal of the addendum cannot be checked ({type(error).__name__})."
        raise AddendumError(message) from error
    if not (isinstance(data, bytes) and status.intact and status.valid):
        message = "The addendum was changed after it was sealed."
        raise AddendumError(message)
    if not status.trusted:
        message = "The addendum was sealed by an issuer that you do not trust."
        raise AddendumError(message)
    return data
