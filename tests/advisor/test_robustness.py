"""How often the answer stays: the same rules as the ranking, in every draw."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.advisor import draws, robustness
from decisions.advisor.case import Case, with_answer
from decisions.advisor.catalog import load
from decisions.advisor.composition import Composition
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.confidence import AGREED, explain
from decisions.advisor.contest import Contender, Contest
from decisions.advisor.contest.arena import Arena
from decisions.advisor.engine import rank, recommend
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Confidence, Rival
from decisions.advisor.robustness import Steadiness, steadiness
from decisions.advisor.unknowns import answered_with, unknowns
from decisions.advisor.wording import headline
from tests.advisor.judging import MEASURED, case, must, tried
from tests.advisor.test_engine import HARD, wishes


def composed(one: Case) -> list[Composition]:
    return list(Workbench(case=one, catalog=load(), memory=Memory()).compose())


def steady(one: Case, answer: Approach, compositions: list[Composition] | None = None) -> Steadiness:
    return steadiness(Contest(one, load()), compositions or composed(one), answer)


def known(requirements: dict[str, Any], **sections: Any) -> Case:
    """A case in which no question is open."""
    one = case(requirements, **sections)
    for path, answers in unknowns(one, load()).items():
        one = answered_with(one, answers[0])
        assert path not in unknowns(one, load())
    return one


@settings(max_examples=25, deadline=None)
@given(wishes(), st.sampled_from([{}, HARD, {"budget": {"money_per_month": 900}}]))
def test_without_any_spread_the_answer_always_stays(requirements: dict[str, Any], sections: dict[str, Any]) -> None:
    """The draws follow the ranking to the last rule: where maturity decides between products, it decides there too."""
    still, one = np.zeros(draws.DRAWS), known(requirements, **sections)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "normal", lambda _: still)
        patch.setattr(draws, "factors", draws.factors.__wrapped__)
        best = rank(one, load())[0]
        assert steady(one, best.setting.approach) == Steadiness(share=1.0, rivals=())


def test_every_draw_is_won_by_the_answer_or_by_a_rival_that_is_named() -> None:
    one = case({"workload_identity": tried("cannot")})
    for approach in Approach:
        found = steady(one, approach)
        assert round(found.share * draws.DRAWS) + sum(rival.draws for rival in found.rivals) == draws.DRAWS
        assert approach not in {rival.approach for rival in found.rivals}
        assert [rival.draws for rival in found.rivals] == sorted((rival.draws for rival in found.rivals), reverse=True)


def test_wider_ranges_make_it_less_sure() -> None:
    one = known({"workload_identity": tried("cannot")}, operations={"exit_time": "not_needed"})
    answer = rank(one, load())[0].setting.approach
    found = composed(one)
    wide = [_widened(each, 4.0) for each in found]
    assert steady(one, answer, wide).share < steady(one, answer, found).share


def test_an_answer_that_nobody_knows_is_drawn_from_those_the_question_has() -> None:
    """Half of the worlds of a wish nobody is sure about have it as a must, and there the answer is another."""
    sure = known({"workload_identity": "not_needed"} | WISH)
    unsure = replace(sure, requirements=case({"workload_identity": "not_sure"} | WISH).requirements)
    answer = rank(sure, load())[0].setting.approach
    found = steady(unsure, answer)
    assert steady(sure, answer).share > 0.95
    assert found.share == pytest.approx(0.5, abs=0.06)
    needed = with_answer(with_answer(sure, "requirements.workload_identity.need", "must"), EVIDENCE, "policy")
    assert found.rivals[0].product == rank(needed, load())[0].setting.product.id


WISH = {"encryption_between_nodes": must()}
EVIDENCE = "requirements.workload_identity.evidence.kind"


def test_what_adds_work_to_the_same_small_measure_never_comes_first() -> None:
    """A small measure is the same work beside every product, so encryption nobody asked for cannot win by its draw."""
    found = recommend(case({"resilience": must()}, context={"languages": 1}, baseline={"cni": "Calico"}), load())
    assert (found.approach, [one.id for one in found.add_ons]) == (Approach.NO_MESH, ["retries-in-code"])
    assert Approach.CNI_ENCRYPTION not in {one.approach for one in found.rivals}


@pytest.mark.parametrize("budget", [{}, {"money_per_month": 900, "p99_ms": 4}], ids=["no limit", "limits"])
def test_worlds_drawn_together_have_the_winners_that_each_has_alone(budget: dict[str, Any]) -> None:
    one = case({"workload_identity": tried("cannot"), "traffic_splitting": must()}, budget=budget)
    contest = Contest(one, load())
    worlds, spreads = robustness._worlds(contest), robustness.Spreads(contest, composed(one))
    together = robustness._winners(worlds, spreads)
    alone = (each for world in worlds for each in robustness._winners([world], spreads))
    assert len(worlds) > 1
    assert _counted(together) == _counted(alone)


def _counted(winners: Iterable[tuple[Contender, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one, count in winners:
        found[one.product.id] += count
    return found


def test_the_draws_do_not_depend_on_what_was_judged_before() -> None:
    """An arena that has judged much knows of more that is read; the draws are the same."""
    one = case({"workload_identity": tried("cannot"), "resilience": "not_sure"})
    answer = rank(one, load())[0].setting.approach
    fresh = steadiness(Contest(one, load(), Arena(load())), composed(one), answer)
    for other in (case({"vm_workloads": must()}, **HARD), case({"egress_control": must()}, budget={"cpu_vcpu": 2})):
        recommend(other, load())
    assert steady(one, answer) == fresh


def test_the_confidence_names_what_comes_first_in_the_other_draws() -> None:
    found = recommend(case({"workload_identity": tried("cannot")}), load())
    (said,) = (one for one in found.confidence_because if "of 1,000 draws" in one)
    assert found.rivals
    for one in found.rivals[:3]:
        assert f"({one.title}) in {one.draws:,}" in said
    assert "and from the answers that open questions may have" in said


@pytest.mark.parametrize(("ahead", "said"), [(700, True), (300, False)])
def test_it_is_said_why_the_answer_is_first_where_another_approach_wins_more_draws(ahead: int, said: bool) -> None:
    wanted = {"workload_identity": tried("cannot")}
    for one, why in ((case(wanted), "what is open"), (known(wanted), "likely value of every range")):
        ranking = rank(one, load())
        second = ranking[1].setting
        rival = Rival(approach=second.approach, product=second.product.id, title=second.product.title, draws=ahead)
        _, because = explain(one, ranking, Steadiness(share=1 - ahead / 1000, rivals=(rival,)))
        found = [words for words in because if f"{second.approach.title} comes first in more draws" in words]
        assert len(found) == said
        assert all(why in words for words in found)


def _widened(one: Composition, factor: float) -> Composition:
    copy = replace(one)
    hours = one.hours
    copy.__dict__["hours"] = Range(low=hours.low / factor, likely=hours.likely, high=hours.high * factor)
    return copy


def test_a_cni_nobody_named_makes_the_answer_less_sure() -> None:
    """What is not known is drawn: with another CNI that cannot encrypt, this one's encryption means to replace it."""
    wanted = {"encryption_between_nodes": must()}
    named = recommend(case(wanted, context={"cni_can_encrypt": "yes"}), load())
    unnamed = recommend(case(wanted, baseline={"cni": None}), load())
    assert named.approach is unnamed.approach is Approach.CNI_ENCRYPTION
    assert named.robustness is not None
    assert unnamed.robustness is not None
    assert unnamed.robustness < min(0.9, named.robustness)
    assert {one.approach for one in unnamed.rivals} - {Approach.CNI_ENCRYPTION}


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
    held = "even the high ends stay within your objective for p99 and what is free"
    assert (held in said) is not matters


