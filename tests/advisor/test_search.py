"""The search is exact: against an enumeration of every composition."""

from collections.abc import Iterator
from itertools import product as combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.advisor.case import Case
from decisions.advisor.catalog import load
from decisions.advisor.composition import Composition
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.engine import rank
from decisions.advisor.fit import Grade
from decisions.advisor.order import CLOSE
from decisions.advisor.overhead.estimate import depends_on, estimate
from decisions.advisor.recommendation import Approach, Status
from tests.advisor.judging import case, must, ranking
from tests.advisor.test_engine import HARD, IDS, wishes

EXPERTS = {"operations": {"data_path_debuggers": "two_or_more", "skills": ["ebpf", "envoy", "pki"]}}
ACCEPTING = {"context": {"cloud_encryption_accepted": "yes", "cni_can_encrypt": "yes", "languages": 1}}
SECTIONS = st.sampled_from([{}, HARD, EXPERTS, ACCEPTING])


def every(one: Case) -> Iterator[Composition]:
    """Every product with every choice of add-ons for what it does not meet well: no pruning, no memory."""
    bench = Workbench(case=one, catalog=load(), memory=Memory())
    for sheet in load().products.values():
        fits = {need: bench.fit(sheet, need) for need in (*bench.needs.musts, *bench.needs.nice)}
        rows: list[list[Any]] = []
        for need in bench.needs.musts:
            strained = fits[need].grade is Grade.STRAINED
            fixes = [
                measure
                for measure in bench.measures[need]
                if measure.usable
                and fits[need].grade is not Grade.MET
                and (not measure.sheet.exclusive_to or (sheet.id in measure.sheet.exclusive_to and not strained))
            ]
            rows.append([None, *fixes])
        for row in combinations(*rows):
            yield bench.composed(sheet, fits, tuple(measure for measure in row if measure))


@settings(max_examples=25, deadline=None)
@given(wishes(), SECTIONS)
def test_no_composition_comes_before_the_one_that_is_found(
    requirements: dict[str, Any], sections: dict[str, Any]
) -> None:
    one = case(requirements, **sections)
    least: dict[str, tuple[object, ...]] = {}
    for composition in every(one):
        product = composition.setting.product.id
        least[product] = min(least.get(product, composition.key), composition.key)
    bench = Workbench(case=one, catalog=load(), memory=Memory())
    assert {found.setting.product.id: found.key for found in bench.compose()} == least
    feasible = [key for key in least.values() if key[:3] == min(least.values())[:3]]
    assert rank(one, load())[0].key in feasible


@pytest.mark.parametrize("field", ["busiest_pod_ratio", "jobs", "error_ratio", "services_observed_percent", "teams"])
def test_what_an_estimate_does_not_depend_on_does_not_move_it(field: str) -> None:
    value = 0.01 if field == "error_ratio" else 50
    before, after = case(), case(baseline={field: value})
    assert depends_on(before) == depends_on(after)
    for product in load().products:
        assert estimate(product, before) == estimate(product, after)


@settings(max_examples=40, deadline=None)
@given(wishes(), st.sampled_from(IDS))
def test_a_further_supported_must_never_makes_what_fits_lighter(requirements: dict[str, Any], added: str) -> None:
    """Up to the quarter within which the maturity of a project decides between products."""
    without = {one: row for one, row in requirements.items() if one != added}
    before = rank(case(without), load())[0]
    after = rank(case({**without, added: must()}), load())[0]
    if before.status is after.status is Status.FITS:
        assert after.burden >= before.burden / CLOSE - 0.01


def test_a_beta_feature_carries_a_must_only_where_the_team_accepts_it() -> None:
    wanted = {"multi_cluster": must(simplest_fix={"outcome": "cannot"})}
    for answer, status in ((None, Grade.MISSED), ("no", Grade.MISSED), ("yes", Grade.STRAINED)):
        operations = {"beta_features": answer} if answer else {}
        one = Workbench(case=case(wanted, operations=operations), catalog=load(), memory=Memory())
        ambient = next(found for found in one.compose() if found.setting.product.id == "istio-ambient-l4")
        assert ambient.setting.fits["multi_cluster"].grade is status
        assert "beta" in next(said.because for said in ambient.reasons if said.requirement == "multi_cluster")


def test_keys_of_a_measure_at_the_node_do_not_help_against_a_hacked_node() -> None:
    one = case(
        {"encryption_between_nodes": must()},
        context={"threats": ["compromised_node"], "cni_can_encrypt": "yes"},
    )
    found = ranking(one)
    assert found[Approach.EBPF_MESH].status is not Status.FITS
    assert found[Approach.CNI_ENCRYPTION].status is Status.STRAINED
