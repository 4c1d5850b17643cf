"""One file of somebody else's decisions: what it says of itself, and nothing more."""

import hashlib
from dataclasses import dataclass

from decisions.advisor.dates import Order
from decisions.intake.adr import asciidoc, commonmark, fields, restructured
from decisions.intake.adr.kinds import Kind, kind_of
from decisions.intake.adr.naming import name_of
from decisions.intake.adr.origin import File
from decisions.intake.adr.outline import Outline
from decisions.intake.adr.relations import Reference, references

MAX_TEXT = 2 * 1024 * 1024
OUTLINES = {
    "rst": restructured.outline,
    "rest": restructured.outline,
    "adoc": asciidoc.outline,
    "asciidoc": asciidoc.outline,
}
"""Who reads what ends so; everything else is Markdown."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a file claims. `status` is one lower-case word with hyphens and None where none is stated; `written_status`
    is what stands there. `date` is ISO 8601, a day or only a month; where it can be read in two ways it is None, the
    readings, day first and month first, are in `date_readings`, and `date_orders` is how the file writes other dates.
    `problems` are sentences for the person who imports."""

    file: str
    sha256: str
    kind: Kind
    title: str = ""
    number: int | None = None
    status: str | None = None
    written_status: str = ""
    date: str | None = None
    date_readings: tuple[str, str] | None = None
    date_orders: frozenset[Order] = frozenset()
    references: tuple[Reference, ...] = ()
    problems: tuple[str, ...] = ()
    has_text: bool = True


def read(file: File) -> Decision:
    """Read one file. A file that cannot be read is of the kind "other" and says why; nothing is raised."""
    digest = hashlib.sha256(file.data).hexdigest()
    if len(file.data) > MAX_TEXT:
        problem = f"Larger than {MAX_TEXT // 1024 // 1024} MiB: no decision record is; left unread."
        return Decision(file=file.path, sha256=digest, kind=Kind.OTHER, problems=(problem,), has_text=False)
    text, problems = _decoded(file.data)
    if text is None:
        return Decision(file=file.path, sha256=digest, kind=Kind.OTHER, problems=problems, has_text=False)
    outline = _outline(file.path, text)
    name = name_of(file.path)
    title, number = fields.stated_title(outline)
    kind = kind_of(file.path, name, outline, title)
    if kind is not Kind.ADR and not name.is_prefixed:
        return Decision(file=file.path, sha256=digest, kind=kind, title=title, problems=(*problems, *outline.problems))
    status, written = fields.stated_status(outline)
    if written and status is None:
        problems = (*problems, f"The status states no standing: {written[:80]!r}.")
    moment = fields.stated_date(outline)
    return Decision(
        file=file.path,
        sha256=digest,
        kind=kind,
        title=title,
        number=name.number if name.number is not None else number,
        status=status,
        written_status=written[:500],
        date=moment.date or name.date,
        date_readings=None if name.date else moment.readings,
        date_orders=fields.written_orders(outline),
        references=references(outline),
        problems=(*problems, *outline.problems),
    )


def _outline(path: str, text: str) -> Outline:
    ending = path.lower().rpartition(".")[2]
    return OUTLINES.get(ending, commonmark.outline)(text)


def _decoded(data: bytes) -> tuple[str | None, tuple[str, ...]]:
    """The text: UTF-8, or UTF-16 with its mark, else what Windows writes; None for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    elif b"\x00" in data[:4096]:
        return None, ("A binary file under the name of a text: left unread.",)
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
            return text.replace("\r\n", "\n"), ("Not in UTF-8; read as Windows-1252.",)
    return text.replace("\r\n", "\n").replace("\r", "\n"), ()
