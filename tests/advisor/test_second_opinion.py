"""Answers that an engineer who judged the same cases without seeing ours gave otherwise, and was right about."""

from typing import Any

import pytest

from decisions.advisor.catalog import load
from decisions.advisor.engine import answer
from decisions.advisor.recommendation import Approach, Confidence, Recommendation, Status
from tests.advisor.judging import case, must, ranking, tried

CATALOG = load()
IDENTITY = {"workload_identity": tried("cannot"), "l7_authorization": tried("not_enough")}
TWO_SITES = {"clusters": 3, "nodes": 70, "pods": 1200, "services": 110, "peak_rps": 9000, "cni": "Calico"}
WIRE = {"encryption_between_nodes": must()}
FIPS = {"fips_cryptography": must("rule")}
KEYS = {"encryption_same_node": tried("cannot"), "workload_identity": tried("cannot")}


def judged(requirements: dict[str, Any], **sections: Any) -> Recommendation:
    return answer(case(requirements, **sections), CATALOG)


@pytest.mark.parametrize(
    ("current", "product"), [("Linkerd 2.19 in all namespaces", "linkerd"), ("Istio 1.29 sidecars", "istio-sidecar")]
)
def test_of_close_candidates_the_one_that_runs_today_goes_first(current: str, product: str) -> None:
    operations = {"connection_resets": "no", "pod_restarts": "platform_any_time", "support": "vendor"}
    found = judged(IDENTITY, baseline=TWO_SITES, operations=operations, context={"current": current})
    assert found.product == product


def test_a_whole_number_of_upgrades_does_not_fall_behind_a_fraction() -> None:
    def strained(upgrades: int) -> bool:
        found = ranking(
            case(WIRE, baseline={"cni": "Cilium", "kernel_version": "6.1"}, operations={"upgrades_per_year": upgrades})
        )[Approach.CNI_ENCRYPTION]
        return found.status is Status.STRAINED

    need = CATALOG.products["cilium-wireguard"].operations.upgrades_per_year
    assert 2 < need < 2.5
    assert [strained(number) for number in (1, 2, 3)] == [True, False, False]


@pytest.mark.parametrize("where", [{"bare_metal": True}, {"providers": 0}])
def test_no_provider_encrypts_machines_of_ones_own(where: dict[str, object]) -> None:
    accepted = {"cloud_encryption_accepted": "yes"}
    platform = {"cni": "Calico", "kernel_version": "6.1"}
    rented = judged(WIRE, baseline=platform, context=accepted)
    own = judged(WIRE, baseline=platform | where, context=accepted)
    assert (rented.approach, [one.id for one in rented.add_ons]) == (Approach.NO_MESH, ["provider-encryption"])
    assert own.product == "calico-wireguard"


def test_a_rule_about_cryptography_asks_for_none_on_its_own() -> None:
    alone = judged(FIPS, baseline=TWO_SITES)
    assert alone.approach is Approach.NO_MESH
    assert "Which traffic is meant?" in alone.demoted[0].because
    assert judged(FIPS | WIRE, baseline=TWO_SITES | {"cni": "Cilium"}).product == "cilium-ipsec"


def test_a_wish_that_a_person_had_is_no_traffic_for_a_rule_about_cryptography_and_no_such_rule_itself() -> None:
    wished = judged(FIPS | {"encryption_between_nodes": must("person")}, baseline=TWO_SITES)
    assert {one.requirement for one in wished.demoted} == {"encryption_between_nodes", "fips_cryptography"}
    assert wished.approach is Approach.NO_MESH
    rule = {"fips_cryptography": must("person")} | WIRE
    asked = judged(rule, baseline=TWO_SITES | {"udp_share": 0.2}, context={"cni_can_encrypt": "yes"})
    assert any(one.id == "encryption-in-the-cni" for row in asked.ranking for one in row.add_ons)


