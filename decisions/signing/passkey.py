"""Passkeys: registering one, asking it to sign a statement, and checking years later that it did.

The challenge of an approval is the SHA-256 of its statement in canonical form, so the authenticator signs the record's
digest, the meaning and the person at once. The protocol is `fido2`'s (W3C Web Authentication level 2); checking later
takes nothing but the stored bytes and `cryptography`, so a stranger can do the same with openssl.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

USER_PRESENT, USER_VERIFIED = 1, 4
"""Flags of the authenticator data: somebody touched it; it knew them by finger, face or PIN."""
ES256, RS256 = -7, -257
"""COSE numbers of the algorithms that are accepted: every authenticator has one of them, and openssl has both."""


class PasskeyError(ValueError):
    """The passkey, or what it signed, cannot be used; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where a passkey belongs: the host name it is bound to and the origin the browser has to report."""

    host: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """A registered passkey: its id (base64url) and its public key as PEM."""

    id: str
    public_key: str


def encode(data: bytes) -> str:
    """Base64url without padding, as the web writes bytes."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The bytes behind `encode`. ValueError for anything else."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if encode(data) != text:
        message = "not in the one form of base64url"
        raise ValueError(message)
    return data


def begin_registration(site: Site, person: tuple[bytes, str, str], known: Sequence[str]) -> tuple[dict[str, Any], Any]:
    """What the browser is asked, and the state to keep until it answers.

    `person` is (id, account name, name); `known` are ids of passkeys that are registered already.
    """
    from fido2.webauthn import (  # noqa: PLC0415 - loads with its first use
        PublicKeyCredentialDescriptor,
        PublicKeyCredentialType,
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    kind = PublicKeyCredentialType.PUBLIC_KEY
    options, state = _server(site).register_begin(
        PublicKeyCredentialUserEntity(id=person[0], name=person[1], display_name=person[2]),
        [PublicKeyCredentialDescriptor(type=kind, id=decode(one)) for one in known],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


def complete_registration(site: Site, state: object, answer: str) -> Passkey:
    """The passkey in the browser's answer. PasskeyError when it is none for this site or knew nobody."""
    try:
        data = _server(site).register_complete(state, json.loads(answer)).credential_data
        if data is None:
            message = "it names no key"
            raise ValueError(message)
        return Passkey(id=encode(data.credential_id), public_key=_pem(data.public_key))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        message = f"The passkey was not registered: {str(error).rstrip('.')}."
        raise PasskeyError(message) from error


def request(site: Site, statement: bytes, known: Sequence[str]) -> dict[str, Any]:
    """What the browser is asked so that one of the known passkeys signs the statement (canonical bytes)."""
    allowed = [{"type": "public-key", "id": one} for one in known]
    return {
        "publicKey": {
            "challenge": encode(hashlib.sha256(statement).digest()),
            "rpId": site.host,
            "allowCredentials": allowed,
            "userVerification": "required",
            "timeout": 120_000,
        }
    }


def proof(site: Site, answer: str, known: Mapping[str, str]) -> dict[str, str]:
    """What has to be kept of the browser's answer. `known` is passkey id -> public key. PasskeyError."""
    try:
        given = json.loads(answer)
        response = given["response"]
        kept = {
            "credential": str(given["id"]),
            "public_key": known[str(given["id"])],
            "authenticator_data": str(response["authenticatorData"]),
            "client_data": str(response["clientDataJSON"]),
            "signature": str(response["signature"]),
        }
    except (ValueError, KeyError, TypeError) as error:
        message = "The answer of the browser names no passkey that you registered here and still use."
        raise PasskeyError(message) from error
    return {**kept, "host": site.host, "origin": site.origin}


def check(proof: Mapping[str, Any], statement: bytes) -> None:
    """Whether the passkey in the proof signed this statement, its holder recognised. PasskeyError when not."""
    try:
        authenticator, client = decode(str(proof["authenticator_data"])), decode(str(proof["client_data"]))
        said = json.loads(client)
        wanted = {
            "type": "webauthn.get",
            "challenge": encode(hashlib.sha256(statement).digest()),
            "origin": proof["origin"],
        }
        if any(said.get(name) != value for name, value in wanted.items()):
            message = "The passkey signed something else, or on another site."
            raise PasskeyError(message)
        flags = authenticator[32]
        if authenticator[:32] != hashlib.sha256(str(proof["host"]).encode()).digest():
            message = "The passkey belongs to another site."
            raise PasskeyError(message)
        if not flags & USER_PRESENT or not flags & USER_VERIFIED:
            message = "The passkey did not check who holds it (finger, face or PIN)."
            raise PasskeyError(message)
        _verify(str(proof["public_key"]), decode(str(proof["signature"])), authenticator + _sha256(client))
    except (InvalidSignature, UnsupportedAlgorithm) as error:
        message = "The signature of the passkey does not hold."
        raise PasskeyError(message) from error
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, binascii.Error) as error:
        if isinstance(error, PasskeyError):
            raise
        message = "What was kept of the passkey cannot be read."
        raise PasskeyError(message) from error


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _verify(pem: str, signature: bytes, data: bytes) -> None:
    key = load_pem_public_key(pem.encode())
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    else:
        raise InvalidSignature


def _pem(cose: Mapping[int, Any]) -> str:
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    if cose[3] == ES256:
        x, y = (int.from_bytes(cose[place], "big") for place in (-2, -3))
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    elif cose[3] == RS256:
        exponent, modulus = (int.from_bytes(cose[place], "big") for place in (-2, -1))
        key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    else:
        message = f"its algorithm ({cose[3]}) is not accepted"
        raise ValueError(message)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _server(site: Site) -> Any:
    from fido2.server import Fido2Server  # noqa: PLC0415
    from fido2.webauthn import PublicKeyCredentialRpEntity  # noqa: PLC0415

    party = PublicKeyCredentialRpEntity(id=site.host, name="MeshAdvisor")
    server = Fido2Server(party, verify_origin=lambda origin: origin == site.origin)
    server.allowed_algorithms = [one for one in server.allowed_algorithms if one.alg in {ES256, RS256}]
    return server
