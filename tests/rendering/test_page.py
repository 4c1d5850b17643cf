"""The record as HTML, as plain text and as charts: everything is said, nothing typed by a user becomes markup."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from decisions.advisor.quantities import Range
from decisions.advisor.record import ChartRow, canonical, digest, document
from decisions.rendering import FORMATS, html, text
from decisions.rendering.charts import chart_of, hours_tracks, overhead_chart
from decisions.rendering.filters import linked
from decisions.rendering.template import fill
from tests.rendering.test_markdown import HOSTILE, Seen
from tests.sample_record import ABOUT, CASE, RANKING, sample, span


@dataclass(frozen=True)
class Budget:
    """Limits as a case gives them."""

    cpu_vcpu: float | None = 4
    memory_gib: float | None = 5
    p99_ms: float | None = 5


ROWS = [ChartRow(title="a", cpu_vcpu=span(1, 2, 10), memory_gib=span(1, 2, 10), p99_ms=span(1, 2, 10))]


def parsed(fragment: str) -> Seen:
    """The fragment's tags, attributes and text."""
    page = Seen()
    page.feed(fragment)
    return page


class Balanced(HTMLParser):
    """Fails on a tag that closes another than the last opened."""

    EMPTY = {"col", "rect", "line", "meta", "br"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


def test_the_fragment_says_what_the_record_says() -> None:
    page = parsed(html.render(document(sample())))
    for reason in (reason for standing in RANKING for reason in standing.reasons):
        assert reason.because in page.text
    assert "Try this first" in page.text
    assert "h1" not in page.tags, "the page around it has the heading of the first level"


def test_the_fragment_is_well_formed_and_free_of_inline_code() -> None:
    fragment = html.render(document(sample()))
    balanced = Balanced()
    balanced.feed(fragment)
    assert balanced.open == []
    page = parsed(fragment)
    assert not {"script", "style", "iframe", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")]
    identifiers = [value for name, value in page.attributes if name == "id"]
    assert len(set(identifiers)) == len(identifiers)


def test_hostile_text_is_inert() -> None:
    calm = parsed(html.render(document(sample())))
    for hostile in HOSTILE:
        if "https://" in hostile:
            continue
        case = {**CASE, "context": {**CASE["context"], "current": hostile, "scope": hostile}}
        wild = parsed(html.render(document(sample(about=replace(ABOUT, system=hostile), document=case))))
        assert wild.tags == calm.tags
        assert " ".join(hostile.split()) in wild.text


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("see https://a.example/x_y.", '<a href="https://a.example/x_y" rel="noopener nofollow">'),
        ("http://a.example/?q=1&r=2", 'href="http://a.example/?q=1&amp;r=2"'),
    ],
)
def test_addresses_become_links(given: str, made: str) -> None:
    assert made in linked(given)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("it ended on 2026-06-28: upgrade", ["2026-06-28"]),
        ("helm upgrade --set x=y, then wait", ["--set x=y"]),
        ("kubectl get pods -A -o yaml", ["-A", "-o yaml"]),
        ("helm install --set authentication.mutual.spire.install.enabled=true", ["--set"]),
        ("a must-have of the east-west path, 3 - 4, at -5", ["must-have"]),
        (
            "CNI-level encryption meets both must-haves and one nice-to-have",
            ["CNI-level", "must-haves", "nice-to-have"],
        ),
        ("in ticket-purchase-k6.json (k6, SHA-256 56c93503a3d6)", ["SHA-256"]),
        ("stays below 0.11 %, at 58 ms and 1,024 MiB or 2 GiB", ["0.11 %", "58 ms", "2 GiB"]),
        ("https://a.example/2026-06-28/--set", []),
    ],
)
def test_days_options_of_commands_and_terms_never_break_at_their_hyphens(given: str, kept: list[str]) -> None:
    made = linked(given)
    assert re.findall('<span class="nb">(.*?)</span>', made) == kept
    assert parsed(made).text.split() == given.split(), "not a character is another one"


@pytest.mark.parametrize("given", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "www.a.example"])
def test_nothing_else_becomes_a_link(given: str) -> None:
    assert "<a" not in linked(given)


def test_a_quote_cannot_leave_the_attribute_of_a_link() -> None:
    made = linked('https://a.example/"onmouseover="alert(1)')
    assert parsed(made).attributes == [("href", "https://a.example/"), ("rel", "noopener nofollow")]


def test_plain_text_says_what_the_record_says_within_its_width() -> None:
    said = text.render(document(sample()))
    flat = " ".join(said.split())
    for reason in (reason for standing in RANKING for reason in standing.reasons):
        assert reason.because in flat
    assert max(map(len, said.splitlines())) <= text.WIDTH


def svgs(fragment: str) -> list[ET.Element]:
    """The charts of a fragment."""
    return [ET.fromstring(f"<svg{part.split('</svg>')[0]}</svg>") for part in fragment.split("<svg")[1:]]


def test_a_chart_places_bars_limits_and_words() -> None:
    chart = overhead_chart(RANKING, Budget())
    cpu, memory, latency = chart.panels
    assert [panel.title for panel in chart.panels] == ["CPU", "Memory", "p99 latency"]
    assert [bar.tone for bar in cpu.bars] == ["win", "", "", "bad", ""]
    assert cpu.bars[4].drawn is False
    assert cpu.limit_words == "max 4"
    assert memory.bars[3].likely == "24"
    assert "Sidecar mesh 5.2 to 13, likely 8.4 vCPU" in cpu.words
    assert cpu.words.endswith("Limit 4 vCPU.")
    assert latency.unit == "ms"
    # The axis ends at 14: 4 of 14 is 28.57 %, as is the start of what lies beyond.
    assert (cpu.limit_x, cpu.over_width) == ("28.57%", "71.43%")
    assert (cpu.bars[0].x, cpu.bars[0].middle) == ("6.43%", "11.43%")


