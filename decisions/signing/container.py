"""The bytes of a signature inside a PDF: where they stand, and whether every one of them is as it has to be.

A PDF signature does not cover the gap it is written into. What is in that gap besides the signature itself (letter
case, zero padding, fields of the envelope that nobody signs) could be changed unnoticed. So the whole gap is made
again from the parts that are covered, and must come out the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509


class ContainerError(ValueError):
    """The signature is not in the one form that the seal has; the text says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Container:
    """The certificates that came with a signature: the signer's, and the one that issued it."""

    signer: x509.Certificate
    issuer: x509.Certificate


def read(data: bytes, byte_range: Sequence[int]) -> Container:
    """The container of the signature at this byte range. ContainerError when any byte of it is not as it has to be."""
    start, first, second, rest = byte_range
    if start != 0 or not 0 < first < second or second + rest != len(data):
        message = "the signature does not cover the whole file"
        raise ContainerError(message)
    gap = data[first:second]
    try:
        info = cms.ContentInfo.load(bytes.fromhex(gap[1:-1].decode("ascii")))
        again, certificates = _made_again(info["content"])
        container = _with_certificates(certificates)
    except ContainerError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, x509.InvalidVersion) as error:
        message = f"the signature cannot be read ({error})"
        raise ContainerError(message) from error
    if gap != b"<" + again.hex().upper().encode().ljust(len(gap) - 2, b"0") + b">":
        message = "the space around the signature holds something other than the signature and zeros"
        raise ContainerError(message)
    return container


def _made_again(signed: cms.SignedData) -> tuple[bytes, list[asn1_x509.Certificate]]:
    (signer,) = signed["signer_infos"]
    certificates = [asn1_x509.Certificate.load(one.chosen.dump()) for one in signed["certificates"]]
    serial = signer["sid"].chosen["serial_number"].native
    (own,) = (one for one in certificates if one.serial_number == serial)
    sha256 = {"algorithm": "sha256"}
    content = {
        "version": "v1",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "data"},
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
    info = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})
    return info.dump(), [own, *(one for one in certificates if one is not own)]


def _with_certificates(certificates: list[asn1_x509.Certificate]) -> Container:
    if len(certificates) != 2:
        message = f"the signature comes with {len(certificates)} certificates instead of the seal's and its authority's"
        raise ContainerError(message)
    signer, issuer = (_parsed(one.dump()) for one in certificates)
    return Container(signer=signer, issuer=issuer)


def _parsed(der: bytes) -> x509.Certificate:
    # Certificates are parsed lazily: what cannot be read is to be met here, not when the report is written.
    certificate = x509.load_der_x509_certificate(der)
    _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key())
    _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc, certificate.signature_hash_algorithm)
    return certificate
