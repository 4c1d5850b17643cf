"""What the administration does with many past decisions at once."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from decisions.models import Decision, Event, Reassessment, Role, Status, Team
from tests import factories
from tests.web import dossier

pytestmark = pytest.mark.django_db
LIST = "/admin/decisions/decision/"


@pytest.fixture
def team() -> Team:
    return factories.team(name="Payments")


def act(client: Client, name: str, chosen: list[Decision], **more: str):
    return client.post(LIST, {"action": name, "_selected_action": [one.pk for one in chosen], **more}, follow=True)


def test_the_search_of_the_administration_is_that_of_the_list(root: Client, team: Team) -> None:
    factories.decision(of=team, title="Ingress at the edge")
    factories.decision(of=team, title="Other")
    page = root.get(LIST, {"q": "EDGE ingr"}).content.decode()
    assert "Ingress at the edge" in page
    assert "Other" not in page
    assert "Ingress at the edge" not in root.get(LIST, {"q": "gress"}).content.decode()


def test_chosen_decisions_are_judged_again_at_once(root: Client, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)
    decision, draft = dossier.accepted(team), factories.decision(of=team)
    said = act(root, "judge_again", [decision, draft]).content.decode()
    assert "1 accepted decisions judged again; 0 would come out differently." in said
    assert Reassessment.objects.get().record.decision == decision
    decision.refresh_from_db()
    assert decision.outlook == "same"


def test_who_may_only_look_judges_nothing_again_and_names_no_reviewer(client: Client, team: Team) -> None:
    decision = factories.decision(of=team, status=Status.ACCEPTED)
    auditor, administrator = (factories.member(team.organisation, role) for role in (Role.AUDITOR, Role.ADMINISTRATOR))
    of_team = factories.member(team, Role.ADMINISTRATOR)
    looks = Permission.objects.filter(codename="view_decision")
    may = Permission.objects.filter(codename__in=("view_decision", "change_decision", "add_reassessment"))
    for user, permissions in ((administrator, looks), (auditor, may), (of_team, may)):
        user.is_staff = True
        user.save()
        user.user_permissions.set(permissions)
        client.force_login(user)
        offered = client.get(LIST).content.decode()
        assert ('value="judge_again"' in offered) is (permissions is may), user
        act(client, "judge_again", [decision])
        act(client, "assign_reviewer", [decision], reviewer=administrator.username)
    decision.refresh_from_db()
    assert (decision.reviewer, decision.outlook) == (None, "")
    administrator.user_permissions.set(may)
    client.force_login(administrator)
    act(client, "assign_reviewer", [decision], reviewer=administrator.username)
    decision.refresh_from_db()
    assert decision.reviewer == administrator


def test_chosen_decisions_are_taken_away(root: Client, team: Team) -> None:
    first, _ = factories.decision(of=team, title="First"), factories.decision(of=team, title="Second")
    rows = csv.DictReader(io.StringIO(act(root, "as_csv", [first]).getvalue().decode()))
    assert [row["title"] for row in rows] == ["First"]


def test_a_reviewer_must_be_able_to_see_what_they_review(root: Client, team: Team) -> None:
    decision = factories.decision(of=team, status=Status.ACCEPTED)
    seeing, other = factories.member(team, Role.VIEWER, "Vera Vu"), factories.stranger("Otto Out")
    for name, said in ((other.username, "Otto Out cannot see DR-0001"), ("nobody", "Nobody here has the user name")):
        assert said in act(root, "assign_reviewer", [decision], reviewer=name).content.decode()
    decision.refresh_from_db()
    assert decision.reviewer is None
    assert "Vera Vu is told" in act(root, "assign_reviewer", [decision], reviewer=seeing.username).content.decode()
    decision.refresh_from_db()
    assert decision.reviewer == seeing
    assert Event.objects.get(act="reviewer assigned").detail == {"reviewer": "Vera Vu"}
