"""What a team has answered before about itself stands in its next draft, and says where it comes from."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from decisions.advisor.requirements import BY_ID
from decisions.drafting import Sheet, save, start
from decisions.models import Decision, Status, Team
from decisions.prior import take_over
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OURS = {
    "operations.data_path_debuggers": "one",
    "operations.support": "vendor",
    "operations.upgrades_per_year": 4,
    "context.assessor_confirmed": "yes",
    "baseline.pods": 400,
}


def decided(team: Team, answers: dict[str, object], *, days_ago: int, status: Status = Status.ACCEPTED) -> Decision:
    """A past decision with these answers."""
    author = factories.member(team)
    then = NOW - dt.timedelta(days=days_ago)
    decision = start(author, team, system="payments", title="East-west traffic", now=then)
    assert not save(decision, Sheet(user=author, seen=decision.version, now=then), answers).problems
    Decision.objects.filter(pk=decision.pk).update(status=status)
    decision.refresh_from_db()
    return decision


def fresh(team: Team) -> Decision:
    return start(factories.member(team), team, system="search", title="Search traffic", now=NOW)


def test_answers_about_the_team_are_taken_over_and_name_the_decision_they_come_from() -> None:
    team = factories.team()
    old = decided(team, OURS, days_ago=9)
    new = fresh(team)
    take_over(new, NOW)
    new.refresh_from_db()
    assert new.case["operations"] == {"data_path_debuggers": "one", "support": "vendor"}
    assert "baseline" not in new.case, "figures of another cluster are no answer"
    assert "context" not in new.case, "an assessor's reading is about one decision"
    told = new.case["provenance"]["operations.support"]
    assert told == {"source": f"{old.number}, East-west traffic", "date": old.created_at.date().isoformat()}


def test_the_newest_answer_counts_and_an_older_one_where_it_has_none() -> None:
    team = factories.team()
    decided(team, OURS, days_ago=90)
    decided(team, {"operations.support": "community"}, days_ago=9)
    new = fresh(team)
    take_over(new, NOW)
    new.refresh_from_db()
    assert new.case["operations"] == {"data_path_debuggers": "one", "support": "community"}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REJECTED])
def test_what_nobody_stands_by_is_not_taken_over(status: Status) -> None:
    team = factories.team()
    decided(team, OURS, days_ago=9, status=status)
    new = fresh(team)
    assert take_over(new, NOW).changed == ()
    new.refresh_from_db()
    assert "operations" not in new.case


def test_another_teams_answers_stay_with_it() -> None:
    team = factories.team()
    decided(factories.team(team.organisation, "Search"), OURS, days_ago=9)
    assert take_over(fresh(team), NOW).changed == ()


def test_starting_on_the_page_says_how_many_were_taken_over(client: Client) -> None:
    team = factories.team()
    decided(team, OURS, days_ago=9)
    client.force_login(factories.member(team, name="Nadia Okafor"))
    sent = {"title": "Search traffic", "team": team.pk, "system": "search"}
    page = client.post(reverse("new"), sent, follow=True).content.decode()
    assert "2 answers about your team were taken over" in page
    step = client.get(Decision.objects.get(title="Search traffic").address("step", 4)).content.decode()
    assert step.count("From an earlier decision") == 2


def test_check_and_sign_tells_answers_of_an_earlier_decision_from_ones_own(client: Client) -> None:
    team = factories.team()
    old = decided(team, OURS, days_ago=9)
    new = fresh(team)
    take_over(new, NOW)
    new.refresh_from_db()
    sorted_ones = {f"requirements.{one}.need": "not_needed" for one in BY_ID}
    own = sorted_ones | {"operations.support": "community"}
    assert not save(new, Sheet(user=new.author, seen=new.version, now=NOW), own).problems
    client.force_login(new.author)
    page = client.get(new.address("sign")).content.decode()
    assert page.count(f"From an earlier decision: {old.number}, East-west traffic") == 1
    assert f"1 answer is not of this draft: it was taken over from {old.number}, East-west traffic." in page
