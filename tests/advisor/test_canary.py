"""Canaries without a mesh: a controller that steps weights at the gateway that is there, and when it is offered."""

import pytest

from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.recommendation import Approach
from tests.advisor.judging import case, must, tried

CATALOG = load()
TEAMS = {"application_teams": 2, "languages": 6}


@pytest.mark.parametrize("deadline", [None, "5 months", "Q1 2027"])
@pytest.mark.parametrize("scope", [None, "2 services"])
def test_two_teams_that_want_canaries_begin_with_a_controller_at_the_gateway(
    deadline: str | None, scope: str | None
) -> None:
    """A route beside each service changes no code, so that neither languages nor a near deadline speak against it."""
    asked = must("incident", scope=scope)
    found = recommend(case({"traffic_splitting": asked}, context=TEAMS | {"deadline": deadline}), CATALOG)
    assert found.approach is Approach.NO_MESH
    assert [one.id for one in found.add_ons] == ["edge-canary"]
    assert "Argo Rollouts or Flagger" in found.next_step
    assert "ingress or gateway that runs here" in found.next_step
    said = {one.topic: one for one in found.advisories}
    assert "no mesh is needed" in said["No mesh for the controller"].text
    assert all(source.version and source.date for one in said.values() for source in one.sources)


@pytest.mark.parametrize("asked", [{"need": "nice"}, must("person"), must("practice")])
def test_canaries_that_somebody_wishes_for_are_offered_without_a_mesh(asked: dict[str, object]) -> None:
    found = recommend(case({"traffic_splitting": asked}, context=TEAMS), CATALOG)
    assert found.approach is Approach.NO_MESH
    assert not found.add_ons
    assert found.next_step.endswith("by a small measure (traffic splitting: Canary at the edge).")


def test_where_nobody_wishes_for_anything_nothing_is_offered() -> None:
    assert "small measure" not in recommend(case({}), CATALOG).next_step


def test_a_canary_that_was_tried_and_is_not_enough_is_not_offered_again() -> None:
    found = recommend(case({"traffic_splitting": tried("not_enough", "incident")}, context=TEAMS), CATALOG)
    assert found.approach is not Approach.NO_MESH


def test_a_fix_in_the_code_of_many_services_still_has_to_fit_the_deadline() -> None:
    retries = {"resilience": must("incident")}
    near = case(retries, context={"languages": 1, "application_teams": 2, "deadline": "5 months"})
    assert recommend(near, CATALOG).approach is not Approach.NO_MESH
