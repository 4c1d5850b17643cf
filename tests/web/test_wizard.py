"""The steps of the wizard: what they ask, what they keep, what they answer."""

import datetime as dt
import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from decisions.advisor.questionnaire import STEPS, question_at
from decisions.advisor.questions import FIELDS, Kind
from decisions.advisor.requirements import REQUIREMENTS
from decisions.drafting import Sheet, plain, save, what_was_answered
from decisions.forms import number
from decisions.models import Baseline, Decision, Event, Measurement, Role, Status, User
from decisions.views.panel import move_of
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DEBUGGERS = "operations.data_path_debuggers"
UPGRADES = "operations.upgrades_per_year"


def on_page(client: Client, draft: Decision, step: int) -> dict[str, str]:
    """What a page of the step posts besides answers: token, version, and which questions it asks."""
    response = client.get(draft.address("step", step))
    asked = [one.question.id for one in response.context["form"].asked()]
    return {"version": str(response.context["version"]), "page": response.context["page"], "asked": asked}


def autosave(client: Client, draft: Decision, step: int, posted: dict[str, object]):
    response = client.post(draft.address("step", step), posted, headers={"HX-Request": "true"})
    draft.refresh_from_db()
    return response


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_every_question_of_a_step_stands_on_its_page(author: Client, draft: Decision, step) -> None:
    musts = {f"requirements.{one.requirement.id}.need": "must" for one in STEPS[0].every_question if one.requirement}
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), musts)
    page = author.get(draft.address("step", step.number)).content.decode()
    for question in step.every_question:
        if step.slug == "simplest" and question.requirement and not question.requirement.fixes:
            assert f'id="{question.anchor}"' not in page  # nothing smaller could meet it, so there is nothing to try
            continue
        assert f'id="{question.anchor}"' in page
        for field in question.fields:
            assert f'name="{field.path}"' in page


def test_every_page_names_no_style_or_script_of_its_own(author: Client, draft: Decision) -> None:
    pages = ["tasks", "baseline", "sign", "preview"]
    addresses = [draft.address(page) for page in pages] + [draft.address("step", n) for n in range(1, 6)]
    for address in ["/", "/new/", "/account/password/", *addresses]:
        page = author.get(address).content.decode()
        assert "style=" not in page.replace("hx-style=", "")
        assert "<style" not in page
        assert " onclick=" not in page
        assert "<script>" not in page


def test_without_javascript_an_answer_is_kept_and_the_next_step_follows(author: Client, draft: Decision) -> None:
    posted = on_page(author, draft, 4) | {DEBUGGERS: "one", UPGRADES: "3"}
    response = author.post(draft.address("step", 4), posted)
    assert response.status_code == 302
    assert response.url == draft.address("step", 5)
    draft.refresh_from_db()
    assert draft.case["operations"] == {"data_path_debuggers": "one", "upgrades_per_year": 3}
    page = author.get(draft.address("step", 4)).content.decode()
    assert 'value="one" checked' in page
    assert draft.address("step", 3) in page


def test_a_chosen_answer_is_taken_back_without_javascript_and_the_others_stay(author: Client, draft: Decision) -> None:
    here = draft.address("step", 4)
    author.post(here, on_page(author, draft, 4) | {DEBUGGERS: "one", UPGRADES: "3"})
    posted = on_page(author, draft, 4) | {DEBUGGERS: "one", UPGRADES: "3", "clear": DEBUGGERS}
    response = author.post(here, posted)
    assert response.url == f"{here}#{question_at(DEBUGGERS).anchor}"
    draft.refresh_from_db()
    assert draft.case["operations"] == {"upgrades_per_year": 3}
    page = author.get(here).content.decode()
    assert re.search(rf'name="clear" value="{DEBUGGERS}" hidden>', page), "nothing is chosen, so nothing to take back"


def test_only_answers_of_the_step_are_taken_back(author: Client, draft: Decision) -> None:
    author.post(draft.address("step", 4), on_page(author, draft, 4) | {DEBUGGERS: "one"})
    for unknown in (DEBUGGERS, "title", "nowhere"):
        response = author.post(draft.address("step", 5), on_page(author, draft, 5) | {"clear": unknown})
        assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.case["operations"] == {"data_path_debuggers": "one"}


