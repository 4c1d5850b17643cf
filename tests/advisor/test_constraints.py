"""Where an option cannot run, or only with care: each constraint changes the answer and stands in the record."""

import json
from dataclasses import replace
from typing import Any

import pytest

from decisions.advisor.catalog import Catalog, Level, load
from decisions.advisor.conditions import missing
from decisions.advisor.engine import answer, recommend
from decisions.advisor.recommendation import Approach, Confidence, NextStep, Recommendation, Status, Verdict
from decisions.advisor.record import document, draft
from decisions.advisor.rules.platform import kubernetes_out_of_support, version_out_of_support
from decisions.advisor.versions import support_ended
from tests.advisor.judging import best, case, must, ranking, reason, tried
from tests.sample_record import ABOUT

CATALOG = load()
WIRE = {"encryption_between_nodes": must()}
IDENTITY = {"workload_identity": tried("cannot")}
FIPS = WIRE | {"fips_cryptography": must("rule")}
ROUTES = {one: tried("cannot") for one in ("workload_identity", "resilience", "traffic_splitting")}


def judged(requirements: dict[str, Any], catalog: Catalog = CATALOG, **sections: Any) -> tuple[Recommendation, str]:
    """The answer, and everything its record says."""
    one = case(requirements, **sections)
    found = answer(one, catalog)
    return found, json.dumps(document(draft(one, found, catalog, ABOUT))["sections"], ensure_ascii=False)


CALICO = {"baseline": {"cni": "Calico", "kernel_version": "6.1", "kubernetes_version": "1.36"}}


def on(**baseline: Any) -> dict[str, Any]:
    """A case on Calico with new nodes, but for this."""
    return {"baseline": CALICO["baseline"] | baseline}


CHANGES = [
    # what is asked, the case before and after, the answer before and after, and the words of the record after it
    ("kernel", WIRE, CALICO, on(kernel_version="4.18"), "calico-wireguard", "calico-wireguard", "needs 5.6 or newer"),
    ("no upgrade", WIRE, on(kernel_version="4.18"),
     on(kernel_version="4.18") | {"operations": {"platform_upgrade": "no"}}, "calico-wireguard",
     "istio-ambient-l4", "You cannot upgrade that."),
    ("Kubernetes", IDENTITY, CALICO, on(kubernetes_version="1.24"), "istio-ambient-l4", "istio-ambient-l4",
     "Kubernetes 1.24 is older than 1.27"),
    ("CNI", WIRE, CALICO, on(cni="Weave Net"), "calico-wireguard", "istio-ambient-l4",
     "Weave Net would have to be replaced by"),
    ("Windows", IDENTITY, CALICO, on(windows_nodes=30), "istio-ambient-l4", "none-app-library",
     "30 Windows nodes would stay outside"),
    ("gVisor", IDENTITY, CALICO, on(gvisor_pods=12), "istio-ambient-l4", "istio-ambient-l4",
     "12 sandboxed pods (gVisor) would be left out"),
    ("some on Fargate", IDENTITY, CALICO, on(virtual_node_pods=12), "istio-ambient-l4", "istio-ambient-l4",
     "12 pods run on virtual nodes (Fargate), where no DaemonSet runs"),
    ("most on Fargate", IDENTITY, CALICO, on(virtual_node_pods=300), "istio-ambient-l4", "none-app-library",
     "where neither NET_ADMIN nor a DaemonSet is allowed"),
    ("single node", WIRE, CALICO, on(nodes=1), "calico-wireguard", "none-app-library",
     "no call between its pods crosses a network"),
    ("FIPS build", FIPS, CALICO | {"operations": {"support": "vendor"}},
     CALICO | {"operations": {"support": "community"}}, "istio-ambient-l4", "cilium-ipsec",
     "a vendor's build is needed, which is not the support you asked for"),
    ("support window", ROUTES, CALICO | {"operations": {"upgrades_per_year": 4}},
     CALICO | {"operations": {"upgrades_per_year": 1}}, "istio-sidecar", "istio-sidecar",
     "It would fall out of support."),
    ("maturity", IDENTITY, on(cni="Cilium", gvisor_pods=3) | {"operations": {"pod_restarts": "not_possible"}},
     on(cni="Cilium", gvisor_pods=3) | {"operations": {"pod_restarts": "not_possible", "beta_features": "yes"}},
     "istio-ambient-l4", "istio-ambient-l4", "beta, which you accept for a must-have"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "before", "after", "first", "then", "words"),
    [row[1:] for row in CHANGES],
    ids=[row[0] for row in CHANGES],
)
def test_a_constraint_changes_the_answer_and_stands_in_the_record(
    asked: dict[str, Any], before: dict[str, Any], after: dict[str, Any], first: str, then: str, words: str
) -> None:
    free, told = judged(asked, **before)
    held, says = judged(asked, **after)
    assert free.product == first
    assert words not in told
    assert held.product == then
    assert words in says
    assert [one.status for one in free.ranking] != [one.status for one in held.ranking] or first != then


