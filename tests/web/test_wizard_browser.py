"""The wizard in a real browser: saving while one answers, losing the connection, two people, and no JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from decisions.drafting import Sheet, save
from decisions.models import Decision, Role
from tests import factories
from tests.factories import NOW
from tests.web.obstacles import obstacles, obstacles_in_the_dark
from tests.web.test_measured import wrk

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
UPGRADES = "operations.upgrades_per_year"
DEBUGGERS = "operations.data_path_debuggers"
WIDTHS = (1440, 390)


@pytest.fixture
def draft(db: None) -> Decision:
    decision = factories.decision(author=factories.member(factories.team(name="Payments"), name="Nadia Okafor"))
    identity, encryption = "requirements.workload_identity", "requirements.encryption_between_nodes"
    answers = {
        f"{identity}.need": "must",
        f"{identity}.evidence.kind": "person",
        f"{encryption}.need": "must",
        f"{encryption}.evidence.kind": "rule",
        "baseline.pods": 412,
        "baseline.nodes": 38,
        "baseline.peak_rps": 4850,
        "baseline.p99_ms": 38,
        "budget.memory_gib": 5,
    }
    origins = {"baseline.pods": {"source": "412 pods in inventory.json", "date": "2026-11-03"}}
    save(decision, Sheet(user=decision.author, seen=1, now=NOW, origins=origins), answers)
    return decision


def choose(page: Page, path: str, value: str) -> None:
    page.locator(f"label:has(input[name='{path}'][value='{value}'])").click()


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_class("save")
    expect(page.locator("#save-state")).to_contain_text("Saved")


def answers(draft: Decision) -> dict[str, object]:
    draft.refresh_from_db()
    return draft.case["operations"]


def test_what_a_deadline_is_read_as_stands_below_its_field(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author, viewport={"width": 1440, "height": 900})
    page.goto(draft.address("step", 1))
    deadline, remark = page.locator("input[name='context.deadline']"), page.get_by_text("counted as a deadline on")
    width = deadline.bounding_box()["width"]
    deadline.fill("31 March 2027")
    deadline.blur()
    expect(remark).to_be_visible()
    box = deadline.bounding_box()
    assert box["width"] >= width
    assert remark.bounding_box()["y"] >= box["y"] + box["height"]
    within = page.locator(".rank .ln .nb")
    assert within.count()
    displayed = within.evaluate_all("them => them.map(one => getComputedStyle(one).display)")
    assert set(displayed) == {"inline"}, "a word that is not broken has no line of its own"


def test_answers_are_saved_and_the_panel_follows_without_moving_the_person(
    open_page: OpenPage, draft: Decision
) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 4))
    page.locator("#row-sidecar-mesh > summary").click()
    page.locator("#row-cni-encryption > summary").click()
    choose(page, DEBUGGERS, "nobody")
    saved(page)
    expect(page.locator("#recommendation .delta")).to_be_visible()
    # What would change the answer comes after the ranking, by a request of its own.
    expect(page.locator("#recommendation [aria-busy]")).to_have_count(0)
    expect(page.locator("#recommendation section:has(#fl-h) li.change").first).to_be_visible()
    assert answers(draft) == {"data_path_debuggers": "nobody"}
    assert page.evaluate("document.activeElement.name") == DEBUGGERS
    page.locator(f"[name='{UPGRADES}']").fill("3")
    expect(page.locator("#steps .now .s")).to_contain_text("2 of")
    assert page.evaluate("document.activeElement.name") == UPGRADES
    assert page.locator("#row-sidecar-mesh").evaluate("row => row.open")
    assert not page.locator("#row-cni-encryption").evaluate("row => row.open"), "closed by hand, stays closed"


def test_the_best_row_opens_by_itself_and_the_former_best_closes(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 1))
    expect(page.locator(".rank > .best > details")).to_have_attribute("id", "row-cni-encryption")
    page.locator("#row-sidecar-mesh > summary").click()
    choose(page, "requirements.workload_identity.evidence.kind", "rule")
    saved(page)
    expect(page.locator(".rank > .best > details")).to_have_attribute("id", "row-ambient-mesh")
    rows = page.locator(".rank > li > details[open]").evaluate_all("rows => rows.map((row) => row.id)")
    assert set(rows) == {"row-ambient-mesh", "row-sidecar-mesh"}, "what was opened by hand stays open"


def test_a_chosen_answer_is_taken_back_with_the_keyboard_and_the_focus_stays(
    open_page: OpenPage, draft: Decision
) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 4))
    clear = page.locator(f"[name=clear][value='{DEBUGGERS}']")
    expect(clear).to_be_hidden()
    choose(page, DEBUGGERS, "one")
    saved(page)
    expect(page.locator("#steps .now .s")).to_contain_text("2 of")
    clear.press("Enter")
    expect(clear).to_be_hidden()
    assert page.evaluate("document.activeElement.name") == DEBUGGERS
    expect(page.locator(f"[name='{DEBUGGERS}']:checked")).to_have_count(0)
    expect(page.locator("#steps .now .s")).to_contain_text("1 of")
    saved(page)
    draft.refresh_from_db()
    assert "data_path_debuggers" not in draft.case.get("operations", {})


def test_enter_in_a_box_saves_and_takes_nothing_back(open_page: OpenPage, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=2, now=NOW), {DEBUGGERS: "one"})
    page = open_page(draft.author)
    page.goto(draft.address("step", 4))
    page.locator(f"[name='{UPGRADES}']").fill("3")
    page.locator(f"[name='{UPGRADES}']").press("Enter")
    expect(page.locator("#main .caption")).to_have_text("Step 5 of 5")
    assert answers(draft) == {"data_path_debuggers": "one", "upgrades_per_year": 3}


def test_a_lost_connection_is_said_and_nothing_typed_is_lost(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 4))
    page.context.set_offline(True)
    page.locator(f"[name='{UPGRADES}']").fill("6")
    expect(page.locator("#save-state")).to_have_text(re.compile("Not saved. What you typed is still here."))
    expect(page.locator(f"[name='{UPGRADES}']")).to_have_value("6")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    saved(page)
    assert answers(draft) == {"upgrades_per_year": 6}
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()


def test_a_session_that_ended_counts_as_not_saved(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 4))
    page.context.clear_cookies(name="sessionid")
    page.locator(f"[name='{UPGRADES}']").fill("6")
    expect(page.locator("#save-state")).to_have_text(re.compile("Not saved"))


def test_what_is_no_number_is_marked_at_its_field_until_it_is_one(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 4))
    box, error = page.locator(f"[name='{UPGRADES}']"), page.locator(f"[data-error='{UPGRADES}']")
    box.fill("many")
    expect(error).to_have_text("“many” is not a number.")
    expect(page.locator("#save-state")).to_contain_text("except 1 answer")
    box.fill("3")
    expect(error).to_be_empty()
    saved(page)


def test_the_list_of_what_was_refused_goes_when_it_is_put_right(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 4))
    box, days = page.locator(f"[name='{UPGRADES}']"), page.locator("[name='operations.training_days']")
    box.fill("many")
    days.fill("some")
    page.get_by_role("button", name="Save and continue").click()
    refused = page.locator("#errors")
    expect(refused).to_be_focused()
    expect(refused.get_by_role("link")).to_have_count(2)
    days.fill("3")
    expect(refused.get_by_role("link")).to_have_count(1)
    box.fill("4")
    expect(refused).to_have_count(0)
    saved(page)
    box.fill("often")
    expect(page.locator("#save-state")).to_contain_text("except 1 answer")
    expect(refused).to_have_count(0)  # nothing comes up above a page on which somebody types


def test_what_was_refused_is_still_there_after_the_language_was_changed(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author)
    page.on("dialog", lambda asked: asked.accept())
    page.goto(draft.address("step", 4))
    page.locator(f"[name='{UPGRADES}']").fill("often")
    expect(page.locator(f"[data-error='{UPGRADES}']")).not_to_be_empty()
    page.locator("[name=language][value=de]").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator(f"[name='{UPGRADES}']")).to_have_value("often")
    expect(page.locator(f"[data-error='{UPGRADES}']")).to_contain_text("Zahl")


def test_the_second_person_is_asked_on_the_open_page(open_page: OpenPage, draft: Decision) -> None:
    tomas = factories.member(draft.team, Role.APPROVER, "Tomas Lind")
    hers, his = open_page(draft.author), open_page(tomas)
    for page in (hers, his):
        page.goto(draft.address("step", 4))
    choose(hers, DEBUGGERS, "nobody")
    saved(hers)
    choose(his, DEBUGGERS, "vendor")
    expect(his.locator("#clashes")).to_contain_text("By Nadia Okafor")
    assert answers(draft) == {"data_path_debuggers": "nobody"}
    his.locator("#clashes label", has_text="Yours").click()
    his.get_by_role("button", name="Keep these choices").click()
    expect(his.locator("#clashes")).to_be_empty()
    assert answers(draft) == {"data_path_debuggers": "vendor"}


def test_questions_appear_and_go_as_answers_make_them_apply(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 3))
    note = page.locator("[name='context.cloud_encryption_note']")
    expect(note).to_be_hidden()
    unsure = page.locator("[name='not_sure'][value='context.cloud_encryption_accepted']")
    expect(unsure).to_be_hidden()  # the options bring a "not sure" of their own
    choose(page, "context.cloud_encryption_accepted", "yes")
    expect(note).to_be_visible()
    expect(unsure).to_be_visible()
    choose(page, "context.cloud_encryption_accepted", "not_applicable")
    expect(note).to_be_hidden()
    expect(unsure).to_be_hidden()


def test_a_phone_has_the_way_to_the_preview_in_its_head_as_well(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author, viewport={"width": 390, "height": 844})
    page.goto(draft.address("step", 1))
    way = page.get_by_role("banner").get_by_role("link", name="Preview record")
    assert way.bounding_box()["width"] >= 40
    way.click()
    expect(page).to_have_url(re.compile("/preview/$"))


def test_on_a_phone_the_name_of_the_decision_has_the_room_and_a_mark_says_that_all_is_saved(
    open_page: OpenPage, draft: Decision
) -> None:
    Decision.objects.filter(pk=draft.pk).update(title="Less memory for sidecars on the depot controllers")
    page = open_page(draft.author, viewport={"width": 390, "height": 844})
    page.goto(draft.address("step", 4))
    name = page.get_by_role("navigation", name="Breadcrumb").locator("[aria-current]")
    assert name.evaluate("one => one.scrollHeight <= one.clientHeight && one.scrollWidth <= one.clientWidth")
    state = page.locator("#save-state")
    expect(state.locator("svg")).to_be_visible()
    assert state.bounding_box()["width"] < 40
    page.locator(f"[name='{UPGRADES}']").fill("many")
    page.locator(f"[name='{UPGRADES}']").blur()
    expect(state).to_contain_text("except 1 answer")
    assert state.bounding_box()["width"] > 80, "what is not saved is said to all"
    page.set_viewport_size({"width": 720, "height": 900})
    assert name.bounding_box()["width"] > 100, "where it came from gives way to what it is"


def test_on_a_phone_a_lost_connection_leaves_everything_in_the_head_within_reach(
    open_page: OpenPage, draft: Decision
) -> None:
    page = open_page(draft.author, viewport={"width": 390, "height": 844}, locale="de")
    page.goto(draft.address("step", 4))
    page.context.set_offline(True)
    choose(page, DEBUGGERS, "nobody")
    again = page.get_by_role("button", name="Wiederholen")
    for shown in (again, page.locator("#save-state span"), page.locator("#account-menu")):
        expect(shown).to_be_in_viewport(ratio=1)
    page.context.set_offline(False)
    again.click()
    expect(page.locator("#save-state")).to_contain_text("Gespeichert")


def test_evidence_opens_below_a_must_and_says_what_counts(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("step", 1))
    row = page.locator("#requirements-grpc_load_balancing")
    expect(row.locator(".proof")).to_be_hidden()
    choose(page, "requirements.grpc_load_balancing.need", "must")
    expect(row.locator(".demoted")).to_be_visible()
    expect(row.get_by_role("button", name="Clear")).to_have_count(1)
    choose(page, "requirements.grpc_load_balancing.evidence.kind", "incident")
    expect(row.locator(".demoted")).to_be_hidden()
    choose(page, "requirements.grpc_load_balancing.evidence.kind", "practice")
    expect(row.locator(".demoted")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_all_five_steps_from_start_to_signature(open_page: OpenPage, db: None, javascript: bool) -> None:
    team = factories.team(name="Payments")
    author = factories.member(team, name="Nadia Okafor")
    page = open_page(author, java_script_enabled=javascript)
    page.goto("/")
    page.get_by_role("link", name="Start a decision").first.click()
    page.get_by_label("What is to be decided?").fill("East-west traffic")
    page.get_by_label("Cluster or platform").fill("payments-prod")
    page.get_by_role("button", name="Start").click()
    for row in page.locator(".req").all():
        row.locator(".seg label", has_text="Not needed").click()
    choose(page, "requirements.encryption_between_nodes.need", "must")
    choose(page, "requirements.encryption_between_nodes.evidence.kind", "rule")
    for number in range(1, 6):
        expect(page.locator("#main .caption")).to_have_text(f"Step {number} of 5")
        page.get_by_role("button", name="Save and continue").click()
        if page.locator("#main .caption").inner_text() == f"Step {number} of 5":
            page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and sign")
    page.go_back()
    expect(page.locator("#main .caption")).to_have_text("Step 5 of 5")
    page.goto(Decision.objects.get().address("sign"))
    page.get_by_label("I propose DR-0001").check()
    page.get_by_role("button", name="Propose and sign as Nadia Okafor").click(no_wait_after=True)
    page.wait_for_url("**/DR-0001/", wait_until="commit", timeout=60_000)
    decision = Decision.objects.get()
    assert decision.status == "proposed"
    assert decision.records.get().signatures.get().signer == author


LOST = """() => {
  const one = document.activeElement, shown = one.closest(".choices label, .seg label, .unit") ?? one;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  if (one === document.body) return "the focus is lost";
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "not to be seen: " + one.outerHTML;
  const covered = box.bottom <= 56 && !one.closest(".top, .skip");
  return covered || box.top >= innerHeight ? "out of sight: " + one.outerHTML : "";
}"""
"""What is wrong with where the focus is; empty when a person sees it."""


def tab_to(page: Page, wanted: str) -> None:
    """Go on with Tab until the focus is on `wanted`; it must be seen at every stop."""
    for _ in range(200):
        page.keyboard.press("Tab")
        assert page.evaluate(LOST) == ""
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"Tab never comes to {wanted}")


def test_tab_enter_and_space_are_enough_and_the_focus_is_always_seen(open_page: OpenPage, draft: Decision) -> None:
    page = open_page(draft.author, reduced_motion="reduce")
    page.goto(draft.address("step", 4))
    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    tab_to(page, f"[name='{DEBUGGERS}']")
    page.keyboard.press("Space")
    saved(page)
    expect(page.locator("#recommendation .delta")).to_be_visible()
    assert page.evaluate("document.activeElement.name") == DEBUGGERS, "the renewed panel takes no focus"
    assert page.evaluate(LOST) == ""
    tab_to(page, ".why > summary")
    page.keyboard.press("Enter")
    expect(page.locator(".why[open]").first).to_be_visible()
    tab_to(page, "#answers .primary")
    page.keyboard.press("Enter")
    expect(page.locator("#main .caption")).to_have_text("Step 5 of 5")
    tab_to(page, "#answers .primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and sign")


def test_keys_alone_lead_from_the_start_page_through_steps_one_to_three(open_page: OpenPage, db: None) -> None:
    page = open_page(factories.member(factories.team(name="Payments")), reduced_motion="reduce")
    page.goto("/")
    tab_to(page, "main a[href='/new/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/")
    for field, words in (("title", "East-west traffic"), ("system", "Payments clusters")):
        tab_to(page, f"[name='{field}']")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    for number, path, keys in BY_KEYS:
        expect(page.locator("#main .caption")).to_have_text(f"Step {number} of 5")
        tab_to(page, f"[name='{path}']")
        for key in keys:
            page.keyboard.press(key)
        assert page.evaluate(LOST) == ""
        saved(page)
        tab_to(page, "#answers .primary")
        page.keyboard.press("Enter")
    expect(page.locator("#main .caption")).to_have_text("Step 4 of 5")
    case = Decision.objects.get().case
    assert case["requirements"]["workload_identity"]["need"] == "nice"
    assert case["baseline"]["pods"] == 412
    assert case["context"]["application_teams"] == 9


BY_KEYS = (
    (1, "requirements.workload_identity.need", ["Space", "ArrowRight"]),
    (2, "baseline.pods", ["4", "1", "2", "Tab"]),
    (3, "context.application_teams", ["9", "Tab"]),
)
"""Step, a question of it, and the keys that answer it."""


def test_nothing_moves_by_itself_whether_motion_is_to_be_reduced_or_not(open_page: OpenPage, draft: Decision) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter(one => {
      const style = getComputedStyle(one);
      const changes = style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
      return changes || style.scrollBehavior === "smooth";
    }).map(one => one.outerHTML.slice(0, 80))"""
    page = open_page(draft.author, reduced_motion="reduce")
    page.goto(draft.address("step", 4))
    assert page.evaluate(moving) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) == []


