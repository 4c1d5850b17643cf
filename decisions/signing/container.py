"""The bytes of a signature inside a PDF: where they stand, and whether every one of them is as it has to be.

A PDF signature does not cover the gap it is written into. What is in that gap besides the signature itself (letter
case, zero padding, fields of the envelope that nobody signs) could be changed unnoticed. So the whole gap is made
again from the parts that are covered, and must come out the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from decisions.signing import token
from decisions.signing.token import Token, TokenError

DETACHED: Mapping[str, Any] = {"content_type": "data"}
"""What a signature says of its content when that lies elsewhere, as in a PDF."""


class ContainerError(ValueError):
    """The signature is not in the one form that the seal has; the text says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Container:
    """The certificates that came with a signature: the signer's, and the one that issued it."""

    signer: x509.Certificate
    issuer: x509.Certificate
    stamp: Token | None = None
    """The time stamp over the signature itself; None without one."""
    signature: bytes
    """What that stamp is over."""


def read(data: bytes, byte_range: Sequence[int]) -> Container:
    """The container of the signature at this byte range. ContainerError when any byte of it is not as it has to be."""
    gap = _gap(data, byte_range)
    try:
        signed = cms.ContentInfo.load(bytes.fromhex(gap[1:-1].decode("ascii")))["content"]
        stamp = token.inside(signed["signer_infos"][0])
        again, certificates = _made_again(signed, stamp)
        container = _with_certificates(certificates, stamp, signed["signer_infos"][0]["signature"].native)
    except (ContainerError, TokenError) as error:
        raise ContainerError(str(error)) from error
    except (ValueError, KeyError, TypeError, IndexError, x509.InvalidVersion) as error:
        message = "the signature is damaged: what stands in the place for it cannot be read"
        raise ContainerError(message) from error
    _filled(gap, again)
    return container


def read_data(der: bytes) -> Container:
    """The container of data that lies by itself with the signature over it. ContainerError as above."""
    try:
        signed = cms.ContentInfo.load(der, strict=True)["content"]
        data = signed["encap_content_info"]["content"].native
        again, certificates = _made_again(signed, b"", {"content_type": "data", "content": data})
        container = _with_certificates(certificates, b"", signed["signer_infos"][0]["signature"].native)
    except ContainerError:
        raise
    except Exception as error:
        # Damaged certificates end in many kinds of exception; each of them is damage.
        message = "what stands around the signature cannot be read"
        raise ContainerError(message) from error
    if again != der or not belong_together(container.signer, container.issuer):
        message = "it holds something that nobody signed"
        raise ContainerError(message)
    return container


def belong_together(signer: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer signed the signer's certificate and its own, so that no byte of them can be another."""
    try:
        signer.verify_directly_issued_by(issuer)
        issuer.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def read_stamp(data: bytes, byte_range: Sequence[int]) -> Token:
    """The time stamp over the file at this byte range. ContainerError as above."""
    gap = _gap(data, byte_range)
    try:
        der = token.without_padding(bytes.fromhex(gap[1:-1].decode("ascii")))
        found = token.opened(der)
    except TokenError as error:
        raise ContainerError(str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        message = "a time stamp is damaged: what stands in the place for it cannot be read"
        raise ContainerError(message) from error
    _filled(gap, der)
    return found


def _gap(data: bytes, byte_range: Sequence[int]) -> bytes:
    """The bytes that the signature leaves out, with the brackets around them."""
    start, first, second, rest = byte_range
    if start != 0 or not 0 < first < second or second + rest > len(data):
        message = "the signature does not cover the file from its first byte"
        raise ContainerError(message)
    return data[first:second]


def _filled(gap: bytes, content: bytes) -> None:
    """ContainerError unless the space holds this content, zeros, and nothing else."""
    if gap != b"<" + content.hex().upper().encode().ljust(len(gap) - 2, b"0") + b">":
        message = "the space around the signature holds something other than the signature and zeros"
        raise ContainerError(message)


def _made_again(
    signed: cms.SignedData, stamp: bytes, inside: Mapping[str, Any] = DETACHED
) -> tuple[bytes, list[asn1_x509.Certificate]]:
    (signer,) = signed["signer_infos"]
    certificates = [asn1_x509.Certificate.load(one.chosen.dump()) for one in signed["certificates"]]
    serial = signer["sid"].chosen["serial_number"].native
    (own,) = (one for one in certificates if one.serial_number == serial)
    sha256 = {"algorithm": "sha256"}
    content: dict[str, Any] = {
        "version": "v1",
        "digest_algorithms": [sha256],
        "encap_content_info": dict(inside),
        "certificates": certificates,
        "signer_infos": [
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}}
                ),
                "digest_algorithm": sha256,
                "signed_attrs": cms.CMSAttributes(list(signer["signed_attrs"])),
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": signer["signature"].native,
            }
        ],
    }
    if stamp:
        values = [cms.ContentInfo.load(stamp)]
        content["signer_infos"][0]["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": values}]
    info = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})
    return info.dump(), [own, *(one for one in certificates if one is not own)]


def _with_certificates(certificates: list[asn1_x509.Certificate], stamp: bytes, signature: bytes) -> Container:
    if len(certificates) != 2:
        message = f"the signature comes with {len(certificates)} certificates instead of the seal's and its authority's"
        raise ContainerError(message)
    if not all(map(token.in_whole_bytes, certificates)):
        message = "a certificate that came with the signature was changed"
        raise ContainerError(message)
    signer, issuer = (_parsed(one.dump()) for one in certificates)
    found = token.opened(stamp) if stamp else None
    return Container(signer=signer, issuer=issuer, stamp=found, signature=signature)


def _parsed(der: bytes) -> x509.Certificate:
    # Certificates are parsed lazily: what cannot be read is to be met here, not when the report is written.
    certificate = x509.load_der_x509_certificate(der)
    _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key())
    _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc, certificate.signature_hash_algorithm)
    return certificate
