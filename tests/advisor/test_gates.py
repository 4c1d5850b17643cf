"""When a stage goes on and when it goes back, in words."""

import pytest

from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.gates import gate_sentence, stop_sentence
from decisions.advisor.questions.consistency import stops_at_once
from tests.advisor.judging import best, case, tried

CASES = [
    (
        "p99_ms",
        40,
        "p99 of the critical path (ms) stays below 40 for 7 days.",
        "p99 of the critical path (ms) reaches 40",
    ),
    (
        "encrypted_share",
        1,
        "All connections that the stage covers are encrypted, for 7 days.",
        "Not all of the connections that the stage covers are encrypted: ",
    ),
    (
        "encrypted_share",
        0.95,
        "At least 95 % of the connections that the stage covers are encrypted, for 7 days.",
        "Fewer than 95 % of the connections that the stage covers are encrypted: ",
    ),
    (
        "error_ratio",
        0.02,
        "The share of failed requests stays below 2 % for 7 days.",
        "The share of failed requests reaches 2 %: ",
    ),
]


@pytest.mark.parametrize(("metric", "limit", "go_on", "go_back"), CASES)
def test_a_metric_that_should_rise_has_a_level_to_reach(metric: str, limit: float, go_on: str, go_back: str) -> None:
    plan = {"measure_metric": metric, "measure_threshold": limit, "measure_window": "7 days"}
    one = case(plan=plan | {"stop_metric": metric, "stop_threshold": limit})
    guard = f" {gate_sentence(one, best(one), brings=False)}" if metric == "encrypted_share" else ""
    assert gate_sentence(one, best(one)) == go_on + guard
    assert stop_sentence(one).startswith(go_back)


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


def test_without_a_number_of_today_a_stop_rule_stands() -> None:
    one = case(baseline={"p99_ms": None, "slo_p99_ms": None}, plan={"stop_metric": "p99_ms", "stop_threshold": 1})
    assert not [*stops_at_once(one)]


def test_a_metric_that_should_be_nothing_stays_there() -> None:
    one = case(plan={"measure_metric": "error_ratio", "measure_threshold": 0, "measure_window": "7 days"})
    assert gate_sentence(one, best(one)) == "The share of failed requests stays at 0 % for 7 days."


LEVEL = {"measure_metric": "encrypted_share", "measure_threshold": 1, "measure_window": "7 days"}
LEVEL |= {"stop_metric": "encrypted_share", "stop_threshold": 0.9}
IDENTITY = {"workload_identity": tried("cannot")}


def test_a_level_is_asked_for_from_the_stage_on_that_can_bring_it() -> None:
    """A mesh that is installed without effect, or permissive, could never pass a gate of full encryption."""
    one = case(requirements=IDENTITY, plan=LEVEL)
    plan = [stage for stage in recommend(one, load()).plan if stage.phase]
    asked = {stage.id: "are encrypted" in stage.gate for stage in plan}
    assert asked == {stage: stage not in {"install", "permissive"} for stage in asked}
    assert {"install", "strict"} <= set(asked)
    assert {stage.id: "are encrypted" in stage.stop for stage in plan} == asked


def test_beside_a_level_the_guard_of_the_baseline_stays() -> None:
    one = case(requirements=IDENTITY, plan=LEVEL)
    gates = {stage.id: stage.gate for stage in recommend(one, load()).plan if stage.phase}
    assert gates["strict"] == f"All connections that the stage covers are encrypted, for 7 days. {gates['permissive']}"
    assert gates["permissive"].startswith("p99 of the critical path stays below ")


def test_where_nothing_is_brought_in_no_level_is_asked_for() -> None:
    for current in ("", "Linkerd in all namespaces"):
        (stage,) = recommend(case(plan=LEVEL, context={"current": current}), load()).plan
        assert stage.id == ("removal" if current else "nothing")
        assert "are encrypted" not in stage.gate + stage.stop


def test_a_limit_is_asked_for_in_every_stage() -> None:
    one = case(requirements=IDENTITY, plan=LEVEL | {"measure_metric": "memory_gib", "measure_threshold": 4})
    plan = [stage for stage in recommend(one, load()).plan if stage.phase]
    assert {stage.gate for stage in plan} == {"Memory added (GiB) stays below 4 for 7 days."}
