"""The record as Markdown after MADR 4, with front matter that a YAML reader gives back unchanged."""

import re
import sys
from collections.abc import Iterator, Mapping

import yaml

from decisions.advisor.questions import NOT_SURE
from decisions.advisor.recommendation import Source
from decisions.advisor.record import (
    Bars,
    Bullets,
    Callout,
    Chart,
    Facts,
    Paragraph,
    Record,
    Section,
    Table,
    Text,
    canonical,
    digest,
    read,
)
from decisions.advisor.record.bars import as_table
from decisions.advisor.record.value import Block, one_line
from decisions.advisor.record.words import continued

PREFIXES = {
    "good": "Good, because",
    "neutral": "Neutral, because",
    "bad": "Bad, because",
    "out": "Ruled out, because",
}
"""How MADR 4 begins a point; one with a lead-in of its own has none."""


def render(document: Mapping[str, object]) -> str:
    """The Markdown of a record document. RecordError when it is none."""
    record = read(document)
    parts = [front_matter(record, digest(canonical(document))), f"# {heading(record.about.title)}"]
    for section in record.sections:
        parts += section_parts(section, 2)
    if record.sources:
        parts += [
            "## Sources",
            "\n".join(source_line(number, one) for number, one in enumerate(record.sources, start=1)),
        ]
    return "\n\n".join(parts) + "\n"


def front_matter(record: Record, record_sha256: str, *, superseded_by: str = "") -> str:
    """The front matter: every value in quotes, so that neither a date nor a number nor "no" changes its type."""
    about, inputs = record.about, record.inputs
    fields: dict[str, str | list[str]] = {
        "status": about.status,
        "date": about.date,
        "decision-makers": _people(record, about.author, "owner", "approver"),
        "consulted": _people(record, "", "reviewer"),
        "number": about.number,
        "title": about.title,
        "organisation": about.organisation,
        "team": about.team,
        "system": about.system,
        "revision": str(about.revision),
        "supersedes": list(about.supersedes),
        "superseded-by": superseded_by,
        "approach": str(record.recommendation.get("approach", "")),
        "record-sha256": record_sha256,
        "inputs-sha256": inputs.digest,
        "catalogue-version": inputs.catalogue_version,
        "engine-version": inputs.engine_version,
    }
    lines = [f"{key}: {quoted(value)}" for key, value in fields.items() if value]
    return "\n".join(["---", *lines, "---"])


def _people(record: Record, first: str, *roles: str) -> list[str]:
    plan = record.inputs.case.get("plan")
    named = [str(plan.get(role) or "") for role in roles] if isinstance(plan, Mapping) else []
    return [one for one in dict.fromkeys([first, *map(one_line, named)]) if one and one != NOT_SURE]


def quoted(value: str | list[str]) -> str:
    """A value of the front matter in double quotes, which every YAML reader takes for text."""
    text: str = yaml.safe_dump(value, default_style='"', default_flow_style=True, allow_unicode=True, width=sys.maxsize)
    return text.strip()


def section_parts(section: Section, level: int) -> Iterator[str]:
    """A section as its heading and its blocks, and those of the sections in it."""
    yield f"{'#' * level} {heading(section.title)}"
    for block in section.blocks:
        yield _block(block)
    for inner in section.sections:
        yield from section_parts(inner, level + 1)


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return at_line_start(_text(block.text))
        case Bullets():
            return "\n".join(_item(item, f"{n}." if block.ordered else "*") for n, item in enumerate(block.items, 1))
        case Callout():
            lines = [f"**{escaped(block.title)}**", "", *(_item(item, "*") for item in block.items)]
            return "\n".join(f"> {line}".rstrip() for line in lines)
        case Table() | Bars():
            return _table(as_table(block) if isinstance(block, Bars) else block)
        case Facts():
            lines = [f"* **{escaped(row.term)}:** {_value(row, exact=block.exact)}" for row in block.rows]
            return "\n".join([f"**{escaped(block.caption)}**", "", *lines] if block.caption else lines)
        case Chart():
            return f"*{escaped(block.title)}: the numbers are in the table below.*"


def _item(item: Text, marker: str) -> str:
    return f"{marker} {at_line_start(_text(item))}"


def _text(text: Text) -> str:
    prefix = "" if text.term else PREFIXES.get(text.mark, "")
    words = f"{prefix} {continued(text.text)}" if prefix else text.text
    lead = f"**{escaped(text.term)}** " if text.term else ""
    return lead + escaped(words) + "".join(f"[^{note}]" for note in text.notes)


def _value(row: Text, *, exact: bool) -> str:
    return (
        f"`{row.text}`" if exact and "`" not in row.text and row.text else _text(Text(text=row.text, notes=row.notes))
    )


def _table(table: Table) -> str:
    rules = ["---:" if column in table.numeric else "---" for column in range(len(table.head))]
    rows = [[escaped(cell) for cell in table.head], rules]
    rows += [[escaped(cell.text) + "".join(f"[^{note}]" for note in cell.notes) for cell in row] for row in table.rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return f"**{escaped(table.caption)}**\n\n" + "\n".join(lines)


def source_line(number: int, source: Source) -> str:
    """A source as the footnote that [^number] points at."""
    details = [part for part in (source.version and f"version {source.version}", source.date) if part]
    return f"[^{number}]: {escaped(', '.join([source.text, *details]))}"


def heading(text: str) -> str:
    """The text as a heading: a closing row of # would be taken for markup."""
    words = escaped(text)
    kept = words.rstrip("#")
    return kept + r"\#" * (len(words) - len(kept))


def escaped(text: str) -> str:
    """Plain text as Markdown that reads as that text: no emphasis, link, image, code, table cell or HTML of its own.

    Signs that not every reader lets a backslash escape are written as character references.
    """
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    text = re.sub(r"([\\`*\[\]|]|\{(?=:))", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)  # inside a word, as in p99_ms, it marks nothing
    text = re.sub(r"~(?=~)|(?<=\S)~", "&#126;", text)
    return text.replace("<", "&lt;")


def at_line_start(text: str) -> str:
    """Escaped text that may open a line: no heading, list, quote, rule or definition begins by accident."""
    text = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", text)
    text = re.sub(r"^[=:]", lambda found: f"&#{ord(found.group())};", text)
    return re.sub(r"^([#+\->])", r"\\\1", text)
