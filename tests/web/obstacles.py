"""What axe finds in a page: the rules every page has to keep, as tests ask for them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules whose verdict depends on the colour scheme."""
# What passes is not described, which halves the time; style sheets are not loaded a second time, which the content
# security policy would refuse.
QUICK = {"preload": False, "resultTypes": ["violations"]}


def obstacles(page: Page, rules: list[str] | None = None) -> list[tuple[str, object]]:
    """The rules of WCAG 2.2 AA and best practice (or only `rules`) that are broken, each with where."""
    found = Axe().run(page, options={"runOnly": rules or TAGS, **QUICK}).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def obstacles_in_the_dark(page: Page) -> list[tuple[str, object]]:
    """What the dark scheme breaks, once the change of colours has come to its end."""
    page.emulate_media(color_scheme="dark")
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    return obstacles(page, COLOURS)
