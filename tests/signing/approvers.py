"""Approvals of a record in each of the three ways, without a browser: the passkey is made of its parts."""

import base64
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from decisions.advisor.record import canonical, digest
from decisions.signing.approval import Subject, statement
from tests.signing.conftest import SEALED_AT

HOST, ORIGIN = "decisions.example.org", "https://decisions.example.org"
PRESENT_AND_RECOGNISED = 5


def _entry(record: bytes, account: str, name: str, method: str, meaning: str = "approval") -> dict[str, Any]:
    return {
        "signer": name,
        "account": account,
        "meaning": meaning,
        "method": method,
        "digest": digest(record),
        "statement": f"I stand for it as its {meaning}.",
        "signed_at": SEALED_AT.isoformat(),
    }


def confirmed(record: bytes) -> dict[str, Any]:
    """The author's, by the word of the issuer."""
    return _entry(record, "nadia", "Nadia Okafor", "password", "author")


def by_ssh(record: bytes, folder: Path) -> dict[str, Any]:
    """By an SSH key that `ssh-keygen` makes in the folder and signs with; allowed_signers beside it."""
    key, file = folder / "id", folder / "record.json"
    file.write_bytes(record)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "meshadvisor", "-f", key, file], check=True)
    public = " ".join((folder / "id.pub").read_text().split()[:2])
    (folder / "allowed_signers").write_text(f'tomas namespaces="meshadvisor" {public}\n')
    proof = {"signature": (folder / "record.json.sig").read_text(), "public_key": public}
    return {**_entry(record, "tomas", "Tomas Lind", "ssh"), "proof": proof}


def by_passkey(record: bytes, key: ec.EllipticCurvePrivateKey | None = None) -> dict[str, Any]:
    """By a passkey: what an authenticator signs, made here."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    entry = _entry(record, "ada", "Ada Byron", "passkey")
    subject = Subject(
        organisation="example",
        number="DR-0042",
        revision=2,
        record_sha256=digest(record),
        meaning="approval",
        approver="ada",
        sentence=entry["statement"],
    )
    said = statement(subject, SEALED_AT)
    challenge = _text(hashlib.sha256(canonical(said)).digest())
    client = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": ORIGIN}).encode()
    authenticator = hashlib.sha256(HOST.encode()).digest() + bytes([PRESENT_AND_RECOGNISED, 0, 0, 0, 1])
    signature = key.sign(authenticator + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
    proof = {
        "statement": said,
        "credential": _text(b"credential"),
        "public_key": key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "authenticator_data": _text(authenticator),
        "client_data": _text(client),
        "signature": _text(signature),
        "host": HOST,
        "origin": ORIGIN,
    }
    return {**entry, "proof": proof}


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
