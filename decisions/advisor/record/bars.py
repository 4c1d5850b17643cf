"""Charts made of bars: the call path as a waterfall, the burden of a year, and what the lead of the answer hangs on."""

from collections.abc import Iterable, Iterator, Sequence

from decisions.advisor.burden import CATCHING_UP, Prices
from decisions.advisor.overhead.path import after
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import CallPath, Cost, Standing, Status
from decisions.advisor.record.value import BarRow, Bars, BarSegment, Table, Text
from decisions.advisor.record.words import between, number

STEPS_SHOWN = 6
"""So many calls stand in the waterfall one by one; of longer paths some are drawn together."""
WORTH_DRAWING = 0.01
"""Below this share of the path as it is the bars of the calls would be dots."""
INPUTS_SHOWN = 8
"""The widest inputs of the lead that are drawn."""
MONTHS = 12
MEASURES = "Small measures"
ORDER = ("Upgrades", "Debugging", "Certificates", "Keys", "Keeping it", "Waypoints", "Introduction", MEASURES)


def path_bars(standing: Standing, objective_ms: float | None) -> Bars | None:
    """How the p99 of the critical path grows call by call; None where nothing, or next to nothing, crosses the path.

    The tail of the last bar is what is added when all calls are slow at the same moment.
    """
    path = standing.overhead.path
    if path is None or not path.taxes:
        return None
    start = path.before[1] if path.before else 0.0
    if path.together_p99_ms < WORTH_DRAWING * start:
        return None
    rows = [BarRow(title="The path today", words=_ms(start), segments=(_segment("p99", 0.0, start),))] if start else []
    rows += _calls(path, start)
    end, worst = start + path.independent_p99_ms, start + max(path.together_p99_ms, path.independent_p99_ms)
    whole = (_segment("slow at different moments", 0.0, end), BarSegment(name=AT_ONCE, start=end, end=worst, tail=True))
    words = f"{_ms(end)}, {_ms(worst)} if slow at once"
    rows.append(BarRow(title="The path then" if start else "All calls", words=words, segments=whole, mark="good"))
    limit = objective_ms if start else None
    return Bars(
        title=f"p99 latency of the critical path under {standing.product_title}",
        unit="ms",
        rows=tuple(rows),
        limit=limit,
        limit_words=f"objective {_ms(limit)}" if limit else "",
    )


AT_ONCE = "slow at the same moment"


def _calls(path: CallPath, start: float) -> Iterator[BarRow]:
    before, done = start, 0
    for calls in _steps(path.calls):
        now = max(before, start + after(path, calls).independent_p99)
        title = f"Call {calls}" if calls == done + 1 else f"Calls {done + 1} to {calls}"
        yield BarRow(title=title, words=f"+{_ms(now - before)}", segments=(_segment("added", before, now),))
        before, done = now, calls


def _steps(calls: int) -> list[int]:
    """After which calls the path is looked at: after each, or at even distances."""
    if calls <= STEPS_SHOWN:
        return list(range(1, calls + 1))
    return sorted({round(calls * step / STEPS_SHOWN) for step in range(1, STEPS_SHOWN + 1)} - {0})


def burden_bars(ranking: Sequence[Standing]) -> Bars:
    """The likely hours of one year of each option by kind of work; introducing it counts by the months it is for."""
    rows = tuple(
        BarRow(
            title=one.approach.title,
            words=between(one.hours_per_month.times(MONTHS)),
            segments=tuple(_stacked(_by_kind(one.costs))),
            mark="good" if place == 0 else "",
        )
        for place, one in enumerate(ranking)
    )
    return Bars(title="Work of one year by kind", unit="hours", rows=rows, stacked=True)


def _by_kind(costs: Iterable[Cost]) -> dict[str, float]:
    found = dict.fromkeys(ORDER, 0.0)
    for cost in costs:
        kind = "Upgrades" if cost.name == CATCHING_UP else cost.name if cost.name in found else MEASURES
        found[kind] += cost.hours.likely * MONTHS
    return {kind: hours for kind, hours in found.items() if hours > 0.0}


def _stacked(parts: dict[str, float]) -> Iterator[BarSegment]:
    start = 0.0
    for name, length in parts.items():
        yield _segment(name, start, start + length)
        start += length


