"""How far a measured quantile or error ratio can be trusted, and the difference of two of them.

A quantile has the interval between two order statistics, whose ranks are binomial quantiles (David and Nagaraja, Order
Statistics, 3rd ed. 2003, section 7.1). A source that keeps percentiles and a count, not every request, gets the same
ranks looked up in its interpolated quantile function (see Run.latency). Requests are no independent draws: their number
is divided by the design effect of the run first (Woodruff, JASA 47, 1952); where single requests were not kept nobody
knows that effect, and a second counts as one request (see `independent`). Differences of quantiles combine the two
intervals by recovering their variances (MOVER; Zou and Donner, Statistics in Medicine 27, 2008), differences of error
ratios do the same with Wilson intervals (Newcombe, Statistics in Medicine 17, 1998, method 10).
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from decisions.advisor.pilot.run import Run

DECIDES = 0.99
"""The share whose latency decides: p99."""
CONFIDENCE = 0.98
"""Two-sided: each end is passed by chance once in a hundred times, which is how often noise alone may mislead."""
SAME = 1e-9
"""Shares that differ by less are one."""
PER_SECOND = 1.0
"""Planning value where single requests were not kept: pauses, collections of garbage and throttling last up to a
second and slow all requests that fall into them, so that no second says more than one request would."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with its confidence interval; an end is None when the data does not bound it."""

    low: float | None
    likely: float
    high: float | None


def quantile(run: Run, share: float) -> Interval | None:
    """The latency at a share of the requests, in ms; None when the source does not tell it."""
    likely = run.latency(share)
    if likely is None or not run.requests:
        return None
    low, high = ranks(independent(run, share), share)
    # Where only buckets are known, the latency may be anywhere in its own.
    bucket = next(((first, last) for at, first, last in run.between if abs(at - share) < SAME), (likely, likely))
    return Interval(
        low=None if low is None else _at_most(run.latency(low), min(likely, bucket[0])),
        likely=likely,
        high=None if high is None else _at_least(run.latency(high), max(likely, bucket[1])),
    )


def independent(run: Run, share: float) -> int:
    """As how many independent requests the run counts at this share.

    Where single requests were read, the design effect says it: between the shares it was measured at, the larger
    neighbour counts. Else the planning value does.
    """
    if run.requests is None:
        return 0
    if run.clustering:
        below = [effect for at, effect in run.clustering if at <= share]
        above = [effect for at, effect in run.clustering if at >= share]
        return int(run.requests / max(below[-1:] + above[:1]))
    return int(min(run.requests, PER_SECOND * (run.seconds or 0.0)))


@lru_cache(maxsize=4096)
def ranks(number: int, share: float) -> tuple[float | None, float | None]:
    """The shares at which the interval of a quantile begins and ends; None where so few requests do not bound it."""
    stats = _stats()
    if number < 1:
        return None, None
    tail = (1 - CONFIDENCE) / 2
    first = int(stats.binom.ppf(tail, number, share))
    last = int(stats.binom.ppf(1 - tail, number, share)) + 1
    return (
        first / (number + 1) if first >= 1 else None,
        last / (number + 1) if last <= number else None,
    )


def added(before: Interval, after: Interval) -> Interval:
    """What was added between two independent quantiles."""
    likely = after.likely - before.likely
    return Interval(
        low=_recovered(likely, (after.likely, after.low), (before.likely, before.high), -1),
        likely=likely,
        high=_recovered(likely, (after.likely, after.high), (before.likely, before.low), 1),
    )


def error_ratio(run: Run) -> Interval | None:
    """The share of failed requests with its Wilson interval; None when the source does not tell it."""
    if run.failed is None or not run.requests:
        return None
    return share_of(run.failed, run.requests)


def clustered_errors(run: Run) -> Interval | None:
    """The same as if failures came together as slow requests do: the interval that a verdict to go back needs."""
    total = independent(run, DECIDES)
    if run.failed is None or not run.requests or not total:
        return None
    return share_of(round(run.failed / run.requests * total), total)


def share_of(count: int, total: int) -> Interval:
    """A share with its Wilson interval; `total` is at least 1."""
    found = _stats().binomtest(count, total).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return Interval(low=float(found.low), likely=count / total, high=float(found.high))


def _recovered(
    likely: float, one: tuple[float, float | None], other: tuple[float, float | None], sign: int
) -> float | None:
    if one[1] is None or other[1] is None:
        return None
    return likely + sign * math.hypot(one[0] - one[1], other[0] - other[1])


def _at_most(value: float | None, limit: float) -> float | None:
    return None if value is None else min(value, limit)


def _at_least(value: float | None, limit: float) -> float | None:
    return None if value is None else max(value, limit)


def _stats() -> Any:
    # It takes most of a second to load; only a process that judges a pilot waits for it.
    from scipy import stats  # noqa: PLC0415

    return stats
