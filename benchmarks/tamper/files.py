"""Genuine files to tamper with: sealed PDFs at two levels, and what vouches for the files beside them."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf

from decisions.advisor.record import canonical, digest, document
from decisions.rendering import pdf
from decisions.signing.keystore import Seal
from decisions.signing.seal import seal_pdf
from decisions.signing.stamping import Service, stamped
from tests.sample_record import sample
from tests.timestamping import TimeStampService

PAGE = Path(__file__).parent.parent.parent / "docs" / "tamper.md"
NOW = datetime.now(UTC)
REASON = "Decision record DR-0042"


def approvals(record: bytes) -> list[dict[str, str]]:
    """Two signatures by the word of the issuer."""
    given = {"method": "password", "digest": digest(record), "signed_at": "2026-11-20T10:00:00+00:00"}
    return [
        {**given, "signer": "Nadia Okafor", "account": "nadia", "meaning": "author", "statement": "I propose it."},
        {**given, "signer": "Tomas Lind", "account": "tomas", "meaning": "approval", "statement": "I approve it."},
    ]


def unsealed(*, given: list[dict[str, str]] | None = None, data: dict[str, Any] | None = None) -> bytes:
    """The pages with approvals, before the seal."""
    data = data or document(sample())
    return pdf.render(data, sealed=True, approvals=approvals(canonical(data)) if given is None else given)


def made(seal: Seal, *, given: list[dict[str, str]] | None = None, data: dict[str, Any] | None = None) -> bytes:
    """A sealed PDF with approvals."""
    return seal_pdf(unsealed(given=given, data=data), seal, REASON, NOW)


def stamped_file(seal: Seal, tsa: TimeStampService) -> bytes:
    """The same at level B-LTA."""
    return stamped(seal_pdf(unsealed(), seal, REASON, NOW, asked(tsa)), asked(tsa), (), NOW)


def asked(tsa: TimeStampService) -> Service:
    """The service, asked without a network."""
    return Service(ask=tsa.answer, roots=(tsa.root,), fetch=lambda _: tsa.list)


def edited(pages: bytes, change: Any) -> bytes:
    """A PDF written anew by another program with a change made to it."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pages)) as opened:
        change(opened)
        opened.save(output)
    return output.getvalue()