@pytest.mark.parametrize(
    ("days", "said"), [(0, "Saved 14:05 UTC"), (1, "Saved 2 Nov, 14:05 UTC"), (400, "Saved 29 Sep 2025, 14:05 UTC")]
)
def test_what_was_saved_on_another_day_is_said_with_its_day(
    author: Client, draft: Decision, monkeypatch: pytest.MonkeyPatch, days: int, said: str
) -> None:
    now = dt.datetime(2026, 11, 3, 18, 0, tzinfo=dt.UTC)
    then = now.replace(hour=14, minute=5) - dt.timedelta(days=days)
    Decision.objects.filter(pk=draft.pk).update(changed_at=then)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    page = author.get(draft.address("step", 4)).content.decode()
    state = re.sub(r"<[^>]+>", "", page[page.index('id="save-state"') : page.index('id="save-again"')])
    assert said in state


def test_saving_for_later_leads_to_the_list_of_tasks_which_says_how_far_it_is(author: Client, draft: Decision) -> None:
    posted = on_page(author, draft, 4) | {DEBUGGERS: "one", "exit": "1"}
    response = author.post(draft.address("step", 4), posted, follow=True)
    assert response.redirect_chain == [(draft.address("tasks"), 302)]
    assert "1 of " in response.content.decode()
    assert "In progress" in response.content.decode()


def test_a_question_that_comes_to_apply_is_shown_before_the_next_step(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"requirements.encryption_between_nodes.need": "must"})
    posted = on_page(author, draft, 3) | {"context.cloud_encryption_accepted": "yes"}
    response = author.post(draft.address("step", 3), posted)
    assert response.url == f"{draft.address('step', 3)}#context-cloud_encryption_accepted"
    again = author.post(
        draft.address("step", 3), on_page(author, draft, 3) | {"context.cloud_encryption_accepted": "yes"}
    )
    assert again.url == draft.address("step", 4)


def test_an_autosave_answers_with_the_panel_and_leaves_the_questions_alone(author: Client, draft: Decision) -> None:
    posted = on_page(author, draft, 1) | {
        "requirements.workload_identity.need": "must",
        "requirements.workload_identity.evidence.kind": "rule",
    }
    response = autosave(author, draft, 1, posted)
    page = response.content.decode()
    assert response.status_code == 200
    for part in (
        "save-state",
        "steps",
        "peek",
        "rec-answer",
        "rec-ranking",
        "rec-overhead",
        "rec-changes",
        "assumptions",
    ):
        assert f'id="{part}"' in page
    assert "<form" not in page
    assert "Workload identity:" in page
    assert draft.case["requirements"]["workload_identity"]["evidence"] == {"kind": "rule"}
    assert draft.approach == response.context["panel"].advice.recommendation.approach != "no-mesh"


def test_an_autosave_renews_only_what_the_page_does_not_show_yet(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"baseline.pods": 400, "baseline.peak_rps": 900})
    posted = on_page(author, draft, 4)
    before = marks(author.get(draft.address("step", 4)))
    answer = author.post(
        draft.address("step", 4),
        posted | {"operations.hourly_cost": "95"},
        headers={"HX-Request": "true", "X-Shown": " ".join(before.values())},
    )
    sent = marks(answer)
    assert "rec-overhead" not in sent, "an hour's price moves no latency"
    assert not [name for name in sent if name.startswith("rank-") and before[name] == sent[name]]
    assert {"rec-answer", "steps"} <= set(sent)
    draft.refresh_from_db()
    after = marks(author.get(draft.address("step", 4)))
    now = before | sent
    del after["rec-changes"], now["rec-changes"]  # a page loaded anew has worked it out
    assert after == now, "what was not sent is what a page loaded anew shows"


def marks(response: HttpResponse) -> dict[str, str]:
    """The marks of the parts in a page or in what renews it, by their ids."""
    return dict(re.findall(r'id="([\w-]+)" data-mark="(\w+)"', response.content.decode()))


def test_an_autosave_that_changes_nothing_writes_nothing(author: Client, draft: Decision) -> None:
    posted = on_page(author, draft, 4)
    autosave(author, draft, 4, posted)
    assert draft.version == 1
    assert not Event.objects.exists()


