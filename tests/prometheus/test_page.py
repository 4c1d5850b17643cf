"""The page of connections: who reaches it, what it keeps, what it says, and a run that is followed and called off."""

import html
import json
from collections.abc import Callable

import pytest
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from decisions.models import Collection, Connection, Decision, Event, Measurement, Progress, Role
from decisions.outbound import Place
from decisions.prometheus import collecting
from decisions.prometheus.connection import Method, connect, server_of
from decisions.vault import unlock
from tests import factories
from tests.outbound.certificates import Authority
from tests.outbound.servers import Handler, serving
from tests.work import work

pytestmark = pytest.mark.django_db
SECRET = "hunter2-very-secret"
NAMES = ["http_requests_total", "http_request_duration_seconds_bucket"]


def answering(handler: Handler) -> None:
    """A Prometheus with one figure for everything."""
    if "/label/" in handler.path:
        handler.say(200, json.dumps({"status": "success", "data": NAMES}).encode())
        return
    figure = handler.body.decode().rpartition("%22%2C+%22%22%2C+%22%22%29")[0].rpartition("%22")[2]
    value = "0" if figure == "resets" else "7.25"
    series = {"metric": {"meshadvisor": figure}, "values": [[1_795_000_000 + 60 * n, value] for n in range(3)]}
    document = {"status": "success", "data": {"resultType": "matrix", "result": [series]}}
    handler.say(200, json.dumps(document).encode())


def add(client: Client, draft: Decision, address: str, method: str = "none", **fields: str):
    given = {"act": "add", "method": method, "address": address, **fields}
    return client.post(draft.address("prometheus"), given, follow=True)


def shown(response) -> str:
    return html.unescape(response.content.decode())


def ask(client: Client, draft: Decision, **fields: str):
    given = {"act": "run", "connection": Connection.objects.get().pk, "hours": "24", "source": "generic"}
    return client.post(draft.address("prometheus"), given | fields, follow=True)


def everything_kept() -> str:
    rows = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows.append(str(cursor.fetchall()))
    return "".join(rows)


@pytest.mark.one_database
def test_authors_of_the_team_reach_the_page_and_nobody_else(client: Client, draft: Decision) -> None:
    page = draft.address("prometheus")
    people = {
        302: [None],
        404: [factories.stranger(), factories.decision().author],
        403: [factories.member(draft.team, Role.VIEWER)],
        200: [draft.author, factories.member(draft.team, Role.APPROVER)],
    }
    for status, users in people.items():
        for user in users:
            client.logout()
            if user:
                client.force_login(user)
            assert client.get(page).status_code == status
            assert (client.post(page, {"act": "add"}).status_code != 200) or status == 200
    assert not Connection.objects.exists()


def test_connections_and_runs_are_seen_by_the_team_alone(author: Client, draft: Decision) -> None:
    with serving(answering) as address:
        add(author, draft, address)
        ask(author, draft)
    for model in (Connection, Collection):
        assert model.objects.of(draft.author).count() == 1
        assert not model.objects.of(factories.decision().author).exists()
        assert not model.objects.of(factories.stranger()).exists()


def test_a_connection_of_another_system_is_out_of_reach(author: Client, draft: Decision) -> None:
    other = factories.decision()
    with serving(answering) as address:
        place = Place.of(address)
        theirs = connect(
            other.system, other.author, timezone.now(), place=place, method=Method.NONE, tenant="", secret={}
        )
    for act in ("test", "remove", "run"):
        assert author.post(draft.address("prometheus"), {"act": act, "connection": theirs.pk}).status_code == 404
    assert Connection.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("basic", {"username": "ann", "password": SECRET}),
        ("bearer", {"token": SECRET}),
        ("sigv4", {"access_key": "AKIDEXAMPLE", "secret_key": SECRET, "region": "eu-west-1", "session_token": SECRET}),
    ],
)
def test_credentials_are_sent_and_kept_but_never_shown_or_readable(
    author: Client, draft: Decision, method: str, fields: dict[str, str]
) -> None:
    seen: list[str] = []

    def answer(handler: Handler) -> None:
        seen.append(handler.headers["Authorization"] or "")
        answering(handler)

    with serving(answer) as address:
        response = add(author, draft, address, method, tenant="shop", **fields)
    link = Connection.objects.get()
    assert seen
    assert all(seen)
    assert SECRET in unlock(link.address, link.locked).values()
    assert SECRET not in everything_kept()
    assert SECRET not in shown(response)
    assert SECRET not in shown(author.get(draft.address("prometheus")))
    assert SECRET not in repr(server_of(link))


