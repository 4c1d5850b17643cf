"""The log at a size: appending, proofs and the audit, beside a plain row as the floor in the same run.

    python -m benchmarks.log --entries 1000000

Fills a database of its own in a temporary directory (SQLite, or PostgreSQL by DATABASE_URL), every entry with its nodes
and its signed checkpoint as the application writes them, then measures single acts through the application's functions.
Prints medians in milliseconds, their ratio to the floor, and the size of the database.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BATCH = 5000


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "meshadvisor.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        fill(options.entries)
        measure(options.entries, options.repeats)
        print(f"database {Path(folder, 'meshadvisor.sqlite3').stat().st_size / 2**20:.0f} MiB")


def entry(number: int) -> bytes:
    """Of the length that real entries have."""
    return (
        f'{{"act":"sealed","at":"2026-01-01T00:00:00+00:00","decision":"nordlicht/DR-{number:07}","pdf_sha256":'
        f'"{number:064x}","record_sha256":"{number:064x}","revision":1,"schema":"meshadvisor-log/1"}}'
    ).encode()


def fill(size: int) -> None:
    """Write the rows in batches; what is in them is what single writes would have written."""
    from django.utils import timezone

    from decisions.journal import log_key
    from decisions.models import LogCheckpoint, LogEntry, LogHead, LogNode
    from decisions.models.log import LEVEL
    from decisions.signing import merkle

    kept: dict[merkle.Place, bytes] = {}
    now, key = timezone.now(), log_key()

    def nodes(places: object) -> dict[merkle.Place, bytes]:
        return {place: kept[place] for place in places}

    for start in range(0, size, BATCH):
        entries, made, points = [], [], []
        for number in range(start, min(start + BATCH, size)):
            content = entry(number)
            fresh = merkle.appended(nodes, number, merkle.leaf_hash(content))
            kept |= fresh
            made += [LogNode(place=level * LEVEL + index, hash=value) for (level, index), value in fresh.items()]
            note = key.sign(number + 1, merkle.root(nodes, number + 1))
            points.append(LogCheckpoint(size=number + 1, note=note, at=now))
            entries.append(
                LogEntry(index=number, content=content, record_sha256=f"{number:064x}", act="sealed", at=now)
            )
        LogEntry.objects.bulk_create(entries)
        LogNode.objects.bulk_create(made)
        LogCheckpoint.objects.bulk_create(points)
        print(f"\rfilled {start + len(entries):,} of {size:,}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    LogHead.objects.update_or_create(pk=1, defaults={"size": size})


def measure(size: int, repeats: int) -> None:
    """Medians of single acts."""
    from django.utils import timezone

    from decisions import journal
    from decisions.audit import audit
    from decisions.models import LogEntry, Organisation

    now = timezone.now()
    middle = LogEntry.objects.get(index=size // 2)

    def floor(number: int) -> None:
        Organisation.objects.create(name=f"o{number}", slug=f"o{number}")

    def append(number: int) -> None:
        journal.append(entry(size + number), act="sealed", record_sha256="0" * 64, now=now)

    base = median(floor, repeats)
    print(f"one plain row       {base:8.3f} ms")
    for name, act in (
        ("append an entry", append),
        ("inclusion proof", lambda _: journal.proof(middle)),
        ("consistency proof", lambda number: journal.consistency(size // 3 + number, size)),
    ):
        took = median(act, repeats)
        print(f"{name:18}  {took:8.3f} ms  {took / base:5.1f} x the plain row")
    before = time.perf_counter()
    result = audit()
    seconds = time.perf_counter() - before
    said = {one.layer for one in result.findings}
    print(f"audit of {result.entries:,} entries: {seconds:.1f} s, {seconds / result.entries * 1e6:.0f} us an entry")
    assert said <= {"record", "file"}, result.findings[:3]  # these entries speak of records that are not there


def median(act: Callable[[int], object], repeats: int) -> float:
    """Milliseconds."""
    times = []
    for number in range(repeats):
        before = time.perf_counter()
        act(number)
        times.append(time.perf_counter() - before)
    return statistics.median(times) * 1000


main()
