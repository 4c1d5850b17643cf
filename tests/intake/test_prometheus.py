"""Answers of the Prometheus API: what is a figure, what is unknown, and what is kept of the labels."""

import json

import pytest

from decisions.intake import Kind, answers
from decisions.intake.reading import Series
from tests.intake.given import reading, refusal


def vector(value: str, **labels: str) -> dict[str, object]:
    return {
        "status": "success",
        "data": {"resultType": "vector", "result": [{"metric": labels, "value": [1_767_323_045.781, value]}]},
    }


def matrix(*values: str, **labels: str) -> dict[str, object]:
    points = [[1_767_323_045 + place * 60, value] for place, value in enumerate(values)]
    return {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": labels, "values": points}]}}


def series(document: dict[str, object]) -> Series:
    found = reading(document).prometheus
    assert found is not None
    (one,) = found.series
    return one


def test_a_marked_answer_fills_the_baseline() -> None:
    found = answers(reading(vector("54.3", meshadvisor="p99_ms")))
    assert found["baseline.p99_ms"].value == 54.3
    assert "one point in file (prometheus" in found["baseline.p99_ms"].provenance


def test_an_answer_that_does_not_say_what_it_is_fills_nothing() -> None:
    assert answers(reading(vector("54.3", namespace="shop"))) == {}


def test_a_window_gives_its_median_and_for_the_peak_its_highest() -> None:
    assert answers(reading(matrix("10.4", "30.6", "21.7", meshadvisor="p95_ms")))["baseline.p95_ms"].value == 21.7
    assert answers(reading(matrix("10", "30", "20", meshadvisor="peak_rps")))["baseline.peak_rps"].value == 30


def test_several_answers_one_after_the_other_are_all_read() -> None:
    content = json.dumps(vector("14", meshadvisor="pods")) + "\n" + json.dumps(vector("3", meshadvisor="nodes")) + "\n"
    found = answers(reading(content))
    assert (found["baseline.pods"].value, found["baseline.nodes"].value) == (14, 3)


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-Inf"])
def test_no_number_is_no_figure(value: str) -> None:
    one = series(vector(value, meshadvisor="p99_ms"))
    assert one.value is None
    assert one.unknown_because
    assert answers(reading(vector(value, meshadvisor="p99_ms"))) == {}


def test_an_empty_result_is_unknown_and_not_zero() -> None:
    one = reading({"status": "success", "data": {"resultType": "vector", "result": []}})
    assert one.kind is Kind.PROMETHEUS
    assert any("unknown, not zero" in warning for warning in one.warnings)


def test_a_quantile_on_a_bucket_bound_is_at_least_that() -> None:
    assert series(vector("100", meshadvisor="p99_ms")).at_least
    assert not series(vector("54.34", meshadvisor="p99_ms")).at_least
    assert answers(reading(vector("100", meshadvisor="p99_ms"))) == {}


def test_a_raw_counter_that_was_reset_is_no_figure() -> None:
    assert "reset" in str(series(matrix("6700", "6715", "379", __name__="http_requests_total")).unknown_because)


def test_a_negative_difference_is_no_figure() -> None:
    assert "negative" in str(series(matrix("10", "-5266")).unknown_because)


def test_a_native_histogram_is_read() -> None:
    histogram = {"count": "100", "sum": "5", "buckets": [[0, "0.01", "0.02", "50"], [0, "0.02", "0.04", "50"]]}
    document = {
        "status": "success",
        "data": {"resultType": "vector", "result": [{"metric": {}, "histogram": [1_767_323_045, histogram]}]},
    }
    found = dict(series(document).percentiles)
    assert found[50.0] == pytest.approx(0.02)
    assert found[90.0] == pytest.approx(0.036)


def test_scalars_are_read() -> None:
    one = reading({"status": "success", "data": {"resultType": "scalar", "result": [1_767_323_045, "14"]}})
    assert one.prometheus is not None
    assert one.prometheus.series[0].value == 14


def test_labels_that_can_hold_user_data_are_not_kept() -> None:
    one = reading(vector("1", namespace="shop", user="ann@example.org", instance="10.0.0.7:9090", pod="x-hunter2"))
    assert one.prometheus is not None
    assert one.prometheus.series[0].labels == (("namespace", "shop"),)
    for secret in ("ann@example.org", "10.0.0.7", "hunter2"):
        assert secret not in repr(one)


def test_an_answer_with_its_http_headers_is_read() -> None:
    body = json.dumps(vector("14", meshadvisor="pods"))
    content = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{body}\n"
    assert answers(reading(content))["baseline.pods"].value == 14


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ({"status": "error", "errorType": "bad_data", "error": "parse error"}, "query or its parameters"),
        ({"status": "error", "errorType": "timeout", "error": "query timed out"}, "shorten the window"),
        ({"status": "success", "data": ["shop", "payments"]}, "not to a query"),
        ("HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\n\r\nUnauthorized\n", "credentials"),
        ("HTTP/1.1 404 Not Found\r\n\r\n404 page not found\n", "path prefix"),
        ("HTTP/2 503 \r\n\r\nupstream\n", "repeat the request"),
        ("404 page not found\n", "check address"),
        ("# HELP http_requests_total x\n# TYPE http_requests_total counter\nhttp_requests_total 5\n", "curl"),
    ],
)
def test_errors_become_advice(content: str | dict[str, object], word: str) -> None:
    assert word in refusal(content)


def test_warnings_of_prometheus_are_passed_on() -> None:
    one = reading(vector("1") | {"warnings": ["partial response"], "infos": ["metric might not be a counter"]})
    assert "Prometheus: partial response" in one.warnings
    assert "Prometheus: metric might not be a counter" in one.warnings
