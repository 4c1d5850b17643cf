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
from decisions.advisor.confidence import AGREED
from decisions.advisor.engine import rank, recommend
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Confidence
from decisions.advisor.robustness import stays
from tests.advisor.judging import MEASURED, case, must, tried
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


def test_a_cni_nobody_named_makes_the_answer_less_sure() -> None:
    """What is not known is drawn: with another CNI, the encryption of this one would mean to replace it."""
    wanted = {"encryption_between_nodes": must()}
    named, unnamed = (recommend(case(wanted, baseline={"cni": cni}), load()) for cni in ("Cilium", None))
    assert named.approach is unnamed.approach is Approach.CNI_ENCRYPTION
    assert named.robustness is not None
    assert unnamed.robustness is not None
    assert unnamed.robustness < min(0.9, named.robustness)


def test_without_a_baseline_the_confidence_is_low_and_says_what_was_drawn_from() -> None:
    nothing = dict.fromkeys(MEASURED)
    found = recommend(case({"encryption_between_nodes": must()}, baseline=nothing), load())
    assert found.confidence is Confidence.LOW
    assert found.robustness is not None
    assert found.robustness < 0.9
    assert any("draws from planning values, since nothing was measured," in one for one in found.confidence_because)


def test_the_confidence_says_whether_the_sources_of_the_projection_agree() -> None:
    found = recommend(case({"workload_identity": tried("cannot")}), load())
    (said,) = (one for one in found.confidence_because if one.startswith("The projected overhead rests on"))
    overhead = found.best.overhead
    assert f"{len(overhead.sources)} sources" in said
    apart = max(one.high / one.low for one in (overhead.cpu_vcpu, overhead.memory_gib, overhead.p99_ms) if one.low > 0)
    assert ("do not agree" in said) is (apart > AGREED)


@pytest.mark.parametrize(("objective", "matters"), [(2_000, False), (110, True)])
def test_sources_that_disagree_matter_where_a_limit_could_be_passed(objective: float, matters: bool) -> None:
    room = {"free_cpu_vcpu": 2_000, "free_memory_gib": 4_000, "p99_ms": 100, "slo_p99_ms": objective}
    found = recommend(case({"workload_identity": tried("cannot")}, baseline=room), load())
    (said,) = (one for one in found.confidence_because if one.startswith("The projected overhead rests on"))
    assert "do not agree" in said
    assert (found.best.overhead.p99_ms.high > objective - 100) is matters
    assert ("even the high ends stay within your limits" in said) is not matters


def test_where_nothing_is_projected_no_source_has_to_agree() -> None:
    found = recommend(case({}), load())
    assert not any("projected overhead" in one for one in found.confidence_because)
