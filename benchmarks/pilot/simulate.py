"""Simulated pilots: `python -m benchmarks.pilot.simulate [PILOTS]` prints the table of docs/method-pilot.md.

A run is cut in two halves. The second half as it is stands for a pilot that changed nothing, and times 1.3 for one
whose p99 is truly 30 % higher. A tenth of the p99 may be added. Request times are lognormal; "pauses" adds one stop of
10 to 60 ms a second, which slows every request that falls into it.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from decisions.advisor.pilot import Limits, Projection, Run, Verdict, judge
from decisions.intake.clustering import design_effects

Times = NDArray[np.float64]
WORSE = 1.3
ROOM = 0.1
MEDIAN_MS = 10.0
PRINTED = {"every request": (50, 75, 90, 95, 99, 99.9), "percentiles only": (50, 75, 90, 99)}
"""The percentiles a file gives: one that holds every request, and one such as wrk's."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """One kind of run. `spread` is the sigma of the lognormal; seconds and rate are of one half."""

    seconds: float
    rate: float
    spread: float
    pauses: bool
    file: str

    @property
    def requests(self) -> int:
        """Requests of one half."""
        return int(self.seconds * self.rate)


DESIGNS = tuple(
    Design(seconds=seconds, rate=rate, spread=spread, pauses=pauses, file=file)
    for (seconds, rate), spread, pauses, file in product(
        ((60.0, 200.0), (120.0, 250.0)), (0.3, 0.45), (False, True), PRINTED
    )
)


def times(design: Design, random: np.random.Generator) -> Times:
    """The latencies of both halves in the order of time, in ms."""
    number = 2 * design.requests
    found: Times = np.exp(random.normal(np.log(MEDIAN_MS), design.spread, number))
    if design.pauses:
        moments = np.arange(number) / design.rate
        whole = 2 * design.seconds
        for start, length in zip(
            random.uniform(0, whole, int(whole)), random.uniform(0.01, 0.06, int(whole)), strict=True
        ):
            caught = (moments >= start) & (moments < start + length)
            found[caught] += 1000 * (start + length - moments[caught])
    return found


def run(half: Times, design: Design) -> Run:
    """What a load test of this half says."""
    printed = PRINTED[design.file]
    values = dict(zip(printed, np.percentile(half, printed, method="inverted_cdf").tolist(), strict=True))
    effects = design_effects(half.tolist(), values) if design.file == "every request" else ()
    return Run(
        tool="simulated",
        requests=len(half),
        seconds=design.seconds,
        achieved_rps=design.rate,
        failed=0,
        quantiles=tuple((percent / 100, value) for percent, value in values.items()),
        clustering=tuple((percent / 100, effect) for percent, effect in effects),
        highest=float(half.max()),
        population="all",
        omission="uncorrected",
    )


def verdicts(design: Design, pilots: int, seed: int = 20261126) -> tuple[Counter[Verdict], Counter[Verdict]]:
    """The verdicts on pilots that changed nothing, and on those whose p99 is 30 % higher."""
    random = np.random.default_rng(seed)
    same: Counter[Verdict] = Counter()
    worse: Counter[Verdict] = Counter()
    for _ in range(pilots):
        both = times(design, random)
        first, second = both[: design.requests], both[design.requests :]
        before = run(first, design)
        limits = Limits(p99_ms=ROOM * (before.latency(0.99) or 0.0), because="a tenth of the p99 before")
        same[judge(before, run(second, design), Projection(), limits).verdict] += 1
        worse[judge(before, run(second * WORSE, design), Projection(), limits).verdict] += 1
    return same, worse


def table(pilots: int) -> Iterator[str]:
    """The rows of the table, as Markdown."""
    verdict = "go on / hold / go back"
    yield f"| run | sigma | pauses | the file holds | unchanged: {verdict} | p99 +30 %: {verdict} |"
    yield "|---|---|---|---|---|---|"
    for design in DESIGNS:
        cells = []
        for found in verdicts(design, pilots):
            shares = [100 * found[one] / pilots for one in (Verdict.GO_ON, Verdict.HOLD, Verdict.GO_BACK)]
            cells.append(" / ".join(f"{share:.1f} %" for share in shares))
        size = f"{design.seconds:.0f} s, {design.requests:,} requests"
        pauses = "yes" if design.pauses else "no"
        yield f"| {size} | {design.spread:g} | {pauses} | {design.file} | {' | '.join(cells)} |"


if __name__ == "__main__":
    for line in table(int(sys.argv[1]) if len(sys.argv) > 1 else 1000):
        print(line, flush=True)
