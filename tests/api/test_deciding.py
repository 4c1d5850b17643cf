"""Decisions through the interface: what a program may do, and what it is told when it may not."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from decisions.api.forgetting import forget_answers
from decisions.models import Decision, KeptAnswer, Role, Status
from decisions.tokens import Scope
from tests import factories
from tests.api.robots import Robot
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def robot() -> Robot:
    return Robot(factories.team(name="Payments"))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


def started(robot: Robot, **more: object) -> tuple[str, dict[str, object]]:
    body = {"title": "East-west traffic", "team": "Payments", "system": "prod-eu", **more}
    one = robot.call("POST", "/decisions", body, 201).json()
    return f"/decisions/{one['organisation']}/{one['number']}", one


def team_of(robot: Robot) -> object:
    return robot.user.memberships.get().team


def test_without_a_token_there_is_nothing_but_the_description(client: Client) -> None:
    refused = client.get("/api/v1/decisions")
    assert refused.status_code == 401
    assert refused["Content-Type"] == "application/problem+json"
    assert "Authorization: Bearer mesh_" in refused.json()["detail"]
    assert client.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"


def test_a_signed_in_person_needs_a_token_too(client: Client) -> None:
    client.force_login(factories.member(factories.team()))
    assert client.get("/api/v1/decisions").status_code == 401


def test_a_token_does_what_its_scope_says_and_nothing_else() -> None:
    reader = Robot(factories.team(name="Payments"), Scope.READ)
    refused = reader.call("POST", "/decisions", {"title": "x", "team": "Payments", "system": "y"}, 403).json()
    assert refused["detail"] == "This token does not have the scope “write”. An administrator can make one that does."


def test_a_role_limits_a_token_further() -> None:
    team = factories.team(name="Payments")
    decision = dossier.draft(team)
    viewer = Robot(team, role=Role.VIEWER)
    path = f"/decisions/{decision.organisation.slug}/{decision.number}"
    viewer.call("GET", path)
    viewer.call("PATCH", f"{path}/answers", {"answers": {}}, 403, if_match=f'"{decision.version}"')


def test_a_stranger_finds_nothing(robot: Robot) -> None:
    other = dossier.draft()
    robot.call("GET", f"/decisions/{other.organisation.slug}/{other.number}", None, 404)
    assert robot.call("GET", "/decisions").json() == {"items": [], "next": None}


def test_from_a_start_to_a_record(robot: Robot) -> None:
    path, one = started(robot, case={"schema": "meshadvisor-case/1", "baseline": {"p99_ms": 38}})
    assert one["case"]["baseline"] == {"p99_ms": 38}
    tag = robot.call("GET", path)["ETag"]
    given = {"answers": {"baseline.pods": 400, **{k: v for k, v in dossier.SORTED.items() if "baseline" not in k}}}
    answered = robot.call("PATCH", f"{path}/answers", given, if_match=tag)
    assert answered.json()["case"]["baseline"] == {"p99_ms": 38, "pods": 400}
    assert answered["ETag"] != tag

    refused = robot.call("POST", f"{path}/propose", {"agreed": False}, 422, if_match=answered["ETag"]).json()
    assert refused["errors"][0]["what"].startswith("I propose DR-0001")
    record = robot.call("POST", f"{path}/propose", {"agreed": True}, 201, if_match=answered["ETag"]).json()
    assert record["files"] == ["html", "json", "md", "pdf", "txt"]
    kept = robot.call("GET", f"{path}/revisions/1/json")
    assert kept["Content-Type"] == "application/json"
    assert Decision.objects.get().newest_record().digest == record["sha256"]


def test_an_answer_that_cannot_be_one_keeps_the_others_away_too(robot: Robot) -> None:
    path, _ = started(robot)
    tag = robot.call("GET", path)["ETag"]
    given = {"answers": {"baseline.pods": 400, "baseline.p99_ms": "fast", "baseline.nothing": 1}}
    refused = robot.call("PATCH", f"{path}/answers", given, 422, if_match=tag).json()
    assert {one["where"] for one in refused["errors"]} == {"baseline.p99_ms", "baseline.nothing"}
    assert "baseline" not in robot.call("GET", path).json()["case"]


def test_a_change_that_has_not_seen_the_last_one_is_refused(robot: Robot) -> None:
    path, _ = started(robot)
    tag = robot.call("GET", path)["ETag"]
    robot.call("PATCH", f"{path}/answers", {"answers": {"baseline.pods": 1}}, 428)
    robot.call("PATCH", f"{path}/answers", {"answers": {"baseline.pods": 1}}, if_match=tag)
    refused = robot.call("PATCH", f"{path}/answers", {"answers": {"baseline.pods": 2}}, 412, if_match=tag).json()
    assert refused["detail"].startswith("DR-0001 was changed since you read it.")


def test_a_repeated_request_is_done_once(robot: Robot) -> None:
    body = {"title": "Once", "team": "Payments", "system": "prod"}
    first = robot.call("POST", "/decisions", body, 201, idempotency_key="a").json()
    assert robot.call("POST", "/decisions", body, 201, idempotency_key="a").json() == first
    assert Decision.objects.count() == 1
    refused = robot.call("POST", "/decisions", {**body, "title": "Other"}, 422, idempotency_key="a").json()
    assert "was used for another request" in refused["detail"]
    robot.call("POST", "/decisions", {**body, "title": "Other"}, 201, idempotency_key="b")


def test_an_answer_is_forgotten_after_a_day(robot: Robot) -> None:
    robot.call("POST", "/decisions", {"title": "x", "team": "Payments", "system": "y"}, 201, idempotency_key="a")
    assert forget_answers.call() == 0
    KeptAnswer.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    assert forget_answers.call() == 1


def test_a_request_that_failed_may_be_repeated_under_its_key(robot: Robot) -> None:
    body = {"title": "x", "team": "Nobody's", "system": "prod"}
    robot.call("POST", "/decisions", body, 422, idempotency_key="a")
    robot.call("POST", "/decisions", {**body, "team": "Payments"}, 201, idempotency_key="a")


def test_pages_follow_each_other_without_gap_or_repeat(robot: Robot) -> None:
    numbers = [started(robot)[1]["number"] for _ in range(5)]
    seen, cursor = [], ""
    while True:
        page = robot.call("GET", f"/decisions?limit=2&cursor={cursor}").json()
        seen += [one["number"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == numbers[::-1]
    robot.call("GET", "/decisions?cursor=nonsense", None, 400)


def test_the_list_narrows_as_the_page_does(robot: Robot) -> None:
    started(robot)
    assert len(robot.call("GET", "/decisions?status=draft").json()["items"]) == 1
    assert robot.call("GET", "/decisions?status=accepted").json()["items"] == []


def test_what_was_signed_is_not_deleted(robot: Robot) -> None:
    decision = dossier.proposed(team_of(robot))
    path = f"/decisions/{decision.organisation.slug}/{decision.number}"
    refused = robot.call("DELETE", path, None, 409, if_match=f'"{decision.version}"').json()
    assert "kept" in refused["detail"]
    own, _ = started(robot)
    robot.call("DELETE", own, None, 204, if_match=robot.call("GET", own)["ETag"])


def test_withdrawn_and_succeeded(robot: Robot) -> None:
    decision = dossier.proposed(team_of(robot))
    path = f"/decisions/{decision.organisation.slug}/{decision.number}"
    robot.call("POST", f"{path}/withdraw", None, if_match=f'"{decision.version}"')
    decision.refresh_from_db()
    assert decision.status == Status.DRAFT
    robot.call("POST", f"{path}/successor", None, 409)


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_asks_as_much_for_three_decisions_as_for_one(
    robot: Robot, count: int, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for _ in range(count):
        started(robot)
    robot.call("GET", "/decisions")
    with django_assert_num_queries(3):
        robot.call("GET", "/decisions")
