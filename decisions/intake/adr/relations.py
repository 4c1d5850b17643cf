"""Which decisions a file says it replaces or was replaced by, and where else it links to."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from decisions.intake.adr import languages
from decisions.intake.adr.fields import key_of, preamble
from decisions.intake.adr.naming import EXTENSIONS
from decisions.intake.adr.outline import Line, LineKind, Outline


class Relation(StrEnum):
    """How a decision stands to another."""

    SUPERSEDED_BY = "superseded_by"
    SUPERSEDES = "supersedes"
    LINKS = "links"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a file refers to, as written: a path or an address, or only a number."""

    relation: Relation
    target: str
    number: int | None = None


VERBS = re.compile(
    r"\b(?P<passive>(?:super[sc]ee?ded|replaced|obsoleted|deprecated|supplanted|overridden)[ -]+by"
    rf"|super[sc]ee?ded(?=\W{{1,3}}(?:m?adr[\s-]*)?\d)|{languages.REPLACED_BY})\b"
    rf"|\b(?P<active>super[sc]ee?d(?:es|ing)|replaces|obsoletes|supplants|{languages.REPLACES})\b",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"(?<![\w/.-])(?:m?adrs?|dr|decision|record|rfc)?[\s#_-]{0,2}(\d{1,5})(?![\w/.]*\w)", re.IGNORECASE
)
NAMED = re.compile(r"(?<![\w/.-])(?:m?adrs?|dr|decision|record|rfc)[\s#_-]{0,2}(\d{1,5})(?!\w)", re.IGNORECASE)
FILE = re.compile(r"[\w./:%~-]*?[\w%~-]+\.(?:md|rst|markdown|adoc|asciidoc)\b", re.IGNORECASE)
FRONT = {
    Relation.SUPERSEDED_BY: ("superseded-by", "superceded-by", "replaced-by", "supersededby", "obsoleted-by"),
    Relation.SUPERSEDES: ("supersedes", "supercedes", "replaces", "obsoletes"),
}
LOOSE = re.compile(rf"replac|obsolet|supplant|deprecat|{languages.REPLACED_BY}|{languages.REPLACES}", re.IGNORECASE)
ZONES = frozenset(
    {
        "status",
        "links",
        "related",
        "references",
        "related-decisions",
        "related-adrs",
        "more-information",
        "relations",
        "see-also",
    }
)
PLACEHOLDER = re.compile(r"[{}<>\[\]]|xxx|yyyy", re.IGNORECASE)


def references(outline: Outline) -> tuple[Reference, ...]:
    """Every reference once: superseding ones first, then plain links to other files."""
    found = [*_from_front(outline)]
    zone = {id(line) for line in _zone(outline)}
    for line in outline.lines:
        found += _from_line(line, is_zone=id(line) in zone)
    for line in outline.lines:
        found += [
            Reference(relation=Relation.LINKS, target=path) for one in line.links if (path := document(one.target))
        ]
    unique = {(one.relation, one.target): one for one in reversed(found)}
    named = {one.target for one in found if one.relation is not Relation.LINKS}
    return tuple(
        one for one in reversed(unique.values()) if one.relation is not Relation.LINKS or one.target not in named
    )


def document(target: str) -> str | None:
    """The path or address of a decision file that a link leads to; None when it leads elsewhere."""
    path = unquote(re.split(r"[?#]", target.strip(" <>"), maxsplit=1)[0]).strip()
    is_file = path.lower().endswith(EXTENSIONS)
    if not path or (re.match(r"[a-z][a-z0-9+.-]*:", path, re.IGNORECASE) and not (is_file and path.startswith("http"))):
        return None
    if is_file:
        return path if path.startswith("http") else posixpath.normpath(path)
    extension = posixpath.splitext(path)[1]
    is_name = not extension or extension[1:].isdigit()
    return posixpath.normpath(path) if is_name and path.strip("./") else None


def _zone(outline: Outline) -> Iterator[Line]:
    yield from preamble(outline)
    for part in outline.sections:
        if key_of(part.title) in ZONES:
            yield from part.lines


def _from_front(outline: Outline) -> Iterator[Reference]:
    for relation, keys in FRONT.items():
        for key in keys:
            for value in outline.front.get(key, ()):
                yield from _references(relation, value, numbers=True)
    for value in outline.front.get("status", ()):
        yield from _from_line(Line(kind=LineKind.TEXT, text=value), is_zone=True)


def _from_line(line: Line, *, is_zone: bool) -> Iterator[Reference]:
    verbs = [one for one in VERBS.finditer(line.text[:4000]) if not _is_quoted(line, one.start())]
    for place, verb in enumerate(verbs):
        relation = Relation.SUPERSEDED_BY if verb["passive"] else Relation.SUPERSEDES
        if LOOSE.match(verb.group()) and not is_zone:
            continue  # "this library replaces that one" is no relation of decisions
        end = verbs[place + 1].start() if place + 1 < len(verbs) else len(line.text)
        linked = [
            path
            for one in line.links
            if verb.start() < one.end
            and one.start < end
            and (path := document(one.target))
            and _is_near(line, verb.end(), one.start)
        ]
        for path in linked:
            if not PLACEHOLDER.search(path):
                yield Reference(relation=relation, target=path)
        if not linked:
            yield from _references(relation, _sentence(line.text[verb.end() : end]), numbers=is_zone)


def _is_quoted(line: Line, place: int) -> bool:
    return any(start <= place < end for start, end in line.code)


def _is_near(line: Line, start: int, end: int) -> bool:
    return not re.search(r"[.;]\s+[A-Z]", line.text[start:end])


def _sentence(text: str) -> str:
    return re.split(r"[.;]\s+(?=[A-Z])|[.;]?\n", text, maxsplit=1)[0]


def _references(relation: Relation, text: str, *, numbers: bool) -> Iterator[Reference]:
    """References in words: links written out in a front matter, file names, and numbers ("ADR-0012, 13")."""
    paths = [path for one in re.findall(r"\]\(([^()\s]+)\)", text) if (path := document(one))]
    paths = paths or [path for one in FILE.findall(text) if (path := document(one))]
    for path in paths:
        if not PLACEHOLDER.search(path):
            yield Reference(relation=relation, target=path)
    if paths:
        return
    for match in (NUMBERED if numbers else NAMED).finditer(text[:200]):
        yield Reference(relation=relation, target=match.group().strip(), number=int(match[1]))
