"""What we ask: one dataclass a section of the case document, one field a question."""

from collections.abc import Mapping
from dataclasses import fields, replace

from decisions.advisor.questions.asking import (
    NOT_SURE,
    Field,
    Kind,
    Opening,
    Prefill,
    When,
    also,
    always,
    ask,
    ask_table,
)
from decisions.advisor.questions.baseline import Baseline, Incidents
from decisions.advisor.questions.context import Context
from decisions.advisor.questions.operations import Budget, Operations
from decisions.advisor.questions.plan import Plan
from decisions.advisor.questions.rows import Evidence, EvidenceKind, Need, Outcome, RequirementAnswer, SimplestFix
from decisions.advisor.requirements import BY_ID

Section = Context | Baseline | Operations | Budget | Plan

SECTIONS: dict[str, type[Section]] = {
    "context": Context,
    "baseline": Baseline,
    "operations": Operations,
    "budget": Budget,
    "plan": Plan,
}


def _fields_of(section: type, path: str) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for one in fields(section):
        here = f"{path}.{one.name}"
        if table := one.metadata.get("table"):
            found |= _fields_of(table, here)
        else:
            found[here] = replace(one.metadata["field"], path=here)
    return found


def _in_row(requirement: str, one: Field) -> When:
    holds = one.row_when
    if holds is None:
        return always
    return lambda case: holds(case.answer(requirement))


def _all_fields() -> dict[str, Field]:
    found = {
        "id": Field(kind=Kind.TEXT, path="id", label="Number", max_length=100),
        "title": Field(kind=Kind.TEXT, path="title", label="Title", max_length=300),
    }
    for requirement in BY_ID:
        row = _fields_of(RequirementAnswer, f"requirements.{requirement}")
        found |= {path: replace(one, when=_in_row(requirement, one)) for path, one in row.items()}
    for name, section in SECTIONS.items():
        found |= _fields_of(section, name)
    return found


FIELDS: Mapping[str, Field] = _all_fields()
"""Every field of the case document by its path, in the order of the questions."""

PLACES: frozenset[str] = frozenset(
    path.rsplit(".", parts)[0] for path in FIELDS for parts in range(path.count(".") + 1) if "." in path
) - {*SECTIONS, "requirements"}
"""Where a comment can stand: at a field, or at the question or row that holds it."""

__all__ = [
    "FIELDS",
    "NOT_SURE",
    "PLACES",
    "SECTIONS",
    "Baseline",
    "Budget",
    "Context",
    "Evidence",
    "EvidenceKind",
    "Field",
    "Incidents",
    "Kind",
    "Need",
    "Opening",
    "Operations",
    "Outcome",
    "Plan",
    "Prefill",
    "RequirementAnswer",
    "Section",
    "SimplestFix",
    "also",
    "ask",
    "ask_table",
]
