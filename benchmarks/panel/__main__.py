"""How long a person waits for the panel after an answer, in Chromium, and how long for a view that does nothing.

Answers of step 4 are changed one at a time so that no set of answers comes twice: the server judges each anew. One turn
is from the choice (the `input` event) to the second frame after the panel was put in: what a person waits for, with the
pause before the request. Then one answer is changed to and fro between sets that were judged before. Between the turns
a small text is fetched and painted the same way, through the same server, session and middleware. A browser paints at
most sixty times a second, so that two frames alone are 17 to 33 ms of every figure. All are told as p50 and p95, and as
a ratio, which holds better on a busy machine; the limits are for answers that are new.

    python -m benchmarks.panel [--turns 60]
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.pages.site import CHROMIUM, FLAGS, served, signed_in

WRITER = "aylin"
STEP = "/nordlicht/DR-0007/step/4/"
QUESTIONS = ("data_path_debuggers", "pod_restarts", "connection_resets", "support", "exit_time")
BARE = "/log/key.txt"
"""A view that reads one line and renders nothing."""
FILLING = 4
"""Turns that fill caches and do not count."""
LIMIT_MS = 100
LIMIT_RATIO = 3

WATCH = """() => {
  let since = 0;
  const painted = done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - since)));
  document.addEventListener("input", () => since = performance.now(), true);
  document.addEventListener("htmx:afterRequest", e => {
    if (e.target.id === "answers") painted(ms => window.told(ms));
  });
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
        panel, again, bare = turns(page, options.turns)
    print(f"{'':30}{'p50':>8}{'p95':>8} ms, {len(panel)} turns")
    for name, times in (("panel, new answers", panel), ("panel, answers judged before", again), ("bare", bare)):
        print(f"{name:30}{statistics.median(times):8.1f}{p95(times):8.1f}")
    ratio = statistics.median(panel) / statistics.median(bare)
    print(f"ratio of the medians {ratio:.1f}, of p95 {p95(panel) / p95(bare):.1f}")
    return 1 if p95(panel) > LIMIT_MS or ratio > LIMIT_RATIO else 0


def turns(page: Page, count: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each turn: the panel for new answers and for answers judged before, the bare view."""
    page.goto(STEP)
    page.wait_for_selector("#recommendation section")
    page.evaluate(WATCH)
    choices = [page.locator(f"label:has([name='operations.{name}'])") for name in QUESTIONS]
    standing = [one.locator("input").evaluate_all("all => all.findIndex(a => a.checked)") for one in choices]
    fresh = answers(standing, [one.count() for one in choices])
    new, bare = [], []
    for _ in range(count + FILLING):
        question, option = next(fresh)
        new.append(chosen(page, choices[question].nth(option)))
        bare.append(float(page.evaluate("address => window.bare(address)", BARE)))
    here = int(choices[0].locator("input").evaluate_all("all => all.findIndex(a => a.checked)"))
    again = [chosen(page, choices[0].nth((here + turn) % FILLING)) for turn in range(1, count + FILLING + 1)]
    return new[FILLING:], again[FILLING:], bare[FILLING:]


def chosen(page: Page, option: Locator) -> float:
    """Milliseconds from the choice of an answer to the panel on the screen."""
    page.evaluate(
        "() => { window.next = new Promise((done, no) => { window.told = done; setTimeout(no, 20000, 'no panel') }) }"
    )
    option.click()
    return float(page.evaluate("() => window.next"))


def answers(standing: list[int], counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The question and option to choose next: one changes at a time, and no set of answers comes twice.

    `standing` are the options that are chosen already, -1 for none, `counts` how many there are to choose from.
    """
    way = [1] * len(counts)
    while True:
        for place, options in enumerate(counts):
            if 0 <= standing[place] + way[place] < options:
                standing[place] += way[place]
                yield place, standing[place]
                break
            way[place] *= -1
        else:
            return


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]


if __name__ == "__main__":
    sys.exit(main())
