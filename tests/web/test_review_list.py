"""The list of decisions: what is found, what stands in the address, how many queries it takes."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.models import Decision, Organisation, Role, Status, Team
from decisions.views import narrowing
from decisions.views.listing import age_in_words
from decisions.views.paging import ROWS
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/decisions/"


@pytest.fixture
def team() -> Team:
    return factories.team(name="Payments")


@pytest.fixture
def reader(client: Client, team: Team) -> Client:
    client.force_login(factories.member(team, Role.VIEWER))
    return client


def made(team: Team, title: str, *, days: int = 0, **fields: object) -> Decision:
    return factories.decision(of=team, title=title, changed_at=timezone.now() - dt.timedelta(days=days), **fields)


def titles(client: Client, query: str = "", **headers: str) -> list[str]:
    response = client.get(LIST + query, headers=headers)
    assert response.status_code == 200
    return [row.decision.title for row in response.context["rows"]]


def test_everybody_sees_the_decisions_of_their_teams_and_nothing_else(reader: Client, team: Team) -> None:
    made(team, "Ours")
    made(factories.team(team.organisation), "Another team's")
    made(factories.team(), "Another organisation's")
    assert titles(reader) == ["Ours"]


def test_nobody_sees_anything_without_signing_in(client: Client) -> None:
    assert client.get(LIST).url == f"/sign-in/?next={LIST}"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=mesh", ["One mesh"]),
        ("?q=ONE++payments", ["One mesh"]),
        ("?q=DR-0002", ["Encrypt"]),
        ("?q=nobody", []),
        ("?status=accepted", ["Encrypt"]),
        ("?approach=cni-encryption", ["Encrypt"]),
        ("?age=30", ["One mesh"]),
        ("?age=older-90", ["Encrypt"]),
        ("?age=older-90&status=draft", []),
        ("?q=%00mesh", ["One mesh"]),
        ("?status=nonsense&age=%27&approach=x&team=zz", ["One mesh", "Encrypt"]),
    ],
)
def test_search_and_filters_narrow_the_list(reader: Client, team: Team, query: str, found: list[str]) -> None:
    made(team, "One mesh", approach="ambient-mesh")
    made(team, "Encrypt", days=100, approach="cni-encryption", status=Status.ACCEPTED)
    assert titles(reader, query) == found


def test_a_team_can_be_chosen_among_ones_own_only(client: Client) -> None:
    organisation = factories.organisation()
    ours, theirs = factories.team(organisation, "Ours"), factories.team(name="Theirs")
    more = factories.team(organisation, "More")
    client.force_login(factories.member(organisation))
    made(ours, "First")
    made(more, "Second")
    made(theirs, "Hidden")
    assert titles(client, f"?team={more.pk}") == ["Second"]
    assert titles(client, f"?team={theirs.pk}") == ["Second", "First"]
    assert "Theirs" not in client.get(LIST).content.decode()


def test_tabs_count_what_the_other_choices_leave(reader: Client, team: Team) -> None:
    made(team, "One mesh")
    made(team, "Another mesh", status=Status.ACCEPTED)
    made(team, "Encrypt", status=Status.ACCEPTED)
    tabs = reader.get(LIST + "?q=mesh&status=draft").context["tabs"]
    assert [(tab.title, tab.count) for tab in tabs[:4]] == [("All", 2), ("Draft", 1), ("Proposed", 0), ("Accepted", 1)]
    assert [tab.address for tab in tabs if tab.title == "Accepted"] == ["?q=mesh&status=accepted"]
    assert [tab.title for tab in tabs if tab.chosen] == ["Draft"]


def test_what_was_chosen_is_in_the_form_again(reader: Client, team: Team) -> None:
    page = reader.get(f"{LIST}?q=<b>&team={team.pk}&approach=no-mesh&age=30&status=draft").content.decode()
    assert 'value="&lt;b&gt;"' in page
    for chosen in (f'value="{team.pk}" selected', 'value="no-mesh" selected', 'value="30" selected'):
        assert chosen in page
    assert '<input type="hidden" name="status" value="draft">' in page


def test_htmx_gets_the_list_alone_and_a_clean_address(reader: Client, team: Team) -> None:
    made(team, "One mesh")
    response = reader.get(f"{LIST}?q=mesh&team=&approach=&age=", headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page
    assert "One mesh" in page
    assert 'hx-swap-oob="true">1 decision</p>' in page
    assert response.headers["HX-Push-Url"] == f"{LIST}?q=mesh"
    assert "HX-Request" in response.headers["Vary"]
    whole = reader.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_pages_keep_what_was_chosen_and_stay_where_they_are(reader: Client, team: Team) -> None:
    for place in range(2 * ROWS + 2):
        made(team, f"Mesh {place}", days=place)
    made(team, "Encrypt")
    first = reader.get(f"{LIST}?q=mesh")
    assert len(first.context["rows"]) == ROWS
    assert first.context["newer"] == ""
    assert first.context["older"].startswith("?q=mesh&older=")
    made(team, "Mesh of this minute")  # what comes in meanwhile moves nothing from page to page
    second = reader.get(LIST + first.context["older"])
    assert [row.decision.title for row in second.context["rows"]] == [f"Mesh {n}" for n in range(ROWS, 2 * ROWS)]
    assert titles(reader, second.context["older"]) == [f"Mesh {2 * ROWS}", f"Mesh {2 * ROWS + 1}"]
    above = reader.get(LIST + second.context["newer"])
    assert [row.decision.title for row in above.context["rows"]] == [f"Mesh {n}" for n in range(ROWS)]
    assert titles(reader, above.context["newer"])[:2] == ["Mesh of this minute", "Mesh 0"]
    third = reader.get(LIST + second.context["older"]).context
    assert third["older"] == ""
    assert titles(reader, third["newer"]) == [f"Mesh {n}" for n in range(ROWS, 2 * ROWS)]


def test_rows_changed_in_the_same_instant_stand_on_one_page_each(reader: Client, team: Team) -> None:
    moment = timezone.now()
    for place in range(ROWS + 3):
        factories.decision(of=team, title=f"Mesh {place}", changed_at=moment)
    first = reader.get(LIST)
    seen = [row.decision.title for row in first.context["rows"]] + titles(reader, first.context["older"])
    assert sorted(seen) == sorted(f"Mesh {place}" for place in range(ROWS + 3))


@pytest.mark.parametrize(
    "query", ["?older=x", "?older=20261103T140200000000-", "?newer=99999999T000000000000-1", "?older=%00-1"]
)
def test_a_place_that_is_none_shows_the_first_page(reader: Client, team: Team, query: str) -> None:
    made(team, "One mesh")
    assert titles(reader, query) == ["One mesh"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    reader: Client, team: Team, rows: int, django_assert_num_queries
) -> None:
    for place in range(rows):
        made(team, f"Mesh {place}", author=factories.member(team), approach="no-mesh", confidence="low")
    with django_assert_num_queries(10):
        assert len(titles(reader, "?q=mesh")) == rows


@pytest.mark.database
def test_a_search_finds_the_same_whether_what_it_finds_is_named_or_asked_for_again(
    reader: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(4):
        made(team, f"Mesh {place}")
    made(team, "Encryption alone")
    few = titles(reader, "?q=mesh")
    monkeypatch.setattr(narrowing, "FEW", 2)
    assert titles(reader, "?q=mesh") == few
    assert len(few) == 4
    assert titles(reader, "?q=mesh&status=accepted") == []


@pytest.mark.parametrize(
    "query", ["product=kuma", "confidence=low&status=accepted", "outlook=different", "from=2026-01-01"]
)
def test_rows_that_do_not_match_are_passed_over_unread(reader: Client, team: Team, query: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read as SQLite writes it")
    made(team, "One mesh")
    with CaptureQueriesContext(connection) as seen:
        titles(reader, f"?{query}")
    asked = [one["sql"] for one in seen.captured_queries if f"LIMIT {ROWS + 1}" in one["sql"] or "UNION" in one["sql"]]
    assert len(asked) == 2
    for sql in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"))
            steps = [str(row[-1]) for row in cursor.fetchall() if "decisions_decision" in str(row[-1])]
        counts = "UNION" in sql
        assert all("COVERING INDEX" in step if counts else "USING INDEX decision_" in step for step in steps)
        assert counts or steps[0].split("INDEX ")[1].split()[0] in {"decision_listed", "decision_recent"}


@pytest.mark.parametrize(
    ("role", "said"), [(Role.AUTHOR, "Start a decision"), (Role.VIEWER, "Nobody in your teams has started one yet")]
)
def test_an_empty_list_says_what_to_do_next(client: Client, team: Team, role: Role, said: str) -> None:
    client.force_login(factories.member(team, role))
    page = client.get(LIST).content.decode()
    assert said in page
    assert ("No decision yet" in page) == (role is Role.AUTHOR)


def test_a_search_without_result_offers_the_way_back(reader: Client, team: Team) -> None:
    made(team, "One mesh")
    page = reader.get(f"{LIST}?q=zzz").content.decode()
    assert "Nothing fits “zzz”" in page
    assert "Show all decisions" in page


def test_somebody_without_a_team_is_told_so(client: Client) -> None:
    client.force_login(factories.stranger())
    assert "not a member of any team" in client.get(LIST).content.decode()


def test_teams_of_several_organisations_are_told_apart(client: Client) -> None:
    root = factories.stranger()
    root.is_superuser = True
    root.save()
    client.force_login(root)
    for name in ("North", "South"):
        made(factories.team(factories.organisation(name), "Platform"), "Same")
    page = client.get(LIST).content.decode()
    assert "Platform (North)" in page
    assert "Platform (South)" in page
    assert Organisation.objects.count() == 2


def test_an_overdue_review_is_said(reader: Client, team: Team) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    made(team, "Old", status=Status.ACCEPTED, review_on=yesterday)
    made(team, "Closed", status=Status.SUPERSEDED, review_on=yesterday)
    assert [row.review_overdue for row in reader.get(LIST).context["rows"]] == [False, True]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "Today"),
        (0, "Today"),
        (1, "Yesterday"),
        (2, "2 days ago"),
        (59, "59 days ago"),
        (60, "2 months ago"),
        (729, "24 months ago"),
        (730, "2 years ago"),
    ],
)
def test_age_in_words(days: int, words: str) -> None:
    assert age_in_words(days) == words
