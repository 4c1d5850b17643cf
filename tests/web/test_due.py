"""Reviews that are due: the command, the mail, the calendar and the feed."""

import datetime as dt
import json
import xml.etree.ElementTree as ET

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from decisions.drafting import Sheet, save
from decisions.due import remind
from decisions.models import Decision, Event, FeedAddress, Role, Status, Team, User
from meshadvisor import cli
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return factories.team(name="Payments")


def accepted(team: Team, title: str, days: int | None) -> Decision:
    review = None if days is None else timezone.localdate() + dt.timedelta(days=days)
    return factories.decision(of=team, title=title, status=Status.ACCEPTED, review_on=review)


def test_the_command_names_what_is_overdue_and_its_exit_code_serves_a_pipeline(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted(team, "Today", 0)
    accepted(team, "No date", None)
    assert cli.main(["due", "--exit-code"]) == 0
    assert capsys.readouterr().out == "No review is due.\n"
    late = accepted(team, "Late", -1)
    Decision.objects.filter(pk=accepted(team, "Closed", -9).pk).update(status=Status.SUPERSEDED)
    assert cli.main(["due"]) == 0
    assert cli.main(["due", "--exit-code", "--json"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(f"{team.organisation.slug}/{late.number}  Late (Payments)")
    assert [one["title"] for one in json.loads(lines[1])] == ["Late"]
    cli.main(["due", "--within", "3", "--json"])
    assert [one["title"] for one in json.loads(capsys.readouterr().out)] == ["Late", "Today"]
    assert cli.main(["due", "--organisation", "nobody"]) == 2
    assert cli.main(["due", "--within", "-1"]) == 2


def test_authors_and_approvers_are_written_to_once_a_date(team: Team) -> None:
    late = accepted(team, "Late", -1)
    accepted(team, "Later", 1)
    approver, viewer = factories.member(team, Role.APPROVER), factories.member(team, Role.VIEWER)
    User.objects.filter(pk=late.author_id).update(email="author@example.org")
    User.objects.filter(pk=approver.pk).update(email="approver@example.org")
    User.objects.filter(pk=viewer.pk).update(email="viewer@example.org")
    assert remind.func() == 1
    assert sorted(one.to[0] for one in mail.outbox) == ["approver@example.org", "author@example.org"]
    assert mail.outbox[0].subject == f"Review due: {late.number} Late"
    assert late.get_absolute_url() in mail.outbox[0].body
    assert remind.func() == 0
    assert len(mail.outbox) == 2
    Decision.objects.filter(pk=late.pk).update(review_on=timezone.localdate() - dt.timedelta(days=0))
    assert remind.func() == 0  # not overdue before tomorrow
    assert Event.objects.get(act="reminded").actor is None


def test_nothing_counts_as_sent_where_there_is_no_mail_server(team: Team, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # type: ignore[attr-defined]
    accepted(team, "Late", -1)
    assert remind.func() == 0
    assert not Event.objects.exists()


def addresses(client: Client) -> list[str]:
    page = client.post("/account/feeds/")
    assert page.headers["Cache-Control"] == "no-store"
    return [
        page.context["calendar"].removeprefix("http://testserver"),
        page.context["atom"].removeprefix("http://testserver"),
    ]


def test_calendar_and_feed_hold_the_reviews_of_ones_own_decisions(client: Client, team: Team) -> None:
    accepted(team, "Late; with, signs\\", -1)
    accepted(team, "Next year", 400)
    accepted(team, "No date", None)
    accepted(factories.team(), "Hidden", -1)
    client.force_login(factories.member(team, Role.VIEWER))
    ics, atom = addresses(client)
    client.logout()
    response = client.get(ics)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == [
        "Review DR-0002: Next year",
        "Review DR-0001: Late; with, signs\\",
    ]
    assert events[1]["DTSTART"].dt == timezone.localdate() - dt.timedelta(days=1)
    feed = ET.fromstring(client.get(atom).content)
    titles = [one.text for one in feed.findall("{*}entry/{*}title")]
    assert titles == ["Review DR-0001: Late; with, signs\\"]


def test_the_secret_of_the_address_is_shown_once_and_kept_as_a_hash(client: Client, team: Team) -> None:
    user = factories.member(team)
    client.force_login(user)
    ics, _ = addresses(client)
    secret = ics.split("/")[2]
    assert len(secret) >= 43
    assert secret not in str(FeedAddress.objects.values())
    assert secret not in client.get("/account/feeds/").content.decode()
    newer, _ = addresses(client)
    assert client.get(ics).status_code == 404
    assert client.get(newer).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(newer).status_code == 404
    User.objects.filter(pk=user.pk).update(is_active=True)
    client.force_login(user)
    client.post("/account/feeds/", {"remove": "1"})
    assert client.get(newer).status_code == 404


@pytest.mark.parametrize(("days", "kept"), [(-1, False), (0, True), (200, True)])
def test_a_review_in_the_past_is_refused_with_the_reason(team: Team, days: int, kept: bool) -> None:
    decision = factories.decision(of=team)
    day = (factories.NOW + dt.timedelta(days=days)).date().isoformat()
    given = {"plan.review_date": day, "baseline.pods": 40}
    saved = save(decision, Sheet(user=decision.author, seen=decision.version, now=factories.NOW), given)
    assert ("plan.review_date" in saved.changed) is kept
    assert "baseline.pods" in saved.changed
    assert [one.text for one in saved.problems] == (
        [] if kept else [f"{day} is in the past. Name a day on which this decision is to be looked at again."]
    )
