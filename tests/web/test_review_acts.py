"""Approving, rejecting, taking back, deprecating, superseding, deleting: done once, by those who may, or refused."""

import pytest
from django.test import Client

from decisions import issue, reassessment
from decisions.models import Decision, Event, Meaning, Reassessment, Record, Role, Status
from decisions.models.succession import follow
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


@pytest.fixture
def proposed() -> Decision:
    return dossier.proposed()


@pytest.fixture
def approver(client: Client, proposed: Decision) -> Client:
    client.force_login(dossier.approver(proposed))
    return client


def now(decision: Decision) -> Decision:
    return Decision.objects.get(pk=decision.pk)


def approval(decision: Decision) -> dict[str, str]:
    record = decision.newest_record()
    assert record is not None
    return {"digest": record.digest, "agreed": "on"}


def test_an_approver_signs_the_digest_on_the_page(approver: Client, proposed: Decision) -> None:
    page = approver.get(proposed.get_absolute_url()).content.decode()
    record = proposed.newest_record()
    assert issue.approval_statement(proposed) in page
    assert f'name="digest" value="{record.digest}"' in page
    response = approver.post(proposed.address("approve"), approval(proposed), follow=True)
    assert response.status_code == 200
    assert "You approved DR-0001" in response.content.decode()
    assert now(proposed).status == Status.ACCEPTED
    signature = record.signatures.get(meaning=Meaning.APPROVAL)
    assert (signature.signer.name, signature.digest) == ("Tomas Lind", record.digest)


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"agreed": None}, 422, "Tick the statement"),
        ({"digest": "0" * 64}, 409, "has a newer record than the one you read"),
        ({"digest": None}, 409, "has a newer record than the one you read"),
    ],
)
def test_nobody_approves_what_they_did_not_say_or_see(
    approver: Client, proposed: Decision, change: dict[str, str | None], status: int, said: str
) -> None:
    posted = {key: value for key, value in (approval(proposed) | change).items() if value}
    response = approver.post(proposed.address("approve"), posted)
    assert response.status_code == status
    assert said in response.content.decode()
    assert now(proposed).status == Status.PROPOSED


def test_the_record_that_was_read_is_the_one_that_is_signed(approver: Client, proposed: Decision) -> None:
    read = approval(proposed)
    issue.withdraw(proposed, proposed.author, NOW)
    dossier.answer(proposed, {"baseline.pods": 900})
    issue.propose(proposed, proposed.author, NOW)
    assert approver.post(proposed.address("approve"), read).status_code == 409
    assert now(proposed).status == Status.PROPOSED
    approver.post(proposed.address("approve"), approval(proposed))
    assert now(proposed).status == Status.ACCEPTED


def test_who_comes_second_is_told_what_happened(approver: Client, proposed: Decision) -> None:
    issue.reject(now(proposed), proposed.author, "Too dear", NOW)
    response = approver.post(proposed.address("approve"), approval(proposed))
    assert response.status_code == 409
    assert "DR-0001 is rejected now" in response.content.decode()
    assert Event.objects.filter(act="approved").count() == 0


def test_authors_do_not_approve_their_own_decision(client: Client) -> None:
    decision = dossier.proposed()
    Decision.objects.filter(pk=decision.pk).update(author=dossier.approver(decision))
    decision.refresh_from_db()
    client.force_login(decision.author)
    page = client.get(decision.get_absolute_url()).content.decode()
    assert "somebody else has to approve it" in page
    assert "Approve and sign" not in page
    response = client.post(decision.address("approve"), approval(decision))
    assert response.status_code == 409
    assert "somebody else has to approve it" in response.content.decode()
    assert now(decision).status == Status.PROPOSED


