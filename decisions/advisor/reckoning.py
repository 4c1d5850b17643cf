"""How amounts are reckoned: as ranges, or as their likely values alone, by the same formulas.

What is shown is a range. Who comes first among hundreds of hypothetical cases needs likely values only, which are many
times quicker to work out; both are the same functions, so that they cannot say different things.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, TypeVar

from decisions.advisor import spread
from decisions.advisor.quantities import ZERO, Range

A = TypeVar("A", float, Range)


class Reckoning(ABC, Generic[A]):
    """The arithmetic of one kind of amount; `+` adds two of them."""

    zero: A

    @abstractmethod
    def of(self, value: Range) -> A:
        """What is kept of a range."""

    @abstractmethod
    def exactly(self, value: float) -> A:
        """A number that is known."""

    @abstractmethod
    def product(self, *factors: A) -> A:
        """The product of independent amounts."""

    @abstractmethod
    def times(self, value: A, factor: float) -> A:
        """The amount scaled by a factor >= 0."""

    @abstractmethod
    def likely(self, value: A) -> float:
        """The likely value."""

    @abstractmethod
    def perhaps(self, value: A) -> A:
        """An amount that may be nothing as well as all: half of it is likely."""

    @abstractmethod
    def inverse(self, value: A) -> A:
        """One over a positive amount."""

    @abstractmethod
    def at_least(self, value: A, floor: float) -> A:
        """The amount, never below a floor."""

    @abstractmethod
    def less(self, value: A, taken: float) -> A:
        """What is left when something is taken away, never below nothing."""

    @abstractmethod
    def power(self, base: float, exponent: A) -> A:
        """A number >= 1 raised to an amount."""

    @abstractmethod
    def unlikely(self, value: A, share: float) -> A:
        """Likely nothing, and at the high end this share of an amount."""

    def total(self, amounts: Iterable[A]) -> A:
        """The sum of amounts whose ends belong together."""
        found = self.zero
        for one in amounts:
            found = found + one
        return found


class _Ranges(Reckoning[Range]):
    """Ranges, see `spread`."""

    zero = ZERO

    def of(self, value: Range) -> Range:
        return value

    def exactly(self, value: float) -> Range:
        return spread.exactly(value)

    def product(self, *factors: Range) -> Range:
        return spread.product(*factors)

    def times(self, value: Range, factor: float) -> Range:
        return value.times(factor)

    def likely(self, value: Range) -> float:
        return value.likely

    def perhaps(self, value: Range) -> Range:
        return Range(low=0.0, likely=value.likely / 2, high=value.high)

    def inverse(self, value: Range) -> Range:
        return Range(low=1 / value.high, likely=1 / value.likely, high=1 / value.low)

    def at_least(self, value: Range, floor: float) -> Range:
        return Range(low=max(value.low, floor), likely=max(value.likely, floor), high=max(value.high, floor))

    def less(self, value: Range, taken: float) -> Range:
        low, likely, high = (max(0.0, end - taken) for end in (value.low, value.likely, value.high))
        return Range(low=low, likely=likely, high=high)

    def power(self, base: float, exponent: Range) -> Range:
        return Range(low=base**exponent.low, likely=base**exponent.likely, high=base**exponent.high)

    def unlikely(self, value: Range, share: float) -> Range:
        return Range(low=0.0, likely=0.0, high=share * value.high)


class _Likely(Reckoning[float]):
    """The likely value of every range, and nothing else."""

    zero = 0.0

    def of(self, value: Range) -> float:
        return value.likely

    def exactly(self, value: float) -> float:
        return value

    def product(self, *factors: float) -> float:
        return math.prod(factors)

    def times(self, value: float, factor: float) -> float:
        return value * factor

    def likely(self, value: float) -> float:
        return value

    def perhaps(self, value: float) -> float:
        return value / 2

    def inverse(self, value: float) -> float:
        return 1 / value

    def at_least(self, value: float, floor: float) -> float:
        return max(value, floor)

    def less(self, value: float, taken: float) -> float:
        return max(0.0, value - taken)

    def power(self, base: float, exponent: float) -> float:
        found: float = base**exponent
        return found

    def unlikely(self, value: float, share: float) -> float:
        return 0.0


RANGES: Reckoning[Range] = _Ranges()
LIKELY: Reckoning[float] = _Likely()
