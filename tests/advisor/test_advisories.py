"""Advisories: the right notes for a case, filled with its numbers, and nothing said that does not apply."""

import re
from typing import Any

import pytest

from decisions.advisor import rollout
from decisions.advisor.advisories import Chosen, advise
from decisions.advisor.case import Case, read
from decisions.advisor.catalog import load
from decisions.advisor.conditions import CONDITIONS, OF_ADD_ONS, OF_PRODUCT, holds, missing
from decisions.advisor.quantities import ZERO, Range
from decisions.advisor.recommendation import Overhead

CATALOG = load()
RULE = {"need": "must", "evidence": {"kind": "rule", "reference": "clause 4"}}
POLICY = {"need": "must", "evidence": {"kind": "policy", "reference": "standard 7"}}


def case(**sections: Any) -> Case:
    return read({"schema": "meshadvisor-case/1", "title": "A platform", **sections})


def notes(product: str, given: Case, *add_ons: str, chosen: Chosen | None = None) -> dict[str, str]:
    """Topic -> text of what is said."""
    sheets = [CATALOG.add_ons[one] for one in add_ons]
    said = advise(given, CATALOG.products[product], sheets, chosen or Chosen())
    return {one.topic: one.text for one in said}


EMPTY = case()
EVERYTHING = case(
    requirements={
        "encryption_between_nodes": RULE,
        "encryption_same_node": RULE,
        "fips_cryptography": RULE,
        "workload_identity": RULE,
        "network_segmentation": POLICY,
        "l7_authorization": {**POLICY, "scope": "2 of 9 namespaces"},
        "egress_control": POLICY,
        "grpc_load_balancing": {"need": "must", "evidence": {"kind": "incident"}, "scope": "2 of 9 namespaces"},
        "resilience": {"need": "must", "evidence": {"kind": "incident"}, "scope": "2 of 9 namespaces"},
        "multi_cluster": POLICY,
        "vm_workloads": POLICY,
        "audit_proof": RULE,
    },
    context={
        "current": "Istio sidecars everywhere",
        "threats": ["network", "compromised_pod", "compromised_node", "provider_staff"],
        "assessor_confirmed": "not_asked",
        "languages": 5,
        "application_teams": 40,
    },
    baseline={
        "clusters": 30,
        "nodes": 900,
        "pods": 12000,
        "services": 1500,
        "namespaces": 9,
        "jobs": 70,
        "virtual_machines": 12,
        "single_node_clusters": 3,
        "gvisor_pods": 4,
        "windows_nodes": 2,
        "host_network_pods": 6,
        "virtual_node_pods": 8,
        "long_lived_connections": 500,
        "sidecars": 9000,
        "udp_share": 0.1,
        "kubernetes_version": "1.28",
        "cni": "Calico",
        "busiest_pod_ratio": 3.0,
    },
    operations={
        "data_path_debuggers": "nobody",
        "pod_restarts": "each_team",
        "connection_resets": "no",
        "bootstrap_hazards": ["single_node_edge", "blocking_admission_webhooks"],
    },
)

OTHERS = {
    # Conditions that the case above excludes by its other answers.
    "ca_owned": case(operations={"ca_owner": "Platform security"}),
    "cni_cilium": case(baseline={"cni": "Cilium 1.18"}),
    "cni_of_provider": case(baseline={"cni": "Azure CNI powered by Cilium"}),
    "cni_of_aks": case(baseline={"cni": "Azure CNI powered by Cilium"}),
    "cni_of_gke": case(baseline={"cni": "GKE Dataplane V2"}),
    "encryption_of_provider": case(
        requirements={"encryption_between_nodes": POLICY}, baseline={"cni": "GKE Dataplane V2"}
    ),
    "audit_of_provider": case(requirements={"audit_proof": POLICY}, baseline={"cni": "GKE Dataplane V2"}),
    "cni_unknown": EMPTY,
    "egress_by_gke": case(requirements={"egress_control": POLICY}, baseline={"cni": "GKE Dataplane V2"}),
    "l7_unscoped": case(requirements={"l7_authorization": POLICY}),
    "kubernetes_current": case(baseline={"kubernetes_version": "v1.34.1"}),
    "restarts_allowed": case(operations={"pod_restarts": "platform_windows"}),
    "beta_accepted": case(operations={"beta_features": "yes"}),
    "linux_only": case(baseline={"windows_nodes": 0}),
    "nodes_enough": case(baseline={"single_node_clusters": 0}),
    "native_sidecars": case(baseline={"kubernetes_version": "v1.34.1"}),
    "not_gke": case(baseline={"kubernetes_version": "v1.33.5-eks-113cf36"}),
    "on_gke": case(baseline={"distribution": "GKE"}),
    "cni_maybe_cilium": case(baseline={"cni": "Cilium 1.18"}),
    "no_routes": case(requirements={"egress_control": POLICY}),
}
UNANSWERED = {
    "always",
    "cni_unknown",
    "native_sidecars_open",
    "maybe_gke",
    "maybe_eks",
    "cni_maybe_cilium",
    "cni_set_here",
    "maybe_several_clusters",
    "no_routes",
}
"""Conditions that hold when nothing was answered."""


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_every_condition_can_hold_and_holds_only_when_answered(name: str) -> None:
    assert CONDITIONS[name](OTHERS.get(name, EVERYTHING))
    assert CONDITIONS[name](EMPTY) == (name in UNANSWERED)


