"""The record as PDF: PDF/A-3a and PDF/UA-1 in one file, with the canonical record and its Markdown attached."""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from decisions.advisor.record import Record, canonical, digest, read
from decisions.advisor.record.value import one_line
from decisions.rendering import fonts, markdown
from decisions.rendering.finish import finisher
from decisions.rendering.html import view
from decisions.rendering.template import fill

GENERATOR = "MeshAdvisor record renderer 1"
STYLE_SHEETS = ("record.css", "record-print.css")
STATIC = Path(__file__).resolve().parent.parent.parent / "static"

# Pango's font map is not safe to share between threads: one thread prints at a time.
LOCK = threading.Lock()


Approval = Mapping[str, str]
"""A signature under the record: signer, meaning (author or approval), method, digest, statement, signed_at."""


def render(document: Mapping[str, object], *, sealed: bool = False, approvals: Sequence[Approval] = ()) -> bytes:
    """The PDF of a record document; the same arguments give the same bytes on the same machine.

    With `approvals` it is the accepted edition: a page says who stood for the record, and approvals.json is attached.

    `sealed` prints how to check the seal that will be put on it; without it the file calls itself a preview.
    RecordError when the document is none, FontError when a typeface is missing.
    """
    record = read(document)
    data = canonical(document)
    page = fonts.visible(_page(record, digest(data), sealed=sealed, approvals=approvals))
    attachments = [
        _attachment("record.json", data, "The decision record, RFC 8785 JSON", "Data", record),
        _attachment(
            "record.md", markdown.render(document).encode(), "The same record as Markdown", "Alternative", record
        ),
    ]
    if approvals:
        signed = canonical({"record_sha256": digest(data), "approvals": [dict(one) for one in approvals]})
        attachments.append(_attachment("approvals.json", signed, "Who stood for the record", "Data", record))
    with LOCK:
        configuration, sheets = prepared()
        pdf: bytes = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf(
            stylesheets=sheets,
            font_config=configuration,
            pdf_variant="pdf/a-3a",
            pdf_forms=sealed,
            pdf_identifier=digest(data)[:32].encode(),
            attachments=attachments,
            finisher=finisher(digest(data), GENERATOR),
        )
    return pdf


def _page(record: Record, record_sha256: str, *, sealed: bool, approvals: Sequence[Approval]) -> str:
    about = record.about
    filed = (
        ("Organisation", about.organisation),
        ("Team", about.team),
        ("System", about.system),
        ("Author", about.author),
        ("Date", about.date),
        ("Supersedes", ", ".join(about.supersedes)),
    )
    return fill(
        "record/page.html",
        {
            **view(record, printed=True, font=fonts.SANS),
            "digest": record_sha256,
            "sealed": sealed,
            "generator": GENERATOR,
            "revision": str(about.revision),
            "status": "Accepted" if approvals else about.status.capitalize(),
            "approvals": [_approval_rows(one) for one in approvals],
            "figures": record.brief[3:],
            "filed": [(name, value) for name, value in filed if value],
        },
    )


def _approval_rows(one: Approval) -> tuple[str, list[tuple[str, str]]]:
    roles = {"author": "Proposed by", "approval": "Approved by"}
    title = f"{roles.get(one['meaning'], one['meaning'])} {one_line(one['signer'])}"
    methods = {"confirmation": "Signed in and confirmed; attested by the instance that sealed this file"}
    when = datetime.fromisoformat(one["signed_at"]).astimezone(UTC)
    return title, [
        ("Statement", one_line(one["statement"])),
        ("When", f"{when:%Y-%m-%d %H:%M:%S} UTC"),
        ("How", methods.get(one["method"], one["method"])),
        ("Record digest", one["digest"]),
    ]


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
