"""Two versions of a decision side by side, in words."""

import pytest
from django.test import Client

from decisions import comparison, issue
from decisions.comparison import Answer, Difference, compare, of_draft, of_record, words_that_differ
from decisions.models import Decision, Role
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


@pytest.fixture
def twice() -> Decision:
    """Two revisions: more pods, identity no must-have any more, a comment, and nobody who can debug."""
    decision = dossier.proposed()
    issue.withdraw(decision, decision.author, NOW)
    changes = {
        "baseline.pods": 900,
        "baseline.p99_ms": None,
        "requirements.workload_identity.need": "nice",
        "operations.data_path_debuggers": "nobody",
        "comments.operations.data_path_debuggers": "Until spring",
    }
    dossier.answer(decision, changes)
    issue.propose(decision, decision.author, NOW)
    return decision


def both(decision: Decision) -> comparison.Comparison:
    first, second = decision.records.order_by("revision")
    return compare(of_record(first, decision), of_record(second, decision))


def test_answers_are_compared_in_the_words_of_the_questions(twice: Decision) -> None:
    found = both(twice)
    assert [chapter.title for chapter in found.chapters] == ["Real requirements", "Operational cost"]
    requirement, cost = (chapter.differences for chapter in found.chapters)
    assert requirement[0].text == "A service can prove cryptographically who is calling it"
    assert requirement[0].answers == (
        Answer(label="How much do you need it?", before="Must have", after="Nice to have"),
    )
    assert cost[0].answers == (
        Answer(label="", before="No answer", after="Nobody yet"),
        Answer(label="Comment", before="No answer", after="Until spring"),
    )
    assert found.answers == 3


def test_measurements_stand_apart_with_their_growth(twice: Decision) -> None:
    found = both(twice)
    answers = [answer for one in found.measurements for answer in one.answers]
    assert Answer(label="Pods", before="400", after="900", change="+125 %") in answers
    assert [one.after for one in answers if one.before == "38 ms"] == ["No answer"]
    assert found.figures == 2


def test_the_summary_says_what_became_of_the_recommendation(twice: Decision) -> None:
    first, second = twice.records.order_by("revision")
    one, other = (of_record(record, twice) for record in (first, second))
    assert compare(one, one).summary == f"The recommendation stays {summary_name(one)}."
    assert compare(one, other).summary == (
        f"The recommendation changed from {summary_name(one)} to {summary_name(other)}."
    )
    same = compare(one, one)
    assert (same.answers, same.figures, same.passages, same.grounds) == (0, 0, (), ())
    assert not any(place.differs for place in same.ranking)


def summary_name(version: comparison.Version) -> str:
    """As the record's first row names it."""
    best = version.recommendation["ranking"][0]
    extra = ", ".join(one["title"] for one in best["add_ons"])
    composition = f"{best['product_title']} with {extra}" if extra else best["product_title"]
    title = comparison.approach_title(best["approach"])
    return composition if composition.startswith(title) else f"{title} ({composition})"


def test_the_ranking_names_all_five_with_their_old_places(twice: Decision) -> None:
    found = both(twice)
    assert sorted(place.was for place in found.ranking) == [1, 2, 3, 4, 5]
    assert [place.now for place in found.ranking] == [1, 2, 3, 4, 5]
    for place in found.ranking:
        expected = {True: "up", False: "down"}.get(place.now < place.was) if place.now != place.was else "same"
        assert place.moved.startswith(str(expected))


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [(100, 112, "+12 %"), (100, 50, "-50 %"), (1000, 1001, "+0.1 %"), (0, 5, ""), (5, None, ""), (True, False, "")],
)
def test_growth_is_said_where_it_says_something(was: object, now: object, change: str) -> None:
    assert comparison._change(was, now) == change


def test_texts_are_woven_into_each_other_word_by_word() -> None:
    pieces = words_that_differ("It meets all three must-haves at 6 hours.", "It meets all two must-haves at 6 hours.")
    assert [(one.kind, one.text) for one in pieces] == [
        ("", "It meets all "),
        ("del", "three"),
        ("ins", "two"),
        ("", "must-haves at 6 hours."),
    ]


def test_texts_with_little_in_common_stand_one_after_the_other() -> None:
    pieces = words_that_differ("Keep what you have.", "Install istiod and ztunnel.")
    assert [(one.kind, one.text) for one in pieces] == [
        ("del", "Keep what you have."),
        ("ins", "Install istiod and ztunnel."),
    ]


def test_the_page_compares_the_two_newest_unless_told(client: Client, twice: Decision) -> None:
    client.force_login(factories.member(twice.team, Role.VIEWER))
    response = client.get(twice.address("compare"))
    assert (response.context["earlier"].key, response.context["later"].key) == ("DR-0001/1", "DR-0001/2")
    assert "+125\u00a0%" in response.content.decode()
    back = client.get(twice.address("compare") + "?before=DR-0001/2&after=DR-0001/1")
    assert "-56\u00a0%" in back.content.decode()
    for query in ("?before=DR-0001/1&after=DR-0001/1", "?before=zz&after=DR-9999/9", "?after=DR-0001/1"):
        assert client.get(twice.address("compare") + query).status_code == 200, query


def test_a_draft_is_compared_with_what_it_was_when_it_was_proposed(client: Client, twice: Decision) -> None:
    issue.withdraw(twice, twice.author, NOW)
    dossier.answer(twice, {"baseline.pods": 901})
    client.force_login(twice.author)
    response = client.get(twice.address("compare"))
    assert (response.context["earlier"].key, response.context["later"].key) == ("DR-0001/2", "DR-0001/draft")
    pods = [Difference(text=one.text, answers=one.answers) for one in response.context["found"].measurements]
    assert [answer.after for answer in pods[0].answers] == ["901"]
    assert of_draft(twice).address == twice.address("tasks")


def test_a_decision_is_compared_with_the_one_it_supersedes(client: Client) -> None:
    old = dossier.accepted()
    new = issue.succeed(old, old.author, NOW)
    dossier.answer(new, {"baseline.pods": 500})
    issue.propose(new, old.author, NOW)
    client.force_login(old.author)
    response = client.get(new.address("compare"))
    assert (response.context["earlier"].key, response.context["later"].key) == ("DR-0001/1", "DR-0002/1")
    assert "+25\u00a0%" in response.content.decode()


def test_a_predecessor_one_may_not_see_is_not_offered(client: Client) -> None:
    old = dossier.accepted()
    new = issue.succeed(old, old.author, NOW)
    issue.propose(new, old.author, NOW)
    Decision.objects.filter(pk=old.pk).update(team=factories.team(old.organisation))
    client.force_login(new.author)
    page = client.get(new.address("compare") + "?before=DR-0001/1")
    assert [choice.key for choice in page.context["choices"]] == ["DR-0002/1"]
    assert "Only one version so far" in page.content.decode()


def test_a_decision_never_proposed_has_nothing_to_compare(client: Client) -> None:
    draft = factories.decision()
    client.force_login(draft.author)
    response = client.get(draft.address("compare"))
    assert response.status_code == 200
    assert "A draft with nothing to compare it with yet" in response.content.decode()