def test_sheets_and_conditions_know_each_other() -> None:
    used = {n.when for sheet in (*CATALOG.products.values(), *CATALOG.add_ons.values()) for n in sheet.advisories}
    used |= {one.settled_by for sheet in CATALOG.products.values() for one in sheet.rollout.prerequisites} - {""}
    used |= {one.when for sheet in rollout.load().sheets.values() for one in (*sheet.prerequisites, *sheet.changes)}
    assert used == set(CONDITIONS) | set(OF_PRODUCT) | set(OF_ADD_ONS)


def test_the_work_of_teams_is_spoken_of_where_code_changes_and_nowhere_else() -> None:
    topics = {"Who does the work", "Metrics"}
    for add_on in ("retries-in-code", "tls-in-application", "opentelemetry"):
        assert topics <= notes("none-app-library", EMPTY, add_on).keys()
    for add_ons in ((), ("provider-encryption",), ("network-policies", "audit-check"), ("edge-canary",)):
        assert not topics & notes("none-app-library", EMPTY, *add_ons).keys()


def test_permissive_first_is_said_where_mutual_tls_is_what_is_asked_for() -> None:
    grpc = case(requirements={"grpc_load_balancing": {"need": "must", "evidence": {"kind": "incident"}}})
    identity = case(requirements={"workload_identity": RULE})
    for product in ("istio-sidecar", "istio-ambient-waypoint", "linkerd", "consul", "kuma"):
        assert "Permissive first" not in notes(product, grpc)
        assert "Permissive first" in notes(product, identity)


@pytest.mark.parametrize(("kubernetes", "settled"), [("1.34", True), ("v1.33.2", True), ("1.32", False), (None, False)])
def test_native_sidecars_are_settled_where_istio_uses_them_by_itself(kubernetes: str | None, settled: bool) -> None:
    given = case(baseline={"kubernetes_version": kubernetes})
    asked = [one for one in missing(given, CATALOG.products["istio-sidecar"]) if "native sidecars" in one]
    assert bool(asked) is not settled
    assert ("Start order" in notes("istio-sidecar", given)) is not settled


@pytest.mark.parametrize(
    ("baseline", "settled"),
    [
        ({"bare_metal": True}, True),
        ({"bare_metal": True, "providers": 1}, False),
        ({"providers": 0}, True),
        ({"kubernetes_version": "v1.33.5-eks-113cf36"}, True),
        ({"kubernetes_version": "v1.33.4-gke.1134000"}, False),
        ({}, False),
    ],
)
def test_what_holds_of_one_cloud_is_not_asked_where_that_cloud_cannot_be(
    baseline: dict[str, Any], settled: bool
) -> None:
    asked = missing(case(baseline=baseline), CATALOG.products["calico-wireguard"])
    assert ("not on GKE" in asked) is not settled


def test_notes_on_clouds_and_on_cilium_stay_away_from_calico_on_bare_metal() -> None:
    given = case(baseline={"bare_metal": True, "cni": "Calico"})
    product = CATALOG.products["istio-ambient-l4"]
    told = {one.topic for one in rollout.load().sheets[product.id].prerequisites if holds(one.when, given, product)}
    assert "Ports" in told
    assert not told & {"On GKE", "On EKS", "CNI chaining"}


@pytest.mark.parametrize("given", [EMPTY, EVERYTHING, *OTHERS.values()])
@pytest.mark.parametrize("product", sorted(CATALOG.products))
def test_every_note_reads_well_for_every_case(product: str, given: Case) -> None:
    said = advise(given, CATALOG.products[product], CATALOG.add_ons.values())
    assert said
    for one in said:
        assert not re.search(r"[{}]|None|\b0 |  |\s[,.;:]", one.text), one.text
        assert one.text[0].isupper() or one.text[0].isdigit(), one.text
        assert one.text.endswith("."), one.text
        assert one.sources[0].text


