"""What a second judge who had not seen the engine found wrong, as rules that hold for every case."""

from typing import Any

import pytest

from decisions.advisor import catalog
from decisions.advisor.engine import recommend
from decisions.advisor.pack import build
from decisions.advisor.recommendation import Approach, Recommendation
from tests.advisor.judging import MEASURED, case, must, tried

CATALOG = catalog.load()
WIRE, DENY, KEYS = "encryption_between_nodes", "network_segmentation", "workload_identity"


def judged(requirements: dict[str, Any], **sections: Any) -> Recommendation:
    return recommend(case(requirements, **sections), CATALOG)


def calico(**more: Any) -> dict[str, Any]:
    return {**MEASURED, "cni": "Calico", "kernel_version": "6.1", "kubernetes_version": "1.35", **more}


def test_policies_that_are_half_rolled_out_are_finished_and_not_replaced_by_a_mesh() -> None:
    asked = {WIRE: must("rule"), DENY: tried("works_in_part", "rule")}
    found = judged(asked, baseline=calico(), context={"cni_can_encrypt": "yes"})
    assert found.approach is Approach.CNI_ENCRYPTION
    assert [one.id for one in found.add_ons] == ["network-policies"]
    assert found.plan[0].id == "fix-network-policies"


def test_what_works_for_one_must_closes_no_other_whose_own_trial_says_otherwise() -> None:
    asked = {KEYS: tried("works", "rule"), WIRE: tried("works_in_part", "rule")}
    found = judged(asked, baseline=calico(), context={"cni_can_encrypt": "yes"})
    assert found.approach is Approach.CNI_ENCRYPTION
    silent = judged({KEYS: tried("works", "rule"), WIRE: must("rule")}, baseline=calico())
    assert silent.approach is Approach.NO_MESH


def test_services_that_cannot_be_changed_for_one_must_are_not_changed_for_another() -> None:
    """Where the vendor ships binaries, TLS in the services is out for encryption as it is for identity."""
    team = {"languages": 2, "application_teams": 2, "fix_days_per_service": 1, "cni_can_encrypt": "no"}
    used = {}
    for outcome in ("not_enough", "cannot"):
        asked = {KEYS: tried(outcome, "rule"), WIRE: must("rule")}
        found = judged(asked, baseline=calico(services=16), context=team | {"cloud_encryption_accepted": "no"})
        used[outcome] = {one.id for standing in found.ranking for one in standing.add_ons}
    assert "tls-in-application" in used["not_enough"]
    assert "tls-in-application" not in used["cannot"]


def test_encryption_of_the_cni_that_works_closes_what_a_mesh_leaves_in_clear_text() -> None:
    """What runs already closes no small gap twice over, and its trial was of the CNI, not of TLS in the services."""
    asked = {KEYS: tried("cannot", "rule"), WIRE: tried("works", "policy")}
    found = judged(asked, baseline=calico(udp_share=0.01), context={"cni_can_encrypt": "yes"})
    assert found.approach is Approach.AMBIENT_MESH
    assert [one.id for one in found.add_ons] == ["encryption-in-the-cni"]
    assert found.plan[0].title == "The CNI's encryption beside it"
    untried = judged(
        asked | {WIRE: must("policy")}, baseline=calico(udp_share=0.01), context={"cni_can_encrypt": "yes"}
    )
    assert not untried.add_ons


def test_tls_in_the_services_does_not_encrypt_datagrams() -> None:
    asked = {KEYS: tried("works", "rule"), WIRE: must("rule")}
    found = judged(asked, baseline=calico(udp_share=0.6), context={"cni_can_encrypt": "yes"})
    assert found.approach is Approach.CNI_ENCRYPTION


def test_the_days_that_a_team_names_are_priced_and_no_count_of_services_stands_in_for_them() -> None:
    asked = {WIRE: must("rule")}
    team = {"languages": 2, "application_teams": 2, "cni_can_encrypt": "no", "cloud_encryption_accepted": "no"}
    quick = judged(asked, baseline=calico(services=16), context=team | {"fix_days_per_service": 1})
    assert [one.id for one in quick.add_ons] == ["tls-in-application"]
    unsaid = judged(asked, baseline=calico(services=16), context=team)
    assert "tls-in-application" not in {one.id for one in unsaid.add_ons}
    late = team | {"fix_days_per_service": 30, "deadline": "2 months"}
    assert "tls-in-application" not in {
        one.id for one in judged(asked, baseline=calico(services=16), context=late).add_ons
    }


def test_where_each_cluster_is_one_node_nothing_crosses_between_nodes() -> None:
    boxes = calico(clusters=300, single_node_clusters=300, nodes=300, services=14)
    found = judged({WIRE: must("policy")}, baseline=boxes)
    assert found.approach is Approach.NO_MESH
    assert any("each cluster has one node" in one.because for one in found.best.reasons)
    joined = judged({WIRE: must("policy"), "multi_cluster": must("incident")}, baseline=boxes)
    assert not any("each cluster has one node" in one.because for one in joined.best.reasons)


