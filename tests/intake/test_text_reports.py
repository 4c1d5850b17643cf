"""Reports written for people: hey, oha, ghz, ab, h2load, siege, loadtest, k6's console."""

import pytest

from tests.intake.given import figures, reading, refusal

HEY = """
Summary:
  Total:\t60.0000 secs
  Slowest:\t0.3371 secs
  Fastest:\t0.0015 secs
  Average:\t0.0128 secs
  Requests/sec:\t101.6667

Response time histogram:
  0.002 [1]\t|
  0.036 [5999]\t|■■■■

Latency distribution:
  50% in 0.0119 secs
  90% in 0.0191 secs
  95% in 0.0223 secs
  99% in 0.0282 secs

Details (average, fastest, slowest):
  DNS+dialup:\t0.0000 secs, 0.0015 secs, 0.3371 secs

Status code distribution:
  [200]\t5880 responses
  [404]\t60 responses
  [503]\t60 responses

Error distribution:
  [100]\tGet "http://shop/cart?token=t0ken": dial tcp: connection refused
"""
OHA = """Summary:
  Success rate:\t98.36%
  Total:\t60.0000 secs
  Slowest:\t0.3371 secs
  Fastest:\t0.0015 secs
  Average:\t0.0128 secs
  Requests/sec:\t103.8000

Response time distribution:
  50.00% in 0.0119 secs
  95.00% in 0.0223 secs
  99.00% in 0.0282 secs
  99.90% in 0.0300 secs

Status code distribution:
  [200] 5940 responses
  [500] 60 responses

Error distribution:
  [128] aborted due to deadline
  [100] connection refused
"""


def test_hey_counts_failed_connections_and_statuses() -> None:
    found = figures(HEY)
    assert (found.requests, found.duration_s) == (6100, 60.0)
    assert (found.errors.transport, found.errors.client, found.errors.server) == (100, 60, 60)
    assert found.error_ratio == pytest.approx(220 / 6100)
    assert (found.latency.p50, found.latency.p95) == (pytest.approx(11.9), pytest.approx(22.3))
    assert "t0ken" not in repr(reading(HEY))


def test_hey_with_every_connection_refused_has_no_latency() -> None:
    text = """Summary:
  Total:\t1.0 secs
  Slowest:\t0.0000 secs
  Fastest:\t0.0000 secs
  Average:\tNaN secs
  Requests/sec:\t4243.0

Status code distribution:

Error distribution:
  [4243]\tdial tcp: connection refused
"""
    found = figures(text)
    assert (found.requests, found.error_ratio, found.latency.mean, found.latency.max) == (4243, 1.0, None, None)


def test_hey_that_was_stopped_is_refused() -> None:
    assert "cut off" in refusal("\nSummary:\n  Slowest:\t0.3371 secs\n")


def test_hey_csv_warns_that_failures_are_missing() -> None:
    rows = "".join(
        f"{(place + 1) / 1000:.4f},0,0,0,0,0,{503 if place == 9 else 200},{place:.4f}\n" for place in range(10)
    )
    one = reading("response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n" + rows)
    assert one.loadtest is not None
    assert (one.loadtest.requests, one.loadtest.errors.server) == (10, 1)
    assert one.loadtest.duration_s == pytest.approx(9.01)
    assert any("lower bound" in warning for warning in one.warnings)


def test_oha_counts_server_errors_although_it_calls_them_success() -> None:
    found = figures(OHA)
    assert (found.requests, found.errors.server, found.errors.transport) == (6100, 60, 100)
    assert found.latency.p99_9 == 30.0


def test_oha_requests_cut_off_at_the_end_are_neither_answered_nor_failed() -> None:
    one = reading(OHA)
    assert one.loadtest is not None
    assert one.loadtest.achieved_rps == pytest.approx(6100 / 60)
    assert any("128 requests were still open" in warning for warning in one.warnings)


def test_oha_writes_all_times_in_one_unit() -> None:
    text = OHA.replace("0.0119 secs", "1.5000 10 sec").replace("0.0223 secs", "30.0000 ms")
    found = figures(text)
    assert (found.latency.p50, found.latency.p95) == (15_000.0, 30.0)


def test_colours_and_html_around_console_text_are_removed() -> None:
    coloured = OHA.replace("  [500]", "\x1b[31m  [500]").replace("60 responses", "60 responses\x1b[0m")
    page = (
        "<html><head><style>p{}</style></head><body><pre>\n"
        + OHA.replace("  [500]", "<span class='x'>  [500]")
        + "</pre>"
    )
    assert figures(coloured) == figures(OHA)
    assert figures(page) == figures(OHA)


