"""Measured chains are foreseen from their first hop, and the manual shows what the script prints."""

from pathlib import Path

import pytest

from benchmarks.chains.__main__ import Foreseen, foresee, lines

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
