"""A decision file as a row of lines, whatever markup it was written in: what the readers of fields look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

FrontMatter = Mapping[str, tuple[str, ...]]
"""Lower-case keys with hyphens, and every value as text, a list as several."""


class LineKind(StrEnum):
    """What a line of the text is part of."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link in a line: its words, where it leads, and the span of its words in the line."""

    text: str
    target: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the reading text, without markup, code blocks, comments and struck-out words."""

    kind: LineKind
    text: str
    level: int = 0
    links: tuple[Link, ...] = ()
    strong: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    code: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with the lines up to the next heading of its level or above; `place` is the line of the heading."""

    place: int
    title: str
    level: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A file in reading order. `problems` are sentences about what could not be read."""

    front: FrontMatter = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    problems: tuple[str, ...] = ()

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every heading with all that stands under it, sections within it included."""
        found: list[Section] = []
        opened: list[tuple[int, Line]] = []
        for place, line in enumerate((*self.lines, END)):
            while line.kind is LineKind.HEADING and opened and opened[-1][1].level >= line.level:
                start, heading = opened.pop()
                found.append(
                    Section(place=start, title=heading.text, level=heading.level, lines=self.lines[start + 1 : place])
                )
            if line.kind is LineKind.HEADING:
                opened.append((place, line))
        return tuple(sorted(found, key=lambda one: one.place))


END = Line(kind=LineKind.HEADING, text="", level=0)
"""Closes every section."""
