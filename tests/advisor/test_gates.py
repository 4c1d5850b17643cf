"""When a stage goes on and when it goes back, in words."""

import pytest

from decisions.advisor.gates import gate_sentence, stop_sentence
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