@pytest.mark.parametrize(
    ("known", "then", "words"),
    [
        (Level.FULL, "flannel-wireguard", ""),
        (Level.PARTIAL, "flannel-wireguard", "IPv6 is in use or planned: With IPv6 switched on"),
        (Level.UNKNOWN, "istio-ambient-l4", "for Flannel with WireGuard that is not verified"),
    ],
)
def test_ipv6_that_needs_a_setting_is_said_and_unverified_ipv6_gives_way(known: Level, then: str, words: str) -> None:
    flannel = CATALOG.products["flannel-wireguard"]
    assert flannel.constraints.ipv6
    limits = replace(flannel.constraints, ipv6=replace(flannel.constraints.ipv6, value=known))
    catalog = replace(CATALOG, products=CATALOG.products | {flannel.id: replace(flannel, constraints=limits)})
    before, told = judged(WIRE, catalog, **on(cni="Flannel"))
    after, says = judged(WIRE, catalog, **on(cni="Flannel", ipv6_planned=True))
    assert before.product == "flannel-wireguard"
    assert "IPv6 is in use or planned" not in told
    assert after.product == then
    assert words in says if words else f"for {flannel.title} that is not verified" not in says


def only(*sidecars: str, **changes: Any) -> Catalog:
    """The catalogue with these sidecar meshes alone, each with changes to its operations."""
    products = {
        key: replace(one, operations=replace(one.operations, **changes)) if key in sidecars else one
        for key, one in CATALOG.products.items()
        if key in sidecars or one.approach.value != "sidecar-mesh"
    }
    return replace(CATALOG, products=products)


@pytest.mark.parametrize(
    ("product", "words"),
    [("linkerd", "free artefacts are edge releases only"), ("consul", "Consul itself is said to be under BUSL")],
)
def test_a_licence_or_missing_stable_artefacts_strain_who_asks_for_them(product: str, words: str) -> None:
    vendor, told = judged(ROUTES, only(product), **CALICO, operations={"support": "vendor"})
    free, says = judged(ROUTES, only(product), **CALICO, operations={"support": "stable_open_source"})
    standing = {one.product: one.status for one in free.ranking}
    assert {one.product: one.status for one in vendor.ranking}[product] is Status.FITS
    assert standing[product] is Status.STRAINED
    assert "You want stable open-source artefacts" not in told
    assert words in says


@pytest.mark.parametrize(
    ("ends", "said"), [("2026-10", "about 2026-10"), ("2026-10-09", "on 2026-10-09"), ("2026-12", ""), ("", "")]
)
def test_a_version_past_its_support_on_the_day_of_the_catalogue_is_strained(ends: str, said: str) -> None:
    says = "Announced by the project." if ends else ""
    catalog = only("istio-sidecar", end_of_support=ends, end_of_support_says=says)
    found, record = judged(ROUTES, catalog, **CALICO)
    standing = next(one for one in found.ranking if one.product == "istio-sidecar")
    assert (standing.status is Status.STRAINED) is bool(said)
    ended = f"{standing.product_title}: support of version {catalog.products['istio-sidecar'].version} ended "
    assert (f"{ended}{said or 'about'}" in record) is bool(said)


@pytest.mark.parametrize(
    ("kubernetes", "told"),
    [
        ("1.24.17", "on 2023-07-28"),
        ("1.34", "on 2026-10-27"),
        ("1.36", ""),
        ("", ""),
    ],
)
def test_kubernetes_past_community_support_is_said_of_whatever_goes_into_the_path(kubernetes: str, told: str) -> None:
    assert support_ended(kubernetes, "2026-11-26") == told
    _, record = judged(WIRE, **on(kubernetes_version=kubernetes or None))
    assert ("upgrade it before anything new goes into the path of calls" in record) is bool(told)


