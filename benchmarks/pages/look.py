"""What is looked at on one open page: axe, sideways scrolling, forced colours, motion, and a picture of each view."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from benchmarks.pages.shape import Shapes

Theme = Literal["light", "dark"]
View = tuple[int, Theme]

EVERY_VIEW: list[View] = [
    (1440, "light"),
    (1024, "light"),
    (390, "light"),
    (1440, "dark"),
    (1024, "dark"),
    (390, "dark"),
]
TWO_VIEWS: list[View] = [(1440, "light"), (390, "dark")]
ONE_VIEW: list[View] = [(1440, "light")]
AXE = Axe()
REFLOW = 320
"""CSS pixels: a window 1280 wide at 400 %, or 640 wide at 200 % (WCAG 1.4.10)."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
COLOURS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules that a theme can break; all others ask about elements, names and places, which both themes share."""
JUDGE = (
    "rules => axe.run(rules).then(found => found.violations.map(v => [v.id, v.nodes.map(n => String(n.target[0]))]))"
)
WIDER = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return null;
  const held = e => { for (let a = e.parentElement; a && a !== document.body; a = a.parentElement)
    if (getComputedStyle(a).overflowX !== "visible") return true; return false };
  return [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > edge + 1 && !held(e))
    .slice(0, 3).map(e => e.tagName.toLowerCase() + "." + e.className).join(", ") || "?" }"""
UNSEEN = """() => [...document.querySelectorAll("a, button, summary, [aria-current]")]
  .filter(e => e.checkVisibility() && e.innerText && e.innerText.trim())
  .filter(e => { for (let a = e; a; a = a.parentElement) {
      const back = getComputedStyle(a).backgroundColor;
      if (back !== "rgba(0, 0, 0, 0)") return back === getComputedStyle(e).color }
    return false })
  .slice(0, 3).map(e => e.tagName.toLowerCase() + "." + e.className + " " + e.innerText.slice(0, 30)).join(", ")"""
"""Words that forced colours would paint in the colour of what is behind them."""
MOVING = """() => {
  const long = s => s.split(",").some(t => parseFloat(t) * (t.trim().endsWith("ms") ? 1 : 1000) > 10);
  const moves = e => { const s = getComputedStyle(e);
    return s.animationName !== "none" && long(s.animationDuration) || long(s.transitionDuration) };
  const found = [...document.querySelectorAll("*")].filter(moves).map(e => e.tagName.toLowerCase() + "." + e.className);
  if (getComputedStyle(document.documentElement).scrollBehavior === "smooth") found.push("html scrolls smoothly");
  return found.slice(0, 3).join(", ") }"""


@dataclass
class Findings:
    """What is wrong, said once for each page and view."""

    pictures: Path | None = None
    lines: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    views: int = 0
    axe_at_work: bool = False

    def say(self, where: str, what: str) -> None:
        """Keep and print one."""
        self.lines.append(f"{where}: {what}")
        print(f"  {where}: {what}", flush=True)


def look(page: Page, where: str, views: list[View], findings: Findings, shapes: Shapes) -> None:
    """One page in these views, at 320 pixels, in forced colours and with motion reduced."""
    findings.axe_at_work = True
    in_it = shapes.of(page)
    judged: set[int] = set()
    for width, theme in views:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        view = f"{where} {width} {theme}"
        if not shapes.are_known(in_it, f"{width} {theme}"):
            ask_axe(page, view, COLOURS if width in judged else RULES, findings)
            shapes.note(in_it, f"{width} {theme}")
            judged.add(width)
            findings.views += 1
        if findings.pictures:
            name = f"{file_name(where)}-{width}-{theme}.jpeg"
            page.screenshot(path=findings.pictures / name, full_page=True, type="jpeg", quality=70)
        ask(page, WIDER, view, "scrolls sideways", findings)
    narrow_and_plain(page, where, findings)
    page.goto("about:blank")
    findings.axe_at_work = False


def narrow_and_plain(page: Page, where: str, findings: Findings) -> None:
    """At 320 pixels, with motion reduced and in forced colours."""
    page.set_viewport_size({"width": REFLOW, "height": 700})
    ask(page, WIDER, f"{where} {REFLOW}", "scrolls sideways", findings)
    page.set_viewport_size({"width": 1440, "height": 900})
    ask(page, MOVING, f"{where} reduced motion", "moves", findings)
    page.emulate_media(forced_colors="active")
    ask(page, UNSEEN, f"{where} forced colours", "cannot be seen", findings)
    page.emulate_media(forced_colors="none")


def file_name(where: str) -> str:
    """A name for the pictures of this page."""
    return where.strip("/").replace(" /", "-").replace("/", "_")


def ask_axe(page: Page, view: str, rules: dict[str, Any], findings: Findings) -> None:
    """Violations in this view; axe is put into a page once."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.axe_script)
    for rule, targets in page.evaluate(JUDGE, rules):
        findings.say(view, f"{rule} at {'; '.join(targets[:3])}")


def ask(page: Page, question: str, view: str, what: str, findings: Findings) -> None:
    """Say what the script finds on the page, if anything."""
    if found := page.evaluate(question):
        findings.say(view, f"{what}: {found}")
