"""Looking ahead in a real browser: a choice is on the screen before it is saved, and gone again when it cannot be."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from decisions.drafting import Sheet, save
from decisions.models import Decision
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
DEBUGGERS = "operations.data_path_debuggers"
SAVE = "**/step/4/"


@pytest.fixture
def draft(db: None) -> Decision:
    decision = factories.decision()
    answers = {"requirements.workload_identity.need": "must", "baseline.pods": 412, DEBUGGERS: "one"}
    save(decision, Sheet(user=decision.author, seen=1, now=NOW), answers)
    return decision


@pytest.fixture
def page(open_page: OpenPage, draft: Decision) -> Page:
    page = open_page(draft.author)
    page.goto(draft.address("step", 4))
    return page


class Looking:
    """What a page asks ahead while the pointer rests on a question."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.begun = self.at_once = self.most_at_once = 0
        page.on("request", lambda one: self._count(one.url, 1))
        page.on("requestfinished", lambda one: self._count(one.url, -1))

    def _count(self, url: str, step: int) -> None:
        if not url.endswith("/ahead/"):
            return
        self.begun += step > 0
        self.at_once += step
        self.most_at_once = max(self.most_at_once, self.at_once)

    def rest(self, path: str) -> None:
        """Let the pointer rest on the question until each of its answers was asked about."""
        options = self.page.locator(f".choices:has([name='{path}'])")
        wanted = self.begun + options.locator("[type=radio]:not(:checked)").count()
        options.locator("xpath=ancestor::fieldset[1]").locator("legend").hover()
        while self.begun < wanted or self.at_once:
            self.page.wait_for_event("requestfinished", timeout=10_000)


def choose(page: Page, value: str) -> None:
    page.locator(f"label:has([name='{DEBUGGERS}'][value='{value}'])").click()


def hold(page: Page, held: list[Route], what: str = SAVE) -> None:
    """Keep requests from reaching the server until the test lets them go."""

    def keep(route: Route) -> None:
        held.append(route)

    page.route(what, keep)


def answer(draft: Decision) -> object:
    draft.refresh_from_db()
    return draft.case["operations"]["data_path_debuggers"]


def test_a_choice_is_shown_at_once_and_then_confirmed_by_the_save(page: Page, draft: Decision) -> None:
    looking, held = Looking(page), list[Route]()
    page.locator("#row-sidecar-mesh > summary").click()
    looking.rest(DEBUGGERS)
    assert looking.most_at_once == 1, "one request at a time"
    assert answer(draft) == "one", "looking writes nothing"
    hold(page, held)
    choose(page, "nobody")
    expect(page.locator("#save-state")).to_contain_text("Saving")
    expect(page.locator("#rec-answer .delta")).to_contain_text("“Who can debug the network data path at 3 a.m.?”:")
    expect(page.locator("#rec-changes")).to_contain_text("Being worked out")
    assert page.locator("#row-sidecar-mesh").evaluate("row => row.open"), "opened by hand, stays open"
    assert answer(draft) == "one"
    shown = page.locator("#rec-answer").inner_text()
    held[0].continue_()
    expect(page.locator("#save-state")).to_contain_text("Saved")
    assert answer(draft) == "nobody"
    assert page.locator("#rec-answer").inner_text() == shown
    expect(page.locator("#rec-changes")).not_to_contain_text("Being worked out")
    assert page.evaluate("document.activeElement.name") == DEBUGGERS


def test_what_was_shown_ahead_is_taken_back_when_the_save_is_lost(page: Page, draft: Decision) -> None:
    before = page.locator("#recommendation").inner_text()
    Looking(page).rest(DEBUGGERS)
    held = list[Route]()
    hold(page, held)
    choose(page, "two_or_more")
    expect(page.locator("#save-state")).to_contain_text("Saving")
    assert page.locator("#recommendation").inner_text() != before
    held[0].abort()
    expect(page.locator("#save-state")).to_contain_text("Not saved")
    assert page.locator("#recommendation").inner_text() == before
    page.unroute(SAVE)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#save-state")).to_contain_text("Saved")
    assert answer(draft) == "two_or_more"


def test_a_panel_that_comes_too_late_does_not_keep_the_save_waiting_or_save_twice(page: Page, draft: Decision) -> None:
    saves, held = list[str](), list[Route]()
    page.on("request", lambda one: saves.append(one.url) if one.url.endswith("/step/4/") else None)
    hold(page, held, SAVE + "ahead/")
    page.locator(f"label:has([name='{DEBUGGERS}'][value='nobody'])").click(delay=100)
    expect(page.locator("#save-state")).to_contain_text("Saved")
    expect(page.locator("#rec-answer .delta")).to_contain_text("moved")
    assert answer(draft) == "nobody"
    assert held, "the answer was asked about when the button went down"
    after = shown(page)
    held[0].continue_()
    page.wait_for_timeout(300)
    assert shown(page) == after
    assert len(saves) == 1


def test_what_somebody_else_changed_meanwhile_is_on_the_screen_after_the_save(page: Page, draft: Decision) -> None:
    before = shown(page)
    Looking(page).rest(DEBUGGERS)
    other = factories.member(draft.team, name="Tomas Lind")
    save(draft, Sheet(user=other, seen=2, now=NOW, page="his"), {"requirements.workload_identity.need": "not_needed"})
    choose(page, "nobody")
    expect(page.locator("#others")).to_contain_text("Tomas Lind")
    after = shown(page)
    page.reload()
    assert after == shown(page)
    assert after != before


def shown(page: Page) -> list[str]:
    """The marks of what the page shows, but for what would change the answer, which is asked for later."""
    return page.locator("[data-mark]:not(#rec-changes)").evaluate_all("all => all.map(one => one.dataset.mark)")