@pytest.mark.parametrize("act", ["reject", "deprecate"])
def test_turning_down_needs_a_reason_that_is_kept(client: Client, act: str) -> None:
    decision = dossier.proposed() if act == "reject" else dossier.accepted()
    client.force_login(dossier.approver(decision))
    address, version = decision.address(act), str(decision.version)
    refused = client.post(address, {"reason": "  \n", "version": version})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert now(decision).status == decision.status
    long = client.post(address, {"reason": "x" * 4001, "version": version})
    assert (long.status_code, "4,001 characters" in long.content.decode()) == (422, True)
    assert "x" * 4001 in long.content.decode(), "what was typed is still there"
    done = client.post(address, {"reason": "No evidence.\r\nCome back.", "version": version}, follow=True)
    after = now(decision)
    assert (after.status, after.outcome_reason) == (f"{act.removesuffix('e')}ed", "No evidence.\nCome back.")
    assert "No evidence.<br>Come back." in done.content.decode()
    assert after.newest_record() == decision.newest_record()


@pytest.mark.parametrize("act", ["reject", "withdraw"])
def test_an_act_on_a_page_that_is_out_of_date_changes_nothing_and_keeps_the_words(
    approver: Client, proposed: Decision, act: str
) -> None:
    seen = str(proposed.version)
    Decision.objects.move(now(proposed), Status.PROPOSED, title="Other words")
    for version in (seen, "", "x", "9" * 30):
        response = approver.post(proposed.address(act), {"reason": "My long reason", "version": version})
        assert response.status_code == 409, version
        page = response.content.decode()
        assert "was changed meanwhile" in page
        assert ("My long reason" in page) == (act == "reject")
    assert now(proposed).status == Status.PROPOSED


def test_a_reason_is_not_lost_when_the_form_it_was_typed_in_is_gone(approver: Client, proposed: Decision) -> None:
    seen = str(proposed.version)
    issue.approve(now(proposed), dossier.approver(proposed), NOW)
    response = approver.post(proposed.address("reject"), {"reason": "My long reason", "version": seen})
    assert response.status_code == 409
    assert "DR-0001 is accepted now" in response.content.decode()
    assert "My long reason" in response.content.decode()


def test_a_proposed_decision_can_be_taken_back(client: Client, proposed: Decision) -> None:
    client.force_login(proposed.author)
    response = client.post(proposed.address("withdraw"), {"version": proposed.version})
    assert response.url == proposed.address("tasks")
    assert now(proposed).status == Status.DRAFT
    assert Record.objects.count() == 1


def test_a_successor_starts_from_the_old_answers_and_the_old_one_stands(client: Client) -> None:
    decision = dossier.accepted()
    client.force_login(decision.author)
    response = client.post(decision.address("supersede"))
    draft = Decision.objects.get(predecessors=decision)
    assert response.url == draft.address("tasks")
    assert draft.case["requirements"] == decision.case["requirements"]
    assert now(decision).status == Status.ACCEPTED
    assert "There is one already" in client.get(decision.get_absolute_url()).content.decode()


def test_a_decision_that_is_not_finished_has_no_successor(client: Client, proposed: Decision) -> None:
    client.force_login(proposed.author)
    response = client.post(proposed.address("supersede"))
    assert response.status_code == 409
    assert "only finished decisions have successors" in response.content.decode()


DECIDING = ("approve", "reject", "deprecate")
WRITING = ("withdraw", "supersede", "delete")


@pytest.mark.parametrize(
    ("act", "role"),
    [*((act, Role.VIEWER) for act in (*DECIDING, *WRITING)), *((act, Role.AUTHOR) for act in DECIDING)],
)
def test_who_may_not_is_told_so_and_nothing_happens(client: Client, act: str, role: Role) -> None:
    decision = factories.decision(status=Status.PROPOSED)
    client.force_login(factories.member(decision.team, role))
    response = client.post(decision.address(act), {"reason": "x", "version": decision.version, "agreed": "on"})
    assert response.status_code == 403
    assert "You can read DR-0001, but not" in response.content.decode()
    assert now(decision).status == Status.PROPOSED


