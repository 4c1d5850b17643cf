"""When a stage goes on and when it goes back, in words."""

import pytest

from decisions.advisor import rollout
from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.gates import gate_sentence, stop_sentence
from decisions.advisor.plan import stages
from decisions.advisor.questions.consistency import stop_rules, stops_at_once
from decisions.advisor.recommendation import Approach
from tests.advisor.judging import best, case, must, tried
from tests.advisor.pack.compositions import compose

TODAY = "p99 of the critical path stays below 42 ms (today 38 ms)"
CASES = [
    ("p99_ms", 40, "p99 of the critical path stays below 40 ms", "p99 of the critical path reaches 40 ms"),
    ("error_ratio", 0.02, "Less than 2 % of the requests fail", "2 % of the requests fail"),
    ("error_ratio", 0, "No request fails", "0 % of the requests fail"),
    ("cpu_vcpu", 4, "The CPU added stays below 4 vCPU", "The CPU added reaches 4 vCPU"),
    ("denied_connections", 0, "No connection is denied by mistake", "The connections denied by mistake"),
]


@pytest.mark.parametrize(("metric", "limit", "go_on", "go_back"), CASES)
def test_a_number_is_said_as_a_person_would_say_it(metric: str, limit: float, go_on: str, go_back: str) -> None:
    plan = {"measure_metric": metric, "measure_threshold": limit, "measure_window": "7 days"}
    one = case(plan=plan | {"stop_metric": metric, "stop_threshold": limit})
    assert gate_sentence(one, best(one)) == f"{go_on}, throughout 7 days."
    assert stop_sentence(one).startswith(go_back)


@pytest.mark.parametrize(
    ("limit", "go_on", "go_back"),
    [
        (1, "All connections in the namespace shop are encrypted", "A connection in the namespace shop is not"),
        (0.95, "At least 95 % of the connections in the namespace shop are encrypted", "Less than 95 % of the conn"),
    ],
)
def test_a_share_to_reach_is_asked_for_where_it_can_be_reached(limit: float, go_on: str, go_back: str) -> None:
    plan = {"measure_metric": "encrypted_share", "measure_threshold": limit, "measure_window": "7 days"}
    one = case(plan=plan | {"stop_metric": "encrypted_share", "stop_threshold": limit})
    here = {"workload_identity": " in the namespace shop"}
    assert gate_sentence(one, best(one)) == f"{TODAY}, throughout 7 days."
    assert stop_sentence(one).startswith("The gate is missed twice")
    # What is reached says nothing of what it costs: the guard of the baseline stays beside it.
    assert gate_sentence(one, best(one), here) == f"{go_on} and {TODAY}, throughout 7 days."
    assert stop_sentence(one, here).startswith(go_back)


ENCRYPTED = {"measure_metric": "encrypted_share", "measure_threshold": 1, "measure_window": "7 days"}


def gates_of(product: str, *musts: str, **baseline: object) -> dict[str, str]:
    """The gates by stage, of a product that carries these musts."""
    one = case({name: tried("cannot", "rule") for name in musts}, plan=ENCRYPTED, baseline=baseline)
    return {stage.id: stage.gate for stage in stages(one, compose(one, product))}


def test_a_mesh_that_is_installed_or_permissive_cannot_be_asked_for_full_encryption() -> None:
    found = gates_of("istio-ambient-l4", "workload_identity")
    assert found["install"] == found["permissive"] == f"{TODAY}, throughout 7 days."
    assert found["strict"].startswith("All connections in the namespace that goes first are encrypted and p99")
    assert found["widen"].startswith("All connections in each namespace that has joined are encrypted")
    assert found["default"].startswith("All connections in every namespace in scope are encrypted")


def test_a_cni_encrypts_with_its_first_stage_and_between_nodes_alone() -> None:
    several = gates_of("cilium-wireguard", "encryption_between_nodes", clusters=3)
    assert several["install"].startswith("All connections between nodes in the cluster that goes first are encrypted")
    assert several["widen"].startswith("All connections between nodes in each cluster where it is on are encrypted")
    assert several["default"].startswith("All connections between nodes are encrypted")
    single = gates_of("cilium-wireguard", "encryption_between_nodes", clusters=1)
    assert single["install"].startswith("All connections between nodes are encrypted")


