"""reStructuredText to an outline, by docutils with everything off that reads files or lets raw text through."""

import re
from collections.abc import Iterator

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from decisions.intake.adr.outline import Line, LineKind, Link, Outline

SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "sectsubtitle_xform": False,
    "line_length_limit": 100_000,
}
ROLE = re.compile(r":(?:doc|ref|any|adr):`(?:[^`<>]*<([^`<>]+)>|([^`<>]+))`")


def outline(text: str) -> Outline:
    """The outline of a reStructuredText; roles and directives of Sphinx are left as words."""
    try:
        tree = publish_doctree(ROLE.sub(_as_link, text), settings_overrides=SETTINGS)
    except (SystemMessage, RecursionError, ValueError, IndexError, KeyError, AttributeError, AssertionError) as error:
        # docutils is known to raise all of these on damaged tables and references.
        return Outline(problems=(f"The reStructuredText cannot be read: {type(error).__name__}.",))
    return Outline(lines=tuple(_lines(tree, 0)))


def _as_link(found: re.Match[str]) -> str:
    target = (found[1] or found[2]).strip()
    return f"`{target} <{target if target.endswith('.rst') else target + '.rst'}>`__"


def _lines(node: nodes.Node, level: int) -> Iterator[Line]:
    for child in node.children:
        match child:
            case nodes.title():
                yield _line(child, LineKind.HEADING, level)
            case nodes.section():
                yield from _lines(child, level + 1)
            case nodes.paragraph() | nodes.term():
                yield from _split(child, LineKind.ITEM if isinstance(node, nodes.list_item) else LineKind.TEXT)
            case nodes.field():
                name, body = child.children[0].astext(), child.next_node(nodes.field_body) or child
                yield _line(body, LineKind.TEXT, 0, f"{name}: ")
            case nodes.row():
                cells = tuple(" ".join(cell.astext().split()) for cell in child.children)
                yield Line(kind=LineKind.ROW, text=" ".join(cells), links=tuple(_links(child, "")), cells=cells)
            case nodes.comment() | nodes.literal_block() | nodes.system_message() | nodes.substitution_definition():
                pass
            case _:
                yield from _lines(child, level)


def _split(node: nodes.Element, kind: LineKind) -> Iterator[Line]:
    if "\n" in node.astext() and not any(isinstance(child, nodes.reference) for child in node.children):
        strong = tuple(one.astext() for one in node.findall(nodes.strong))
        yield from (Line(kind=kind, text=text.strip(), strong=strong) for text in node.astext().split("\n"))
    else:
        yield _line(node, kind, 0)


def _line(node: nodes.Element, kind: LineKind, level: int, label: str = "") -> Line:
    strong = tuple(one.astext() for one in node.findall(nodes.strong))
    text = label + node.astext().replace("\n", " ")
    return Line(kind=kind, level=level, text=text, links=tuple(_links(node, label)), strong=strong)


def _links(node: nodes.Element, label: str) -> Iterator[Link]:
    text = label + node.astext().replace("\n", " ")
    for one in node.findall(nodes.reference):
        words = one.astext().replace("\n", " ")
        start = max(text.find(words), 0)
        yield Link(text=words, target=str(one.get("refuri", "")), start=start, end=start + len(words))