def test_a_client_certificate_is_kept_like_a_password(author: Client, draft: Decision) -> None:
    authority = Authority()
    certificate, key = authority.issue("client")
    add(author, draft, "https://127.0.0.1:9", "mtls", certificate=certificate, key=key, authority=authority.pem)
    assert "PRIVATE KEY" not in everything_kept()
    response = add(author, draft, "https://127.0.0.1:9", "mtls", certificate=certificate, key=authority.issue("x")[1])
    assert "do not fit together" in shown(response)
    assert "PRIVATE KEY" not in shown(response)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"address": "prometheus:9090"}, "Begin with https://"),
        ({"address": "https://ann:pw@a.example.org"}, "Leave user name and password out"),
        ({"address": "http://a.example.org", "method": "mtls"}, "needs an address that begins with https://"),
        ({"address": "https://a.example.org", "tenant": "a\nX-Evil: b"}, "A tenant has letters"),
        ({"address": "https://a.example.org", "method": "bearer", "token": "a\r\nX-Evil: b"}, "spaces, line ends"),
        ({"address": "https://a.example.org", "authority": "-----BEGIN nothing"}, "no certificate that can be read"),
        ({"address": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_a_connection_is_said_and_what_was_typed_stays(
    author: Client, draft: Decision, fields: dict[str, str], sentence: str
) -> None:
    response = add(author, draft, **({"method": "none", "tenant": "kept-tenant"} | fields))
    assert response.status_code == 422
    assert sentence in shown(response)
    assert fields.get("tenant", "kept-tenant") in shown(response)
    assert not Connection.objects.exists()


def test_loopback_is_not_connected_to_unless_an_administrator_allows_it(
    author: Client, draft: Decision, settings
) -> None:
    settings.OUTBOUND_ALLOWED = []
    seen: list[str] = []
    with serving(lambda handler: seen.append(handler.path)) as address:
        for host in (address, address.replace("127.0.0.1", "localhost"), "http://169.254.169.254"):
            assert "leads to" in shown(add(author, draft, host))
    assert seen == []


LOGIN = b"<html><title>Sign in</title><form></form></html>"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda handler: handler.say(401, b"Unauthorized", "text/plain"), "does not accept these credentials (401)"),
        (lambda handler: handler.say(403, b"", "text/plain"), "may not ask here (403)"),
        (lambda handler: handler.say(404, b"404 page not found", "text/plain"), "Often a path is missing"),
        (lambda handler: handler.say(405, b"", "text/plain"), "neither POST nor GET"),
        (lambda handler: handler.say(200, LOGIN, "text/html; charset=utf-8"), "A web page came back"),
        (lambda handler: handler.say(503, b"<html>", "text/html"), "it is not there (503)"),
        (lambda handler: handler.say(302, Location="https://login.example.org/"), "redirects to https://login.example"),
        (lambda handler: handler.say(200, b'{"hello": 1}'), "Is it a Prometheus?"),
        (lambda handler: handler.say(200, b"hello", "text/plain"), "not from Prometheus"),
        (lambda handler: handler.say(200, b'{"status":"success","data":[]}'), "no request metrics"),
        (
            lambda handler: handler.say(503, b'{"status":"error","errorType":"timeout","error":"too slow"}'),
            "a shorter window may help",
        ),
    ],
)
def test_a_check_that_fails_says_what_to_change(
    author: Client, draft: Decision, answer: Callable[[Handler], None], sentence: str
) -> None:
    with serving(answer) as address:
        text = shown(add(author, draft, address))
    assert sentence in text
    assert Connection.objects.get().problem in text


def test_where_a_proxy_lets_only_get_through_the_question_goes_in_the_address() -> None:
    from decisions.prometheus.server import Server

    def answer(handler: Handler) -> None:
        handler.say(405) if handler.command == "POST" else handler.say(200, b'{"status":"success","data":{}}')

    with serving(answer) as address:
        now = timezone.now()
        assert Server(place=Place.of(address)).values("up", now, now, 15) == b'{"status":"success","data":{}}'


def test_figures_are_shown_and_kept_only_when_a_person_says_so(author: Client, draft: Decision) -> None:
    with serving(answering) as address:
        add(author, draft, address)
        text = shown(ask(author, draft))
    assert "7.25 ms" in text
    assert not Measurement.objects.exists()
    run = Collection.objects.get()
    given = {"act": "keep", "run": run.pk, "use": ["baseline.p50_ms", "context.scope"]}
    for _ in range(2):
        author.post(draft.address("prometheus"), given)
    draft.refresh_from_db()
    assert draft.case["baseline"] == {"p50_ms": 7.25}
    assert Measurement.objects.count() == 1
    assert Event.objects.filter(act="measured").count() == 1