@pytest.mark.parametrize(
    ("kubernetes", "distribution", "reason", "first"),
    [
        # EKS 1.30: extended support ended on 2026-07-23, before the day of the catalogue.
        ("v1.30.9-eks-5d632ec", None, "All support of Kubernetes v1.30.9-eks-5d632ec on EKS ended on 2026-07-23", True),
        ("1.26", "AKS", "All support of Kubernetes 1.26 on AKS ended before 2026-02-28", True),
        ("v1.33.5-eks-113cf36", None, "extended support goes on until 2027-07-29 and costs more", False),
        ("1.33", "AKS", "long-term support, for clusters that have it, goes on until 2027-07-31", False),
        (
            "v1.33.5-gke.1080000",
            None,
            "ended on 2026-08-03, and GKE upgrades clusters outside the Extended channel by itself",
            False,
        ),
        ("v1.35.1-gke.100", None, "", False),
        ("v1.34.2-eks-1", None, "", False),
        ("1.31", "OpenShift 4.18", "on OpenShift the provider's own calendar decides", False),
        ("1.31", None, "unless your distribution still repairs it", True),
        ("1.31", "kubeadm", "unless your distribution still repairs it", True),
    ],
)
def test_a_managed_kubernetes_has_the_calendar_of_its_provider(
    kubernetes: str, distribution: str | None, reason: str, first: bool
) -> None:
    """Community support of 1.31 and 1.33 has ended on every one of these days."""
    found, record = judged(WIRE, **on(kubernetes_version=kubernetes, distribution=distribution))
    said = [one.because for one in found.best.reasons if one.rule == "kubernetes_out_of_support"]
    assert bool(said) == bool(reason)
    assert all(reason in one for one in said)
    assert (reason or "support of Kubernetes") in record or not reason
    assert ("before the first stage" in found.next_step) is first
    assert "community support" not in found.next_step.lower() or distribution in {None, "kubeadm"}


def test_an_upgrade_that_comes_first_is_the_next_step_with_what_follows_without_it() -> None:
    found, record = judged(WIRE, **on(kernel_version="4.18"))
    assert found.next_kind is NextStep.UPGRADE_FIRST
    assert found.next_step.startswith(
        "Upgrade first: the nodes to a kernel of 5.6 or newer (4.18 today). Then CNI-level"
    )
    assert "(Linux 5.6)" not in found.next_step, "what the upgrade brings is no prerequisite beside it"
    assert found.plan[0].prerequisites[0] == "Upgrade first: the nodes to a kernel of 5.6 or newer (4.18 today)"
    fixed, _ = judged(WIRE, **on(kernel_version="4.18"), operations={"platform_upgrade": "no"})
    assert f"({fixed.product_title}) is next." in found.next_step
    assert any(one.path == "operations.platform_upgrade" for one in found.assumptions)
    assert "nobody has said so yet" in record
    agreed, _ = judged(WIRE, **on(kernel_version="4.18"), operations={"platform_upgrade": "yes"})
    assert not any(one.path == "operations.platform_upgrade" for one in agreed.assumptions)


def test_encryption_alone_never_asks_for_a_proxy_in_every_pod() -> None:
    found, _ = judged(WIRE, **on(kernel_version="4.18", kubernetes_version="1.24"))
    assert found.product == "calico-wireguard"
    sidecars = ranking(case(WIRE, **CALICO))[next(one.approach for one in found.ranking if "sidecar" in one.approach)]
    assert sidecars.status is Status.STRAINED
    assert best(case(IDENTITY, **CALICO)).setting.product.id == "istio-ambient-l4"


def test_where_nothing_fits_the_record_says_where_not_and_offers_the_nearest() -> None:
    found, record = judged(IDENTITY, **on(nodes=30, windows_nodes=20))
    assert found.next_kind is NextStep.SETTLE_FIRST
    assert "No product here gives it on the 20 Windows nodes." in found.headline
    linux, relaxed = found.ways_on
    assert "on the 10 Linux nodes only" in linux.change
    assert linux.becomes == "Ambient mesh (Istio ambient, ztunnel only)"
    assert relaxed.becomes == "No mesh"
    assert "No option fits as it is asked: ways on" in record
    assert all(one.change in record and one.change in found.next_step for one in found.ways_on)
    (stage,) = found.plan
    assert stage.title == "Nothing until this is settled"
    assert stage.only_because == "No option meets workload identity as it is asked."


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        (on(virtual_machines=3) | {"operations": {"pod_restarts": "not_possible"}}, "restart pods in windows"),
        (on(virtual_node_pods=412), "Run the 412 pods on nodes of your own"),
        (on(udp_share=0.4, cni="Weave Net"), "UDP stays in clear text"),
        (
            on(kubernetes_version="1.24") | {"operations": {"platform_upgrade": "no"}},
            "Let nodes and Kubernetes be upgraded",
        ),
    ],
)
def test_every_way_on_was_judged(sections: dict[str, Any], words: str) -> None:
    asked = WIRE | IDENTITY | ({"vm_workloads": must()} if sections["baseline"].get("virtual_machines") else {})
    found, _ = judged(asked, **sections)
    assert found.best.status is Status.RULED_OUT
    assert any(words in one.change for one in found.ways_on)


def test_requirements_nobody_is_sure_of_are_neither_needed_nor_not() -> None:
    found, record = judged({"workload_identity": "not_sure", "l7_authorization": "not_sure"}, **CALICO)
    assert found.headline.startswith("Nobody is sure about workload identity and authorization per request")
    assert found.next_step.startswith("Find out who needs workload identity and authorization per request")
    assert "no problem here for a mesh to solve" not in record
    assert found.plan[0].only_because == "No must-have has accepted evidence yet."
    assert found.next_kind is NextStep.SETTLE_FIRST
    assert found.confidence is Confidence.LOW


