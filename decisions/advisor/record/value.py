"""The record as a value: sections made of a handful of blocks, and beside them the inputs that gave the words."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Source

SCHEMA = "meshadvisor-record/1"


def one_line(text: str) -> str:
    """The text on one line, with characters that hide or reorder others shown by their code points.

    What somebody typed is quoted in a signed document: a right-to-left override or a control character must not make
    it read differently from what it says.
    """
    spaced = " ".join(text.split())
    return "".join(f"[U+{ord(sign):04X}]" if unicodedata.category(sign) in HIDDEN else sign for sign in spaced)


HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
"""Unicode categories without a visible form: controls, format characters (bidi overrides), surrogates, private use."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One run of plain words: no markup, one line.

    `term` is the lead-in set in bold, `notes` are numbers of sources that back the words, `mark` says how to read
    it: "good", "bad", "neutral", "out" (rules out), "warn" or empty.
    """

    text: str
    term: str = ""
    notes: tuple[int, ...] = ()
    mark: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", one_line(self.text))
        object.__setattr__(self, "term", one_line(self.term))


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph; `tone` is "lead" for the sentence a hurried reader needs, "small" for remarks, or empty."""

    text: Text
    tone: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list of points."""

    items: tuple[Text, ...]
    ordered: bool = False
    kind: str = "bullets"


@dataclass(frozen=True, kw_only=True)
class Callout:
    """Points that must not be overlooked, under a title; `tone` is "try" (do this first) or "warn" (traps, duties)."""

    title: str
    tone: str
    items: tuple[Text, ...]
    kind: str = "callout"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; the first cell of a row is its heading. `numeric` are the indexes of columns set flush right.

    `widths` are the columns' shares of the width in percent, empty to let the renderer choose.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()
    kind: str = "table"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Pairs of a name and a value, under a caption or none. `exact` values are digests, set in a fixed-width face."""

    rows: tuple[Text, ...]
    caption: str = ""
    exact: bool = False
    kind: str = "facts"


@dataclass(frozen=True, kw_only=True)
class ChartRow:
    """One option in the overhead chart: vCPU, GiB and milliseconds at p99 that it adds."""

    title: str
    cpu_vcpu: Range
    memory_gib: Range
    p99_ms: Range


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Projected overhead of the options, best first, with the limits that were asked for (None: no limit)."""

    title: str
    rows: tuple[ChartRow, ...]
    cpu_vcpu: float | None = None
    memory_gib: float | None = None
    p99_ms: float | None = None
    kind: str = "chart"


@dataclass(frozen=True, kw_only=True)
class BarSegment:
    """A piece of a bar from `start` to `end` in the chart's unit; `tail` for one that is reached only at worst."""

    name: str
    start: float
    end: float
    tail: bool = False


@dataclass(frozen=True, kw_only=True)
class BarRow:
    """One bar with the words that stand at its end; `mark` is "good" for the recommended option, else empty."""

    title: str
    words: str
    segments: tuple[BarSegment, ...]
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Bars made of segments, on one scale, with a limit to hold them against (None: no limit).

    `stacked` bars are told apart by the names of their segments, which the legend gives.
    """

    title: str
    unit: str
    rows: tuple[BarRow, ...]
    limit: float | None = None
    limit_words: str = ""
    stacked: bool = False
    kind: str = "bars"


Block = Paragraph | Bullets | Callout | Table | Facts | Chart | Bars


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with what stands under it. `id` is stable and serves as the anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, kw_only=True)
class About:
    """What the record is filed under. `number` is like "DR-0042"; `date` is ISO 8601 or empty; a draft has neither."""

    title: str
    number: str = ""
    organisation: str = ""
    team: str = ""
    system: str = ""
    author: str = ""
    date: str = ""
    status: str = "draft"
    supersedes: tuple[str, ...] = ()
    revision: int = 1

    def __post_init__(self) -> None:
        for name in ("title", "number", "organisation", "team", "system", "author", "date", "status"):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        object.__setattr__(self, "supersedes", tuple(one_line(one) for one in self.supersedes))


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A file or an entry that baseline figures came from.

    `window` is the period it covers, `taken_by` and `taken_at` who read it in and when (ISO 8601), `size` is bytes,
    `sha256` the hex digest of the source file; both empty or 0 when the numbers were typed. `figures` are pairs of
    what was measured and the value with its unit; `warnings` are sentences on what makes them weaker than they look.
    """

    name: str
    tool: str
    window: str = ""
    taken_by: str = ""
    taken_at: str = ""
    sha256: str = ""
    size: int = 0
    figures: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything the answer was computed from, so that it can be computed again.

    `case` is the case document, `case_sha256` the digest of its canonical form. `digest` covers the case digest and
    both versions.
    """

    case: Mapping[str, object]
    case_sha256: str
    catalogue_version: str
    engine_version: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """The whole record. `recommendation` is the engine's answer in plain types; `brief` is what the cover says."""

    about: About
    brief: tuple[Text, ...]
    inputs: Inputs
    recommendation: Mapping[str, object]
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    measurements: tuple[Measured, ...] = ()
    schema: str = field(default=SCHEMA)