def test_no_note_is_said_twice() -> None:
    said = advise(EVERYTHING, CATALOG.products["istio-sidecar"], [CATALOG.add_ons["tls-in-application"]] * 2)
    assert len({(one.topic, one.text) for one in said}) == len(said)


def test_the_same_case_gives_the_same_notes() -> None:
    product = CATALOG.products["linkerd"]
    assert advise(EVERYTHING, product, ()) == advise(EVERYTHING, product, ())


def test_sidecars_are_counted_against_node_proxies() -> None:
    given = case(baseline={"clusters": 6, "nodes_per_cluster_max": 40, "pods": 2400})
    text = notes("istio-ambient-l4", given)["How many proxies"]
    assert "about 2,400 sidecars, against at most 240 node proxies" in text


def test_unknown_sizes_become_words_not_numbers() -> None:
    text = notes("istio-ambient-l4", EMPTY)["How many proxies"]
    assert "one sidecar in every pod, against one proxy on each node" in text


def test_one_of_a_thing_is_singular() -> None:
    given = case(baseline={"jobs": 1, "nodes": 1, "pods": 1})
    assert notes("istio-ambient-l4", given)["Jobs"].startswith("1 Job ")
    assert "about 1 sidecar, against 1 node proxy" in notes("istio-ambient-l4", given)["How many proxies"]


def test_jobs_and_the_cron_jobs_that_start_more_are_told_apart() -> None:
    given = case(baseline={"jobs": 12, "cron_jobs": 31})
    assert notes("istio-ambient-l4", given)["Jobs"].startswith("12 Jobs and 31 CronJobs get no sidecar")


@pytest.mark.parametrize(
    ("baseline", "gke", "eks"),
    [
        ({}, True, True),
        ({"kubernetes_version": "v1.33.5-eks-113cf36"}, False, True),
        ({"kubernetes_version": "v1.33.5-gke.1080000"}, True, False),
        ({"distribution": "Amazon EKS and GKE"}, True, True),
        ({"distribution": "OpenShift"}, False, False),
        ({"bare_metal": True}, False, False),
    ],
)
def test_what_one_provider_asks_for_is_not_said_at_another(baseline: dict[str, Any], gke: bool, eks: bool) -> None:
    product = CATALOG.products["istio-ambient-l4"]
    sheet = rollout.load().sheets[product.id]
    said = {one.topic for one in sheet.prerequisites if holds(one.when, case(baseline=baseline), product)}
    assert ("On GKE" in said, "On EKS" in said) == (gke, eks)


def test_pods_in_scope_count_instead_of_all_pods() -> None:
    given = case(baseline={"pods": 2400, "pods_in_scope": 300, "nodes": 20})
    assert "about 300 sidecars" in notes("istio-ambient-l4", given)["How many proxies"]


@pytest.mark.parametrize(
    ("baseline", "count"),
    [
        ({"pods": 57, "host_network_pods": 41}, 16),
        ({"pods": 57, "host_network_pods": 41, "pods_in_scope": 12}, 12),
        ({"pods": 57, "host_network_pods": 41, "pods_in_scope": 30}, 16),
    ],
)
def test_pods_on_the_hosts_network_get_no_sidecar(baseline: dict[str, int], count: int) -> None:
    said = notes("istio-sidecar", case(baseline=baseline))["How many proxies"]
    assert f"about {count} sidecars" in said


def test_waypoints_stay_where_a_must_asks_for_them() -> None:
    scoped = case(requirements={"l7_authorization": {**POLICY, "scope": "4 of 30 namespaces"}})
    said = notes("istio-ambient-waypoint", scoped)
    assert "only for the 4 namespaces with L7 rules" in said["Waypoints only where asked"]
    assert "Waypoints one by one" not in said


def test_a_second_must_without_scope_takes_the_scope_away() -> None:
    mixed = case(
        requirements={
            "l7_authorization": {**POLICY, "scope": "4 of 30 namespaces"},
            "request_metrics": {"need": "must", "evidence": {"kind": "slo"}},
        }
    )
    said = notes("istio-ambient-waypoint", mixed)
    assert "Waypoints only where asked" not in said
    assert "Waypoints one by one" in said


