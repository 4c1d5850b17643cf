"""The board, the timeline of a system, lineage with several predecessors, and comparison across decisions."""

import datetime as dt
import logging

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from decisions import issue
from decisions.models import ConflictError, Decision, Reassessment, ReassessmentRound, Role, Status, Team
from decisions.models.succession import ancestors, follow
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return factories.team(name="Payments")


@pytest.fixture
def administrator(client: Client, team: Team) -> Client:
    client.force_login(factories.member(team.organisation, Role.ADMINISTRATOR, "Ada Boss"))
    return client


def made(team: Team, title: str, **fields: object) -> Decision:
    values = {"status": Status.ACCEPTED, "revision": 1, "approach": "no-mesh", "decided_at": timezone.now()}
    return factories.decision(of=team, title=title, **(values | fields))


def test_each_number_of_the_board_is_the_length_of_the_list_it_opens(administrator: Client, team: Team) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    made(team, "A", outlook="different", review_on=yesterday)
    made(team, "B", outlook="numbers", musts_without_evidence=2, product="istio-sidecar")
    made(team, "C", outlook="same", review_on=yesterday, approach="ambient-mesh")
    made(team, "D", status=Status.PROPOSED, outlook="different", review_on=yesterday, decided_at=None)
    made(team, "E", status=Status.SUPERSEDED, musts_without_evidence=1, review_on=yesterday)
    made(team, "F", decided_at=timezone.now() - dt.timedelta(days=100))
    made(factories.team(), "Hidden", outlook="different")
    context = administrator.get("/board/").context
    counts = {one.title: one.count for one in context["figures"]}
    assert counts == {
        "Would come out differently": 1,
        "Reviews overdue": 2,
        "Must-haves kept without evidence": 1,
        "Near the end of support": counts["Near the end of support"],
        "Same choice, other numbers": 1,
        "Waiting for approval": 1,
    }
    columns = [*context["by_approach"].columns, *context["over_time"].columns]
    assert {one.title: one.count for one in context["by_approach"].columns if one.count} == {
        "No mesh": 3,
        "Ambient mesh": 1,
    }
    assert context["over_time"].total == 5
    for one in [*context["figures"], *columns]:
        assert len(administrator.get(one.address).context["rows"]) == one.count, one.title


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_takes_as_many_queries_for_one_decision_as_for_many(
    administrator: Client, team: Team, rows: int, django_assert_num_queries
) -> None:
    for place in range(rows):
        made(team, f"Mesh {place}")
    with django_assert_num_queries(9):
        assert administrator.get("/board/").status_code == 200


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR, Role.APPROVER])
def test_the_board_is_for_those_who_answer_for_an_organisation(client: Client, team: Team, role: Role) -> None:
    client.force_login(factories.member(team, role))
    assert client.get("/board/").status_code == 403
    assert client.post("/board/reassess/").status_code == 403
    assert 'href="/board/"' not in client.get("/decisions/").content.decode()
    client.force_login(factories.member(team.organisation, role))
    assert client.get("/board/").status_code == 200
    assert 'href="/board/"' in client.get("/decisions/").content.decode()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER, Role.AUDITOR])
def test_who_only_reads_the_board_has_nothing_judged_again(client: Client, team: Team, role: Role) -> None:
    made(team, "A")
    client.force_login(factories.member(team.organisation, role))
    assert "Judge all again now" not in client.get("/board/").content.decode()
    refused = client.post("/board/reassess/")
    assert refused.status_code == 403
    assert "Administrators of an organisation can." in refused.content.decode()
    assert not ReassessmentRound.objects.exists()
    client.force_login(factories.member(team.organisation, Role.ADMINISTRATOR))
    assert "Judge all again now" in client.get("/board/").content.decode()


