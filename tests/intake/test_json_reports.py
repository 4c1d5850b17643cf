"""JSON reports of oha, ghz, autocannon, Locust and nighthawk."""

import json

import pytest

from tests.intake.given import figures, reading, refusal

OHA = {
    "summary": {
        "successRate": 1.0,
        "total": 60.0,
        "slowest": 0.5,
        "fastest": 0.001,
        "average": 0.012,
        "requestsPerSec": 102.0,
    },
    "latencyPercentiles": {"p50": 0.01, "p75": 0.012, "p90": 0.02, "p95": 0.025, "p99": 0.04, "p99.9": 0.09},
    "details": {"DNSDialup": {"average": 1}},
    "statusCodeDistribution": {"200": 5880, "500": 120},
    "errorDistribution": {"aborted due to deadline": 120},
}


def test_oha_counts_500_as_an_error_and_leaves_aborted_requests_out() -> None:
    found = figures(OHA)
    assert (found.requests, found.errors.server, found.error_ratio) == (6000, 120, 0.02)
    assert found.achieved_rps == 100.0
    assert (found.latency.p50, found.latency.p99_9) == (10.0, 90.0)


def test_oha_with_every_request_aborted_has_nulls_and_a_nan_key() -> None:
    broken = json.dumps(OHA).replace("0.01,", "NaN,")
    document = json.loads(broken)
    document["statusCodeDistribution"] = {}
    document["responseTimeHistogram"] = {"NaN": 0}
    found = figures(json.dumps(document))
    assert (found.requests, found.error_ratio, found.latency.p99) == (0, None, None)


def test_oha_csv_holds_answered_requests() -> None:
    head = "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n"
    found = figures(head + "".join(f"{place},0,0,0.001,{(place + 1) / 1000},31,200\n" for place in range(10)))
    assert (found.requests, found.latency.max) == (10, 10.0)


GHZ = {
    "date": "2026-01-02T03:04:05Z",
    "options": {"host": "0.0.0.0:50051", "data": {"password": "hunter2"}, "metadata": {"authorization": "s3cret"}},
    "count": 200,
    "total": 1_000_000_000,
    "average": 31_000_000,
    "fastest": 25_000_000,
    "slowest": 63_000_000,
    "rps": 200.0,
    "errorDistribution": {"rpc error: code = Internal desc = Internal error.": 9},
    "statusCodeDistribution": {"OK": 191},
    "latencyDistribution": [{"percentage": 50, "latency": 30_000_000}, {"percentage": 99, "latency": 60_000_000}],
    "details": [{"latency": 1, "error": "", "status": "OK"}],
}


def test_ghz_counts_failures_that_only_the_error_texts_show() -> None:
    one = reading(GHZ)
    assert one.loadtest is not None
    assert (one.loadtest.errors.other, one.loadtest.error_ratio) == (9, 0.045)
    assert (one.loadtest.latency.p50, one.loadtest.duration_s) == (30.0, 1.0)
    assert one.loadtest.population == "success"
    assert "hunter2" not in repr(one)
    assert "s3cret" not in repr(one)


def autocannon(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "url": "http://shop:8080/cart?token=t0ken",
        "connections": 10,
        "duration": 60.0,
        "start": "2026-01-02T03:04:05.678Z",
        "errors": 5,
        "timeouts": 5,
        "4xx": 9,
        "5xx": 15,
        "latency": {
            "mean": 3.9,
            "min": 1,
            "max": 51,
            "p0_1": 1,
            "p50": 3,
            "p90": 7,
            "p97_5": 10,
            "p99": 13,
            "totalCount": 600,
        },
        "requests": {"average": 10.0, "total": 600, "sent": 606},
    }
    return whole | changes


def test_autocannon_has_no_p95_and_says_so() -> None:
    one = reading(autocannon())
    assert one.loadtest is not None
    assert (one.loadtest.latency.p50, one.loadtest.latency.p95, one.loadtest.latency.p99) == (3.0, None, 13.0)
    assert "p95 is not in this file" in str(one.advice)
    assert (97.5, 10.0) in one.loadtest.distribution
    assert one.loadtest.error_ratio == pytest.approx(29 / 605)
    assert "t0ken" not in repr(one)


