"""Whether a file is a decision, the template for one, an index of them, or something else that lies beside them."""

import re
from enum import StrEnum

from decisions.intake.adr import languages
from decisions.intake.adr.fields import STATUS, key_of, preamble, values
from decisions.intake.adr.naming import PREFIXES, WHOLE, Name
from decisions.intake.adr.outline import LineKind, Outline
from decisions.intake.adr.relations import document


class Kind(StrEnum):
    """What a file is."""

    ADR = "adr"
    TEMPLATE = "template"
    INDEX = "index"
    OTHER = "other"


TEMPLATE_WORDS = frozenset(
    {
        "template",
        "templates",
        "adr",
        "adrs",
        "madr",
        "short",
        "long",
        "bare",
        "minimal",
        "full",
        "simple",
        "decision",
        "record",
        "records",
        "architecture",
        "architectural",
        "blank",
        "default",
        "nygard",
        "new",
        "any",
        "my",
        "the",
        "a",
    }
)
INDEX_WORDS = frozenset(
    {
        "readme",
        "index",
        "_index",
        "summary",
        "toc",
        "overview",
        "contents",
        "changelog",
        "contributing",
        "sidebar",
        "_sidebar",
    }
)
PLACEHOLDER_TITLE = re.compile(
    r"^\W*[\[{<(].{3,}[\]}>)]\W*$"
    r"|^(?:adr|madr)?\W*(?:n+|x+|0{3,}|#+|yyyy\w*)\W+"
    r"|\{(?:number|id|title|adr-number|short title[^{}]*)\}"
    r"|\b(?:short )?title of (?:the )?(?:solved|decision|adr)"
    r"|^(?:adr |decision |record )?(?:title|template)$"
    r"|^(?:the )?(?:[\w-]+ )?(?:architecture )?decision(?: record)? template\b"
    r"|^adr template\b",
    re.IGNORECASE,
)
_PARTS = {
    "context": "context|background|problem|issue|motivation|introduction|forces|drivers|decision-drivers|user-story"
    "|situation",
    "decision": "decision|decisions|solution|resolution|outcome|proposal|approach|conclusion",
    "consequences": "consequences|consequence|implications|rationale|impact|results?|pros-and-cons|trade-?offs"
    "|positive-consequences|risks",
    "options": "options|considered-options|alternatives|considered-alternatives|alternatives-considered|positions",
}
PARTS = re.compile(
    "|".join(f"(?P<{name}>{words}|{languages.PARTS[name]})(?:-|$)" for name, words in _PARTS.items())
    + "|(?P<named>decision-outcome|context-and-problem-statement|the-decision|the-context)"
)
STATEMENT = re.compile(
    r"\bin the context of\b.{5,800}?\b(?:facing|need(?:ed)?|concern)\b.{5,800}?\b(?:we )?decided\b",
    re.IGNORECASE | re.DOTALL,
)
FOLDER = re.compile(
    r"(?:^|[/_-])(?:m?adrs?|decisions?|architecture-decisions|architectural-decisions|decision-records?|decision-log|rfcs?)(?:[/_-]|$)",
    re.IGNORECASE,
)


def kind_of(path: str, name: Name, outline: Outline, title: str) -> Kind:
    """Judge one file by its name and its text; `path` is relative to what is imported."""
    if _is_template(path, name, title):
        return Kind.TEMPLATE
    weight = evidence(path, name, outline)
    words = {*name.words}
    if (words & INDEX_WORDS and words <= INDEX_WORDS | PREFIXES) or name.stem.lower() in INDEX_WORDS:
        is_own_folder = name.stands_for_folder and name.is_prefixed
        if not name.is_prefixed and name.words and name.stem.lower() not in WHOLE | INDEX_WORDS:
            return Kind.INDEX if weight < 4 else Kind.ADR
        return Kind.ADR if is_own_folder or (weight >= 3 and not _lists_decisions(outline)) else Kind.INDEX
    if not name.is_prefixed and _lists_decisions(outline) and weight < 3:
        return Kind.INDEX
    return Kind.ADR if weight >= 2 else Kind.OTHER


def evidence(path: str, name: Name, outline: Outline) -> int:
    """How much speaks for a decision: its parts, a status, a numbered or dated name, its folder."""
    headings = [line for line in outline.lines if line.kind is LineKind.HEADING]
    parts = {found.lastgroup for line in headings if (found := PARTS.match(key_of(line.text)))}
    has_status = any(value.text for value in values(outline, STATUS))
    stated = 2 if STATEMENT.search(" ".join(line.text for line in outline.lines)[:20_000]) else 0
    folder = bool(FOLDER.search(path.rpartition("/")[0]))
    return (
        len(parts) + has_status + stated + name.is_prefixed + folder * (name.is_prefixed or bool(parts) or has_status)
    )


def _is_template(path: str, name: Name, title: str) -> bool:
    words = set(name.words)
    if "template" in words | {name.stem.lower()} and (words <= TEMPLATE_WORDS):
        return True
    if re.search(r"(?:^|/)_?templates?/", path, re.IGNORECASE) and not name.number:
        return True
    # A decision whose author forgot the title has a name of its own.
    return bool(PLACEHOLDER_TITLE.search(title)) and not (name.is_prefixed and name.number != 0 and name.words)


def _lists_decisions(outline: Outline) -> bool:
    linked = [one for line in outline.lines for one in line.links if document(one.target)]
    entries = [line for line in outline.lines if line.kind in (LineKind.ITEM, LineKind.ROW)]
    return len(linked) >= 3 and len(linked) >= len(entries) / 2 and not preamble_status(outline)


def preamble_status(outline: Outline) -> bool:
    """Whether the lines on top state a status."""
    return any(line.text.lower().lstrip("* _-").startswith("status") for line in preamble(outline))
