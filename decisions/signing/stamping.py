"""Puts time stamps of a third party on a sealed PDF (RFC 3161), and what a later check of them needs into the file.

The levels are those of PAdES (ETSI EN 319 142-1): B-T has a time stamp inside the seal; B-LTA has behind it the
certificates with their revocation lists and a time stamp over the whole file. Further ones can follow for ever: each
proves that the one before held when it was put on.
"""

import asyncio
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError
from pyhanko_certvalidator.path import ValidationPath

from decisions.signing import token
from decisions.signing.waiting import outside_any_loop

MOST_LISTS = 8
"""Revocation lists that are fetched for one time stamp: a chain has two or three certificates."""


class StampError(RuntimeError):
    """No time stamp can be put on; the text says why. The file is as good as it was without."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """A time-stamp service: how to ask it, whom its certificates have to come from, how to fetch revocation lists."""

    ask: Callable[[bytes], bytes]
    """Takes the DER of a TimeStampReq, gives that of a TimeStampResp. Raises StampError."""
    roots: tuple[x509.Certificate, ...]
    fetch: Callable[[str], bytes]
    """The bytes at an http address that a certificate names. Raises StampError."""


class Stamper(TimeStamper):
    """Asks a service; what it answers is checked against the roots before it is used."""

    def __init__(self, service: Service) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.service = service

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The service's answer. StampError when it is none."""
        try:
            return tsp.TimeStampResp.load(self.service.ask(req.dump()), strict=True)
        except (ValueError, TypeError) as error:
            message = "the time-stamp service answered with something that is no time stamp"
            raise StampError(message) from error


def stamped(pdf: bytes, service: Service, lists: Sequence[x509.CertificateRevocationList], moment: datetime) -> bytes:
    """The sealed PDF with a time stamp over all of it, and behind the seal what checks it later. StampError.

    `lists` are revocation lists of the seal's own authority. What was in the file stays, byte for byte, in front.
    """
    output = io.BytesIO()
    try:
        outside_any_loop(lambda: asyncio.run(_stamp(pdf, service, lists, moment, output)))
    except _FAULTS as error:
        raise StampError(_said(error)) from error
    return output.getvalue()


_FAULTS = (
    StampError,
    SigningError,
    TimestampRequestError,
    PathBuildingError,
    PathValidationError,
    PdfError,
    ValueError,
)


def _said(error: Exception) -> str:
    if isinstance(error, StampError):
        return str(error)
    if isinstance(error, PathBuildingError | PathValidationError):
        return f"the certificate of the time-stamp service does not lead to one that is trusted for it: {error}"
    return f"the time stamp cannot be put on: {error}"


async def _stamp(
    pdf: bytes,
    service: Service,
    lists: Sequence[x509.CertificateRevocationList],
    moment: datetime,
    output: io.BytesIO,
) -> None:
    stamper = Stamper(service)
    await stamper.async_dummy_response("sha256")  # shows which certificates the service uses, and how long it writes
    given = [token.opened(one) for one in _tokens(pdf)]
    others = [*stamper.cert_registry, *(one for each in given for one in each.certificates)]
    issuers, signers = _seal_certificates(pdf)
    context = ValidationContext(
        trust_roots=[*(_asn1(one) for one in service.roots), *issuers],
        other_certs=[*others, *signers],
        crls=[*(_list(one) for one in lists), *_fetched(others, service)],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
    )
    paths = [await _path(one, context) for one in (*signers, *(each.signer for each in given))]
    writer = Writer(io.BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(writer, None, paths=paths, validation_context=context)
    # Out of the page's bounds, so that it need not be told to those who have the file read aloud (PDF/UA-1, 7.18.1).
    unseen = InvisSigSettings(box_out_of_bounds=True)
    await PdfTimeStamper(stamper, invis_settings=unseen).async_timestamp_pdf(
        writer,
        "sha256",
        validation_context=context,
        output=output,
        dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
    )


class Writer(IncrementalPdfFileWriter):
    """Adds what it is told and nothing else: pyHanko would rewrite title, digest and dates with the time of now."""

    def _update_meta(self) -> None:
        pass

    def register_extension(self, ext: DeveloperExtension) -> None:
        """Nothing: that the seal is of ETSI's making stands in its subfilter, and the catalogue stays as it was."""


async def _path(certificate: asn1_x509.Certificate, context: ValidationContext) -> ValidationPath:
    validator = CertificateValidator(certificate, validation_context=context)
    return await validator.async_validate_path()


def _tokens(pdf: bytes) -> Iterator[bytes]:
    """Every time stamp in the file as DER: the one inside the seal and those behind it."""
    reader = PdfFileReader(io.BytesIO(pdf))
    for one in reader.embedded_signatures:
        if one.sig_object_type == "/DocTimeStamp":
            yield token.without_padding(one.pkcs7_content)
        elif inside := token.inside(one.signer_info):
            yield inside


def _seal_certificates(pdf: bytes) -> tuple[list[asn1_x509.Certificate], list[asn1_x509.Certificate]]:
    """The seal's authority and the seal, each in a list that is empty when there is none."""
    for one in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        return list(one.other_embedded_certs)[:1], [one.signer_cert]
    message = "the file carries no seal"
    raise StampError(message)


def _fetched(certificates: Sequence[asn1_x509.Certificate], service: Service) -> Iterator[asn1_crl.CertificateList]:
    """The revocation lists the certificates point to; one that cannot be had is left out, as a check will say."""
    places = dict.fromkeys(place for one in certificates for place in _places(one))
    for place in list(places)[:MOST_LISTS]:
        with suppress(StampError, ValueError, TypeError):
            yield asn1_crl.CertificateList.load(service.fetch(place), strict=True)


def _places(certificate: asn1_x509.Certificate) -> Iterator[str]:
    for point in certificate.crl_distribution_points_value or ():
        name = point["distribution_point"]
        if name.name == "full_name":
            yield from (str(one.native) for one in name.chosen if str(one.native).startswith(("http://", "https://")))


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _list(one: x509.CertificateRevocationList) -> asn1_crl.CertificateList:
    return asn1_crl.CertificateList.load(one.public_bytes(Encoding.DER))
