"""Markdown to an outline, by markdown-it: CommonMark with tables and struck-out text, raw HTML reduced to its words."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from decisions.intake.adr.frontmatter import split
from decisions.intake.adr.outline import Line, LineKind, Link, Outline

PARSER = MarkdownIt("commonmark", {"maxNesting": 20}).enable(["table", "strikethrough"])
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")


def outline(text: str) -> Outline:
    """The outline of a Markdown text."""
    front, body, problems = split(text)
    return Outline(front=front, lines=tuple(_lines(PARSER.parse(body))), problems=problems)


def _lines(tokens: Sequence[Token]) -> Iterator[Line]:
    kinds: list[tuple[LineKind, int]] = []
    row: list[list[Line]] = []
    for token in tokens:
        if token.type == "heading_open":
            kinds.append((LineKind.HEADING, int(token.tag[1])))
        elif token.type == "list_item_open":
            kinds.append((LineKind.ITEM, 0))
        elif token.type == "tr_open":
            kinds.append((LineKind.ROW, 0))
            row = []
        elif token.type in ("heading_close", "list_item_close"):
            kinds.pop()
        elif token.type == "tr_close":
            kinds.pop()
            yield _joined(row)
        elif token.type == "inline":
            kind, level = kinds[-1] if kinds else (LineKind.TEXT, 0)
            found = list(_inline(token.children or [], kind, level))
            if kind is LineKind.ROW:
                row.append(found)
            else:
                yield from found
        elif token.type == "html_block":
            yield from _words(token.content)


def _joined(cells: Sequence[Sequence[Line]]) -> Line:
    text = ""
    links: list[Link] = []
    strong: list[str] = []
    words: list[str] = []
    for cell in cells:
        start = len(words)
        for line in cell:
            at = len(text)
            links += [Link(text=x.text, target=x.target, start=x.start + at, end=x.end + at) for x in line.links]
            strong += line.strong
            words.append(line.text)
            text += line.text + " "
        words[start:] = [" ".join(words[start:])]
    return Line(kind=LineKind.ROW, text=text.rstrip(), links=tuple(links), strong=tuple(strong), cells=tuple(words))


def _words(html: str) -> Iterator[Line]:
    for words in TAG.sub(" ", COMMENT.sub("", html)).splitlines():
        if words.strip():
            yield Line(kind=LineKind.TEXT, text=" ".join(words.split()))


class _Writer:
    """The words of one line as they come in."""

    def __init__(self, *, keeps_code: bool) -> None:
        self.keeps_code = keeps_code
        self.text = ""
        self.links: list[Link] = []
        self.strong: list[str] = []
        self.code: list[tuple[int, int]] = []
        self.opened: list[tuple[str, int]] = []
        self.bold_at = self.struck = 0

    def take(self, token: Token) -> None:
        """Add what one inline token brings."""
        match token.type:
            case "code_inline" if not self.struck:
                start = len(self.text)
                self.text += f"`{token.content}`" if self.keeps_code else token.content
                self.code.append((start, len(self.text)))
            case "text" | "image" if not self.struck:
                self.text += token.content
            case "link_open":
                self.opened.append((str(token.attrGet("href") or ""), len(self.text)))
            case "link_close":
                target, start = self.opened.pop()
                self.links.append(Link(text=self.text[start:], target=target, start=start, end=len(self.text)))
            case "strong_open":
                self.bold_at = len(self.text)
            case "strong_close":
                self.strong.append(self.text[self.bold_at :])
            case "s_open":
                self.struck += 1
            case "s_close":
                self.struck -= 1
            case _:
                pass

    def line(self, kind: LineKind, level: int) -> Line:
        """The line so far; what is open goes on in the next."""
        links, strong = tuple(self.links), tuple(self.strong)
        code = tuple(self.code)
        found = Line(kind=kind, level=level, text=self.text.rstrip(), links=links, strong=strong, code=code)
        self.text, self.links, self.strong, self.code, self.bold_at = "", [], [], [], 0
        self.opened = [(target, 0) for target, _ in self.opened]
        return found


def _inline(tokens: Sequence[Token], kind: LineKind, level: int) -> Iterator[Line]:
    writer = _Writer(keeps_code=kind is LineKind.HEADING)
    for token in tokens:
        broken = token.type in ("softbreak", "hardbreak") or token.content.lower() in ("<br>", "<br/>", "<br />")
        if not broken:
            writer.take(token)
        elif writer.text.strip() and kind is not LineKind.HEADING:
            yield writer.line(kind, level)
        elif writer.text.strip():
            writer.text += " "
    if writer.text.strip():
        yield writer.line(kind, level)