def test_encryption_of_unknown_validation_closes_no_gap_under_a_rule_about_cryptography() -> None:
    sections: dict[str, Any] = {"context": {"cni_can_encrypt": "yes", "assessor_confirmed": "yes"}}
    for share in (0.05, 0.2):
        found = judged(FIPS | WIRE, baseline=TWO_SITES | {"cni": "Cilium", "udp_share": share}, **sections)
        assert found.product == "cilium-ipsec"
        assert all(one.id != "encryption-in-the-cni" for row in found.ranking for one in row.add_ons)
    without = judged(WIRE, baseline=TWO_SITES | {"udp_share": 0.2}, **sections)
    assert any(one.id == "encryption-in-the-cni" for row in without.ranking for one in row.add_ons)


def test_a_limit_that_not_even_the_low_end_keeps_has_to_be_settled_first() -> None:
    baseline = TWO_SITES | {"p50_ms": 2.0, "p99_ms": 4.0, "slo_p99_ms": 5.0}
    tight = judged(KEYS, baseline=baseline, budget={"p99_ms": 0.01})
    wide = judged(KEYS, baseline=baseline | {"slo_p99_ms": 500.0}, budget={"p99_ms": 400.0})
    assert tight.next_step.startswith("Settle the limits first: even the low end of what it adds is over (p99")
    assert tight.confidence is Confidence.LOW
    assert "Settle the limits" not in wide.next_step


def test_whoever_controls_a_node_controls_its_sidecars_too() -> None:
    threats = {"context": {"threats": ["compromised_node"]}}
    found = {one.approach: one for one in judged(KEYS, baseline=TWO_SITES, **threats).ranking}
    without = {one.approach: one for one in judged(KEYS, baseline=TWO_SITES).ranking}
    for approach in (Approach.AMBIENT_MESH, Approach.SIDECAR_MESH):
        said = [one.because for one in found[approach].reasons if "a hacked node" in one.because]
        assert len(said) == 1
        assert "in sidecars as in a node proxy" in said[0]
        assert found[approach].status is without[approach].status


def test_sandboxed_pods_are_left_out_of_sidecars_as_well() -> None:
    found = {one.approach: one for one in judged(KEYS, baseline=TWO_SITES | {"gvisor_pods": 12}).ranking}
    for approach in (Approach.AMBIENT_MESH, Approach.SIDECAR_MESH):
        assert found[approach].status is Status.STRAINED
        assert any("12 sandboxed pods (gVisor) would be left out" in one.because for one in found[approach].reasons)


@pytest.mark.parametrize("cni", ["Kube-router", "OVN-Kubernetes"])
def test_a_cni_without_a_sheet_that_can_encrypt_needs_no_mesh_for_that(cni: str) -> None:
    platform = {"cni": cni, "udp_share": 0.4, "kernel_version": "6.6"}
    found = judged(WIRE, baseline=platform, context={"cni_can_encrypt": "yes"})
    assert found.approach is Approach.CNI_ENCRYPTION
    assert found.best.status is Status.FITS
    assert f"{cni} has no sheet here" in found.next_step
    assert "encryption.enabled" not in found.next_step
    assert not any("would have to be replaced" in one.because for one in found.best.reasons)
    unsaid = judged(WIRE, baseline=platform)
    assert any("would have to be replaced" in one.because for row in unsaid.ranking for one in row.reasons)


def test_a_vendors_build_for_windows_counts_where_a_vendor_is_wanted() -> None:
    mostly = TWO_SITES | {"windows_nodes": 50}
    wanted = {"workload_identity": tried("cannot")}
    assert judged(wanted, baseline=mostly).approach is Approach.NO_MESH
    vendor = judged(wanted, baseline=mostly, operations={"support": "vendor"})
    assert (vendor.product, vendor.best.status) == ("linkerd", Status.STRAINED)
    assert any("for 50 Windows nodes a vendor's build" in one.because for one in vendor.best.reasons)