def test_a_get_does_nothing(approver: Client, proposed: Decision) -> None:
    for act in ("approve", "reject", "withdraw", "deprecate", "supersede"):
        response = approver.get(proposed.address(act))
        assert response.url == f"{proposed.address('decision')}#act-{act}"
    assert approver.get(proposed.address("delete")).status_code == 409
    assert now(proposed).status == Status.PROPOSED
    assert Decision.objects.count() == 1


def test_a_draft_can_be_deleted_and_the_log_says_who_did_it(client: Client) -> None:
    draft = factories.decision()
    client.force_login(draft.author)
    assert "cannot be undone" in client.get(draft.address("delete")).content.decode()
    assert client.post(draft.address("delete")).url == "/decisions/"
    assert not Decision.objects.exists()
    event = Event.objects.get()
    assert (event.act, event.actor, event.detail["number"]) == ("deleted", draft.author, "DR-0001")


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_signed_or_leaned_on_is_kept_with_the_reason(client: Client, method: str) -> None:
    signed = dossier.accepted()
    successor = issue.succeed(signed, signed.author, NOW)
    taken_back = dossier.proposed(signed.team)
    issue.withdraw(taken_back, taken_back.author, NOW)
    base = factories.decision(of=signed.team)
    follow(factories.decision(of=signed.team), base)
    client.force_login(factories.member(signed.team))
    for decision, reason in (
        (signed, "has a signed record and is kept"),
        (taken_back, "has a signed record and is kept"),
        (base, "another decision refers to it"),
    ):
        response = getattr(client, method)(decision.address("delete"))
        assert response.status_code == 409
        assert reason in response.content.decode()
        assert Decision.objects.filter(pk=decision.pk).exists()
    assert not Event.objects.filter(act="deleted").exists()
    assert client.get(successor.address("delete")).status_code == 200


def test_an_administrator_has_one_decision_judged_again_on_its_own_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted, other = dossier.accepted(), dossier.accepted()
    client.force_login(factories.member(accepted.team, Role.ADMINISTRATOR))
    assert "Judge it again now" in client.get(accepted.get_absolute_url()).content.decode()
    was = reassessment.compared

    def turned(ranking, recorded):  # the catalogue of tomorrow: the second one wins
        return was([ranking[1], ranking[0], *ranking[2:]], recorded)

    monkeypatch.setattr(reassessment, "compared", turned)
    page = client.post(accepted.address("judge_again"), follow=True).content.decode()
    kept = Reassessment.objects.get()
    assert kept.record.decision == accepted != other
    assert "Judged under today&#x27;s catalogue and engine. Would come out differently." in page
    assert kept.summary in page
    again = client.post(accepted.address("judge_again"), follow=True).content.decode()
    assert "Would come out differently." in again
    assert Reassessment.objects.count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR, Role.APPROVER, Role.AUDITOR])
def test_who_does_not_administer_it_has_no_decision_judged_again(client: Client, role: Role) -> None:
    accepted = dossier.accepted()
    client.force_login(factories.member(accepted.team.organisation if role == Role.AUDITOR else accepted.team, role))
    assert "Judge it again now" not in client.get(accepted.get_absolute_url()).content.decode()
    refused = client.post(accepted.address("judge_again"))
    assert refused.status_code == 403
    assert f"Only administrators of {accepted.team}" in refused.content.decode()
    assert not Reassessment.objects.exists()


def test_only_what_holds_is_judged_again(client: Client, proposed: Decision) -> None:
    client.force_login(factories.member(proposed.team, Role.ADMINISTRATOR))
    assert "Judge it again now" not in client.get(proposed.get_absolute_url()).content.decode()
    refused = client.post(proposed.address("judge_again"))
    assert refused.status_code == 409
    assert "is not accepted, so there is nothing that holds" in refused.content.decode()
    assert not Reassessment.objects.exists()
