"""Not sure, not asked and no are three answers: none of them is read as another, and not knowing costs certainty."""

from typing import Any

import pytest

from decisions.advisor.case import Case, CaseError, get, read, with_answer
from decisions.advisor.catalog import load
from decisions.advisor.engine import answer
from decisions.advisor.quantities import Range
from decisions.advisor.questions import FIELDS, Kind
from decisions.advisor.recommendation import Confidence, Recommendation
from tests.advisor.judging import case, must, tried

KNOWN = read(
    {
        "schema": "meshadvisor-case/1",
        "title": "A system that is well known",
        "requirements": {
            "workload_identity": tried("not_enough", "rule"),
            "l7_authorization": {**must(), "scope": "3 of 12 namespaces"},
            "network_segmentation": must(),
            "request_metrics": {"need": "nice"},
        },
        "context": {
            "threats": ["network", "compromised_pod"], "assessor_confirmed": "yes", "cni_can_encrypt": "yes",
            "cloud_encryption_accepted": "no", "languages": 4, "application_teams": 9, "deadline": "9 months",
            "fix_days_per_service": 2,
        },
        "baseline": {
            "clusters": 2, "nodes": 60, "nodes_per_cluster_max": 40, "pods": 900, "services": 110,
            "namespaces": 12, "teams": 9, "peak_rps": 4000, "mean_rps": 1500, "p50_ms": 12, "p99_ms": 80,
            "slo_p99_ms": 150, "sequential_calls": 4, "payload_bytes": 3000, "udp_share": 0.02, "tcp_share": 0.1,
            "grpc_share": 0.3, "cni": "Cilium", "kernel_version": "6.1", "kubernetes_version": "1.36",
            "free_cpu_vcpu": 90, "free_memory_gib": 200, "busiest_node_cpu": 0.4, "long_lived_connections": 40,
            "jobs": 12, "windows_nodes": 0, "gvisor_pods": 0, "virtual_node_pods": 0, "host_network_pods": 30,
            "single_node_clusters": 0, "virtual_machines": 0, "ipv6_planned": False,
        },
        "operations": {
            "data_path_debuggers": "two_or_more", "upgrades_per_year": 5, "pod_restarts": "platform_windows",
            "connection_resets": "in_a_window", "bootstrap_hazards": [], "ca_owner": "Platform", "support": "vendor",
            "beta_features": "no", "training_days": 15, "skills": ["envoy", "pki", "kubernetes_networking"],
            "exit_time": "day", "hourly_cost": 90, "cpu_price": 25, "memory_price": 3,
        },
    }
)  # fmt: skip
BEFORE = answer(KNOWN, load())
ANSWERED = [
    path
    for path in FIELDS
    if path.startswith(("context.", "baseline.", "operations.")) and get(KNOWN, path) not in (None, ())
]
ORDER = [Confidence.LOW, Confidence.MODERATE, Confidence.HIGH]


def without(path: str, value: object) -> Case:
    """The known case with this answer taken away, or with the word not_sure."""
    return with_answer(KNOWN, path, value)


def judgement(one: Recommendation) -> list[tuple[Any, ...]]:
    """What is recommended and how far each option stands, without the sentences."""
    return [
        (s.approach, s.product, s.status, s.musts_met, s.musts_missed, s.hours_per_month, s.overhead.p99_ms)
        for s in one.ranking
    ]


def width(value: Range) -> float:
    """How many times the low end the high end is."""
    return value.high / value.low if value.low > 0 else 1.0


@pytest.mark.parametrize("path", ANSWERED)
def test_not_sure_is_read_as_nothing_and_costs_certainty(path: str) -> None:
    if FIELDS[path].kind is Kind.TEXT and path == "context.scope":
        pytest.skip("the scope of a decision is a text that nobody is unsure of")
    try:
        unsure = answer(without(path, "not_sure"), load())
    except CaseError:
        assert not FIELDS[path].unsure, "a question that offers not sure has to take it"
        return
    unasked = answer(without(path, None), load())
    assert judgement(unsure) == judgement(unasked), "not sure is no value"
    assert ORDER.index(unsure.confidence) <= ORDER.index(BEFORE.confidence)
    assert any(one.path == path for one in unsure.assumptions), "somebody has to find it out"
    assert any("not sure" in words for words in unsure.confidence_because)


COUNTS = ("nodes", "pods", "services", "namespaces", "peak_rps", "sequential_calls", "payload_bytes")


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_nobody_is_sure_of_never_narrows_a_range(name: str) -> None:
    unsure = {one.product: one for one in answer(without(f"baseline.{name}", "not_sure"), load()).ranking}
    wider = 0
    for known in BEFORE.ranking:
        other = unsure.get(known.product)
        if other is None or other.overhead.p99_ms.likely <= 0:
            continue
        for figure in ("cpu_vcpu", "memory_gib", "p99_ms"):
            was, now = getattr(known.overhead, figure), getattr(other.overhead, figure)
            assert width(now) >= 0.97 * width(was), (known.product, figure)
            wider += width(now) > 1.01 * width(was)
        wider += width(other.hours_per_month) > 1.01 * width(known.hours_per_month)
    assert wider, "what is not known has to show somewhere"


def test_an_unknown_fact_of_the_catalogue_carries_no_must_and_rules_out_no_product() -> None:
    consul = load().products["consul"].facts["windows_nodes"]
    assert consul.value == "unknown"
    one = with_answer(KNOWN, "baseline.windows_nodes", 2)
    for standing in answer(one, load()).ranking:
        assert standing.approach.value == "no-mesh" or standing.status.value != "fits"


def test_a_size_that_nobody_gave_is_an_open_point_that_leads_to_its_question() -> None:
    sizes = ("pods", "nodes", "services", "peak_rps", "sequential_calls", "payload_bytes")
    one = case({"encryption_between_nodes": must("rule")}, baseline=dict.fromkeys(sizes))
    open_points = {point.path: point.text for point in answer(one, load()).assumptions}
    for name in sizes:
        assert "not given: " in open_points[f"baseline.{name}"]
        assert open_points[f"baseline.{name}"].endswith("assumed.")
