"""How far slow requests come together in one run, which makes its percentiles less certain than their number says."""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isnan

BLOCKS = 30
"""Parts of equal size that a run is cut into, in the order of time."""
LEAST_IN_A_BLOCK = 20


def in_time(times: "array[float]", moments: "array[float]") -> Sequence[float]:
    """The latencies in the order of their moments; as they stand where moments are missing or in order already."""
    if any(map(isnan, moments)) or all(first <= second for first, second in pairwise(moments)):
        return times
    import numpy as np  # noqa: PLC0415 - a quarter of a second that most files do not need

    ordered = array("d")
    ordered.frombytes(np.frombuffer(times)[np.argsort(np.frombuffer(moments), kind="stable")].tobytes())
    return ordered


def design_effects(times: Sequence[float], percentiles: Mapping[float, float]) -> tuple[tuple[float, float], ...]:
    """(percent, design effect) of a run whose latencies stand in the order of time; empty when it is too short.

    The effect is the variance of the share of requests beyond a percentile, estimated between the blocks, over the
    variance it would have if every request were by itself (Kish, Survey Sampling, 1965, section 5.4). It is 1 when
    slow requests are scattered, and as large as a block when each pause fills one.
    """
    if len(times) < BLOCKS * LEAST_IN_A_BLOCK or all(first <= second for first, second in pairwise(times)):
        return ()  # in rising order they were sorted by latency, and the order of time is lost
    edges = [len(times) * number // BLOCKS for number in range(BLOCKS + 1)]
    blocks = [array("d", sorted(times[start:end])) for start, end in pairwise(edges)]
    return tuple((percent, _effect(blocks, value)) for percent, value in sorted(percentiles.items()))


def _effect(blocks: Sequence["array[float]"], value: float) -> float:
    requests = sum(len(one) for one in blocks)
    beyond = [len(one) - bisect_right(one, value) for one in blocks]
    share = sum(beyond) / requests
    if not 0.0 < share < 1.0:
        return 1.0
    squares = sum((count - share * len(one)) ** 2 for count, one in zip(beyond, blocks, strict=True))
    between = len(blocks) / (len(blocks) - 1) * squares
    return max(1.0, between / (share * (1.0 - share) * requests))
