"""Detached proofs for people without PDF tools: an in-toto statement in a DSSE envelope, and an SSH signature.

The statement names the files of a record by their SHA-256 (in-toto Statement v1); the envelope is DSSE v1, by
`securesystemslib`, under the key that seals the PDF. The SSH signature is over record.json, by the same key.
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer._key import Key, SSlibKey
from securesystemslib.signer._signature import Signature
from securesystemslib.signer._signer import Signer

from decisions.advisor.record import canonical
from decisions.signing import sshsig
from decisions.signing.keystore import Seal

PAYLOAD_TYPE = "application/vnd.in-toto+json"
PREDICATE = "https://meshadvisor.example/decision-record/v1"
SSH_PRINCIPAL = "meshadvisor"


class EnvelopeError(ValueError):
    """The envelope does not hold; the text says why."""


class _SealSigner(Signer):
    """Signs an envelope with the sealing key, wherever it lives."""

    def __init__(self, seal: Seal) -> None:
        self.seal = seal

    @classmethod
    def from_priv_key_uri(cls, priv_key_uri: str, public_key: Key, secrets_handler: Any = None) -> "_SealSigner":
        """The library's way to a key by its address. Raises EnvelopeError: ours comes from the key store."""
        message = "the sealing key is opened by the key store, not by an address"
        raise EnvelopeError(message)

    @property
    def public_key(self) -> Key:
        """The key in the library's terms."""
        return _key(self.seal.key.public_key)

    def sign(self, payload: bytes) -> Signature:
        """The signature over the payload."""
        return Signature(self.public_key.keyid, self.seal.key.sign(payload).hex())


def _key(public: ec.EllipticCurvePublicKey) -> Key:
    return SSlibKey.from_crypto(public, scheme="ecdsa-sha2-nistp256")


def make(subjects: Mapping[str, str], facts: Mapping[str, object], seal: Seal) -> bytes:
    """The envelope over these files, {name: SHA-256 in hex}; `facts` say what they are (number, revision, status)."""
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": value}} for name, value in sorted(subjects.items())],
        "predicateType": PREDICATE,
        "predicate": dict(facts),
    }
    envelope = Envelope(canonical(statement), PAYLOAD_TYPE, {})
    envelope.sign(_SealSigner(seal))
    return canonical(envelope.to_dict())


def check(data: bytes, certificate: x509.Certificate) -> dict[str, Any]:
    """The statement in the envelope. EnvelopeError unless it is signed by the key of this certificate."""
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        message = "the certificate is not one of a seal"
        raise EnvelopeError(message)
    try:
        document = json.loads(data)
        if canonical(document) != data or len(document["signatures"]) != 1:
            message = "the envelope is not in its canonical form with one signature"
            raise EnvelopeError(message)
        envelope = Envelope.from_dict(json.loads(data))  # which takes apart what it is given
        envelope.verify([_key(public)], 1)
        if envelope.payload_type != PAYLOAD_TYPE or document["signatures"][0]["keyid"] != _key(public).keyid:
            message = "the envelope holds something else, or names another key"
            raise EnvelopeError(message)
        # Base64 can write the same bytes in more than one way; only one of them is ours.
        if canonical(envelope.to_dict()) != data:
            message = "the envelope is not in the one form that it has"
            raise EnvelopeError(message)
        statement: dict[str, Any] = json.loads(envelope.payload)
    except EnvelopeError:
        raise
    except VerificationError as error:
        message = "the envelope was changed after it was signed, or by another key"
        raise EnvelopeError(message) from error
    except Exception as error:
        # Damaged base64, JSON or signatures end in many kinds of exception; each of them is a damaged envelope.
        message = "the envelope cannot be read"
        raise EnvelopeError(message) from error
    return statement


def ssh_signature(record: bytes, seal: Seal) -> str:
    """The instance's SSH signature over record.json, as `ssh-keygen -Y sign` would have written it."""
    return sshsig.make(record, seal.key.public_key, seal.key.sign)


def ssh_signers(seal: Seal) -> str:
    """The line for `ssh-keygen -Y verify -f`: the key of the instance."""
    line = seal.key.public_key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return f'{SSH_PRINCIPAL} namespaces="{sshsig.NAMESPACE}" {line}\n'