def test_a_mesh_for_something_else_in_a_cni_that_encrypts_at_once_does_so_everywhere() -> None:
    found = gates_of("cilium-service-mesh", "encryption_between_nodes", "egress_control")
    assert found["install"].startswith("All connections between nodes are encrypted")
    assert found["permissive"] == found["install"]


def test_a_product_that_never_encrypts_is_not_asked_to() -> None:
    found = gates_of("cilium-service-mesh", "egress_control")
    assert not [gate for gate in found.values() if "encrypted" in gate]


def test_every_product_that_encrypts_says_from_which_stage_on() -> None:
    """Each sheet of a CNI's encryption has a change that works at once; no other first stage has, but Cilium's."""
    sheets = rollout.load().sheets
    at_once = {name for name, sheet in sheets.items() if any(one.at_once for one in sheet.changes)}
    cnis = {one.id for one in load().products.values() if one.approach is Approach.CNI_ENCRYPTION}
    assert cnis <= at_once
    assert at_once - cnis == {
        "cilium-service-mesh",
        "cilium-service-mesh-gke",
        "cilium-wireguard-aks",
        "cilium-wireguard-gke",
        "flannel-wireguard-k3s",
        "own-cni",
    }


def test_a_small_measure_keeps_what_was_there_before_beside_its_own_test() -> None:
    one = case({"network_segmentation": must("rule")}, plan=ENCRYPTED)
    (stage,) = (one for one in stages(one, compose(one, "none-app-library")) if one.id == "fix-network-policies")
    assert stage.gate.startswith("From a pod that is not listed a connection is refused")
    assert stage.gate.endswith(f"{TODAY}, throughout 7 days.")
    assert "encrypted" not in stage.gate


def test_even_load_is_asked_for_as_soon_as_something_balances() -> None:
    even = {"measure_metric": "busiest_pod_ratio", "measure_threshold": 1.5, "measure_window": "7 days"}
    one = case({"grpc_load_balancing": tried("cannot", "incident")}, plan=even)
    found = {stage.id: stage.gate for stage in stages(one, compose(one, "linkerd"))}
    assert found["install"] == f"{TODAY}, throughout 7 days."
    assert found["permissive"].startswith(
        "The busiest pod in the namespace that goes first carries less than 1.5 times"
    )


LEVEL = ENCRYPTED | {"stop_metric": "encrypted_share", "stop_threshold": 0.9}
IDENTITY = {"workload_identity": tried("cannot")}


def test_a_level_counts_for_going_back_where_it_counts_for_going_on() -> None:
    plan = [stage for stage in recommend(case(requirements=IDENTITY, plan=LEVEL), load()).plan if stage.phase]
    asked = {stage.id: "are encrypted" in stage.gate for stage in plan}
    assert asked == {stage: stage not in {"install", "permissive"} for stage in asked}
    assert {stage.id: "are encrypted" in stage.stop for stage in plan} == asked


def test_where_nothing_is_brought_in_no_level_is_asked_for() -> None:
    for current in ("", "Linkerd in all namespaces"):
        (stage,) = recommend(case(plan=LEVEL, context={"current": current}), load()).plan
        assert stage.id == ("removal" if current else "nothing")
        assert "are encrypted" not in stage.gate + stage.stop


def test_what_was_reached_has_to_hold_when_the_mesh_of_today_leaves() -> None:
    asked = {"encryption_between_nodes": tried("cannot", "rule")}
    one = case(asked, plan=LEVEL, context={"current": "Linkerd", "cni_can_encrypt": "yes"})
    last = recommend(one, load()).plan[-1]
    assert last.id == "removal"
    assert last.gate.startswith("All connections between nodes are encrypted")


