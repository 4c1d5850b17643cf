"""Reports with what varies between versions, flags and runs; the true figures are worked out by hand from each text.

Units per value (us to m), zero requests, errors of every kind at once, separators, encodings, colours, packed files.
"""
# ruff: noqa: E501, W291, W293 - the reports stand here as the tools print them

import gzip
import json

import pytest

from tests.intake.given import reading

CASES: list[tuple[str, bytes, dict[str, object]]] = []


def case(name: str, text: str | bytes, **wanted: object) -> None:
    """A report and what is true of it."""
    CASES.append((name, text if isinstance(text, bytes) else text.encode(), wanted))


WRK = """Running 2m test @ http://10.0.0.5:8080/x?y=1
  12 threads and 400 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   635.91us    0.89ms  12.92ms   93.69%
    Req/Sec    56.20k     8.07k   62.00k    86.54%
  Latency Distribution
     50%  250.00us
     75%  491.00us
     90%  700.00us
     99%    5.80ms
  22464657 requests in 2.00m, 17.76GB read
Requests/sec: 187205.47
Transfer/sec:    151.55MB
"""
case("wrk us/m", WRK, tool="wrk", requests=22464657, duration=120.0, p50=0.25, p99=5.8, p95=None, rps=187205.47)
case(
    "wrk zero",
    """Running 5s test @ http://127.0.0.1:1/
  1 threads and 1 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     0.00us    0.00us   0.00us    -nan%
    Req/Sec     0.00      0.00     0.00      -nan%
  0 requests in 5.01s, 0.00B read
  Socket errors: connect 1, read 0, write 0, timeout 0
Requests/sec:      0.00
Transfer/sec:       0.00B
""",
    tool="wrk",
    requests=0,
    p50=None,
    mean=None,
    ratio=1.0,
)
case("wrk hours", WRK.replace("2m test", "1h test").replace("in 2.00m", "in 1.00h"), duration=3600.0)
case("wrk slow s", WRK.replace("250.00us", "1.25s ").replace("5.80ms", "1.10m "), p50=1250.0, p99=66000.0)
HEY = """
Summary:
  Total:	30.0034 secs
  Slowest:	0.9876 secs
  Fastest:	0.0012 secs
  Average:	0.0210 secs
  Requests/sec:	1665.1438
  
  Total data:	599556 bytes
  Size/request:	12 bytes

Response time histogram:
  0.001 [1]	|
  0.100 [49900]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■


Latency distribution:
  10%% in 0.0031 secs
  25%% in 0.0052 secs
  50%% in 0.0102 secs
  75%% in 0.0204 secs
  90%% in 0.0401 secs
  95%% in 0.0603 secs
  99%% in 0.1502 secs

Details (average, fastest, slowest):
  DNS+dialup:	0.0001 secs, 0.0012 secs, 0.9876 secs

Status code distribution:
  [200]	49000 responses
  [404]	500 responses
  [502]	460 responses

Error distribution:
  [40]	Get "http://x/": dial tcp 10.0.0.1:80: connect: connection refused
"""
case("hey %%", HEY, tool="hey", requests=50000, errs=(40, 500, 460, 0), p50=10.2, p99=150.2, duration=30.0034)
case("hey %", HEY.replace("%%", "%"), tool="hey", requests=50000, p95=60.3, ratio=0.02)
case("hey utf16", HEY.replace("%%", "%").encode("utf-16"), tool="hey", requests=50000)
case("hey gz", gzip.compress(HEY.encode()), tool="hey", requests=50000)
case(
    "hey ansi",
    "\x1b[32m$ hey http://x\x1b[0m\n" + HEY.replace("Total:", "\x1b[1mTotal:\x1b[0m"),
    tool="hey",
    requests=50000,
)
AB = """This is ApacheBench, Version 2.3 <$Revision: 1903618 $>
Server Software:        nginx/1.25
Server Hostname:        shop.example
Server Port:            443
SSL/TLS Protocol:       TLSv1.3,TLS_AES_256_GCM_SHA384,2048,256

Document Path:          /
Document Length:        615 bytes

Concurrency Level:      50
Time taken for tests:   12.345 seconds
Complete requests:      20000
Failed requests:        120
   (Connect: 0, Receive: 3, Length: 110, Exceptions: 7)
Non-2xx responses:      100
Keep-Alive requests:    20000
Total transferred:      17000000 bytes
HTML transferred:       12300000 bytes
Requests per second:    1620.09 [#/sec] (mean)
Time per request:       30.863 [ms] (mean)
Time per request:       0.617 [ms] (mean, across all concurrent requests)
Transfer rate:          1344.80 [Kbytes/sec] received

Connection Times (ms)
              min  mean[+/-sd] median   max
Connect:        0    1   2.0      0      30
Processing:     2   29  10.0     27     300
Waiting:        2   28  10.0     26     299
Total:          2   30  10.5     28     310

Percentage of the requests served within a certain time (ms)
  50%     28
  66%     31
  75%     34
  80%     36
  90%     43
  95%     52
  98%     70
  99%     90
 100%    310 (longest request)
"""
case(
    "ab tls",
    AB,
    tool="ab",
    requests=20000,
    errs=(10, None, None, 100),
    ratio=110 / 20000,
    p50=28.0,
    p95=52.0,
    p99=90.0,
    max=310.0,
    duration=12.345,
)
case(
    "ab no fail",
    AB.replace("   (Connect: 0, Receive: 3, Length: 110, Exceptions: 7)\nNon-2xx responses:      100\n", "").replace(
        "Failed requests:        120", "Failed requests:        0"
    ),
    ratio=0.0,
)
K6 = {
    "root_group": {"name": ""},
    "metrics": {
        "http_req_duration": {
            "avg": 10.5,
            "min": 1.0,
            "med": 9.0,
            "max": 99.0,
            "p(50)": 9.0,
            "p(90)": 20.0,
            "p(95)": 30.0,
            "p(99)": 50.0,
            "p(99.9)": 80.0,
        },
        "http_reqs": {"count": 3000, "rate": 100.0},
        "http_req_failed": {"passes": 30, "fails": 2970, "value": 0.01, "thresholds": {"rate<0.05": False}},
        "iterations": {"count": 3000, "rate": 100},
        "vus_max": {"value": 10, "min": 10, "max": 10},
    },
}
case("k6 export", json.dumps(K6), tool="k6", requests=3000, ratio=0.01, p50=9.0, p95=30.0, p99=50.0, rps=100.0)
k = json.loads(json.dumps(K6))
del k["metrics"]["http_req_duration"]["p(99)"]
case("k6 no p99", json.dumps(k), p99=None, p95=30.0)
k6c = """
     ✓ status is 200

     checks.........................: 98.00% ✓ 2940      ✗ 60
     data_received..................: 4.3 MB 143 kB/s
     data_sent......................: 258 kB 8.6 kB/s
     http_req_blocked...............: avg=12.5µs  min=1.2µs  med=3.4µs  max=2.1ms   p(90)=5.1µs   p(95)=6.3µs
   ✓ http_req_duration..............: avg=101.2ms min=51.2ms med=98.7ms max=1.21s   p(90)=150.3ms p(95)=201.4ms
       { expected_response:true }...: avg=100.1ms min=51.2ms med=98.1ms max=1.21s   p(90)=149.3ms p(95)=199.4ms
   ✗ http_req_failed................: 2.00%  ✓ 60        ✗ 2940
     http_reqs......................: 3000   99.876543/s
     iteration_duration.............: avg=1.1s    min=1.05s  med=1.09s  max=2.3s    p(90)=1.15s   p(95)=1.2s
     iterations.....................: 3000   99.876543/s
     vus............................: 1      min=1       max=100
     vus_max........................: 100    min=100     max=100
"""
case("k6 console 0.4x", k6c, tool="k6", requests=3000, ratio=0.02, p50=98.7, p95=201.4, max=1210.0, p99=None)
k6n = """
  █ TOTAL RESULTS 

    checks_total.......................: 3000    99.87/s
    checks_succeeded...................: 98.00%  2940 out of 3000
    checks_failed......................: 2.00%   60 out of 3000

    HTTP
    http_req_duration.......................................................: avg=101.2ms min=51.2ms med=98.7ms max=1.21s p(90)=150.3ms p(95)=201.4ms
      { expected_response:true }............................................: avg=100.1ms min=51.2ms med=98.1ms max=1.21s p(90)=149.3ms p(95)=199.4ms
    http_req_failed.........................................................: 2.00%  60 out of 3000
    http_reqs...............................................................: 3000   99.876543/s

    EXECUTION
    iteration_duration......................................................: avg=1.1s    min=1.05s  med=1.09s  max=2.3s    p(90)=1.15s   p(95)=1.2s
    iterations..............................................................: 3000   99.876543/s
"""
case("k6 console 1.x", k6n, tool="k6", requests=3000, ratio=0.02, p50=98.7, p95=201.4)
VT = """Requests      [total, rate, throughput]         1200, 20.02, 19.34
Duration      [total, attack, wait]             1m0.1s, 59.95s, 150.2ms
Latencies     [min, mean, 50, 90, 95, 99, max]  10.2ms, 50.1ms, 45.3ms, 90.5ms, 120.7ms, 1.2s, 2.5s
Bytes In      [total, mean]                     120000, 100.00
Bytes Out     [total, mean]                     0, 0.00
Success       [ratio]                           97.50%
Status Codes  [code:count]                      0:10  200:1170  500:20  
Error Set:
Get "http://x": context deadline exceeded
"""
case(
    "vegeta text", VT, tool="vegeta", requests=1200, p50=45.3, p99=1200.0, max=2500.0, errs=(10, 0, 20, 0), ratio=0.025
)
vj = {
    "latencies": {
        "total": 60000000000,
        "mean": 50000000,
        "50th": 45000000,
        "90th": 90000000,
        "95th": 120000000,
        "99th": 1200000000,
        "max": 2500000000,
        "min": 10000000,
    },
    "bytes_in": {"total": 1, "mean": 1},
    "bytes_out": {"total": 0, "mean": 0},
    "earliest": "2026-01-02T03:04:05.123456789+02:00",
    "latest": "2026-01-02T03:05:05.1+02:00",
    "end": "2026-01-02T03:05:05.2+02:00",
    "duration": 59976543211,
    "wait": 100000000,
    "requests": 1200,
    "rate": 20.0,
    "throughput": 19.3,
    "success": 0.975,
    "status_codes": {"0": 10, "200": 1170, "500": 20},
    "errors": ["x"],
}
case("vegeta json", json.dumps(vj), tool="vegeta", requests=1200, p90=90.0, errs=(10, 0, 20, 0))
OHA = """Summary:
  Success rate:	99.50%
  Total:	10.0021 secs
  Slowest:	0.1234 secs
  Fastest:	0.0004 secs
  Average:	0.0051 secs
  Requests/sec:	9803.1234

  Total data:	1.20 MiB
  Size/request:	12 B
  Size/sec:	122.0 KiB

Response time histogram:
  0.000 [1]     |
  0.012 [97000] |■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■

Response time distribution:
  10.00% in 0.0011 secs
  25.00% in 0.0021 secs
  50.00% in 0.0041 secs
  75.00% in 0.0061 secs
  90.00% in 0.0091 secs
  95.00% in 0.0121 secs
  99.00% in 0.0301 secs
  99.90% in 0.0901 secs
  99.99% in 0.1201 secs


Details (average, fastest, slowest):
  DNS+dialup:	0.0011 secs, 0.0004 secs, 0.0021 secs

Status code distribution:
  [200] 97000 responses
  [503] 560 responses

Error distribution:
  [490] connection refused
  [41] aborted due to deadline
"""
case("oha text", OHA, tool="oha", p50=4.1, p99=30.1, requests=98050, errs=(490, 0, 560, 0))
case("oha ms", OHA.replace("0.0041 secs", "4.1000 ms").replace("0.0301 secs", "30.1000 ms"), p50=4.1, p99=30.1)
LOC = """Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%
GET,/a,900,9,12,14.5,2.1,220.5,100,30.0,0.3,12,14,16,18,25,40,60,90,200,220,220
GET,/b,100,1,30,34.5,12.1,320.5,100,3.3,0.03,30,34,36,38,45,60,80,100,300,320,320
,Aggregated,1000,10,13,16.5,2.1,320.5,100,33.3,0.33,13,15,18,20,30,45,65,95,300,320,320
"""
case("locust", LOC, tool="locust", requests=1000, ratio=0.01, p50=13.0, p99=95.0)
case("locust ;CRLF BOM", ("\ufeff" + LOC.replace("\n", "\r\n")), tool="locust", requests=1000)
H2 = """starting benchmark...
spawning thread #0: 10 total client(s). 10000 total requests
TLS Protocol: TLSv1.3
Application protocol: h2
progress: 100% done

finished in 2.51s, 3984.06 req/s, 1.20MB/s
requests: 10000 total, 10000 started, 10000 done, 9900 succeeded, 100 failed, 20 errored, 5 timeout
status codes: 9900 2xx, 0 3xx, 30 4xx, 50 5xx
traffic: 3.01MB (3156000) total, 0B (0) headers (space savings 0.00%), 2.01MB (2107648) data
                     min         max         mean         sd        +/- sd
time for request:      312us    210.12ms      2.45ms      5.01ms    96.10%
time for connect:     1.02ms      5.01ms      3.10ms      1.10ms    60.00%
time to 1st byte:     2.02ms      7.01ms      4.10ms      1.10ms    60.00%
req/s           :     398.41      410.22      401.10       3.20    70.00%
"""
case("h2load", H2, tool="h2load", requests=10000, p50=None, max=210.12, mean=2.45, duration=2.51)
JTL = (
    "timeStamp;elapsed;label;responseCode;responseMessage;threadName;success;bytes;grpThreads;allThreads;Latency;Connect\n"
    + "".join(
        f"{1767323045000 + i * 10};{i + 1};x;{'200' if i % 10 else '500'};OK;t;{'true' if i % 10 else 'false'};1;1;1;1;0\n"
        for i in range(100)
    )
)
case("jtl ;", JTL, tool="jmeter", requests=100, ratio=0.1, p50=50.0, p99=99.0)
AC = {
    "url": "http://x:80",
    "connections": 10,
    "sampleInt": 1000,
    "pipelining": 1,
    "workers": 1,
    "duration": 10.02,
    "samples": 10,
    "start": "2026-01-02T03:04:05.000Z",
    "finish": "2026-01-02T03:04:15.020Z",
    "errors": 2,
    "timeouts": 1,
    "mismatches": 0,
    "non2xx": 30,
    "resets": 0,
    "1xx": 0,
    "2xx": 9970,
    "3xx": 0,
    "4xx": 10,
    "5xx": 20,
    "statusCodeStats": {"200": {"count": 9970}, "404": {"count": 10}, "500": {"count": 20}},
    "latency": {
        "average": 9.5,
        "mean": 9.5,
        "stddev": 2,
        "min": 1,
        "max": 60,
        "p0_001": 1,
        "p0_01": 1,
        "p0_1": 1,
        "p1": 2,
        "p2_5": 3,
        "p10": 5,
        "p25": 7,
        "p50": 9,
        "p75": 11,
        "p90": 14,
        "p97_5": 20,
        "p99": 25,
        "p99_9": 50,
        "p99_99": 60,
        "p99_999": 60,
        "totalCount": 10000,
    },
    "requests": {"average": 1000, "mean": 1000, "total": 10000, "sent": 10010, "p50": 1000},
    "throughput": {"average": 1, "total": 10},
}
case("autocannon", json.dumps(AC), tool="autocannon", requests=10000, p50=9.0, p95=None, p99=25.0)
GHZ = {
    "date": "2026-01-02T03:04:05Z",
    "options": {"call": "a.B.c", "host": "x:50051", "total": 2000, "concurrency": 10},
    "count": 2000,
    "total": 5000000000,
    "average": 20000000,
    "fastest": 1000000,
    "slowest": 300000000,
    "rps": 400,
    "errorDistribution": {"rpc error: code = Unavailable desc = x": 40},
    "statusCodeDistribution": {"OK": 1960, "Unavailable": 40},
    "latencyDistribution": [
        {"percentage": 10, "latency": 5000000},
        {"percentage": 50, "latency": 15000000},
        {"percentage": 90, "latency": 40000000},
        {"percentage": 95, "latency": 60000000},
        {"percentage": 99, "latency": 120000000},
    ],
    "histogram": [],
    "details": None,
}
case("ghz", json.dumps(GHZ), tool="ghz", requests=2000, ratio=0.02, p99=120.0, duration=5.0)
SG = {
    "transactions": 5000,
    "availability": 98.0,
    "elapsed_time": 59.5,
    "data_transferred": 1.2,
    "response_time": 0.03,
    "transaction_rate": 84.03,
    "throughput": 0.02,
    "concurrency": 2.5,
    "successful_transactions": 4900,
    "failed_transactions": 100,
    "longest_transaction": 1.2,
    "shortest_transaction": 0.01,
}
case("siege", json.dumps(SG), tool="siege", duration=59.5, p50=None)
GS = {
    "name": "All Requests",
    "numberOfRequests": {"total": 1000, "ok": 980, "ko": 20},
    "minResponseTime": {"total": 5, "ok": 5, "ko": 10},
    "maxResponseTime": {"total": 900, "ok": 800, "ko": 900},
    "meanResponseTime": {"total": 50, "ok": 48, "ko": 100},
    "standardDeviation": {"total": 10, "ok": 9, "ko": 20},
    "percentiles1": {"total": 40, "ok": 39, "ko": 90},
    "percentiles2": {"total": 60, "ok": 59, "ko": 95},
    "percentiles3": {"total": 120, "ok": 110, "ko": 99},
    "percentiles4": {"total": 300, "ok": 290, "ko": 100},
    "group1": {"name": "t < 800 ms", "count": 980, "percentage": 98},
    "meanNumberOfRequestsPerSecond": {"total": 16.67, "ok": 16.3, "ko": 0.3},
}
case("gatling", json.dumps(GS), tool="gatling", requests=1000, ratio=0.02, p99=300.0, p95=120.0, p90=None)


@pytest.mark.parametrize(("name", "content", "wanted"), CASES, ids=[name for name, _, _ in CASES])
def test_a_variation_is_read_as_it_is_true(name: str, content: bytes, wanted: dict[str, object]) -> None:
    one = reading(content)
    run = one.loadtest
    assert run is not None, one.advice
    latency, errors = run.latency, run.errors
    found = {
        "tool": one.tool,
        "requests": run.requests,
        "duration": run.duration_s,
        "rps": run.achieved_rps,
        "ratio": run.error_ratio,
        "errs": (errors.transport, errors.client, errors.server, errors.other),
        "p50": latency.p50,
        "p90": latency.p90,
        "p95": latency.p95,
        "p99": latency.p99,
        "max": latency.max,
        "mean": latency.mean,
    }
    for key, value in wanted.items():
        expected = pytest.approx(value, rel=1e-6) if isinstance(value, float) else value
        assert found[key] == expected, f"{name}: {key}"
