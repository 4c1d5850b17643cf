"""Whether two runs could show what they are compared for, and how much longer they would have to be to show it."""

import math
from dataclasses import replace

from decisions.advisor.pilot.intervals import DECIDES, Interval, independent, quantile
from decisions.advisor.pilot.run import Run

ABOVE = 0.20
"""What has to be found: an addition that exceeds what is allowed by a fifth of the p99 before. Where a tenth is allowed
that is a p99 which is 30 % higher."""
SURE = 1.84
"""In half-widths, 1 + 1.960 / 2.326: the low end of what was added passes the limit in 97.5 of 100 such pilots. The
widths are estimates themselves, so that 95 of 100 can be promised."""
ENOUGH = 10
"""Independent slow moments a percentile has to rest on before it decides anything: with fewer, neither it nor its
interval can be trusted (the usual rule for a normal approximation of a share, n p >= 10)."""
LONGER = (1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96)
"""How many times as long a run may have to be; beyond, nobody would measure."""


def rests_on(before: Run, after: Run, share: float) -> float:
    """On how many independent slow moments a latency at this share rests in the run that has fewer of them."""
    return min(independent(one, share) for one in (before, after)) * (1 - share)


def shows(before: Run, after: Run, limit: float) -> bool:
    """Whether these runs would show an addition that is ABOVE the limit, in ms: their lengths and spread decide."""
    if rests_on(before, after, DECIDES) < ENOUGH:
        return False
    first, second = quantile(before, DECIDES), quantile(after, DECIDES)
    widths = [_half(one) for one in (first, second)]
    if first is None or second is None or widths[0] is None or widths[1] is None:
        return False
    # The interval of a latency grows with it, so the second is looked at as it would be with the addition.
    worse = (first.likely * (1 + ABOVE) + limit) / second.likely
    return SURE * math.hypot(widths[0], worse * widths[1]) <= ABOVE * first.likely


def _half(p99: Interval | None) -> float | None:
    """The wider side of an interval: the estimate may be off to either."""
    if p99 is None or p99.low is None or p99.high is None:
        return None
    return max(p99.high - p99.likely, p99.likely - p99.low)


def seconds_needed(before: Run, after: Run, limit: float) -> float | None:
    """How long both runs would have to be to show it, about; None when even a hundred times as long is too short."""
    longest = max(before.seconds or 0.0, after.seconds or 0.0)
    for factor in LONGER:
        if shows(_longer(before, factor), _longer(after, factor), limit):
            return factor * longest
    return None


def _longer(run: Run, factor: float) -> Run:
    return replace(
        run,
        requests=None if run.requests is None else int(run.requests * factor),
        seconds=None if run.seconds is None else run.seconds * factor,
    )


def how_long(before: Run, after: Run, limit: float) -> str:
    """What to do so that the runs show it, as a sentence."""
    seconds = seconds_needed(before, after, limit)
    said = (
        f"Measure both for about {_minutes(seconds)}"
        if seconds
        else "Even a hundred times as long would not do: find out what pauses the system first"
    )
    if before.clustering and after.clustering:
        return f"{said}."
    return (
        f"{said}; less will do with a file of every request instead of percentiles, as k6, JMeter or vegeta write one."
    )


def _minutes(seconds: float) -> str:
    if seconds < 120:
        return f"{math.ceil(seconds / 10) * 10} seconds"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{math.ceil(minutes / 60)} hours"
