"""The style of all pages: small, without what nobody uses, and readable in both themes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests import factories

ROOT = Path(__file__).resolve().parents[2]
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
SCREEN = ("tokens.css", "app.css", "administration.css")
"""What a browser loads for its pages. The record's own sheets, for paper, stand beside them."""
DOCUMENT = ("record.css", "record-print.css", "decision-print.css")
OTHERS = {"action-counter", "all", "clear", "question", "form-row", "set-password", "unset-password"} | {
    "js-inline-admin-formset",
    *("has_original", "inline-group", "inline-related", "inline_label"),
}
"""Classes by which the scripts of Django's admin find what they act on."""
TAG = re.compile(r"{%.*?%}|{{.*?}}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def sheet(*names: str) -> str:
    return COMMENT.sub("", "".join((STATIC / name).read_text() for name in names))


def classes_of(css: str) -> set[str]:
    """Class names that stand in selectors."""
    return set(re.findall(r"\.([A-Za-z][\w-]*)", re.sub(r'"[^"]*"|\.\d', "", css)))


def used(template: str) -> Iterator[str]:
    """Class names a template writes out; those put together from values are left out."""
    for value in re.findall(r'\sclass="((?:{%.*?%}|{{.*?}}|[^"])*)"', template):
        for word in TAG.sub("\0 ", value).replace(" \0", " ").split():
            if "\0" not in word:
                yield word


def test_every_sheet_is_either_for_the_screen_or_for_the_record() -> None:
    assert {path.name for path in STATIC.glob("*.css")} == {*SCREEN, *DOCUMENT}


def test_the_style_of_all_pages_together_stays_under_25_kilobytes() -> None:
    assert sum((STATIC / name).stat().st_size for name in SCREEN) < 25_000


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_uses_no_class_that_no_sheet_knows(path: Path) -> None:
    known = classes_of(sheet(*SCREEN, *DOCUMENT)) | OTHERS
    assert set(used(path.read_text())) - known == set()


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2 of #rgb or #rrggbb."""
    digits = colour.removeprefix("#")
    wide = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(wide[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tokens(theme: int) -> dict[str, str]:
    """Colours by name; `theme` 0 is light, 1 dark."""
    found = re.findall(r"--([\w-]+):light-dark\((#\w+),\s*(#\w+)\)", sheet("tokens.css").split("@media")[0])
    return {name: pair[theme] for name, *pair in found}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "papers", "least"),
    [
        ("text", "bg card raise tint bad-weak over", 7),
        ("muted", "bg card raise tint over", 4.5),
        ("accent", "bg card raise tint", 4.5),
        ("warn", "bg card raise over", 4.5),
        ("bad", "bg card raise bad-weak", 4.5),
        ("ink", "accent", 4.5),
        ("ctl", "bg card raise", 3),
        ("focus", "bg card raise", 3),
        ("bar", "bg card", 3),
        ("bar-over", "over bg card", 3),
        ("win", "bg card", 3),
        ("mid", "bar", 3),
    ],
)
def test_the_colours_can_be_told_apart(theme: int, ink: str, papers: str, least: float) -> None:
    colours = tokens(theme)
    for paper in papers.split():
        assert contrast(colours[ink], colours[paper]) >= least, f"{ink} on {paper}"


FRAME = {"shell", "peek", "peekbar", "go"}
"""The frame of the wizard's pages, outside of which the style guide stands; other frames are a layer of their own."""


@pytest.mark.django_db
def test_every_component_stands_on_the_style_guide(client: Client) -> None:
    client.force_login(factories.stranger())
    shown = set(used(client.get(reverse("styleguide")).content.decode()))
    _, components = sheet("app.css").split("@layer parts{")
    assert classes_of(components) - shown - FRAME == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_ticked_has_the_colour_of_the_theme_it_stands_in_and_not_of_the_system(
    open_page: Callable[..., Page], theme: str
) -> None:
    page = open_page(factories.stranger(), color_scheme=theme)
    page.goto(reverse("styleguide"))
    for place, other in enumerate(("light", "dark")):
        accent = tokens(place)["accent"].removeprefix("#")
        wanted = "rgb({}, {}, {})".format(*bytes.fromhex(accent))
        for kind in ("radio", "checkbox"):
            one = page.locator(f".in-{other} input[type={kind}]").first
            assert one.evaluate("one => getComputedStyle(one).accentColor") == wanted
            assert one.evaluate("one => getComputedStyle(one).colorScheme") == other


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_what_scrolls_sideways_can_be_scrolled_with_keys_and_has_a_name(path: Path) -> None:
    for region in re.findall(r'<div class="scroll"[^>]*>', path.read_text()):
        assert 'tabindex="0" role="region" aria-label' in region