@pytest.mark.parametrize(
    "written", [{"cni": "AWS VPC CNI (Fargate)"}, {"kubernetes_version": "1.35, all on EKS Fargate"}]
)
def test_where_all_runs_on_fargate_no_mesh_is_said_to_fit(written: dict[str, str]) -> None:
    found = judged({KEYS: must("rule")}, baseline=calico(**written))
    assert all(
        one.musts_missed for one in found.ranking if "mesh" in one.approach and one.approach is not Approach.NO_MESH
    )
    some = judged({KEYS: must("rule")}, baseline=calico(cni="AWS VPC CNI, some on Fargate"))
    assert not all(one.musts_missed for one in some.ranking)


def test_a_cni_that_would_be_replaced_is_replaced_in_a_stage_of_its_own() -> None:
    asked = {DENY: tried("cannot", "rule"), "egress_control": tried("cannot", "rule"), "flow_visibility": must("rule")}
    team = {"data_path_debuggers": "two_or_more", "skills": ["ebpf"]}
    given = case(asked, baseline=calico(cni="Flannel"), operations=team)
    found = recommend(given, CATALOG)
    assert found.approach is Approach.EBPF_MESH
    assert found.plan[0].id == "cni-change"
    assert found.plan[0].title == "Flannel is replaced by Cilium, node by node"
    assert "00-cni-change/README.md" in build(given, found.plan, "x")
    own = recommend(case(asked, baseline=calico(cni="Cilium"), operations=team), CATALOG)
    assert "cni-change" not in {one.id for one in own.plan}


@pytest.mark.parametrize(
    ("baseline", "says"),
    [
        ({"cni": "OVN-Kubernetes"}, "by its own documentation"),
        ({"cni": "flannel", "kubernetes_version": "v1.35.1+k3s1"}, "K3s"),
    ],
)
def test_no_command_of_another_platform_is_given(baseline: dict[str, str], says: str) -> None:
    given = case({WIRE: must("rule")}, baseline=calico(**baseline), context={"cni_can_encrypt": "yes"})
    found = recommend(given, CATALOG)
    assert found.approach is Approach.CNI_ENCRYPTION
    assert says in found.plan[0].what
    files = b"".join(build(given, found.plan, "x").values()).decode()
    assert "helm upgrade" not in files
    assert "helm install" not in files


def test_the_vpc_cni_enforces_nothing_until_that_is_switched_on() -> None:
    found = judged({DENY: must("rule")}, baseline=calico(cni="AWS VPC CNI"))
    assert found.next_step.startswith("The Amazon VPC CNI enforces no NetworkPolicy until that is switched on")
    assert "enforces no NetworkPolicy" not in judged({DENY: must("rule")}, baseline=calico()).next_step


def test_what_takes_each_team_a_quarter_of_a_year_is_no_small_fix() -> None:
    team = {
        "application_teams": 5,
        "cni_can_encrypt": "yes",
        "cloud_encryption_accepted": "no",
        "fix_days_per_service": 6,
    }
    found = {
        one.approach: one for one in judged({WIRE: must("rule")}, baseline=calico(services=75), context=team).ranking
    }
    (said,) = (one.because for one in found[Approach.NO_MESH].reasons if "leaves the must-have" in one.because.lower())
    assert "450 days of work in 75 services are no small fix" in said


def test_a_failed_fix_beside_a_cni_that_can_encrypt_is_told_as_two_answers_at_odds() -> None:
    team = {"cni_can_encrypt": "yes", "cloud_encryption_accepted": "no"}
    odd = judged({WIRE: tried("cannot", "rule")}, baseline=calico(), context=team)
    assert odd.approach is Approach.CNI_ENCRYPTION
    assert "Two answers" in {one.topic for one in odd.advisories}
    plain = judged({WIRE: must("rule")}, baseline=calico(), context=team)
    assert "Two answers" not in {one.topic for one in plain.advisories}


def test_an_exit_that_waits_for_restarts_says_so() -> None:
    """Hours are no longer than a day: what takes longer is the wait for the restarts, and the sentence names it."""
    asked = {KEYS: tried("cannot", "rule")}
    waits = {"exit_time": "day", "pod_restarts": "each_team"}
    found = judged(asked, baseline=calico(), operations=waits)
    said = [why.because for one in found.ranking for why in one.reasons if "out again within one day" in why.because]
    assert said
    assert all(text.endswith("leaves a pod with its restart, and each team restarts its own.") for text in said)
    free = judged(asked, baseline=calico(), operations=waits | {"pod_restarts": "platform_any_time"})
    assert not [why for one in free.ranking for why in one.reasons if "out again within" in why.because]
