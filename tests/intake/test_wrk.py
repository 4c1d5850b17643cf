"""wrk and wrk2 text."""

from decisions.intake import Kind, LoadTest, Reading, read

WRK = """Running 1m test @ http://user:secret@shop.example:8080/cart?token=abc
  2 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    10.17ms   24.08ms   1.27s    94.35%
    Req/Sec     1.63k   504.74     2.15k    83.97%
  Latency Distribution
     50%  900.00us
     75%    6.49ms
     90%   14.94ms
     99%    1.02s
  24000 requests in 1.00m, 3.39MB read
Requests/sec:    400.00
Transfer/sec:    428.32KB
"""
WRK2 = """Running 5m test @ http://shop/
  2 threads and 8 connections
  Thread calibration: mean lat.: 45.367ms, rate sampling interval: 128ms
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    29.80ms   78.39ms 403.20ms   90.32%
    Req/Sec    49.34     10.51    85.00     80.36%
  Latency Distribution (HdrHistogram - Recorded Latency)
 50.000%    3.98ms
 75.000%    5.67ms
 90.000%   90.69ms
 99.000%  361.21ms
 99.900%  400.13ms
100.000%  403.45ms

  Detailed Percentile spectrum:
       Value   Percentile   TotalCount 1/(1-Percentile)

       3.981     0.500000          496         2.00
     231.167     0.937500          930        16.00
     246.271     0.950000          943        20.00
     403.455     1.000000          992          inf
#[Mean    =       29.800, StdDeviation   =       78.390]
#[Max     =      403.200, Total count    =          992]
----------------------------------------------------------
  Latency Distribution (HdrHistogram - Uncorrected Latency (measured without taking delayed starts into account))
 50.000%    2.86ms
 99.000%  360.70ms
----------------------------------------------------------
  30000 requests in 5.00m, 8.86MB read
  Socket errors: connect 0, read 0, write 0, timeout 60000
Requests/sec:    100.00
Transfer/sec:     30.24KB
"""


def reading(text: str) -> Reading:
    (one,) = read(text.encode(), "out")
    return one


def figures(text: str) -> LoadTest:
    found = reading(text).loadtest
    assert found is not None
    return found


def test_every_value_carries_its_own_unit() -> None:
    found = figures(WRK)
    assert (found.latency.p50, found.latency.p90, found.latency.p99, found.latency.max) == (0.9, 14.94, 1020.0, 1270.0)
    assert (found.requests, found.duration_s, found.achieved_rps) == (24000, 60.0, 400.0)
    assert found.coordinated_omission == "uncorrected"


def test_p95_is_not_in_wrk_and_the_advice_says_what_prints_it() -> None:
    one = reading(WRK)
    assert one.loadtest is not None
    assert one.loadtest.latency.p95 is None
    assert "p95 is not in this file" in str(one.advice)
    assert "wrk2" in str(one.advice)


def test_only_the_host_of_the_target_is_kept() -> None:
    one = reading(WRK)
    assert one.loadtest is not None
    assert one.loadtest.target_host == "shop.example:8080"
    assert "secret" not in repr(one)
    assert "token" not in repr(one)


def test_without_latency_flag_there_are_no_percentiles_but_mean_and_maximum() -> None:
    text = WRK[: WRK.index("  Latency Distribution")] + WRK[WRK.index("  24000 requests") :]
    found = figures(text)
    assert found.latency.percentiles() == ()
    assert (found.latency.mean, found.latency.max) == (10.17, 1270.0)


def test_failures_are_counted_from_status_and_sockets() -> None:
    text = WRK.replace(
        "Requests/sec:",
        "  Socket errors: connect 0, read 100, write 0, timeout 20\n  Non-2xx or 3xx responses: 480\nRequests/sec:",
    )
    found = figures(text)
    assert (found.errors.transport, found.errors.other) == (120, 480)
    assert found.error_ratio is not None
    assert abs(found.error_ratio - 600 / 24100) < 1e-9


def test_wrk2_takes_the_recorded_latency_and_p95_from_the_spectrum() -> None:
    found = figures(WRK2)
    assert (found.latency.p50, found.latency.p95, found.latency.p99) == (3.98, 246.271, 361.21)
    assert found.coordinated_omission == "corrected"
    assert found.percentile_method == "hdr"


def test_timeouts_of_wrk2_are_idle_connections_and_no_errors() -> None:
    one = reading(WRK2)
    assert one.tool == "wrk2"
    assert one.loadtest is not None
    assert one.loadtest.error_ratio == 0.0
    assert any("60000 timeouts" in warning for warning in one.warnings)
    assert any("992 of 30000" in warning for warning in one.warnings)


def test_a_run_that_was_cut_off_is_refused_with_the_command() -> None:
    one = reading(WRK[: WRK.index("  24000 requests")])
    assert one.kind is Kind.REFUSED
    assert "wrk -t2" in str(one.advice)


def test_of_several_runs_the_last_is_read() -> None:
    one = reading(WRK + WRK.replace("24000 requests", "12000 requests"))
    assert one.loadtest is not None
    assert one.loadtest.requests == 12000
    assert any("2 runs" in warning for warning in one.warnings)