def test_a_limit_is_asked_for_in_every_stage() -> None:
    one = case(requirements=IDENTITY, plan=LEVEL | {"measure_metric": "memory_gib", "measure_threshold": 4})
    plan = [stage for stage in recommend(one, load()).plan if stage.phase]
    assert {stage.gate for stage in plan} == {"The memory added stays below 4 GiB, throughout 7 days."}


@pytest.mark.parametrize(
    ("metric", "limit", "met"),
    [
        ("p99_ms", 38, True),  # measured are 38 ms
        ("p99_ms", 39, False),
        ("error_ratio", 0.01, True),
        ("error_ratio", 0.05, False),
        ("memory_gib", 0, True),
        ("memory_gib", 4, False),
        ("encrypted_share", 0.1, False),  # goes back when it falls, and nobody knows it today
        ("other", 1, False),
    ],
)
def test_a_stop_rule_that_is_met_today_is_said(metric: str, limit: float, met: bool) -> None:
    one = case(baseline={"error_ratio": 0.02}, plan={"stop_metric": metric, "stop_threshold": limit})
    assert [found.path for found in stops_at_once(one)] == (["plan.stop_threshold"] if met else [])
    said = [found.text for found in recommend(one, load()).advisories if found.topic == "Stop rule"]
    assert [f"going back at {limit:,.10g} would end the roll-out before it begins" in text for text in said] == [
        True
    ] * met


@pytest.mark.parametrize(
    ("metric", "gate", "stop", "wrong"),
    [
        ("p99_ms", 150, 140, True),
        ("p99_ms", 150, 150, False),
        ("p99_ms", 150, 200, False),
        ("encrypted_share", 0.9, 0.95, True),
        ("encrypted_share", 1, 0.95, False),
    ],
)
def test_a_stage_that_meets_its_gate_is_not_taken_back(metric: str, gate: float, stop: float, wrong: bool) -> None:
    plan = {"measure_metric": metric, "measure_threshold": gate, "stop_metric": metric, "stop_threshold": stop}
    one = case(plan=plan)
    assert [found.path for found in stop_rules(one)] == ["plan.stop_threshold"] * wrong
    assert any("take back stages" in found.text for found in recommend(one, load()).advisories) is wrong


def test_a_rule_about_another_number_than_the_gate_stands() -> None:
    plan = {"measure_metric": "p99_ms", "measure_threshold": 150, "stop_metric": "memory_gib", "stop_threshold": 2}
    assert not [*stop_rules(case(plan=plan))]


def test_without_a_number_of_today_a_stop_rule_stands() -> None:
    one = case(baseline={"p99_ms": None, "slo_p99_ms": None}, plan={"stop_metric": "p99_ms", "stop_threshold": 1})
    assert not [*stops_at_once(one)]


@pytest.mark.parametrize(
    ("threshold", "words"), [(38.5, "38 ms it stops a roll-out"), (41, "41 ms it may stop a roll-out"), (400, "")]
)
def test_a_gate_below_what_is_projected_says_that_it_would_stop_what_goes_as_planned(
    threshold: float, words: str
) -> None:
    plan = {"measure_metric": "p99_ms", "measure_threshold": threshold}
    found = recommend(case({"workload_identity": tried("cannot", "rule")}, plan=plan), load())
    said = [one.text for one in found.advisories if one.topic == "Gate"]
    assert [words in one for one in said] == ([True] if words else [])


def test_limits_that_were_reckoned_are_numbers_that_people_can_read() -> None:
    """A load test gives 37.3 ms and 4.2134 % failed: the limits beside the queries are those of the sentence."""
    measured = {"p99_ms": 37.3, "error_ratio": 0.042134}
    one = case({"workload_identity": tried("cannot", "rule")}, baseline=measured, budget={"p99_ms": 4})
    found = next(stage for stage in stages(one, compose(one, "istio-sidecar")) if stage.id == "strict")
    limits = {gate.metric: gate.threshold for gate in found.gates if gate.threshold}
    assert "stays below 41 ms (today 37 ms) and the error ratio stays below 4.63 %" in found.gate
    assert set(limits.values()) == {0.9537, 41.0}
