"""A stage is checked by asking the Prometheus of the baseline about the window in which the stage runs."""

import html
import json
from collections.abc import Callable
from ipaddress import ip_network

import pytest
from django.test import Client

from decisions import issue
from decisions.models import Collection, Connection, Decision, Role
from tests import factories
from tests.factories import NOW
from tests.outbound.servers import Handler, serving
from tests.web import dossier

pytestmark = pytest.mark.django_db

NAMES = ["http_requests_total", "http_request_duration_seconds_bucket"]
BOUNDS = ("0.005", "0.01", "0.025", "0.05", "0.1", "0.25")
BEFORE = {
    "peak_rps": 400.0,
    "error_ratio": 0.0,
    "p50_ms": 11.3,
    "p90_ms": 17.7,
    "p95_ms": 21.9,
    "p99_ms": 33.1,
    "p99_9_ms": 61.3,
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    dossier.without_pages(monkeypatch)
    settings.OUTBOUND_ALLOWED = [ip_network("127.0.0.0/8")]


def telling(figures: dict[str, float], *, bounds: bool = False) -> Callable[[Handler], None]:
    """A Prometheus that answers these figures, and nothing else."""

    def answer(handler: Handler) -> None:
        if "/label/" in handler.path:
            handler.say(200, json.dumps({"status": "success", "data": NAMES}).encode())
            return
        figure = handler.body.decode().rpartition("%22%2C+%22%22%2C+%22%22%29")[0].rpartition("%22")[2]
        if figure == "bounds_s" and bounds:
            series = [
                {"metric": {"meshadvisor": figure, "le": one}, "values": [[1_795_000_000, "1"]]} for one in BOUNDS
            ]
        elif figure in figures:
            points = [[1_795_000_000 + 60 * place, str(figures[figure])] for place in range(3)]
            series = [{"metric": {"meshadvisor": figure}, "values": points}]
        else:
            series = []
        document = {"status": "success", "data": {"resultType": "matrix", "result": series}}
        handler.say(200, json.dumps(document).encode())

    return answer


class Told:
    """What the server answers at the moment."""

    def __init__(self) -> None:
        self.answer = telling(BEFORE)

    def __call__(self, handler: Handler) -> None:
        self.answer(handler)


def decided(client: Client, address: str) -> Decision:
    """An accepted decision that argues from a window of a Prometheus."""
    decision = dossier.draft()
    dossier.answer(decision, {"budget.p99_ms": 6})
    client.force_login(decision.author)
    client.post(decision.address("prometheus"), {"act": "add", "method": "none", "address": address})
    window = {"connection": Connection.objects.get().pk, "hours": "24", "source": "generic"}
    client.post(decision.address("prometheus"), {"act": "run", **window})
    client.post(decision.address("prometheus"), {"act": "keep", "run": Collection.objects.get().pk})
    decision.refresh_from_db()
    issue.propose(decision, decision.author, NOW)
    issue.approve(decision, dossier.approver(decision), NOW)
    return decision


def checked(client: Client, decision: Decision):
    """Ask about the stage, and check it with the answer."""
    window = {"connection": Connection.objects.get().pk, "hours": "24", "source": "generic"}
    asked = client.post(decision.address("pilot"), {"act": "ask", **window})
    assert asked.url.endswith("#run")
    page = client.get(decision.address("pilot")).content.decode()
    run = Collection.objects.get()
    assert f'value="run-{run.pk}" selected' in page
    return client.post(decision.address("pilot"), {"act": "check", "stage": "0", "after": f"run-{run.pk}"})


@pytest.mark.parametrize(
    ("change", "verdict", "why"),
    [
        ({}, "Go on", "within that"),
        ({"p90_ms": 33.0, "p95_ms": 41.0, "p99_ms": 66.1, "p99_9_ms": 120.7}, "Go back", "above that"),
        ({"error_ratio": 0.04}, "Go back", "Failed requests"),
        ({"peak_rps": 200.0}, "Not comparable", "The rates differ"),
    ],
)
def test_the_window_of_the_stage_is_judged_against_that_of_the_baseline(
    client: Client, change: dict[str, float], verdict: str, why: str
) -> None:
    told = Told()
    with serving(told) as address:
        decision = decided(client, address)
        told.answer = telling(BEFORE | change)
        shown = checked(client, decision).context["shown"]
    assert shown.verdict == verdict
    assert why in " ".join(shown.reasons)
    run = shown.document["after"][0]["run"]
    assert run["requests"] == round(BEFORE["peak_rps"] * change.get("peak_rps", 400.0) / 400 * 86_400)


def test_what_lies_in_one_bucket_is_no_difference(client: Client) -> None:
    told = Told()
    with serving(told) as address:
        told.answer = telling(BEFORE, bounds=True)
        decision = decided(client, address)
        # 33 and 46 ms both lie between 25 and 50 ms: a histogram with these bounds cannot tell them apart.
        told.answer = telling(BEFORE | {"p90_ms": 24.0, "p95_ms": 30.0, "p99_ms": 46.0}, bounds=True)
        shown = checked(client, decision).context["shown"]
    assert shown.verdict == "Hold"
    row = next(one for one in shown.rows if one.title == "p99")
    assert "25" in row.before_span
    assert "50" in row.before_span


def test_an_outcome_from_a_window_is_kept_like_any_other(client: Client) -> None:
    with serving(Told()) as address:
        decision = decided(client, address)
        response = checked(client, decision)
    form = {"act": "keep", "token": response.context["token"], "agreed": "on"}
    page = client.post(decision.address("pilot"), form, follow=True)
    assert "Check 1" in html.unescape(page.content.decode())


def test_readers_ask_nothing_and_a_connection_that_is_gone_is_said(client: Client) -> None:
    with serving(Told()) as address:
        decision = decided(client, address)
    window = {"act": "ask", "connection": "0", "hours": "24", "source": "generic"}
    page = client.post(decision.address("pilot"), window)
    assert page.status_code == 422
    assert "not there any more" in page.content.decode()
    client.force_login(factories.member(decision.team, Role.VIEWER))
    assert client.post(decision.address("pilot"), window).status_code == 403
    assert 'value="ask"' not in client.get(decision.address("pilot")).content.decode()