def test_the_administrator_of_a_team_sees_its_figures_and_judges_nothing_of_the_others(
    client: Client, team: Team
) -> None:
    made(team, "Ours")
    made(factories.team(team.organisation), "Theirs")
    client.force_login(factories.member(team, Role.ADMINISTRATOR))
    page = client.get("/board/")
    assert "Judge all again now" not in page.content.decode()
    for one in page.context["figures"]:
        assert len(client.get(one.address).context["rows"]) == one.count, one.title
    assert page.context["by_approach"].total == 1
    assert client.post("/board/reassess/").status_code == 403
    assert not ReassessmentRound.objects.exists()


def test_charts_say_in_words_what_they_draw(administrator: Client, team: Team) -> None:
    made(team, "A")
    page = administrator.get("/board/").content.decode()
    assert 'aria-label="Accepted decisions by approach. No mesh 1; CNI-level encryption 0;' in page
    assert page.count("<svg") >= 2
    assert "style=" not in page


def test_on_demand_everything_accepted_is_judged_again_and_the_decision_says_what_differs(
    administrator: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier.without_pages(monkeypatch)
    decision = dossier.accepted(team)
    from decisions import reassessment

    was = reassessment.compared

    def cheaper(ranking, recorded):  # the catalogue of tomorrow: the second one wins
        return was([ranking[1], ranking[0], *ranking[2:]], recorded)

    monkeypatch.setattr(reassessment, "compared", cheaper)
    response = administrator.post("/board/reassess/", follow=True)
    assert "being judged again" in response.content.decode()
    assert ReassessmentRound.objects.get().started_by.name == "Ada Boss"
    kept = Reassessment.objects.get()
    page = administrator.get(decision.address("decision")).content.decode()
    assert "Would come out differently." in page
    assert kept.summary in page
    assert "Re-open it: a new draft from these answers" in page
    administrator.post(decision.address("supersede"))
    draft = Decision.objects.get(predecessors=decision)
    assert draft.case["requirements"] == decision.case["requirements"]
    decision.refresh_from_db()
    assert decision.status == Status.ACCEPTED


def test_a_decision_supersedes_all_it_started_from(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)
    first, second = dossier.accepted(team, "First"), dossier.accepted(team, "Second")
    rejected = dossier.proposed(team, "Third")
    issue.reject(rejected, dossier.approver(rejected), "No", NOW)
    draft = issue.succeed(first, first.author, NOW)
    follow(draft, second)
    follow(draft, rejected)
    record = issue.propose(draft, draft.author, NOW)
    assert b'"supersedes":["DR-0001","DR-0002","DR-0003"]' in bytes(record.canonical)
    issue.approve(draft, dossier.approver(draft), NOW)
    states = dict(Decision.objects.values_list("title", "status"))
    assert (states["Second"], states["Third"]) == (Status.SUPERSEDED, Status.REJECTED)
    first.refresh_from_db()
    assert first.status == Status.SUPERSEDED


def test_no_decision_goes_back_to_itself(team: Team) -> None:
    a, b, c = (factories.decision(of=team) for _ in range(3))
    follow(b, a)
    follow(c, b)
    assert ancestors(c) == {a.pk, b.pk, c.pk}
    for one in (a, b, c):
        with pytest.raises(ConflictError, match="goes back to it"):
            follow(a, one)
    with pytest.raises(ConflictError, match="another organisation"):
        follow(a, factories.decision())
    assert follow(c, b) == follow(c, b)


def test_predecessors_are_added_to_a_draft_and_taken_away(client: Client, team: Team) -> None:
    draft, old = factories.decision(of=team), made(team, "Old")
    open_one, hidden = factories.decision(of=team), made(factories.team(team.organisation), "Hidden")
    client.force_login(draft.author)
    address = draft.address("lineage")
    for number, said in (
        (open_one.number, "only finished decisions can be followed"),
        (hidden.number, "that you can see"),
        ("zzz", "There is no decision ZZZ"),
        ("", "without a number"),
    ):
        response = client.post(address, {"number": number})
        assert response.status_code == 422
        assert said in response.content.decode()
    assert old.number in client.post(address, {"number": old.number.lower()}, follow=True).content.decode()
    assert list(draft.predecessors.all()) == [old]
    client.post(address, {"number": old.number, "remove": "1"})
    assert not draft.predecessors.exists()
    client.force_login(factories.member(team, Role.VIEWER))
    assert client.post(address, {"number": old.number}).status_code == 403
    client.force_login(factories.stranger())
    assert client.get(address).status_code == 404


def test_the_timeline_of_a_system_tells_every_turn(client: Client, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)
    first = dossier.accepted(team, "First")
    second = issue.succeed(first, first.author, NOW)
    issue.propose(second, second.author, NOW + dt.timedelta(days=1))
    issue.approve(second, dossier.approver(second), NOW + dt.timedelta(days=2))
    Decision.objects.filter(pk=second.pk).update(review_on=dt.date(2099, 5, 1))
    client.force_login(factories.member(team, Role.VIEWER))
    response = client.get(f"/systems/{first.system_id}/")
    told = [(one.decision.number, one.what) for one in response.context["turns"]]
    assert set(told[:2]) == {("DR-0002", "was accepted"), ("DR-0001", "was superseded by DR-0002")}
    assert set(told[2:]) == {("DR-0002", "was proposed"), ("DR-0001", "was accepted"), ("DR-0001", "was proposed")}
    (due,) = response.context["due"]
    assert (due.decision.number, due.what) == ("DR-0002", "is to be looked at again"), "the future has not happened"
    assert not response.context["drafts"]
    third = issue.succeed(second, second.author, NOW)
    page = client.get(f"/systems/{first.system_id}/").content.decode()
    assert third.title in page
    assert "Being written" in page
    client.force_login(factories.stranger())
    assert client.get(f"/systems/{first.system_id}/").status_code == 404


def test_any_two_decisions_can_be_compared(client: Client, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)
    mine, other = dossier.proposed(team, "Mine"), dossier.draft(team, "Other")
    dossier.answer(other, {"baseline.pods": 900})
    issue.propose(other, other.author, NOW)
    hidden = dossier.proposed(factories.team(team.organisation), "Hidden")
    client.force_login(factories.member(team, Role.VIEWER))
    address = mine.address("compare")
    found = client.get(f"{address}?with={other.number.lower()}&before={mine.number}/1&after={other.number}/1")
    assert found.context["found"].figures == 1
    refused = client.get(f"{address}?with={hidden.number}").content.decode()
    assert f"There is no {hidden.number} that you can see" in refused


def test_somebody_who_is_refused_is_one_line_of_the_log() -> None:
    (refused,) = settings.LOGGING["filters"].values()
    for status, traced in ((403, False), (500, True)):
        record = logging.makeLogRecord({"status_code": status, "exc_info": (ValueError, ValueError(), None)})
        assert refused["callback"](record)
        assert bool(record.exc_info) is traced


def test_a_deprecated_decision_held_from_its_approval_on_not_from_the_day_it_was_given_up(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier.without_pages(monkeypatch)
    given_up = dossier.accepted()
    approved_at = given_up.events.get(act="approved").at
    client.force_login(dossier.approver(given_up))
    issue.deprecate(given_up, dossier.approver(given_up), "No longer needed.", approved_at + dt.timedelta(days=40))
    assert Decision.objects.get(pk=given_up.pk).decided_at == given_up.decided_at, "the board counts it once"
    page = client.get(f"/systems/{given_up.system_id}/").content.decode()
    since, until = (f"{day:%-d %b %Y}" for day in (approved_at, approved_at + dt.timedelta(days=40)))
    assert f"{since} to {until}" in page
    notice = client.get(given_up.get_absolute_url()).content.decode()
    assert f"on {until}.</b> No longer needed." in notice
    assert f'decided <time datetime="{approved_at.isoformat()}">{since}<' in notice
