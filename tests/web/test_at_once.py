"""People who act in the same instant, on real connections to the database: nothing is lost, nothing is done twice."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from decisions import due, issue, remarks
from decisions.drafting import Sheet, save
from decisions.models import Comment, ConflictError, Decision, Event, Meaning, Record, Role, Status, User
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; each one's result, or the ConflictError it was told."""
    ready = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            ready.wait()
            results[place] = acts[place]() or "done"
        except ConflictError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert all(one is not None for one in results), "an act ended in an error nobody expected"
    return results


def told(results: list[object]) -> int:
    return sum(isinstance(one, ConflictError) for one in results)


def seen(decision: Decision) -> Decision:
    """The decision as a page of one's own has loaded it."""
    return Decision.objects.with_names().get(pk=decision.pk)


def test_of_two_approvers_one_approves_and_one_is_told() -> None:
    proposed = dossier.proposed()
    one, two = (factories.member(proposed.team, Role.APPROVER) for _ in range(2))
    copies = seen(proposed), seen(proposed)
    results = at_once(lambda: issue.approve(copies[0], one, NOW), lambda: issue.approve(copies[1], two, NOW))
    assert told(results) == 1
    assert seen(proposed).status == Status.ACCEPTED
    assert proposed.newest_record().signatures.filter(meaning=Meaning.APPROVAL).count() == 1


def test_an_approval_sent_twice_counts_once() -> None:
    proposed = dossier.proposed()
    user = dossier.approver(proposed)
    copies = seen(proposed), seen(proposed)
    results = at_once(*[lambda copy=copy: issue.approve(copy, user, NOW) for copy in copies])
    assert told(results) == 1
    assert Event.objects.filter(decision=proposed, act="approved").count() == 1


def test_a_proposal_sent_twice_makes_one_record() -> None:
    draft = dossier.draft()
    copies = seen(draft), seen(draft)
    results = at_once(*[lambda copy=copy: issue.propose(copy, copy.author, NOW) for copy in copies])
    assert told(results) == 1
    assert Record.objects.filter(decision=draft).count() == 1


def test_what_is_approved_while_it_is_sent_back_is_either_approved_or_a_draft() -> None:
    proposed = dossier.proposed()
    one, two = (factories.member(proposed.team, Role.APPROVER) for _ in range(2))
    copies = seen(proposed), seen(proposed)
    results = at_once(
        lambda: issue.approve(copies[0], one, NOW),
        lambda: remarks.send_back(copies[1], two, {"text": "Wait"}, token=UUID(int=1), now=NOW),
    )
    assert told(results) == 1
    approvals = proposed.newest_record().signatures.filter(meaning=Meaning.APPROVAL).count()
    state = seen(proposed).status
    assert (state, approvals, Comment.objects.count()) in {(Status.ACCEPTED, 1, 0), (Status.DRAFT, 0, 1)}


def test_what_is_edited_while_it_is_proposed_is_in_the_record_or_refused() -> None:
    draft = dossier.draft()
    copies = seen(draft), seen(draft)
    sheet = Sheet(user=draft.author, seen=draft.version, now=NOW)
    at_once(
        lambda: issue.propose(copies[0], draft.author, NOW),
        lambda: save(copies[1], sheet, {"baseline.pods": 777}),
    )
    now = seen(draft)
    record = now.newest_record()
    if record is not None:
        assert record.inputs["baseline"]["pods"] == now.case["baseline"]["pods"]
    else:
        assert now.case["baseline"]["pods"] == 777


def test_two_editors_of_different_questions_lose_nothing() -> None:
    draft = dossier.draft()
    copies = seen(draft), seen(draft)
    other = factories.member(draft.team, Role.AUTHOR)
    at_once(
        lambda: save(copies[0], Sheet(user=draft.author, seen=draft.version, now=NOW), {"baseline.nodes": 31}),
        lambda: save(copies[1], Sheet(user=other, seen=draft.version, now=NOW), {"baseline.services": 47}),
    )
    kept = seen(draft).case["baseline"]
    assert (kept["nodes"], kept["services"]) == (31, 47)


def test_a_comment_sent_twice_is_kept_once() -> None:
    record = dossier.proposed().newest_record()
    token = UUID(int=7)
    user = record.decision.author
    at_once(*[lambda: remarks.comment(record, user, "Why?", token=token, now=NOW)] * 2)
    assert Comment.objects.count() == 1
    assert Event.objects.filter(act="commented").count() == 1


def test_two_workers_write_about_a_review_once(monkeypatch: pytest.MonkeyPatch) -> None:
    team = factories.team()
    late = [
        factories.decision(of=team, title=f"Late {place}", status=Status.ACCEPTED, review_on=NOW.date())
        for place in range(3)
    ]
    User.objects.filter(decisions__in=late).update(email="ana@example.org")
    letters: list[tuple[str, ...]] = []
    monkeypatch.setattr(due, "send_mail", lambda *said, **_named: letters.append(said))
    at_once(*[due.remind.func] * 3)
    assert Event.objects.filter(act="reminded").count() == 3
    told = [one.number for one in late for said in letters if f"{one.number} {one.title} (" in said[1]]
    assert sorted(told) == sorted(one.number for one in late)


def test_a_mail_about_a_review_that_is_put_in_line_twice_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    late = factories.decision(status=Status.ACCEPTED, review_on=NOW.date())
    User.objects.filter(pk=late.author_id).update(email="ana@example.org")
    event = Event.objects.create(organisation=late.organisation, decision=late, act="reminded", at=NOW)
    letters: list[object] = []
    monkeypatch.setattr(due, "send_mail", lambda *said, **_named: letters.append(said))
    at_once(*[lambda: due.mail_reminder.func(late.author_id, [event.pk])] * 3)
    assert len(letters) == 1


def test_a_mail_that_the_server_did_not_take_is_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    late = factories.decision(status=Status.ACCEPTED, review_on=NOW.date())
    event = Event.objects.create(organisation=late.organisation, decision=late, act="reminded", at=NOW)
    letters: list[object] = []

    def busy(*_said: object, **_named: object) -> None:
        raise OSError("try later")

    monkeypatch.setattr(due, "send_mail", busy)
    due.mail_reminder.func(late.author_id, [event.pk])
    monkeypatch.setattr(due, "send_mail", lambda *said, **_named: letters.append(said))
    due.mail_reminder.func(late.author_id, [event.pk])
    assert len(letters) == 1
