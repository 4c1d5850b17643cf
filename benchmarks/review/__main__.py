"""How long the pages of past decisions take, and how many queries, with more and more of them.

    python benchmarks/review --sizes 1000,10000 --json
    python -m tests.postgres python benchmarks/review --sizes 1000,10000,100000

The whole application answers, from the first middleware to the last byte, in this process, without a network. Numbers
are milliseconds of 60 requests a page after 5 that do not count. It runs in a directory of its own, on SQLite unless
DATABASE_URL names another database, which must be empty.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

WARM, TIMED = 5, 60


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000", help="numbers of decisions, ascending (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print {page: {size: {median_ms, p99_ms, queries}}}")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if sizes != sorted(set(sizes)) or sizes[0] < 100:
        parser.error("--sizes must be ascending numbers from 100")
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    home = tempfile.mkdtemp(prefix="meshadvisor-benchmark-")
    os.environ.update(DATA_DIR=home, DJANGO_SETTINGS_MODULE="meshadvisor.settings", ALLOWED_HOSTS="testserver")
    try:
        found = measure(sizes)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(json.dumps(found, indent=None if options.json else 2))
    return 0


def measure(sizes: list[int]) -> dict[str, dict[str, dict[str, float]]]:
    """{page: {size: {median_ms, p99_ms, queries}}}."""
    from meshadvisor.prepare import prepare

    prepare(lambda line: None)
    from django.test import Client

    from benchmarks.review import estate as estates

    estate = estates.found()
    client = Client()
    client.force_login(estate.administrator)
    result: dict[str, dict[str, dict[str, float]]] = {}
    begin = 0
    for size in sizes:
        estates.grow(estate, begin, size)
        begin = size
        for page, addresses in pages(estates.sampled(size), size).items():
            result.setdefault(page, {})[str(size)] = timed(client, addresses)
            print(f"{page} {size}: {result[page][str(size)]}", file=sys.stderr)
    return result


def pages(numbers: list[str], size: int) -> dict[str, list[str]]:
    """What is asked for, by page; the addresses of one page take turns."""
    return {
        "list": [
            "/decisions/",
            "/decisions/?status=accepted",
            "/decisions/?approach=no-mesh",
            "/decisions/?older=20261001T000000000000-1",
        ],
        "search": [
            f"/decisions/?q=DR-{100000 + size // 2}",
            f"/decisions/?q=rare{size // 3 % 5000}",
            "/decisions/?q=cluster+mesh",
        ],
        "detail": [f"/large/{number}/" for number in numbers[:10]],
        "board": ["/board/"],
    }


def timed(client, addresses: list[str]) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Median and 99th percentile over all addresses, and the most queries that one of them took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    queries, times, work = 0, [], []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        queries = max(queries, len(captured))
    for turn in range(WARM + TIMED):
        begun, worked = time.perf_counter(), time.process_time()
        client.get(addresses[turn % len(addresses)])
        if turn >= WARM:
            times.append((time.perf_counter() - begun) * 1000)
            work.append((time.process_time() - worked) * 1000)
    # On a machine that others use, the time of this process says more; with SQLite the database is in it.
    print(f"  processor: median {statistics.median(work):.1f} ms", file=sys.stderr)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"median_ms": round(statistics.median(times), 1), "p99_ms": round(cuts[98], 1), "queries": queries}


if __name__ == "__main__":
    sys.exit(main())
