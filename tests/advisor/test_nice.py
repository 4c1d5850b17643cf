"""Nice-to-haves: what comes with an option, and what a small measure would give beside it."""

from typing import Any

import pytest

from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.recommendation import Approach, Recommendation, Standing
from decisions.advisor.record import About, draft
from decisions.advisor.requirements import BY_ID, REQUIREMENTS
from tests.advisor.judging import case, must, tried

NICE = {"need": "nice"}
MESHED = {"workload_identity": tried("cannot"), "l7_authorization": tried("cannot")}


def of(found: Recommendation, approach: Approach) -> Standing:
    return next(one for one in found.ranking if one.approach is approach)


def offers(standing: Standing) -> list[tuple[str, str]]:
    return [(one.requirement, one.id) for one in standing.nice_offered]


def test_policies_of_the_cni_in_use_are_offered_for_a_segmentation_that_is_nice_to_have() -> None:
    one = case({"encryption_between_nodes": must(), "network_segmentation": NICE}, baseline={"cni": "Calico"})
    found = recommend(one, load())
    assert offers(found.best) == [("network_segmentation", "network-policies")]
    record = draft(one, found, load(), About(title="A test"))
    assert "network segmentation by network policies" in str(record)
    assert "It does not give what was nice to have" not in str(record)


@pytest.mark.parametrize("cni", ["Flannel", "Amazon VPC CNI"])
def test_policies_that_nothing_enforces_are_not_offered(cni: str) -> None:
    found = recommend(case({"resilience": must(), "network_segmentation": NICE}, baseline={"cni": cni}), load())
    assert offers(of(found, Approach.NO_MESH)) == []


def test_a_measure_that_failed_or_is_too_much_work_is_not_offered() -> None:
    failed: dict[str, Any] = NICE | {"simplest_fix": {"outcome": "cannot"}}
    found = recommend(case({"network_segmentation": failed, "workload_identity": NICE}), load())
    assert offers(found.best) == []
    assert found.best.nice_missed == ("workload_identity", "network_segmentation")


def test_a_plan_that_proves_the_control_every_day_is_the_proof_for_the_auditor() -> None:
    found = recommend(case(MESHED | {"audit_proof": NICE}), load())
    assert "Every day" in found.plan[-1].proof
    assert found.best.nice_met == ("audit_proof",)
    assert offers(of(found, Approach.NO_MESH)) == [("audit_proof", "audit-check")]


def test_a_measure_planned_for_a_must_have_gives_what_is_nice_to_have_too() -> None:
    wishes = {"workload_identity": tried("works"), "encryption_same_node": NICE}
    found = recommend(case(wishes, baseline={"services": 6}), load())
    assert [one.id for one in found.add_ons] == ["tls-in-application"]
    assert found.best.nice_met == ("encryption_same_node",)


def test_a_trial_speaks_of_the_measures_that_the_simplest_fix_names() -> None:
    assert BY_ID["encryption_between_nodes"].tried == ("provider-encryption", "encryption-in-the-cni")
    assert all(one.tried == one.fixes[:1] for one in REQUIREMENTS if not one.named)
