"""Peak memory of every reader on a large file of its own and on bytes made to be heavy: at most 3 times the input.

python -m benchmarks.intake.memory [MEGABYTES [PART OF A NAME]]

Each file (12 MB by default) is read in a fresh process. Printed are the size, the peak of resident memory above that of
the same process before it opened the file, their ratio, and what the file was taken for.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count, islice
from pathlib import Path

from benchmarks.intake.cluster_list import pod

PROGRAM = """
import resource, sys
from decisions import intake
import numpy  # what many readers load is no memory of the file
intake.read(b'{"a": 1}', 'warm'), intake.read(b'a', 'warm'), intake.read(b'kind: Pod', 'warm')
intake.read(b'<testResults><a></a></testResults>', 'warm')
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
(first, *_) = intake.read(open(sys.argv[1], 'rb'), 'file')
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((after - before) / 1024, first.tool or first.advice[:70])
"""
START = 1_767_323_045


def filled(size: int, before: str, part: Callable[[int], str], after: str = "", between: str = "") -> Iterator[str]:
    """`before`, as many parts as fill `size` bytes, `after`."""
    yield before
    written = 0
    for place in count():
        text = (between if place else "") + part(place)
        written += len(text)
        yield text
        if written >= size:
            break
    yield after


def fortio(size: int) -> Iterator[str]:
    """A result whose histogram has a bucket for nearly every call."""
    head = '{"ActualQPS": 50.0, "RequestedQPS": "50", "ActualDuration": 10000000000, "RetCodes": {"200": 500}, '
    head += '"DurationHistogram": {"Count": 500, "Min": 0.001, "Max": 0.09, "Avg": 0.01, "Percentiles": [], "Data": ['
    return filled(
        size,
        head,
        lambda n: f'{{"Start": {n / 1e3}, "End": {(n + 1) / 1e3}, "Percent": {n / 1e4}, "Count": 1}}',
        "]}}",
        ", ",
    )


def vegeta(size: int) -> Iterator[str]:
    """A report with many buckets."""
    head = '{"latencies": {"total": 1, "mean": 1000, "50th": 1000, "95th": 2000, "99th": 3000, "max": 4000}, '
    head += '"requests": 500, "rate": 50, "duration": 10000000000, "buckets": {'
    return filled(size, head, lambda n: f'"{n * 1000}": {n}', "}}", ", ")


def nighthawk(size: int) -> Iterator[str]:
    """A result of many workers, as the tool indents it."""
    grid = [{"duration": f"0.0{n:03d}s", "percentile": n / 200, "count": str(n)} for n in range(200)]
    statistic = {"count": "500", "id": "benchmark_http_client.request_to_response", "percentiles": grid, "mean": "0.1s"}
    counters = [{"name": "benchmark.http_2xx", "value": "500"}]

    def worker(place: int) -> str:
        name = "global" if not place else f"worker_{place}"
        return json.dumps({"name": name, "statistics": [statistic], "counters": counters}, indent=1)

    return filled(size, '{"options": {"requests_per_second": 50}, "results": [', worker, "]}", ",\n")


def rows(head: str, row: Callable[[int], str]) -> Callable[[int], Iterator[str]]:
    """A table of a header and as many rows as fill it."""
    return lambda size: filled(size, head, row, "\n", "\n")


def repeated(head: str, part: str, tail: str = "") -> Callable[[int], Iterator[str]]:
    """`part` over and over."""
    return lambda size: filled(size, head, lambda _: part, tail)


def listed(between: str, part: str) -> Callable[[int], Iterator[str]]:
    """A JSON list of the same thing."""
    return lambda size: filled(size, "[", lambda _: part, "]", between)


def cluster(size: int) -> Iterator[str]:
    """A kubectl list of pods."""
    return filled(size, '{"kind": "List", "apiVersion": "v1", "items": [', lambda n: json.dumps(pod(n)), "]}", ",")


def policies(size: int) -> Iterator[str]:
    """A list of the smallest objects there are."""
    return filled(size, '{"kind": "ServiceList", "items": [', lambda n: f'{{"metadata":{{"name":"s{n}"}}}}', "]}", ",")


def k6_point(place: int) -> str:
    """One request as k6 writes it."""
    data = {"time": "2026-01-02T03:04:05.6789Z", "value": place % 977 / 7, "tags": {"status": "200"}}
    return json.dumps({"type": "Point", "metric": "http_req_duration", "data": data})


ATTACK = {"attack": "a", "seq": 1, "code": 200, "timestamp": "2026-01-02T03:04:05Z", "latency": 1_000_000}
WRK = (
    "Running 30s test @ http://h\n  2 threads and 16 connections\n  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"
)
WRK += "    Latency     1.00ms    0.20ms   9.00ms   90.00%\n  3000 requests in 30.00s, 1.00MB read\n"

FILES: Mapping[str, Callable[[int], Iterator[str]]] = {
    "fortio JSON, many buckets": fortio,
    "vegeta JSON, many buckets": vegeta,
    "nighthawk JSON, many workers": nighthawk,
    "k6 JSON lines": rows("", k6_point),
    "k6 CSV": rows(
        "metric_name,timestamp,metric_value,status\n", lambda n: f"http_req_duration,{START + n // 99},{n % 977},200"
    ),
    "vegeta JSON lines": rows("", lambda n: json.dumps(ATTACK | {"seq": n, "latency": n * 1000})),
    "vegeta CSV": rows("", lambda n: f"{START}{n:09d},200,{n},0,0,,,{n},a,GET,http://h/,"),
    "JTL CSV": rows("timeStamp,elapsed,label,responseCode,success\n", lambda n: f"{START + n}000,{n % 977},a,200,true"),
    "JTL CSV, shortest rows out of order": rows("timeStamp,elapsed\n", lambda n: f"{START - n % 1000}000,{n % 10}"),
    "JTL XML": lambda size: filled(
        size,
        '<testResults version="1.2">',
        lambda n: f'<httpSample t="{n % 977}" ts="{START}" s="true"/>',
        "</testResults>",
    ),
    "Gatling log": rows("RUN\ta\ta\t1\t \t3.5\n", lambda n: f"REQUEST\t\ta\t{START}000\t{START}{n % 977:03d}\tOK\t "),
    "hey CSV": rows(
        "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n",
        lambda n: f"{n % 977 / 1e4},0.0,0.0,0.0,0.0,0.0,200,{n / 1e3}",
    ),
    "ab -g": rows(
        "starttime\tseconds\tctime\tdtime\tttime\twait\n",
        lambda n: f"Fri Jan 02 03:04:05 2026\t{START}\t0\t{n % 977}\t{n % 977}\t1",
    ),
    "wrk text in a long log": repeated(WRK, "a line of a log that goes on and on\n"),
    "text of wide characters": repeated(WRK, "\U0001f600 wide 中文 text\n"),
    "kubectl list of pods": cluster,
    "kubectl list of the smallest objects": policies,
    "kubectl YAML": repeated(
        "apiVersion: v1\nkind: List\nitems:\n",
        "- kind: Pod\n  metadata:\n    name: a\n  spec:\n    hostNetwork: true\n",
    ),
    "Prometheus matrix": lambda size: filled(
        size,
        '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"meshadvisor":"p99_ms"},"values":[',
        lambda n: f'[{START + n},"{n}"]',
        "]}]}}",
        ",",
    ),
    "JSON list of empty objects": listed(",", "{}"),
    "JSON list of small objects": listed(",", '{"a":1}'),
    "JSON list of numbers": listed(",", "1"),
    "JSON list of lists": listed(",", "[1]"),
    "JSON of different keys": lambda size: filled(size, "{", lambda n: f'"{n}":1', "}", ","),
    "JSON nested": lambda size: iter(['{"a":' * (size // 5)]),
    "JSON with one long text": lambda size: iter(['{"a":"' + "x" * size + '"}']),
    "JSON that needs repair": repeated('{"a": NaN, "b": [', "1,", "]}"),
    "new lines": repeated("", "\n"),
    "zero bytes": repeated("", "\x00"),
    "one long line": repeated("", "x"),
    "tags": repeated("<html>", "<a>"),
    "terminal colours": repeated("", "\x1b[32mx"),
    "CSV of commas": repeated("timeStamp,elapsed\n", ","),
    "Locust CSV, many rows": rows(
        "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,50%,95%,99%\n",
        lambda n: f"GET,/{n},10,0,5,5,5,9,9",
    ),
    "kubectl top, many rows": rows("NAMESPACE  NAME  CPU(cores)  MEMORY(bytes)\n", lambda n: f"a  p{n}  1m  1Mi"),
}


def measured(path: Path) -> tuple[float, str]:
    """(MiB above the process before, what the file was taken for)."""
    run = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True)
    peak, _, what = run.stdout.strip().partition(" ")
    return float(peak), what


def main(megabytes: float, wanted: str) -> None:
    """Writes each file, reads it, prints its row; exit 1 when one is above 3 times its size."""
    worst = 0.0
    print(f"{'file':40}{'MB':>6}{'MiB':>7}{'ratio':>7}  taken for")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        for name, parts in ((name, parts) for name, parts in FILES.items() if wanted in name):
            with path.open("w", encoding="utf-8") as file:
                file.writelines(islice(parts(round(megabytes * 1e6)), 50_000_000))
            size = path.stat().st_size
            peak, what = measured(path)
            ratio = peak * 2**20 / size
            worst = max(worst, ratio)
            print(f"{name:40}{size / 1e6:6.1f}{peak:7.1f}{ratio:7.2f}  {what}", flush=True)
    print(f"worst: {worst:.2f} times the input")
    sys.exit(worst > 3)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 12, sys.argv[2] if len(sys.argv) > 2 else "")
