"""How long the pages of past decisions take, and how many queries, with more and more of them.

    python benchmarks/review --sizes 1000,10000 --json
    python -m tests.postgres python benchmarks/review --sizes 1000,10000,100000
    python benchmarks/review --sizes 1000 --beside /path/to/venv/bin/python

`--beside` names the interpreter of another environment with django-adr 2.0.0 (it needs Python 3.12), which is measured
in the same run at the first size: `python3.12 -m venv V; V/bin/pip install django-adr==2.0.0`.
The whole application answers, from the first middleware to the last byte, in this process, without a network. Numbers
are milliseconds of 60 requests a page after 5 that do not count: `median_ms` and `p99_ms` as a clock on the wall shows
them, `cpu_median_ms` and `cpu_p99_ms` the processor time of this process, which others on the machine disturb less.
With SQLite the database is in it, with PostgreSQL `database_cpu_ms` is what its process took for a request on average.
It runs in a directory of its own, on SQLite unless DATABASE_URL names another database, which must be empty.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WARM, TIMED = 5, 60
BESIDE = "2.0.0"
"""The version of django-adr that is measured beside ours."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000", help="numbers of decisions, ascending (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print {page: {size: {median_ms, p99_ms, queries}}}")
    parser.add_argument(
        "--beside", metavar="PYTHON", help="an interpreter with django-adr 2.0.0, measured in the same run"
    )
    parser.add_argument(
        "--home", metavar="DIRECTORY", help="keep the organisation there, and go on with one found there"
    )
    options = parser.parse_args()
    if options.beside and (missing := absent(options.beside)):
        parser.error(missing)
    sizes = [int(size) for size in options.sizes.split(",")]
    if sizes != sorted(set(sizes)) or sizes[0] < 100:
        parser.error("--sizes must be ascending numbers from 100")
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    home = options.home or tempfile.mkdtemp(prefix="meshadvisor-benchmark-")
    os.environ.update(DATA_DIR=home, DJANGO_SETTINGS_MODULE="meshadvisor.settings", ALLOWED_HOSTS="testserver")
    try:
        found = measure(sizes)
        if options.beside:
            found |= others(options.beside, sizes[0])
    finally:
        if not options.home:
            shutil.rmtree(home, ignore_errors=True)
    print(json.dumps(found, indent=None if options.json else 2))
    return 0


def measure(sizes: list[int]) -> dict[str, dict[str, dict[str, float]]]:
    """{page: {size: {median_ms, p99_ms, queries}}}."""
    from meshadvisor.prepare import prepare

    prepare(lambda line: None)
    from django.test import Client

    from benchmarks.review import estate as estates

    estate, begin = estates.found_or_known()
    client = Client()
    client.force_login(estate.administrator)
    program = Client(headers={"authorization": f"Bearer {estates.token(estate)}"})
    result: dict[str, dict[str, dict[str, float]]] = {}
    for size in sizes:
        begun = time.perf_counter()
        if begin > size:
            sys.exit(f"there are {begin} decisions already, more than {size}")
        estates.grow(estate, begin, size)
        print(f"{size} decisions, filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        begin = size
        for page, addresses in pages(estates.sampled(size), size).items():
            asking = program if page == "API list" else client
            result.setdefault(page, {})[str(size)] = timed(asking, addresses)
            print(f"{page} {size}: {result[page][str(size)]}", file=sys.stderr)
    return result


def absent(interpreter: str) -> str:
    """Why django-adr cannot be measured with it, and what to type; empty when it can."""
    asked = "import importlib.metadata as m; print(m.version('django-adr'))"
    try:
        done = subprocess.run([interpreter, "-c", asked], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"--beside: {error}. Make one: python3.12 -m venv V; V/bin/pip install django-adr=={BESIDE}"
    if done.stdout.strip() != BESIDE:
        return f"--beside: no django-adr {BESIDE} there. Install it: {interpreter} -m pip install django-adr=={BESIDE}"
    return ""


def others(interpreter: str, size: int) -> dict[str, dict[str, dict[str, float]]]:
    """The same of django-adr, with the Markdown of one of our records as the text of each decision."""
    from decisions.models import Rendering

    kept = Rendering.objects.filter(kind="md").order_by("pk").first()
    assert kept is not None
    asked = {"size": size, "warm": WARM, "timed": TIMED, "text": bytes(kept.content).decode()}
    script = Path(__file__).with_name("beside.py")
    home = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [interpreter, str(script)], input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True, env=home
    )
    return {f"django-adr {page}": {str(size): found} for page, found in json.loads(done.stdout).items()}


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
        "API list": ["/api/v1/decisions"],
    }


def timed(client, addresses: list[str]) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Median and 99th percentile over all addresses, and the most queries that one of them took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    queries, longest, times, work = 0, 0, [], []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        queries, longest = max(queries, len(captured)), max(longest, len(response.content))
    behind = 0.0
    for turn in range(WARM + TIMED):
        if turn == WARM:
            behind = database_seconds()
        begun, worked = time.perf_counter(), time.process_time()
        client.get(addresses[turn % len(addresses)])
        if turn >= WARM:
            times.append((time.perf_counter() - begun) * 1000)
            work.append((time.process_time() - worked) * 1000)
    found = spread("", times) | spread("cpu_", work) | {"queries": queries, "bytes": longest}
    if connection.vendor == "postgresql":
        found["database_cpu_ms"] = round((database_seconds() - behind) * 1000 / TIMED, 1)
    return found


def spread(name: str, times: list[float]) -> dict[str, float]:
    """Median and 99th percentile under their names."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {f"{name}median_ms": round(statistics.median(times), 1), f"{name}p99_ms": round(cuts[98], 1)}


def database_seconds() -> float:
    """The processor time that our connection's process in PostgreSQL has taken; 0 with SQLite and for one far away."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        numbers = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not numbers.exists():
        return 0.0
    user, system = numbers.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
