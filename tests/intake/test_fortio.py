"""fortio: seconds in the histogram, nanoseconds in the duration, and errors by return code."""

import re

import pytest

from tests.intake.given import figures, reading, refusal


def result(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "RunType": "HTTP",
        "Labels": "secret-host , vm",
        "StartTime": "2026-01-02T03:04:05.123456789Z",
        "RequestedQPS": "100",
        "RequestedDuration": "60s",
        "ActualQPS": 99.9,
        "ActualDuration": 60_060_000_000,
        "NumThreads": 8,
        "Version": "1.57.3",
        "DurationHistogram": {
            "Count": 6000,
            "Min": 0.001,
            "Max": 0.25,
            "Avg": 0.012,
            "Data": [{"Start": 0.09, "End": 0.1, "Percent": 96.0, "Count": 40}],
            "Percentiles": [{"Percentile": 50, "Value": 0.01}, {"Percentile": 99, "Value": 0.09}],
        },
        "RetCodes": {"200": 5880, "404": 30, "503": 80, "-1": 10},
        "URL": "http://user:pw@shop:8080/cart?token=t0ken",
        "Payload": "c2VjcmV0",
        "UserCredentials": "me:hunter2",
    }
    return whole | changes


def test_times_are_seconds_and_the_duration_is_nanoseconds() -> None:
    found = figures(result())
    assert (found.latency.min, found.latency.p50, found.latency.p99, found.latency.max) == (1.0, 10.0, 90.0, 250.0)
    assert (found.requests, found.duration_s, found.requested_rps) == (6000, 60.06, 100.0)


def test_p95_is_unknown_although_the_buckets_bound_it() -> None:
    one = reading(result())
    assert one.loadtest is not None
    assert one.loadtest.latency.p95 is None
    assert [(item.label, item.value) for item in one.read if "p95" in item.label] == [
        ("p95, at most (end of its bucket)", 100.0)
    ]
    assert "fortio load -p 50,75,90,95" in str(one.advice)


def test_return_codes_are_sorted_by_kind() -> None:
    found = figures(result())
    assert (found.errors.transport, found.errors.client, found.errors.server) == (10, 30, 80)
    assert found.error_ratio == 0.02


def test_a_maximum_rate_is_no_requested_rate() -> None:
    assert figures(result(RequestedQPS="max")).requested_rps is None


def test_health_checks_over_grpc_are_good_in_old_and_new_words() -> None:
    for word in ("SERVING", "1"):
        found = figures(result(RunType="GRPC Health for ''", RetCodes={word: 5999, "NOT_SERVING": 1}))
        assert found.errors.other == 1


def test_a_duration_in_seconds_of_an_old_writer_is_told_from_nanoseconds() -> None:
    assert figures(result(ActualDuration=60)).duration_s == 60


def test_counts_written_as_text_are_read_and_a_contradiction_is_named() -> None:
    one = reading(result(DurationHistogram={"Count": "48"}, RetCodes={"200": "60"}))
    assert one.loadtest is not None
    assert one.loadtest.requests == 48
    assert any("contradict" in warning for warning in one.warnings)


def test_the_fortio_output_of_nighthawk_keeps_its_own_name() -> None:
    assert reading(result(Labels="a b Nighthawk")).tool == "nighthawk"


def test_a_wrapped_result_of_iter8_is_read() -> None:
    assert figures({"EndpointResults": {"http://shop": result()}}).requests == 6000


def test_nothing_secret_is_kept() -> None:
    one = reading(result())
    for secret in ("hunter2", "c2VjcmV0", "t0ken", "secret-host", "cart"):
        assert secret not in repr(one)


LOG = """Fortio 1.57.3 running at 100 queries per second, 2->2 procs, for 1m0s: http://shop:8080/fast
Starting at 100 qps with 8 thread(s) [gomax 2] for 1m0s : 750 calls each (total 6000)
Ended after 1m0.06s : 6000 calls. qps=99.9
Aggregated Function Time : count 6000 avg 0.012 +/- 0.003 min 0.001 max 0.25 sum 72
# range, mid point, percentile, count
>= 0.001 <= 0.002 , 0.0015 , 3.25, 26
# target 50% 0.01
# target 99% 0.09
Error cases : no data
# Socket and IP used for each connection:
Connection time histogram (s) : count 8 avg 0.0001 +/- 0.0001 min 3e-05 max 0.0004 sum 0.001
# target 50% 0.0002
Code 200 : 5990 (99.8 %)
Code 503 : 10 (0.2 %)
All done 6000 calls (plus 8 warmup) 12.000 ms avg, 99.9 qps
"""


def test_the_console_log_gives_the_call_times_and_not_the_connection_times() -> None:
    found = figures(LOG)
    assert (found.requests, found.duration_s, found.latency.p50, found.latency.p99) == (6000, 60.06, 10.0, 90.0)
    assert found.errors.server == 10


def test_a_log_that_stops_early_is_refused_with_the_command() -> None:
    assert "fortio load" in refusal(LOG[: LOG.index("Ended")] + "# target 50% 0.01\n")


@pytest.mark.parametrize("line", ["Health SERVING : 6000", "Ping SERVING : 6000"])
def test_the_log_of_a_grpc_run_has_its_outcomes_without_a_share(line: str) -> None:
    text = re.sub(r"^Code 200 .*$", line, LOG.replace("Code 503 : 10 (0.2 %)\n", ""), flags=re.MULTILINE)
    assert line in text
    assert figures(text).error_ratio == 0.0
