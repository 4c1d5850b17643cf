"""Looking ahead: what a page of the wizard would show after an answer, before anybody gives it."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from decisions.drafting import Sheet, foresee, save
from decisions.models import Decision, Event, Role, Status
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DEBUGGERS = "operations.data_path_debuggers"
UPGRADES = "operations.upgrades_per_year"
CLOUD = "context.cloud_encryption_accepted"


def page_of(client: Client, draft: Decision, step: int = 4) -> tuple[dict[str, object], dict[str, str]]:
    """What the page of a step posts besides answers, and the marks of what it shows."""
    response = client.get(draft.address("step", step))
    asked = [one.question.id for one in response.context["form"].asked()]
    posted = {"version": str(response.context["version"]), "page": response.context["page"], "asked": asked}
    return posted, marks(response)


def marks(response: HttpResponse) -> dict[str, str]:
    return dict(re.findall(r'id="([\w-]+)" data-mark="(\w+)"', response.content.decode()))


def ahead(client: Client, draft: Decision, posted: dict[str, object], has: dict[str, str], step: int = 4):
    return client.post(draft.address("ahead", step), posted, headers={"X-Shown": " ".join(has.values())})


def autosave(client: Client, draft: Decision, posted: dict[str, object], has: dict[str, str]):
    headers = {"HX-Request": "true", "X-Shown": " ".join(has.values())}
    return client.post(draft.address("step", 4), posted, headers=headers)


def parts(response: HttpResponse) -> dict[str, str]:
    """The parts of an answer by their ids, without what is put where in the page."""
    text = response.content.decode().replace(' hx-swap-oob="true"', "").partition('<p id="moved"')[0]
    return dict(re.findall(r'<\w+ id="([\w-]+)" (data-mark=.*?)\s*(?=<\w+ id="[\w-]+" data-mark|\Z)', text, re.DOTALL))


def test_what_is_shown_ahead_is_what_the_save_then_confirms_by_its_marks(author: Client, draft: Decision) -> None:
    posted, before = page_of(author, draft)
    answer = ahead(author, draft, posted | {DEBUGGERS: "nobody"}, before)
    assert answer.status_code == 200
    foreseen = marks(answer)
    assert {"rec-answer", "rec-changes", "steps"} <= set(foreseen)
    saved = autosave(author, draft, posted | {DEBUGGERS: "nobody"}, before | foreseen)
    assert saved.status_code == 200
    assert set(marks(saved)) == {"rec-changes"}, "nothing but what would change the answer is left to say"


def test_it_shows_to_the_letter_what_a_save_of_the_same_answers_sends(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"baseline.pods": 400, "baseline.peak_rps": 900})
    posted, before = page_of(author, draft)
    posted |= {DEBUGGERS: "two_or_more", UPGRADES: "3"}
    foreseen = parts(ahead(author, draft, posted, before))
    sent = parts(autosave(author, draft, posted, before))
    assert len(sent) > 3
    assert sent.keys() == foreseen.keys()
    assert [one for one in sent if sent[one] != foreseen[one]] == ["rec-changes"]


def test_what_would_change_the_answer_is_not_asked_for_before_the_save(author: Client, draft: Decision) -> None:
    posted, before = page_of(author, draft)
    page = ahead(author, draft, posted | {DEBUGGERS: "nobody"}, before).content.decode()
    assert "Being worked out" in page
    assert "hx-" not in page, "nothing in it asks the server for anything"


def test_it_writes_nothing(author: Client, draft: Decision) -> None:
    posted, before = page_of(author, draft)
    with CaptureQueriesContext(connection) as queries:
        ahead(author, draft, posted | {DEBUGGERS: "nobody"}, before)
    assert [one["sql"] for one in queries if not one["sql"].startswith("SELECT")] == []
    fresh = Decision.objects.get(pk=draft.pk)
    assert (fresh.version, fresh.case, fresh.changed_at) == (draft.version, draft.case, draft.changed_at)
    assert not Event.objects.exists()


def test_it_takes_few_queries(author: Client, draft: Decision, django_assert_num_queries) -> None:
    posted, before = page_of(author, draft)
    with django_assert_num_queries(4):  # session, person, decision, membership
        ahead(author, draft, posted | {DEBUGGERS: "nobody"}, before)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR])
def test_who_may_not_answer_may_not_look_ahead_either(client: Client, draft: Decision, role: Role) -> None:
    client.force_login(factories.member(draft.team, role, "Tomas Lind"))
    assert client.post(draft.address("ahead", 4), {"asked": "debuggers", DEBUGGERS: "nobody"}).status_code == 403


def test_a_stranger_is_told_there_is_no_such_decision(client: Client, draft: Decision) -> None:
    client.force_login(factories.member(factories.team(name="Elsewhere"), name="Somebody Else"))
    assert client.post(draft.address("ahead", 4)).status_code in {403, 404}
    client.logout()
    assert client.post(draft.address("ahead", 4)).status_code == 302


def test_it_is_no_page_to_be_opened_and_there_are_five_steps(author: Client, draft: Decision) -> None:
    assert author.get(draft.address("ahead", 4)).status_code == 405
    assert author.post(draft.address("ahead", 6)).status_code == 404


def test_a_forged_request_is_refused(draft: Decision) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(draft.author)
    assert strict.post(draft.address("ahead", 4), {DEBUGGERS: "nobody"}).status_code == 403


@pytest.mark.parametrize(
    "answers",
    [{}, {UPGRADES: "many"}, {DEBUGGERS: "nobody", UPGRADES: "many"}, {"resolve:x": "mine", DEBUGGERS: "nobody"}],
    ids=["nothing new", "no number", "kept in part", "a clash being settled"],
)
def test_what_a_save_would_not_simply_keep_is_left_to_the_save(
    author: Client, draft: Decision, answers: dict[str, str]
) -> None:
    posted, before = page_of(author, draft)
    answer = ahead(author, draft, posted | answers, before)
    assert (answer.status_code, answer.content) == (204, b"")


def test_an_answer_that_somebody_else_gave_differently_is_not_shown_ahead(author: Client, draft: Decision) -> None:
    posted, before = page_of(author, draft)
    tomas = factories.member(draft.team, name="Tomas Lind")
    save(draft, Sheet(user=tomas, seen=1, now=NOW, page="his"), {DEBUGGERS: "one"})
    assert ahead(author, draft, posted | {DEBUGGERS: "nobody"}, before).status_code == 204
    other = ahead(author, draft, posted | {DEBUGGERS: "", UPGRADES: "3"}, before)
    assert other.status_code == 200, "answers to other questions are merged, ahead too"


def test_nothing_is_foreseen_of_what_is_no_draft_any_more(author: Client, draft: Decision) -> None:
    posted, before = page_of(author, draft)
    Decision.objects.filter(pk=draft.pk).update(status=Status.PROPOSED)
    assert ahead(author, draft, posted | {DEBUGGERS: "nobody"}, before).status_code == 204


def test_what_was_shown_ahead_and_refused_is_taken_back_by_the_save(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {DEBUGGERS: "one"})
    posted, before = page_of(author, draft)
    posted |= {DEBUGGERS: "one"}
    shown = before | marks(ahead(author, draft, posted | {DEBUGGERS: "nobody"}, before))
    refused = autosave(author, draft, posted | {UPGRADES: "many"}, shown)
    assert refused.status_code == 422
    back = shown | marks(refused)
    del back["rec-changes"], before["rec-changes"]  # it is worked out anew
    assert back == before, "the page shows what stands, with the sentence of the save that made it"
    assert 'hx-get="' in refused.content.decode()


def test_a_save_that_keeps_nothing_renews_nothing_of_a_page_that_shows_what_stands(
    author: Client, draft: Decision
) -> None:
    posted, before = page_of(author, draft)
    answer = autosave(author, draft, posted, before)
    assert marks(answer) == {}
    assert 'id="moved"' not in answer.content.decode(), "nothing moved, so nothing is announced"


def test_foreseeing_says_what_the_save_will_log(draft: Decision) -> None:
    sheet = Sheet(user=draft.author, seen=1, now=NOW, page="one")
    answers = {"requirements.workload_identity.need": "must", "requirements.workload_identity.evidence.kind": "rule"}
    found = foresee(draft, sheet, answers)
    saved = save(draft, sheet, answers)
    assert found is not None
    assert saved.event is not None
    assert (found.label, found.moved) == (saved.event.detail["label"], saved.event.detail["moved"])
    assert found.advice.recommendation.approach == draft.approach