def test_where_nothing_is_projected_no_source_has_to_agree() -> None:
    found = recommend(case({}), load())
    assert not any("projected overhead" in one for one in found.confidence_because)


@pytest.mark.parametrize(
    ("won", "opened", "settled"),
    [
        (450, "It is too close to call: it stays the answer in 550", "It is too close to call"),
        (700, "rests on what is answered today: with the open answers", "rests on the likely value of each range"),
        (1000, "it stays the answer in none of 1,000 draws; otherwise it is", "in none of 1,000 draws"),
        (300, "", ""),
    ],
)  # fmt: skip
def test_the_headline_says_what_an_answer_rests_on_that_seldom_stays(won: int, opened: str, settled: str) -> None:
    wanted = {"workload_identity": tried("cannot")}
    for one, words in ((case(wanted), opened), (known(wanted), settled)):
        ranking = rank(one, load())
        second = ranking[1].setting
        rival = Rival(approach=second.approach, product=second.product.id, title=second.product.title, draws=won)
        said = headline(one, ranking, Steadiness(share=1 - won / 1000, rivals=(rival,)))
        assert words in said
        assert ("draws" in said) == bool(words)


@pytest.mark.parametrize(
    ("won", "said"),
    [
        (450, "it stays the answer in 550 of 1,000 draws."),
        (700, "it stays the answer in 300 of 1,000 draws, and {second} is first in more."),
        (1000, "it stays the answer in none of 1,000 draws, and {second} is first in more."),
        (300, ""),
    ],
)
def test_before_anything_is_measured_the_headline_says_so_and_leaves_the_rivals_to_the_confidence(
    won: int, said: str
) -> None:
    one = case({"workload_identity": tried("cannot")}, baseline={"p50_ms": None, "p95_ms": None, "p99_ms": None})
    ranking = rank(one, load())
    second = ranking[1].setting
    rival = Rival(approach=second.approach, product=second.product.id, title=second.product.title, draws=won)
    steady = Steadiness(share=1 - won / 1000, rivals=(rival,))
    words = f"Nothing has been measured yet: from planning values {said.format(second=second.approach.title)}"
    assert (words in headline(one, ranking, steady)) == bool(said)
    assert ("draws" in headline(one, ranking, steady)) == bool(said)
    assert f"({second.product.title}) in {won:,}" in " ".join(explain(one, ranking, steady)[1])
