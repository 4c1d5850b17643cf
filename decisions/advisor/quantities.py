"""A number we are honest about: low, likely and high."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """A quantity with its 90 % interval; the unit is named by the field that holds it.

    Invariant: low <= likely <= high.
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            message = f"a range must not decrease: {self.low}, {self.likely}, {self.high}"
            raise ValueError(message)

    def __add__(self, other: "Range") -> "Range":
        """Comonotone sum: the ends add up, which is the careful reading when terms share their causes."""
        return Range(low=self.low + other.low, likely=self.likely + other.likely, high=self.high + other.high)

    def times(self, factor: float) -> "Range":
        """The range scaled by a factor >= 0."""
        return Range(low=self.low * factor, likely=self.likely * factor, high=self.high * factor)


ZERO = Range(low=0.0, likely=0.0, high=0.0)


def total(ranges: Iterable[Range]) -> Range:
    """The comonotone sum of many ranges."""
    result = ZERO
    for one in ranges:
        result += one
    return result


def independent_sum(ranges: Iterable[Range]) -> Range:
    """The sum of ranges whose errors do not share a cause: distances from the likely value add in quadrature."""
    parts = list(ranges)
    likely = math.fsum(one.likely for one in parts)
    below = math.hypot(*(one.likely - one.low for one in parts))
    above = math.hypot(*(one.high - one.likely for one in parts))
    return Range(low=max(0.0, likely - below), likely=likely, high=likely + above)


def number(value: float) -> str:
    """A number as people say it: two significant digits below ten, whole numbers above."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")


def as_shown(value: float) -> float:
    """What a reader sees of a number: differences are taken of these, so that they add up on paper."""
    return float(number(value).replace(",", ""))


def percent(share: float, digits: int = 0) -> str:
    """A share in percent, "85 %": number and sign apart, as the pages write them and ISO 80000-1 has it."""
    return f"{100 * share:.{digits}f} %"


def counted(amount: float, one: str) -> str:
    """A count with its noun: "1 day", "1,200 services"."""
    return f"{amount:,.10g} {one}{'' if amount == 1 else 's'}"


def span(value: Range, unit: str = "") -> str:
    """A range in words: "likely 6 hours (4 to 9)"."""
    if number(value.likely) == "1" and unit.startswith("hours"):
        unit = unit.replace("hours", "hour", 1)
    tail = f" {unit}" if unit else ""
    if value.low == value.high:
        return f"{number(value.likely)}{tail}"
    return f"likely {number(value.likely)}{tail} ({number(value.low)} to {number(value.high)})"
