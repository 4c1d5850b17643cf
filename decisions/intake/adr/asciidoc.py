"""AsciiDoc to an outline: attributes, headings, lists of terms, tables and links; nothing is included or run.

There is no kept AsciiDoc parser for Python, and all that is asked here is which lines a reader would see: blocks of
code, comments and directives are left out, `{names}` of attributes are filled in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice

from decisions.intake.adr.frontmatter import split
from decisions.intake.adr.outline import FrontMatter, Line, LineKind, Link, Outline

ATTRIBUTE = re.compile(r"^:([\w][\w -]*):(?:[ \t]+(.*))?$")
HEADING = re.compile(r"^(={1,6}|#{1,6})[ \t]+(.+?)(?:[ \t]+\1)?$")
TERM = re.compile(r"^[ \t]*([^:|\n][^:\n]{0,60}?)(?::{2,4}|;;)(?:[ \t]+(.*))?$")
ITEM = re.compile(r"^[ \t]*(?:\*{1,5}|-|\.{1,5}|\d+\.)[ \t]+(.+)$")
VERBATIM = re.compile(r"^(-{4,}|\.{4,}|\+{4,}|/{4,}|```.*)$")
REVISION = re.compile(r"^(?:v?\d[\w.]*,[ \t]*)?(\S.*?\d{4}.*?|\d{4}-.*?)(?::.*)?$")
DIRECTIVE = re.compile(
    r"^(?:(?:ifdef|ifndef|ifeval|endif|include|image|toc)::\S*\[.*\]|//(?!/).*|'{3,}|<{3,}|[+]|\[.*\])$"
)
LINK = re.compile(
    r"(?:link:|xref:|(?=https?://))(?P<target>[^\s\[\]]+)\[(?P<text>[^\]]*)\]"
    r"|<<(?P<anchor>[^,>]+)(?:,(?P<words>[^>]*))?>>"
)
STRONG = re.compile(r"(?<![\w*])\*{1,2}(?=\S)(.+?)(?<=\S)\*{1,2}(?![\w*])")
MONO = re.compile(r"`\+?([^`]+?)\+?`")
COLUMNS = re.compile(r"cols=\"?(?:(\d+)\*|([^\"\]]+))")


def outline(text: str) -> Outline:
    """The outline of an AsciiDoc text. The first heading counts as the title whatever its level is."""
    front, body, problems = split(text)  # some tools put YAML above AsciiDoc too
    source = body.split("\n")
    front = {**front, **dict(_attributes(source))}
    lines = tuple(_levelled(_lines(_filled(source, front))))
    return Outline(front=front, lines=lines, problems=problems)


def _attributes(source: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The attributes of the header, and the date of its revision line."""
    titled = 0
    for line in source:
        found = ATTRIBUTE.match(line)
        if found:
            yield re.sub(r"[\s_]+", "-", found[1].strip().lower()), (found[2].strip(),) if found[2] else ()
        elif titled and (titled >= 3 or not line.strip()):
            return
        elif titled:
            titled += 1
            if revision := REVISION.match(line.strip()):
                yield "revdate", (revision[1],)
        elif HEADING.match(line):
            titled = 1


def _filled(source: Sequence[str], front: FrontMatter) -> Iterator[str]:
    for line in source:
        yield re.sub(r"\{([\w-]+)\}", lambda name: " ".join(front.get(name[1].lower(), (name[0],))), line)


def _levelled(lines: Iterator[Line]) -> Iterator[Line]:
    """Levels counted from the first heading: some write a decision to be included under a heading of their own."""
    first = 0
    for line in lines:
        if line.kind is LineKind.HEADING:
            first = first or line.level
            yield Line(kind=line.kind, text=line.text, links=line.links, level=max(line.level - first + 1, 1))
        else:
            yield line


def _lines(source: Iterator[str]) -> Iterator[Line]:
    level, columns = 1, 0
    for line in source:
        if found := VERBATIM.match(line):
            _passed_over(source, "```" if found[1].startswith("```") else found[1])
        elif line.startswith("|==="):
            yield from _table(source, columns)
            columns = 0
        elif found := COLUMNS.search(line) if line.startswith("[") else None:
            columns = int(found[1]) if found[1] else found[2].count(",") + 1
        elif not line.strip() or ATTRIBUTE.match(line) or DIRECTIVE.match(line.strip()):
            continue
        elif found := HEADING.match(line):
            level = len(found[1])
            yield _line(found[2], LineKind.HEADING, level)
        elif (found := TERM.match(line)) and not line.lstrip().startswith("//"):
            # "Status::" on a line of its own heads what follows, as a section would.
            yield _line(f"{found[1]}: {found[2]}" if found[2] else found[1], *_as_term(found[2], level))
        elif found := ITEM.match(line):
            yield _line(found[1], LineKind.ITEM)
        else:
            yield _line(re.sub(r"[ \t]\+$", "", line.removeprefix(".")), LineKind.TEXT)


def _as_term(text: str | None, level: int) -> tuple[LineKind, int]:
    return (LineKind.TEXT, 0) if text else (LineKind.HEADING, level + 1)


def _passed_over(source: Iterator[str], fence: str) -> None:
    for line in source:
        if line.rstrip() == fence:
            return


def _table(source: Iterator[str], columns: int) -> Iterator[Line]:
    cells: list[str] = []
    for line in source:
        if line.startswith("|==="):
            break
        found = [cell.strip() for cell in re.split(r"(?:^|\s)[\d.+*^<>]*[aehlmdsv]?\|", line)]
        if len(found) > 1:
            cells += found[1:]
            columns = columns or max(len(found) - 1, 2)
        elif cells and line.strip():
            cells[-1] += f" {line.strip()}"
    remaining = iter(cells)
    while row := tuple(islice(remaining, columns or 2)):
        lines = [_line(cell, LineKind.ROW) for cell in row]
        words = tuple(one.text for one in lines)
        starts = accumulate((len(word) + 1 for word in words), initial=0)
        links = [
            replace(link, start=link.start + at, end=link.end + at)
            for one, at in zip(lines, starts, strict=False)
            for link in one.links
        ]
        strong = tuple(word for one in lines for word in one.strong)
        yield Line(kind=LineKind.ROW, text=" ".join(words), links=tuple(links), strong=strong, cells=words)


def _line(text: str, kind: LineKind, level: int = 0) -> Line:
    links: list[Link] = []
    words = ""
    end = 0
    for found in LINK.finditer(text):
        words += _plain(text[end : found.start()])
        target = found["target"] or found["anchor"]
        said = found["text"] or found["words"] or target
        links.append(Link(text=said, target=target, start=len(words), end=len(words) + len(said)))
        words += said
        end = found.end()
    words += _plain(text[end:])
    strong = tuple(STRONG.findall(text))
    return Line(kind=kind, level=level, text=words.strip(), links=tuple(links), strong=strong)


def _plain(text: str) -> str:
    return STRONG.sub(r"\1", MONO.sub(r"\1", text))
