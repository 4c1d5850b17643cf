"""Makes the sealing key of an instance at its first start and keeps it, encrypted, in the data directory.

seal/seal.p12       key and certificate that seal records
seal/seal-*.pem     the certificate of a key that lives in a token or behind a command (MESHADVISOR_SEAL_KEY)
seal/authority.p12  the authority that issued the certificate, for its successor
seal/passphrase     of both, unless the environment gives one
seal/authority.pem  the authority's certificate, and those of earlier ones: what others trust, free to hand out
seal/retired/       certificates of seals that were replaced; what they sealed keeps verifying
"""

import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PublicFormat, pkcs12

from decisions.signing import certificate as certificates
from decisions.signing.certificate import Key
from decisions.signing.keys import LocalKey, SealError, SealingKey, open_key

__all__ = ["KEY_VARIABLE", "PASSPHRASE_VARIABLE", "Seal", "SealError", "ensure_seal", "revocations", "rotate", "seals"]

PASSPHRASE_VARIABLE = "MESHADVISOR_SEAL_PASSPHRASE"  # noqa: S105 - the name of a variable
KEY_VARIABLE = "MESHADVISOR_SEAL_KEY"


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The sealing key with its certificate and the authority that issued it."""

    key: SealingKey
    certificate: x509.Certificate
    authority: x509.Certificate
    earlier: tuple[x509.Certificate, ...] = ()
    """Authorities this instance had before; what was sealed under them keeps verifying."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority's certificate in hex: what an organisation publishes."""
        return self.authority.fingerprint(hashes.SHA256()).hex()

    @property
    def trusted(self) -> tuple[x509.Certificate, ...]:
        """The authorities whose seals are this instance's."""
        return (self.authority, *self.earlier)

    @property
    def certificate_pem(self) -> bytes:
        """The certificate of the key itself as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def trust_pem(self) -> bytes:
        """The same as PEM: what `meshadvisor verify --trust` takes."""
        return b"".join(one.public_bytes(Encoding.PEM) for one in self.trusted)


def ensure_seal(data_dir: Path, *, now: datetime | None = None) -> Seal:
    """The seal kept under `data_dir`; made when there is none. SealError when there is one that cannot be opened.

    Several processes may start at once: the first directory that stands wins, and all use it.
    """
    folder, now = data_dir / "seal", now or datetime.now(UTC)
    if not folder.exists():
        _make(folder, now)
    where = os.environ.get(KEY_VARIABLE, "").strip()
    return _elsewhere(folder, where, now) if where else _open(folder)


def rotate(data_dir: Path, *, authority: bool = False, now: datetime | None = None) -> Seal:
    """Replace the key in the data directory by a new one; with `authority` the authority too. SealError.

    Keys elsewhere are replaced there: the instance issues a certificate to the one it finds. The old certificates are
    kept, and what they sealed keeps verifying: the trusted file names the earlier authorities as well.
    """
    folder, now = data_dir / "seal", now or datetime.now(UTC)
    if os.environ.get(KEY_VARIABLE, "").strip():
        message = f"the sealing key lives where {KEY_VARIABLE} says: make a new one there, and name it in the variable"
        raise SealError(message)
    old = ensure_seal(data_dir, now=now)
    issuer_key, issuer = _authority(folder)
    lock = BestAvailableEncryption(_passphrase(folder))
    if authority:
        issuer_key = ec.generate_private_key(ec.SECP256R1())
        issuer = certificates.authority(f"MeshAdvisor authority {secrets.token_hex(4)}", issuer_key, now)
    key = ec.generate_private_key(ec.SECP256R1())
    own = certificates.seal(f"MeshAdvisor seal {secrets.token_hex(4)}", key.public_key(), issuer_key, issuer, now)
    retired = folder / "retired"
    retired.mkdir(mode=0o700, exist_ok=True)
    _replace(retired / f"{_short(old.certificate)}.pem", old.certificate.public_bytes(Encoding.PEM))
    if authority:
        # The trusted file comes first: whatever happens next, nothing is sealed under an authority it does not name.
        pem = issuer.public_bytes(Encoding.PEM) + old.trust_pem
        _replace(folder / "authority.pem", pem, mode=0o644)
        _replace(folder / "authority.p12", _locked(b"authority", issuer_key, issuer, None, lock))
    _replace(folder / "seal.p12", _locked(b"seal", key, own, issuer, lock))
    return ensure_seal(data_dir, now=now)


def revocations(data_dir: Path, now: datetime) -> x509.CertificateRevocationList | None:
    """The authority's list of called back certificates as of now; None where its key is kept elsewhere."""
    try:
        key, issuer = _authority(data_dir / "seal")
    except SealError:
        return None
    return certificates.called_back(key, issuer, (), now)


