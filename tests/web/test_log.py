"""The log as an outsider meets it: no account, a checkpoint kept in a drawer."""

import base64

import pytest
from django.test import Client
from django.urls import reverse

from decisions import issue, journal
from decisions.models import Decision
from decisions.signing.checkpoint import read
from decisions.signing.inclusion import check_proof
from decisions.signing.merkle import verify_consistency
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(monkeypatch: pytest.MonkeyPatch) -> Decision:
    dossier.without_pages(monkeypatch)
    return dossier.accepted()


def text(client: Client, name: str, *rest: object) -> str:
    response = client.get(reverse(name, args=rest))
    assert response.status_code == 200
    return response.content.decode()


def compared(client: Client, note: str) -> tuple[int, str]:
    response = client.post(reverse("log"), {"checkpoint": note})
    return response.status_code, response.content.decode()


def test_an_empty_log_has_a_page_and_no_checkpoint(client: Client) -> None:
    assert "Nothing yet" in text(client, "log")
    assert client.get(reverse("checkpoint")).status_code == 404


def test_a_stranger_reads_checkpoint_and_key_and_they_belong_together(client: Client, decision: Decision) -> None:
    point = read(text(client, "checkpoint"), text(client, "log_key"))
    assert point.size == 5
    assert text(client, "checkpoint_at", 2).split("\n")[1] == "2"


def test_the_log_only_grew_since_a_kept_checkpoint(client: Client, decision: Decision) -> None:
    kept = text(client, "checkpoint_at", 3)
    status, page = compared(client, kept.replace("\n", "\r\n"))
    assert status == 200
    assert "The log only grew" in page
    assert "Its 3 entries are the first of today&#x27;s log, unchanged; 2 came after them." in page


def test_a_checkpoint_that_the_log_cannot_stand_by_says_so(client: Client, decision: Decision) -> None:
    key = journal.log_key()
    assert "The log was rewritten" in compared(client, key.sign(3, b"x" * 32))[1]
    assert "Entries were removed" in compared(client, key.sign(9, b"x" * 32))[1]


def test_what_is_no_checkpoint_is_kept_in_the_form_and_said_so(client: Client, decision: Decision) -> None:
    status, page = compared(client, "not <a> checkpoint")
    assert status == 422
    assert "This is no checkpoint" in page
    assert "not &lt;a&gt; checkpoint" in page


def test_proofs_hold_without_asking_the_server_again(client: Client, decision: Decision) -> None:
    record = decision.newest_record()
    answer = client.get(reverse("inclusion", args=[record.digest])).json()
    assert [check_proof(journal.canonical(one), text(client, "log_key")).entry["act"] for one in answer["proofs"]] == [
        "proposed",
        "rendered",
        "sealed",
        "approved",
        "sealed",
    ]
    assert client.get(reverse("inclusion", args=["0" * 64])).status_code == 404


def test_growth_is_proved_between_two_checkpoints(client: Client, decision: Decision) -> None:
    issue.deprecate(decision, dossier.approver(decision), "By hand.", NOW)
    answer = client.get(reverse("consistency", args=[3, 6])).json()
    key = text(client, "log_key")
    old, new = read(answer["old_checkpoint"], key), read(answer["new_checkpoint"], key)
    proof = [base64.b64decode(one) for one in answer["proof"]]
    assert verify_consistency(3, 6, old.root, new.root, proof)
    assert not verify_consistency(3, 6, new.root, new.root, proof)
    assert client.get(reverse("consistency", args=[3, 7])).status_code == 404


def test_the_page_asks_few_questions_of_the_database(
    client: Client, decision: Decision, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(2):
        text(client, "log")
