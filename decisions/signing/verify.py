"""Says whether a file is a record as it was sealed. Works without network, database and account."""

from collections.abc import Container, Sequence
from datetime import UTC, datetime

from cryptography import x509

from decisions.signing import bare
from decisions.signing.report import Markdown, Replays, Report, Verdict, unreadable

__all__ = ["MOST_BYTES", "Markdown", "Report", "TrustError", "Verdict", "check", "load_trust"]

MOST_BYTES = 50_000_000


class TrustError(ValueError):
    """A file that should hold certificates holds none; the text says so."""


def check(
    data: bytes,
    trust: Sequence[x509.Certificate] = (),
    *,
    known: Container[str] = frozenset(),
    markdown: Markdown | None = None,
    moment: datetime | None = None,
    log_key: str | None = None,
    replays: Replays | None = None,
) -> Report:
    """What there is to say about a PDF, a record.json or a sealed addendum; never raises for what is in the file.

    `trust` are certificates of issuers (or of their seals); without any a PDF can still be valid, but the report says
    that nobody vouches for who sealed it. `known` are digests of records that the caller vouches for: a bare
    record.json is valid only when its digest is among them. `markdown` renders a record, to compare with the attached
    one. `moment` is the time to judge certificates at: now, when absent. `log_key` is the verification key of the
    issuer's log. `replays` draws a record anew from its inputs.
    """
    if len(data) > MOST_BYTES:
        return unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB; no record is.")
    if _looks_like_pdf(data):
        from decisions.signing import sealed  # noqa: PLC0415 - pyHanko takes a second to load

        return sealed.examine(
            data, trust, moment or datetime.now(UTC), markdown=markdown, log_key=log_key, replays=replays
        )
    if _looks_like_container(data):
        from decisions.signing import addendum  # noqa: PLC0415 - as above

        return addendum.examine(data, trust, moment or datetime.now(UTC))
    if _looks_like_record(data):
        return bare.examine(data, known)
    return unreadable(
        "The file is neither a PDF nor a record.json, nor a sealed addendum, so there is nothing to check."
    )


def load_trust(pem: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file. TrustError when there are none."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        message = "the file to trust holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
        raise TrustError(message) from error


def _looks_like_pdf(data: bytes) -> bool:
    # One damaged byte in its first line does not make a PDF something else.
    return b"%PDF-" in data[:1024] or b"/ByteRange" in data or b"%%EOF" in data[-1024:]


def _looks_like_container(data: bytes) -> bool:
    # The object identifier of CMS signed data (1.2.840.113549.1.7.2) stands near the beginning of the container.
    return data[:1] == b"\x30" and bytes.fromhex("06092a864886f70d010702") in data[:32]


def _looks_like_record(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" or b'"meshadvisor-record/' in data
