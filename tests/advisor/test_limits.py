"""The team's limits: what is likely above one is strained and said; money is a limit like the others."""

import itertools

import pytest

from decisions.advisor.catalog import load
from decisions.advisor.composition import Composition
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.engine import rank, recommend
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Status
from decisions.advisor.rules.limits import ceilings, overshoot
from tests.advisor.judging import case, ranking, reason, tried

IDENTITY = {"workload_identity": tried("cannot")}


def money(**sections: dict[str, object]) -> dict[Approach, Range]:
    return {approach: one.money for approach, one in ranking(case(IDENTITY, **sections)).items()}


def test_what_costs_more_than_the_money_there_is_comes_after_what_does_not() -> None:
    without = money()
    cheap, dear = sorted((Approach.AMBIENT_MESH, Approach.SIDECAR_MESH), key=lambda one: without[one].likely)
    between = (without[cheap].likely + without[dear].likely) / 2
    judged = ranking(case(IDENTITY, budget={"money_per_month": between}))
    assert judged[dear].status is Status.STRAINED
    found = reason(judged[dear], "money_over_budget")
    assert found is not None
    assert found.because.startswith(f"Money goes over: likely {without[dear].likely:,.0f} a month")
    assert f"your limit is {between:,g}" in found.because
    assert judged[dear].weight.overshoot == pytest.approx(overshoot(without[dear].likely, between))
    assert reason(judged[cheap], "money_over_budget") is None or judged[cheap].weight.broken == 0
    assert list(judged).index(cheap) < list(judged).index(dear)


def test_no_mesh_pays_for_its_small_measures_too() -> None:
    wanted = {"resilience": tried("not_tried")}
    one = case(wanted, context={"languages": 1}, budget={"money_per_month": 1})
    found = ranking(one)[Approach.NO_MESH]
    assert found.hours.likely > 0
    assert reason(found, "money_over_budget") is not None
    assert found.status is Status.STRAINED


def test_the_sentence_of_a_broken_limit_stands_in_the_ranking() -> None:
    found = recommend(case(IDENTITY, budget={"money_per_month": 10}), load())
    standing = next(one for one in found.ranking if one.approach is Approach.SIDECAR_MESH)
    assert standing.status is Status.STRAINED
    assert standing.summary.startswith("Money goes over: likely ")


def test_a_limit_goes_before_what_is_free_and_nothing_is_made_up() -> None:
    one = case(IDENTITY, budget={"cpu_vcpu": 3}, baseline={"free_cpu_vcpu": 9, "free_memory_gib": 5})
    found = ceilings(one)
    assert (found.cpu_vcpu, found.memory_gib, found.p99_ms, found.money_per_month) == (3, 5, 42, None)


def test_what_stays_below_its_ceiling_does_not_overshoot() -> None:
    assert overshoot(5.0, None) == overshoot(5.0, 5.0) == 0.0
    assert overshoot(5.0, 0.0) == overshoot(5.0, 0.01) > overshoot(5.0, 1.0) > 0.0


def test_more_money_never_makes_an_approach_worse() -> None:
    amounts = (0.0, 100.0, 1000.0, 5000.0, 50_000.0)
    for tight, loose in itertools.pairwise(amounts):
        before, after = (
            {
                one.setting.approach: one.feasibility
                for one in rank(case(IDENTITY, budget={"money_per_month": m}), load())
            }
            for m in (tight, loose)
        )
        assert all(after[approach] <= before[approach] for approach in before)


RUNS = {"context": {"current": "Istio sidecars"}}


def test_a_mesh_that_runs_already_is_not_held_against_the_room_that_is_left_beside_it() -> None:
    """Today's p99 was measured with its proxies in the path, so that it adds nothing to it."""
    tight = {"p99_ms": 70, "slo_p99_ms": 70.5}
    found, without = (
        next(one for one in Workbench(case=one, catalog=load(), memory=Memory()).compose() if _is(one, "istio-sidecar"))
        for one in (case(IDENTITY, baseline=tight, **RUNS), case(IDENTITY, baseline=tight))
    )
    assert found.setting.overhead.p99_ms.likely > 0.5, "what it costs is said all the same"
    assert reason(without, "latency_over_budget") is not None
    assert reason(found, "latency_over_budget") is None


def test_what_takes_the_place_of_a_running_mesh_adds_only_what_it_adds_more() -> None:
    one = case(IDENTITY, baseline={"p99_ms": 70, "slo_p99_ms": 70.5}, **RUNS)
    composed = {found.product.id: found for found in Workbench(case=one, catalog=load(), memory=Memory()).compose()}
    today = composed["istio-sidecar"].setting.overhead.p99_ms
    lighter, heavier = composed["istio-ambient-l4"].setting, composed["istio-ambient-waypoint"].setting
    assert lighter.overhead.p99_ms.likely < today.likely
    assert lighter.added.p99_ms.likely == 0.0
    assert lighter.added.p99_ms.high == pytest.approx(max(0.0, lighter.overhead.p99_ms.high - today.low))
    assert heavier.added.p99_ms.likely == pytest.approx(max(0.0, heavier.overhead.p99_ms.likely - today.likely))


def _is(one: Composition, product: str) -> bool:
    return one.product.id == product
