"""What a file's path says: the number, the date and the words of its name."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from decisions.advisor import dates

WHOLE = frozenset({"readme", "index", "_index", "adr", "decision", "main", "record", "madr"})
"""Names that stand for the folder they are in, where every decision has a folder of its own."""
PREFIXES = frozenset(
    {
        "adr",
        "adrs",
        "madr",
        "dr",
        "ad",
        "decision",
        "decisions",
        "record",
        "records",
        "rfc",
        "log",
        "docs",
        "doc",
        "architecture",
    }
)
EXTENSIONS = (".md", ".markdown", ".mdx", ".mdown", ".rst", ".rest", ".adoc", ".asciidoc")
TITLE_NUMBER = re.compile(
    r"^\W*(?:(?:architecture(?:al)? )?decision(?: record)?|m?adrs?|ad|dr|rfc|proposal)?[\s#:_-]*(?:no\.?\s*)?"
    r"(\d{1,5})\b(?!\.\d)(?![-/]\d)\s*\]?\s*(?:[:.)|\u2013\u2014-]+\s*|$)",
    re.IGNORECASE,
)
TITLE_WORDS = re.compile(
    r"^\W*(?:architecture(?:al)? decision records?|any decision record|decision records?|m?adrs?|design decision)"
    r"\s*(?:[:\u2013\u2014|]|\s-\s)\s*",
    re.IGNORECASE,
)
PROJECT_NUMBER = re.compile(
    r"^\W*(?:\w[\w-]* ){1,3}(?:(?:architecture(?:al)? )?decision record|adr)[\s#]*(\d{1,5})\s*[:\u2013\u2014]\s*",
    re.IGNORECASE,
)
"""Such as "Buildbarn ADR #12: ..."."""
LABELLED_NUMBER = re.compile(r"^\W*(?:m?adr|dr|rfc)[\s#_-]*(\d{1,5})\]?\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Name:
    """What the path says: `words` is the name without number and date, lower case, in words."""

    stem: str
    number: int | None
    date: str | None
    words: tuple[str, ...]
    is_prefixed: bool
    stands_for_folder: bool


def name_of(path: str) -> Name:
    """Read a path such as "docs/adr/0012-use-x.md" or "2022-10-31-layer/README.md"."""
    pure = PurePosixPath(path)
    stem, folder = pure.stem, pure.parent.name
    whole = stem.lower() in WHOLE and bool(folder)
    name = _read(folder if whole else stem)
    if whole and not name.is_prefixed:
        name = _read(stem)
    return Name(
        stem=stem,
        number=name.number,
        date=name.date,
        words=name.words,
        is_prefixed=name.is_prefixed,
        stands_for_folder=whole,
    )


def _read(stem: str) -> Name:
    date, rest = dates.first(stem), dates.without(stem) if dates.first(stem) else stem
    number: int | None = None
    words: list[str] = []
    for token in re.split(r"[\s._-]+|(?<=^\d{4})(?=[A-Z])", rest):
        match = re.fullmatch(r"([a-zA-Z]*)(\d{1,5})", token)
        if number is None and all(word in PREFIXES for word in words) and match and match[1].lower() in PREFIXES | {""}:
            number = int(match[2])
        elif token:
            words.append(token.lower())
    prefixed = number is not None or (date is not None and not stem.endswith(date))
    return Name(stem=stem, number=number, date=date, words=tuple(words), is_prefixed=prefixed, stands_for_folder=False)


def _numbered(text: str) -> re.Match[str] | None:
    return TITLE_NUMBER.match(text) or LABELLED_NUMBER.match(text) or PROJECT_NUMBER.match(text)


def title_of(heading: str) -> tuple[str, int | None]:
    """A heading without the number and the words "decision record" before it, and the number."""
    text, number = " ".join(heading.split()), None
    for _ in range(3):
        numbered, worded = _numbered(text), TITLE_WORDS.match(text)
        if number is None and numbered:
            number, text = int(numbered[1]), text[numbered.end() :]
        elif worded:
            text = text[worded.end() :]
    return text.strip(), number
