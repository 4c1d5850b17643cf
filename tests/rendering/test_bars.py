"""Bars of a record: what stands on which scale, what the words say, and the same numbers in every form."""

import datetime as dt
import json
from dataclasses import replace
from itertools import pairwise
from string import ascii_lowercase

import pytest

from decisions.advisor import catalog as sheets
from decisions.advisor.burden import Prices
from decisions.advisor.case import read
from decisions.advisor.engine import recommend
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Cost, Recommendation
from decisions.advisor.record import About, Bars, document, draft, recommendation_of
from decisions.advisor.record import read as read_record
from decisions.advisor.record.bars import burden_bars, lead_bars, path_bars
from decisions.advisor.spread import exactly
from decisions.rendering import html, markdown, text
from decisions.rendering.bars import ROOM, bar_chart
from decisions.rendering.options import matrix
from decisions.rendering.spans import Held, spans

CASE = read(
    {
        "schema": "meshadvisor-case/1",
        "title": "Identity for the ledger",
        "requirements": {
            "workload_identity": {
                "need": "must",
                "evidence": {"kind": "rule", "who": "Compliance", "reference": "PCI 4.0"},
            },
            "traffic_splitting": {"need": "nice"},
        },
        "baseline": {
            "pods": 400,
            "nodes": 30,
            "services": 40,
            "peak_rps": 2400,
            "sequential_calls": 9,
            "p50_ms": 12,
            "p99_ms": 38,
            "slo_p99_ms": 80,
        },
        "budget": {"memory_gib": 0.5},
    }
)
PRICES = Prices(hour=exactly(100.0), cpu=exactly(20.0), memory=exactly(3.0))


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    return recommend(CASE, sheets.load())


def test_the_calls_of_the_path_follow_each_other_and_end_at_the_projection(answer: Recommendation) -> None:
    sidecar = next(one for one in answer.ranking if one.approach == "sidecar-mesh")
    bars = path_bars(sidecar, 80.0)
    assert bars is not None
    assert sidecar.overhead.path is not None
    today, *calls, then = bars.rows
    assert today.segments[0].end == 38
    assert [one.title for one in calls][:2] == ["Calls 1 to 2", "Call 3"]
    ends = [38.0, *(row.segments[0].end for row in calls)]
    assert [row.segments[0].start for row in calls] == ends[:-1]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(38 + sidecar.overhead.path.independent_p99_ms)
    assert then.segments[1].tail
    assert then.segments[1].end == pytest.approx(38 + sidecar.overhead.path.together_p99_ms)
    assert bars.limit == 80


def test_a_path_that_nothing_crosses_is_not_drawn(answer: Recommendation) -> None:
    assert path_bars(next(one for one in answer.ranking if one.approach == "no-mesh"), 80.0) is None


def test_a_year_of_work_is_twelve_times_the_month_split_by_kind(answer: Recommendation) -> None:
    for row, standing in zip(burden_bars(answer.ranking).rows, answer.ranking, strict=True):
        likely = 12 * sum(cost.hours.likely for cost in standing.costs)
        assert (row.segments[-1].end if row.segments else 0.0) == pytest.approx(likely)


def test_the_lead_crosses_its_line_exactly_where_one_input_would_turn_the_order(answer: Recommendation) -> None:
    def with_costs(place: int, *costs: tuple[str, float, float, float]):  # type: ignore[no-untyped-def]
        terms = tuple(
            Cost(name=name, hours=Range(low=low, likely=likely, high=high), because="")
            for name, low, likely, high in costs
        )
        first = answer.ranking[0]
        free = replace(first.overhead, cpu_vcpu=exactly(0.0), memory_gib=exactly(0.0))
        return replace(answer.ranking[place], costs=terms, overhead=free, status=first.status, musts_missed=())

    best = with_costs(0, ("Upgrades", 5, 10, 40), ("Shared", 1, 2, 9))
    runner_up = with_costs(1, ("Upgrades", 25, 30, 35), ("Shared", 1, 2, 9))
    found = lead_bars((best, runner_up), PRICES)
    assert found is not None
    ours, theirs = found.rows
    assert (ours.segments[0].start, ours.segments[0].end, ours.mark) == (-10, 25, "warn")
    assert (theirs.segments[0].start, theirs.segments[0].end, theirs.mark) == (15, 25, "")
    chart = bar_chart(found)
    assert not chart.over, "zero is no limit of anybody's, so that nothing is in its colour"
    assert [row.tone for row in chart.drawn] == ["mid", ""]
    assert lead_bars((runner_up, best), PRICES) is None  # hours do not decide where the first has more of them


def test_the_kinds_of_a_stacked_bar_are_told_from_each_other(answer: Recommendation) -> None:
    legend = bar_chart(burden_bars(answer.ranking)).legend
    shades = [float(shade) for _, shade, _ in legend]
    assert len(shades) >= 5
    levels = sorted(shades)
    assert min(above - below for below, above in pairwise(levels)) > 0.11
    assert min(abs(one - other) for one, other in pairwise(shades)) > 0.3


