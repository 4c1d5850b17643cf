"""Several people, or one person in several windows, on one draft: nothing is lost, everybody is told."""

import pytest
from django.test import Client

from decisions.drafting import Sheet, save
from decisions.models import ConflictError, Decision, Role, Status
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PODS, NODES, P99 = "baseline.pods", "baseline.nodes", "baseline.p99_ms"


@pytest.fixture
def draft() -> Decision:
    decision = factories.decision(author=factories.member(factories.team(), name="Nadia Okafor"))
    save(decision, Sheet(user=decision.author, seen=1, now=NOW), {PODS: 400})
    return decision


@pytest.fixture
def nadia(draft: Decision) -> Client:
    client = Client()
    client.force_login(draft.author)
    return client


@pytest.fixture
def tomas(draft: Decision) -> Client:
    client = Client()
    client.force_login(factories.member(draft.team, Role.APPROVER, "Tomas Lind"))
    return client


class Window:
    """A page of step 2 that stays open, as a browser keeps it."""

    def __init__(self, client: Client, draft: Decision) -> None:
        self.client, self.draft = client, draft
        self.address = draft.address("step", 2)
        page = client.get(self.address)
        asked = [one.question.id for one in page.context["form"].asked()]
        self.fields = {"version": page.context["version"], "page": page.context["page"], "asked": asked}
        self.fields |= {one.field.path: one.text for q in page.context["form"].asked() for one in q.inputs if one.text}

    def type(self, **values: str):
        self.fields |= {f"baseline.{name}": value for name, value in values.items()}
        return self.client.post(self.address, self.fields, headers={"HX-Request": "true"})

    def submit(self, **more: str):
        return self.client.post(self.address, self.fields | more)


def answers(draft: Decision) -> dict[str, object]:
    draft.refresh_from_db()
    return draft.case["baseline"]


def test_answers_to_different_questions_are_merged_and_both_are_told(
    nadia: Client, tomas: Client, draft: Decision
) -> None:
    hers, his = Window(nadia, draft), Window(tomas, draft)
    assert hers.type(nodes="38").status_code == 200
    response = his.type(p99_ms="38")
    assert response.status_code == 200
    assert "Nadia Okafor changed other answers" in response.content.decode()
    assert answers(draft) == {"pods": 400, "nodes": 38, "p99_ms": 38}
    assert "Tomas Lind changed other answers" in hers.type(nodes="39").content.decode()
    assert answers(draft) == {"pods": 400, "nodes": 39, "p99_ms": 38}


def test_the_second_to_answer_the_same_question_is_asked(nadia: Client, tomas: Client, draft: Decision) -> None:
    hers, his = Window(nadia, draft), Window(tomas, draft)
    hers.type(pods="412")
    response = his.type(pods="500", nodes="38")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Yours: <b>500</b>" in page
    assert "By Nadia Okafor" in page
    assert "<b>412</b>" in page
    assert answers(draft) == {"pods": 412, "nodes": 38}, "hers stands until he chooses; his other answer is kept"
    assert his.type().status_code == 409, "asked until it is settled"


@pytest.mark.parametrize(("choice", "kept"), [("mine", 500), ("theirs", 412)])
def test_the_choice_between_two_answers_is_kept(
    nadia: Client, tomas: Client, draft: Decision, choice: str, kept: int
) -> None:
    hers, his = Window(nadia, draft), Window(tomas, draft)
    hers.type(pods="412")
    his.type(pods="500")
    response = his.submit(**{f"resolve:{PODS}": choice})
    assert response.url == draft.address("step", 2)
    assert answers(draft)["pods"] == kept
    assert Window(tomas, draft).fields[PODS] == str(kept)


def test_without_javascript_the_page_comes_back_with_what_was_typed(
    nadia: Client, tomas: Client, draft: Decision
) -> None:
    hers, his = Window(nadia, draft), Window(tomas, draft)
    hers.type(pods="412")
    his.fields[PODS] = "500"
    response = his.submit()
    assert response.status_code == 409
    assert f'name="{PODS}" value="500"' in response.content.decode()
    assert response.context["version"] == his.fields["version"]
    assert response.context["page"] == his.fields["page"]


def test_one_person_may_change_an_answer_to_and_fro(nadia: Client, draft: Decision) -> None:
    window = Window(nadia, draft)
    for value in ("401", "400", "402", "400"):
        assert window.type(pods=value).status_code == 200
        assert answers(draft)["pods"] == int(value)


def test_an_old_window_of_the_same_person_does_not_turn_back_what_the_new_one_did(
    nadia: Client, draft: Decision
) -> None:
    old, new = Window(nadia, draft), Window(nadia, draft)
    new.type(pods="412")
    assert "You changed other answers of this draft in another window." in old.type(nodes="38").content.decode()
    assert answers(draft) == {"pods": 412, "nodes": 38}
    assert old.type(pods="500").status_code == 409


def test_the_same_answer_given_twice_is_no_clash(nadia: Client, tomas: Client, draft: Decision) -> None:
    hers, his = Window(nadia, draft), Window(tomas, draft)
    hers.type(pods="412")
    assert his.type(pods="412").status_code == 200


def test_an_answer_the_other_person_took_away_is_a_clash_too(nadia: Client, tomas: Client, draft: Decision) -> None:
    hers, his = Window(nadia, draft), Window(tomas, draft)
    hers.type(pods="")
    response = his.type(pods="500")
    assert response.status_code == 409
    assert "<b>No answer</b>" in response.content.decode()


def test_answers_to_a_decision_that_was_proposed_meanwhile_are_refused(nadia: Client, draft: Decision) -> None:
    window = Window(nadia, draft)
    Decision.objects.filter(pk=draft.pk).update(status=Status.PROPOSED)
    response = window.type(pods="500")
    assert response.status_code == 409
    assert f"DR-0001 is proposed now ({draft.author.name}); its answers" in response.content.decode()
    assert answers(draft)["pods"] == 400


def test_two_writers_in_the_same_instant_both_get_through(draft: Decision) -> None:
    first, second = Decision.objects.get(pk=draft.pk), Decision.objects.get(pk=draft.pk)
    save(first, Sheet(user=draft.author, seen=first.version, now=NOW, page="a"), {NODES: 38})
    saved = save(second, Sheet(user=draft.author, seen=second.version, now=NOW, page="b"), {P99: 38})
    assert saved.changed == (P99,)
    assert answers(draft) == {"pods": 400, "nodes": 38, "p99_ms": 38}


def test_a_writer_who_comes_after_the_proposal_is_told(draft: Decision) -> None:
    late = Decision.objects.get(pk=draft.pk)
    Decision.objects.move(draft, Status.DRAFT, status=Status.PROPOSED, changed_by=draft.author)
    with pytest.raises(ConflictError, match="is proposed now"):
        save(late, Sheet(user=draft.author, seen=late.version, now=NOW), {NODES: 38})
