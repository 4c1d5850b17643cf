"""Review and administration through the interface."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from decisions.models import Comment, Decision, Invitation, Membership, Organisation, Role, Status, Team
from decisions.remarks import sections_of
from decisions.tokens import Scope
from tests import factories
from tests.api.robots import Robot
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


@pytest.fixture
def team() -> Team:
    return factories.team(name="Payments")


@pytest.fixture
def boss(team: Team) -> Robot:
    robot = Robot(team, *Scope, role=Role.ADMINISTRATOR)
    Membership.objects.filter(user=robot.user).update(team=None)
    return robot


def path_of(decision: Decision) -> str:
    return f"/decisions/{decision.organisation.slug}/{decision.number}"


def test_a_comment_stands_beside_its_revision_once(team: Team) -> None:
    robot, decision = Robot(team), dossier.proposed(team)
    record = decision.newest_record()
    assert record is not None
    section = next(iter(sections_of(record)))
    path, said = f"{path_of(decision)}/revisions/1/comments", {"text": "Which node?", "section": section}
    first = robot.call("POST", path, said, 201, idempotency_key="a").json()
    assert robot.call("POST", path, said, 201, idempotency_key="a").json() == first
    assert robot.call("GET", path).json() == {"items": [first], "next": None}
    refused = robot.call("POST", path, {"text": "x", "section": "nowhere"}, 422).json()
    assert "no such section" in refused["detail"]
    robot.call("GET", f"{path_of(decision)}/revisions/2/comments", None, 404)
    assert Comment.objects.get().text == "Which node?"


def test_changes_are_asked_for_by_who_has_seen_the_last_state(team: Team) -> None:
    robot, decision = Robot(team, *Scope, role=Role.APPROVER), dossier.proposed(team)
    path = f"{path_of(decision)}/changes"
    robot.call("POST", path, {"text": "Measure p99."}, 428)
    robot.call("POST", path, {"text": "Measure p99."}, 412, if_match='"1"')
    robot.call("POST", path, {"text": "Measure p99."}, if_match=f'"{decision.version}"')
    decision.refresh_from_db()
    assert decision.status == Status.DRAFT
    assert Comment.objects.get().asks_for_change
    robot.call("POST", path, {"text": "Again."}, 409, if_match=f'"{decision.version}"')


def test_the_history_the_lineage_and_the_comparison_of_a_decision(team: Team) -> None:
    robot, old, draft = Robot(team), dossier.accepted(team), dossier.draft(team, "Later")
    acts = [one["act"] for one in robot.call("GET", f"{path_of(old)}/events").json()["items"]]
    assert acts[0] == "approved"
    path = f"{path_of(draft)}/lineage"
    assert robot.call("POST", path, {"number": old.number}, 201).json()["predecessors"] == [old.number]
    assert robot.call("GET", f"{path_of(old)}/lineage").json()["successors"] == [draft.number]
    robot.call("POST", path, {"number": "DR-9999"}, 409)
    dossier.answer(draft, {"baseline.pods": 900})
    beside = robot.call("GET", f"{path_of(draft)}/comparison?before={old.number}/1").json()
    assert (beside["before"], beside["after"]) == (f"{old.number}/1", f"{draft.number}/draft")
    assert [one["after"] for one in beside["answers"] if one["before"] == "400"] == ["900"]
    robot.call("DELETE", f"{path}/{old.number}")
    assert not draft.predecessors.exists()


def test_judging_again_and_the_board(boss: Robot, team: Team) -> None:
    decision = dossier.accepted(team)
    started = boss.call("POST", "/reassessments", None, 202).json()
    assert started["total"] == 1
    assert boss.call("GET", "/reassessments").json()["items"][0]["id"] == started["id"]
    (judged,) = boss.call("GET", f"{path_of(decision)}/judgements").json()["items"]
    assert judged["outlook"] == "same"
    board = boss.call("GET", "/board").json()
    assert sum(one["count"] for one in board["by_approach"]) == 1
    for one in board["figures"]:
        assert len(boss.call("GET", f"/decisions?{one['query']}").json()["items"]) == one["count"], one["title"]


def test_due_reviews_are_those_of_the_page(team: Team) -> None:
    decision = factories.decision(of=team, status=Status.ACCEPTED, review_on="2026-01-31")
    factories.decision(of=team, status=Status.ACCEPTED, review_on="2099-01-31")
    (due,) = Robot(team).call("GET", "/due").json()["items"]
    assert due["number"] == decision.number
    assert len(Robot(team).call("GET", "/due?within=36500").json()["items"]) == 2


def test_settings_are_changed_by_who_has_seen_them(boss: Robot, team: Team) -> None:
    tag = boss.call("GET", "/organisation")["ETag"]
    wanted = {"approvers": 2, "author": "beside others", "order": [{"team": team.pk}], "review_months": 6}
    wanted |= {
        "policy": {"not_allowed": {"sidecar-mesh": "No memory."}},
        "require_second_factor": True,
        "name": "Nordlicht Rail",
    }
    boss.call("PUT", "/organisation", wanted, 428)
    kept = boss.call("PUT", "/organisation", wanted, if_match=tag)
    assert kept.json()["order"] == [{"role": "approver", "team": team.pk}]
    assert kept.json() == boss.call("GET", "/organisation").json()
    assert kept.json()["name"] == "Nordlicht Rail"
    boss.call("PUT", "/organisation", wanted, 412, if_match=tag)
    wrong = {"policy": {"planning": {"hourly_cost": [3, 2, 1]}}}
    refused = boss.call("PUT", "/organisation", wrong, 422, if_match=kept["ETag"]).json()
    assert refused["errors"][0]["where"] == "policy.planning.hourly_cost"
    other = factories.team()
    boss.call("PUT", "/organisation", {"order": [{"team": other.pk}]}, 422, if_match=kept["ETag"])
    organisation = Organisation.objects.get(pk=team.organisation_id)
    assert (organisation.review_months, organisation.require_second_factor) == (6, True)


def test_people_invitations_and_tokens(boss: Robot, team: Team) -> None:
    member = Membership.objects.get(user=factories.member(team, Role.VIEWER, "Vera Vu"))
    assert "Vera Vu" in {one["name"] for one in boss.call("GET", "/people").json()["items"]}
    assert boss.call("PATCH", f"/people/{member.pk}", {"role": "author"}).json()["role"] == "author"
    boss.call("PATCH", f"/people/{member.pk}", {"role": "auditor"}, 409)
    boss.call("DELETE", f"/people/{member.pk}", None, 204)
    invited = {"email": "ben@example.org", "role": "author", "team": team.pk}
    made = boss.call("POST", "/invitations", invited, 201).json()
    assert "/invitation/" in made["link"]
    (listed,) = boss.call("GET", "/invitations").json()["items"]
    assert (listed["email"], listed["link"]) == ("ben@example.org", None)
    boss.call("DELETE", f"/invitations/{listed['id']}", None, 204)
    boss.call("DELETE", f"/invitations/{listed['id']}", None, 404)
    assert Invitation.objects.get().withdrawn_at
    boss.call("POST", "/invitations", {"email": "ben", "role": "auditor", "team": team.pk}, 422)
    (token,) = [one for one in boss.call("GET", "/tokens").json()["items"] if one["account"] == boss.user.name]
    boss.call("DELETE", f"/tokens/{token['id']}", None, 204)
    boss.call("GET", "/tokens", None, 401)


def test_the_last_person_who_administers_stays_and_a_service_account_is_none(boss: Robot, team: Team) -> None:
    people = Membership.objects.filter(organisation=team.organisation, role=Role.ADMINISTRATOR, team=None)
    (last,) = people.filter(user__is_service=False)
    for method, body in (("PATCH", {"role": "viewer"}), ("DELETE", None)):
        refused = boss.call(method, f"/people/{last.pk}", body, 409).json()
        assert "would have no administrator left" in refused["detail"]
    factories.member(team.organisation, Role.ADMINISTRATOR)
    boss.call("PATCH", f"/people/{last.pk}", {"role": "viewer"})


def test_filters_are_kept_for_the_account_and_records_brought_in_once(team: Team) -> None:
    robot = Robot(team)
    kept = robot.call("POST", "/filters", {"name": "late", "query": "status=accepted&nonsense=1"}, 201).json()
    assert kept["query"] == "status=accepted"
    robot.call("POST", "/filters", {"name": "none", "query": "nonsense=1"}, 422)
    assert robot.call("GET", "/filters").json()["items"] == [kept]
    robot.call("DELETE", f"/filters/{kept['id']}", None, 204)
    for new, known in ((1, 0), (0, 1)):
        file = SimpleUploadedFile("0002-edge.md", b"# 2. Edge\n\n## Status\n\nAccepted\n")
        sent = robot.client.post("/api/v1/imports", {"file": file, "team": "Payments"})
        assert (sent.status_code, sent.json()) == (201, {"new": new, "known": known}), sent.content
    (one,) = robot.call("GET", "/imports").json()["items"]
    assert (one["title"], one["claimed_status"]) == ("Edge", "accepted")
    assert robot.call("GET", f"/imports/{one['id']}/source").content.startswith(b"# 2. Edge")


def test_lists_of_the_interface_come_in_pages(boss: Robot, team: Team) -> None:
    for place in range(4):
        factories.member(team, Role.VIEWER, f"Vera {place}")
    seen, cursor = [], ""
    while cursor is not None:
        page = boss.call("GET", f"/people?limit=2&cursor={cursor}").json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert seen == sorted(Membership.objects.filter(organisation=team.organisation).values_list("pk", flat=True))
    boss.call("GET", "/people?cursor=²", None, 400)
