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
EVIDENCE = (
    (EvidenceKind.RULE.value, "Law, standard or contract clause"),
    (EvidenceKind.INCIDENT.value, "Incident that this would have prevented"),
    (EvidenceKind.SLO.value, "Measured SLO breach"),
    (EvidenceKind.POLICY.value, "Written internal policy"),
    (EvidenceKind.PERSON.value, "Someone asked for it"),
    (EvidenceKind.PRACTICE.value, "Best practice or vendor advice"),
)
OUTCOMES = (
    (Outcome.NOT_TRIED.value, "Not tried"),
    (Outcome.WORKS.value, "Works"),
    (Outcome.WORKS_IN_PART.value, "Works for part of it"),
    (Outcome.NOT_ENOUGH.value, "Tried, not enough"),
    (Outcome.CANNOT.value, "Cannot be done here"),
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a must-have rests on; all None when nobody named anything."""

    kind: EvidenceKind | None = also(Kind.CHOICE, "It rests on", choices=EVIDENCE, of=EvidenceKind)
    who: str | None = also(Kind.TEXT, "Who asks for it", placeholder="Name and role")
    reference: str | None = also(
        Kind.LONG_TEXT,
        "Clause, incident, measurement or policy",
        help="With its date; for an incident also how long it lasted and why this would have prevented it",
    )
    url: str | None = also(Kind.URL, "Link", placeholder="https://")


@dataclass(frozen=True, kw_only=True)
class SimplestFix:
    """What became of the smallest thing that could meet the requirement."""

    outcome: Outcome | None = also(Kind.CHOICE, "Outcome", choices=OUTCOMES, of=Outcome)
    note: str | None = also(Kind.LONG_TEXT, "What did you see?", help="With a link, so that the reviewer can check")


@dataclass(frozen=True, kw_only=True)
class RequirementAnswer:
    """Everything said about one requirement; `need` is None while it has not been sorted.

    `override` is the reason to keep a must-have without accepted evidence; it goes into the record.
    """

    need: Need | None = also(Kind.CHOICE, "How much do you need it?", choices=NEEDS, of=Need)
    evidence: Evidence = field(default_factory=Evidence, metadata={"table": Evidence})
    override: str | None = also(Kind.LONG_TEXT, "Keep it as a must-have anyway, because")
    scope: str | None = also(Kind.TEXT, "Where it applies", placeholder="3 of 24 namespaces")
    note: str | None = also(Kind.LONG_TEXT, "Note")
    simplest_fix: SimplestFix = field(default_factory=SimplestFix, metadata={"table": SimplestFix})