def test_more_times_than_requests_show_autocannons_own_correction() -> None:
    times = {"mean": 311, "min": 1, "max": 975, "p50": 229, "p97_5": 893, "p99": 922, "totalCount": 24995}
    one = reading(autocannon(latency=times))
    assert one.loadtest is not None
    assert one.loadtest.coordinated_omission == "corrected"
    assert any(
        "not service times" in warning.replace("these are not service times", "not service times")
        for warning in one.warnings
    )


def test_autocannon_with_every_connection_refused_has_no_latency() -> None:
    zeros = {"mean": 0, "min": 0, "max": 0, "p50": 0, "p97_5": 0, "p99": 0, "totalCount": 0}
    found = figures(
        autocannon(
            latency=zeros, requests={"average": 0, "total": 0, "sent": 20008}, errors=20008, **{"4xx": 0, "5xx": 0}
        )
    )
    assert (found.latency.p50, found.latency.max, found.error_ratio) == (None, None, 1.0)


LOCUST = (
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,"
    "Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\n"
    "GET,/cart?token=t0ken,400,10,12,13.1,3.5,50.1,30.6,40.0,1.0,12,14,16,17,22,27,34,41,50,50,50\n"
    ",Aggregated,600,12,13,38.7,3.5,308.8,30.7,60.0,1.2,13,19,27,70,130,170,210,230,310,310,310\n"
)


def test_locust_takes_the_aggregated_line() -> None:
    found = figures(LOCUST)
    assert (found.requests, found.errors.other, found.error_ratio, found.duration_s) == (600, 12, 0.02, 10.0)
    assert (found.latency.p50, found.latency.p95, found.latency.p99_9) == (13.0, 170.0, 310.0)
    assert "t0ken" not in repr(reading(LOCUST))


def test_locust_with_a_byte_order_mark_reads_alike() -> None:
    assert figures(b"\xef\xbb\xbf" + LOCUST.encode()) == figures(LOCUST)


def test_locust_without_requests_has_no_percentiles() -> None:
    row = ",Aggregated,0,0,0,0,0,0,0,0.0,0.0" + ",N/A" * 11
    found = figures(LOCUST.splitlines()[0] + "\n" + row + "\n")
    assert (found.requests, found.latency.p50, found.latency.max, found.error_ratio) == (0, None, None, None)


def test_locust_without_its_last_line_is_refused() -> None:
    assert "Aggregated" in refusal("\n".join(LOCUST.splitlines()[:2]))


def test_locust_json_is_summed_over_its_entries() -> None:
    entry = {
        "name": "/a",
        "start_time": 1_767_323_045.0,
        "last_request_timestamp": 1_767_323_055.0,
        "num_requests": 3,
        "num_failures": 1,
        "total_response_time": 60.0,
        "min_response_time": 10.0,
        "max_response_time": 30.0,
        "response_times": {"10": 1, "20": 1, "30": 1},
    }
    other = entry | {"name": "/b", "last_request_timestamp": 1_767_323_065.0, "max_response_time": 31.5}
    found = figures([entry, other])
    assert (found.requests, found.errors.other, found.duration_s) == (6, 2, 20.0)
    assert (found.latency.p50, found.latency.p99, found.latency.mean, found.latency.max) == (20.0, 30.0, 20.0, 31.5)