def test_what_is_no_number_is_refused_and_the_rest_is_kept(author: Client, draft: Decision) -> None:
    posted = on_page(author, draft, 4) | {DEBUGGERS: "one", UPGRADES: "many"}
    response = autosave(author, draft, 4, posted)
    assert response.status_code == 422
    assert json.loads(response.headers["HX-Trigger"])["kept"]["problems"] == {UPGRADES: "“many” is not a number."}
    assert draft.case["operations"] == {"data_path_debuggers": "one"}
    page = author.post(draft.address("step", 4), posted).content.decode()
    assert 'value="many"' in page
    assert 'href="#f-operations-upgrades_per_year"' in page


def test_numbers_that_contradict_each_other_are_refused_together(author: Client, draft: Decision) -> None:
    posted = on_page(author, draft, 2) | {"baseline.p50_ms": "50", "baseline.p99_ms": "20", "baseline.pods": "412"}
    response = autosave(author, draft, 2, posted)
    assert response.status_code == 422
    assert draft.case["baseline"]["pods"] == 412
    assert {"p50_ms", "p99_ms"} - set(draft.case["baseline"]), "at least one of the two was left out"


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("4 850", 4850, "4850"),
        ("38,5", 38.5, "38.5"),
        (" 7.0 ", 7, "7"),
        ("1,234.5", 1234.5, "1234.5"),
    ],
)
def test_numbers_are_read_as_people_write_them(
    author: Client, draft: Decision, typed: str, kept: float, shown: str
) -> None:
    autosave(author, draft, 2, on_page(author, draft, 2) | {"baseline.peak_rps": typed})
    assert draft.case["baseline"] == {"peak_rps": kept}
    assert f'value="{shown}"' in author.get(draft.address("step", 2)).content.decode()


def test_a_number_that_can_be_read_in_two_ways_is_asked_back(author: Client, draft: Decision) -> None:
    response = autosave(author, draft, 2, on_page(author, draft, 2) | {"baseline.peak_rps": "1.200"})
    assert response.status_code == 422
    (problem,) = json.loads(response.headers["HX-Trigger"])["kept"]["problems"].values()
    assert problem == "“1.200” can be read in two ways: type 1200 or 1.2."
    assert "baseline" not in draft.case
    typed = author.post(draft.address("step", 2), on_page(author, draft, 2) | {"baseline.peak_rps": "1.200"})
    assert 'value="1.200"' in typed.content.decode(), "what was typed stays"
    autosave(author, draft, 2, on_page(author, draft, 2) | {"baseline.peak_rps": "1,200"})
    assert draft.case["baseline"] == {"peak_rps": 1200}, "as the pages print it"
    autosave(author, draft, 2, on_page(author, draft, 2) | {"baseline.peak_rps": "", "baseline.pods": "1,234"})
    assert draft.case["baseline"] == {"pods": 1234}


@pytest.mark.parametrize(("language", "shown"), [("en", "38.512"), ("de", "38,512")])
def test_a_number_from_a_file_stays_what_it_is_when_its_box_is_sent_back(
    author: Client, draft: Decision, language: str, shown: str
) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {"baseline.p99_ms": 38.512})
    page = author.get(draft.address("step", 2), headers={"Accept-Language": language}).content.decode()
    assert f'name="baseline.p99_ms" value="{shown}"' in page
    posted = on_page(author, draft, 2) | {"baseline.p99_ms": shown}
    answer = author.post(draft.address("step", 2), posted, headers={"HX-Request": "true", "Accept-Language": language})
    draft.refresh_from_db()
    assert (answer.status_code, draft.case["baseline"], draft.version) == (200, {"p99_ms": 38.512}, 2)


def test_shares_are_asked_in_percent(author: Client, draft: Decision) -> None:
    autosave(author, draft, 2, on_page(author, draft, 2) | {"baseline.grpc_share": "29 %"})
    assert draft.case["baseline"] == {"grpc_share": 0.29}
    assert 'name="baseline.grpc_share" value="29"' in author.get(draft.address("step", 2)).content.decode()


