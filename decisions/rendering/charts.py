"""Range charts as data: every position a string ready for an SVG attribute, every bar with its words beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Protocol

from decisions.advisor.quantities import Range
from decisions.advisor.quantities import number as written
from decisions.advisor.recommendation import Standing
from decisions.advisor.record import ChartRow
from decisions.advisor.record.words import ends, exact, likely

ROW_HEIGHT = 26
LIMIT_SHOWN_UP_TO = 3.0
"""A limit this many times beyond the longest bar is said in words, not drawn: it would squeeze all bars to dots."""

PANELS = (("cpu_vcpu", "CPU", "vCPU"), ("memory_gib", "Memory", "GiB"), ("p99_ms", "p99 latency", "ms"))


class Limits(Protocol):
    """What may be used at most, on top of today; None where no limit was given. The case's budget is one."""

    @property
    def cpu_vcpu(self) -> float | None:
        """Added vCPU."""

    @property
    def memory_gib(self) -> float | None:
        """Added GiB."""

    @property
    def p99_ms(self) -> float | None:
        """Added milliseconds at p99."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One option in one panel. x, width and middle are percentages of the plot; tone is "win", "bad" or empty."""

    title: str
    x: str
    width: str
    middle: str
    bar_y: str
    mark_y: str
    line_y: str
    tone: str
    likely: str
    ends: str
    drawn: bool


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One quantity for all options. `limit_x` is empty when no limit is drawn; `limit_words` may say where it is."""

    title: str
    unit: str
    words: str
    bars: tuple[Bar, ...]
    plot_height: str
    line_height: str
    label_y: str
    height: str
    limit_x: str
    over: bool
    """Whether a range reaches over the limit: only then is the line, and what lies behind it, in the colour of that."""
    over_width: str
    limit_words: str
    limit_anchor: str
    limit_label_x: str


@dataclass(frozen=True, kw_only=True)
class ChartData:
    """The overhead chart. `rows` are the numbers as a table, empty for none; `printed` charts need no style sheet."""

    panels: tuple[Panel, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    printed: bool
    font: str


@dataclass(frozen=True, kw_only=True)
class Track:
    """Hours a month of one option on a track shared by all: positions in percent, and the words."""

    x: str
    width: str
    middle: str
    likely: str
    ends: str
    best: bool


def overhead_chart(standings: Sequence[Standing], budget: Limits | None) -> ChartData:
    """The chart for a ranking, best first, with the limits of the case."""
    rows = [
        ChartRow(
            title=one.approach.title,
            cpu_vcpu=one.overhead.cpu_vcpu,
            memory_gib=one.overhead.memory_gib,
            p99_ms=one.overhead.p99_ms,
        )
        for one in standings
    ]
    return chart_of(rows, budget)


def chart_of(
    rows: Sequence[ChartRow], limits: Limits | None, *, table: bool = True, printed: bool = False, font: str = ""
) -> ChartData:
    """The chart for rows of a record. `table` offers the numbers below it; a record has a table of its own.

    `font` is the family that a printed chart sets its own words in.
    """
    panels = tuple(
        _panel(title, unit, [(row.title, getattr(row, key)) for row in rows], getattr(limits, key, None))
        for key, title, unit in PANELS
    )
    numbers = tuple((row.title, tuple(panel.bars[number].ends for panel in panels)) for number, row in enumerate(rows))
    return ChartData(panels=panels, rows=numbers if table else (), printed=printed, font=font)


def hours_tracks(standings: Sequence[Standing]) -> tuple[Track, ...]:
    """One track an option, in the order given; the first is the best."""
    scale = _scale(one.hours_per_month.high for one in standings)
    return tuple(
        Track(
            x=_percent(one.hours_per_month.low, scale),
            width=_percent(one.hours_per_month.high - one.hours_per_month.low, scale),
            middle=_percent(one.hours_per_month.likely, scale),
            likely=likely(one.hours_per_month),
            ends=ends(one.hours_per_month),
            best=number == 0,
        )
        for number, one in enumerate(standings)
    )


AT_AN_EDGE = 0.2
"""So near to an end of the axis, a label around its limit would be cut off in the narrow columns of paper."""


def _panel(title: str, unit: str, rows: Sequence[tuple[str, Range]], limit: float | None) -> Panel:
    longest = max((quantity.high for _, quantity in rows), default=0.0)
    drawn = limit is not None and (longest == 0 or limit <= longest * LIMIT_SHOWN_UP_TO)
    scale = _scale([longest, limit * 1.05] if limit is not None and drawn else [longest])
    plot = ROW_HEIGHT * len(rows)
    at = limit / scale if limit is not None and drawn else 1.0
    return Panel(
        title=title,
        unit=unit,
        words=_words(title, unit, rows, limit),
        bars=tuple(_bar(number, name, quantity, scale, limit) for number, (name, quantity) in enumerate(rows)),
        plot_height=str(plot),
        line_height=str(plot + 4),
        label_y=str(plot + 15),
        height=str(plot + 18),
        limit_x=_percent(at, 1) if drawn else "",
        over=limit is not None and longest > limit,
        over_width=_percent(1 - at, 1) if drawn else "",
        limit_words=""
        if limit is None
        else f"max {exact(float(limit))}"
        if drawn
        else f"max {exact(float(limit))}, far right",
        limit_anchor="start" if at < AT_AN_EDGE else "end" if at > 1 - AT_AN_EDGE else "middle",
        limit_label_x="0%" if at < AT_AN_EDGE else "100%" if at > 1 - AT_AN_EDGE else _percent(at, 1),
    )


def _bar(number: int, title: str, quantity: Range, scale: float, limit: float | None) -> Bar:
    top = ROW_HEIGHT * number
    over = limit is not None and quantity.likely > limit
    return Bar(
        title=title,
        x=_percent(quantity.low, scale),
        width=_percent(quantity.high - quantity.low, scale),
        middle=_percent(quantity.likely, scale),
        bar_y=str(top + 8),
        mark_y=str(top + 6),
        line_y=str(top + ROW_HEIGHT),
        tone="bad" if over else "win" if number == 0 else "",
        likely=_beside(quantity),
        ends=ends(quantity),
        drawn=quantity.high > 0,
    )


def _beside(quantity: Range) -> str:
    """The number beside a bar: the likely value, and where that is nothing and the bar is something, its far end."""
    return f"≤ {written(quantity.high)}" if quantity.likely == 0 < quantity.high else likely(quantity)


def _words(title: str, unit: str, rows: Sequence[tuple[str, Range]], limit: float | None) -> str:
    options = "; ".join(
        f"{name} {ends(quantity)}, likely {likely(quantity)} {unit}" if quantity.high > 0 else f"{name} none"
        for name, quantity in rows
    )
    closing = f" Limit {exact(float(limit))} {unit}." if limit is not None else ""
    return f"{title} added by each option. {options}.{closing}"


def _scale(highs: Iterable[float]) -> float:
    # The end of the axis: the largest value, rounded up to two digits so that the longest bar nearly fills the plot.
    largest = max(highs, default=0.0)
    if largest <= 0:
        return 1.0
    step = 10.0 ** (floor(log10(largest)) - 1)
    return (floor(largest / step) + 1) * step


def _percent(value: float, scale: float) -> str:
    return f"{100 * value / scale:.2f}%"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One count with the list it opens; `short` stands under the column where the title has no room."""

    title: str
    count: int
    address: str
    short: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A column as it is drawn: positions in percent of the plot and in pixels from its top."""

    title: str
    short: str
    count: int
    address: str
    x: str
    middle: str
    width: str
    y: str
    height: str
    label_y: str


@dataclass(frozen=True, kw_only=True)
class ColumnChart:
    """Counts side by side, with the same in words."""

    title: str
    words: str
    columns: tuple[Drawn, ...]
    total: int


COLUMN_PLOT = 120
"""Height of the highest column, in pixels; its number stands above it."""


def columns(title: str, counts: Sequence[Column]) -> ColumnChart:
    """The chart of some counts, in the order given."""
    highest = max((one.count for one in counts), default=0) or 1
    slot = 100 / max(len(counts), 1)
    return ColumnChart(
        title=title,
        words=f"{title}. " + "; ".join(f"{one.title} {one.count:,}" for one in counts) + ".",
        columns=tuple(_column(place, one, slot, highest) for place, one in enumerate(counts)),
        total=sum(one.count for one in counts),
    )


def _column(place: int, one: Column, slot: float, highest: int) -> Drawn:
    height = max(round(COLUMN_PLOT * one.count / highest), 2 if one.count else 0)
    top = 18 + COLUMN_PLOT - height
    return Drawn(
        title=one.title,
        short=one.short or one.title,
        count=one.count,
        address=one.address,
        x=f"{slot * (place + 0.2):.2f}%",
        middle=f"{slot * (place + 0.5):.2f}%",
        width=f"{slot * 0.6:.2f}%",
        y=str(top),
        height=str(height),
        label_y=str(top - 5),
    )
