"""A measured run as far as a comparison needs it, and the latency at any share of its requests."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Any

_SCORES = NormalDist()
_PERCENTILES = {"p50": 50.0, "p75": 75.0, "p90": 90.0, "p95": 95.0, "p99": 99.0, "p99_9": 99.9}


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What the system used while it was measured: vCPU and GiB, None where nobody measured it."""

    cpu_vcpu: float | None = None
    memory_gib: float | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """One load-test run: milliseconds, seconds, requests a second; None and empty where the source does not say.

    `quantiles` are (share of the requests between 0 and 1, milliseconds), both rising; `clustering` are (share, design
    effect), how many requests beyond it count as one because slow ones come together, where single requests were
    read. `omission` is corrected, uncorrected or unknown; `population` is all or success.
    """

    tool: str = ""
    requests: int | None = None
    seconds: float | None = None
    requested_rps: float | None = None
    achieved_rps: float | None = None
    failed: int | None = None
    quantiles: tuple[tuple[float, float], ...] = ()
    clustering: tuple[tuple[float, float], ...] = ()
    lowest: float | None = None
    highest: float | None = None
    population: str = ""
    method: str = ""
    omission: str = "unknown"
    connections: int | None = None
    between: tuple[tuple[float, float, float], ...] = ()
    """(share, low, high): the bucket in ms that the latency at a share lies in, where the source has only buckets."""

    @property
    def error_ratio(self) -> float | None:
        """Failed requests of all; None when either is unknown."""
        if self.failed is None or not self.requests:
            return None
        return self.failed / self.requests

    def knows(self, share: float) -> bool:
        """Whether the source gives the latency at this very share, so that it need not be interpolated."""
        return any(abs(one - share) < 1e-9 for one, _ in self.quantiles)

    def latency(self, share: float) -> float | None:
        """Milliseconds that this share of the requests do not exceed; None outside of what the source tells.

        Between two known percentiles the logarithm of the latency is taken as linear in the normal score of the share,
        which is exact for a lognormal latency. The extremes stand at 1 / (n + 1) and n / (n + 1), where they are
        expected among n requests.
        """
        ladder = self._ladder()
        if not ladder or not ladder[0][0] <= share <= ladder[-1][0]:
            return None
        for (below, lower), (above, upper) in pairwise(ladder):
            if share <= above:
                return _between(share, (below, lower), (above, upper))
        return ladder[0][1]

    def _ladder(self) -> list[tuple[float, float]]:
        known = {share: value for share, value in self.quantiles if 0.0 < share < 1.0 and value > 0.0}
        if self.requests:
            for share, value in ((1 / (self.requests + 1), self.lowest), (1 - 1 / (self.requests + 1), self.highest)):
                if value:
                    known.setdefault(share, value)
        ladder: list[tuple[float, float]] = []
        for share, value in sorted(known.items()):
            # Tools round each figure by itself; a step down is levelled, so that every share has one latency.
            ladder.append((share, max(value, ladder[-1][1]) if ladder else value))
        return ladder


def _between(share: float, low: tuple[float, float], high: tuple[float, float]) -> float:
    if high[0] == low[0]:
        return high[1]
    start, end, at = (_SCORES.inv_cdf(one) for one in (low[0], high[0], share))
    part = (at - start) / (end - start)
    return math.exp((1 - part) * math.log(low[1]) + part * math.log(high[1]))


def read_run(figures: Mapping[str, Any]) -> Run:
    """The run in kept figures: `normalised` as `meshadvisor inspect` prints it, and `distribution` beside it.

    The answers of a Prometheus are a run too, by their `traffic`.
    """
    asked = figures.get("traffic") or {}
    given = asked.get("normalised") or figures.get("normalised") or {}
    latency = given.get("latency_ms") or {}
    known = {percent: latency[name] for name, percent in _PERCENTILES.items() if latency.get(name) is not None}
    more: Sequence[Sequence[float]] = figures.get("distribution") or ()
    known |= {float(percent): float(value) for percent, value in more}
    return Run(
        tool=str(given.get("tool") or ""),
        requests=given.get("requests"),
        seconds=given.get("duration_s"),
        requested_rps=given.get("requested_rps"),
        achieved_rps=given.get("achieved_rps"),
        failed=_failed(given),
        quantiles=tuple(
            (round(percent / 100, 7), value) for percent, value in sorted(known.items()) if 0 < percent < 100
        ),
        clustering=tuple((round(percent / 100, 7), effect) for percent, effect in figures.get("clustering") or ()),
        lowest=latency.get("min"),
        highest=latency.get("max"),
        population=str(given.get("population") or ""),
        method=str(given.get("percentile_method") or ""),
        omission=str(given.get("coordinated_omission") or "unknown"),
        connections=figures.get("connections"),
        between=tuple(
            (round(_PERCENTILES[name] / 100, 7), float(low), float(high))
            for name, (low, high) in sorted((asked.get("between") or {}).items())
        ),
    )


def _failed(given: Mapping[str, Any]) -> int | None:
    requests, ratio = given.get("requests"), given.get("error_ratio")
    if ratio is not None and requests:
        return int(min(round(ratio * requests), requests))
    known = [count for count in (given.get("errors") or {}).values() if count is not None]
    return sum(known) if known else None