@pytest.mark.parametrize("printed", [True, False])
def test_a_chart_is_valid_svg_in_colour_without_a_style_sheet(printed: bool) -> None:
    rows = [ChartRow(title="<&>", cpu_vcpu=span(1, 2, 3), memory_gib=span(0, 0, 0), p99_ms=span(1, 1, 1))]
    chart = chart_of(rows, Budget(), table=not printed, printed=printed, font="Record Sans")
    fragment = fill("charts/overhead.html", {"chart": chart})
    for svg in svgs(fragment):
        assert svg.get("role") == "img"
        assert svg.get("aria-label")
        assert (svg.find("title") is not None) is printed
        for shape in svg.iter():
            assert shape.tag not in {"rect", "text"} or shape.get("fill")
            assert shape.get("style") is None
    assert ("<details" in fragment) is not printed
    assert "&lt;&amp;&gt;" in fragment


@pytest.mark.parametrize(
    ("budget", "words"),
    [(None, ""), (Budget(cpu_vcpu=400), "max 400, far right"), (Budget(cpu_vcpu=0), "max 0")],
)
def test_limits_that_are_missing_far_away_or_zero(budget: Budget | None, words: str) -> None:
    cpu = overhead_chart(RANKING, budget).panels[0]
    assert cpu.limit_words == words
    if words == "max 400, far right":
        assert cpu.limit_x == ""
        assert cpu.bars[3].tone == ""


def test_a_limit_has_the_colour_of_what_is_over_it_only_where_something_is() -> None:
    reached = {
        limit: fill("charts/overhead.html", {"chart": chart_of(ROWS, Budget(limit, limit, limit))}) for limit in (9, 11)
    }
    assert [one.count("#924400") for one in reached.values()] == [6, 0]
    assert [one.count("#fdf5ec") for one in reached.values()] == [3, 0]
    assert "max 11" in reached[11]


def test_all_positions_lie_within_the_plot() -> None:
    rows = [
        ChartRow(title="a", cpu_vcpu=span(0, 0, 0), memory_gib=span(1e-6, 1e-5, 1e-4), p99_ms=span(9.99, 9.99, 9.99)),
        ChartRow(title="b", cpu_vcpu=span(0, 0, 0), memory_gib=span(0, 1e-5, 1e-3), p99_ms=span(0, 0, 1e5)),
    ]
    for panel in chart_of(rows, Budget()).panels:
        for bar in panel.bars:
            assert 0 <= float(bar.x.rstrip("%")) <= 100
            assert float(bar.x.rstrip("%")) + float(bar.width.rstrip("%")) <= 100.01


def test_no_options_make_an_empty_chart() -> None:
    assert all(panel.bars == () for panel in overhead_chart((), None).panels)
    assert hours_tracks(()) == ()


def test_tracks_share_one_scale() -> None:
    tracks = hours_tracks(RANKING)
    assert [track.likely for track in tracks] == ["6", "20", "24", "44", "2"]
    assert tracks[0].best
    assert float(tracks[3].x.rstrip("%")) > float(tracks[0].x.rstrip("%"))
    assert "range 4 to 9" in render_to_string("charts/hours.html", {"track": tracks[0]})


def test_a_chart_survives_a_degenerate_range() -> None:
    assert chart_of([ChartRow(title="a", cpu_vcpu=Range(low=1, likely=1, high=1), memory_gib=span(1, 1, 1),
                              p99_ms=span(1, 1, 1))], None).panels[0].bars[0].drawn  # fmt: skip


def test_every_format_renders_the_same_document() -> None:
    plain = document(sample())
    made = {one.name: one.render(plain) for one in FORMATS if one.name != "pdf"}
    assert digest(made["json"]) == digest(canonical(plain))
    assert all(RANKING[0].summary.encode() in made[name] for name in ("md", "json"))
    assert RANKING[0].summary in parsed(made["html"].decode()).text
    assert len({one.extension for one in FORMATS}) == len(FORMATS) == 5


def test_beside_a_bar_that_most_likely_adds_nothing_stands_how_far_it_may_go() -> None:
    nothing, some, perhaps = (Range(low=0, likely=likely, high=high) for likely, high in ((0, 0), (2, 5), (0, 27)))
    rows = [ChartRow(title="Some", cpu_vcpu=some, memory_gib=nothing, p99_ms=perhaps)]
    assert [panel.bars[0].likely for panel in chart_of(rows, None).panels] == ["2", "0", "≤ 27"]


def test_the_heading_of_a_column_never_breaks_at_its_hyphen() -> None:
    assert '<th scope="col" role="columnheader"><span class="nb">Must-haves</span> met</th>' in html.render(
        document(sample())
    )


def test_the_date_of_a_source_never_breaks_at_its_hyphens() -> None:
    record = document(sample())
    dates = [one["date"] for one in record["sources"] if one["date"]]
    drawn = html.render(record)
    assert dates
    assert all(f'<span class="nb">{one}</span></li>' in drawn for one in dates)


def test_the_contents_name_every_part_that_can_be_jumped_to() -> None:
    record = document(sample())
    found = html.contents(record)
    assert found[-1] == ("sources", "Sources")
    assert [one for one, _ in found] == re.findall(r'<section class="part level-2" id="([^"]+)"', html.render(record))
