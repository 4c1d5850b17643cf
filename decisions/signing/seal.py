"""Seals a PDF: one invisible PAdES certification signature over the whole file, after which nothing may change."""

import io
from datetime import UTC, datetime

import pikepdf
from asn1crypto import algos
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from decisions.signing.keystore import Seal, SealError, ensure_seal
from decisions.signing.report import RECORD
from decisions.signing.sealed import examine
from decisions.signing.stamping import Service, Stamper, StampError, Writer
from decisions.signing.trust import Trust
from decisions.signing.waiting import outside_any_loop

__all__ = ["Seal", "SealError", "blank_page", "ensure_seal", "seal_pdf", "self_test"]

FIELD = "Seal"


class _Signer(signers.PdfSigner):
    """Signs as of a given time, and leaves the file PDF 1.7: pyHanko would raise it to 2.0, which PDF/A-3 forbids."""

    signed_at: datetime

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """None."""

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002 - pyHanko's shape
    ) -> PdfSigningSession:
        """The session, with our time in place of the clock's."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.signed_at
        return session


def seal_pdf(pdf: bytes, seal: Seal, reason: str, signed_at: datetime, service: Service | None = None) -> bytes:
    """The PDF with the seal on it. `signed_at` (with a time zone) is written into the signature as the issuer's word.

    With a time-stamp `service` the seal has its time stamp inside. SealError when the bytes are no PDF that can take
    one, such as one that is sealed already; StampError when the service gives no time stamp.
    """
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
    )
    signer = _Signer(metadata, KeySigner(seal), timestamper=Stamper(service) if service else None)
    signer.signed_at = signed_at.astimezone(UTC).replace(microsecond=0)
    output = io.BytesIO()
    try:
        writer = Writer(io.BytesIO(pdf))
        if writer.prev.embedded_signatures:
            message = "the file carries a signature already; a seal would not cover it alone"
            raise SealError(message)
        outside_any_loop(lambda: signer.sign_pdf(writer, output=output))
    except TimestampRequestError as error:
        message = f"the time-stamp service refused: {error}"
        raise StampError(message) from error
    except (PdfError, SigningError) as error:
        message = f"the file cannot be sealed: {error}"
        raise SealError(message) from error
    return output.getvalue()


def self_test(seal: Seal) -> None:
    """Seal an empty page and check it. SealError when the seal would not hold, so that a start can say so at once."""
    now = datetime.now(UTC)
    report = examine(seal_pdf(blank_page(), seal, "Self-test", now), Trust(authorities=seal.trusted), now)
    # An empty page holds no record; everything else has to hold.
    failed = [layer for layer in report.layers if layer.failed and layer.kind is not RECORD]
    if failed:
        message = f"the seal does not pass its own check: {failed[0].said}"
        raise SealError(message)


def blank_page() -> bytes:
    """An empty page, to try a seal on."""
    output = io.BytesIO()
    with pikepdf.new() as page:
        page.add_blank_page(page_size=(72, 72))
        # With the table as a stream, as in a record: what is stamped behind it is then held to the same form.
        page.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return output.getvalue()


class KeySigner(signers.Signer):
    """Signs with the key of a seal, wherever that lives."""

    def __init__(self, seal: Seal) -> None:
        super().__init__(
            signing_cert=_asn1(seal.certificate),
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            cert_registry=SimpleCertificateStore.from_certs([_asn1(seal.authority)]),  # type: ignore[no-untyped-call]
            embed_roots=True,
        )
        self.key = seal.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002
        """The signature; while the space for it is measured, as many bytes as the longest has."""
        return bytes(72) if dry_run else self.key.sign(data)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