def seals(data_dir: Path, present: Seal) -> tuple[x509.Certificate, ...]:
    """Certificates of every seal there was, the present one first: who checks an envelope later needs its seal's."""
    folder = data_dir / "seal"
    found = [present.certificate]
    for path in sorted([*folder.glob("retired/*.pem"), *folder.glob("seal-*.pem")]):
        found += x509.load_pem_x509_certificates(path.read_bytes())[:1]
    return tuple(dict.fromkeys(found))


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
    authority = certificates.authority(f"MeshAdvisor authority {instance}", authority_key, now)
    seal = certificates.seal(f"MeshAdvisor seal {instance}", seal_key.public_key(), authority_key, authority, now)
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "").encode()
    if not passphrase:
        passphrase = secrets.token_urlsafe(32).encode()
        _write(folder / "passphrase", passphrase)
    lock = BestAvailableEncryption(passphrase)
    _write(folder / "seal.p12", _locked(b"seal", seal_key, seal, authority, lock))
    _write(folder / "authority.p12", _locked(b"authority", authority_key, authority, None, lock))
    _write(folder / "authority.pem", authority.public_bytes(Encoding.PEM), mode=0o644)


def _locked(
    name: bytes, key: Key, own: x509.Certificate, issuer: x509.Certificate | None, lock: BestAvailableEncryption
) -> bytes:
    return pkcs12.serialize_key_and_certificates(name, key, own, [issuer] if issuer else None, lock)


def _write(path: Path, data: bytes, mode: int = 0o600) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)


def _replace(path: Path, data: bytes, mode: int = 0o600) -> None:
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        _write(draft, data, mode)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = f"{path} cannot be written: {error.strerror}"
        raise SealError(message) from error


def _open(folder: Path) -> Seal:
    key, certificate, others = _unlocked(folder, "seal.p12")
    if len(others) != 1:
        message = f"{folder / 'seal.p12'} must hold a P-256 key, its certificate and the authority's"
        raise SealError(message)
    return Seal(
        key=LocalKey(private=key), certificate=certificate, authority=others[0], earlier=_earlier(folder, others[0])
    )


def _elsewhere(folder: Path, where: str, now: datetime) -> Seal:
    """The seal whose key is not in the data directory; its certificate is issued the first time the key is seen."""
    key = open_key(where)
    public = key.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    path = folder / f"seal-{hashlib.sha256(public).hexdigest()[:16]}.pem"
    if not path.exists():
        issuer_key, issuer = _authority(folder)
        own = certificates.seal(f"MeshAdvisor seal {secrets.token_hex(4)}", key.public_key, issuer_key, issuer, now)
        _replace(path, own.public_bytes(Encoding.PEM) + issuer.public_bytes(Encoding.PEM), mode=0o644)
    try:
        own, issuer = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        message = f"{path} must hold the certificate of the sealing key and the authority's"
        raise SealError(message) from error
    if not certificates.same_key(key.public_key, own.public_key()):
        message = f"{path} is the certificate of another key"
        raise SealError(message)
    return Seal(key=key, certificate=own, authority=issuer, earlier=_earlier(folder, issuer))


def _authority(folder: Path) -> tuple[Key, x509.Certificate]:
    key, certificate, _ = _unlocked(folder, "authority.p12")
    return key, certificate


def _earlier(folder: Path, authority: x509.Certificate) -> tuple[x509.Certificate, ...]:
    try:
        known = x509.load_pem_x509_certificates((folder / "authority.pem").read_bytes())
    except (OSError, ValueError):
        return ()  # handed out from the key file, which has the present one
    return tuple(one for one in known if one != authority)


def _unlocked(folder: Path, name: str) -> tuple[Key, x509.Certificate, list[x509.Certificate]]:
    try:
        data, passphrase = (folder / name).read_bytes(), _passphrase(folder)
    except OSError as error:
        message = (
            f"the seal in {folder} cannot be read ({error.filename}: {error.strerror}). Without a file named "
            f"passphrase, {PASSPHRASE_VARIABLE} must be set."
        )
        raise SealError(message) from error
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase)
    except ValueError as error:
        message = f"the passphrase does not open {folder / name}, or the file is damaged"
        raise SealError(message) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
        message = f"{folder / name} must hold a P-256 key, its certificate and the authority's"
        raise SealError(message)
    return key, certificate, others


def _passphrase(folder: Path) -> bytes:
    return os.environ.get(PASSPHRASE_VARIABLE, "").encode() or (folder / "passphrase").read_bytes().strip()


def _short(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()[:16]
