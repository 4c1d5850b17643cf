"""The plan: ways back that undo what a stage does, and stages that hold only what was asked for."""

from typing import Any

import pytest
import yaml

from decisions.advisor import rollout
from decisions.advisor.case import read
from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.plan import stages
from decisions.advisor.recommendation import Approach, Recommendation, Stage
from decisions.advisor.way_back import NOTHING, OF_SERVICES, of_changes
from tests.advisor.judging import case, tried
from tests.advisor.pack.compositions import compose

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


def everything(product: str, **context: str) -> tuple[Stage, ...]:
    """The plan of a product that carries all that its sheet can bring."""
    sheet, cni = rollout.load().sheets[product], CATALOG.products[product].constraints.cni
    baseline = {
        "cni": cni[0].title() if cni else "Calico",
        "kernel_version": "6.8",
        "kubernetes_version": "1.34",
        "clusters": 3,
    }
    musts = tuple(dict.fromkeys(must for one in sheet.changes for must in one.meets))
    team = {"pod_restarts": "platform_any_time", "support": "vendor", "beta_features": "yes"}
    for _ in range(2):  # once with all, and again with what it carries
        wanted = {must: tried("cannot", "rule") for must in musts}
        asked = case(wanted, baseline=baseline, context=context, operations=team)
        found = compose(asked, product)
        musts = found.setting.carried
    return stages(asked, found)


STAGED = {one.id for one in CATALOG.products.values() if one.approach is not Approach.NO_MESH}


@pytest.mark.parametrize("product", sorted(set(rollout.load().sheets) & STAGED))
def test_the_way_back_of_every_stage_undoes_all_that_the_stage_does(product: str) -> None:
    by_name = {(name, one.id): one for name, sheet in rollout.load().sheets.items() for one in sheet.changes}
    plan = everything(product)
    assert {"install", "permissive"} <= {one.id for one in plan}
    for stage in plan:
        for change in (by_name[one.sheet, one.id] for one in stage.features):
            back = stage.rollback
            kinds = {yaml.safe_load(text)["kind"] for text in change.manifests} - {"Namespace"}
            assert change.back in back, (stage.id, change.id)
            assert change.back or all(kind in back for kind in kinds), (stage.id, change.id)
            assert change.back or not change.restarts or "restart the pods" in back, (stage.id, change.id)
            installed = "what this stage installed" in back
            named = all(values.chart in back for values in change.values)
            assert change.back or named or installed, (stage.id, change.id)
        if stage.id == "default":
            assert "template of new namespaces" in stage.rollback or "new clusters as before" in stage.rollback
        if stage.id == "widen":
            assert "the last first" in stage.rollback


def test_a_stage_that_only_watches_takes_nothing_back_and_a_policy_is_deleted() -> None:
    found = {one.id: one.rollback for one in everything("calico-wireguard")}
    assert found["install"] == (
        "Set prometheusMetricsEnabled back to what it was before the stage. "
        "Set wireguardEnabled to false; workload pods are not restarted."
    )
    assert found["permissive"].startswith("This stage changes nothing")
    assert found["strict"].startswith("Delete the policy that forbids egress")


def test_a_control_plane_that_goes_with_the_last_stage_comes_back_first() -> None:
    last = next(one for one in everything("istio-ambient-l4", current="Linkerd 2.19") if one.id == "default")
    assert "its control plane is taken out too" in last.what
    assert last.rollback.startswith("The control plane of the mesh of before is installed again")
    assert last.rollback_takes == "A window of its own."


def test_no_fallback_is_promised_only_where_something_refuses_plain_text() -> None:
    titles = {name: {one.id: one.title for one in everything(name)}["strict"] for name in ("calico-wireguard", CILIUM)}
    assert titles == {"calico-wireguard": "What passes is proven there", CILIUM: "No plain-text fallback there"}


CILIUM = "cilium-wireguard"


def test_a_narrow_scope_is_not_made_the_default_of_everything() -> None:
    asked = {"workload_identity": RULE | FAILED | {"scope": "2 of 40 namespaces"}}
    team = {"data_path_debuggers": "two_or_more", "upgrades_per_year": 4}
    narrow = told(advised(requirements=asked, baseline=calico(), operations=team))["default"].what
    assert "Nothing joins beyond the scope (“2 of 40 namespaces”)" in narrow
    assert "default of new namespaces" not in narrow
    wide = told(advised(requirements={"workload_identity": RULE | FAILED}, baseline=calico(), operations=team))
    assert "beyond the scope" not in wide["default"].what


