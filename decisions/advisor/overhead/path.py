"""What the parts of a product add to a call path: the band from hops that are slow one by one to all at once."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from decisions.advisor.overhead.composition import Sketch, cross_check, in_sequence, joined, lognormal, through
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import CallPath

Quantiles = tuple[float, float]
"""Median and 99th percentile in ms."""


@dataclass(frozen=True, kw_only=True)
class Added:
    """Milliseconds that calls in sequence add to the p50 and the p99 of a path.

    independent: hops are slow at different moments; together: all at the same moment. check_p99 is the closed form of
    the first, see composition.cross_check.
    """

    independent_p50: float
    independent_p99: float
    together_p50: float
    together_p99: float
    check_p99: float


@lru_cache(maxsize=4096)
def added(parts: tuple[Quantiles, ...], calls: int, path: Quantiles | None) -> Added:
    """What `calls` calls that each cross these parts add to a path with these quantiles; None: no path was measured.

    Kept per arguments: a page asks again for the same path with every answer.
    """
    hop, total = _calls(parts, calls)
    before = None if path is None else lognormal(*path)
    own = np.zeros(len(LEVELS)) if before is None else before.at(LEVELS)
    p50, p99 = np.maximum(0.0, through(before, total, LEVELS) - own)
    together = hop.at(LEVELS) * calls
    check = cross_check(hop, calls, before) - cross_check(hop, 0, before)
    return Added(
        independent_p50=float(p50),
        independent_p99=float(p99),
        together_p50=float(together[0]),
        together_p99=float(together[1]),
        check_p99=check,
    )


def after(path: CallPath, calls: int) -> Added:
    """What the first `calls` calls of a path add, from its likely taxes."""
    return added(path.taxes, calls, path.before)


LEVELS = np.array([0.5, 0.99])


@lru_cache(maxsize=4096)
def _calls(parts: tuple[Quantiles, ...], calls: int) -> tuple[Sketch, Sketch]:
    """The tax of one call and of all calls in sequence."""
    hop = joined(*(lognormal(*one) for one in parts))
    return hop, in_sequence(hop, calls)


def measured(p50: float | None, p99: float | None) -> Quantiles | None:
    """The path as it was measured; without a p50 the median is taken at a third of the p99."""
    if p99 is None or p99 <= 0.0:
        return None
    return (min(p50, p99) if p50 else p99 / 3.0), p99


def ranges(low: Added, likely: Added, high: Added, by_calls: tuple[Added, Added]) -> tuple[Range, Range]:
    """(p50, p99) added to the path, from the ends of the tax and the ends of the number of calls.

    The upper end of the p99 reaches the edge of the band where all hops are slow together.
    """
    few, many = by_calls
    p50 = _spread(
        [one.independent_p50 for one in (low, likely, high)],
        [one.independent_p50 for one in (few, likely, many)],
    )
    p99 = _spread(
        [one.independent_p99 for one in (low, likely, high)],
        [one.independent_p99 for one in (few, likely, many)],
    )
    return p50, Range(low=p99.low, likely=p99.likely, high=max(p99.high, likely.together_p99))


def _spread(by_tax: list[float], by_calls: list[float]) -> Range:
    """Join two independent spreads around the same likely value, in quadrature on the logarithmic scale."""
    likely = by_tax[1]
    if likely <= 0.0:
        return Range(low=0.0, likely=0.0, high=max(by_tax[2], by_calls[2], 0.0))
    below = math.hypot(*(_log(likely, min(ends[0], likely)) for ends in (by_tax, by_calls)))
    above = math.hypot(*(_log(max(ends[2], likely), likely) for ends in (by_tax, by_calls)))
    return Range(low=likely * math.exp(-below), likely=likely, high=likely * math.exp(above))


def _log(larger: float, smaller: float) -> float:
    return math.log(larger / smaller) if smaller > 0.0 else math.inf
