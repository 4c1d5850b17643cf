"""Where a decision file states its title, status and date: front matter, lines such as "* Status: accepted" above the
first section, tables of two columns or one row, and sections called "Status" or "Date"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from decisions.advisor import dates
from decisions.intake.adr import languages, status
from decisions.intake.adr.naming import title_of
from decisions.intake.adr.outline import Line, LineKind, Outline, Section

STATUS = (
    *("status", "state", "adr-status", "decision-status", "current-status", "document-status", "status-adr"),
    *languages.STATUS,
)
_DECIDED = ("date", "decision-date", "date-decided", "decided", "decided-on", "date-of-decision", "adr-date")
_ACCEPTED = ("accepted", "accepted-on", "approved", "approved-on", "date-accepted", "date-approved")
_UPDATED = (
    *("last-updated", "updated", "last-modified", "date-updated", "last-update", "modified", "updated-at"),
    *("date-last-updated", "last-updated-on", "last-update-date", "date-modified", "last-changed"),
)
_CREATED = (
    *("created", "date-created", "created-at", "created-on", "proposed", "proposed-on", "date-proposed"),
    *("introduced", "introduced-on", "date-introduced", "written", "written-on", "authored", "drafted"),
)
DATES = (
    (*_DECIDED, *languages.DATE),
    languages.BARE_DATE,
    _ACCEPTED,
    (*_UPDATED, "revdate", *languages.UPDATED),
    (*_CREATED, "submitted", *languages.CREATED),
)
META = frozenset(
    {
        "metadata",
        "meta",
        "meta-data",
        "info",
        "information",
        "about",
        "document-control",
        "overview",
        "details",
        "adr-metadata",
        "general",
        "header",
        "properties",
        "general-information",
        "document-information",
        "summary-table",
    }
)
HEADS = frozenset(
    {"date", "author", "authors", "deciders", "description", "comment", "comments", "title", "version", "status"}
)
"""Words that head another column of a table, and no value."""
HISTORIES = frozenset(
    {"changelog", "change-log", "history", "status-history", "revision-history", "revisions", "version-history"}
)
LABELLED = re.compile(r"^\W{0,4}([^\W\d_](?:[^\W\d_]|[ /_-]){1,30}?)\W{0,3}?\s*[:=|]\W{0,3}?\s*(.*)$", re.DOTALL)
DASHED = re.compile(r"^\W{0,4}(status|date)\s+[-–—]\s+(.*)$", re.IGNORECASE)  # noqa: RUF001
SECTION_WORDS = re.compile(r"^[\W\d_]*(.*?)[\W_]*$")
STANDING = re.compile(
    r"\b(?:this|the) (?:m?adr|record|decision|document|proposal)\b.{0,40}\b(?:is|was|has been|have been)\b(?! not\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Value:
    """A value with the line it stands in and those that follow under the same label or heading."""

    label: str
    text: str
    lines: tuple[Line, ...]


def key_of(label: str) -> str:
    """A label or heading as a key: lower case, hyphens, no numbering."""
    found = SECTION_WORDS.match(label)
    return re.sub(r"[\s_/]+", "-", (found[1] if found else label).strip().lower())


def preamble(outline: Outline) -> tuple[Line, ...]:
    """The lines before the first section: after the title, headings that are themselves `key: value` included."""
    lines: list[Line] = []
    titled = False
    for line in outline.lines:
        if line.kind is LineKind.HEADING and not is_field(line):
            if titled or lines or not is_title(line):
                break
            titled = True
            continue
        lines.append(line)
    return tuple(lines)


def is_title(line: Line) -> bool:
    """Whether a heading may be the title: of the first level, and not a section's name or a field of metadata."""
    return line.level == 1 and key_of(line.text) not in {*STATUS, *META, *DATES[0], "decision", "context", "title"}


def is_field(line: Line) -> bool:
    """Whether a line is `key: value`: a row of hyphens under such a line makes it a heading to Markdown."""
    found = labelled(line)
    return bool(found and found[0] in {*STATUS, *HEADS, *(key for keys in DATES for key in keys)})


def labelled(line: Line) -> tuple[str, str] | None:
    """("status", "accepted") for a line such as "* **Status:** accepted" or a table row of two cells."""
    if line.kind is LineKind.ROW and len(line.cells) == 2:
        return key_of(line.cells[0]), line.cells[1].strip()
    found = LABELLED.match(line.text) or DASHED.match(line.text)
    return (key_of(found[1]), found[2].strip()) if found else None


def values(outline: Outline, keys: Sequence[str]) -> Iterator[Value]:
    """Everything stated under one of these keys, the likeliest place first."""
    for key in keys:
        for text in outline.front.get(key, ()):
            yield Value(label=key, text=text, lines=(Line(kind=LineKind.TEXT, text=text),))
    parts = outline.sections
    top = preamble(outline)
    yield from _stated(top, keys)
    yield from _columns(top, keys)
    for part in parts:
        if key_of(part.title) in META:
            yield from _stated(part.lines, keys)
            yield from _columns(part.lines, keys)
    for part in parts:
        yield from _section(part, keys)


def _stated(lines: Sequence[Line], keys: Sequence[str]) -> Iterator[Value]:
    lines = [part for line in lines for part in _parted(line)]
    for place, line in enumerate(lines):
        # A line that is the label alone opens its value; in a table of contents it only leads to it.
        key, text = labelled(line) or ("" if line.links else key_of(line.text), "")
        if key not in keys or key_of(text) in HEADS:
            continue
        if text:
            yield Value(label=key, text=text, lines=(line,))
        else:
            yield from _below(key, lines[place + 1 : place + 2])


