"""A decision with everything a record can hold, made by hand: no engine is needed to render it."""

from dataclasses import replace
from typing import Any

from decisions.advisor import case as cases
from decisions.advisor.catalog.sheets import Catalog, Planning
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import (
    AddOn,
    Advisory,
    Approach,
    Assumption,
    Confidence,
    Cost,
    Demotion,
    Flip,
    NextStep,
    Overhead,
    Reason,
    Recommendation,
    Source,
    Stage,
    Standing,
    Status,
    Trial,
    Verdict,
)
from decisions.advisor.record import About, Measured, Record, draft

CILIUM = Source(text="Cilium documentation, WireGuard transparent encryption", version="1.18", date="2026-10-02")
ISTIO = Source(
    text="Istio documentation, ambient mode, https://istio.io/latest/docs/ambient/", version="1.28", date="2026-10-30"
)
POLICY = Source(text="Kubernetes documentation, network policies", version="1.34", date="2026-09-11")
BENCH = Source(text="Published load test of transparent encryption on 10 Gbit/s nodes", date="2026-05-12")

CASE: dict[str, Any] = {
    "schema": "meshadvisor-case/1",
    "id": "payments",
    "title": "Encrypt east-west traffic of the payments platform",
    "requirements": {
        "encryption_between_nodes": {
            "need": "must",
            "evidence": {
                "kind": "rule",
                "who": "Nadia Okafor, compliance",
                "reference": "PCI DSS 4.0, requirement 4.2.1, letter of the assessor of 12 October, page 4",
                "url": "https://wiki.example.org/pci/scope-letter",
            },
            "simplest_fix": {"outcome": "not_tried"},
        },
        "network_segmentation": {
            "need": "must",
            "evidence": {"kind": "policy", "who": "Security board", "reference": "Network standard NS-7, section 3"},
            "scope": "payments, ledger",
        },
        "audit_proof": {
            "need": "must",
            "evidence": {"kind": "practice", "who": "Internal audit"},
            "override": "The auditor asked for it twice; we will not wait for the third finding.",
        },
        "workload_identity": {"need": "must", "evidence": {"kind": "person", "who": "Head of platform"}},
        "egress_control": {"need": "nice", "note": "only for the card processor"},
        "request_metrics": {"need": "nice"},
        "traffic_splitting": {"need": "not_needed"},
        "multi_cluster": {"need": "not_sure"},
    },
    "context": {
        "deadline": "31 March 2027",
        "scope": "production clusters in the EU",
        "current": "Calico without encryption; TLS ends at the ingress",
        "threats": ["network", "compromised_pod"],
        "assessor_confirmed": "yes",
        "cni_can_encrypt": "yes",
    },
    "baseline": {
        "clusters": 3,
        "nodes": 38,
        "pods": 412,
        "services": 61,
        "peak_rps": 4850,
        "mean_rps": 1730.5,
        "grpc_share": 0.35,
        "p50_ms": 9.3,
        "p99_ms": 38,
        "slo_p99_ms": 60,
        "sequential_calls": 4,
        "free_cpu_vcpu": 9.4,
        "free_memory_gib": 21,
        "cni": "Cilium",
        "kubernetes_version": "1.34",
        "kernel_version": "6.1",
        "incidents_90_days": {"bad_release": 4, "dns": 1},
        "measured_at": "2026-10-10",
    },
    "operations": {
        "data_path_debuggers": "one",
        "upgrades_per_year": 3,
        "connection_resets": "in_a_window",
        "hourly_cost": 90,
        "cpu_price": 22.5,
        "memory_price": 3,
    },
    "budget": {"cpu_vcpu": 4, "memory_gib": 5, "p99_ms": 5},
}

MEASUREMENTS = (
    Measured(
        name="payments-prod-eu.json",
        tool="kubectl get nodes,pods,services -o json",
        taken_by="Nadia Okafor",
        taken_at="2026-10-10T14:02:00Z",
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        size=1_204_882,
        figures=(("Pods", "412"), ("Nodes", "38"), ("Services", "61")),
    ),
    Measured(
        name="checkout-soak.summary.json",
        tool="k6 0.54.0",
        window="30 minutes from 2026-10-10T13:00Z",
        taken_by="Nadia Okafor",
        taken_at="2026-10-10T14:05:00Z",
        sha256="60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        size=18_344,
        figures=(("Requests", "1,294,200"), ("p99", "38 ms"), ("Failed", "0.04 %")),
    ),
)

ABOUT = About(
    number="DR-0042",
    title="Encrypt east-west traffic of the payments platform",
    organisation="Example Bank",
    team="Payments platform",
    system="payments-prod-eu",
    author="Nadia Okafor",
    date="2026-11-23",
    status="proposed",
    supersedes=("DR-0017",),
    revision=2,
)


def span(low: float, likely: float, high: float) -> Range:
    """A range in one short line."""
    return Range(low=low, likely=likely, high=high)


