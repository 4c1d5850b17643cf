"""A stage checked on the page: shown first, then kept as a sealed addendum that never rewrites the record."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from decisions import issue
from decisions.audit import audit
from decisions.models import Decision, Event, KeptError, LogEntry, Outcome, Role
from decisions.signing.addendum import AddendumError, open_addendum
from tests import factories
from tests.factories import NOW
from tests.web import dossier
from tests.web.test_measured import keep, wrk

pytestmark = pytest.mark.django_db

ROOM_MS = 6
"""What may be added at p99 in these decisions."""
REQUESTS, SECONDS = 14_400_000, 36_000.0
"""Ten hours: of a summary without single requests, a second counts as one request."""


@pytest.fixture(autouse=True)
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


def decided(client: Client, **more: object) -> Decision:
    """An accepted decision that argues from a load test with a p99 of 30 ms at 400 requests a second."""
    decision = dossier.draft()
    dossier.answer(decision, {"budget.p99_ms": ROOM_MS} | more)
    client.force_login(decision.author)
    keep(client, decision, ("before.txt", wrk(p99=30.0, requests=REQUESTS, seconds=SECONDS)))
    issue.propose(decision, decision.author, NOW)
    issue.approve(decision, dossier.approver(decision), NOW)
    return decision


@pytest.fixture
def decision(client: Client) -> Decision:
    return decided(client)


def check(client: Client, decision: Decision, *files: tuple[str, bytes], stage: str = "0", **more: str):
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    form = {"act": "check", "stage": stage, "files": uploads} | more
    return client.post(decision.address("pilot"), form)


def pilot(p99: float, failed: int = 0, requests: int = REQUESTS) -> tuple[str, bytes]:
    return "after.txt", wrk(p99=p99, requests=requests, seconds=SECONDS, failed=failed)


def keep_check(client: Client, decision: Decision, response, **more: str):
    form = {"act": "keep", "token": response.context["token"], "agreed": "on"} | more
    return client.post(decision.address("pilot"), form)


@pytest.mark.parametrize(
    ("p99", "failed", "verdict"),
    [(30.5, 0, "Go on"), (36.0, 0, "Hold"), (60.0, 0, "Go back"), (30.5, 144_000, "Go back")],
)
def test_the_verdict_follows_the_limit_of_the_record(
    client: Client, decision: Decision, p99: float, failed: int, verdict: str
) -> None:
    page = check(client, decision, pilot(p99, failed))
    assert page.context["shown"].verdict == verdict
    assert f'<h2 id="verdict-h">{verdict}</h2>' in page.content.decode()
    assert not Outcome.objects.exists()


def test_pods_may_be_typed_with_a_mark_between_thousands(client: Client, decision: Decision) -> None:
    page = check(client, decision, pilot(30.5), covered="1,200")
    assert page.context["shown"].verdict == "Go on"
    refused = check(client, decision, pilot(30.5), covered="about forty")
    assert "a whole number" in refused.content.decode()


def test_a_kept_check_stands_at_its_stage_in_the_history_and_waits_when_it_stops_the_roll_out(
    client: Client, decision: Decision
) -> None:
    assert not client.get(reverse("waiting")).context["checks"]
    keep_check(client, decision, check(client, decision, pilot(60.0)))
    plan = client.get(decision.address("plan"))
    first, *_ = plan.context["lines"]
    assert [one.verdict for one in first.checks] == ["go back"]
    assert "checked stage 0: go back" in client.get(decision.get_absolute_url()).content.decode()
    (waits,) = client.get(reverse("waiting")).context["checks"]
    assert (waits.number, waits.stage) == (1, 0)
    keep_check(client, decision, check(client, decision, pilot(30.5)))
    assert not client.get(reverse("waiting")).context["checks"]


def test_a_minute_that_is_summed_up_is_held_and_the_page_says_what_to_measure(
    client: Client, decision: Decision
) -> None:
    shown = check(client, decision, ("after.txt", wrk(p99=30.5, requests=24000, seconds=60.0))).context["shown"]
    assert shown.verdict == "Hold"
    assert "cannot carry a verdict" in shown.reasons[0]
    assert "every request" in shown.reasons[0]


def test_baseline_projection_and_pilot_stand_side_by_side(client: Client, decision: Decision) -> None:
    shown = check(client, decision, pilot(33.0)).context["shown"]
    row = next(one for one in shown.rows if one.title == "p99")
    assert (row.before, row.after) == ("30 ms", "33 ms")
    assert row.before_span.endswith("ms")
    assert row.added.startswith("+3 ms (")
    record = json.loads(bytes(decision.newest_record().canonical))
    overhead = record["recommendation"]["ranking"][0]["overhead"]["p99_ms"]
    projected = next(one for one in shown.document["judgement"]["comparisons"] if one["title"] == "p99")["projected"]
    assert projected["low"] == pytest.approx(30 + overhead["low"], rel=1e-4)
    assert projected["high"] == pytest.approx(30 + overhead["high"], rel=1e-4)
    mark = next(one for one in shown.marks if one.title == "p99")
    assert mark.told
    assert mark.inside == (overhead["low"] <= 3 <= overhead["high"])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (wrk(p99=31, requests=48000, seconds=60.0), "The rates differ"),
        (wrk(p99=31, requests=3200, seconds=8.0), "below 10 s"),
        (wrk(p99=31, requests=24000, seconds=60.0, failed=2400), "failed requests"),
    ],
)
def test_what_cannot_be_compared_is_said_and_not_judged(
    client: Client, decision: Decision, data: bytes, why: str
) -> None:
    shown = check(client, decision, ("after.txt", data)).context["shown"]
    assert shown.verdict == "Not comparable"
    assert any(why in one for one in shown.reasons)
    assert not shown.marks


def test_an_outcome_is_kept_as_a_sealed_addendum_and_the_record_stays(client: Client, decision: Decision) -> None:
    record = decision.newest_record()
    before = bytes(record.canonical)
    response = keep_check(client, decision, check(client, decision, pilot(31.0)))
    kept = Outcome.objects.get()
    assert response.url == reverse("outcome", args=[kept.pk])
    record.refresh_from_db()
    assert bytes(record.canonical) == before
    document = json.loads(bytes(kept.canonical))
    assert document["about"]["record_sha256"] == record.digest
    assert document["kept"]["by"] == decision.author.name
    assert (document["about"]["check"], kept.number, kept.verdict) == (1, 1, "go on")
    assert Event.objects.filter(act="checked", decision=decision).count() == 1
    assert json.loads(bytes(LogEntry.objects.get(act="checked").content))["outcome_sha256"] == kept.digest
    page = client.get(response.url).content.decode()
    assert "Go on" in page
    assert kept.digest in page
    again = keep_check(client, decision, check(client, decision, pilot(60.0)))
    assert Outcome.objects.get(number=2).verdict == "go back"
    assert "2" in again.url or again.status_code == 302
    assert audit().holds


def test_the_container_opens_for_whoever_trusts_the_instance_and_shows_every_change(
    client: Client, decision: Decision
) -> None:
    keep_check(client, decision, check(client, decision, pilot(31.0)))
    kept = Outcome.objects.get()
    sealed = client.get(reverse("addendum", args=[kept.pk, "p7m"])).content
    trust, now = [issue.instance_seal().authority], dt.datetime.now(dt.UTC)
    assert open_addendum(sealed, trust, now) == bytes(kept.canonical)
    assert client.get(reverse("addendum", args=[kept.pk, "json"])).content == bytes(kept.canonical)
    assert client.get(reverse("addendum", args=[kept.pk, "exe"])).status_code == 404
    at = sealed.index(b"meshadvisor-outcome")
    changed = sealed[:at] + b"M" + sealed[at + 1 :]
    with pytest.raises(AddendumError, match="changed"):
        open_addendum(changed, trust, now)
    with pytest.raises(AddendumError, match="trust"):
        open_addendum(sealed, [], now)


def test_nothing_is_kept_without_agreement_or_from_a_changed_token(client: Client, decision: Decision) -> None:
    shown = check(client, decision, pilot(31.0))
    token = shown.context["token"]
    unticked = client.post(decision.address("pilot"), {"act": "keep", "token": token})
    assert unticked.status_code == 422
    assert "Tick the statement" in unticked.content.decode()
    other = decided(client)
    for bad, where in ((token[:-3] + "abc", decision), (token, other)):
        client.force_login(where.author)
        refused = client.post(where.address("pilot"), {"act": "keep", "token": bad, "agreed": "on"})
        assert refused.status_code == 422
    assert not Outcome.objects.exists()


def test_the_database_refuses_to_change_an_outcome(client: Client, decision: Decision) -> None:
    keep_check(client, decision, check(client, decision, pilot(31.0)))
    kept = Outcome.objects.get()
    with pytest.raises(KeptError):
        kept.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE decisions_outcome SET verdict = 'go on'")


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"stage": "0"}, "Choose the files"),
        ({"stage": "99", "pasted": wrk().decode()}, "Say which stage"),
        ({"stage": "0", "pasted": wrk().decode(), "covered": "many"}, "whole number"),
        ({"stage": "0", "pasted": "holiday"}, "pasted text"),
    ],
)
def test_a_check_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    client: Client, decision: Decision, form: dict[str, str], why: str
) -> None:
    response = client.post(decision.address("pilot"), {"act": "check"} | form)
    page = response.content.decode()
    assert response.status_code == 422
    assert why in page
    assert form.get("covered", "") in page


def test_two_load_tests_at_once_are_not_guessed_between(client: Client, decision: Decision) -> None:
    page = check(client, decision, pilot(31.0), ("other.txt", wrk(p99=33)))
    assert page.status_code == 422
    assert "2 load tests" in page.content.decode()


def test_without_a_load_test_in_the_baseline_there_is_nothing_to_compare(client: Client) -> None:
    decision = dossier.accepted()
    client.force_login(decision.author)
    page = check(client, decision, pilot(31.0))
    assert page.status_code == 422
    assert "no load test and no window of a Prometheus in its baseline" in page.content.decode()


def test_readers_see_checks_but_make_none_and_strangers_find_nothing(client: Client, decision: Decision) -> None:
    keep_check(client, decision, check(client, decision, pilot(31.0)))
    kept = Outcome.objects.get()
    reader = Client()
    reader.force_login(factories.member(decision.team, Role.VIEWER))
    assert 'name="files"' not in reader.get(decision.address("pilot")).content.decode()
    assert check(reader, decision, pilot(31.0)).status_code == 403
    assert reader.get(reverse("outcome", args=[kept.pk])).status_code == 200
    stranger = Client()
    stranger.force_login(factories.decision().author)
    assert stranger.get(decision.address("pilot")).status_code == 404
    assert stranger.get(reverse("outcome", args=[kept.pk])).status_code == 404
    assert stranger.get(reverse("addendum", args=[kept.pk, "p7m"])).status_code == 404
    assert not stranger.get(reverse("calibration")).context["total"]


def test_predicted_against_measured_counts_what_lies_in_the_range(
    client: Client, decision: Decision, django_assert_num_queries
) -> None:
    assert "Nothing checked yet" in client.get(reverse("calibration")).content.decode()
    for p99 in (31.0, 60.0, 33.0):
        keep_check(client, decision, check(client, decision, pilot(p99)))
    with django_assert_num_queries(3):
        response = client.get(reverse("calibration"))
    group = next(one for one in response.context["groups"] if one.title == "p99")
    record = json.loads(bytes(decision.newest_record().canonical))
    overhead = record["recommendation"]["ranking"][0]["overhead"]["p99_ms"]
    held = sum(overhead["low"] <= added <= overhead["high"] for added in (1, 30, 3))
    assert (group.held, group.of) == (held, 3)
    assert f"{response.context['held']} of {response.context['total']}" in response.content.decode()


def test_a_measurement_coarser_than_the_projection_is_shown_and_not_counted(client: Client, decision: Decision) -> None:
    after = ("after.txt", wrk(p99=30.5, requests=24000, seconds=60.0))
    response = check(client, decision, after)
    mark = next(one for one in response.context["shown"].marks if one.title == "p99")
    assert (mark.standing, mark.told, mark.inside) == ("measured too coarsely to tell", False, False)
    keep_check(client, decision, response)
    response = client.get(reverse("calibration"))
    group = next(one for one in response.context["groups"] if one.title == "p99")
    assert (group.held, group.of, len(group.strips)) == (0, 0, 1)
    assert "measured too coarsely to tell" in response.content.decode()


def test_what_a_check_came_to_stands_on_the_page_of_the_decision(client: Client, decision: Decision) -> None:
    assert "<b>go back</b>" not in client.get(decision.get_absolute_url()).content.decode()
    keep_check(client, decision, check(client, decision, pilot(60.0)))
    page = client.get(decision.get_absolute_url()).content.decode()
    kept = Outcome.objects.get()
    assert f'<a href="{reverse("outcome", args=[kept.pk])}">Check 1, stage {kept.stage}</a>: <b>go back</b>' in page


def test_cpu_and_memory_are_judged_once_the_covered_pods_are_known(client: Client) -> None:
    decision = decided(client)
    keep_top = kubectl_top(cpu="900m")
    response = check(client, decision, pilot(31.0), ("top.txt", keep_top), covered="40")
    titles = [one.title for one in response.context["shown"].rows]
    assert "p99" in titles
    assert response.context["shown"].document["stage"]["share"] == pytest.approx(0.1)  # 40 of 400 pods


def kubectl_top(cpu: str) -> bytes:
    return f"NAMESPACE   NAME    CPU(cores)   MEMORY(bytes)\nshop   web-1   {cpu}   512Mi\n".encode()
