"""Simulated pilots: `python -m benchmarks.pilot.simulate [PILOTS [SHAPE...]]` prints the table of docs/method-pilot.md.

A run is cut in two halves. The second half as it is stands for a pilot that changed nothing, and times 1.3 for one
whose p99 is truly 30 % higher. A tenth of the p99 may be added.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from benchmarks.pilot.shapes import SHAPES, Load, Times
from decisions.advisor.pilot import Judgement, Limits, Projection, Run, Verdict, judge
from decisions.intake.clustering import design_effects
from decisions.intake.reading import SCHEMA_PERCENTILES
from decisions.intake.samples import LADDER

WORSE = 1.3
ROOM = 0.1
SEED = 20261127
EVERY, ONLY = "every request", "percentiles only"
PRINTED = {EVERY: tuple(sorted({*SCHEMA_PERCENTILES, *LADDER})), ONLY: (50, 75, 90, 99)}
"""The percentiles that are kept of a file: of one that holds every request, and of one such as wrk's."""
LOADS = (Load(seconds=60.0, rate=200.0), Load(seconds=1200.0, rate=20.0))
"""Of one half."""
ORDER = (Verdict.GO_ON, Verdict.HOLD, Verdict.GO_BACK)


@dataclass
class Tally:
    """Verdicts over many pilots: all of them, and those whose two runs could show what is looked for."""

    all: Counter[Verdict] = field(default_factory=Counter)
    judged: Counter[Verdict] = field(default_factory=Counter)

    def add(self, judgement: Judgement) -> None:
        """Count one more."""
        self.all[judgement.verdict] += 1
        if judgement.shows:
            self.judged[judgement.verdict] += 1


def run(half: Times, load: Load, file: str) -> Run:
    """What a load test of this half says."""
    printed = PRINTED[file]
    values = dict(zip(printed, np.percentile(half, printed, method="inverted_cdf").tolist(), strict=True))
    schema = {percent: value for percent, value in values.items() if percent in SCHEMA_PERCENTILES}
    effects = design_effects(half.tolist(), schema) if file == EVERY else ()
    return Run(
        tool="simulated",
        requests=len(half),
        seconds=load.seconds,
        achieved_rps=load.rate,
        failed=0,
        quantiles=tuple((percent / 100, value) for percent, value in values.items()),
        clustering=tuple((percent / 100, effect) for percent, effect in effects),
        highest=float(half.max()),
        population="all",
        omission="uncorrected",
    )


def slower(one: Run, factor: float) -> Run:
    """The same run with every latency times a factor: how slow requests come together stays."""
    return Run(
        **{name: getattr(one, name) for name in one.__dataclass_fields__ if name not in {"quantiles", "highest"}},
        quantiles=tuple((share, factor * value) for share, value in one.quantiles),
        highest=None if one.highest is None else factor * one.highest,
    )


def tally(shape: str, load: Load, pilots: int, seed: int = SEED) -> dict[str, tuple[Tally, Tally]]:
    """By what the file holds: the verdicts on pilots that changed nothing, and on those whose p99 is 30 % higher."""
    random = np.random.default_rng(seed)
    found = {file: (Tally(), Tally()) for file in PRINTED}
    whole = Load(seconds=2 * load.seconds, rate=load.rate)
    for _ in range(pilots):
        halves = np.split(SHAPES[shape](whole, random), 2)
        for file, (same, worse) in found.items():
            before, after = (run(half, load, file) for half in halves)
            limits = Limits(p99_ms=ROOM * (before.latency(0.99) or 0.0), because="a tenth of the p99 before")
            same.add(judge(before, after, Projection(), limits))
            worse.add(judge(before, slower(after, WORSE), Projection(), limits))
    return found


def table(pilots: int, shapes: Iterable[str] = tuple(SHAPES)) -> Iterator[str]:
    """The rows of the table, as Markdown."""
    yield (
        "| system | one run | the file holds | unchanged: go on / hold / go back | p99 +30 %: go on / hold / go back "
        "| could show it | found of those |"
    )
    yield "|---|---|---|---|---|---|---|"
    for shape in shapes:
        for load in LOADS:
            for file, (same, worse) in tally(shape, load, pilots).items():
                could = sum(worse.judged.values())
                found = f"{worse.judged[Verdict.GO_BACK] / could:.1%}" if could else "none"
                cells = (
                    shape,
                    f"{load.seconds:.0f} s, {load.requests:,} requests",
                    file,
                    *(" / ".join(f"{one.all[verdict] / pilots:.1%}" for verdict in ORDER) for one in (same, worse)),
                    f"{could / pilots:.1%}",
                    found,
                )
                yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    for line in table(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2:] or tuple(SHAPES)):
        print(line, flush=True)
