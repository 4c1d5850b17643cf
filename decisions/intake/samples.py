"""Raw request records -> figures: counts by outcome, exact percentiles, and the time the run took."""

import math
from array import array
from collections import Counter
from enum import StrEnum

from decisions.intake.clustering import design_effects, in_time
from decisions.intake.reading import SCHEMA_PERCENTILES, Errors, Latency, LoadTest, Method, Omission, Population
from decisions.intake.units import instant, ratio

LADDER = (10.0, 25.0, 96.0, 97.0, 98.0, 98.5, 98.75, 98.9, 99.1, 99.25, 99.4, 99.5, 99.6, 99.75, 99.99)
"""Percentiles that are kept of raw records beside those of the schema: how certain a p99 is shows in its neighbours,
and where about one request in a hundred is slow they lie far apart."""
MANY = 100_000
"""From so many records on their order is found without a Python object for each of them."""


class Outcome(StrEnum):
    """How a request ended."""

    OK = "ok"
    TRANSPORT = "transport"
    CLIENT = "4xx"
    SERVER = "5xx"
    OTHER = "other"


class Rank(StrEnum):
    """How a percentile between two records is taken, so that raw records give what the tool's own report gives."""

    NEAREST = "nearest"  # the smallest value that at least p % of the records do not exceed
    MIDPOINT = "midpoint"  # at p * n + 0.5, where the t-digest of vegeta puts it


def outcome(status: int | None) -> Outcome:
    """By HTTP status: below 100 (vegeta and k6 write 0) means that there was no answer."""
    if status is None:
        return Outcome.OTHER
    if status < 100:
        return Outcome.TRANSPORT
    if status < 400:
        return Outcome.OK
    return Outcome.CLIENT if status < 500 else Outcome.SERVER if status < 600 else Outcome.OTHER


def errors(outcomes: Counter[Outcome]) -> Errors:
    """The failures among outcomes."""
    return Errors(
        transport=outcomes[Outcome.TRANSPORT],
        client=outcomes[Outcome.CLIENT],
        server=outcomes[Outcome.SERVER],
        other=outcomes[Outcome.OTHER],
    )


def percentile(ordered: "array[float]", percent: float, rank: Rank) -> float:
    """A percentile of at least one ascending value."""
    if rank is Rank.NEAREST:
        # The small step back keeps 0.999 * 1000 from becoming 1000 through rounding.
        return ordered[max(0, math.ceil(percent / 100 * len(ordered) - 1e-9) - 1)]
    position = min(max(percent / 100 * len(ordered) - 0.5, 0.0), len(ordered) - 1.0)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def _ascending(times: "array[float]") -> "array[float]":
    """The values in rising order; many of them without a Python object for each."""
    if len(times) < MANY:
        return array("d", sorted(times))
    import numpy as np  # noqa: PLC0415 - a quarter of a second that most files do not need

    ordered = times[:]
    np.frombuffer(ordered).sort()
    return ordered


class Samples:
    """Takes one record a request: sixteen bytes each, so that a file of a million records needs few megabytes."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self._times = array("d")
        self._moments = array("d")
        self._first = math.inf
        self._last = -math.inf

    def __len__(self) -> int:
        return len(self._times)

    def add(
        self, latency_ms: float, outcome: Outcome, start_s: float | None = None, end_s: float | None = None
    ) -> None:
        """One request: its latency, how it ended, and when in seconds since the epoch (or since the start)."""
        self._times.append(latency_ms)
        self._moments.append(next((one for one in (end_s, start_s) if one is not None), math.nan))
        self.outcomes[outcome] += 1
        for moment in (start_s, end_s):
            if moment is not None:
                self._first = min(self._first, moment)
                self._last = max(self._last, moment)

    def loadtest(
        self,
        *,
        rank: Rank = Rank.NEAREST,
        method: Method = Method.EXACT,
        coordinated_omission: Omission = Omission.UNKNOWN,
        connections: int | None = None,
        target_host: str | None = None,
    ) -> LoadTest:
        """The figures of all records; the duration is from the first to the last moment seen."""
        requests = len(self._times)
        failed = requests - self.outcomes[Outcome.OK]
        span = self._last - self._first
        duration = span if math.isfinite(span) else None
        percentiles = self._percentiles(rank)
        ordered = self._times
        return LoadTest(
            requests=requests,
            duration_s=duration,
            achieved_rps=ratio(requests, duration),
            errors=errors(self.outcomes),
            error_ratio=ratio(failed, requests),
            latency=Latency.of(
                percentiles,
                lowest=min(ordered, default=None),
                mean=ratio(math.fsum(ordered), requests),
                highest=max(ordered, default=None),
            ),
            population=Population.ALL,
            percentile_method=method if requests else None,
            coordinated_omission=coordinated_omission,
            connections=connections,
            started_at=instant(self._first),
            target_host=target_host,
            distribution=tuple(percentiles.items()),
            clustering=design_effects(
                in_time(self._times, self._moments),
                {percent: value for percent, value in percentiles.items() if percent in SCHEMA_PERCENTILES},
            ),
        )

    def _percentiles(self, rank: Rank) -> dict[float, float]:
        if not self._times:
            return {}
        ordered = _ascending(self._times)
        wanted = sorted({*SCHEMA_PERCENTILES, *LADDER})
        return {percent: percentile(ordered, percent, rank) for percent in wanted}
