"""What a source says about the standing of a decision, as one lower-case word with hyphens; never a guess.

A template's unfilled choice ("proposed | accepted | rejected"), a question and a sentence that mentions several
standings state none.
"""

import re
from collections.abc import Sequence

from decisions.advisor import dates
from decisions.intake.adr import languages
from decisions.intake.adr.outline import Line, LineKind

# Spelling by spelling to the word we keep. Words that are not here are kept as they stand when they are a phrase of
# at most three words: teams have standings of their own.
SPELLINGS = {
    r"draft(?:ed)?": "draft",
    r"propos(?:ed?|ing)": "proposed",
    r"accept(?:ed)?|approved": "accepted",
    r"reject(?:ed)?": "rejected",
    r"deprecat(?:ed?)": "deprecated",
    r"super[sc]ee?ded|replaced|obsoleted": "superseded",
    r"implemented": "implemented",
    r"decided": "decided",
    r"adopted": "adopted",
    r"withdrawn": "withdrawn",
    r"obsolete": "obsolete",
    r"pending": "pending",
    r"experimental": "experimental",
    r"on[ -]hold": "on-hold",
    r"in[ -]progress|wip|work[ -]in[ -]progress": "in-progress",
    r"(?:in|under)[ -](?:review|discussion)": "",
    r"postponed": "postponed",
    r"retired": "retired",
    r"abandoned": "abandoned",
    r"declined": "declined",
    r"cancell?ed": "cancelled",
}
KNOWN = tuple(
    (re.compile(rf"(?<![\w-])(?:{spelling})(?![\w])", re.IGNORECASE), word)
    for spelling, word in (*SPELLINGS.items(), *languages.STANDINGS.items())
)
SUPERSEDED = re.compile(
    rf"\b(?:(?:super[sc]ee?ded|replaced|obsoleted)[ -]+by|{languages.REPLACED_BY})\b", re.IGNORECASE
)
PARTLY = re.compile(r"\b(?:partial(?:ly)?|partly|in part)\b", re.IGNORECASE)
DENIED = re.compile(
    r"\b(?:not|never|no longer|un|to be|will be|can be|until|if|when|once|should be|must be)(?: yet)?[\s-]*$",
    re.IGNORECASE,
)
NOTHING = re.compile(
    r"^(?:(?:not|see|un[a-z]+ed)\b.*|tbd|tba|todo|n/?a|none|unknown|status|[-?.\u2013\u2014\u2026_]*)$", re.IGNORECASE
)
RELATION = re.compile(
    r"^\W*(?:super[sc]edes|replaces|obsoletes|amends|amended|extends|clarifies|deprecates|relates|related)\b",
    re.IGNORECASE,
)
REPLACING = re.compile(rf"^\W*(?:{languages.REPLACES})", re.IGNORECASE)
LABEL = re.compile(
    rf"^[\s\W]*(?:(?:adr|decision|current|document)[ -])?(?:status|state|{'|'.join(languages.STATUS)})\s*[:=]\s*",
    re.IGNORECASE,
)
CHECKED, BOX = re.compile(r"^\[[xX✓✔]\]\s*"), re.compile(r"^\[[ xX✓✔]?\]\s*")
ARROW = re.compile(r"\s*(?:→|->|=>|⟶|➔)\s*")


def of_phrase(text: str, strong: Sequence[str] = ()) -> str | None:
    """The status that a phrase states, such as "accepted" for "Accepted (2020-01-02)"; None when it states none."""
    words = _cleaned(text)
    hits = _hits(words)
    if NOTHING.match(words) or REPLACING.match(words) or (re.search(r"\.\.\.|\u2026", words) and len(hits) > 1):
        return None
    if hits:
        return _chosen(words, hits, strong)
    phrase = re.split(r"[,.;:(\[|/\n\u2013\u2014]| - | by | on | as | since | in ", words, maxsplit=1)[0].strip(
        " *_`'\""
    )
    plain = re.fullmatch(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}", phrase)
    return re.sub(r"[\s-]+", "-", phrase.lower()) if plain and not RELATION.match(words) and "|" not in words else None


def of_lines(lines: Sequence[Line]) -> str | None:
    """The status that the lines under a heading "Status" state: the latest of a dated history, the ticked of boxes."""
    lines = [line for line in lines if line.kind is not LineKind.HEADING or _hits(line.text)][:40]
    if any(CHECKED.match(line.text) for line in lines):
        lines = [line for line in lines if CHECKED.match(line.text)]
    elif sum(bool(BOX.match(line.text)) for line in lines) > 1:
        return None
    found = [(line, status) for line in lines if (status := _of_line(line, first=line is lines[0]))]
    if not found:
        return None
    moments = [dates.latest(line.text) for line, _ in found]
    if len(found) > 1 and all(moments):
        return found[_last(moments)][1]
    stated = [status for _, status in found]
    if "superseded" in stated:
        return "superseded"
    return stated[0] if len(set(stated)) < 3 else None


def _last(moments: Sequence[str | None]) -> int:
    return max(range(len(moments)), key=lambda place: (moments[place] or "", place))


def _of_line(line: Line, *, first: bool) -> str | None:
    text = LABEL.sub("", BOX.sub("", line.text))
    if RELATION.match(text) or REPLACING.match(text):
        return None
    status = of_phrase(text, line.strong)
    hits = _hits(_cleaned(text))
    if first or (hits and hits[0][0] == 0):
        return status
    return status if hits and len(text.split()) <= 6 else None


def _cleaned(text: str) -> str:
    words = dates.without(text).strip()
    words = re.sub(r"^[^\w{\[<(]+", "", words)
    for opening, closing in ("{}", "[]", "<>", "()"):
        if words.startswith(opening) and words.endswith(closing):
            words = words[1:-1]
    return " ".join(words.split()).strip(" *_`:\"'")


def _hits(text: str) -> list[tuple[int, int, str]]:
    """(start, end, status) of every standing named, in order; denied ones left out."""
    return sorted(
        (match.start(), match.end(), word or re.sub(r"[\s-]+", "-", match.group().lower()))
        for pattern, word in KNOWN
        for match in pattern.finditer(text[:1000])
        if not DENIED.search(text[: match.start()])
    )


def _chosen(words: str, hits: list[tuple[int, int, str]], strong: Sequence[str]) -> str | None:
    distinct = list(dict.fromkeys(status for _, _, status in hits))
    stressed = {status for one in strong for _, _, status in _hits(one)}
    if len(distinct) > 1 and len(stressed) == 1:
        return stressed.pop()
    if len(distinct) > 1 and ARROW.search(words):
        return distinct[-1]
    if len(distinct) > 2 or (len(distinct) > 1 and re.search(r"\||\?|\bor\b|\w\s*/\s*\w", words)):
        return None
    start = hits[0][0]
    if "superseded" in distinct:
        return (
            "superseded"
            if not PARTLY.search(words)
            else (distinct[0] if distinct[0] != "superseded" else "partially-superseded")
        )
    if len(words[:start].split()) <= 3 or re.search(
        r"\b(?:is|was|been|are|marked as|status|hereby)\s+(?:\w+\s+)?$", words[:start]
    ):
        return distinct[0]
    return None