def test_a_cni_nobody_named_is_found_out_first() -> None:
    unknown, _ = judged(WIRE, baseline={"cni": "not_sure"})
    assert unknown.next_step.startswith("Find out first which CNI runs here")
    able, _ = judged(WIRE, baseline={"cni": "not_sure"}, context={"cni_can_encrypt": "yes"})
    assert "Find out first" not in able.next_step


def test_no_way_on_is_offered_where_something_fits() -> None:
    found, record = judged(WIRE, **CALICO)
    assert found.ways_on == ()
    assert "ways on" not in record


def test_what_the_team_has_answered_is_no_prerequisite() -> None:
    product = CATALOG.products["istio-sidecar"]
    nothing = missing(case(IDENTITY, baseline={"kubernetes_version": None}), product)
    assert len(nothing) == len(product.rollout.prerequisites)
    operations = {"ca_owner": "Platform security", "pod_restarts": "platform_windows"}
    for version, left in (
        ("1.32", ("native sidecars (kubelet 1.33 on every node, or switched on from 1.29)",)),
        ("1.36", ()),
    ):
        settled = case(IDENTITY, baseline={"kubernetes_version": version}, operations=operations)
        assert missing(settled, product) == left
    unsure = case(IDENTITY, operations={"ca_owner": "not_sure", "pod_restarts": "not_sure"})
    assert "an owner of the certificate authority with its alert" in missing(unsure, product)
    assert "the right to restart pods" in missing(unsure, product)


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        (
            {"cni": "Cilium", "cni_version": "1.15.3"},
            "Cilium 1.15 gets no fixes any more: its project repairs 1.18 and",
        ),
        ({"cni": "Cilium", "cni_version": "1.18.0"}, ""),
        ({"cni": "Calico 3.27"}, "Calico 3.27 gets no fixes any more: its project repairs 3.31 and newer"),
        ({"cni": "calico", "cni_version": "3.33.0"}, ""),
        ({"cni": "Cilium"}, ""),
        ({"cni": "Azure CNI powered by Cilium", "cni_version": "1.14"}, ""),  # the provider repairs it
        ({"cni": "Flannel", "cni_version": "0.20"}, ""),  # the project states no rule
        ({"cni": "Weave", "cni_version": "2.8"}, ""),
    ],
)
def test_a_cni_its_project_no_longer_repairs_is_upgraded_first(baseline: dict[str, str], said: str) -> None:
    found = recommend(case(IDENTITY, baseline=baseline), CATALOG)
    told = [one for one in found.best.reasons if one.rule == "cni_out_of_support"]
    assert bool(told) is bool(said)
    assert (said in found.next_step) if said else ("gets no fixes any more" not in found.next_step)
    for one in told:
        assert said in one.because
        assert one.sources[0].text
    without = recommend(case({}, baseline=baseline), CATALOG).best
    assert "cni_out_of_support" not in {one.rule for one in without.reasons}


def test_rules_on_time_look_at_the_catalogue_and_not_at_a_clock() -> None:
    later = replace(CATALOG, version="2027-07-01+test")
    setting = replace(best(case(IDENTITY, **CALICO)).setting, catalog=later)
    aged = version_out_of_support(setting)
    assert aged is not None
    assert aged.verdict is Verdict.AGAINST
    old = kubernetes_out_of_support(setting)
    assert old is not None
    assert "ended on 2027-06-28" in old.because


@pytest.mark.parametrize(("days", "strained"), [(1, False), (4, True)])
def test_work_of_more_than_a_year_is_a_project_and_no_small_measure(days: int, *, strained: bool) -> None:
    # Eight teams could share 240 days without any of them being over its quarter of a year.
    asked = case(
        {"resilience": must("incident")},
        context={"languages": 2, "application_teams": 8, "fix_days_per_service": days},
        baseline={"services": 60},
    )
    found = ranking(asked)[Approach.NO_MESH]
    assert bool(reason(found, "fix_is_a_project")) == strained
    assert (found.status is Status.STRAINED) == strained


def test_a_mesh_of_ones_own_is_not_what_the_cloud_manages() -> None:
    asked = {"workload_identity": tried("cannot", "rule")}
    managed, community = (case(asked, operations={"support": one}) for one in ("managed", "community"))
    for approach in (Approach.AMBIENT_MESH, Approach.SIDECAR_MESH):
        assert reason(ranking(managed)[approach], "cloud_does_not_run_it")
        assert not reason(ranking(community)[approach], "cloud_does_not_run_it")
    running = case(asked, operations={"support": "managed"}, context={"current": "Istio sidecars"})
    assert not reason(ranking(running)[Approach.SIDECAR_MESH], "cloud_does_not_run_it")
