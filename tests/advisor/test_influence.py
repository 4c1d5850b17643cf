"""Every question influences some result: what nobody uses is not asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from decisions.advisor import engine
from decisions.advisor.case import Case, CaseError, get, with_answer
from decisions.advisor.catalog import load
from decisions.advisor.questionnaire import EVERY_QUESTION, Question
from decisions.advisor.questions import Field, Kind
from decisions.advisor.recommendation import Recommendation
from tests.advisor.judging import case, must, tried
from tests.advisor.test_engine import HARD, IDS

ALL = {one: tried("not_tried", "rule") for one in IDS}
NONE_WORKS = {one: tried("cannot", "incident") for one in IDS if one not in {"fips_cryptography", "vm_workloads"}}
FEW = {"encryption_between_nodes": must("rule"), "audit_proof": must(), "egress_control": tried("not_enough")}
BASES = (
    case(NONE_WORKS, **HARD),
    case(FEW, context={"cni_can_encrypt": "yes", "languages": 2}, baseline={"sidecars": 40, "cni": None}),
    case(ALL, baseline={"cni": "Calico", "virtual_machines": 4}, operations={"data_path_debuggers": "two_or_more"}),
    case({"grpc_load_balancing": tried("not_tried"), "workload_identity": {**tried("cannot"), "scope": "2 services"}}),
    case({}),
    case(NONE_WORKS, **(HARD | {"context": {"current": "Istio sidecars everywhere"}})),
)
RECORD_ONLY = {
    "baseline.measured_window": "source and date beside each number of the record",
    "plan.stage_changes": "the team's own words in the plan of the record",
    "plan.review_date": "the review date of the record",
    "plan.first_namespace": "",
    "plan.proof_check": "",
}
"""Questions that may speak in the record alone; an empty reason means that they influence the advice as well."""

NEVER_ASKED = "requirements.vm_workloads.simplest_fix"
"""No smaller measure makes machines follow the same rules, so there is no trial to ask for."""


def test_a_trial_that_nothing_follows_from_is_not_asked_for() -> None:
    machines = case({"vm_workloads": must()}, baseline={"virtual_machines": 3})
    (question,) = (one for one in EVERY_QUESTION if one.id == NEVER_ASKED)
    assert not question.when(machines)


def values(field: Field) -> Iterator[Any]:
    """A few answers that differ as much as they can."""
    if field.kind is Kind.CHOICE:
        yield from (value for value, _ in field.choices)
    elif field.kind is Kind.CHOICES:
        yield []
        yield [value for value, _ in field.choices]
    elif field.kind in {Kind.INTEGER, Kind.NUMBER, Kind.SHARE, Kind.PERCENT}:
        yield from (min(max(one, field.minimum), field.maximum) for one in (0, 1, 3, 90, 20_000))
    elif field.kind is Kind.BOOLEAN:
        yield from (True, False)
    elif field.kind is Kind.DATE:
        yield "2026-01-05"
    elif field.kind is Kind.URL:
        yield "https://example.org/policy"
    else:
        yield from ("1.20", "Cilium", "Istio sidecars everywhere", "2 of 12 namespaces", "4 months")


def advice(one: Case) -> tuple[object, ...]:
    found: Recommendation = engine.recommend(one, load())
    return (
        found.ranking, found.headline, found.next_step, found.demoted, found.trials, found.advisories, found.plan,
        found.assumptions, found.confidence_because[1:], found.robustness,
    )  # fmt: skip


def moves(question: Question, base: Case, before: tuple[object, ...]) -> bool:
    """Whether any answer to the question gives other advice."""
    for field in question.fields:
        for value in values(field):
            try:
                changed = with_answer(base, field.path, value)
            except CaseError:
                continue
            if get(changed, field.path) != get(base, field.path) and advice(changed) != before:
                return True
    return False


@pytest.fixture(autouse=True)
def _no_flips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "find_flips", lambda *_: ())


def test_every_question_influences_some_result() -> None:
    before = [(base, advice(base)) for base in BASES]
    asked = [question for question in EVERY_QUESTION if question.id != NEVER_ASKED]
    idle = {question.id for question in asked if not any(moves(question, base, told) for base, told in before)}
    assert idle <= {one for one, reason in RECORD_ONLY.items() if reason}, "asked, and used by nothing"