TODAY = {"current": "Istio 1.24 sidecars in all namespaces since 2023; the two who knew it left"}
ENCRYPTED = {"encryption_between_nodes": RULE}


def calico(**more: Any) -> dict[str, Any]:
    return {**MEASURED, "cni": "Calico", "kubernetes_version": "1.34", "kernel_version": "6.1", **more}


def test_a_mesh_nobody_needs_is_the_next_step_and_not_kept() -> None:
    reserved = {"sidecar_reserved_cpu_vcpu": 68, "sidecar_reserved_memory_gib": 85, "sidecars": 680}
    found = advised(context=TODAY, baseline=calico(**reserved))
    assert found.next_step.startswith("Take the mesh of today out (Istio with sidecars): one namespace")
    (stage,) = found.plan
    assert stage.id == "removal"
    assert "680 sidecars run today" in stage.what
    assert "gives back the 68 vCPU and 85 GiB" in stage.what
    assert "which metrics come from it" in stage.what
    assert not stage.prerequisites


def test_an_ambient_mesh_leaves_without_restarts_and_without_a_count_of_sidecars() -> None:
    found = advised(context={"current": "Istio ambient with waypoints"}, baseline=calico())
    (stage,) = found.plan
    assert stage.id == "removal"
    assert "no pod restarts" in stage.what
    assert "restart" not in stage.rollback


def test_beside_encryption_in_the_cni_the_mesh_of_today_goes_last() -> None:
    found = advised(
        requirements=ENCRYPTED,
        context=TODAY | {"cni_can_encrypt": "yes"},
        baseline=calico(sidecars=680),
        operations={"data_path_debuggers": "nobody", "upgrades_per_year": 3},
    )
    assert found.product == "calico-wireguard"
    assert found.plan[-1].id == "removal"
    assert any("met its gate" in one for one in found.plan[-1].prerequisites)
    assert "is taken out in the last stage, when those before have met their gates." in found.next_step


@pytest.mark.parametrize(
    ("current", "says"),
    [
        ("Linkerd 2.19 in all namespaces", "default inbound policy to all-unauthenticated"),
        ("Consul with sidecars", "mutualTLSMode to permissive"),
        ("Istio 1.27 sidecars", "make mutual TLS permissive"),
    ],
)
def test_each_mesh_is_left_as_its_own_product_wants_it(current: str, says: str) -> None:
    found = advised(requirements=ENCRYPTED, context={"current": current}, baseline=calico(sidecars=230))
    stage = found.plan[-1]
    assert stage.id == "removal"
    assert says in stage.what
    assert "none in those that left" in stage.proof


def test_what_runs_is_weighed_where_another_option_is_the_answer() -> None:
    found = advised(requirements=ENCRYPTED, context={"current": "Linkerd 2.20"}, baseline=calico(sidecars=230))
    (said,) = (one.text for one in found.advisories if one.topic == "What runs today")
    assert said.startswith("Linkerd, which runs here, can meet encryption between nodes too.")
    stays = istio_for_requests()
    assert "What runs today" not in {one.topic for one in stays.advisories}
    nothing = advised(requirements=ENCRYPTED, context={"current": "No mesh"}, baseline=calico())
    assert "What runs today" not in {one.topic for one in nothing.advisories}


def test_the_mesh_that_is_the_answer_or_may_be_needed_is_not_taken_out() -> None:
    stays = istio_for_requests()
    assert "removal" not in told(stays)
    open_ = advised(requirements={"workload_identity": "not_sure"}, context=TODAY, baseline=calico(sidecars=680))
    assert [one.id for one in open_.plan] == ["nothing"]


def test_metrics_that_may_come_from_the_mesh_go_with_it() -> None:
    observed = calico(sidecars=680, services_observed_percent=90)
    wish = {"request_metrics": {"need": "nice"}}
    with_mesh = advised(requirements=wish, context=TODAY, baseline=observed)
    assert with_mesh.best.nice_missed == ("request_metrics",)
    without = advised(requirements=wish, baseline=calico(services_observed_percent=90))
    assert without.best.nice_met == ("request_metrics",)


