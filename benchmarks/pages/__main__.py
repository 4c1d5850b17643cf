"""Crawl the demo organisation in Chromium as an administrator, an author, an approver, an auditor and a stranger.

For each page in both themes and three widths: the findings of axe (WCAG 2.2 AA and best practice), sideways scrolling
(also at 320 CSS pixels, which is 200 % zoom of a 640 wide window), script errors, violations of the content security
policy, and what it weighs. Exit code 1 where anything is found.

    python -m benchmarks.pages [--who NAME ...] [--pictures DIRECTORY] [--quick]
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

from benchmarks.pages.crawl import Crawl
from benchmarks.pages.site import AUDITOR, CHROMIUM, FLAGS, served, signed_in

PEOPLE = ("admin", "mara", "jonas", AUDITOR, "stranger")
"""Who walks: an administrator, an author, an approver, an auditor, and somebody who has no account."""
VIEWS = [(width, theme) for theme in ("light", "dark") for width in (1440, 1024, 390)]
QUICK = [(1440, "light"), (390, "dark")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGE_LIMIT = 150_000
"""Bytes that a page may weigh, everything it loads included, as it is sent."""


@dataclass
class Findings:
    """What is wrong, said once for each page and view."""

    lines: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    axe_at_work: bool = False

    def say(self, where: str, what: str) -> None:
        """Keep and print one."""
        self.lines.append(f"{where}: {what}")
        print(f"  {where}: {what}", flush=True)


def look(page: Page, where: str, views: list[tuple[int, str]], pictures: Path | None, findings: Findings) -> None:
    """One page in all views."""
    findings.axe_at_work = True
    for width, theme in views:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        view = f"{where} {width} {theme}"
        report: Any = Axe().run(page, options=RULES).response
        for rule in report["violations"]:
            targets = "; ".join(str(node["target"][0]) for node in rule["nodes"][:3])
            findings.say(view, f"{rule['id']} at {targets}")
        if pictures:
            name = f"{where.strip('/').replace(' /', '-').replace('/', '_')}-{width}-{theme}.png"
            page.screenshot(path=pictures / name, full_page=True)
        sideways(page, view, findings)
    page.set_viewport_size({"width": 320, "height": 700})
    sideways(page, f"{where} 320", findings)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("about:blank")
    findings.axe_at_work = False


def sideways(page: Page, view: str, findings: Findings) -> None:
    """Whether the page is wider than its window, and by what."""
    wide = page.evaluate(
        """() => {
        const edge = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= edge) return null;
        const held = e => { for (let a = e.parentElement; a && a !== document.body; a = a.parentElement)
          if (getComputedStyle(a).overflowX !== "visible") return true; return false };
        return [...document.querySelectorAll("body *")]
          .filter(e => e.getBoundingClientRect().right > edge + 1 && !held(e))
          .slice(0, 3).map(e => e.tagName.toLowerCase() + "." + e.className).join(", ") || "?" }"""
    )
    if wide:
        findings.say(view, f"scrolls sideways: {wide}")


def main() -> int:
    """Walk as each person; print what is found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--pictures", type=Path, help="keep a picture of each page and view here")
    parser.add_argument("--quick", action="store_true", help="two views instead of six")
    parser.add_argument("--who", nargs="+", choices=PEOPLE, default=PEOPLE, help="walk as these only")
    options = parser.parse_args()
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    views, findings = QUICK if options.quick else VIEWS, Findings()
    scratch = tempfile.TemporaryDirectory()
    with scratch, served(Path(scratch.name)) as (origin, password), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for who in options.who:
            page = signed_in(browser, origin, "" if who == "stranger" else who, password)
            watch(page, findings)
            for path in Crawl(page=page, origin=origin).walk(["/", "/sign-in/", "/verify/", "/nowhere/"]):
                where = f"{who} {path}"
                print(where, flush=True)
                findings.weights[where] = weight(page)
                if findings.weights[where] > PAGE_LIMIT:
                    findings.say(where, f"weighs {findings.weights[where]:,} bytes")
                look(page, where, views, options.pictures, findings)
    heavy = sorted(findings.weights.items(), key=lambda one: -one[1])[:5]
    print("Heaviest: " + ", ".join(f"{path} {size // 1000} KB" for path, size in heavy))
    print(f"{len(findings.lines)} findings")
    return 1 if findings.lines else 0


def watch(page: Page, findings: Findings) -> None:
    """Note script errors and refused content as they happen; axe puts styles of its own into pages and is not meant."""

    def hear(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text and not findings.axe_at_work:
            findings.say(page.url, said.text)

    page.on("pageerror", lambda error: findings.say(page.url, str(error)))
    page.on("console", hear)


def weight(page: Page) -> int:
    """Bytes of the open page and all it loaded, as they were sent."""
    return int(
        page.evaluate(
            """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
        )
    )


if __name__ == "__main__":
    sys.exit(main())
