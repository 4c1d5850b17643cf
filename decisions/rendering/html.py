"""The record as a fragment of HTML for a page, and the view of it that all templates of records read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from decisions.advisor.record import Bars, Chart, Record, Section, Table, Text, read
from decisions.advisor.record.value import Block
from decisions.rendering.bars import BarChart, bar_chart
from decisions.rendering.charts import ChartData, chart_of
from decisions.rendering.template import fill


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table ready to lay out: headings and cells with whether they are set flush right, widths with their sign.

    A cell has the heading of its column with it, which stands beside it where there is no room for columns.
    """

    caption: str
    columns: tuple[str, ...]
    head: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[Text, bool, str], ...], ...]
    row_headings: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section in reading order: its heading's level, and its blocks with the kind that says how to lay each out."""

    id: str
    title: str
    level: str
    kinds: tuple[tuple[str, Block | ChartData | BarChart | Grid], ...]


def render(document: Mapping[str, object]) -> str:
    """The fragment: sections from h2 down, every text escaped. RecordError when the document is no record."""
    return fill("record/fragment.html", view(read(document)))


def contents(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The (anchor, title) of the fragment's parts, in reading order."""
    parts = [(str(one["id"]), str(one["title"])) for one in document["sections"]]
    return [*parts, ("sources", "Sources")] if document.get("sources") else parts


def view(record: Record, *, printed: bool = False, font: str = "") -> dict[str, object]:
    """What the record's templates read. `printed` makes charts that need neither style sheet nor script."""
    return {
        "about": record.about,
        "brief": record.brief,
        "parts": [part for section in record.sections for part in _parts(section, 2, printed=printed, font=font)],
        "contents": record.sections,
        "sources": [(str(number), source) for number, source in enumerate(record.sources, start=1)],
    }


def _parts(section: Section, level: int, *, printed: bool, font: str) -> Iterator[Part]:
    kinds = tuple((block.kind, _ready(block, printed=printed, font=font)) for block in section.blocks)
    yield Part(id=section.id, title=section.title, level=str(level), kinds=kinds)
    for inner in section.sections:
        yield from _parts(inner, level + 1, printed=printed, font=font)


def _ready(block: Block, *, printed: bool, font: str) -> Block | ChartData | BarChart | Grid:
    if isinstance(block, Chart):
        return chart_of(block.rows, block, table=False, printed=printed, font=font)
    if isinstance(block, Bars):
        return bar_chart(block, printed=printed, font=font)
    if isinstance(block, Table):
        flush = [column in block.numeric for column in range(len(block.head))]
        return Grid(
            caption=block.caption,
            columns=tuple(f"{width}%" for width in block.widths),
            head=tuple(zip(block.head, flush, strict=True)),
            rows=tuple(tuple(zip(row, flush, block.head, strict=True)) for row in block.rows),
            # On paper a table may break after one row; more headings than data then read worse than plain data.
            row_headings=not printed,
        )
    return block