def overhead(cpu: Range, memory: Range, p99: Range) -> Overhead:
    """An overhead whose p50 is a third of its p99."""
    return Overhead(
        cpu_vcpu=cpu,
        memory_gib=memory,
        p99_ms=p99,
        p50_ms=p99.times(1 / 3),
        basis="412 pods on 38 nodes, 4,850 requests a second at peak, 4 calls in sequence",
        assumed=("baseline.payload_bytes",),
        sources=(BENCH,),
    )


def reason(verdict: str, because: str, *sources: Source, requirement: str = "") -> Reason:
    """A reason whose rule is named after its words."""
    return Reason(
        rule="_".join(because.lower().split()[:3]),
        verdict=Verdict(verdict),
        because=because,
        requirement=requirement,
        sources=sources,
    )


NETWORK_POLICIES = AddOn(id="network-policies", title="network policies", requirement="network_segmentation", tried="")
AUDIT = AddOn(id="audit-check", title="a daily audit check", requirement="audit_proof", tried="")
MUSTS = ("encryption_between_nodes", "network_segmentation", "audit_proof")


def standing(approach: Approach, product: str, title: str, **changes: Any) -> Standing:
    """An option that fits; `changes` says where it differs."""
    usual = Standing(
        approach=approach,
        product=product,
        product_title=title,
        add_ons=(NETWORK_POLICIES, AUDIT),
        status=Status.FITS,
        summary="Meets every must-have with no proxy in the request path",
        musts_met=MUSTS,
        musts_missed=(),
        nice_met=(),
        nice_missed=("request_metrics",),
        reasons=(),
        overhead=overhead(span(0.9, 1.6, 2.6), span(0.2, 0.4, 0.8), span(0.2, 0.6, 1.3)),
        costs=(),
        hours_per_month=span(4, 6, 9),
        money_per_month=span(390, 580, 870),
    )
    return replace(usual, **changes)


RANKING = (
    standing(
        Approach.CNI_ENCRYPTION,
        "cilium-wireguard",
        "Cilium with WireGuard",
        reasons=(
            reason("for", "Your CNI already supports WireGuard: one Helm value switches it on.", CILIUM),
            reason("for", "No pod changes, so jobs and init containers run as before.", CILIUM, BENCH),
            reason("for", "It is upgraded with the CNI you already upgrade three times a year."),
            reason("against", "Traffic between two pods on one node stays in clear text.", CILIUM),
            reason("against", "It proves no workload identity and gives no request metrics.", CILIUM),
        ),
        costs=(
            Cost(
                name="Upgrades",
                hours=span(1.5, 2.5, 4),
                because="Three minor releases a year in three clusters, together with the CNI.",
                sources=(CILIUM,),
            ),
            Cost(
                name="Debugging",
                hours=span(1, 1.5, 2.5),
                because="Packet captures show cipher text; one person on call has done it before.",
            ),
            Cost(name="Audit check", hours=span(1.5, 2, 2.5), because="A capture between nodes is kept every day."),
        ),
    ),
    standing(
        Approach.AMBIENT_MESH,
        "istio-ambient-l4",
        "Istio ambient, L4 only",
        summary="Adds workload identity, but one node proxy serves many teams",
        status=Status.STRAINED,
        reasons=(
            reason("for", "Workload identity and mTLS without restarting a pod.", ISTIO),
            reason("against", "A proxy upgrade resets long-lived connections on the node.", ISTIO),
            reason("against", "Nobody on call has run it yet."),
        ),
        nice_met=("workload_identity",),
        overhead=overhead(span(2, 3.1, 4.6), span(1.6, 2.7, 4.4), span(0.6, 1.3, 2.6)),
        hours_per_month=span(14, 20, 30),
        money_per_month=span(1310, 1880, 2820),
    ),
    standing(
        Approach.EBPF_MESH,
        "cilium-mesh",
        "Cilium with mutual authentication",
        summary="Same agent you run today; identity features are still beta",
        status=Status.STRAINED,
        reasons=(
            reason("for", "One agent for policy, encryption and flow logs.", CILIUM),
            reason("against", "Mutual authentication is marked beta.", CILIUM),
        ),
        overhead=overhead(span(1.6, 2.9, 5), span(1.2, 2.2, 3.9), span(0.4, 1, 2.4)),
        hours_per_month=span(12, 24, 38),
        money_per_month=span(1140, 2240, 3550),
    ),
    standing(
        Approach.SIDECAR_MESH,
        "istio-sidecar",
        "Istio with sidecars",
        summary="Every feature you listed, at five times your memory budget",
        status=Status.STRAINED,
        reasons=(
            reason("for", "Mature routing, retries and isolation per pod.", ISTIO),
            reason("against", "About 24 GiB for 412 proxies; the budget is 5 GiB.", ISTIO),
            reason("against", "Every pod restarts on each upgrade.", ISTIO),
        ),
        nice_met=("request_metrics", "workload_identity"),
        nice_missed=(),
        overhead=overhead(span(5.2, 8.4, 13), span(16.9, 24.1, 33.8), span(2, 3.4, 5.8)),
        hours_per_month=span(30, 44, 62),
        money_per_month=span(2990, 4320, 6030),
    ),
    standing(
        Approach.NO_MESH,
        "no-mesh",
        "No mesh",
        summary="Does not encrypt pod traffic between nodes",
        status=Status.RULED_OUT,
        musts_met=("network_segmentation", "audit_proof"),
        musts_missed=("encryption_between_nodes",),
        reasons=(
            reason("for", "Nothing new to run or upgrade."),
            reason("rules_out", "Nothing encrypts pod traffic between nodes.", requirement="encryption_between_nodes"),
        ),
        overhead=overhead(span(0, 0, 0), span(0, 0, 0), span(0, 0, 0)),
        hours_per_month=span(1, 2, 3),
        money_per_month=span(90, 180, 270),
    ),
)