def test_the_kinds_of_a_stacked_bar_have_a_letter_under_their_part(answer: Recommendation) -> None:
    chart = bar_chart(burden_bars(answer.ranking))
    shades = {shade: letter for _, shade, letter in chart.legend}
    assert "".join(shades.values()) == ascii_lowercase[: len(shades)]
    for piece in [piece for row in chart.drawn for piece in row.pieces]:
        wide = float(piece.width[:-1]) >= ROOM
        assert piece.letter == (shades[piece.shade] if wide else "")
        assert float(piece.x[:-1]) <= float(piece.middle[:-1]) <= float(piece.x[:-1]) + float(piece.width[:-1])
    printed = bar_chart(burden_bars(answer.ranking), printed=True)
    assert not any(piece.letter for row in printed.drawn for piece in row.pieces), "the names stand there"


def test_bars_stand_in_every_form_of_the_record_with_the_same_numbers(answer: Recommendation) -> None:
    record = draft(CASE, answer, sheets.load(), About(title=CASE.title))
    plain = json.loads(json.dumps(document(record)))
    bars = [block for section in record.sections for block in section.blocks if isinstance(block, Bars)]
    assert {one.title.split(" ", maxsplit=1)[0] for one in bars} >= {"p99", "Work"}
    for form in (markdown.render(plain), " ".join(text.render(plain).split()), html.render(plain)):
        for chart in bars:
            assert chart.title in form
            assert all(row.words in form for row in chart.rows)


def test_a_range_in_a_narrow_column_breaks_before_its_likely_value(answer: Recommendation) -> None:
    record = draft(CASE, answer, sheets.load(), About(title=CASE.title))
    rows = html.render(json.loads(json.dumps(document(record)))).split('class="num">')[1:]
    ranges = [cell for row in rows if "to" in (cell := row.split("<")[0])]
    assert ranges
    assert [cell for cell in ranges if " to " in cell] == []


def test_the_line_of_a_limit_has_the_colour_of_what_is_over_it_only_where_something_is(answer: Recommendation) -> None:
    for limit, over in ((1.0, True), (1e6, False)):
        bars = path_bars(answer.ranking[0], limit)
        assert bars is not None
        assert bar_chart(bars).over is over
        assert not bar_chart(bars, marker=True).over


def test_drawn_bars_keep_within_the_plot_and_say_themselves_in_words(answer: Recommendation) -> None:
    for bars in (burden_bars(answer.ranking), path_bars(answer.ranking[0], 80.0)):
        assert bars is not None
        chart = bar_chart(bars)
        for row in chart.drawn:
            assert row.title in chart.words
            for piece in row.pieces:
                assert 0 <= float(piece.x[:-1]) + float(piece.width[:-1]) <= 100.5


def test_a_record_gives_back_the_answer_it_was_made_from(answer: Recommendation) -> None:
    plain = json.loads(json.dumps(document(draft(CASE, answer, sheets.load(), About(title=CASE.title)))))
    given = recommendation_of(read_record(plain))
    assert [(one.approach, one.product, one.musts_met) for one in given.ranking] == [
        (one.approach, one.product, one.musts_met) for one in answer.ranking
    ]


def test_the_options_side_by_side_mark_musts_missed_and_limits_passed(answer: Recommendation) -> None:
    found = matrix(answer, CASE.budget, priced=False)
    identity = next(line for line in found.requirements if line.title == "Workload identity")
    assert identity.weight == "must"
    for cell, one in zip(identity.cells, answer.ranking, strict=True):
        assert (cell.state != "bad") == ("workload_identity" in one.musts_met) == (cell.text == "Met")
    memory = next(line for line in found.costs if line.title == "Memory, GiB")
    assert memory.limit == "at most 0.5"
    for cell, one in zip(memory.cells, answer.ranking, strict=True):
        assert (cell.state == "warn") == (one.overhead.memory_gib.likely > 0.5)
    assert not any(line.title == "Money a month" for line in found.costs)
    assert found.differences[0].best
    no_mesh = [one.approach for one in answer.ranking].index("no-mesh")  # type: ignore[arg-type]
    assert "workload identity" in found.differences[no_mesh].missed


def test_a_decision_holds_from_its_acceptance_to_its_end_or_until_today() -> None:
    today = dt.date(2026, 11, 20)
    ended = Held(title="DR-1", words="", since=dt.date(2026, 11, 1), until=dt.date(2026, 11, 11), review_on=None)
    stands = Held(title="DR-2", words="", since=dt.date(2026, 11, 11), until=None, review_on=dt.date(2026, 11, 30))
    bars = spans([stands, ended], today)
    assert bars is not None
    assert bars.limit == 19
    (held, left), (over,) = (row.segments for row in bars.rows)
    assert (held.start, held.end, held.tail) == (10, 19, False)
    assert (left.start, left.end, left.tail) == (19, 29, True)
    assert (over.start, over.end) == (0, 10)
    assert spans([], today) is None


def test_the_legend_shows_the_colour_of_the_answer_where_a_row_has_it(answer: Recommendation) -> None:
    bars = burden_bars(answer.ranking)
    assert bar_chart(bars).winning
    assert not bar_chart(replace(bars, rows=bars.rows[1:])).winning
