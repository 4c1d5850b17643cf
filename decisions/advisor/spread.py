"""Arithmetic on ranges whose errors do not share a cause."""

import math

from decisions.advisor.quantities import Range


def exactly(value: float) -> Range:
    """A number that is known."""
    return Range(low=value, likely=value, high=value)


def product(*factors: Range) -> Range:
    """The product of independent ranges: distances from the likely value add in quadrature on the logarithmic scale.

    Multiplying all lows and all highs would claim that every factor is at its end at once. All values >= 0; a likely
    value of 0 makes the whole range end at the product of the highs.
    """
    # Called tens of thousands of times for one answer: one pass, and no more ranges than needed. The likely value is
    # the product in the order given, so that likely values reckoned alone are the same to the last digit.
    likely = math.prod([factor.likely for factor in factors])
    wide = [factor for factor in factors if factor.low != factor.high]
    if not wide:
        return exactly(likely)
    if likely <= 0.0:
        return Range(low=0.0, likely=0.0, high=math.prod([factor.high for factor in factors]))
    if len(wide) == 1:
        scale = likely / wide[0].likely
        return Range(low=min(wide[0].low * scale, likely), likely=likely, high=max(wide[0].high * scale, likely))
    below = math.hypot(*[_distance(factor.likely, factor.low) for factor in wide])
    above = math.hypot(*[_distance(factor.high, factor.likely) for factor in wide])
    return Range(low=likely * math.exp(-below), likely=likely, high=likely * math.exp(above))


def widen(value: Range, low: float, high: float) -> Range:
    """The range with a further independent error: the true value may be `low` (<= 1) to `high` (>= 1) times as much."""
    return product(value, Range(low=low, likely=1.0, high=high))


def _distance(larger: float, smaller: float) -> float:
    return math.log(larger / smaller) if smaller > 0.0 else math.inf