def test_a_must_that_somebody_only_asked_for_raises_no_note() -> None:
    asked = {"need": "must", "evidence": {"kind": "person", "who": "an architect"}}
    assert "Identity is the must" not in notes("istio-ambient-l4", case(requirements={"workload_identity": asked}))
    assert "Identity is the must" in notes("istio-ambient-l4", case(requirements={"workload_identity": RULE}))


def test_owner_of_the_certificate_authority_is_named_or_missed() -> None:
    owned = notes("istio-sidecar", case(operations={"ca_owner": "Platform security"}))
    missed = notes("istio-sidecar", EMPTY)
    assert owned["Owner of the certificate authority"].startswith(
        "The mesh's certificate authority has an owner, by your answer “Platform security”"
    )
    assert missed["Owner of the certificate authority"].startswith("Nobody is named")
    for text in (owned["Owner of the certificate authority"], missed["Owner of the certificate authority"]):
        assert "alert at 60 and again at 30 days" in text


@pytest.mark.parametrize("product", ["istio-sidecar", "istio-ambient-l4", "linkerd", "consul", "kuma"])
def test_of_a_mesh_that_runs_is_asked_who_has_its_authority_not_told_to_name_one_before_installing(
    product: str,
) -> None:
    name = product.partition("-")[0]
    runs = notes(product, case(context={"current": f"{name} 1.2.3 in 16 pods"}))["Owner of the certificate authority"]
    assert "Has it one today?" in runs
    assert "before installing" not in runs
    other = "Kuma" if product != "kuma" else "Linkerd"
    anew = notes(product, case(context={"current": f"{other} in 16 pods"}))["Owner of the certificate authority"]
    assert "Name one before installing" in anew


def test_clusters_that_are_in_a_mesh_are_not_told_to_plan_a_root_before_the_first() -> None:
    given = {"baseline": {"clusters": 3}}
    assert "before the first cluster" in notes("istio-sidecar", case(**given))["Several clusters"]
    for product, current in (("istio-sidecar", "Istio 1.27.1"), ("linkerd", "Linkerd")):
        said = notes(product, case(**given, context={"current": current}))["Several clusters"]
        assert "before the first cluster" not in said
        assert "See whether" in said


def test_a_mesh_that_stays_changes_no_default() -> None:
    given = case(context={"current": "Istio 1.27.1, a proxy in 16 pods"})
    assert "Changing a default" not in notes("istio-sidecar", given)
    assert "Changing a default" in notes("istio-ambient-l4", given)


def test_not_sure_who_owns_it_is_not_an_owner() -> None:
    assert notes("linkerd", case(operations={"ca_owner": "not_sure"}))["Owner of the certificate authority"].startswith(
        "Nobody"
    )


def test_another_cni_is_a_migration_and_the_same_is_not() -> None:
    assert "You run Calico today" in notes("cilium-wireguard", case(baseline={"cni": "Calico"}))["CNI migration"]
    assert "CNI migration" not in notes("cilium-wireguard", case(baseline={"cni": "Cilium (managed)"}))
    assert "CNI migration" not in notes("istio-sidecar", case(baseline={"cni": "Calico"}))


def test_an_unknown_cni_is_a_question() -> None:
    assert "Which CNI" in notes("calico-wireguard", EMPTY)
    assert "Which CNI" not in notes("calico-wireguard", case(context={"cni_can_encrypt": "yes"}))


@pytest.mark.parametrize(
    ("version", "behind_istio", "without_native_sidecars"),
    [
        ("1.28", True, True),
        ("v1.29.4-gke.100", True, False),
        ("1.31", True, False),
        ("1.32", False, False),
        ("?", False, False),
    ],
)
def test_kubernetes_versions(version: str, behind_istio: bool, without_native_sidecars: bool) -> None:
    given = case(baseline={"kubernetes_version": version, "jobs": 3})
    said = notes("istio-sidecar", given)
    assert ("Kubernetes version" in said) == behind_istio
    assert ("No native sidecars" in said) == without_native_sidecars


def test_the_team_of_a_large_estate_gets_its_hours() -> None:
    given = case(baseline={"pods": 20000, "clusters": 25})
    hours = Range(low=90.0, likely=180.0, high=400.0)
    overhead = Overhead(
        cpu_vcpu=Range(low=300.0, likely=1200.0, high=4000.0),
        memory_gib=Range(low=500.0, likely=1000.0, high=2000.0),
        p99_ms=ZERO,
        p50_ms=ZERO,
        basis="20,000 pods",
    )
    said = notes("istio-sidecar", given, chosen=Chosen(hours=hours, overhead=overhead))
    assert "dedicated team: 180 hours (90 to 400) a month" in said["A team of its own"]
    assert "1,200 vCPU (300 to 4,000) and 1,000 GiB (500 to 2,000)" in said["How many proxies"]
    assert "Two control planes" in said


