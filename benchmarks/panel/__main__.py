"""How long a person waits for the panel after an answer, in Chromium, and how long for a view that does nothing.

An answer of step 4 is changed to and fro. One turn is from the request htmx sends to the second frame after the panel
was put in: what a person sees. Between the turns a small text is fetched and painted the same way, through the same
server, session and middleware. Both are told as p50 and p95, and as a ratio, which holds on a busy machine too.

    python -m benchmarks.panel [--turns 60]
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.pages.site import CHROMIUM, FLAGS, served, signed_in

WRITER = "aylin"
STEP = "/nordlicht/DR-0007/step/4/"
QUESTION = "operations.data_path_debuggers"
BARE = "/log/key.txt"
"""A view that reads one line and renders nothing."""
LIMIT_MS = 100
LIMIT_RATIO = 3

WATCH = """() => {
  let since = 0;
  const painted = done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - since)));
  const heard = (event, act) => document.addEventListener(event, e => { if (e.target.id === "answers") act(); });
  heard("htmx:beforeRequest", () => since = performance.now());
  heard("htmx:afterRequest", () => painted(ms => window.told(ms)));
  window.bare = address => new Promise(done => {
    since = performance.now();
    fetch(address).then(answer => answer.text()).then(text => {
      document.getElementById("moved").textContent = text;
      painted(done);
    });
  });
}"""


def main() -> int:
    """Measure; exit code 1 where a limit is passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.panel", description=__doc__)
    parser.add_argument("--turns", type=int, default=60, help="answers changed")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as scratch,
        served(Path(scratch)) as (origin, password),
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = signed_in(browser, origin, WRITER, password)
        panel, bare = turns(page, options.turns)
    print(f"{'':8}{'p50':>8}{'p95':>8} ms, {len(panel)} turns")
    for name, times in (("panel", panel), ("bare", bare)):
        print(f"{name:8}{statistics.median(times):8.1f}{p95(times):8.1f}")
    ratio = statistics.median(panel) / statistics.median(bare)
    print(f"ratio of the medians {ratio:.1f}, of p95 {p95(panel) / p95(bare):.1f}")
    return 1 if p95(panel) > LIMIT_MS or ratio > LIMIT_RATIO else 0


def turns(page: Page, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each turn: the panel, the bare view."""
    page.goto(STEP)
    page.wait_for_selector("#recommendation section")
    page.evaluate(WATCH)
    panel, bare = [], []
    for turn in range(count + 4):
        page.evaluate("() => { window.next = new Promise(done => window.told = done) }")
        page.locator(f"label:has([name='{QUESTION}'])").nth(turn % 4).click()
        panel.append(float(page.evaluate("() => window.next")))
        bare.append(float(page.evaluate("address => window.bare(address)", BARE)))
    return panel[4:], bare[4:]  # the first ones fill caches


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]


if __name__ == "__main__":
    sys.exit(main())
