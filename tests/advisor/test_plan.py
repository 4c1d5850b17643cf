"""The plan: ways back that undo what a stage does, and stages that hold only what was asked for."""

from typing import Any

import pytest
import yaml

from decisions.advisor import rollout
from decisions.advisor.case import read
from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.recommendation import Recommendation, Stage
from decisions.advisor.way_back import NOTHING, OF_SERVICES, of_changes

CATALOG = load()
INCIDENT = {"need": "must", "evidence": {"kind": "incident", "reference": "INC-7"}}
RULE = {"need": "must", "evidence": {"kind": "rule", "reference": "clause 4"}}
FAILED = {"simplest_fix": {"outcome": "not_enough"}}
MEASURED = {"p99_ms": 70, "pods": 2400, "nodes": 130, "services": 320, "namespaces": 40, "clusters": 2}


def advised(**sections: Any) -> Recommendation:
    return recommend(read({"schema": "meshadvisor-case/1", "title": "A platform", **sections}), CATALOG)


def told(found: Recommendation) -> dict[str, Stage]:
    return {one.id: one for one in found.plan}


def istio_for_requests() -> Recommendation:
    """A mesh for even load and retries in many languages; nobody asks for identity or encryption."""
    return advised(
        requirements={"grpc_load_balancing": INCIDENT | FAILED, "resilience": INCIDENT | FAILED},
        context={"current": "Istio 1.30.3 sidecars", "languages": 9, "application_teams": 30},
        baseline={**MEASURED, "sidecars": 2400, "kubernetes_version": "1.34", "cni": "Calico"},
        operations={
            "data_path_debuggers": "two_or_more",
            "pod_restarts": "platform_any_time",
            "upgrades_per_year": 4,
            "skills": ["envoy", "pki", "kubernetes_networking"],
        },
    )


def test_every_measure_says_its_own_way_back() -> None:
    said = {one.id: one.rollback for one in CATALOG.add_ons.values()}
    assert all(said.values())
    assert len(set(said.values())) == len(said)
    assert all(one.rollback_time for one in CATALOG.add_ons.values())


def test_policies_are_deleted_and_not_deployed_back() -> None:
    found = told(
        advised(requirements={"network_segmentation": RULE}, baseline={**MEASURED, "cni": "Calico"}),
    )
    stage = found["fix-network-policies"]
    assert stage.rollback.startswith("Delete the default deny")
    assert stage.rollback != OF_SERVICES[0]
    assert stage.rollback_takes == "Seconds a namespace."


def test_a_mesh_for_requests_alone_has_no_stage_that_refuses_plain_text() -> None:
    found = istio_for_requests()
    assert found.product == "istio-sidecar"
    for stage in found.plan:
        said = " ".join((stage.title, stage.what, stage.rollback, stage.proof))
        assert "STRICT" not in said, said
        assert "PERMISSIVE" not in said, said
        assert "plain-text" not in said.lower(), said
    assert "Permissive first" not in {one.topic for one in found.advisories}


def test_where_identity_is_asked_for_strict_becomes_the_default() -> None:
    found = told(
        advised(
            requirements={"workload_identity": RULE | FAILED},
            baseline={**MEASURED, "kubernetes_version": "1.34", "cni": "Calico", "kernel_version": "6.1"},
            operations={"data_path_debuggers": "two_or_more", "upgrades_per_year": 4},
        )
    )
    assert "STRICT becomes the default" in found["default"].what
    assert "default of new namespaces" in found["default"].what
    assert "No plain-text" in found["default"].proof
    assert "PeerAuthentication" in found["strict"].rollback


def test_switching_encryption_on_is_taken_back_by_its_switch() -> None:
    by_id = {one.id: one for one in rollout.load().sheets["cilium-service-mesh"].changes}
    back, takes = of_changes((by_id["metrics"], by_id["encryption"]))
    assert back.startswith("Set the values of cilium back")
    assert takes == "Minutes."
    back, takes = of_changes((by_id["encryption"], by_id["cluster-mesh"]))
    assert "identities of all pods change once more" in back
    assert takes == "A window of its own."
    assert of_changes((by_id["watch"],)) == NOTHING


@pytest.mark.parametrize("name", sorted(rollout.load().sheets))
def test_whatever_a_change_does_has_a_way_back(name: str) -> None:
    if name in CATALOG.add_ons:
        return
    for change in rollout.load().sheets[name].changes:
        back, takes = of_changes((change,))
        does = bool(change.charts or change.values or change.manifests or change.restarts or change.undo)
        assert (back, takes) != NOTHING if does else True
        kinds = {yaml.safe_load(text)["kind"] for text in change.manifests} - {"Namespace"}
        assert all(kind in back for kind in kinds) or change.back, (name, change.id, back)
        if change.restarts:
            assert "restart the pods" in back or change.back
