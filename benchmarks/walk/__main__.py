"""Walk all five steps with a sample case and files, and count keystrokes, clicks and seconds at a normal pace.

The person drops the files, reads every word about what was found and keeps it, reads every word of each question that
is still open (of an answered one its title), gives each answer of the case that the files did not give, says of all
requirements the case does not name that they are not needed (each counts as an answer by hand, though one click gives
them), reads the answers once more and signs.

    python -m benchmarks.walk CASE.yaml FILE ...
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.pages.site import CHROMIUM, FLAGS, served, signed_in
from benchmarks.walk.person import KEY, THINK, WORDS_A_MINUTE, Person

FIFTEEN_MINUTES = 15 * 60
TO_READ = """() => {
  const answered = box => [...box.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .some(a => ["radio", "checkbox"].includes(a.type) ? a.checked : a.value !== "");
  const boxes = [...document.querySelectorAll("#answers :is(.q, .req, #rest)")].filter(e => e.checkVisibility());
  const words = boxes.map(box => answered(box) ? box.querySelector("legend, .l").innerText : box.innerText);
  return [...document.querySelectorAll("#main :is(h1, .lead)")].map(e => e.innerText).concat(words).join(" ");
}"""
"""What somebody reads of a step: an open question whole, of one that the files have answered its title."""
OWN_ANSWERS = "() => [...document.querySelectorAll('#main dd p, #act')].map(e => e.innerText).join(' ')"


def given(case: dict[str, Any], before: str = "") -> dict[str, str]:
    """The case's answers by the names of their fields."""
    found: dict[str, str] = {}
    for name, value in case.items():
        if isinstance(value, dict):
            found |= given(value, f"{before}{name}.")
        elif isinstance(value, bool):
            found[before + name] = "yes" if value else "no"
        elif not isinstance(value, list):
            found[before + name] = str(value)
    return found


def answer(person: Person, main: Locator, answers: dict[str, str]) -> tuple[int, int]:
    """Go through a step from top to bottom; (answers that stood there, answers given by hand)."""
    stood = by_hand = 0
    for name in names(person.page):
        fields = main.locator(f"[name='{name}']")
        if not fields.first.is_visible() and not main.locator(f"label:has([name='{name}'])").first.is_visible():
            continue
        value = answers.get(name, "")
        if filled(fields):
            stood += 1
        elif value and give(person, main, name, value):
            by_hand += 1
    return stood, by_hand


def none_of_the_rest(person: Person) -> int:
    """Say of all requirements without an answer that they are not needed, and read what became of them; how many."""
    person.click(person.page.get_by_role("button", name="None of the rest is needed"))
    notice = person.page.locator("form.notice:has([name=back])")
    person.read(notice.inner_text())
    return len(str(notice.locator("[name=back]").get_attribute("value")).split("."))


def names(page: Page) -> list[str]:
    """The names of a step's fields as they stand."""
    found: list[str] = page.eval_on_selector_all(
        "#answers :is(input:not([type=hidden]), select, textarea)", "all => all.map(a => a.name)"
    )
    return [name for name in dict.fromkeys(found) if "." in name and not name.endswith(".note")]


def filled(fields: Locator) -> bool:
    """Whether an answer stands there."""
    return bool(
        fields.evaluate_all("all => all.some(a => ['radio', 'checkbox'].includes(a.type) ? a.checked : a.value !== '')")
    )


def give(person: Person, main: Locator, name: str, value: str) -> bool:
    """Choose or type one answer; whether the field takes it."""
    choice = main.locator(f"label:has([name='{name}'][value='{value}'])")
    if choice.count():
        person.click(choice.first)
        return True
    field = main.locator(f"[name='{name}']").first
    if field.evaluate("a => a.tagName === 'SELECT'"):
        person.click(field)
        field.select_option(value)
        return True
    if field.get_attribute("type") in ("radio", "checkbox"):
        return False
    person.type(field, value)
    return True


def walk(page: Page, case: dict[str, Any], files: list[Path]) -> dict[str, Any]:
    """From the start page to the signature."""
    person, main, answers = Person(page=page), page.locator("#main"), given(case)
    begun, stood, by_hand = time.monotonic(), 0, 0
    page.goto("/")
    person.click(page.get_by_role("link", name="Start a decision").first)
    person.type(page.get_by_label("What is to be decided?"), case["title"])
    person.type(page.get_by_label("Cluster or platform"), "production")
    person.click(page.get_by_role("button", name="Start"))
    for number in range(1, 6):
        page.locator("#main .caption", has_text=f"Step {number} of 5").wait_for()
        if number == 2:
            bring(person, files)
        before = person.words
        person.read(page.evaluate(TO_READ))
        here = answer(person, main, answers)
        stood, by_hand = stood + here[0], by_hand + here[1]
        say(f"step {number}: {person.words - before} words, {here[0]} filled from files or earlier, {here[1]} by hand")
        if number == 1:
            by_hand += none_of_the_rest(person)
        person.click(page.get_by_role("button", name="Save and continue"))
        page.wait_for_load_state()
        if page.locator("#main .caption", has_text=f"Step {number} of 5").count():
            person.read(page.locator(".error-summary, .notice").first.inner_text())
            person.click(page.get_by_role("button", name="Save and continue"))
    page.get_by_role("heading", level=1, name="Check and sign").wait_for()
    say(f"before signing: {person.words} words")
    person.read(page.evaluate(OWN_ANSWERS))
    person.click(main.locator("label", has_text="I propose"))
    person.click(page.get_by_role("button", name="Propose and sign"))
    page.wait_for_url("**/DR-*/", timeout=120_000)
    return {
        "clicks": person.clicks,
        "keystrokes": person.keystrokes,
        "words_read": person.words,
        "seconds_of_the_person": round(person.seconds),
        "seconds_of_the_machine": round(time.monotonic() - begun),
        "answers_filled": stood,
        "answers_by_hand": by_hand,
    }


def say(line: str) -> None:
    """Show how far the walk is."""
    print(f"  {line}", file=sys.stderr, flush=True)


def bring(person: Person, files: list[Path]) -> None:
    """Drop the files, look at what was read, keep it."""
    page = person.page
    person.drop(page.locator("#files"), files)
    read = page.get_by_role("button", name="Read", exact=True)
    if read.is_visible():
        person.click(read)
    page.get_by_role("heading", name="What was read").wait_for(timeout=120_000)
    person.read(page.locator("#main").inner_text())
    say(f"files read: {person.words} words so far")
    for row in page.locator("tbody tr", has=page.locator("td input[type=radio]")).all():
        if not row.locator("input:checked").count():
            person.click(row.locator("td input[type=radio]").first)
    person.click(page.get_by_role("button", name="Keep and fill in"))
    page.wait_for_url("**/step/2/")


def main() -> int:
    """Print the counts; 1 when the walk takes longer than fifteen minutes or less than half was filled."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.walk", description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    case = yaml.safe_load(options.case.read_text(encoding="utf-8"))
    scratch = tempfile.TemporaryDirectory()
    with scratch, served(Path(scratch.name)) as (origin, password), sync_playwright() as play:
        page = signed_in(play.chromium.launch(executable_path=CHROMIUM, args=FLAGS), origin, "mara", password)
        counted = walk(page, case, options.files)
    whole = counted["seconds_of_the_person"] + counted["seconds_of_the_machine"]
    share = counted["answers_filled"] / max(1, counted["answers_filled"] + counted["answers_by_hand"])
    counted |= {"minutes": round(whole / 60, 1), "share_filled": round(share, 2)}
    counted["pace"] = f"{WORDS_A_MINUTE} words a minute, {KEY} s a key, {THINK} s to make up one's mind"
    print(json.dumps(counted, indent=2))
    return 0 if whole < FIFTEEN_MINUTES and share >= 0.5 else 1


if __name__ == "__main__":
    sys.exit(main())
