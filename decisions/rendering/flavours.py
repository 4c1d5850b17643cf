"""The record in the Markdown dialects of other tools: MADR in full and minimal, Nygard, Log4brains, Backstage.

They say less than the record, and nothing else: every word comes from it, but for its standing, which changes after it
was frozen. Backstage reads MADR.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from decisions.advisor.record import Record, Section, canonical, digest, read
from decisions.rendering.markdown import front_matter, heading, quoted, section_parts, source_line

Document = Mapping[str, object]
NUMBER = re.compile(r"\d+$")


def file_name(number: str) -> str:
    """The file of a decision, such as 0042-dr-0042.md: by its number alone, so that a new title keeps the file."""
    return f"{ordinal(number):04}-{number.lower()}.md"


def ordinal(number: str) -> int:
    """42 for "DR-0042"; 0 for a draft, which has no number yet."""
    found = NUMBER.search(number)
    return int(found.group()) if found else 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What became of a record since it was frozen: its status now, and the number of what replaced it."""

    status: str
    superseded_by: str = ""


def madr(document: Document, standing: Standing | None = None) -> str:
    """MADR 4 in full, with the status of now."""
    record = _record(document, standing)
    front = front_matter(record, digest(canonical(document)), superseded_by=_target(standing))
    return _joined(front, _title(record), *_parts(record.sections), *_sources(record, record.sections))


def minimal(document: Document, standing: Standing | None = None) -> str:
    """MADR 4 without its optional parts."""
    record = _record(document, standing)
    about = record.about
    fields = {"status": about.status, "date": about.date, "number": about.number, "superseded-by": _target(standing)}
    front = "\n".join(["---", *(f"{key}: {quoted(value)}" for key, value in fields.items() if value), "---"])
    chosen = _chosen(record, "context", "options", "outcome")
    return _joined(front, _title(record), *_parts(chosen), *_sources(record, chosen))


def nygard(document: Document, standing: Standing | None = None) -> str:
    """Nygard's four sections, with the number in the title and the date as adr-tools writes them."""
    record = _record(document, standing)
    about = record.about
    context = Section(id="context", title="Context", sections=_chosen(record, "context", "drivers"))
    (outcome,) = _chosen(record, "outcome") or (Section(id="outcome", title="Decision"),)
    consequences = next((one for one in outcome.sections if one.id == "consequences"), None)
    kept = tuple(one for one in outcome.sections if one is not consequences)
    used = (context, replace(outcome, title="Decision", sections=kept), *((consequences,) if consequences else ()))
    replaced = f"Superseded by {_linked(standing.superseded_by)}" if standing and standing.superseded_by else ""
    return _joined(
        f"# {ordinal(about.number)}. {heading(about.title)}",
        f"Date: {about.date}",
        "## Status",
        replaced or about.status.capitalize(),
        *(f"Supersedes {_linked(one)}" for one in about.supersedes),
        *_parts(used),
        *_sources(record, used),
    )


def log4brains(document: Document, standing: Standing | None = None) -> str:
    """MADR 2 as Log4brains reads it: status, date and people as a list under the title, links at the end."""
    record = _record(document, standing)
    about = record.about
    replaced = f"superseded by {_linked(standing.superseded_by)}" if standing and standing.superseded_by else ""
    facts = {"Status": replaced or about.status, "Date": about.date, "Deciders": heading(about.author)}
    lines = "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)
    chosen = _chosen(record, "context", "drivers", "options", "outcome", "pros-and-cons")
    links = "\n".join(f"- Supersedes {_linked(one)}" for one in about.supersedes)
    return _joined(
        _title(record),
        lines,
        *_parts(chosen),
        *(("## Links", links) if links else ()),
        *_sources(record, chosen),
    )


@dataclass(frozen=True, kw_only=True)
class Flavour:
    """A dialect: its short name, who reads it, and what writes it."""

    name: str
    title: str
    write: Callable[[Document, Standing | None], str]


FLAVOURS = (
    Flavour(name="madr", title="MADR 4, which Backstage reads too", write=madr),
    Flavour(name="madr-minimal", title="MADR 4, minimal", write=minimal),
    Flavour(name="nygard", title="Nygard, as adr-tools writes it", write=nygard),
    Flavour(name="log4brains", title="Log4brains", write=log4brains),
)
"""Every dialect on offer. A new one is one function and one line here."""


def _record(document: Document, standing: Standing | None) -> Record:
    record = read(document)
    return replace(record, about=replace(record.about, status=standing.status)) if standing else record


def _target(standing: Standing | None) -> str:
    return file_name(standing.superseded_by) if standing and standing.superseded_by else ""


def _linked(number: str) -> str:
    return f"[{number}]({file_name(number)})"


def _title(record: Record) -> str:
    return f"# {heading(record.about.title)}"


def _chosen(record: Record, *identifiers: str) -> tuple[Section, ...]:
    return tuple(one for one in record.sections if one.id in identifiers)


def _parts(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        yield from section_parts(section, 2)


def _sources(record: Record, sections: Iterable[Section]) -> Iterator[str]:
    """The footnotes that the chosen sections point at."""
    text = "\n".join(_parts(sections))
    used = [(place, one) for place, one in enumerate(record.sources, start=1) if f"[^{place}]" in text]
    if used:
        yield from ("## Sources", "\n".join(source_line(place, one) for place, one in used))


def _joined(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"
