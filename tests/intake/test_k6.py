"""k6 summaries: three JSON shapes, and the counters that read the other way round than their names."""

import json

import pytest

from decisions.intake import Kind, LoadTest, Reading, answers, as_inspect, read

TIMES = {"avg": 12.5, "min": 2.0, "med": 10.0, "max": 80.0, "p(90)": 20.0, "p(95)": 25.0}


def reading(document: object) -> Reading:
    (one,) = read(json.dumps(document).encode(), "anything.bin")
    return one


def figures(document: object) -> LoadTest:
    found = reading(document).loadtest
    assert found is not None
    return found


def export(**changes: object) -> dict[str, object]:
    metrics = {
        "http_req_duration": TIMES,
        "http_reqs": {"count": 6000, "rate": 100.0},
        "http_req_failed": {"passes": 60, "fails": 5940, "value": 0.01, "thresholds": {"rate<0.01": True}},
    }
    return {"root_group": {}, "metrics": metrics | changes}


def test_summary_export_gives_rate_duration_and_times() -> None:
    found = figures(export())
    assert (found.requests, found.duration_s, found.achieved_rps) == (6000, 60.0, 100.0)
    assert (found.latency.min, found.latency.p50, found.latency.p95, found.latency.max) == (2.0, 10.0, 25.0, 80.0)


def test_passes_of_http_req_failed_are_the_failures() -> None:
    found = figures(export())
    assert found.errors.other == 60
    assert found.error_ratio == 0.01


def test_a_percentile_that_was_not_configured_is_unknown_and_the_flag_is_named() -> None:
    one = reading(export())
    assert one.loadtest is not None
    assert one.loadtest.latency.p99 is None
    assert one.advice is not None
    assert "p99 is not in this file" in one.advice
    assert "--summary-trend-stats" in one.advice


def test_handle_summary_has_its_own_duration_and_is_always_in_milliseconds() -> None:
    document = {
        "options": {"summaryTimeUnit": "s"},
        "state": {"testRunDurationMs": 61000.0},
        "metrics": {
            "http_req_duration": {"type": "trend", "contains": "time", "values": TIMES | {"p(99)": 40.0}},
            "http_reqs": {"type": "counter", "values": {"count": 6100, "rate": 100.0}},
            "http_req_failed": {"type": "rate", "values": {"rate": 0.0, "passes": 0, "fails": 6100}},
        },
    }
    found = figures(document)
    assert (found.duration_s, found.latency.p99, found.error_ratio) == (61.0, 40.0, 0.0)


def test_machine_readable_summary_computes_its_rate_and_never_keeps_the_script() -> None:
    document = {
        "config": {"duration": 50.0, "script": "const password = 'correct-horse'"},
        "metadata": {"k6_version": "2.2.0", "generated_at": "2026-01-02T03:04:05Z"},
        "results": {
            "metrics": [
                {"name": "http_req_duration", "values": {"avg": 1, "med": 1.0, "max": 9, "min": 1, "p90": 2, "p95": 3}},
                {"name": "http_reqs", "values": {"count": 5000}},
                {"name": "http_req_failed", "values": {"matches": 50, "rate": 0.01, "total": 5000}},
            ]
        },
    }
    one = reading(document)
    assert one.loadtest is not None
    assert one.tool_version == "2.2.0"
    assert (one.loadtest.achieved_rps, one.loadtest.errors.other) == (100.0, 50)
    assert "correct-horse" not in repr(one)
    assert "never has p99" in str(one.advice)


def test_dropped_iterations_show_an_open_model() -> None:
    one = reading(export(dropped_iterations={"count": 7, "rate": 0.1}))
    assert one.loadtest is not None
    assert one.loadtest.coordinated_omission == "corrected"
    assert any("7 iterations were dropped" in warning for warning in one.warnings)


def test_a_script_without_requests_is_refused_with_a_reason() -> None:
    one = reading({"metrics": {"iterations": {"count": 5, "rate": 1.0}}})
    assert one.kind is Kind.REFUSED
    assert "http_req_duration" in str(one.advice)


@pytest.mark.parametrize(("failed", "says"), [(6000, "Every request failed"), (3600, "60.0 % of the requests failed")])
def test_a_run_that_measured_failures_is_no_baseline_and_says_so(failed: int, says: str) -> None:
    broken = export(http_req_failed={"passes": failed, "fails": 6000 - failed, "value": failed / 6000})
    one = reading(broken)
    assert answers(one) == {}
    (warning,) = [text for text in one.warnings if "offered as your baseline" in text]
    assert warning.startswith(says)


def test_a_run_of_which_some_failed_is_a_baseline_with_its_error_ratio() -> None:
    found = answers(reading(export(http_req_failed={"passes": 600, "fails": 5400, "value": 0.1})))
    assert found["baseline.error_ratio"].value == 0.1
    assert "baseline.p50_ms" in found


def test_console_text_around_the_summary_is_passed_over() -> None:
    text = "running (1m00.0s), 00/10 VUs\n" + json.dumps(export(), indent=2) + "\nuser@host:~$ "
    (one,) = read(text.encode(), "paste")
    assert one.tool == "k6"


def test_inspect_has_exactly_the_documented_keys() -> None:
    answer = as_inspect(reading(export()))
    assert list(answer) == [
        "file",
        "kind",
        "format",
        "tool",
        "tool_version",
        "requests",
        "duration_s",
        "requested_rps",
        "achieved_rps",
        "errors",
        "error_ratio",
        "latency_ms",
        "population",
        "percentile_method",
        "coordinated_omission",
        "cluster",
        "warnings",
        "advice",
    ]
    assert answer["errors"] == {"transport": None, "4xx": None, "5xx": None, "other": 60}
