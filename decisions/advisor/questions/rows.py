"""One requirement's row: how much it matters, what it rests on, and what its smallest fix did."""

from dataclasses import dataclass, field
from enum import StrEnum

from decisions.advisor.questions.asking import Kind, also


class Need(StrEnum):
    """How a requirement was sorted. NOT_SURE was asked and is not known; it never counts as a must-have."""

    MUST = "must"
    NICE = "nice"
    NOT_NEEDED = "not_needed"
    NOT_SURE = "not_sure"


class EvidenceKind(StrEnum):
    """What a must-have rests on, strongest first."""

    RULE = "rule"
    INCIDENT = "incident"
    SLO = "slo"
    POLICY = "policy"
    PERSON = "person"
    PRACTICE = "practice"

    @property
    def keeps_must(self) -> bool:
        """True when a must-have stays one on this evidence; false when it counts as nice to have."""
        return self not in {EvidenceKind.PERSON, EvidenceKind.PRACTICE}


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rung of the evidence ladder: what it is called, and what has to be named for it."""

    kind: EvidenceKind
    label: str
    needs: str

    @property
    def keeps_must(self) -> bool:
        """True when a must-have stays one on this evidence."""
        return self.kind.keeps_must


EVIDENCE_LADDER = (
    Rung(
        kind=EvidenceKind.RULE,
        label="Law, standard or contract clause",
        needs="The clause, who reads it that way, and a link or file",
    ),
    Rung(
        kind=EvidenceKind.INCIDENT,
        label="Incident that this would have prevented",
        needs="A link, the date, how long it lasted or what it cost, and why this would have prevented it",
    ),
    Rung(kind=EvidenceKind.SLO, label="Measured SLO breach", needs="The metric, the window, its value and its target"),
    Rung(kind=EvidenceKind.POLICY, label="Written internal policy", needs="A link and the owner"),
    Rung(kind=EvidenceKind.PERSON, label="Someone asked for it", needs="Name and role"),
    Rung(kind=EvidenceKind.PRACTICE, label="Best practice or vendor advice", needs="Nothing more would make it count"),
)

DEMOTION_TEXT = (
    "Nobody has named a rule, incident, measurement or policy for this, so it counts as nice to have. "
    "Keep it as a must-have anyway? Say why; the reason goes into the record."
)


class Outcome(StrEnum):
    """What became of the smallest fix."""

    NOT_TRIED = "not_tried"
    WORKS = "works"
    WORKS_IN_PART = "works_in_part"
    NOT_ENOUGH = "not_enough"
    CANNOT = "cannot"


NEEDS = (
    (Need.MUST.value, "Must have"),
    (Need.NICE.value, "Nice to have"),
    (Need.NOT_NEEDED.value, "Not needed"),
    (Need.NOT_SURE.value, "Not sure"),
)
EVIDENCE = tuple((rung.kind.value, rung.label) for rung in EVIDENCE_LADDER)
OUTCOMES = (
    (Outcome.NOT_TRIED.value, "Not tried"),
    (Outcome.WORKS.value, "Works"),
    (Outcome.WORKS_IN_PART.value, "Works for part of it"),
    (Outcome.NOT_ENOUGH.value, "Tried, not enough"),
    (Outcome.CANNOT.value, "Cannot be done here"),
)


def _must(row: "RequirementAnswer") -> bool:
    return row.need is Need.MUST


def is_unproven(row: "RequirementAnswer") -> bool:
    """Whether it is called a must-have and nothing is named that makes it one."""
    return _must(row) and not (row.evidence.kind and row.evidence.kind.keeps_must)


def _tried(row: "RequirementAnswer") -> bool:
    return row.simplest_fix.outcome not in {None, Outcome.NOT_TRIED}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a must-have rests on; all None when nobody named anything."""

    kind: EvidenceKind | None = also(Kind.CHOICE, "It rests on", choices=EVIDENCE, of=EvidenceKind, row_when=_must)
    who: str | None = also(Kind.TEXT, "Who asks for it", placeholder="Name and role", row_when=_must)
    reference: str | None = also(
        Kind.LONG_TEXT,
        "Clause, incident, measurement or policy",
        help="With its date; for an incident also how long it lasted and why this would have prevented it",
        row_when=_must,
    )
    url: str | None = also(Kind.URL, "Link", placeholder="https://", row_when=_must)


@dataclass(frozen=True, kw_only=True)
class SimplestFix:
    """What became of the smallest thing that could meet the requirement."""

    outcome: Outcome | None = also(Kind.CHOICE, "Outcome", choices=OUTCOMES, of=Outcome, needed=True)
    note: str | None = also(
        Kind.LONG_TEXT, "What did you see?", help="With a link, so that the reviewer can check", row_when=_tried
    )


@dataclass(frozen=True, kw_only=True)
class RequirementAnswer:
    """Everything said about one requirement; `need` is None while it has not been sorted.

    `override` is the reason to keep a must-have without accepted evidence; it goes into the record.
    """

    need: Need | None = also(Kind.CHOICE, "How much do you need it?", choices=NEEDS, of=Need, needed=True)
    evidence: Evidence = field(default_factory=Evidence, metadata={"table": Evidence})
    override: str | None = also(Kind.LONG_TEXT, "Keep it as a must-have anyway, because", row_when=is_unproven)
    scope: str | None = also(Kind.TEXT, "Where it applies", placeholder="3 of 24 namespaces", row_when=_must)
    note: str | None = also(Kind.LONG_TEXT, "Note")
    simplest_fix: SimplestFix = field(default_factory=SimplestFix, metadata={"table": SimplestFix})
