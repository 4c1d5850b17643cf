"""The record as plain text for a terminal: 78 columns, no markup."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from decisions.advisor.record import Bars, Bullets, Callout, Chart, Facts, Paragraph, Record, Section, Table, Text, read
from decisions.advisor.record.bars import as_table
from decisions.advisor.record.value import Block

WIDTH = 78
MARKS = {"good": "+", "bad": "-", "out": "x", "warn": ">", "neutral": "="}


def render(document: Mapping[str, object]) -> str:
    """The plain text of a record document. RecordError when it is none."""
    record = read(document)
    about = record.about
    filed = (about.number, about.organisation, about.team, about.system, about.author, about.date, about.status)
    lines = [*_wrapped(about.title.upper()), "", *_wrapped(", ".join(part for part in filed if part)), ""]
    lines += [line for section in record.sections for line in _section(section, "=")]
    return "\n".join([*lines, *_sources(record)]).rstrip() + "\n"


def summary(record: Record, sections: Iterable[Section]) -> str:
    """The brief of a record, some of its sections and its sources."""
    lines = [*_wrapped(record.about.title.upper()), ""]
    lines += [line for one in record.brief for line in _wrapped(f"{one.term}: {one.text}", "  ")]
    lines += ["", *(line for section in sections for line in _section(section, "="))]
    return "\n".join([*lines, *_sources(record)]).rstrip() + "\n"


def _sources(record: Record) -> Iterator[str]:
    if record.sources:
        yield from ("SOURCES", "=" * len("SOURCES"), "")
    for number, one in enumerate(record.sources, start=1):
        details = [part for part in (one.version and f"version {one.version}", one.date) if part]
        yield from _wrapped(", ".join([one.text, *details]), f"[{number}] ")


def _section(section: Section, rule: str) -> Iterator[str]:
    title = section.title.upper() if rule == "=" else section.title
    yield from _wrapped(title)
    yield rule * min(len(title), WIDTH)
    yield ""
    for block in section.blocks:
        yield from _block(block)
        yield ""
    for inner in section.sections:
        yield from _section(inner, "-")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from _wrapped(said(block.text))
        case Bullets():
            yield from _list(block.items)
        case Callout():
            yield from (f"! {block.title}", *_list(block.items))
        case Table():
            yield from table_lines(block)
        case Facts():
            yield from _pairs(block)
        case Chart():
            yield f"({block.title}: see the table.)"
        case Bars():
            yield from table_lines(as_table(block))


def _list(items: tuple[Text, ...]) -> Iterator[str]:
    for item in items:
        yield from _wrapped(said(item), f"  {MARKS.get(item.mark, '*')} ")


def _pairs(facts: Facts) -> Iterator[str]:
    if facts.caption:
        yield from _wrapped(f"{facts.caption}:")
    for row in facts.rows:
        yield from _wrapped(f"{row.term}: {row.text}", "  ")


def said(text: Text) -> str:
    """A run of words with its lead-in and the numbers of its sources."""
    notes = "".join(f" [{note}]" for note in text.notes)
    return f"{text.term} {text.text}{notes}".strip()


def _wrapped(text: str, first: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
    ) or [first.rstrip()]


def table_lines(table: Table) -> list[str]:
    """A table that fits the width as columns; one that does not as a list of rows."""
    rows = [list(table.head), *([cell.text for cell in row] for row in table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
    if sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        return [*_wrapped(f"{table.caption}:"), *(line for row in table.rows for line in _row_lines(table, row))]
    lines = [
        "  ".join(
            cell.rjust(widths[column]) if column in table.numeric else cell.ljust(widths[column])
            for column, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]
    return [*_wrapped(f"{table.caption}:"), lines[0], "-" * min(WIDTH, len(max(lines, key=len))), *lines[1:]]


def _row_lines(table: Table, row: tuple[Text, ...]) -> Iterator[str]:
    yield from _wrapped(said(row[0]), "  * ")
    for name, cell in zip(table.head[1:], row[1:], strict=True):
        if cell.text:
            yield from _wrapped(f"{name}: {said(cell)}", "      ")
