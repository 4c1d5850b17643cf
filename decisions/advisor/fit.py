"""How far one product meets one requirement: the catalogue's cells read with the case in hand."""

import re
from collections.abc import Set
from dataclasses import dataclass
from enum import IntEnum

from decisions.advisor.case import Case
from decisions.advisor.catalog import Fact, Level, Product
from decisions.advisor.needs import MOSTLY_OBSERVED
from decisions.advisor.present import runs_a_mesh
from decisions.advisor.quantities import percent
from decisions.advisor.recommendation import Source
from decisions.advisor.requirements import Requirement


class Grade(IntEnum):
    """How far a requirement is met; the worse the smaller."""

    MISSED = 0
    STRAINED = 1
    MET = 2


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A grade with the clause that says why, ready to follow "encryption between nodes: "."""

    grade: Grade
    because: str
    sources: tuple[Source, ...] = ()


LITTLE_UDP = 0.1
"""Planning value: a tenth of the traffic in clear text is a gap to accept in writing; more is no encryption."""

BEYOND = "{title} has this, but using it makes it an eBPF mesh to run, not encryption alone"


def fit(product: Product, requirement: Requirement, case: Case) -> Fit:
    """How far the product itself meets the requirement; add-ons are judged elsewhere.

    The worst of its capabilities decides. `unknown` is no yes. A beta feature carries a must-have only where the team
    accepts that, and then under strain; alpha and deprecated ones never do. A vendor's build or hand-written proxy
    configuration carries it under strain.
    """
    if not requirement.capabilities:
        return Fit(grade=Grade.MISSED, because="it is a task of the plan, not a feature")
    accepted = {"beta"} if case.operations.beta_features == "yes" else set()
    fits = [_read(product, name, product.facts[name], accepted) for name in requirement.capabilities]
    worst = min(fits, key=lambda one: one.grade)
    if worst.grade is Grade.MISSED:
        return worst
    return min(_in_case(product, requirement, case, worst), worst, key=lambda one: one.grade)


def _read(product: Product, capability: str, fact: Fact, accepted: Set[str]) -> Fit:
    says, sources = _clause(fact.says), (fact.source,)
    if capability in product.beyond:
        return Fit(grade=Grade.MISSED, because=BEYOND.format(title=product.title), sources=sources)
    if fact.value is Level.UNKNOWN:
        return Fit(
            grade=Grade.MISSED, because=f"not verified, and unknown is not read as yes ({says})", sources=sources
        )
    if fact.value is Level.NONE or fact.extra in {"application", "component"}:
        return Fit(grade=Grade.MISSED, because=says, sources=sources)
    if fact.maturity not in {"stable", *accepted}:
        because = f"{fact.maturity}, so it does not carry a must-have ({says})"
        return Fit(grade=Grade.MISSED, because=because, sources=sources)
    if fact.maturity != "stable":
        because = f"{fact.maturity}, which you accept for a must-have ({says})"
        return Fit(grade=Grade.STRAINED, because=because, sources=sources)
    grade = Grade.MET if fact.value is Level.FULL else Grade.STRAINED
    return Fit(grade=grade, because=says, sources=sources)


def _in_case(product: Product, requirement: Requirement, case: Case, met: Fit) -> Fit:
    """What the numbers of the case take away from a capability that is there."""
    baseline = case.baseline
    udp = baseline.udp_share or 0.0
    tunnel = product.facts["enc_udp"]
    if requirement.id == "encryption_between_nodes" and udp > 0 and tunnel.value is not Level.FULL:
        because = f"TCP only: the {percent(udp)} of traffic that is UDP stays in clear text"
        grade = Grade.STRAINED if udp <= LITTLE_UDP else Grade.MISSED
        return Fit(grade=grade, because=because, sources=(*met.sources, tunnel.source))
    windows, outside = baseline.windows_nodes or 0, product.facts["windows_nodes"]
    if windows and outside.value in {Level.NONE, Level.NEEDS_EXTRA, Level.UNKNOWN}:
        plural = "s" if windows > 1 else ""
        because = f"{windows} Windows node{plural} would stay outside ({_clause(outside.says)})"
        most = baseline.nodes is not None and windows * 2 > baseline.nodes
        grade = Grade.MISSED if most else Grade.STRAINED
        if outside.extra == "vendor" and case.operations.support == "vendor":
            # Whoever has a vendor may have the vendor's build, as with cryptography that only vendors validate.
            because = f"for {windows} Windows node{plural} a vendor's build ({_clause(outside.says)})"
            grade = Grade.STRAINED
        return Fit(grade=grade, because=because, sources=(*met.sources, outside.source))
    return _beside_virtual_nodes(product, case, met)


def _beside_virtual_nodes(product: Product, case: Case, met: Fit) -> Fit:
    """Where a pod has a node of its own (Fargate), neither an agent of the node nor a redirection into a proxy runs."""
    pods, outside = case.baseline.pods, virtual_pods(case)
    hindrance = VIRTUAL_NODES.get(product.operations.proxies)
    if not outside or not hindrance:
        return met
    many = f"{outside:,} pods run" if outside > 1 else "one pod runs"
    because = f"{many} on virtual nodes (Fargate), {hindrance}"
    most = pods is not None and outside * 2 > pods
    grade = Grade.MISSED if most else Grade.STRAINED
    source = NO_REDIRECTION if product.operations.proxies == "pod" else NO_AGENTS
    return Fit(grade=grade, because=because, sources=(*met.sources, source))


def virtual_pods(case: Case) -> int:
    """Pods on virtual nodes: as counted, else all of them where the team writes that all run there."""
    baseline, context = case.baseline, case.context
    if baseline.virtual_node_pods is not None:
        return baseline.virtual_node_pods
    written = (baseline.cni, baseline.kubernetes_version, baseline.distribution, context.cni_note, context.current)
    return (baseline.pods or 0) if any(ALL_ON_FARGATE.search(one or "") for one in written) else 0


ALL_ON_FARGATE = re.compile(
    r"\b(all|only|every\w*|entirely|alle|nur)\b[^.;]{0,40}\bfargate\b|\bfargate\b[^.;]{0,12}\b(only|everywhere|nur)\b"
    r"|\((eks )?fargate\)",
    re.IGNORECASE,
)
NODE_ENDS = "where no DaemonSet runs: what works at the node does not reach them"
VIRTUAL_NODES = {
    "kernel": NODE_ENDS,
    "node": NODE_ENDS,
    "node_and_namespace": NODE_ENDS,
    "pod": "where neither NET_ADMIN nor a DaemonSet is allowed: traffic cannot be led through a sidecar",
}
"""What hinders each kind of proxy on virtual nodes."""
NO_AGENTS = Source(
    text="AWS, Amazon EKS User Guide, AWS Fargate considerations: no DaemonSets, no privileged containers", date="2026"
)
NO_REDIRECTION = Source(
    text="aws/containers-roadmap#682, Support for Istio sidecars on EKS Fargate (open as stored); kumahq/kuma#2920",
    date="2026",
)


def what_fit_reads(case: Case) -> tuple[object, ...]:
    """Everything of a case that `fit` depends on, as a key: equal keys have equal fits."""
    baseline = case.baseline
    vendor = case.operations.support == "vendor"
    of_windows = (baseline.windows_nodes, baseline.nodes, vendor) if baseline.windows_nodes else ()
    of_fargate = (outside, baseline.pods) if (outside := virtual_pods(case)) else ()
    return baseline.udp_share, of_windows, of_fargate, case.operations.beta_features == "yes"


def met_today(requirement: Requirement, case: Case) -> str:
    """Why a requirement is met by what runs already, whatever is chosen; empty when it is not."""
    observed = case.baseline.services_observed_percent
    if requirement.id == "request_metrics" and observed is not None and observed >= MOSTLY_OBSERVED:
        # The question counts metrics from whatever source: where a mesh runs it may be that source, and they go with
        # it. A mesh that stays, or comes in its place, counts requests itself.
        if runs_a_mesh(case):
            return ""
        return f"{observed:g} % of the services report request metrics or traces already"
    if requirement.id == "encryption_between_nodes" and _stands_alone(case):
        return "there is one node, so no call between its pods crosses a network"
    if requirement.id == "encryption_between_nodes" and _each_stands_alone(case):
        return (
            "each cluster has one node, so no call between its pods crosses a network; what one cluster sends to "
            "another, or up the line, is not between nodes and needs an answer of its own"
        )
    return ""


def _stands_alone(case: Case) -> bool:
    """Whether the whole system is one node: no second cluster, no virtual machine that takes part."""
    baseline = case.baseline
    return baseline.nodes == 1 and (baseline.clusters or 1) == 1 and not baseline.virtual_machines


def _each_stands_alone(case: Case) -> bool:
    """Whether every cluster is one node and nothing is asked that joins them."""
    baseline = case.baseline
    alone, joined = baseline.single_node_clusters or 0, case.answer("multi_cluster").need == "must"
    return bool(baseline.nodes) and alone >= (baseline.nodes or 0) and not joined and not baseline.virtual_machines


def _clause(sentence: str) -> str:
    """A sentence of a sheet as the part after a colon."""
    return sentence.strip().rstrip(".")
