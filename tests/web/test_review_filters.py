"""What the list is narrowed by, what is kept of it under a name, and what is taken away as a file."""

import csv
import datetime as dt
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from decisions.models import Decision, Need, Role, SavedFilter, Status, Team
from decisions.models.search import split, words_of
from decisions.views.listing import COUNTED, counted, number, teams_of, within
from tests import factories
from tests.web import dossier

pytestmark = pytest.mark.django_db
LIST = "/decisions/"


@pytest.fixture
def team() -> Team:
    return factories.team(name="Payments")


@pytest.fixture
def reader(client: Client, team: Team) -> Client:
    client.force_login(factories.member(team, Role.VIEWER, "Ute Reader"))
    return client


def titles(client: Client, query: str = "") -> set[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return {row.decision.title for row in response.context["rows"]}


def days(count: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=count)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?product=kuma", {"Old"}),
        ("?confidence=low", {"New"}),
        ("?review=overdue", {"Old"}),
        ("?review=soon", {"New"}),
        ("?outlook=different", {"Old"}),
        ("?outlook=affected", {"Old"}),
        ("?outlook=unjudged", {"New"}),
        ("?evidence=missing", {"Old"}),
        ("?evidence=complete", {"New"}),
        ("?requirement=encryption_between_nodes", {"New"}),
        ("?from=2026-02-01", {"New"}),
        ("?until=2026-01-31", {"Old"}),
        ("?from=2026-01-31&until=2026-01-31", {"Old"}),
        ("?from=nonsense&review=never&product=%00", {"Old", "New", "Draft"}),
    ],
)
def test_each_filter_narrows_the_list(reader: Client, team: Team, query: str, found: set[str]) -> None:
    def made(title: str, day: tuple[int, int], **fields: object) -> Decision:
        moment = dt.datetime(2026, *day, 23, 30, tzinfo=dt.UTC)
        values = {"status": Status.ACCEPTED, "revision": 1, "decided_at": moment}
        return factories.decision(of=team, title=title, **(values | fields))

    outlook = {"outlook": "different", "musts_without_evidence": 2}
    made("Old", (1, 31), product="kuma", confidence="high", review_on=days(-1), **outlook)
    new = made("New", (2, 1), confidence="low", review_on=days(30))
    Need.objects.create(decision=new, requirement="encryption_between_nodes", must=True)
    Need.objects.create(decision=Decision.objects.get(title="Old"), requirement="encryption_between_nodes", must=False)
    factories.decision(of=team, title="Draft")
    assert titles(reader, query) == found


