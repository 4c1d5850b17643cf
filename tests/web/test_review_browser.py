"""The pages after the wizard in a real browser: the list follows the typing, approval without JavaScript, axe."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from decisions import issue
from decisions.models import Decision, Status, User
from tests import factories
from tests.factories import NOW
from tests.web import dossier
from tests.web.obstacles import obstacles, obstacles_in_the_dark

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Page]
BROKEN = """one => {
  const words = document.createRange();
  words.selectNodeContents(one);
  return new Set([...words.getClientRects()].map(({ top }) => top)).size > 1;
}"""
"""Whether the words of an element take more than one line."""


@pytest.fixture
def proposed(db: None, monkeypatch: pytest.MonkeyPatch) -> Decision:
    dossier.without_pages(monkeypatch)
    return dossier.proposed(factories.team(name="Payments"))


@pytest.fixture
def root(db: None) -> User:
    user = factories.stranger("Rosa Ott")
    user.is_staff = user.is_superuser = True
    user.save()
    return user


def test_the_list_follows_what_is_typed_and_the_address_keeps_it(open_page: OpenPage, proposed: Decision) -> None:
    factories.decision(proposed.author, of=proposed.team, title="Encrypt between nodes")
    page = open_page(proposed.author)
    page.goto("/decisions/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Search", exact=True).press_sequentially("encrypt")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/decisions/\?q=encrypt$"))
    expect(page.locator("#count")).to_have_text("1 decision")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    page.get_by_label("Team").select_option("Payments")
    expect(page).to_have_url(re.compile(r"q=encrypt&team=\d+$"))
    page.get_by_role("link", name=re.compile("^Proposed")).click()
    expect(page.get_by_text("No decision matches")).to_be_visible()
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label("Search", exact=True)).to_have_value("encrypt")
    page.locator("tbody tr time").click(force=True)  # the link covers the whole row
    expect(page).to_have_url(re.compile("/tasks/$"))


def test_the_list_works_without_javascript(open_page: OpenPage, proposed: Decision) -> None:
    factories.decision(proposed.author, of=proposed.team, title="Encrypt between nodes")
    page = open_page(proposed.author, java_script_enabled=False)
    page.goto("/decisions/")
    page.get_by_label("Search", exact=True).fill("encrypt")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name=re.compile("^All")).click()
    expect(page).to_have_url(re.compile(r"\?q=encrypt$"))


def test_on_a_phone_the_list_stands_before_the_filters_nobody_set(open_page: OpenPage, proposed: Decision) -> None:
    page = open_page(dossier.approver(proposed), viewport={"width": 390, "height": 844})
    page.goto("/decisions/")
    found = page.get_by_role("row", name=proposed.title)
    assert found.bounding_box()["y"] < 600
    expect(page.get_by_label("Team", exact=True)).to_be_hidden()
    page.get_by_text("More filters").click()
    expect(page.get_by_label("Team", exact=True)).to_be_visible()
    page.goto(f"/decisions/?team={proposed.team_id}")
    expect(page.get_by_label("Team", exact=True)).to_be_visible()
    for tab in page.get_by_label("Status", exact=True).get_by_role("link").all():
        expect(tab).to_be_in_viewport(ratio=1)  # nothing to scroll to that no sign tells of
    page.goto(f"{proposed.get_absolute_url()}compare/")
    expect(page.get_by_label("Compare with another decision")).to_be_visible()  # what nobody set is all there is


def test_from_a_tablet_on_what_a_row_of_the_list_recommends_stands_on_one_line(
    open_page: OpenPage, proposed: Decision
) -> None:
    Decision.objects.filter(pk=proposed.pk).update(approach="cni-encryption", confidence="moderate")
    page = open_page(proposed.author, viewport={"width": 1024, "height": 900})
    page.goto("/decisions/")
    cell = page.get_by_role("cell", name="CNI-level encryption")
    expect(cell.locator(".s")).to_have_text("Confidence: moderate")
    assert cell.bounding_box()["height"] < 80
    wide = page.get_by_role("table").evaluate("one => one.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


@pytest.mark.parametrize("scripts", [True, False])
def test_an_approver_reads_and_signs(open_page: OpenPage, proposed: Decision, scripts: bool) -> None:
    page = open_page(dossier.approver(proposed), java_script_enabled=scripts)
    page.goto(proposed.get_absolute_url())
    page.get_by_role("link", name="approve or reject it").click()
    page.get_by_label("I agree with this statement").check()
    page.get_by_role("button", name="Approve and sign").click()
    expect(page.get_by_text("You approved DR-0001")).to_be_visible()
    proposed.refresh_from_db()
    assert proposed.status == Status.ACCEPTED


def test_a_refused_reason_is_still_there(open_page: OpenPage, proposed: Decision) -> None:
    page = open_page(dossier.approver(proposed))
    page.goto(proposed.get_absolute_url())
    Decision.objects.move(Decision.objects.get(pk=proposed.pk), Status.PROPOSED, title="Other words")
    page.get_by_text("Reject", exact=True).first.click()
    page.get_by_label("Reason").fill("The must-have has no evidence.")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_contain_text("was changed meanwhile")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Reason")).to_have_value("The must-have has no evidence.")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Rejected by Tomas Lind")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1024])
def test_the_contents_stay_beside_a_long_record(open_page: OpenPage, proposed: Decision, width: int) -> None:
    page = open_page(dossier.approver(proposed), viewport={"width": width, "height": 900})
    for address in (proposed.get_absolute_url(), dossier.draft(proposed.team).address("preview")):
        page.goto(address)
        contents = page.get_by_role("navigation", name="Contents of the record")
        for heading in ("Decision Outcome", "Operational Cost", "Sources"):
            page.get_by_role("heading", name=heading, exact=True).evaluate("one => one.scrollIntoView()")
            box = contents.bounding_box()
            assert 56 < box["y"] < box["y"] + box["height"] <= 900, f"{address}, {heading}"


def test_on_a_phone_the_contents_stand_folded_before_the_record(open_page: OpenPage, proposed: Decision) -> None:
    page = open_page(dossier.approver(proposed), viewport={"width": 390, "height": 844})
    page.goto(proposed.get_absolute_url())
    contents = page.get_by_role("navigation", name="Contents of the record")
    verdict, record = page.locator(".verdict").bounding_box(), page.locator(".record").bounding_box()
    assert verdict["y"] < contents.bounding_box()["y"] < record["y"]
    link = contents.get_by_role("link", name="Operational Cost")
    expect(link).to_be_hidden()
    contents.get_by_text("Contents").click()
    link.click()
    expect(page.locator("#cost h2, #operational-cost h2, [id*=cost] h2").first).to_be_in_viewport()


@pytest.mark.parametrize("width", [1440, 1024])
def test_the_numbers_of_a_record_stand_on_one_line_each(open_page: OpenPage, proposed: Decision, width: int) -> None:
    page = open_page(dossier.approver(proposed), viewport={"width": width, "height": 900})
    page.goto(proposed.get_absolute_url())
    cells = page.locator(".record td.num")
    assert cells.count() > 10
    assert cells.evaluate_all(f"all => all.filter({BROKEN}).map(one => one.textContent)") == []
    wide = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.locator(".record .scroll:has(.num)").evaluate_all(wide) == 0


def test_on_a_phone_nothing_of_an_address_in_the_evidence_is_cut_off(open_page: OpenPage, proposed: Decision) -> None:
    page = open_page(dossier.approver(proposed), viewport={"width": 390, "height": 844})
    page.goto(proposed.get_absolute_url())
    page.locator(".record details").evaluate_all("all => all.forEach(one => { one.open = true })")
    cell = page.locator(".record .set td").first
    cell.evaluate("one => { one.textContent = 'https://intranet.example.org/policies/the-network-4' }")
    assert cell.evaluate("one => one.closest('.scroll').scrollWidth - one.closest('.scroll').clientWidth") == 0


def test_on_a_phone_commands_to_type_scroll_and_paths_break_behind_their_slashes(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/api/")
    broken = """all => all.filter(one => one.clientHeight > 26 + 20 * one.textContent.split("\\n").length)"""
    commands = page.locator("pre[tabindex]")
    assert commands.count() > 5
    assert commands.evaluate_all(f"{broken}.map(one => one.textContent)") == []
    assert page.locator("p.digest wbr").count() > 100


def test_on_a_phone_what_is_compared_stands_side_by_side(open_page: OpenPage, root: User) -> None:
    page = open_page(root, viewport={"width": 390, "height": 844})
    page.goto("/styleguide/")
    before, after = page.locator(".sides tbody tr").first.locator("td").all()
    assert before.bounding_box()["y"] == after.bounding_box()["y"]
    assert before.bounding_box()["x"] < after.bounding_box()["x"]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_list_of_the_administration_stands_beside_its_filters_and_above_them_on_a_phone(
    open_page: OpenPage, proposed: Decision, root: User, width: int
) -> None:
    page = open_page(root, viewport={"width": width, "height": 900})
    page.goto("/admin/decisions/decision/")
    rows = page.locator("#result_list").bounding_box()
    filters = page.get_by_role("navigation", name="Filter").bounding_box()
    assert rows["y"] < 500, "it begins in the first window"
    if width == 1440:
        assert rows["x"] + rows["width"] <= filters["x"]
    else:
        assert rows["y"] + rows["height"] <= filters["y"]
        assert "Team" in page.locator("#result_list td").nth(1).evaluate(
            "one => getComputedStyle(one, '::before').content"
        )


def test_in_the_list_of_records_only_the_name_of_the_decision_wraps(
    open_page: OpenPage, proposed: Decision, root: User
) -> None:
    page = open_page(root, viewport={"width": 1024, "height": 900})
    page.goto("/admin/decisions/record/")
    cells = page.locator("#result_list tbody td")
    assert cells.count() >= 3
    assert cells.evaluate_all(f"all => all.filter({BROKEN}).map(one => one.textContent)") == []
    assert page.locator("#result_list tbody th").first.bounding_box()["width"] > 200


def test_the_tiles_of_the_board_are_of_one_size(open_page: OpenPage, proposed: Decision, root: User) -> None:
    page = open_page(root, viewport={"width": 768, "height": 900})
    page.goto("/board/")
    tiles = [one.bounding_box() for one in page.locator(".tiles > li").all()]
    assert len({(round(box["width"]), round(box["height"])) for box in tiles}) == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_stands_in_anybodys_way(open_page: OpenPage, proposed: Decision, root: User, width: int) -> None:
    reader = dossier.approver(proposed)
    for address in every_page(proposed):
        user = root if "/admin/" in address else reader
        page = open_page(user, viewport={"width": width, "height": 900}, color_scheme="light")
        page.goto(address)
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0 or "/admin/" in address, f"{address} is {overflow} px too wide"
        assert obstacles(page) == [], address
        # Colours are the same at every width.
        assert width < 1440 or obstacles_in_the_dark(page) == [], f"{address}, dark"
        page.context.close()


def every_page(proposed: Decision) -> list[str]:
    """One address of each page, after some history has been made."""
    twice = dossier.proposed(proposed.team)
    issue.withdraw(twice, twice.author, NOW)
    dossier.answer(twice, {"baseline.pods": 900, "operations.data_path_debuggers": "nobody"})
    issue.propose(twice, twice.author, NOW)
    issue.approve(twice, dossier.approver(twice), NOW)
    draft = dossier.draft(proposed.team)
    admin = "/admin/decisions"
    return [
        "/decisions/",
        "/decisions/?q=nothing",
        proposed.address("decision"),
        twice.address("decision"),
        twice.address("revision", 1),
        twice.address("compare"),
        draft.address("delete"),
        proposed.address("delete"),
        "/verify/",
        "/method/",
        "/method/istio-ambient-waypoint/",
        "/method/edge-canary/",
        "/admin/",
        f"{admin}/decision/",
        f"{admin}/decision/{twice.pk}/change/",
        f"{admin}/decision/{twice.pk}/delete/",
        f"{admin}/event/",
        f"{admin}/user/add/",
        f"{admin}/user/{proposed.author.pk}/change/",
        f"{admin}/membership/add/",
    ]


def test_a_checked_file_is_shown_without_obstacles(open_page: OpenPage, db: None) -> None:
    record = dossier.proposed().newest_record()
    assert record is not None
    page = open_page(viewport={"width": 390, "height": 900})
    page.goto("/verify/")
    pdf = bytes(record.rendering("pdf").content)
    page.get_by_label("PDF, record.json, Markdown or envelope of a record").set_input_files(
        {"name": "DR-0001.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="Valid: issued here and unchanged")).to_be_visible()
    expect(page.get_by_role("heading", name="Seal: holds")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert obstacles(page) == []