def test_not_sure_none_and_not_asked_are_three_answers(author: Client, draft: Decision) -> None:
    posted = on_page(author, draft, 4)
    hazards = "operations.bootstrap_hazards"
    autosave(author, draft, 4, posted | {hazards: ["none_of_them"], "not_sure": ["operations.upgrades_per_year"]})
    assert draft.case["operations"] == {"upgrades_per_year": "not_sure", "bootstrap_hazards": []}
    page = author.get(draft.address("step", 4)).content.decode()
    assert 'value="none_of_them" checked' in page
    assert 'value="operations.upgrades_per_year" checked' in page
    autosave(author, draft, 4, on_page(author, draft, 4) | {hazards: ["not_sure"]})
    assert draft.case["operations"] == {"bootstrap_hazards": "not_sure"}
    autosave(author, draft, 4, on_page(author, draft, 4))
    assert "operations" not in draft.case


def test_none_of_the_rest_is_needed_is_one_click_that_can_be_undone(author: Client, draft: Decision) -> None:
    here = draft.address("step", 1)
    must, wish = "requirements.workload_identity", "requirements.resilience.need"
    typed = {f"{must}.need": "must", f"{must}.evidence.kind": "rule", wish: "not_sure"}
    answer = author.post(here, on_page(author, draft, 1) | typed | {"rest": "1"})
    draft.refresh_from_db()
    needs = {name: one.get("need", "not_sure") for name, one in draft.case["requirements"].items()}
    sorted_ones = [name for name, need in needs.items() if need == "not_needed"]
    assert (needs["workload_identity"], needs["resilience"]) == ("must", "not_sure"), "answers stay"
    assert len(sorted_ones) == len(REQUIREMENTS) - 2
    page = author.get(answer.url).content.decode()
    assert f"{len(sorted_ones)} requirements are marked as not needed:" in page
    assert "None of the rest is needed" not in page
    back = re.search(r'name="back" value="([^"]+)"', page)[1]
    assert author.post(here, {"back": f"{back}.workload_identity.nonsense"}).url == here
    draft.refresh_from_db()
    assert draft.case["requirements"]["workload_identity"]["need"] == "must", "undo opens what the click closed alone"
    assert [name for name, one in draft.case["requirements"].items() if one.get("need") == "not_needed"] == []


def test_comments_are_kept_with_their_question(author: Client, draft: Decision) -> None:
    name = f"comments.{DEBUGGERS}"
    autosave(author, draft, 4, on_page(author, draft, 4) | {name: "Two <b>from</b> June"})
    assert draft.case["comments"] == {DEBUGGERS: "Two <b>from</b> June"}
    assert "Two &lt;b&gt;from&lt;/b&gt; June</textarea>" in author.get(draft.address("step", 4)).content.decode()
    autosave(author, draft, 4, on_page(author, draft, 4))
    assert "comments" not in draft.case


def test_a_must_without_accepted_evidence_counts_as_nice_until_a_reason_keeps_it(
    author: Client, draft: Decision
) -> None:
    path = "requirements.workload_identity"
    wish = {f"{path}.need": "must", f"{path}.evidence.kind": "person", f"{path}.evidence.who": "CTO"}
    response = autosave(author, draft, 1, on_page(author, draft, 1) | wish)
    assert "It counts as nice to have." in response.content.decode()
    kept = autosave(author, draft, 1, on_page(author, draft, 1) | wish | {f"{path}.override": "A customer insists"})
    assert "because of an override: A customer insists" in kept.content.decode()
    assert draft.approach != "no-mesh"


def test_the_panel_says_what_the_last_answer_moved_also_after_a_reload(author: Client, draft: Decision) -> None:
    path = "requirements.workload_identity"
    posted = on_page(author, draft, 1) | {f"{path}.need": "must", f"{path}.evidence.kind": "rule"}
    said = "takes the first place from No mesh"
    assert said in autosave(author, draft, 1, posted).content.decode()
    assert said in author.get(draft.address("tasks")).content.decode()


def test_what_moved_is_not_said_of_a_requirement_whose_details_moved_nothing(author: Client, draft: Decision) -> None:
    path = "requirements.workload_identity"
    posted = on_page(author, draft, 1) | {f"{path}.need": "must", f"{path}.evidence.kind": "rule"}
    autosave(author, draft, 1, posted)
    for name, label in (("evidence.who", "Who asks for it"), ("scope", "Where it applies")):
        posted = posted | {"version": str(draft.version), f"{path}.{name}": "Compliance"}
        answer = autosave(author, draft, 1, posted)
        assert answer.context["panel"].move.label == label


