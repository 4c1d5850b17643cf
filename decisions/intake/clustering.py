"""How far slow requests come together in one run, which makes its percentiles less certain than their number says."""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isnan

PARTS = {64: 1.053, 32: 1.112, 16: 1.251, 8: 1.661}
"""Numbers of parts of equal size that a run is cut into, in the order of time, and what an estimate from so many is
multiplied with because it is uncertain itself: the square of Student's 99 % quantile over the normal one."""
MOST = max(PARTS)
LEAST_IN_A_PART = 20


def in_time(times: "array[float]", moments: "array[float]") -> Sequence[float]:
    """The latencies in the order of their moments; as they stand where moments are missing or in order already."""
    if any(map(isnan, moments)) or all(first <= second for first, second in pairwise(moments)):
        return times
    import numpy as np  # noqa: PLC0415 - a quarter of a second that most files do not need

    order = np.argsort(np.frombuffer(moments), kind="stable")
    ordered = times[:]
    np.frombuffer(ordered)[:] = np.frombuffer(times)[order]
    return ordered


def design_effects(times: Sequence[float], percentiles: Mapping[float, float]) -> tuple[tuple[float, float], ...]:
    """(percent, design effect) of a run whose latencies stand in the order of time; empty when it is too short.

    The effect is the variance of the share of requests beyond a percentile, estimated between parts of the run, over
    the variance it would have if every request were by itself (Kish, Survey Sampling, 1965, section 5.4). Parts that
    are shorter than the rhythm of the slow requests hide it, few long ones say it badly: the largest of several
    estimates counts, each with its own uncertainty (batch means; Fishman and Yarberry, INFORMS J. Computing 9, 1997).
    """
    if len(times) < MOST * LEAST_IN_A_PART or all(first <= second for first, second in pairwise(times)):
        return ()  # in rising order they were sorted by latency, and the order of time is lost
    edges = [len(times) * number // MOST for number in range(MOST + 1)]
    parts = [array("d", sorted(times[start:end])) for start, end in pairwise(edges)]
    return tuple((percent, _effect(parts, value)) for percent, value in sorted(percentiles.items()))


def _effect(parts: Sequence["array[float]"], value: float) -> float:
    sizes = [len(one) for one in parts]
    beyond = [len(one) - bisect_right(one, value) for one in parts]
    share = sum(beyond) / sum(sizes)
    if not 0.0 < share < 1.0:
        return 1.0
    single = share * (1.0 - share) * sum(sizes)
    found = [1.0]
    for number, uncertain in PARTS.items():
        together = MOST // number
        squares = sum(
            (sum(beyond[at : at + together]) - share * sum(sizes[at : at + together])) ** 2
            for at in range(0, MOST, together)
        )
        found.append(uncertain * number / (number - 1) * squares / single)
    return max(found)
