"""Reports of runs with odd options and bad ends, as ab, h2load, siege and wrk really printed them."""

import json

import pytest

from tests.intake.given import figures, reading, refusal

AB = """This is ApacheBench, Version 2.3 <$Revision: 1923142 $>
Server Hostname:        127.0.0.1
Server Port:            8711
Concurrency Level:      2
Time taken for tests:   0.552 seconds
Complete requests:      200
{failed}
Requests per second:    362.15 [#/sec] (mean)

Connection Times (ms)
              min   avg   max
Connect:        0     0    0
Total:          0     5   26
"""
WRK = """Running 3s test @ http://127.0.0.1:8711/slow
  1 threads and 2 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     0.00us    0.00us   0.00us    -nan%
    Req/Sec     0.00      0.00     0.00    100.00%
  Latency Distribution
     50%    0.00us
     99%    0.00us
  2 requests in 3.06s, 166.00B read
  Socket errors: connect 0, read 0, write 0, timeout 2
Requests/sec:      0.65
"""
H2LOAD = """starting benchmark...
spawning thread #0: 2 total client(s). 10 total requests

finished in 435us, 0.00 req/s, 0B/s
requests: 10 total, 0 started, 0 done, 0 succeeded, 10 failed, 10 errored, 0 timeout
status codes: 0 2xx, 0 3xx, 0 4xx, 0 5xx
                     min         max         mean         sd        +/- sd
time for request:        0us         0us         0us         0us     0.00%
"""
SIEGE = """Transactions:\t\t        1000 hits
Availability:\t\t      100{point}00 %
Elapsed time:\t\t       10{point}02 secs
Response time:\t\t        {time}
Transaction rate:\t       99{point}80 trans/sec
Concurrency:\t\t        4{point}99
Successful transactions:        1000
Failed transactions:\t           0
Longest transaction:\t        {longest}
"""


def test_ab_without_deviation_still_has_its_minimum_mean_and_maximum() -> None:
    latency = figures(AB.format(failed="Failed requests:        0")).latency
    assert (latency.min, latency.mean, latency.max, latency.p50) == (0.0, 5.0, 26.0, None)


def test_a_request_of_ab_that_failed_twice_over_is_one_failure() -> None:
    failed = "Failed requests:        300\n   (Connect: 0, Receive: 200, Length: 0, Exceptions: 100)"
    found = figures(AB.format(failed=failed))
    assert (found.errors.transport, found.error_ratio) == (200, 1.0)


@pytest.mark.parametrize("text", [WRK, H2LOAD])
def test_zeros_that_stand_for_no_answer_are_unknown(text: str) -> None:
    one = reading(text)
    assert one.loadtest is not None
    assert one.loadtest.error_ratio == 1.0
    latency = one.loadtest.latency
    assert (latency.min, latency.mean, latency.max, latency.percentiles()) == (None, None, None, ())
    assert one.loadtest.percentile_method is None


def test_wrk_that_could_not_connect_says_so() -> None:
    assert "nothing listens" in refusal("unable to connect to 127.0.0.1:1 Connection refused\n")


def test_the_log_of_h2load_gives_all_percentiles() -> None:
    start = 1_795_707_788_000_000
    lines = [
        f"{start + n * 10_000}\t{'-1' if n == 7 else 503 if n == 8 else 200}\t{(n + 1) * 1000}" for n in range(100)
    ]
    found = figures("\n".join(lines) + "\n")
    assert (found.requests, found.errors.transport, found.errors.server) == (100, 1, 1)
    assert (found.latency.p50, found.latency.p95, found.latency.p99) == (50.0, 95.0, 99.0)
    assert found.duration_s == pytest.approx(99 * 0.01 + 0.1)


@pytest.mark.parametrize(
    ("point", "time", "longest"),
    [(".", "0.05 secs", "0.30"), (",", "0,05 secs", "0,30"), (".", "50.00 ms", "300.00 ms")],
)
def test_siege_is_read_with_a_decimal_comma_and_in_milliseconds(point: str, time: str, longest: str) -> None:
    found = figures(SIEGE.format(point=point, time=time, longest=longest))
    assert (found.requests, found.duration_s, found.achieved_rps) == (1000, 10.02, 99.8)
    assert (found.latency.mean, found.latency.max) == (pytest.approx(50.0), pytest.approx(300.0))


@pytest.mark.parametrize("factor", [1, 1000])
def test_the_unit_of_siege_s_json_is_the_one_that_fits_its_concurrency(factor: int) -> None:
    report = {
        "transactions": 1000,
        "availability": 100.0,
        "elapsed_time": 10.02,
        "response_time": 0.05 * factor,
        "transaction_rate": 99.8,
        "concurrency": 4.99,
        "successful_transactions": 1000,
        "failed_transactions": 0,
        "longest_transaction": 0.3 * factor,
    }
    found = figures(json.dumps(report))
    assert (found.latency.mean, found.latency.max) == (pytest.approx(50.0), pytest.approx(300.0))


def test_a_jtl_with_bars_between_its_columns_is_read() -> None:
    assert figures("timeStamp|elapsed|label|success\n1767323045000|12|a|true\n").requests == 1


def test_the_rate_of_a_short_run_is_not_offered_as_the_peak() -> None:
    from decisions.intake import answers

    lines = [f"{1_767_323_045_000 + n * 100},12,a,true" for n in range(400)]
    long = "\n".join(["timeStamp,elapsed,label,success", *lines])
    short = "\n".join(["timeStamp,elapsed,label,success", *lines[:50]])
    assert "baseline.peak_rps" in answers(reading(long))
    assert "baseline.peak_rps" not in answers(reading(short))
    assert any("not offered as your peak" in warning for warning in reading(short).warnings)