def test_pod_lifetime_is_the_teams_own_where_there_is_one() -> None:
    own = case(baseline={"pods": 2000, "pod_max_lifetime_days": 21})
    assert "(21 days, as you have it)" in notes("istio-sidecar", own)["Maximum pod lifetime"]
    assert "about two weeks" in notes("istio-sidecar", case(baseline={"pods": 2000}))["Maximum pod lifetime"]


def test_a_small_estate_is_not_told_what_large_ones_need() -> None:
    said = notes("istio-sidecar", case(baseline={"pods": 200, "clusters": 2, "services": 40}))
    assert not {"Two control planes", "Maximum pod lifetime", "A team of its own"} & set(said)


@pytest.mark.parametrize(
    "operations",
    [{"bootstrap_hazards": ["single_node_edge"]}, {"bootstrap_hazards": ["blocking_admission_webhooks"]}],
)
def test_start_up_deadlock_is_named_for_either_hazard(operations: dict[str, Any]) -> None:
    text = notes("istio-ambient-l4", case(operations=operations))["Start-up deadlock"]
    assert "Exclude the mesh's namespace from blocking webhooks or order their start" in text
    assert "test a cold boot" in text


def test_strict_mode_clear_text_and_the_capture_belong_to_wireguard() -> None:
    said = notes("cilium-wireguard", case(requirements={"encryption_between_nodes": POLICY}))
    assert "no plaintext fallback" in said["Strict mode"]
    for left in ("same node", "host traffic", "API-server-proxied traffic"):
        assert left in said["What stays unencrypted"]
    assert "packet capture between two nodes" in said["Proof"]


@pytest.mark.parametrize("product", ["calico-wireguard", "flannel-wireguard", "antrea-wireguard", "antrea-ipsec"])
def test_where_there_is_no_strict_mode_the_sheet_says_so(product: str) -> None:
    said = notes(product, case(requirements={"encryption_between_nodes": POLICY}))
    assert "No strict mode" in said
    assert "Strict mode" not in said


def test_egress_is_seen_before_it_is_denied_and_approved_before_it_is_deployed() -> None:
    given = case(requirements={"egress_control": POLICY}, baseline={"cni": "cilium"}, context={"application_teams": 30})
    said = notes("cilium-service-mesh", given)
    assert "with the CNI you already run" in said["Named destinations"]
    assert said["Visibility first, then deny"].startswith("Allow and record every name")
    assert (
        "Let 30 teams ask for destinations by pull request, with approval by security"
        in said["Self-service with approval"]
    )


def test_egress_with_another_cni_does_not_claim_it_runs_already() -> None:
    given = case(requirements={"egress_control": POLICY}, baseline={"cni": "Calico"})
    assert "the CNI you already run" not in notes("cilium-service-mesh", given)["Named destinations"]


def test_balancing_in_clients_says_how_late_dns_is_and_when_to_stop() -> None:
    given = case(baseline={"busiest_pod_ratio": 2.8})
    said = notes("none-app-library", given, "client-side-grpc-balancing")
    assert "re-resolved late" in said["New pods are seen late"]
    assert "(2.8 today)" in said["Measure again"]
    assert "below about 1.5" in said["Measure again"]


def test_linkerds_anchor_and_artefacts_are_always_told() -> None:
    said = notes("linkerd", EMPTY)
    assert "365 days" in said["Trust anchor"]
    assert "stable-2.14.10" in said["Stable artefacts"]


def test_a_named_mesh_makes_a_new_default_a_breaking_change() -> None:
    assert (
        "breaking change"
        in notes("istio-ambient-l4", case(context={"current": "Linkerd since 2021"}))["Changing a default"]
    )
    assert "Changing a default" not in notes("istio-ambient-l4", case(context={"current": "No mesh today"}))


def test_a_confirmed_rule_needs_no_reminder() -> None:
    confirmed = case(requirements={"workload_identity": RULE}, context={"assessor_confirmed": "yes"})
    open_question = case(requirements={"workload_identity": RULE}, context={"assessor_confirmed": "not_asked"})
    assert "Reading of the rule" not in notes("linkerd", confirmed)
    assert "Reading of the rule" in notes("linkerd", open_question)