def test_what_is_still_to_build_is_the_next_step_of_a_decision_without_a_mesh() -> None:
    found = advised(
        requirements={"encryption_between_nodes": RULE | {"simplest_fix": {"outcome": "works"}}, "audit_proof": RULE},
        context={"cloud_encryption_accepted": "yes", "threats": ["network"]},
        baseline=calico(),
    )
    assert found.approach == "no-mesh"
    assert found.next_step.startswith("Run a daily job per cluster")


def test_the_other_mode_of_the_ambient_mesh_that_runs_is_added_to_it() -> None:
    asked: dict[str, Any] = {"workload_identity": RULE, "l7_authorization": RULE | {"scope": "2 of 9 namespaces"}}
    team = {"pod_restarts": "platform_any_time", "ca_owner": "Platform", "data_path_debuggers": "two_or_more"}
    runs = advised(requirements=asked, context={"current": "Istio ambient"}, baseline=calico(), operations=team)
    fresh = advised(requirements=asked, context={"current": "No mesh"}, baseline=calico(), operations=team)
    assert runs.product == fresh.product == "istio-ambient-waypoint"
    assert "Its control plane runs here today (Istio ambient), so nothing is installed again." in runs.next_step
    assert "First stage of Istio ambient with waypoints: Install istiod" in fresh.next_step
    hours = {
        one: next(c for c in found.best.costs if c.name == "Introduction").hours.likely
        for one, found in (("runs", runs), ("fresh", fresh))
    }
    assert 0 < hours["runs"] < hours["fresh"]


ENCRYPTION = {"encryption_between_nodes": INCIDENT}


@pytest.mark.parametrize("cni", ["Cilium", "Calico", "Antrea", "Flannel", "Weave"])
def test_where_there_is_one_cluster_nobody_is_asked_which_goes_first(cni: str) -> None:
    for clusters, asked in ((1, False), (3, True)):
        found = advised(
            requirements=ENCRYPTION,
            context={"cni_can_encrypt": "yes"},
            baseline={**MEASURED, "clusters": clusters, "cni": cni},
        )
        assert ("least critical" in found.next_step) is asked, found.next_step
        assert any("least critical" in f"{one.title} {one.what}" for one in found.plan) is asked


@pytest.mark.parametrize(
    ("current", "cni", "on"),
    [
        ("Cilium with WireGuard switched on", "Cilium", "WireGuard"),
        ("NetworkPolicies; WireGuard is on", "Calico", "WireGuard"),
        ("WireGuard läuft zwischen den Nodes", "Calico", "WireGuard"),
        ("NetworkPolicies", "Calico 3.32 with WireGuard", "WireGuard"),
        ("Cilium encrypts with IPsec", "Cilium", ""),
        ("Cilium, which could switch WireGuard on", "Cilium", ""),
        ("Cilium with WireGuard planned", "Cilium", ""),
        ("Cilium without WireGuard", "Cilium", ""),
        ("Cilium; WireGuard is off", "Cilium", ""),
        ("Cilium; developers come in by a WireGuard VPN", "Cilium", ""),
        ("Cilium", "Cilium", ""),
    ],
)
def test_encryption_that_runs_is_not_switched_on_again(current: str, cni: str, on: str) -> None:
    found = advised(
        requirements=ENCRYPTION,
        context={"current": current, "cni_can_encrypt": "yes"},
        baseline={**MEASURED, "clusters": 1, "cni": cni},
    )
    assert found.product == f"{cni.split(maxsplit=1)[0].lower()}-wireguard"
    first = found.plan[0]
    assert first.title.startswith("It is on already" if on else "On in the cluster")
    assert found.next_step.startswith(f"Nothing is switched on: {on} is on here today." if on else "Before it starts:")
    assert ("encryption" in {one.id for one in first.features}) is not bool(on)
    assert bool(first.prerequisites) is not bool(on)
    assert first.proof


