"""The case: every answer and measurement of one decision, with the strict reader and writer of its document."""

from decisions.advisor.case.reading import SCHEMA, load, read
from decisions.advisor.case.values import (
    STAGE_FIELDS,
    STAGE_TEXTS,
    Case,
    Found,
    Provenance,
    check,
    get,
    with_answer,
    with_comment,
    with_provenance,
    with_stage,
)
from decisions.advisor.case.writing import at, write
from decisions.advisor.case.writing import places as write_places
from decisions.advisor.questions import (
    Baseline,
    Budget,
    Context,
    Evidence,
    EvidenceKind,
    Incidents,
    Need,
    Operations,
    Outcome,
    Plan,
    RequirementAnswer,
    SimplestFix,
)
from decisions.advisor.questions.answers import CaseError, Problem

__all__ = [
    "SCHEMA",
    "STAGE_FIELDS",
    "STAGE_TEXTS",
    "Baseline",
    "Budget",
    "Case",
    "CaseError",
    "Context",
    "Evidence",
    "EvidenceKind",
    "Found",
    "Incidents",
    "Need",
    "Operations",
    "Outcome",
    "Plan",
    "Problem",
    "Provenance",
    "RequirementAnswer",
    "SimplestFix",
    "at",
    "check",
    "get",
    "load",
    "read",
    "with_answer",
    "with_comment",
    "with_provenance",
    "with_stage",
    "write",
    "write_places",
]