def nighthawk(**options: object) -> str:
    statistic = {
        "count": "5997",
        "id": "benchmark_http_client.request_to_response",
        "percentiles": [
            {"percentile": 0.5, "count": "2998", "duration": "0.010s"},
            {"percentile": 0.953125, "count": "5715", "duration": "0.020s"},
            {"percentile": 0.990625, "count": "5950", "duration": "0.040s"},
            {"percentile": 1, "count": "5997", "duration": "0.090s"},
        ],
        "mean": "0.012s",
        "min": "0.001s",
        "max": "0.090s",
    }
    result = {
        "name": "global",
        "statistics": [statistic | {"id": "benchmark_http_client.queue_to_connect", "mean": "9s"}, statistic],
        "counters": [
            {"name": "benchmark.http_2xx", "value": "5940"},
            {"name": "benchmark.http_5xx", "value": "60"},
            {"name": "benchmark.pool_overflow", "value": "4"},
        ],
        "execution_duration": "60.000000429s",
    }
    document = {
        "options": {"requests_per_second": 50, "concurrency": "2", "uri": "https://shop/x?token=t0ken"} | options,
        "results": [result | {"name": "worker_0", "statistics": []}, result],
        "timestamp": "2026-01-02T03:04:05.678901234Z",
    }
    return json.dumps(document)


def test_nighthawk_takes_the_global_result_and_the_first_percentile_at_or_above() -> None:
    one = reading(nighthawk(open_loop=True))
    assert one.loadtest is not None
    found = one.loadtest
    assert (found.requests, found.requested_rps) == (5997, 100.0)
    assert (found.latency.p50, found.latency.p95, found.latency.p99, found.latency.mean) == (10.0, 20.0, 40.0, 12.0)
    assert (found.errors.server, found.error_ratio) == (60, 0.01)
    assert found.coordinated_omission == "corrected"
    assert any("pool overflow" in warning for warning in one.warnings)
    assert "t0ken" not in repr(one)


def test_nighthawk_json_with_a_trailing_comma_and_a_key_twice_is_read() -> None:
    text = (
        nighthawk()
        .replace('"options": {', '"options": {"labels": ["a"], "labels": [],', 1)
        .replace('"timestamp"', '"x": 1, "timestamp"')
    )
    assert figures(text[:-1] + ",}").requests == 5997


def test_nighthawk_without_request_latency_is_refused() -> None:
    assert "request_to_response" in refusal(
        {"results": [{"name": "global", "statistics": [{"id": "foo", "count": "3"}]}]}
    )


def test_nighthawk_yaml_reads_like_its_json() -> None:
    text = """options:
  requests_per_second: 50
  concurrency: "2"
results:
  - name: global
    statistics:
      - count: 5997
        id: benchmark_http_client.request_to_response
        percentiles:
          - percentile: 0.5
            count: 2998
            duration: 0.010s
          - percentile: 1
            count: 5997
            duration: 0.090s
        mean: 0.012s
    counters:
      - name: benchmark.http_2xx
        value: 6000
    execution_duration: 60s
"""
    found = figures(text)
    assert (found.requests, found.latency.p50, found.latency.mean, found.duration_s) == (5997, 10.0, 12.0, 60.0)


def test_nighthawk_text_has_blocks_and_counters() -> None:
    text = """Nighthawk - A layer 7 protocol benchmarking tool.

benchmark_http_client.queue_to_connect (6000 samples)
  min: 0s 000ms 001us | mean: 0s 000ms 002us | max: 0s 000ms 003us | pstdev: 0s 000ms 000us

  Percentile  Count       Value
  0.5         3000        0s 000ms 002us

benchmark_http_client.request_to_response (6000 samples)
  min: 0s 001ms 000us | mean: 0s 012ms 000us | max: 0s 090ms 500us | pstdev: 0s 000ms 000us

  Percentile  Count       Value
  0.5         3000        0s 010ms 000us
  0.95        5700        0s 020ms 000us
  0.990625    5950        0s 040ms 000us
  1           6000        0s 090ms 500us

benchmark_http_client.response_body_size (6000 samples)
  min: 1 | mean: 2 | max: 3 | pstdev: 0

Counter                                 Value       Per second
benchmark.http_2xx                      5940        99.00
benchmark.http_5xx                      60          1.00
"""
    found = figures(text)
    assert (found.requests, found.duration_s, found.error_ratio) == (6000, 60.0, 0.01)
    assert (found.latency.min, found.latency.p50, found.latency.p99, found.latency.max) == (1.0, 10.0, 40.0, 90.5)