def test_ghz_text_is_not_taken_for_hey() -> None:
    one = reading(
        "Summary:\n  Count:\t200\n  Total:\t181.57 ms\n  Slowest:\t69.60 ms\n  Fastest:\t26.09 ms\n"
        "  Average:\t32.01 ms\n  Requests/sec:\t1101.53\n\nLatency distribution:\n  50 % in 31.00 ms\n"
        "  99 % in 60.50 ms\n\nStatus code distribution:\n  [OK]            195 responses\n"
        "  [Unavailable]   5 responses\n"
    )
    assert one.tool == "ghz"
    assert one.loadtest is not None
    assert (one.loadtest.requests, one.loadtest.errors.transport, one.loadtest.latency.p99) == (200, 5, 60.5)


AB = """This is ApacheBench, Version 2.3 <$Revision: 1903618 $>

Server Software:
Server Hostname:        shop.example
Server Port:            8080

Document Path:          /cart?token=t0ken

Concurrency Level:      5
Time taken for tests:   60.001 seconds
Complete requests:      6000
Failed requests:        116
   (Connect: 1, Receive: 2, Length: 110, Exceptions: 3)
Non-2xx responses:      54
Requests per second:    100.00 [#/sec] (mean)
Time per request:       10.848 [ms] (mean)

Connection Times (ms)
              min  mean[+/-sd] median   max
Connect:        0    0   0.6      0      19
Total:          2   11   6.6      9      68

Percentage of the requests served within a certain time (ms)
  50%      9
  75%     13
  90%     19
  95%     24
  99%     34
 100%     68 (longest request)
"""


def test_ab_does_not_take_bodies_of_another_length_for_errors() -> None:
    one = reading(AB)
    assert one.loadtest is not None
    assert (one.loadtest.errors.transport, one.loadtest.errors.other) == (6, 54)
    assert one.loadtest.error_ratio == 0.01
    assert any("length differs" in warning for warning in one.warnings)
    assert (one.loadtest.target_host, one.loadtest.connections) == ("shop.example:8080", 5)
    assert "t0ken" not in repr(one)


def test_ab_with_windows_line_ends_reads_alike() -> None:
    assert figures(AB.replace("\n", "\r\n")) == figures(AB)


def test_ab_that_stopped_on_an_error_is_refused() -> None:
    text = (
        "This is ApacheBench, Version 2.3\napr_socket_recv: Connection refused (111)\nTotal of 7 requests completed\n"
    )
    assert "Complete requests" in refusal(text)


def test_ab_percentiles_alone_leave_the_rest_unknown() -> None:
    found = figures("Percentage served,Time in ms\n0,1.2\n50,3.5\n99,20.1\n100,40.0\n")
    assert (found.requests, found.error_ratio) == (None, None)
    assert (found.latency.min, found.latency.p50, found.latency.p99, found.latency.max) == (1.2, 3.5, 20.1, 40.0)


def test_ab_times_say_nothing_about_errors() -> None:
    head = "starttime\tseconds\tctime\tdtime\tttime\twait\n"
    found = figures(head + "".join(f"x\t{1_700_000_000 + place}\t0\t0\t{place + 1}\t0\n" for place in range(10)))
    assert (found.requests, found.error_ratio, found.errors.total, found.latency.max) == (10, None, None, 10.0)


H2LOAD = """starting benchmark...
spawning thread #0: 8 total client(s). Timing-based test

finished in 60.00s, 100.00 req/s, 141.49KB/s
requests: 6000 total, 6010 started, 5990 done, 5900 succeeded, 100 failed, 10 errored, 0 timeout
status codes: 5900 2xx, 0 3xx, 36 4xx, 54 5xx
                     min         max         mean         sd        +/- sd
time for request:     1.30ms       1.20s     11.54ms      7.36ms    82.57%
time for connect:       64us       184us       146us        37us    75.00%
"""


def test_h2load_has_no_percentiles_but_mean_and_maximum() -> None:
    found = figures(H2LOAD)
    assert (found.latency.min, found.latency.mean, found.latency.max, found.latency.p50) == (1.3, 11.54, 1200.0, None)
    assert (found.errors.transport, found.errors.client, found.errors.server, found.errors.other) == (10, 36, 54, 0)
    assert found.error_ratio == pytest.approx(1 / 60)


def test_newer_h2load_adds_median_p95_and_p99() -> None:
    text = H2LOAD[: H2LOAD.index("                     min")] + (
        "                 min         max         median      p95         p99         mean        sd         +/- sd\n"
        "request     :     1.30ms       1.20s     10.00ms     20.00ms     30.00ms     11.54ms      7.36ms    82.57%\n"
    )
    found = figures(text)
    assert (found.latency.p50, found.latency.p95, found.latency.p99, found.latency.mean) == (10.0, 20.0, 30.0, 11.54)


