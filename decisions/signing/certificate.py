"""The certificates of an instance: its authority's, its seals', and the list of those it has called back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

VALID_FOR = timedelta(days=3652)
BACKDATED = timedelta(hours=1)
"""A certificate begins a little earlier, for readers whose clock is behind ours."""
LISTED_FOR = timedelta(days=400)
"""How long a list of called back certificates says that it is current: past the yearly renewal of a file."""

Key = ec.EllipticCurvePrivateKey


def authority(name: str, key: Key, now: datetime) -> x509.Certificate:
    """A certificate that may issue others, signed by itself."""
    return _certificate(name, key.public_key(), key, None, now)


def seal(
    name: str, public: ec.EllipticCurvePublicKey, issuer_key: Key, issuer: x509.Certificate, now: datetime
) -> x509.Certificate:
    """A certificate for sealing documents, which ends with its issuer's at the latest."""
    return _certificate(name, public, issuer_key, issuer, now)


def called_back(
    issuer_key: Key, issuer: x509.Certificate, revoked: Sequence[tuple[int, datetime]], now: datetime
) -> x509.CertificateRevocationList:
    """The authority's list of certificates that hold no longer: pairs of serial number and since when."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(now - BACKDATED)
        .next_update(now + LISTED_FOR)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    )
    for serial, since in revoked:
        one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
        builder = builder.add_revoked_certificate(one)
    return builder.sign(issuer_key, hashes.SHA256())


def same_key(first: ec.EllipticCurvePublicKey, second: object) -> bool:
    """Whether two public keys are one."""
    return isinstance(second, ec.EllipticCurvePublicKey) and _bytes(first) == _bytes(second)


def _bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _certificate(
    name: str, public: ec.EllipticCurvePublicKey, issuer_key: Key, issuer: x509.Certificate | None, now: datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_authority = issuer is None
    ends = now - BACKDATED + VALID_FOR
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(min(ends, issuer.not_valid_after_utc) if issuer else ends)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(_usage(is_authority=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
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