def test_a_mesh_beside_encryption_that_runs_does_not_switch_it_on() -> None:
    found = advised(
        requirements={
            "encryption_between_nodes": RULE | {"simplest_fix": {"outcome": "not_tried"}},
            "workload_identity": RULE | {"simplest_fix": {"outcome": "cannot"}},
        },
        context={"current": "Calico with WireGuard switched on", "cni_can_encrypt": "yes"},
        baseline={**MEASURED, "cni": "Calico", "udp_share": 0.3},
    )
    stage = told(found)["fix-encryption-in-the-cni"]
    assert stage.title == "The CNI's encryption beside it"
    assert stage.what.startswith("WireGuard is on here today and stays on")


def test_the_cnis_encryption_beside_a_mesh_cites_the_cni_that_runs() -> None:
    for cni, author in (("Calico", "Tigera"), ("Cilium", "Cilium documentation"), ("Weave", "Cilium documentation")):
        found = advised(
            requirements={name: RULE | {"simplest_fix": {"outcome": "cannot"}} for name in ("workload_identity",)}
            | {"encryption_between_nodes": RULE},
            context={"cni_can_encrypt": "yes"},
            baseline={**MEASURED, "cni": cni, "udp_share": 0.3},
        )
        assert "fix-encryption-in-the-cni" in told(found)
        (met,) = [one for one in found.best.reasons if one.rule == "met_by_add_on"]
        assert met.sources[0].text.startswith(author)


def test_the_first_namespace_is_named_wherever_a_beginning_is() -> None:
    first = {
        "plan": {"first_namespace": "shop"},
        "baseline": {**MEASURED, "cni": "Calico", "kubernetes_version": "1.34"},
    }
    policies = advised(requirements={"network_segmentation": RULE}, **first)
    assert "Start with the namespace shop." in told(policies)["fix-network-policies"].what
    failed = RULE | {"simplest_fix": {"outcome": "cannot"}}
    here = advised(
        requirements={"workload_identity": failed, "l7_authorization": failed},
        context={"current": "Istio ambient 1.30.3"},
        **first,
    )
    assert "Its control plane runs here today" in here.next_step
    assert here.next_step.endswith("Start with the namespace shop.")


SKILLED = {
    "data_path_debuggers": "two_or_more",
    "pod_restarts": "platform_any_time",
    "upgrades_per_year": 4,
    "ca_owner": "Platform security",
}


@pytest.mark.parametrize("requirement", ["workload_identity", "l7_authorization", "resilience", "central_control"])
def test_before_a_mesh_that_only_lacks_a_trial_the_trial_comes_first(requirement: str) -> None:
    def asked(outcome: str, **context: object) -> Recommendation:
        return advised(
            requirements={requirement: RULE | {"simplest_fix": {"outcome": outcome}}},
            context={"languages": 5, "application_teams": 12} | context,
            baseline={**MEASURED, "cni": "Calico", "kubernetes_version": "1.35"},
            operations=SKILLED,
        )

    found = asked("not_tried")
    assert found.approach in {Approach.AMBIENT_MESH, Approach.SIDECAR_MESH}
    assert found.next_step.startswith("Nobody has tried the smallest fix for ")
    assert found.plan[0].prerequisites[0].startswith("Nobody has tried the smallest fix for ")
    # It is true: where the fix works, no mesh is needed.
    assert asked("works").approach is Approach.NO_MESH
    # Where it was tried, cannot be, or the team has said what it takes, nothing is missing.
    for other in (asked("not_enough"), asked("cannot"), asked("not_tried", fix_days_per_service=20)):
        assert "Nobody has tried" not in other.next_step
        assert not any("Nobody has tried" in text for stage in other.plan for text in stage.prerequisites)
    here = asked("not_tried", current="Istio 1.30.3 sidecars in every namespace")
    assert "Nobody has tried" not in here.next_step


def test_a_mesh_that_another_must_needs_waits_for_no_trial() -> None:
    found = advised(
        requirements={
            "workload_identity": RULE | {"simplest_fix": {"outcome": "cannot"}},
            "resilience": RULE | {"simplest_fix": {"outcome": "not_tried"}},
        },
        context={"languages": 5, "application_teams": 12},
        baseline={**MEASURED, "cni": "Calico", "kubernetes_version": "1.35"},
        operations=SKILLED,
    )
    assert found.approach in {Approach.AMBIENT_MESH, Approach.SIDECAR_MESH}
    assert "Nobody has tried" not in found.next_step
