"""Seeded draws from ranges and from the answers that a question may have; each depends on its name alone."""

import math
import zlib
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from decisions.advisor.quantities import Range

Draws = NDArray[np.float64]

KEPT = 1024
"""Draws are kept for this many ranges, 8 KB each: of those of all options an answer moves few."""
DRAWS = 1000
SEED = 20261123
WORLDS = 10
"""Sets of answers to what nobody knows; each is judged once and drawn from so many times that all are `DRAWS`."""
SHARED = 0.5
"""Planning value: share of the variance that all options have in common, such as how well the team debugs."""
NINETY = 1.6448536269514722
"""Standard deviations from the median to either end of a 90 % interval of a normal distribution."""
UNPROJECTED = Range(low=0.5, likely=1.0, high=2.0)
"""Planning value: the spread of what costs nothing in the case at hand and something under another answer."""


@lru_cache(KEPT)
def factors(value: Range, name: str, product: str) -> Draws:
    """Draws of a figure as multiples of its likely value, whose 5th, 50th and 95th percentiles are the range.

    Lognormal, with a scale of its own on each side. Without a product the draws are common to all options.
    """
    if value.likely <= 0:
        value = UNPROJECTED
    z = normal(name)
    if product:
        z = math.sqrt(SHARED) * z + math.sqrt(1 - SHARED) * normal(f"{name} {product}")
    below = math.log(value.likely / value.low) / NINETY if value.low > 0 else 1.0
    above = math.log(value.high / value.likely) / NINETY
    spread: Draws = np.exp(np.where(z < 0, z * below, z * above))
    return spread


def choices(name: str, count: int) -> tuple[int, ...]:
    """For each of the worlds one of `count` answers, all as often as each other, in an order that the name decides."""
    generator = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    return tuple(int(place * count / WORLDS) for place in generator.permutation(WORLDS))


@cache
def normal(name: str) -> Draws:
    """Standard normal draws that depend on the name alone, so that runs and orders of products do not matter."""
    generator = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    return generator.standard_normal(DRAWS)
