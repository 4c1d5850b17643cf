#!/usr/bin/env python3
"""Leave whole sources out: fit on the others, project the rows of the one left out, compare with what it published.

python -m benchmarks.overhead.validate ROWS.yaml

Prints, per group of metrics, the median and the 90th percentile of the factor between projected and published value and
the share of published values inside the 90 % ranges; beside it no overhead at all (the baseline), and the two naive
models that are fitted to the same rows: median ratio and median added value of an option and metric. The naive models
know only options and metrics of the other sources, so each comparison is on the rows they can answer.
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.overhead import published
from benchmarks.overhead.document import assemble
from benchmarks.overhead.fit import figures, fit_models
from decisions.advisor.overhead.coefficients import read
from decisions.advisor.overhead.rows import project_rows

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One published row and what was said of it; the naive answers are None where they know nothing."""

    row: Row
    model: str
    low: float
    likely: float
    high: float
    ratio: float | None
    added: float | None

    @property
    def value(self) -> float:
        return float(self.row["value"])

    @property
    def inside(self) -> bool:
        return self.low <= self.value <= self.high


def leave_out(rows: Sequence[Row], given: Mapping[str, Any], source: str) -> list[Outcome]:
    """Fit on the rows of all other sources, project the rows of this one."""
    train = [row for row in rows if row["source_id"] != source]
    test = [row for row in rows if row["source_id"] == source and published.model_of(row)]
    table = read(assemble(given, fit_models(train, given, evaluations=150)))
    answers = project_rows(test, table)
    ratios, added = naive(train)
    outcomes = []
    for row, answer in zip(test, answers, strict=True):
        if "likely" not in answer:
            continue
        key, base = (row["option"], row["metric"], bool(row.get("saturated"))), row.get("baseline") or 0.0
        outcomes.append(
            Outcome(
                row=row,
                model=published.model_of(row),
                low=answer["low"],
                likely=answer["likely"],
                high=answer["high"],
                ratio=base * median(ratios[key]) if base and key in ratios else None,
                added=base + median(added[key]) if key in added else None,
            )
        )
    return outcomes


def naive(rows: Iterable[Row]) -> tuple[dict[Any, list[float]], dict[Any, list[float]]]:
    """Ratios and added values by option, metric and whether the test ran at full load."""
    ratios, added = defaultdict(list), defaultdict(list)
    for row in rows:
        if published.model_of(row):
            key, base = (row["option"], row["metric"], bool(row.get("saturated"))), row.get("baseline") or 0.0
            if base:
                ratios[key].append(row["value"] / base)
            added[key].append(row["value"] - base)
    return dict(ratios), dict(added)


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


def line(name: str, outcomes: Sequence[Outcome]) -> str:
    """One line of the table."""
    with_base = [one for one in outcomes if one.row.get("baseline")]
    known = [one for one in outcomes if one.added is not None or one.ratio is not None]
    cells = [
        name,
        str(len(outcomes)),
        factor(outcomes, lambda one: one.likely),
        f"{100 * sum(one.inside for one in outcomes) / len(outcomes):.0f} %",
        factor(with_base, lambda one: one.row["baseline"]),
        str(len(known)),
        factor(known, lambda one: one.likely),
        factor(known, lambda one: one.ratio),
        factor(known, lambda one: one.added),
    ]
    return "| " + " | ".join(cells) + " |"


def factor(outcomes: Iterable[Outcome], answer: Callable[[Outcome], float | None]) -> str:
    """Median and 90th percentile of the factor between answer and published value, as text."""
    answers = ((answer(one), one.value) for one in outcomes)
    errors = sorted(abs(math.log(max(said, 1e-6) / value)) for said, value in answers if said is not None)
    if not errors:
        return "-"
    return f"{math.exp(median(errors)):.2f} / {math.exp(errors[int(0.9 * (len(errors) - 1))]):.2f}"


COLUMNS = (
    "rows left out",
    "rows",
    "projected",
    "inside",
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
    sources = sorted({row["source_id"] for row in rows if published.model_of(row)})
    outcomes = [one for source in sources for one in leave_out(rows, given, source)]
    grouped: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        grouped[group_of(outcome)].append(outcome)
    print(HEAD)
    for name, members in grouped.items():
        print(line(name, members))
    free = [one for one in outcomes if one.model == "latency" and one.row.get("baseline")]
    print(line("**all latency below full load**", free))
    print(line("**all**", outcomes))
    print("\nBy source, latency below full load:\n")
    print(HEAD)
    for source in sources:
        members = [one for one in outcomes if one.row["source_id"] == source and one.model == "latency"]
        if members:
            print(line(source, members))


if __name__ == "__main__":
    main()
