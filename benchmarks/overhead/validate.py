#!/usr/bin/env python3
"""Leave whole sources out: fit on the others, project the rows of the one left out, compare with what it published.

python -m benchmarks.overhead.validate ROWS.yaml

Prints, per group of metrics, the median and the 90th percentile of the factor between projected and published value and
the share of published values inside the 90 % ranges: as the model gives them, and with the width that leaving out the
other sources asks for, so that no source calibrates its own ranges. Beside it stand no overhead at all (the baseline)
and the two naive models that are fitted to the same rows: median ratio and median added value of an option and metric.
The naive models know only options and metrics of the other sources, so each comparison is on the rows they can answer.
Exits with 1 when the median error of a model is above that of a naive one.
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.overhead import published
from benchmarks.overhead.fit import figures
from benchmarks.overhead.leaving import Outcome, leave_out, sources_of, widths

Widths = Mapping[tuple[str, str], float]


def group_of(outcome: Outcome) -> str:
    """The line of the table a row belongs to."""
    metric = str(outcome.row["metric"])
    if outcome.model == "latency":
        return "added latency alone (ms)" if metric.endswith("_added") else f"{metric.replace('_', ' ')} (ms)"
    names = {
        "saturation": "at full load: latency and throughput",
        "cpu": "CPU of proxies",
        "memory": "memory of proxies",
    }
    return names.get(outcome.model, "throughput of an encrypted link")


def line(name: str, outcomes: Sequence[Outcome], reach: Widths) -> str:
    """One line of the table."""
    with_base = [one for one in outcomes if one.row.get("baseline")]
    known = [one for one in outcomes if one.added is not None or one.ratio is not None]
    cells = [
        name,
        str(len(outcomes)),
        factor(outcomes, lambda one: one.likely),
        inside(outcomes, defaultdict(lambda: 1.0)),
        inside(outcomes, reach),
        factor(with_base, lambda one: one.row["baseline"]),
        str(len(known)),
        factor(known, lambda one: one.likely),
        factor(known, lambda one: one.ratio),
        factor(known, lambda one: one.added),
    ]
    return "| " + " | ".join(cells) + " |"


def inside(outcomes: Sequence[Outcome], reach: Widths) -> str:
    """The share of published values inside ranges of the widths given by (model, source)."""
    count = sum(one.reach <= reach[one.model, one.row["source_id"]] for one in outcomes)
    return f"{100 * count / len(outcomes):.0f} %"


def factor(outcomes: Iterable[Outcome], answer: Callable[[Outcome], float | None]) -> str:
    """Median and 90th percentile of the factor between answer and published value, as text."""
    found = errors(outcomes, answer)
    if not found:
        return "-"
    return f"{math.exp(median(found)):.2f} / {math.exp(found[int(0.9 * (len(found) - 1))]):.2f}"


def errors(outcomes: Iterable[Outcome], answer: Callable[[Outcome], float | None]) -> list[float]:
    """|ln(answer / published)| of the rows that have an answer, smallest first."""
    answers = ((answer(one), one.value) for one in outcomes)
    return sorted(abs(math.log(max(said, 1e-6) / value)) for said, value in answers if said is not None)


COMPARED = 5
"""Rows that a naive model must know before it is compared: with fewer a median says nothing."""


def worse_than_naive(outcomes: Iterable[Outcome]) -> list[str]:
    """The models whose median error is above that of a naive one, on the rows which that one can answer."""
    by_model: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_model[outcome.model].append(outcome)
    naive: dict[str, Callable[[Outcome], float | None]] = {
        "median ratio": lambda one: one.ratio,
        "median added value": lambda one: one.added,
    }
    found = []
    for model, members in sorted(by_model.items()):
        for name, answer in naive.items():
            known = [one for one in members if answer(one) is not None]
            if len(known) < COMPARED:
                continue
            ours, theirs = (median(errors(known, said)) for said in (lambda one: one.likely, answer))
            if ours > theirs:
                found.append(f"{model}: x{math.exp(ours):.2f}, the {name} x{math.exp(theirs):.2f}")
    return found


COLUMNS = (
    "rows left out",
    "rows",
    "projected",
    "inside",
    "inside, width of the others",
    "no overhead",
    "known to the naive",
    "projected there",
    "naive ratio",
    "naive added",
)
HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|"


def main() -> None:
    """Read the command line, leave each source out once, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, help="file of published overheads")
    given = figures()
    rows, named = published.load(parser.parse_args().rows)
    given["sources"] = named | given["sources"]
    sources = sources_of(rows)
    outcomes = [one for source in sources for one in leave_out(rows, given, source)]
    reach = {
        (model, source): width
        for source in sources
        for model, width in widths(one for one in outcomes if one.row["source_id"] != source).items()
    }
    grouped: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        grouped[group_of(outcome)].append(outcome)
    reach = defaultdict(lambda: 1.0, reach)
    print(HEAD)
    for name, members in grouped.items():
        print(line(name, members, reach))
    free = [one for one in outcomes if one.model == "latency" and one.row.get("baseline")]
    print(line("**all latency below full load**", free, reach))
    print(line("**all**", outcomes, reach))
    print("\nBy source, latency below full load:\n")
    print(HEAD)
    for source in sources:
        members = [one for one in outcomes if one.row["source_id"] == source and one.model == "latency"]
        if members:
            print(line(source, members, reach))
    print("\nWidths:", ", ".join(f"{model} {width:.2f}" for model, width in widths(outcomes).items()))
    if worse := worse_than_naive(outcomes):
        raise SystemExit("\nWorse than a naive model: " + "; ".join(worse))
    print("\nNo model is worse than a naive one.")


if __name__ == "__main__":
    main()
