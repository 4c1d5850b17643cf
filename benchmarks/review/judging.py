"""How quickly accepted decisions are judged again, and that a judge who is killed loses nothing and does nothing twice.

    python benchmarks/review/judging.py --decisions 100000 --kill 30000
    python -m tests.postgres python benchmarks/review/judging.py --decisions 10000

Every decision is accepted, has a whole record, and no two have the same answers: pods, calls a second and latency of
six cases of the demo are varied. The recommendation in the records stays that of the case it was copied from, so that
nearly every judgement finds other numbers and says which: the longest way through. `meshadvisor reassess` runs as a
process of its own; with `--kill` it is killed (SIGKILL) after so many judgements, and started again. What it took is
its processor time; with SQLite the database is in it. With `--home` a run that was cut goes on where it was, and what
its processes took is kept there in turns.jsonl (a process that was cut together with this one is not in it).
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
LOOK = 2.0
"""Seconds between two looks at how far it is."""
TELL = 60.0
"""Seconds between two lines about how far it is."""


def main() -> int:
    """Fill, judge, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=2000, metavar="N", help="accepted decisions (%(default)s)")
    parser.add_argument("--kill", type=int, metavar="N", help="kill the first judge after so many judgements")
    parser.add_argument("--home", metavar="DIRECTORY", help="fill it, or go on with what an earlier run left in it")
    options = parser.parse_args()
    sys.path.insert(0, str(BASE))
    home = options.home or tempfile.mkdtemp(prefix="meshadvisor-judging-")
    filled = Path(home, "filled")
    os.environ.update(DATA_DIR=home, DJANGO_SETTINGS_MODULE="meshadvisor.settings", PYTHONPATH=str(BASE))
    try:
        fill(0 if filled.exists() else options.decisions)
        filled.touch()
        kept = Path(home, "turns.jsonl")
        if options.kill and not kept.exists():
            judge(options.kill, kept)
        judge(None, kept)
        turns = [json.loads(line) for line in kept.read_text().splitlines()]
        print(json.dumps(counted() | {"turns": turns, "per_second_and_core": speed(turns)}))
    finally:
        if not options.home:
            shutil.rmtree(home, ignore_errors=True)
    return 0


def fill(size: int) -> None:
    """The organisation with its decisions; nothing but Django for a size of 0."""
    import django

    from meshadvisor.prepare import prepare

    if not size:
        django.setup()
        return
    prepare(lambda line: None)
    from benchmarks.review import estate as estates

    begun = time.perf_counter()
    estates.fill_with_accepted(estates.found(), size)
    print(f"{size} decisions, filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr)


def judge(until: int | None, kept: Path) -> None:
    """Run the command to its end, or kill it once so many are judged; a line in `kept` says what it took.

    Seconds, processor seconds, megabytes, and judgements so far. How far it is goes to standard error each minute.
    """
    begun = told = time.perf_counter()
    command = [sys.executable, "-m", "meshadvisor", "reassess", "--json"]
    process = subprocess.Popen(command, cwd=BASE, stdout=subprocess.DEVNULL)
    while True:
        ended, state, used = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        if until is not None and judged() >= until:
            process.send_signal(signal.SIGKILL)
            until = None
        if time.perf_counter() - told > TELL:
            told = time.perf_counter()
            print(f"{judged()} judged after {told - begun:.0f} s", file=sys.stderr, flush=True)
        time.sleep(LOOK)
    killed = os.WIFSIGNALED(state)
    assert killed or os.waitstatus_to_exitcode(state) == 0, f"the command ended with {state}"
    turn = {
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "megabytes": round(used.ru_maxrss / 1024),
        "judged_so_far": judged(),
        "killed": killed,
    }
    print(json.dumps(turn), file=sys.stderr, flush=True)
    with kept.open("a") as lines:
        lines.write(json.dumps(turn) + "\n")


def judged() -> int:
    """How many judgements are kept."""
    from decisions.models import ReassessmentRound

    return sum(ReassessmentRound.objects.values_list("done", flat=True))


def counted() -> dict[str, int]:
    """What there is at the end; all of them must be the same number."""
    from django.db.models import Count

    from decisions.models import Decision, LogEntry, Reassessment, ReassessmentRound

    outlooks = Decision.objects.order_by().values_list("outlook").annotate(Count("pk"))
    return {
        "decisions": Decision.objects.filter(status="accepted").count(),
        "judgements": Reassessment.objects.count(),
        "records_judged": Reassessment.objects.values("record").distinct().count(),
        "log_entries": LogEntry.objects.filter(act="re-assessed").count(),
        "round_done": judged(),
        "rounds": ReassessmentRound.objects.count(),
        **{f"outlook {name or 'none'}": count for name, count in outlooks},
    }


def speed(turns: list[dict[str, float]]) -> float:
    """Judgements a second of processor time."""
    return round(turns[-1]["judged_so_far"] / sum(turn["cpu_seconds"] for turn in turns), 1)


if __name__ == "__main__":
    sys.exit(main())
