"""The record as PDF: PDF/A-3a and PDF/UA-1 in one file, the canonical record, its Markdown and evidence attached."""

import gc
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from decisions.advisor.record import Record, canonical, digest, read
from decisions.advisor.record.value import one_line
from decisions.rendering import evidence as evidence_of
from decisions.rendering import fonts, markdown
from decisions.rendering.approvals import Approvals, attached, rows, status
from decisions.rendering.finish import finisher
from decisions.rendering.html import view
from decisions.rendering.template import fill

GENERATOR = "MeshAdvisor record renderer 1"
EVIDENCE = {"log.json": "Proof that the log of the issuer has the last approval"}
STYLE_SHEETS = ("record.css", "record-print.css")
STATIC = Path(__file__).resolve().parent.parent.parent / "static"

# Pango's font map is not safe to share between threads: one thread prints at a time.
LOCK = threading.Lock()


def render(
    document: Mapping[str, object],
    *,
    sealed: bool = False,
    approvals: Approvals = (),
    evidence: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of a record document; the same arguments give the same bytes on the same machine.

    `sealed` prints how to check the seal that will be put on it; without it the file calls itself a preview.
    `approvals` are printed and attached beside the record, which they do not change; `evidence` are further files that
    prove something about it, {name: bytes}. RecordError when the document is none, FontError when a typeface is
    missing.
    """
    record = read(document)
    data = canonical(document)
    page = fonts.visible(
        _page(record, digest(data), sealed=sealed, approvals=approvals, undrawable=fonts.undrawable(data.decode()))
    )
    attachments = [
        _attachment("record.json", data, "The decision record, RFC 8785 JSON", "Data", record),
        _attachment("record.md", markdown.render(document).encode(), "The record as Markdown", "Alternative", record),
        _attachment("evidence.json", evidence_of.render(document), "What the record argues from", "Source", record),
    ]
    if approvals:
        signed = attached(approvals, digest(data))
        attachments.insert(0, _attachment("approvals.json", signed, "Who stands for the record", "Supplement", record))
    for name, proof in sorted((evidence or {}).items()):
        attachments.append(_attachment(name, proof, EVIDENCE.get(name, "Evidence"), "Supplement", record))
    with LOCK, _uncollected():
        configuration, sheets = prepared()
        pdf: bytes = HTML(
            string=page, url_fetcher=URLFetcher(allowed_protocols=["data"])
        ).write_pdf(
            stylesheets=sheets,
            font_config=configuration,
            presentational_hints=True,  # the widths of columns
            pdf_variant="pdf/a-3a",
            pdf_forms=sealed,
            pdf_identifier=digest(data)[:32].encode(),
            attachments=attachments,
            finisher=finisher(digest(data), GENERATOR),
        )
    return pdf


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: a page makes a million objects that live to its end, and looking through them
    again and again takes a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _page(record: Record, record_sha256: str, *, sealed: bool, approvals: Approvals, undrawable: str = "") -> str:
    about = record.about
    filed = (
        ("Organisation", about.organisation),
        ("Team", about.team),
        ("System", about.system),
        ("Author", about.author),
        ("Approved by", ", ".join(one_line(one["signer"]) for one in approvals if one["meaning"] == "approval")),
        ("Date", about.date),
        ("Supersedes", ", ".join(about.supersedes)),
    )
    return fill(
        "record/page.html",
        {
            **view(record, printed=True, font=fonts.SANS),
            "digest": record_sha256,
            "undrawable": undrawable,
            "sealed": sealed,
            "generator": GENERATOR,
            "revision": str(about.revision),
            "status": status(about.status, approvals),
            "approvals": rows(approvals),
            "figures": record.brief[3:],
            "filed": [(name, value) for name, value in filed if value],
        },
    )


def _attachment(name: str, data: bytes, description: str, relationship: str, record: Record) -> Attachment:
    when = datetime.fromisoformat(record.about.date[:10] or "1970-01-01").replace(tzinfo=UTC)
    return Attachment(
        string=data, name=name, description=description, relationship=relationship, created=when, modified=when
    )


@cache
def prepared() -> tuple[FontConfiguration, list[CSS]]:
    """Fonts and style sheets, loaded once in a process: that takes longer than laying out a page."""
    configuration = FontConfiguration()
    rules = [fonts.style_sheet(), *((STATIC / name).read_text() for name in STYLE_SHEETS)]
    return configuration, [CSS(string=rule, font_config=configuration) for rule in rules]