def test_what_was_read_and_is_not_kept_yet_is_there_after_a_reload_and_after_leaving(
    open_page: OpenPage, draft: Decision
) -> None:
    page = open_page(draft.author)
    page.goto(draft.address("baseline"))
    page.locator("#files").set_input_files({"name": "before.txt", "mimeType": "text/plain", "buffer": wrk()})
    page.get_by_role("button", name="Read", exact=True).click()
    heading = page.get_by_role("heading", name="What was read", exact=True)
    expect(heading).to_be_visible()
    page.reload()
    expect(heading).to_be_visible()
    page.get_by_text("Read other files").click()
    page.get_by_role("link", name="Type the numbers instead").click()
    page.wait_for_url("**/step/2/")
    page.goto(draft.address("baseline"))
    page.get_by_role("link", name="before.txt").click()
    expect(heading).to_be_visible()
    page.get_by_label("All from here").first.check()
    page.get_by_role("button", name="Keep and fill in").click()
    page.wait_for_url("**/step/2/")


PAGES = [
    "step 1",
    "step 2",
    "step 3",
    "step 4",
    "step 5",
    "tasks",
    "baseline",
    "sign",
    "preview",
    "home",
    "new",
    "password",
    "login",
]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_fits(open_page: OpenPage, draft: Decision, name: str) -> None:
    page = open_page(None if name == "login" else draft.author)
    page.goto(address_of(draft, name))
    page.evaluate("for (const row of document.querySelectorAll('details:not(.menu)')) row.open = true")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert obstacles(page) == [], width
    assert obstacles_in_the_dark(page) == []


def address_of(draft: Decision, name: str) -> str:
    plain = {"home": "/", "new": "/new/", "password": "/account/password/", "login": "/sign-in/"}
    if name in plain:
        return plain[name]
    view, _, number = name.partition(" ")
    return draft.address(view, *([int(number)] if number else []))
