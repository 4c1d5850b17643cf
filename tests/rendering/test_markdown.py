"""Markdown after MADR: front matter that reads back unchanged, and user text that stays text whatever it holds."""

from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser

import markdown as reader
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from decisions.advisor.record import About, canonical, digest, document
from decisions.advisor.record.value import one_line
from decisions.rendering import markdown
from tests.sample_record import ABOUT, CASE, RECOMMENDATION, sample

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "`code` and **bold** and _slanted_ and ~~gone~~",
    "a | b | c",
    "# heading",
    "- list",
    "1. list",
    "> quote",
    "--- ",
    "===",
    "    indented code",
    "&lt;b&gt; &amp; &#60;",
    "back\\slash \\* end\\",
    "[^1]: note",
    "[ref]: https://evil.example",
    "<!-- gone",
    "| --- |",
    "{: onclick=x }",
    "Title {: onclick=x }",
    "*[abbr]: text",
    "ends with ##",
    "https://user.example/path_with_underscores_/x",
    "two  spaces  \nand a line",
)
EXTENSIONS = ["tables", "footnotes", "def_list", "abbr", "attr_list", "sane_lists", "fenced_code"]


class Seen(HTMLParser):
    """The text and the tags of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(text: str, extensions: Iterable[str] = EXTENSIONS) -> Seen:
    """What a Markdown reader makes of the text."""
    page = Seen()
    page.feed(reader.markdown(text, extensions=list(extensions)))
    return page


def parts(text: str) -> tuple[dict[str, object], str]:
    """Front matter as PyYAML reads it, and the body."""
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front), body


def test_the_front_matter_reads_back_unchanged() -> None:
    plain = document(sample())
    front, _ = parts(markdown.render(plain))
    assert front == {
        "status": "proposed",
        "date": "2026-11-23",
        "decision-makers": ["Nadia Okafor"],
        "number": "DR-0042",
        "title": ABOUT.title,
        "organisation": "Example Bank",
        "team": "Payments platform",
        "system": "payments-prod-eu",
        "revision": "2",
        "supersedes": ["DR-0017"],
        "approach": "cni-encryption",
        "record-sha256": digest(canonical(plain)),
        "inputs-sha256": sample().inputs.digest,
        "catalogue-version": RECOMMENDATION.catalogue_version,
        "engine-version": RECOMMENDATION.engine_version,
    }


@pytest.mark.parametrize(
    "value",
    ["0042", "1e3", "no", "null", "2026-11-23", "0x1F", "12:30:45", "~", "- a", "a: b # c", '"quoted"', "'", "\\n",
     "é😀", "---", "...", "%TAG", "a" * 500, "\x85\u2028\u2029\ufeff"],
)  # fmt: skip
def test_no_value_of_the_front_matter_changes_its_type_or_ends_it(value: str) -> None:
    about = replace(ABOUT, number=value, team=value, author=value, supersedes=(value,))
    front, _ = parts(markdown.render(document(sample(about=about))))
    expected = one_line(value)
    assert (front.get("number", ""), front.get("team", "")) == (expected, expected)
    assert front["supersedes"] == [expected]


@given(st.text(max_size=60))
def test_any_title_survives_the_front_matter(title: str) -> None:
    about = About(title=title)
    front, _ = parts(markdown.render(document(sample(about=about))))
    assert front.get("title", "") == one_line(title)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_reads_as_text_in_a_paragraph(text: str) -> None:
    text = one_line(text)
    page = seen(markdown.at_line_start(markdown.escaped(text)))
    assert page.tags == ["p"]
    assert page.text.strip() == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_reads_as_text_in_an_item_a_heading_and_a_cell(text: str) -> None:
    text = one_line(text)
    item = seen(f"* {markdown.at_line_start(markdown.escaped(text))}")
    assert (item.tags, item.text.strip()) == (["ul", "li"], text)
    heading = seen(f"## {markdown.heading(text)}")
    assert (heading.tags, heading.text.strip()) == (["h2"], text)
    cell = seen(f"| a | b |\n| --- | --- |\n| {markdown.escaped(text)} | z |")
    assert cell.tags.count("td") == 2
    assert set(cell.tags) == {"table", "thead", "tr", "th", "tbody", "td"}
    assert text in cell.text


@given(st.text(alphabet=st.sampled_from("ab1 _*`[]()<>!#-+=|\\~&;:.{}\"'/\n"), max_size=30))
def test_any_mix_of_markup_reads_as_text(text: str) -> None:
    text = one_line(f"x{text}x")
    page = seen(markdown.at_line_start(markdown.escaped(text)))
    assert (page.tags, page.text.strip()) == (["p"], text)


def test_a_hostile_case_brings_no_markup_into_the_record() -> None:
    calm = seen(parts(markdown.render(document(sample())))[1])
    case = {
        **CASE,
        "title": HOSTILE[0],
        "context": {**CASE["context"], "current": HOSTILE[2], "scope": HOSTILE[3], "deadline": HOSTILE[6]},
    }
    about = replace(ABOUT, title=HOSTILE[1], system=HOSTILE[2], author=HOSTILE[0])
    wild = seen(parts(markdown.render(document(sample(about=about, document=case))))[1])
    assert wild.tags == calm.tags
    assert not [
        value for name, value in wild.attributes if name in {"href", "src"} and not str(value).startswith("#fn")
    ]


def test_every_heading_and_footnote_is_there() -> None:
    _, body = parts(markdown.render(document(sample())))
    page = seen(body)
    assert page.tags.count("h1") == 1
    for title in ("Context and Problem Statement", "Decision Drivers", "Considered Options", "Decision Outcome"):
        assert f"\n## {title}\n" in body
    assert "\n### Consequences\n" in body
    assert "\n* Good, because your CNI already supports WireGuard" in body
    assert "\n* Bad, because traffic between two pods" in body
    assert 'Chosen option: "CNI-level encryption: Cilium with WireGuard, plus network policies' in body
    for number in range(1, 5):
        assert f"[^{number}]: " in body


def test_nothing_is_longer_than_one_line_per_block_and_the_file_ends_with_one_newline() -> None:
    text = markdown.render(document(sample()))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text
