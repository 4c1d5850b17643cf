"""What the drafting of every section reads, and short ways to quote from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from decisions.advisor.burden import Prices
from decisions.advisor.catalog.sheets import Catalog
from decisions.advisor.questions import NOT_SURE
from decisions.advisor.recommendation import Reason, Recommendation, Source, Verdict
from decisions.advisor.record.labels import value
from decisions.advisor.record.notes import Notes
from decisions.advisor.record.value import About, Inputs, Measured, Text
from decisions.advisor.requirements import BY_ID


@dataclass(frozen=True, kw_only=True)
class Material:
    """The case document in plain JSON types, the answer, the catalogue and what the record is filed under."""

    case: Mapping[str, object]
    recommendation: Recommendation
    catalog: Catalog
    about: About
    inputs: Inputs
    prices: Prices
    measurements: tuple[Measured, ...] = ()
    notes: Notes = field(default_factory=Notes)

    def section(self, name: str) -> Mapping[str, object]:
        """A section of the case document; empty when nothing of it was answered."""
        found = self.case.get(name)
        return found if isinstance(found, Mapping) else {}

    def text(self, path: str) -> str:
        """The text answered at "section.key"; empty when there is none, or the answer was "not sure"."""
        section, _, key = path.partition(".")
        found = self.section(section).get(key)
        return found if isinstance(found, str) and found != NOT_SURE else ""

    def number(self, path: str) -> float | None:
        """The number answered at "section.key"."""
        section, _, key = path.partition(".")
        found = self.section(section).get(key)
        return found if isinstance(found, int | float) and not isinstance(found, bool) else None

    def origin(self, path: str) -> str:
        """Where a pre-filled answer came from, in brackets, or what it was kept against; empty for one just typed."""
        found, aside = (self.section(name).get(path) for name in ("provenance", "found"))
        if isinstance(aside, Mapping) and aside.get("kept"):
            read, source = value(path, aside["value"]), aside["source"]
            return f" (kept by hand; {read} was read: {source})"
        if not isinstance(found, Mapping):
            return ""
        return f" ({', '.join(str(part) for part in found.values())})"

    def reason(self, reason: Reason) -> Text:
        """A reason as a point for or against, with its sources."""
        return Text(text=reason.because, mark=MARKS[reason.verdict], notes=self.notes.of(reason.sources))

    def noted(self, text: str, sources: tuple[Source, ...], term: str = "", mark: str = "") -> Text:
        """A text with its sources numbered."""
        return Text(text=text, term=term, mark=mark, notes=self.notes.of(sources))


MARKS = {Verdict.FOR: "good", Verdict.AGAINST: "bad", Verdict.RULES_OUT: "out"}


def requirement_text(requirement: str) -> str:
    """The sentence a requirement is asked with; its id when this version does not know it."""
    known = BY_ID.get(requirement)
    return known.text if known else requirement


def requirement_noun(requirement: str) -> str:
    """What completes "must-have ...", such as "encryption between nodes"."""
    known = BY_ID.get(requirement)
    return known.noun if known else requirement