def test_shares_that_are_too_much_are_told_in_the_words_of_the_page(author: Client, draft: Decision) -> None:
    shares = {"baseline.http1_share": "80", "baseline.grpc_share": "50"}
    answer = autosave(author, draft, 2, on_page(author, draft, 2) | shares)
    assert "HTTP/1 and gRPC are 130 % together; at most 100 % is possible" in answer.headers["HX-Trigger"]


@pytest.mark.parametrize(
    ("deadline", "said"),
    [
        ("-3 bananas", "not counted as a deadline"),
        ("31.02.2027", "not counted as a deadline"),
        ("no date", ""),
        ("5 months", "counted as a deadline of 5 months"),
        ("end of March 2027", "counted as a deadline on 2027-03-31"),
    ],
)
def test_what_is_made_of_a_deadline_is_said_beside_it_and_one_that_cannot_be_read_is_kept(
    author: Client, draft: Decision, deadline: str, said: str
) -> None:
    answer = autosave(author, draft, 1, on_page(author, draft, 1) | {"context.deadline": deadline})
    assert plain(draft.case, "context.deadline") == deadline
    for page in (answer, author.get(draft.address("step", 1))):
        (found,) = re.findall(r'id="n-f-context-deadline"[^>]*>([^<]*)<', page.content.decode())
        assert said in found
        assert bool(found) == bool(said)


def test_a_scope_that_names_no_number_says_so_beside_its_field(author: Client, draft: Decision) -> None:
    own, whole = "requirements.workload_identity.scope", "context.scope"

    def beside(html: str) -> dict[str, str]:
        return dict(re.findall(r'id="n-f-([a-z_-]+-scope)"[^>]*>([^<]*)<', html))

    posted = on_page(author, draft, 1) | {own: "a few namespaces", "requirements.workload_identity.need": "must"}
    answer = autosave(author, draft, 1, posted)
    for page in (answer, author.get(draft.address("step", 1))):
        assert "reckoned for all of them" in beside(page.content.decode())["requirements-workload_identity-scope"]
    # What the decision covers is read beside it: with a number there, both fields are told.
    draft.refresh_from_db()
    posted |= {"version": str(draft.version), whole: "3 of 24 namespaces"}
    told = beside(autosave(author, draft, 1, posted).content.decode())
    assert "as the scope of the whole decision does" in told["requirements-workload_identity-scope"]
    assert told["context-scope"] == ""
    draft.refresh_from_db()
    posted |= {"version": str(draft.version), own: "2 namespaces"}
    assert beside(autosave(author, draft, 1, posted).content.decode())["requirements-workload_identity-scope"] == ""


def test_a_strained_option_names_the_product_that_is_strained(author: Client, draft: Decision) -> None:
    path = "requirements.workload_identity"
    given = {f"{path}.need": "must", f"{path}.evidence.kind": "rule", "operations.exit_time": "hour"}
    assert not save(draft, Sheet(user=draft.author, seen=1, now=NOW), given).problems
    page = author.get(draft.address("tasks"))
    strained = [one.standing for one in page.context["panel"].rows if one.standing.status == "strained"]
    assert strained
    for one in strained:
        assert f"<b>{one.approach.title}, {one.product_title}</b>" in page.content.decode()


def test_what_would_change_the_answer_leads_to_the_question(author: Client, draft: Decision) -> None:
    context = author.get(draft.address("tasks")).context
    links = [one.link for one in context["panel"].changes if one.link]
    assert links
    for link in links:
        address, _, anchor = link.address.partition("#")
        assert f'id="{anchor}"' in author.get(address).content.decode()


def test_a_panel_renewed_while_typing_asks_afterwards_what_would_change_the_answer(
    author: Client, draft: Decision
) -> None:
    later = draft.address("flips")
    assert (
        f'hx-get="{later}"'
        in autosave(author, draft, 4, on_page(author, draft, 4) | {DEBUGGERS: "one"}).content.decode()
    )
    page, part = author.get(draft.address("tasks")), author.get(later, headers={"HX-Request": "true"})
    assert later not in page.content.decode()
    assert page.context["panel"].changes
    assert part.content.decode().strip() in page.content.decode()
    assert author.get(later).url == draft.address("tasks")


