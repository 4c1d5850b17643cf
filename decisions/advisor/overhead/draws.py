"""Draws from a fitted model for one setup: everything that is not known about it, at once, always the same draws."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

from decisions.advisor.overhead.models import Effect, Effects, Model
from decisions.advisor.overhead.tax import Array

DRAWS = 4000
_SEED = 20261123
_COLUMNS = 40
RATES = (1.0, 100_000.0)
"""Requests a second within which the power law is continued; published setups have 20 to 2,400. An idle proxy does not
get dearer for ever, and an exponent of a source nobody has seen would make a rate near 0 infinite."""
_FLOOR = 0.05
"""Error of measurement that a median carries too, in units of Observation.tail."""


@dataclass(frozen=True, kw_only=True)
class Draws:
    """level and slope of what an option costs, and the error of measurement of a value; all on the logarithm."""

    level: Array
    slope: Array
    noise: Array


class _Normals:
    """Hands out columns of standard normal numbers, the same for every setup, so that answers need no order."""

    def __init__(self, dof: float, source_dof: float) -> None:
        self._columns: Iterator[Array] = iter(_table())
        self._source, self._noise = _heavy(source_dof, 1), _heavy(dof, 2)

    def of(self, effect: Effect) -> Array:
        """Draws of a coefficient."""
        return effect.mean + effect.sd * next(self._columns)

    def new(self, sd: float) -> Array:
        """Draws of an effect nobody has seen yet."""
        return sd * next(self._columns)

    def new_source(self, sd: float) -> Array:
        """The same for a source: heavier tails, since the spread between so few sources is itself not well known."""
        return sd * self._source * next(self._columns)

    def noise(self, sd: float) -> Array:
        """Errors of measurement, with heavy tails."""
        return sd * self._noise * next(self._columns)


def draw(
    model: Model,
    option: str,
    source: str,
    *,
    rps: float,
    features: Mapping[str, float],
    tail: float = 0.0,
    metric: str = "",
) -> Draws:
    """Draws for an option in a setup; KeyError when the model does not know the option.

    source: id of a known source, anything else is a new one. rps: the rate the model's exponent applies to, read as
    the nearer end of RATES where it lies outside. tail: Observation.tail, which the error of measurement grows with.
    """
    spread = model.spread
    normals = _Normals(spread.dof, spread.source_dof)
    effects, known = _known(model, option, source)
    level, slope = normals.of(effects.level), normals.of(effects.slope)
    rate = normals.of(model.source_rates.get(source, model.rate))
    if source not in model.sources:
        level = level + normals.new_source(spread.source)
        slope = slope + normals.new_source(spread.source_slope)
        rate = rate + normals.new_source(spread.source_rate)
    if not known:
        level = level + normals.new(spread.cell)
    level = level + normals.new(spread.setup) + rate * np.log(min(max(rps, RATES[0]), RATES[1]) / model.reference_rps)
    for name in sorted(features):
        if name in model.features and features[name]:
            level = level + features[name] * normals.of(model.features[name])
    noise = normals.noise(float(np.hypot(spread.noise, spread.noise_per_tail * tail)))
    shared = normals.of(model.metrics.get((source, metric), Effect(mean=0.0, sd=spread.metric)))
    shared = shared + normals.of(model.shifts.get((source, option), Effect(mean=0.0, sd=spread.shift)))
    shared = shared + normals.new(spread.baseline)
    noise = noise + shared * float(np.hypot(_FLOOR, tail))
    return Draws(level=level, slope=slope, noise=noise)


def _known(model: Model, option: str, source: str) -> tuple[Effects, bool]:
    """The effects of an option in a source, and whether this pair was measured."""
    if (source, option) in model.cells:
        return model.cells[source, option], True
    alone = model.options[option]
    if source not in model.sources:
        return alone, False
    of_source = model.sources[source]
    return Effects(level=_sum(alone.level, of_source.level), slope=_sum(alone.slope, of_source.slope), rows=0), False


def _sum(one: Effect, other: Effect) -> Effect:
    return Effect(mean=one.mean + other.mean, sd=float(np.hypot(one.sd, other.sd)))


@cache
def _table() -> Array:
    """Stratified normal numbers: every column holds the same exact quantiles in its own order."""
    generator = np.random.default_rng(_SEED)
    normal = NormalDist()
    scores = np.array([normal.inv_cdf((index + 0.5) / DRAWS) for index in range(DRAWS)])
    return np.stack([generator.permutation(scores) for _ in range(_COLUMNS)])


@cache
def _heavy(dof: float, stream: int) -> Array:
    """Factors that turn normal numbers into Student's t of `dof` degrees of freedom."""
    generator = np.random.default_rng(_SEED + stream)
    return np.sqrt(dof / generator.chisquare(dof, size=DRAWS))
