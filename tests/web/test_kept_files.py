"""What was kept stays what it is: a PDF is never made again, and a record of an older rule of approval still holds."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from decisions import approval, bundle, issue, sealing
from decisions.models import Decision, Record
from decisions.rendering import html, markdown, pdf, text
from decisions.signing.verify import Verdict, check
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


def record_of(decision: Decision) -> Record:
    """Its newest record."""
    record = decision.newest_record()
    assert record is not None
    return record


def break_every_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing can be laid out or sealed."""

    def broken(*_given: object, **_named: object) -> None:
        message = "a kept file was made again"
        raise AssertionError(message)

    for module in (pdf, markdown, html, text):
        monkeypatch.setattr(module, "render", broken)
    monkeypatch.setattr(sealing, "make", broken)
    monkeypatch.setattr(sealing, "seal", broken)


def test_downloads_are_the_kept_bytes_with_every_renderer_broken(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier.with_short_pages(monkeypatch)
    decision = dossier.accepted()
    record = record_of(decision)
    kept = {one.kind: bytes(one.content) for one in record.renderings.filter(edition="accepted")}
    assert "pdf" in kept
    break_every_renderer(monkeypatch)
    client.force_login(decision.author)
    for kind, content in kept.items():
        first, second = (client.get(f"{decision.address('download', 1, kind)}?edition=accepted") for _ in range(2))
        assert first.content == second.content == content
        assert first.headers["ETag"] == second.headers["ETag"]


def test_a_second_download_costs_what_the_first_did_one_read_of_the_kept_row(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier.with_short_pages(monkeypatch)
    decision = dossier.accepted()
    client.force_login(decision.author)
    address = decision.address("download", 1, "pdf")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    reading = [one["sql"] for one in queries if '"decisions_rendering"."content"' in one["sql"]]
    assert len(reading) == 1
    assert not [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304


def test_a_record_that_its_author_alone_approved_under_an_older_rule_opens_and_verifies(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule is gone: nobody can be the only one any more. What was accepted under it stays accepted."""
    with monkeypatch.context() as older:
        older.setattr(approval, "outstanding", lambda *_: 0)
        older.setattr(approval, "why_not", lambda *_: "")
        older.setattr(issue, "outstanding", lambda *_: 0, raising=False)
        older.setattr(issue, "why_not", lambda *_: "", raising=False)
        decision = dossier.proposed()
        alone = dossier.member(decision.team, dossier.Role.APPROVER, decision.author.name)
        issue.approve(decision, alone, NOW)
    decision = Decision.objects.get(pk=decision.pk)
    record = record_of(decision)
    assert decision.status == "accepted"
    assert approval.approved_by(record) == [decision.author_id]
    client.force_login(decision.author)
    assert client.get(decision.get_absolute_url()).status_code == 200
    assert client.get(decision.address("revision", 1)).status_code == 200
    report = check(bytes(record.renderings.get(kind="pdf", edition="accepted").content), bundle.trust())
    assert report.verdict is Verdict.VALID, report.text()
    assert "Nadia Okafor (approval)" in next(one.said for one in report.layers if one.name == "approvals")