RECOMMENDATION = Recommendation(
    approach=Approach.CNI_ENCRYPTION,
    product="cilium-wireguard",
    product_title="Cilium with WireGuard",
    add_ons=(NETWORK_POLICIES, AUDIT),
    headline=(
        "Switch on WireGuard in the CNI you already run. It meets all three must-haves for about 6 hours a month, "
        "against 20 for the next option."
    ),
    confidence=Confidence.MODERATE,
    confidence_because=("Two answers are open.", "The figures are more than 30 days old."),
    next_kind=NextStep.TRY_FIRST,
    next_step="Switch on WireGuard in the staging cluster and capture packets between two nodes.",
    ranking=RANKING,
    demoted=(
        Demotion(
            requirement="workload_identity",
            because="Somebody asked for it, but no rule, incident, measurement or policy was named.",
        ),
        Demotion(
            requirement="audit_proof",
            because="The auditor asked for it twice; we will not wait for the third finding.",
            kept=True,
        ),
    ),
    trials=(
        Trial(
            requirement="network_segmentation",
            add_on="network-policies",
            what="Put a default-deny policy on the namespace payments and allow what the flow logs show.",
            test="For seven days, no allowed call is dropped and a probe from another namespace is refused.",
            if_it_fails="Write down which call could not be expressed; that call decides whether a proxy is needed.",
        ),
    ),
    advisories=(
        Advisory(
            topic="Strict mode",
            text="Switch on strict mode; otherwise traffic to a node that is not yet known leaves in clear text.",
            sources=(CILIUM,),
        ),
        Advisory(
            topic="What stays unencrypted",
            text="Host traffic, traffic through the API server and pods on the same node stay in clear text.",
            sources=(CILIUM, POLICY),
        ),
    ),
    assumptions=(
        Assumption(
            text="Requests and responses are about 4 KiB together",
            owner="Payments platform",
            path="baseline.payload_bytes",
        ),
        Assumption(text="The assessor accepts encryption between nodes without identity", owner="Nadia Okafor"),
    ),
    flips=(
        Flip(
            change="Your assessor asks for workload identity, not only encryption",
            becomes="Ambient mesh: Istio ambient, L4 only",
            approach=Approach.AMBIENT_MESH,
            changes_answer=True,
            path="requirements.workload_identity.evidence.kind",
        ),
        Flip(
            change="A second engineer learns the eBPF data path",
            becomes="No change",
            approach=Approach.CNI_ENCRYPTION,
            changes_answer=False,
            path="operations.data_path_debuggers",
            detail="The eBPF mesh falls to 17 hours a month, still above 6",
        ),
    ),
    plan=(
        Stage(
            number=0,
            title="Try the small fix",
            what="Default-deny policies in payments.",
            only_because="Network segmentation is a must-have of NS-7.",
            gate="Seven days without a dropped allowed call.",
            stop="One customer-visible error.",
            rollback="Delete the policy; seconds.",
        ),
        Stage(
            number=1,
            title="Switch on WireGuard in staging",
            what="Set encryption.enabled and encryption.strictMode.enabled in the Helm values.",
            only_because="PCI DSS 4.2.1 asks for encryption between nodes.",
            gate="p99 stays below 40 ms for 48 hours.",
            stop="p99 above 45 ms for 10 minutes; the on-call engineer decides.",
            rollback="Set the value back; the agents restart in about five minutes.",
            proof="A packet capture between two nodes shows no clear text.",
        ),
    ),
    answered=46,
    asked=52,
    catalogue_version="2026-11-20+1a2b3c4d5e6f",
)

PRICES = {
    key: Planning(value=Range(low=low, likely=likely, high=high), unit="euro", says="A planning value")
    for key, low, likely, high in (
        ("hourly_cost", 60, 90, 140),
        ("cpu_price", 10, 20, 40),
        ("memory_price", 1, 3, 6),
    )
}
CATALOG = Catalog(version="2026-11-20+1a2b3c4d5e6f", products={}, add_ons={}, planning=PRICES)


def sample(about: About = ABOUT, document: dict[str, Any] | None = None, **changes: Any) -> Record:
    """The sample's record; `changes` replace parts of the recommendation, `document` the case."""
    return draft(
        cases.read(document or CASE),
        replace(RECOMMENDATION, **changes),
        CATALOG,
        about,
        measurements=MEASUREMENTS,
    )