def lead_bars(ranking: Sequence[Standing], prices: Prices) -> Bars | None:
    """By how many hours a month the answer leads, with each input at either end of its range and the others likely.

    None where hours do not decide: where the runner-up is behind for a must-have, a limit or a strain.
    """
    best = ranking[0]
    next_one = next((one for one in ranking[1:] if not _padded(one, best)), ranking[1])
    if next_one.status is Status.RULED_OUT or _class(best) != _class(next_one):
        return None
    ours, theirs = dict(_inputs(best, prices)), dict(_inputs(next_one, prices))
    for name in [name for name, one in ours.items() if theirs.get(name) == one]:
        del ours[name], theirs[name]  # the same work in both: it moves both alike
    lead = sum(one.likely for one in theirs.values()) - sum(one.likely for one in ours.values())
    if lead <= 0.0:
        return None
    moves = [(f"{name}, {best.approach.title}", lead, _turned(one)) for name, one in ours.items()]
    moves += [
        (f"{name}, {next_one.approach.title}", lead, (one.low - one.likely, one.high - one.likely))
        for name, one in theirs.items()
    ]
    moves = [one for one in moves if one[2][1] - one[2][0] > 0.0]
    moves.sort(key=lambda one: one[2][0] - one[2][1])
    rows = tuple(
        BarRow(
            title=title,
            words=f"{_hours(at + down)} to {_hours(at + up)}",
            segments=(_segment("lead", at + down, at + up),),
            mark="" if at + down > 0.0 else "warn",
        )
        for title, at, (down, up) in moves[:INPUTS_SHOWN]
    )
    if not rows:
        return None
    return Bars(
        title=f"Lead of {best.approach.title} over {next_one.approach.title}, likely {number(lead)}",
        unit="hours a month",
        rows=rows,
        limit=0.0,
        limit_words="the answer changes",
    )


def _inputs(standing: Standing, prices: Prices) -> Iterator[tuple[str, Range]]:
    """What the burden of an option is made of, in hours a month: its work, its CPU and its memory."""
    for cost in standing.costs:
        yield cost.name, cost.hours
    yield "CPU", standing.overhead.cpu_vcpu.times(prices.cpu.likely / prices.hour.likely)
    yield "Memory", standing.overhead.memory_gib.times(prices.memory.likely / prices.hour.likely)


def _hours(value: float) -> str:
    return number(value, 1 if abs(value) < 10.0 else 0)


def _turned(one: Range) -> tuple[float, float]:
    # More work for the answer makes its lead smaller.
    return one.likely - one.high, one.likely - one.low


CARRIED = frozenset({"must_is_met", "must_is_strained"})
"""Rules that say that the product itself carries a must-have."""


def _padded(one: Standing, best: Standing) -> bool:
    """Whether an option is the answer's small measures with a product beside them that carries nothing asked for."""
    own = {measure.id for measure in best.add_ons}
    carries = any(reason.rule in CARRIED for reason in one.reasons)
    return bool(own) and not carries and own <= {measure.id for measure in one.add_ons}


def _class(one: Standing) -> tuple[int, Status]:
    return len(one.musts_missed), one.status


def _segment(name: str, start: float, end: float) -> BarSegment:
    return BarSegment(name=name, start=start, end=end)


def _ms(value: float) -> str:
    return f"{number(value)} ms"


def as_table(bars: Bars) -> Table:
    """The numbers of the chart: a row for each bar, with the parts of stacked ones."""
    head = ("", f"In {bars.unit}", "Made of") if bars.stacked else ("", f"In {bars.unit}")
    rows = tuple(
        (Text(text=row.title), Text(text=row.words), *((Text(text=parts_in_words(row)),) if bars.stacked else ()))
        for row in bars.rows
    )
    limit = f"; {bars.limit_words}" if bars.limit_words and bars.limit else ""
    return Table(caption=f"{bars.title}{limit}", head=head, rows=rows)


def parts_in_words(row: BarRow) -> str:
    """The segments of a bar as words: "Upgrades 12, Debugging 8"."""
    return ", ".join(f"{one.name} {number(one.end - one.start)}" for one in row.segments)
