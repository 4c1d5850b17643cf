"""The shape of a page: what axe judges, without the words; a shape that was looked at is not judged a second time."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

SHAPES = """() => {
  const ids = ["aria-controls", "aria-describedby", "aria-labelledby", "aria-owns", "aria-activedescendant"];
  const plain = new Set(["class", "role", "type", "hidden", "open", "lang", "scope", "disabled", "checked", "tabindex",
    "autocomplete", "inert", "fill", "stroke", "colspan", "rowspan"]);
  const worded = new Set(["href", "id", "for", "alt", "title", "placeholder", "aria-label", ...ids]);
  const kept = a => worded.has(a.name) ? a.name + (a.value.trim() ? "" : "=")
    : plain.has(a.name) || /^(aria|data)-/.test(a.name) ? a.name + "=" + a.value.replace(/[0-9]+/g, "0") : "";
  const says = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) ? "t" : "";
  const one = e => [e.tagName, [...e.attributes].map(kept).sort().join(" "), says(e), e.childElementCount].join("|");
  const main = document.querySelector("main");
  const inside = main ? [main, ...main.querySelectorAll("*")] : [];
  const held = new Set(inside);
  const outside = [...document.querySelectorAll("body *")].filter(e => !held.has(e) && e.tagName !== "SCRIPT");
  return [inside.map(one).join("\\n"), outside.map(one).join("\\n")] }"""
"""Elements, classes, roles and states in their order, once inside `main` and once around it.

Words, names and numbers are left out, but whether there are any is kept: a link that lost its words has another shape.
"""


@dataclass
class Shapes:
    """Which shapes were judged in which view, noted in a file when one is named."""

    noted: Path | None = None
    known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Go on from what the file holds."""
        if self.noted and self.noted.exists():
            self.known = set(self.noted.read_text().splitlines())

    def of(self, page: Page) -> list[str]:
        """The shapes of the open page, short."""
        return [hashlib.sha256(shape.encode()).hexdigest()[:24] for shape in page.evaluate(SHAPES)]

    def are_known(self, shapes: list[str], view: str) -> bool:
        """Whether each of them was judged in this view."""
        return all(f"{view} {shape}" in self.known for shape in shapes)

    def note(self, shapes: list[str], view: str) -> None:
        """They were judged in this view."""
        fresh = [f"{view} {shape}" for shape in shapes if f"{view} {shape}" not in self.known]
        self.known.update(fresh)
        if self.noted and fresh:
            with self.noted.open("a") as file:
                file.writelines(f"{line}\n" for line in fresh)