@pytest.mark.parametrize(("failing", "status"), [(2, Progress.DONE), (3, Progress.FAILED)])
def test_questions_without_an_answer_are_named_and_three_in_a_row_end_the_run(
    author: Client, draft: Decision, failing: int, status: Progress
) -> None:
    asked: list[int] = []

    def answer(handler: Handler) -> None:
        asked.append(1)
        if "/label/" in handler.path or len(asked) > failing + 1:
            answering(handler)
        else:
            handler.say(422, b'{"status":"error","errorType":"execution","error":"too many samples"}')

    with serving(answer) as address:
        add(author, draft, address)
        text = shown(ask(author, draft))
    run = Collection.objects.get()
    assert run.status == status
    assert "too many samples" in text
    if status == Progress.DONE:
        assert list(run.unanswered)[-2:] == ["peak_rps", "error_ratio"] or {"peak_rps", "error_ratio"} <= set(
            run.unanswered
        )


@pytest.fixture
def line(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs wait in the database for a worker, as in production."""
    settings.TASKS = {"default": settings.TASKS["line"]}
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


@pytest.mark.usefixtures("line")
def test_a_run_is_done_by_a_worker_and_followed_meanwhile(
    author: Client, draft: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = draft.address("prometheus")
    followed: list[str] = []

    with serving(answering) as address:
        add(author, draft, address)
        text = shown(ask(author, draft))
        assert "Waiting for its turn" in text
        assert "Call off" in text
        assert "A run is under way" in shown(ask(author, draft))
        key = Collection.objects.get().pk
        real = collecting.Server.values

        def values(*arguments: object) -> bytes:
            part = author.get(page, {"follow": key}, headers={"HX-Request": "true"}).content.decode()
            followed.append(part)
            return real(*arguments)

        monkeypatch.setattr(collecting.Server, "values", values)
        work()
    assert Collection.objects.get().status == Progress.DONE
    assert "2 of 21: Latency, p50" in followed[2]
    assert followed[2].lstrip().startswith("<section")
    assert 'hx-trigger="every 1s"' in followed[2]
    assert "hx-trigger" not in author.get(page, {"follow": key}, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.usefixtures("line")
def test_a_run_that_is_called_off_asks_no_more(
    author: Client, draft: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def values(*arguments: object) -> bytes:
        asked.append(str(arguments[1]))
        if len(asked) == 3:
            author.post(draft.address("prometheus"), {"act": "cancel", "run": Collection.objects.get().pk})
        return b'{"status":"success","data":{"resultType":"matrix","result":[]}}'

    with serving(answering) as address:
        add(author, draft, address)
        ask(author, draft)
    monkeypatch.setattr(collecting.Server, "values", values)
    work()
    run = Collection.objects.get()
    assert (len(asked), run.status, run.packed) == (3, Progress.CANCELLED, None)
    assert "Called off" in shown(author.get(draft.address("prometheus")))
    assert "What was found" not in shown(author.get(draft.address("prometheus")))


def test_a_run_whose_credentials_cannot_be_opened_any_more_says_so(author: Client, draft: Decision, settings) -> None:
    with serving(answering) as address:
        add(author, draft, address, "bearer", token=SECRET)
        settings.VAULT_KEYS = ["another key of more than 32 characters"]
        assert "encrypted with another key" in shown(ask(author, draft))
    assert Collection.objects.get().status == Progress.FAILED


def test_removing_a_connection_removes_its_credentials_and_its_runs(author: Client, draft: Decision) -> None:
    with serving(answering) as address:
        add(author, draft, address, "bearer", token=SECRET)
        ask(author, draft)
    author.post(draft.address("prometheus"), {"act": "remove", "connection": Connection.objects.get().pk})
    assert not Connection.objects.exists()
    assert not Collection.objects.exists()
    assert Event.objects.filter(act="disconnected").count() == 1


def test_the_commands_can_be_copied_instead(author: Client, draft: Decision) -> None:
    text = shown(author.get(draft.address("prometheus"), {"commands": "linkerd", "hours": "6"}))
    assert "curl -sS" in text
    assert "response_latency_ms_bucket" in text
    for odd in ({"commands": "nothing"}, {"commands": "linkerd", "hours": "x"}, {"method": "none2"}):
        assert author.get(draft.address("prometheus"), odd).status_code == 200


def test_the_number_of_queries_does_not_grow_with_connections(
    author: Client, draft: Decision, django_assert_num_queries
) -> None:
    for number in (1, 3):
        while draft.system.connections.count() < number:
            place = Place.of(f"https://p{draft.system.connections.count()}.example.org")
            connect(draft.system, draft.author, timezone.now(), place=place, method=Method.NONE, tenant="", secret={})
        with django_assert_num_queries(7):
            author.get(draft.address("prometheus"))
