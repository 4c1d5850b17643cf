"""Makes the sealing key of an instance at its first start and keeps it, encrypted, in the data directory.

seal/seal.p12       key and certificate that seal records
seal/authority.p12  the authority that issued the certificate, for its successor
seal/passphrase     of both, unless the environment gives one
seal/authority.pem  the authority's certificate: what others trust, free to hand out
"""

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE_VARIABLE = "MESHADVISOR_SEAL_PASSPHRASE"  # noqa: S105 - the name of a variable
VALID_FOR = timedelta(days=3652)
BACKDATED = timedelta(hours=1)
"""A certificate begins a little earlier, for readers whose clock is behind ours."""

Key = ec.EllipticCurvePrivateKey


class SealError(RuntimeError):
    """The seal cannot be made, opened or used; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The sealing key with its certificate and the authority that issued it."""

    key: Key
    certificate: x509.Certificate
    authority: x509.Certificate

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority's certificate in hex: what an organisation publishes."""
        return self.authority.fingerprint(hashes.SHA256()).hex()

    @property
    def trust_pem(self) -> bytes:
        """The authority's certificate as PEM: what `meshadvisor verify --trust` takes."""
        return self.authority.public_bytes(Encoding.PEM)


def ensure_seal(data_dir: Path, *, now: datetime | None = None) -> Seal:
    """The seal kept under `data_dir`; made when there is none. SealError when there is one that cannot be opened.

    Several processes may start at once: the first directory that stands wins, and all use it.
    """
    folder = data_dir / "seal"
    if not folder.exists():
        _make(folder, now or datetime.now(UTC))
    return _open(folder)


def _make(folder: Path, now: datetime) -> None:
    draft = folder.with_name(f".seal-{secrets.token_hex(8)}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        _fill(draft, now)
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if not folder.exists():  # else another process was faster
            message = f"the seal cannot be kept in {folder}: {error.strerror}"
            raise SealError(message) from error


def _fill(folder: Path, now: datetime) -> None:
    instance = secrets.token_hex(4)
    authority_key, seal_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate(f"MeshAdvisor authority {instance}", authority_key, authority_key, None, now)
    seal = _certificate(f"MeshAdvisor seal {instance}", seal_key, authority_key, authority, now)
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "").encode()
    if not passphrase:
        passphrase = secrets.token_urlsafe(32).encode()
        _write(folder / "passphrase", passphrase)
    lock = BestAvailableEncryption(passphrase)
    _write(folder / "seal.p12", pkcs12.serialize_key_and_certificates(b"seal", seal_key, seal, [authority], lock))
    _write(
        folder / "authority.p12",
        pkcs12.serialize_key_and_certificates(b"authority", authority_key, authority, None, lock),
    )
    _write(folder / "authority.pem", authority.public_bytes(Encoding.PEM), mode=0o644)


def _certificate(
    name: str, key: Key, issuer_key: Key, issuer: x509.Certificate | None, now: datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_authority = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now - BACKDATED + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(_usage(is_authority=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    # "Content commitment" is what readers look for under a document; without it some refuse the signature.
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, data: bytes, mode: int = 0o600) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)


def _open(folder: Path) -> Seal:
    try:
        data = (folder / "seal.p12").read_bytes()
        passphrase = os.environ.get(PASSPHRASE_VARIABLE, "").encode() or (folder / "passphrase").read_bytes().strip()
    except OSError as error:
        message = (
            f"the seal in {folder} cannot be read ({error.filename}: {error.strerror}). Without a file named "
            f"passphrase, {PASSPHRASE_VARIABLE} must be set."
        )
        raise SealError(message) from error
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase)
    except ValueError as error:
        message = f"the passphrase does not open {folder / 'seal.p12'}, or the file is damaged"
        raise SealError(message) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None or len(others) != 1:
        message = f"{folder / 'seal.p12'} must hold a P-256 key, its certificate and the authority's"
        raise SealError(message)
    return Seal(key=key, certificate=certificate, authority=others[0])
