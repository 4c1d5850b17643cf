"""What an organisation has settled changes the recommendation, and is part of what replays."""

from dataclasses import replace

import pytest

from decisions.advisor import catalog
from decisions.advisor.case import CaseError, read, write
from decisions.advisor.engine import recommend
from decisions.advisor.policy import Policy, read_policy, under, write_policy
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Status

CASE = {
    "schema": "meshadvisor-case/1",
    "title": "Card data between two clusters",
    "requirements": {
        "encryption_between_nodes": {"need": "must", "evidence": {"kind": "incident", "reference": "a tap was found"}},
    },
    "baseline": {"cni": "Calico", "pods": 400, "nodes": 20, "services": 60, "p99_ms": 40},
}


@pytest.fixture(scope="module")
def sheets() -> catalog.Catalog:
    return catalog.load()


def test_an_organisation_that_has_settled_nothing_changes_no_byte() -> None:
    assert write(read(CASE)) == write(read(CASE | {"policy": {}}))
    assert "policy" not in write(read(CASE))


def test_an_approach_that_is_not_allowed_is_ruled_out_with_the_reason_shown(sheets: catalog.Catalog) -> None:
    free = recommend(read(CASE), sheets)
    banned = CASE | {"policy": {"not_allowed": {free.approach.value: "Our auditors refused it in 2025"}}}
    held = recommend(read(banned), sheets)
    assert held.approach is not free.approach
    standing = next(one for one in held.ranking if one.approach is free.approach)
    assert standing.status is Status.RULED_OUT
    assert any("Our auditors refused it in 2025" in one.because for one in standing.reasons)


def test_evidence_that_is_not_accepted_makes_a_must_a_nice_to_have(sheets: catalog.Catalog) -> None:
    assert recommend(read(CASE), sheets).demoted == ()
    strict = CASE | {"policy": {"accepted_evidence": ["rule"]}}
    demoted = recommend(read(strict), sheets).demoted
    assert "does not accept an incident alone" in demoted[0].because


def test_own_prices_move_the_money(sheets: catalog.Catalog) -> None:
    free = recommend(read(CASE), sheets).best.money_per_month
    dear = CASE | {"policy": {"planning": {"hourly_cost": [500, 850, 1300]}}}
    assert recommend(read(dear), sheets).best.money_per_month.likely > free.likely


def test_a_policy_is_written_as_it_was_read() -> None:
    given = {
        "accepted_evidence": ["rule", "slo"],
        "not_allowed": {"sidecar-mesh": "No sidecars"},
        "planning": {"cpu_price": [1.0, 2.0, 3.0]},
    }
    assert write_policy(read_policy(given)) == given
    assert write_policy(Policy()) == {}


@pytest.mark.parametrize(
    ("policy", "path"),
    [
        ({"aproaches": 1}, "policy.aproaches"),
        ({"accepted_evidence": ["person"]}, "policy.accepted_evidence"),
        ({"not_allowed": {"mesh": "x"}}, "policy.not_allowed.mesh"),
        ({"not_allowed": {"no-mesh": " "}}, "policy.not_allowed.no-mesh"),
        ({"planning": {"cpu_price": [3, 2, 1]}}, "policy.planning.cpu_price"),
        ({"planning": {"cpu_price": "123"}}, "policy.planning.cpu_price"),
        ({"planning": {"cpu_price": [1, 2, float("nan")]}}, "policy.planning.cpu_price"),
        ([], "policy"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(policy: object, path: str) -> None:
    with pytest.raises(CaseError) as caught:
        read(CASE | {"policy": policy})
    assert [one.path for one in caught.value.problems] == [path]


def test_the_same_policy_over_the_same_catalogue_is_the_same_object(sheets: catalog.Catalog) -> None:
    """What was worked out under it is found again; another value, or another catalogue, is another one."""
    planned, other = (Policy(planning={"hourly_cost": Range(low=at, likely=at, high=at)}) for at in (70.0, 71.0))
    assert under(planned, sheets) is under(replace(planned), sheets)
    assert under(planned, sheets) is not under(other, sheets)
    elsewhere = replace(sheets)
    assert under(planned, elsewhere) is not under(planned, sheets)
    assert under(Policy(), sheets) is sheets
