"""Crawl the demo organisation in Chromium as an administrator, an author, an approver, an auditor and a stranger.

The first page of each kind (one template, one role) is looked at in both themes and three widths, every other address
in one view: the findings of axe (WCAG 2.2 AA and best practice) and sideways scrolling. Every address is looked at once
at 320 CSS pixels (200 % zoom of a 640 wide window), in forced colours and with motion reduced; script errors,
violations of the content security policy and what it weighs are noted. A page whose elements, classes, roles and states
were judged before in the same view, as another person or at another address, is not given to axe again; all else is
asked of it. Exit code 1 where anything is found.

    python -m benchmarks.pages [--who NAME ...] [--pictures DIRECTORY] [--quick] [--done FILE] [--at ADDRESS]

Beside what links lead to they open what is unlinked, or behind a mailed link or a second factor (`behind.py`).

With --at, the password of the people is taken from DEMO_PASSWORD in the environment, and the auditor's role is given
beforehand: Ingrid is a viewer in a new demo; what is behind a mailed link is left out there.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

from benchmarks.pages.behind import addresses, prepare, with_second_factor
from benchmarks.pages.crawl import Crawl
from benchmarks.pages.look import EVERY_VIEW, ONE_VIEW, TWO_VIEWS, Findings, look
from benchmarks.pages.shape import Shapes
from benchmarks.pages.site import AUDITOR, CHROMIUM, FLAGS, served, signed_in

PEOPLE = ("admin", "mara", "aylin", "jonas", AUDITOR, "stranger")
"""Who walks: an administrator, two authors (one with a proposal, one with a draft), an approver, an auditor, and
somebody who has no account."""
START = ["/", "/sign-in/", "/verify/", "/nowhere/"]
CAREFUL = "mara"
"""Who sets up a second factor in the end."""
PAGE_LIMIT = 150_000
"""Bytes that a page may weigh, everything it loads included, as it is sent."""


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--pictures", type=Path, help="keep a picture of each page and view here")
    parser.add_argument("--quick", action="store_true", help="two views of the first of a kind, instead of six")
    parser.add_argument("--who", nargs="+", choices=PEOPLE, default=PEOPLE, help="walk as these only")
    parser.add_argument("--at", help="a demo organisation that is served at this address, instead of a new one")
    parser.add_argument("--done", type=Path, help="addresses looked at are noted here, and left out when they are")
    return parser.parse_args()


def main() -> int:
    """Walk as each person; print what is found."""
    options = arguments()
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    findings = Findings(pictures=options.pictures)
    shapes = Shapes(noted=options.done.with_suffix(".shapes") if options.done else None)
    with site(options.at) as (origin, password, prepared), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for who in options.who:
            page = signed_in(browser, origin, "" if who == "stranger" else who, password)
            watch(page, findings)
            see = See(page=page, who=who, options=options, findings=findings, shapes=shapes)
            for path, is_first in Crawl(page=page, origin=origin).walk([*START, *addresses(who, prepared)]):
                see.one(path, is_first=is_first)
            if who == CAREFUL:
                for path in with_second_factor(page, who, password):
                    see.one(f"{path} with it", is_first=True)
    heavy = sorted(findings.weights.items(), key=lambda one: -one[1])[:5]
    print("Heaviest: " + ", ".join(f"{path} {size // 1000} KB" for path, size in heavy))
    print(f"{len(findings.weights)} addresses, {findings.views} views judged, {len(findings.lines)} findings")
    return 1 if findings.lines else 0


@contextlib.contextmanager
def site(address: str | None) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """Address and password of the demo that is served there, or of a new one; and by person what no link leads to."""
    if address:
        yield address.rstrip("/"), os.environ["DEMO_PASSWORD"], {}
        return
    with tempfile.TemporaryDirectory() as scratch, served(Path(scratch)) as (origin, password):
        yield origin, password, prepare(Path(scratch))


@dataclass
class See:
    """One person looking at pages."""

    page: Page
    who: str
    options: argparse.Namespace
    findings: Findings
    shapes: Shapes

    def one(self, path: str, *, is_first: bool) -> None:
        """Look at the page that is open in `page`, unless an earlier run did."""
        noted, where = self.options.done, f"{self.who} {path}"
        if noted and noted.exists() and where in noted.read_text().splitlines():
            return
        print(where, flush=True)
        findings, many = self.findings, TWO_VIEWS if self.options.quick else EVERY_VIEW
        findings.weights[where] = weight(self.page)
        if findings.weights[where] > PAGE_LIMIT:
            findings.say(where, f"weighs {findings.weights[where]:,} bytes")
        look(self.page, where, many if is_first else ONE_VIEW, findings, self.shapes)
        if noted:
            with noted.open("a") as kept:
                print(where, file=kept)


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