def _parted(line: Line) -> Iterator[Line]:
    """A line such as "Status: accepted | Date: 2025-03-10" as one line for each label."""
    parts = [part for part in re.split(r"\s*[|;\u00b7\u2022]\s*", line.text) if part]
    if line.kind is not LineKind.ROW and len(parts) > 1 and all(map(LABELLED.match, parts)):
        yield from (replace(line, text=part, links=()) for part in parts)
    else:
        yield line


def _below(key: str, lines: Sequence[Line]) -> Iterator[Value]:
    if lines and not labelled(lines[0]) and lines[0].kind is not LineKind.HEADING:
        yield Value(label=key, text=lines[0].text, lines=tuple(lines))


def _columns(lines: Sequence[Line], keys: Sequence[str]) -> Iterator[Value]:
    rows: list[Line] = []
    for line in (*lines, Line(kind=LineKind.TEXT, text="")):
        if line.kind is LineKind.ROW:
            rows.append(line)
            continue
        names = [key_of(cell) for cell in rows[0].cells] if len(rows) > 1 else []
        for column, name in enumerate(names):
            if name in keys:
                cells = [row.cells[column] for row in rows[1:] if column < len(row.cells)]
                yield Value(label=name, text=cells[-1], lines=tuple(rows[1:]))
        rows = []


def _section(part: Section, keys: Sequence[str]) -> Iterator[Value]:
    key = key_of(part.title)
    found = LABELLED.match(part.title)
    if key in keys:
        yield Value(label=key, text=part.lines[0].text if part.lines else "", lines=part.lines)
    elif found and key_of(found[1]) in keys:
        heading = Line(kind=LineKind.TEXT, text=found[2])
        yield Value(label=key_of(found[1]), text=found[2], lines=(heading,))


def stated_status(outline: Outline) -> tuple[str | None, str]:
    """(status, the words it was read from). The first place that states one wins; (None, words) where none does."""
    written = ""
    for value in values(outline, STATUS):
        if value.lines and value.lines[0].text == value.text:
            found = status.of_lines(value.lines)
        else:
            found = status.of_phrase(value.text, value.lines[0].strong if value.lines else ())
        written = written or value.text
        if found:
            return found, value.text
    for part in outline.sections:
        lines = [line for line in part.lines if dates.latest(line.text)]
        if key_of(part.title) in HISTORIES and (found := status.of_lines(lines)):
            return found, max(lines, key=lambda line: dates.latest(line.text) or "").text
    for line in preamble(outline):
        if STANDING.search(line.text) and status.SUPERSEDED.search(line.text):
            return "superseded", line.text
    return None, written


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The date of a decision: `date` in ISO 8601, or `readings`, day first and month first, where it is unclear."""

    date: str | None = None
    readings: tuple[str, str] | None = None


def stated_date(outline: Outline) -> Moment:
    """The date of the decision: of the decision before of its acceptance, of its last change and of its beginning."""
    return next(filter(None, (_moment(*place) for place in _dated(outline))), Moment())


def written_orders(outline: Outline) -> frozenset[dates.Order]:
    """In which orders the dates that the file states of itself can only have been written."""
    return frozenset(order for text, more, _ in _dated(outline) for order in dates.orders(f"{text}\n{more}"))


def _dated(outline: Outline) -> Iterator[tuple[str, str, bool]]:
    """(text, the lines below it, whether a month alone is a date there), the likeliest place first."""
    for keys in DATES:
        for value in values(outline, keys):
            if keys is not languages.BARE_DATE or _is_date_alone(value.text):
                yield value.text, "\n".join(line.text for line in value.lines[:3]), True
    for value in values(outline, STATUS):
        yield "", "\n".join((value.text, *(line.text for line in value.lines[:12]))), len(value.text.split()) <= 4
    for line in preamble(outline):
        if _is_date_alone(line.text):
            yield line.text, "", False
    histories = [line.text for part in outline.sections if key_of(part.title) in HISTORIES for line in part.lines]
    yield "", "\n".join(histories), False


def _moment(text: str, more: str, months: bool) -> Moment | None:  # noqa: FBT001 - the row of a table
    if found := dates.first(text) or dates.latest(more):
        return Moment(date=found)
    if unclear := dates.readings(text) or dates.readings(more):
        return Moment(readings=unclear)
    month = (dates.first_month(text) or dates.first_month(more)) if months else None
    return Moment(date=month) if month else None


def _is_date_alone(text: str) -> bool:
    left = dates.without(text)
    return left != text and len(re.sub(r"\W", "", left)) <= 2


def stated_title(outline: Outline) -> tuple[str, int | None]:
    """(title without its number, the number); "" where the file has none."""
    asked = next((under for line, under in pairwise(outline.lines) if _asks_for_title(line, under)), None)
    if asked:
        return title_of(asked.text)
    headings = [line for line in outline.lines if line.kind is LineKind.HEADING]
    for line in headings:
        if line.level > 1 or is_field(line):
            continue
        title, number = title_of(line.text) if is_title(line) else ("", None)
        if title or not is_title(line):
            return title, number
    stated = [title_of(value.text) for value in values(outline, ("title",)) if value.text]
    return stated[0] if stated else ("", None)


def _asks_for_title(line: Line, under: Line) -> bool:
    """Whether a heading is the word "Title" alone, with the title in the line under it."""
    top = line.kind is LineKind.HEADING and line.level == 1
    return top and line.text.strip(" :").lower() == "title" and under.kind is LineKind.TEXT
