"""Request times of invented systems, in the order of time. Nothing in the verdict was chosen by looking at them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]
MEDIAN_MS = 10.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """How long a run takes and how many requests a second it makes."""

    seconds: float
    rate: float

    @property
    def requests(self) -> int:
        """Requests of the run."""
        return int(self.seconds * self.rate)


Shape = Callable[[Load, np.random.Generator], Times]


def scattered(load: Load, random: np.random.Generator) -> Times:
    """Every request by itself: lognormal, sigma 0.4."""
    return _lognormal(load.requests, random)


def drifting(load: Load, random: np.random.Generator) -> Times:
    """The level wanders (AR(1), a memory of 2 s, standard deviation 15 %), as on a machine with busy neighbours."""
    steps = int(load.seconds * 10) + 1  # ten a second
    keep = np.exp(-0.1 / 2.0)
    pushes = random.normal(0.0, 0.15 * np.sqrt(1 - keep**2), steps)
    level = np.empty(steps)
    level[0] = random.normal(0.0, 0.15)
    for place in range(1, steps):
        level[place] = keep * level[place - 1] + pushes[place]
    at = np.minimum((_moments(load) * 10).astype(int), steps - 1)
    drifted: Times = _lognormal(load.requests, random, sigma=0.3) * np.exp(level[at])
    return drifted


def pausing(load: Load, random: np.random.Generator) -> Times:
    """A heavy tail (Pareto, alpha 3) and pauses of 100 ms on average, one in five seconds, that hold up what comes."""
    heavy: Times = MEDIAN_MS * (0.8 + 0.2 * (1 + random.pareto(3.0, load.requests)))
    return _held_up(heavy, load, random, per_second=0.2, mean_s=0.1)


def stuttering(load: Load, random: np.random.Generator) -> Times:
    """Short pauses of 10 to 60 ms, one a second, as collections of garbage make them, on lognormal times."""
    number = random.poisson(load.seconds)
    starts, lengths = random.uniform(0, load.seconds, number), random.uniform(0.01, 0.06, number)
    return _delayed(_lognormal(load.requests, random, sigma=0.3), load, starts, lengths)


def throttled(load: Load, random: np.random.Generator) -> Times:
    """A CPU quota: in one of twenty periods of 100 ms the rest of the period is waited for."""
    periods = int(load.seconds * 10)
    hit = np.flatnonzero(random.random(periods) < 0.05)
    lengths = random.uniform(0.02, 0.07, len(hit))
    return _delayed(_lognormal(load.requests, random, sigma=0.3), load, hit / 10 + 0.1 - lengths, lengths)


def queueing(load: Load, random: np.random.Generator) -> Times:
    """One server that is busy 70 % of the time, requests at random moments, each waiting for those before it."""
    work = random.exponential(MEDIAN_MS, load.requests)
    gaps = random.exponential(MEDIAN_MS / 0.7, load.requests)
    waited, wait = np.empty(load.requests), 0.0
    for place in range(load.requests):
        waited[place] = wait
        wait = max(0.0, wait + work[place] - gaps[place])
    answered: Times = waited + work
    return answered


SHAPES: Mapping[str, Shape] = {
    one.__name__: one for one in (scattered, drifting, pausing, stuttering, throttled, queueing)
}


def _lognormal(number: int, random: np.random.Generator, *, sigma: float = 0.4) -> Times:
    found: Times = np.exp(random.normal(np.log(MEDIAN_MS), sigma, number))
    return found


def _moments(load: Load) -> Times:
    found: Times = np.arange(load.requests) / load.rate
    return found


def _held_up(times: Times, load: Load, random: np.random.Generator, *, per_second: float, mean_s: float) -> Times:
    number = random.poisson(per_second * load.seconds)
    return _delayed(times, load, random.uniform(0, load.seconds, number), random.exponential(mean_s, number))


def _delayed(times: Times, load: Load, starts: Times, lengths: Times) -> Times:
    """Requests that come in a pause wait for its end."""
    moments = _moments(load)
    for start, length in zip(starts, lengths, strict=True):
        first, last = np.searchsorted(moments, (start, start + length))
        times[first:last] += 1000 * (start + length - moments[first:last])
    return times
