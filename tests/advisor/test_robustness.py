"""How often the answer stays: the same rules as the ranking, in every draw."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.advisor import robustness
from decisions.advisor.catalog import load
from decisions.advisor.composition import Composition
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.engine import rank
from decisions.advisor.quantities import Range
from decisions.advisor.robustness import stays
from tests.advisor.judging import case, tried
from tests.advisor.test_engine import HARD, wishes


def composed(requirements: dict[str, Any], **sections: Any) -> list[Composition]:
    return list(Workbench(case=case(requirements, **sections), catalog=load(), memory=Memory()).compose())


@settings(max_examples=25, deadline=None)
@given(wishes(), st.sampled_from([{}, HARD, {"budget": {"money_per_month": 900}}]))
def test_without_any_spread_the_answer_always_stays(requirements: dict[str, Any], sections: dict[str, Any]) -> None:
    """The draws follow the ranking to the last rule: where maturity decides between products, it decides there too."""
    still = np.zeros(robustness.DRAWS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(robustness, "_normal", lambda _: still)
        best = rank(case(requirements, **sections), load())[0]
        assert stays(composed(requirements, **sections), best.setting.approach) == 1.0


def test_of_two_that_never_tie_one_stays_in_the_draws_the_other_does_not() -> None:
    found = composed({"workload_identity": tried("cannot")})
    shares = [stays(found, approach) for approach in {one.setting.approach for one in found}]
    assert sum(shares) == pytest.approx(1.0)


def test_wider_ranges_make_it_less_sure() -> None:
    found = composed({"workload_identity": tried("cannot")})
    answer = rank(case({"workload_identity": tried("cannot")}), load())[0].setting.approach
    wide = [_widened(one, 4.0) for one in found]
    assert stays(wide, answer) < stays(found, answer)


def _widened(one: Composition, factor: float) -> Composition:
    copy = replace(one)
    hours = one.hours
    copy.__dict__["hours"] = Range(low=hours.low / factor, likely=hours.likely, high=hours.high * factor)
    return copy
