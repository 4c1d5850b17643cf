"""When a stage goes on and when it goes back, in words."""

import pytest

from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.gates import gate_sentence, stop_sentence
from decisions.advisor.questions.consistency import stops_at_once
from tests.advisor.judging import best, case

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
        "Connections that are encrypted (share, 0 to 1) is at least 1 for 7 days.",
        "Connections that are encrypted (share, 0 to 1) falls below 1",
    ),
    (
        "error_ratio",
        0.02,
        "Failed requests (share, 0 to 1) stays below 0.02 for 7 days.",
        "Failed requests (share, 0 to 1) reaches 0.02",
    ),
]


@pytest.mark.parametrize(("metric", "limit", "go_on", "go_back"), CASES)
def test_a_metric_that_should_rise_has_a_level_to_reach(metric: str, limit: float, go_on: str, go_back: str) -> None:
    plan = {"measure_metric": metric, "measure_threshold": limit, "measure_window": "7 days"}
    one = case(plan=plan | {"stop_metric": metric, "stop_threshold": limit})
    assert gate_sentence(one, best(one)) == go_on
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
    assert gate_sentence(one, best(one)) == "Failed requests (share, 0 to 1) stays at 0 for 7 days."