def test_h2load_json_is_in_seconds() -> None:
    times = {"min": 0.001, "max": 0.1, "median": 0.01, "p95": 0.02, "p99": 0.03, "mean": 0.012, "samples": [0.1] * 9}
    found = figures(
        {
            "version": "v1",
            "metadata": {"generator": "h2load nghttp2/1.69.0"},
            "measurements": {
                "duration": 60.0,
                "request_per_second": 100.0,
                "requests": {"total": 6000, "failed": 60, "errored": 0},
                "status_codes": {"2xx": 5940, "4xx": 0, "5xx": 60},
                "performance": {"request": times},
            },
        }
    )
    assert (found.latency.p50, found.latency.p99, found.error_ratio, found.errors.server) == (10.0, 30.0, 0.01, 60)


def test_siege_zero_means_below_its_step_and_not_zero() -> None:
    document = {
        "transactions": 5437,
        "availability": 96.61,
        "elapsed_time": 60.0,
        "response_time": 0.0,
        "transaction_rate": 90.6,
        "successful_transactions": 5382,
        "failed_transactions": 174,
        "longest_transaction": 0.02,
        "shortest_transaction": 0.0,
    }
    one = reading(document)
    assert one.loadtest is not None
    assert (one.loadtest.latency.mean, one.loadtest.latency.min, one.loadtest.latency.max) == (None, None, 20.0)
    assert one.loadtest.errors.client == 55
    assert one.loadtest.error_ratio == pytest.approx((55 + 174) / (5437 + 174))


def test_siege_text_of_older_versions() -> None:
    found = figures(
        "Transactions:\t\t        5437 hits\nAvailability:\t\t      100.00 %\nElapsed time:\t\t       59.93 secs\n"
        "Response time:\t\t        0.12 secs\nTransaction rate:\t      90.72 trans/sec\n"
        "Successful transactions:        5437\nFailed transactions:\t           0\nLongest transaction:\t        0.52\n"
    )
    assert (found.requests, found.latency.mean, found.latency.max, found.error_ratio) == (5437, 120.0, 520.0, 0.0)


def test_loadtest_of_npm() -> None:
    found = figures(
        "Target URL:          http://shop:8080/mix\nMax requests:        1000\nConcurrent clients:  10\n\n"
        "Completed requests:  1000\nTotal errors:        43\n"
        "Total time:          1.194 s\nMean latency:        11.3 ms\n"
        "Effective rps:       838\n\nPercentage of requests served within a certain time\n  50%      10 ms\n"
        "  95%      24 ms\n 100%      42 ms (longest request)\n\n   -1:   40 errors\n  503:   3 errors\n"
    )
    assert (found.requests, found.error_ratio, found.errors.server, found.errors.other) == (1000, 0.043, 3, 40)
    assert (found.latency.p50, found.latency.max, found.duration_s) == (10.0, 42.0, 1.194)


K6 = """
     scenarios: (100.00%) 1 scenario, 20 max VUs
              * load: 100.00 iterations/s for 1m0s (maxVUs: 10-20, gracefulStop: 30s)

  █ TOTAL RESULTS

    checks_succeeded...: 98.00% 5880 out of 6000

    HTTP
    http_req_duration..............: avg=11.03ms min=787.82µs med=9.5ms  max=1m2.5s p(90)=19.32ms p(95)=23.9ms
      { expected_response:true }...: avg=11.03ms min=2.07ms med=9.51ms max=68.65ms p(90)=19.28ms p(95)=23.55ms
    http_req_failed................: 2.00%  120 out of 6000
    http_reqs......................: 6000   100.0/s

    EXECUTION
    iterations.....................: 6000   100.0/s

  █ SCENARIO: load
    http_req_duration..........: avg=99ms min=2.35ms med=99ms max=149.63ms p(90)=39.21ms  p(95)=97.59ms
"""


def test_k6_console_gives_the_total_and_the_arrival_rate() -> None:
    found = figures(K6)
    assert (found.requests, found.duration_s, found.requested_rps) == (6000, 60.0, 100.0)
    assert (found.latency.min, found.latency.p50, found.latency.max) == (pytest.approx(0.78782), 9.5, 62_500.0)
    assert (found.errors.other, found.error_ratio) == (120, 0.02)
    assert found.coordinated_omission == "corrected"


def test_k6_console_of_older_versions_ticks_the_failed_requests() -> None:
    old = "     http_req_duration..............: avg=10.98ms min=2.14ms med=9.77ms max=58.57ms p(90)=17.76ms\n"
    old += "   ✗ http_req_failed................: 3.85%  ✓ 37         ✗ 924\n"
    old += "     http_reqs......................: 961    119.863248/s\n"
    found = figures(old)
    assert (found.errors.other, found.error_ratio) == (37, 37 / 961)
    assert found.coordinated_omission == "unknown"