def test_an_answer_taken_from_a_file_says_so_until_it_is_typed_over(author: Client, draft: Decision) -> None:
    sheet = Sheet(
        user=draft.author, seen=1, now=NOW, origins={"baseline.pods": {"source": "pods.json", "date": "2026-11-03"}}
    )
    save(draft, sheet, {"baseline.pods": 412})
    page = author.get(draft.address("step", 2)).content.decode()
    assert "From your files, 2026-11-03" in page
    assert "pods.json" in page
    answer = autosave(author, draft, 2, on_page(author, draft, 2) | {"baseline.pods": "500"}).content.decode()
    assert '<details id="o-f-baseline-pods" hx-swap-oob="delete">' in answer  # the page takes the note away at once
    assert "pods.json" not in author.get(draft.address("step", 2)).content.decode()


def test_strangers_find_nothing_and_viewers_read_only(client: Client, draft: Decision) -> None:
    pages = [draft.address(name) for name in ("tasks", "baseline", "sign", "preview", "flips")] + [
        draft.address("step", 1)
    ]
    client.force_login(factories.member(factories.team()))
    assert {client.get(page).status_code for page in pages} == {404}
    client.force_login(factories.member(draft.team, Role.VIEWER))
    assert [client.get(page).status_code for page in pages] == [200, 403, 403, 200, 403, 403]
    assert client.post(draft.address("step", 4), {DEBUGGERS: "one"}).status_code == 403
    client.logout()
    assert {client.get(page).status_code for page in [*pages, "/", "/new/"]} == {302}


def test_there_are_five_steps(author: Client, draft: Decision) -> None:
    assert author.get(draft.address("step", 0)).status_code == 404
    assert author.get(draft.address("step", 6)).status_code == 404


def test_one_starts_a_decision_in_a_team_one_writes_for(client: Client) -> None:
    mine, other = factories.team(name="Payments"), factories.team(name="Search")
    client.force_login(factories.member(mine, name="Nadia Okafor"))
    form = {"title": "East-west traffic", "system": "payments-prod", "team": mine.pk}
    assert "Search" not in client.get("/new/").content.decode()
    assert client.post("/new/", form | {"team": other.pk}).status_code == 422
    response = client.post("/new/", form)
    started = Decision.objects.get()
    assert response.url == started.address("step", 1)
    assert (started.number, started.system.name, started.case["title"]) == (
        "DR-0001",
        "payments-prod",
        "East-west traffic",
    )
    assert client.post("/new/", form).status_code == 302
    assert Decision.objects.latest("pk").system == started.system


def test_a_viewer_cannot_start_a_decision(client: Client) -> None:
    team = factories.team()
    client.force_login(factories.member(team, Role.VIEWER))
    assert "Start a decision" not in client.get("/").content.decode()
    assert client.post("/new/", {"title": "x", "system": "y", "team": team.pk}).status_code == 403
    assert client.get("/new/").status_code == 403


def test_a_one_time_password_leads_to_its_change_and_nowhere_else(client: Client) -> None:
    user = User.objects.create_user("nadia", password="one-time-9c1f")
    user.must_change_password = True
    user.save()
    client.force_login(user)
    assert client.get("/").url == "/account/password/"
    new = "granite-otter-42"
    client.post("/account/password/", {"old_password": "one-time-9c1f", "new_password1": new, "new_password2": new})
    user.refresh_from_db()
    assert not user.must_change_password
    assert client.get("/").status_code == 200


