"""A time-stamp token (RFC 3161) taken apart, and whether each of its bytes is as it has to be.

Most of a token is signed by the service, but not all: versions, names of algorithms, certificates that came along. So
it is made again from its signed parts and must come out the same, and each certificate in it must be a link of the
chain: then no byte of it can be another.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import product

from asn1crypto import algos, cms, tsp
from asn1crypto import core as asn1
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm


class TokenError(ValueError):
    """The bytes are no time-stamp token in the form that one has; the text says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """What a token says, and the certificates that came with it."""

    signed: cms.SignedData
    time: datetime
    """With time zone UTC."""
    imprint: tuple[str, bytes]
    """Name of the hash and its value."""
    signer: asn1_x509.Certificate
    certificates: tuple[asn1_x509.Certificate, ...]

    @property
    def ends(self) -> datetime:
        """When the certificate of the service ends: until then a newer stamp has to follow."""
        end: datetime = self.signer.not_valid_after
        return end

    @property
    def by(self) -> str:
        """The service's name."""
        native = self.signer.subject.native
        return str(native.get("common_name") or native.get("organization_name") or self.signer.subject.human_friendly)


def opened(der: bytes) -> Token:
    """The token in these bytes. TokenError when any of them is not as it has to be."""
    try:
        return _opened(der)
    except TokenError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        message = f"a time stamp cannot be read ({type(error).__name__})"
        raise TokenError(message) from error


def _opened(der: bytes) -> Token:
    signed = cms.ContentInfo.load(der, strict=True)["content"]
    (signer_info,) = signed["signer_infos"]
    certificates = tuple(asn1_x509.Certificate.load(one.chosen.dump()) for one in signed["certificates"])
    own = [one for one in certificates if _is_named(signer_info["sid"], one)]
    info = tsp.TSTInfo.load(signed["encap_content_info"]["content"].contents, strict=True)
    different = {one.dump() for one in certificates if in_whole_bytes(one)}
    if len(own) != 1 or len(different) != len(certificates):
        message = "the certificates of a time stamp are not those of its service"
        raise TokenError(message)
    if der not in _made_again(signed, signer_info):
        message = "a time stamp holds something that nobody signed"
        raise TokenError(message)
    _linked(own[0], list(certificates))
    imprint = info["message_imprint"]
    return Token(
        signed=signed,
        time=info["gen_time"].native,
        imprint=(imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native),
        signer=own[0],
        certificates=certificates,
    )


def _is_named(identifier: cms.SignerIdentifier, certificate: asn1_x509.Certificate) -> bool:
    if identifier.name == "subject_key_identifier":
        return bool(certificate.key_identifier == identifier.chosen.native)
    named = identifier.chosen
    issuer, serial = named["issuer"], named["serial_number"].native
    return bool(certificate.issuer.dump() == issuer.dump() and certificate.serial_number == serial)


def _made_again(signed: cms.SignedData, signer: cms.SignerInfo) -> set[bytes]:
    """The token from its signed parts, in each form in which its algorithms may be named."""
    # The parameters of an algorithm are absent or NULL: both are in use (RFC 5754, RFC 3370).
    forms = product((True, False), (True, False), (True, False))
    return {_one_form(signed, signer, *absent).dump() for absent in forms}


def _one_form(
    signed: cms.SignedData,
    signer: cms.SignerInfo,
    first: bool,  # noqa: FBT001 - one of eight forms
    second: bool,  # noqa: FBT001
    third: bool,  # noqa: FBT001
) -> cms.ContentInfo:
    hashed = signer["digest_algorithm"]["algorithm"].native
    by_key = signer["sid"].name == "subject_key_identifier"
    content = {
        "version": "v3",
        "digest_algorithms": [_named(algos.DigestAlgorithm, hashed, absent=first)],
        "encap_content_info": signed["encap_content_info"],
        "certificates": signed["certificates"],
        "signer_infos": [
            {
                "version": "v3" if by_key else "v1",
                "sid": signer["sid"],
                "digest_algorithm": _named(algos.DigestAlgorithm, hashed, absent=second),
                "signed_attrs": cms.CMSAttributes(list(signer["signed_attrs"])),
                "signature_algorithm": _signature_algorithm(signer["signature_algorithm"], absent=third),
                "signature": signer["signature"].native,
            }
        ],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})


def _named(kind: type[asn1.Sequence], name: str, *, absent: bool) -> asn1.Sequence:
    return kind({"algorithm": name} if absent else {"algorithm": name, "parameters": asn1.Null()})


def _signature_algorithm(given: algos.SignedDigestAlgorithm, *, absent: bool) -> algos.SignedDigestAlgorithm:
    name = given["algorithm"].native
    if name == "rsassa_pss":
        return given  # its parameters decide how the signature is checked
    return _named(algos.SignedDigestAlgorithm, name, absent=absent)


def _linked(own: asn1_x509.Certificate, certificates: list[asn1_x509.Certificate]) -> None:
    """TokenError unless every certificate issued one that is linked to the service's, and its own holds."""
    left = [x509.load_der_x509_certificate(one.dump()) for one in certificates if one is not own]
    chain = [x509.load_der_x509_certificate(own.dump())]
    while left:
        found = [one for one in left if any(_issued(each, one) for each in chain)]
        if not found or any(_is_root(one) and not _issued(one, one) for one in found):
            message = "a certificate in a time stamp does not belong to its chain"
            raise TokenError(message)
        chain += found
        left = [one for one in left if one not in found]


def _is_root(certificate: x509.Certificate) -> bool:
    """Whether nobody else issued it, by its names or by its keys: RFC 5280 has every other name its issuer's key.

    By its names alone, a root with another issuer written into it would pass for one that is not here to be asked.
    """
    issuer = _key_identifier(certificate, x509.AuthorityKeyIdentifier)
    own = _key_identifier(certificate, x509.SubjectKeyIdentifier)
    return certificate.issuer == certificate.subject or issuer is None or issuer == own


def _key_identifier(
    certificate: x509.Certificate, kind: type[x509.AuthorityKeyIdentifier | x509.SubjectKeyIdentifier]
) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value.key_identifier
    except (x509.ExtensionNotFound, ValueError):
        return None


def in_whole_bytes(certificate: asn1_x509.Certificate) -> bool:
    """Whether the signature on a certificate is written in the one way: a bit string may also leave out last bits."""
    return bytes(certificate["signature_value"].contents[:1]) == b"\0"


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def without_padding(contents: bytes) -> bytes:
    """The DER in front of the zeros that fill the space it was written into."""
    return bytes(cms.ContentInfo.load(contents).dump())


def inside(signer: cms.SignerInfo) -> bytes:
    """The token that stamps a signature, among what nobody signed; empty without one. TokenError for anything else."""
    attributes = signer["unsigned_attrs"]
    if not attributes:
        return b""
    kinds = [one["type"].native for one in attributes]
    if kinds != ["signature_time_stamp_token"] or len(attributes[0]["values"]) != 1:
        message = "the signature carries something beside a time stamp that nobody signed"
        raise TokenError(message)
    return bytes(attributes[0]["values"][0].dump())