def test_products_near_the_end_of_their_support_are_found(
    reader: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.decision(of=team, title="Kuma", product="kuma", status=Status.ACCEPTED)
    for today, found in ((dt.date(2027, 3, 13), set()), (dt.date(2027, 3, 14), {"Kuma"})):  # supported until 12 June
        monkeypatch.setattr(timezone, "localdate", lambda today=today: today)
        assert titles(reader, "?support=ending&product=kuma") == found


def test_a_submitted_decision_is_found_by_what_it_needs_and_what_was_written(
    reader: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier.without_pages(monkeypatch)
    decision = dossier.draft(team, "Identity")
    dossier.answer(
        decision,
        {
            "comments.baseline.pods": "Größe geschätzt by Zoë",
            "requirements.encryption_between_nodes.need": "must",
            "requirements.encryption_between_nodes.evidence.kind": "person",
            "requirements.encryption_between_nodes.evidence.who": "Chief Éclair",
        },
    )
    assert titles(reader, "?q=zoe+GROSSE") == {"Identity"}
    assert titles(reader, "?q=eclair+falk") == {"Identity"}
    assert titles(reader, "?q=clair") == set()  # words are found by their beginnings
    assert titles(reader, "?requirement=workload_identity") == {"Identity"}  # a draft is found too
    assert titles(reader, "?requirement=encryption_between_nodes") == set()
    dossier.issue.propose(decision, decision.author, factories.NOW)
    assert titles(reader, "?requirement=workload_identity") == {"Identity"}
    assert titles(reader, "?requirement=encryption_between_nodes") == set()  # somebody asked: it counts as nice to have
    assert titles(reader, "?evidence=missing") == set()  # so nothing is asked of its evidence any more


def test_only_a_must_have_kept_without_evidence_asks_for_it(
    reader: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier.without_pages(monkeypatch)
    asked = {
        "requirements.encryption_between_nodes.need": "must",
        "requirements.encryption_between_nodes.evidence.kind": "person",
        "requirements.encryption_between_nodes.evidence.who": "The board",
    }
    for title, more in (
        ("Settled", {}),
        ("Kept", {"requirements.encryption_between_nodes.override": "The board insists."}),
    ):
        decision = dossier.draft(team, title)
        dossier.answer(decision, asked | more)
        dossier.issue.propose(decision, decision.author, factories.NOW)
    assert titles(reader, "?evidence=missing") == {"Kept"}
    assert titles(reader, "?evidence=complete") == {"Settled"}


@pytest.mark.parametrize("q", ['"', "'", "NEAR(", "a AND (", "*", "x:y", "&|!", "\\", "%", "-", "\x00", "nothing'; --"])
def test_no_sign_in_a_search_is_an_operator(reader: Client, team: Team, q: str) -> None:
    factories.decision(of=team, title="One mesh")
    response = reader.get(LIST, {"q": q})
    assert response.status_code == 200
    assert not response.context["rows"] or not split(q)


def test_words_follow_the_decision(reader: Client, team: Team) -> None:
    decision = factories.decision(of=team, title="Old title")
    Decision.objects.filter(pk=decision.pk).update(words="entirely new")
    assert titles(reader, "?q=old") == set()
    assert titles(reader, "?q=entirely") == {"Old title"}
    decision.delete()
    assert titles(reader, "?q=entirely") == set()


def test_a_word_is_kept_once_and_signs_are_none() -> None:
    decision = factories.decision(title="Mesh mesh MESH ﬁne_print 3.5")
    words = words_of(decision).split()
    assert words.count("mesh") == 1
    assert {"fine", "print", "3", "5", "dr", "0001"} <= set(words)


def test_lists_hold_what_the_rules_of_access_say_and_nothing_else() -> None:
    ours, theirs = factories.organisation(), factories.organisation()
    teams = [factories.team(ours), factories.team(ours), factories.team(theirs)]
    for team in teams:
        factories.decision(of=team)
    root = factories.stranger()
    root.is_superuser = True
    users = [
        factories.member(ours, Role.VIEWER),
        factories.member(teams[0]),
        factories.member(teams[0], Role.ADMINISTRATOR),
        factories.stranger(),
        root,
    ]
    both = factories.member(teams[0])
    dossier.Membership.objects.create(user=both, organisation=theirs, role=Role.VIEWER)
    for user in [*users, both]:
        found = set(within(user, teams_of(user)).values_list("pk", flat=True))
        assert found == set(Decision.objects.of(user).values_list("pk", flat=True))


def test_counting_stops_where_nobody_reads_on(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        factories.decision(of=team)
    monkeypatch.setattr("decisions.views.listing.COUNTED", 2)
    assert counted(Decision.objects.all()) == {"draft": 3}
    assert number(3) == "2+"
    assert number(2) == "2"
    assert counted(Decision.objects.none()) == {}
    assert COUNTED == 1000


def test_filters_are_saved_under_a_name_for_oneself_alone(reader: Client, client: Client) -> None:
    saved = {"name": "Overdue", "query": "review=overdue&junk=1&product=zzz"}
    response = reader.post(f"{LIST}filters/", saved, follow=True)
    assert response.redirect_chain == [("/decisions/?review=overdue", 302)]
    assert '<a href="?review=overdue" aria-current="true">Overdue</a>' in response.content.decode()
    reader.post(f"{LIST}filters/", {"name": "Overdue", "query": "review=soon"})
    kept = SavedFilter.objects.get()
    assert kept.query == "review=soon"
    client.force_login(factories.member(factories.team()))
    assert "Overdue</a>" not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}filters/{kept.pk}/delete/").status_code == 404
    client.force_login(kept.user)
    gone = client.post(f"{LIST}filters/{kept.pk}/delete/", follow=True)
    assert gone.redirect_chain == [("/decisions/?review=soon", 302)], "what it chose stays, so it can be saved again"
    assert "save it again to undo" in gone.content.decode()
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "query": "review=soon"}, "give the filter a name"),
        ({"name": "x" * 61, "query": "review=soon"}, "at most 60 characters"),
        ({"name": "All", "query": "nothing=1"}, "choose a filter first"),
    ],
)
def test_a_filter_that_cannot_be_saved_says_why(reader: Client, given: dict[str, str], said: str) -> None:
    assert said in reader.post(f"{LIST}filters/", given, follow=True).content.decode()
    assert not SavedFilter.objects.exists()


def test_the_list_is_taken_away_as_csv_with_nothing_to_run_in_it(reader: Client, team: Team) -> None:
    factories.decision(of=team, title='=HYPERLINK("http://x")', approach="no-mesh")
    factories.decision(of=team, title="Other")
    factories.decision(title="Hidden")
    response = reader.get(f"{LIST}export/csv/?q=hyperlink")
    assert response.streaming
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [(row["title"], row["approach"], row["team"]) for row in rows] == [
        ('\'=HYPERLINK("http://x")', "no-mesh", "Payments")
    ]


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_the_list_is_taken_away_as_json_however_long(
    reader: Client, team: Team, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("decisions.views.exports.AT_ONCE", 2)
    for place in range(rows):
        factories.decision(of=team, title=f"Mesh {place}")
    factories.decision(title="Hidden")
    response = reader.get(f"{LIST}export/json/")
    assert [one["title"] for one in json.loads(response.getvalue())] == [f"Mesh {n}" for n in reversed(range(rows))]
    assert reader.get(f"{LIST}export/xml/").status_code == 404


def test_every_guard_of_the_database_stands_after_all_migrations() -> None:
    from decisions.models.guards import ACTS, append_only_tables, put_up

    put_up(connection)  # again, without harm
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {name.lower() for (name,) in cursor.fetchall()}
    tables = append_only_tables()
    assert {"decisions_event", "decisions_record", "decisions_reassessment"} <= set(tables)
    assert {f"{table}_no_{act}".lower() for table in tables for act in ACTS} <= names
    if connection.vendor == "sqlite":
        assert {f"decisions_search_{act}" for act in ("insert", "update", "delete")} <= names


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL never rebuilds a table")
def test_guards_that_a_rebuilt_table_lost_are_put_up_again(reader: Client, team: Team) -> None:
    from decisions.models.guards import put_up

    with connection.cursor() as cursor:
        for trigger in ("decisions_event_no_update", "decisions_search_insert"):
            cursor.execute(f"DROP TRIGGER {trigger}")
        factories.decision(of=team, title="Unnoticed")
        assert titles(reader, "?q=unnoticed") == set()
        put_up(connection)
        cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'decisions_event_no_update'")
        assert cursor.fetchone() == (1,)
    assert titles(reader, "?q=unnoticed") == {"Unnoticed"}