def measure(draft: Decision, count: int) -> None:
    baseline = Baseline.objects.create(system=draft.system, created_by=draft.author, created_at=NOW)
    for place in range(count):
        Measurement.objects.create(
            baseline=baseline,
            kind="loadtest",
            measured_by=draft.author,
            read_at=NOW,
            sha256=str(place),
            size=1,
            file_name="k6.json",
        )
    Decision.objects.filter(pk=draft.pk).update(baseline=baseline)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_the_database_the_same_number_of_questions(
    author: Client, draft: Decision, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    measure(draft, rows)
    for _ in range(rows - 1):
        factories.decision(draft.author)
    # Session and user; then the decision, whether one may write, the last move, the evidence. The page of the
    # measurements reads them once more, with who took them in, and looks for files that are being read and for what was
    # measured of the same system before.
    counts = {
        draft.address("step", 4): 6,
        draft.address("tasks"): 6,
        draft.address("baseline"): 10,
        draft.address("sign"): 6,
    }
    for address, queries in counts.items():
        with django_assert_num_queries(queries):
            author.get(address)
    with django_assert_num_queries(6):
        author.get("/")


def test_the_home_page_tells_drafts_from_what_waits(client: Client, draft: Decision) -> None:
    approver = factories.member(draft.team, Role.APPROVER)
    client.force_login(approver)
    assert not client.get("/").context["waiting"]
    Decision.objects.filter(pk=draft.pk).update(status=Status.PROPOSED)
    assert list(client.get("/").context["waiting"]) == [draft]
    client.force_login(draft.author)
    home = client.get("/")
    assert not home.context["waiting"]
    assert not home.context["drafts"]
    assert list(home.context["recent"]) == [draft]


@pytest.mark.parametrize(("typed", "kept"), [("85", 0.85), ("85 %", 0.85), ("0,5", 0.005), ("100", 1), ("0", 0)])
def test_a_share_is_typed_as_a_percentage(typed: str, kept: float) -> None:
    assert number(FIELDS["baseline.grpc_share"], typed) == kept


@pytest.mark.parametrize("typed", ["150", "-1", "100.1"])
def test_an_impossible_percentage_is_refused_in_per_cent(typed: str) -> None:
    with pytest.raises(ValidationError, match="a percentage from 0 to 100"):
        number(FIELDS["baseline.grpc_share"], typed)


def test_a_stop_rule_that_is_met_today_is_refused_where_it_is_answered_and_a_measurement_never(
    author: Client, draft: Decision
) -> None:
    measured = {"baseline.p99_ms": 60, "plan.stop_metric": "p99_ms"}
    save(draft, Sheet(user=draft.author, seen=draft.version, now=NOW), measured)
    given = {"plan.stop_metric": "p99_ms", "plan.stop_threshold": "60", "plan.stop_decides": "Ana"}
    response = autosave(author, draft, 5, given | on_page(author, draft, 5))
    problems = json.loads(response.headers["HX-Trigger"])["kept"]["problems"]
    assert response.status_code == 422
    assert "more than today's value is expected" in problems["plan.stop_threshold"]
    assert "stop_threshold" not in draft.case["plan"]
    assert draft.case["plan"]["stop_decides"] == "Ana", "what is right is kept"
    save(draft, Sheet(user=draft.author, seen=draft.version, now=NOW), {"plan.stop_threshold": 61})
    save(draft, Sheet(user=draft.author, seen=draft.version, now=NOW), {"baseline.p99_ms": 70})
    assert (draft.case["baseline"]["p99_ms"], draft.case["plan"]["stop_threshold"]) == (70, 61)


@pytest.mark.parametrize("alone", ["not_sure", "none_of_them"])
def test_not_sure_and_none_of_these_go_with_no_other_choice(author: Client, draft: Decision, alone: str) -> None:
    field = next(one for one in FIELDS.values() if one.kind is Kind.CHOICES and question_at(one.path))
    step = next(one.number for one in STEPS if one.slug == question_at(field.path).step)
    both = [field.choices[0][0], alone]
    posted = on_page(author, draft, step) | {field.path: both}
    refused = author.post(draft.address("step", step), posted)
    assert refused.status_code == 422
    assert "goes with no other answer" in refused.content.decode()
    shown = [one for asked in refused.context["form"].asked() for one in asked.inputs if one.field is field]
    assert {one.value for one in shown[0].options if one.chosen} == set(both)
    draft.refresh_from_db()
    assert plain(draft.case, field.path) is None


def test_what_several_answers_did_is_said_without_a_count_beside_that_of_the_questions() -> None:
    assert what_was_answered((UPGRADES, DEBUGGERS)) == "Your last answers"
    kept = Event(act="answered", detail={"label": "Your 24 answers", "moved": "No mesh takes the first place"})
    assert move_of(kept).label == "Your last answers"
