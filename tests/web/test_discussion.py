"""Comments, requests for changes, approvals by rule, who is told, and what waits for whom."""

import uuid

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from decisions import issue
from decisions.approval import AuthorMay, Rule, Stage, keep_rule
from decisions.models import Comment, ConflictError, Decision, Meaning, Membership, Role, Status, User
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(monkeypatch: pytest.MonkeyPatch) -> Decision:
    dossier.without_pages(monkeypatch)
    return dossier.proposed()


def under(decision: Decision, **rule: object) -> None:
    keep_rule(decision.organisation, Rule(**rule))
    decision.organisation.save()


def approve(decision: Decision, user: User) -> Decision:
    fresh = Decision.objects.with_names().get(pk=decision.pk)
    issue.approve(fresh, user, NOW)
    return fresh


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_comment_stands_beside_its_section_and_twice_sent_it_is_kept_once(proposed: Decision) -> None:
    client = signed_in(dossier.approver(proposed))
    address = proposed.address("comment", 1)
    given = {"text": "Which clusters?", "section": "baseline", "token": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(address, given).status_code == 302
    kept = Comment.objects.get()
    assert (kept.section, kept.text, kept.record) == ("baseline", "Which clusters?", proposed.newest_record())
    page = client.get(proposed.address("decision")).content.decode()
    assert "Which clusters?" in page
    assert 'href="#baseline"' in page
    assert page.count("Which clusters?") == 1  # among the comments, and not again in the history


def test_who_proposed_takes_it_back_and_who_decides_asks_for_changes(proposed: Decision) -> None:
    address = proposed.address("decision")
    mine = signed_in(proposed.author).get(address).content.decode()
    theirs = signed_in(dossier.approver(proposed)).get(address).content.decode()
    assert ("act-withdraw" in mine, "act-changes" in mine) == (True, False)
    assert ("act-withdraw" in theirs, "act-changes" in theirs) == (False, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": " "}, "helps nobody"),
        ({"text": "x" * 4001}, "4,001"),
        ({"text": "y", "section": "z"}, "no such section"),
    ],
)
def test_a_comment_that_cannot_be_kept_is_refused_and_not_lost(proposed: Decision, given: dict, said: str) -> None:
    answer = signed_in(proposed.author).post(proposed.address("comment", 1), given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Comment.objects.exists()


def test_viewers_read_comments_and_write_none(proposed: Decision) -> None:
    viewer = signed_in(factories.member(proposed.team, Role.VIEWER))
    assert viewer.post(proposed.address("comment", 1), {"text": "x"}).status_code == 403
    assert "Write a comment" not in viewer.get(proposed.address("decision")).content.decode()


def test_changes_asked_for_make_a_draft_again_and_the_next_revision_stands_beside_the_first(proposed: Decision) -> None:
    reviewer = dossier.approver(proposed)
    given = {"version": proposed.version, "text": "Measure the canary too", "section": "baseline"}
    assert signed_in(reviewer).post(proposed.address("changes"), given).status_code == 302
    proposed.refresh_from_db()
    assert proposed.status == Status.DRAFT
    waits = signed_in(proposed.author).get(reverse("waiting")).content.decode()
    assert proposed.title in waits
    assert "To change" in waits
    for address in (proposed.address("tasks"), proposed.address("step", 3), proposed.address("sign")):
        shown = signed_in(proposed.author).get(address).content.decode()
        assert f"{reviewer.name} asked for changes" in shown
        assert "Measure the canary too" in shown
        assert 'revision/1/#baseline" lang="en">Baseline</a>' in shown
    assert "revision 1 went back to be changed" in signed_in(proposed.author).get("/").content.decode()
    dossier.answer(proposed, {"baseline.pods": 900})
    issue.propose(proposed, proposed.author, NOW)
    assert proposed.records.count() == 2
    assert Comment.objects.get().record.revision == 1
    page = signed_in(reviewer).get(proposed.address("compare")).content.decode()
    assert "900" in page
    assert "400" in page


def test_asking_for_changes_to_what_was_approved_meanwhile_changes_nothing(proposed: Decision) -> None:
    seen = proposed.version
    approve(proposed, dossier.approver(proposed))
    late = signed_in(factories.member(proposed.team, Role.APPROVER))
    answer = late.post(proposed.address("changes"), {"version": seen, "text": "Wait"})
    assert answer.status_code == 409
    assert not Comment.objects.exists()
    proposed.refresh_from_db()
    assert proposed.status == Status.ACCEPTED


def test_two_approvals_are_two_people(proposed: Decision) -> None:
    under(proposed, approvers=2)
    one, two = factories.member(proposed.team, Role.APPROVER), factories.member(proposed.team, Role.APPROVER)
    assert approve(proposed, one).status == Status.PROPOSED
    with pytest.raises(ConflictError, match="1 more approval is needed"):
        approve(proposed, one)
    assert approve(proposed, two).status == Status.ACCEPTED
    assert proposed.newest_record().signatures.filter(meaning=Meaning.APPROVAL).count() == 2


def test_approvals_come_in_the_order_of_the_rule(proposed: Decision) -> None:
    security = factories.team(proposed.organisation, "Security")
    under(proposed, order=(Stage(team=security.pk), Stage(role=Role.ADMINISTRATOR)))
    plain = factories.member(proposed.team, Role.APPROVER)
    boss = factories.member(proposed.organisation, Role.ADMINISTRATOR)
    Membership.objects.create(user=plain, organisation=proposed.organisation, team=security, role=Role.VIEWER)
    with pytest.raises(ConflictError, match="Approval 1 has to come from an approver of Security"):
        approve(proposed, plain)
    Membership.objects.filter(user=plain, team=security).update(role=Role.APPROVER)
    approve(proposed, plain)
    with pytest.raises(ConflictError, match="Approval 2 has to come from an administrator"):
        approve(proposed, factories.member(proposed.team, Role.APPROVER))
    assert approve(proposed, boss).status == Status.ACCEPTED


@pytest.mark.parametrize(("may", "alone"), [(AuthorMay.NEVER, None), (AuthorMay.BESIDE_OTHERS, "proposed")])
def test_what_the_authors_approval_counts_for(proposed: Decision, may: AuthorMay, alone: str | None) -> None:
    under(proposed, author=may)
    Membership.objects.filter(user=proposed.author).update(role=Role.APPROVER)
    if alone is None:
        with pytest.raises(ConflictError, match="somebody else has to approve"):
            approve(proposed, proposed.author)
        return
    assert approve(proposed, proposed.author).status == alone
    assert approve(proposed, dossier.approver(proposed)).status == Status.ACCEPTED


def test_a_record_that_was_altered_in_the_database_is_not_approved(
    proposed: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issue.records, "digest", lambda _: "0" * 64)
    with pytest.raises(ConflictError, match="not the one that was signed"):
        approve(proposed, dossier.approver(proposed))


def test_an_accepted_decision_without_a_date_is_looked_at_again_after_the_organisations_interval(
    proposed: Decision,
) -> None:
    proposed.organisation.review_months = 3
    proposed.organisation.save()
    Decision.objects.filter(pk=proposed.pk).update(review_on=None)
    assert approve(proposed, dossier.approver(proposed)).review_on.isoformat() == "2027-02-03"


def test_whoever_can_approve_is_mailed_the_request_and_the_author_the_decision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier.without_pages(monkeypatch)
    team = factories.team()
    people = {role: factories.member(team, role) for role in (Role.VIEWER, Role.APPROVER)}
    outside = factories.member(factories.team(), Role.APPROVER)
    for user in (*people.values(), outside):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    decision = dossier.proposed(team)
    User.objects.filter(pk=decision.author_id).update(email="author@example.org")
    assert [one.to for one in mail.outbox] == [[f"{people[Role.APPROVER].username}@example.org"]]
    assert decision.get_absolute_url() in mail.outbox[0].body
    signed_in(people[Role.APPROVER]).post(decision.address("comment", 1), {"text": "Why?\nSay more."})
    assert mail.outbox[1].to == ["author@example.org"]
    assert "Why?\nSay more." in mail.outbox[1].body
    approve(decision, people[Role.APPROVER])
    assert mail.outbox[2].to == ["author@example.org"]
    assert "approved" in mail.outbox[2].subject


def test_the_page_of_what_waits_asks_the_same_number_of_questions_for_one_and_for_three(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
) -> None:
    dossier.without_pages(monkeypatch)
    decision = dossier.proposed()
    client = signed_in(dossier.approver(decision))
    for _ in range(2):
        with django_assert_num_queries(9):
            page = client.get(reverse("waiting"))
        assert page.context["approvals"]
        dossier.proposed(decision.team)
    assert not signed_in(decision.author).get(reverse("waiting")).context["approvals"]
