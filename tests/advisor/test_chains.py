"""Measured chains are foreseen from their first hop, and the manual shows what the script prints."""

from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from benchmarks.chains.__main__ import Foreseen, foresee, lines
from decisions.advisor.overhead.composition import sampled

CHAINS = [one for one in foresee() if "in sequence" in one.name]
MANUAL = Path(__file__).parents[2] / "docs" / "method.md"


@pytest.mark.parametrize("one", CHAINS, ids=lambda one: one.name)
def test_a_chain_is_foreseen_within_5_percent_at_p50_and_9_at_p99(one: Foreseen) -> None:
    assert one.ours[0] == pytest.approx(one.measured[0], rel=0.05)
    assert one.ours[1] == pytest.approx(one.measured[1], rel=0.09)
    assert one.closed_p99 == pytest.approx(one.ours[1], rel=0.02), "the check says what the simulation says"


@pytest.mark.parametrize("one", CHAINS, ids=lambda one: one.name)
def test_adding_up_quantiles_foresees_a_chain_worse(one: Foreseen) -> None:
    assert abs(one.summed[1] - one.measured[1]) > abs(one.ours[1] - one.measured[1])
    assert one.summed[1] >= one.ours[1], "it is the upper edge of the band"


def test_the_manual_shows_what_the_script_prints() -> None:
    assert "\n".join(lines()) in MANUAL.read_text(), "run: python -m benchmarks.chains, and put it into docs/method.md"


@pytest.mark.parametrize("one", CHAINS, ids=lambda one: one.name)
def test_what_one_hop_says_is_as_sure_as_its_requests_make_it(one: Foreseen) -> None:
    """Its p99 is the fifth slowest of 500 requests: the range of that error holds the chain that was measured."""
    assert one.from_one_range
    low, high = one.from_one_range
    assert low < one.measured[1] < high
    assert low > one.measured[1] / 2, "and still says something"


def test_nine_of_ten_p99s_of_500_requests_lie_inside_their_range() -> None:
    generator, true = np.random.default_rng(20261126), 4.0 * np.exp(0.8 * NormalDist().inv_cdf(0.99))
    inside = 0
    for _ in range(400):
        p50, p99 = np.quantile(4.0 * np.exp(0.8 * generator.standard_normal(500)), [0.5, 0.99])
        low, high = sampled(float(p50), float(p99), 500)
        inside += low.at(0.99) <= true <= high.at(0.99)
    assert 0.85 <= inside / 400 <= 0.95
