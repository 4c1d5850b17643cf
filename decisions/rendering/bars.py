"""Bars of a record as they are drawn: positions in percent of the width and in pixels from the top, ready for SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from decisions.advisor.record import BarRow, Bars, BarSegment
from decisions.advisor.record.bars import parts_in_words

ROW = 40
PRINTED_ROW = 32
"""Closer in print, so that a chart of eight rows finds room on the page of its sentence."""
STACKED_ROW = 50
"""With the letters of the parts under the bar; in print with their names."""
ROOM = 3.0
"""Per cent of the width from which on a letter finds room under its part."""
DARKEST, FAINTEST = 0.92, 0.2
"""How opaque the kinds of a stacked bar are, from one end to the other."""
TAIL_SHADE = ".35"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One segment; `shade` is its opacity, `letter` its kind in the legend, which stands under its middle."""

    x: str
    width: str
    shade: str
    letter: str
    middle: str


@dataclass(frozen=True, kw_only=True)
class DrawnRow:
    """One bar with its words above it; `tone` is "win", "bad", "mid" or empty. `below` stands under it in print."""

    title: str
    words: str
    tone: str
    pieces: tuple[Piece, ...]
    words_y: str
    bar_y: str
    line_from: str
    line_to: str
    below: str
    below_y: str


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Everything the template draws; `words` is the text alternative, `rows` are the numbers as a table."""

    title: str
    unit: str
    words: str
    drawn: tuple[DrawnRow, ...]
    height: str
    over: bool
    """Whether something is over a limit of the reader's: only then is its line in the colour of that."""
    limit_x: str
    limit_words: str
    limit_anchor: str
    label_y: str
    legend: tuple[tuple[str, str, str], ...]
    """Name, shade and letter of each kind: shades of many kinds are told apart by nobody."""
    rows: tuple[tuple[str, str, str], ...]
    printed: bool
    font: str

    @property
    def winning(self) -> bool:
        """Whether a row stands out in the colour of the answer, so that the legend needs that colour as well."""
        return any(row.tone == "win" for row in self.drawn)


def bar_chart(bars: Bars, *, printed: bool = False, font: str = "", marker: bool = False) -> BarChart:
    """The chart of some bars. `printed` leaves the table out and sets the parts of stacked bars under them.

    `marker` says that the line is no limit of the reader's but a place, such as today; a line at zero always is one.
    """
    limited = not marker and bars.limit != 0.0
    axis = _Axis(bars)
    shades = _shades(bars)
    step = STACKED_ROW if bars.stacked else PRINTED_ROW if printed else ROW
    plot = step * len(bars.rows)
    at = axis.part(bars.limit) if bars.limit is not None else 0.0
    drawn = tuple(
        _row(bars, row, place * step, axis, shades, printed=printed, limited=limited)
        for place, row in enumerate(bars.rows)
    )
    return BarChart(
        title=bars.title,
        unit=bars.unit,
        words=_words(bars),
        drawn=drawn,
        height=str(plot + (18 if bars.limit is not None else 2)),
        over=any(row.tone == "bad" for row in drawn),
        limit_x=axis.x(bars.limit) if bars.limit is not None else "",
        limit_words=bars.limit_words,
        limit_anchor="start" if at < 0.15 else "end" if at > 0.85 else "middle",
        label_y=str(plot + 14),
        legend=tuple((*one, letter) for one, letter in zip(shades.items(), ascii_lowercase, strict=False))
        if bars.stacked
        else (),
        rows=()
        if printed
        else tuple((row.title, row.words, parts_in_words(row) if bars.stacked else "") for row in bars.rows),
        printed=printed,
        font=font,
    )


class _Axis:
    """From the lowest value to the highest, zero and the limit within it."""

    def __init__(self, bars: Bars) -> None:
        ends = [value for row in bars.rows for one in row.segments for value in (one.start, one.end)]
        limits = [] if bars.limit is None else [bars.limit]
        self.low = min([0.0, *ends, *limits])
        self.width = (max([0.0, *ends, *limits]) - self.low) * 1.001 or 1.0

    def part(self, value: float) -> float:
        return (value - self.low) / self.width

    def x(self, value: float) -> str:
        return f"{100 * self.part(value):.2f}%"


def _row(
    bars: Bars, row: BarRow, top: int, axis: _Axis, shades: Mapping[str, str], *, printed: bool, limited: bool
) -> DrawnRow:
    words, bar = (12, 17) if printed and not bars.stacked else (14, 21)
    letters = dict(zip(shades, ascii_lowercase, strict=False)) if bars.stacked and not printed else {}
    over = row.mark == "warn" or bool(
        limited and bars.limit and any(one.end > bars.limit and not one.tail for one in row.segments)
    )
    return DrawnRow(
        title=row.title,
        words=row.words,
        tone=("bad" if limited else "mid") if over else "win" if row.mark == "good" else "",
        pieces=tuple(
            _piece(one, axis, TAIL_SHADE if one.tail else shades.get(one.name, "1"), letters.get(one.name, ""))
            for one in row.segments
        ),
        words_y=str(top + words),
        bar_y=str(top + bar),
        line_from=str(top + bar - 2),
        line_to=str(top + bar + 14),
        below=parts_in_words(row) if printed and bars.stacked else "",
        below_y=str(top + 43),
    )


def _piece(one: BarSegment, axis: _Axis, shade: str, letter: str) -> Piece:
    width = max(100 * (axis.part(one.end) - axis.part(one.start)), 0.3)
    return Piece(
        x=axis.x(one.start),
        width=f"{width:.2f}%",
        shade=shade,
        letter=letter if width >= ROOM else "",
        middle=axis.x((one.start + one.end) / 2),
    )


def _shades(bars: Bars) -> dict[str, str]:
    names: Sequence[str] = list(dict.fromkeys(one.name for row in bars.rows for one in row.segments))
    if not bars.stacked:
        return dict.fromkeys(names, "1")
    # At even distances, and neighbours half of the way apart: told from each other in both themes and in print.
    half = (len(names) + 1) // 2
    step = (DARKEST - FAINTEST) / max(len(names) - 1, 1)
    return {name: f"{DARKEST - step * (place // 2 + half * (place % 2)):.2f}" for place, name in enumerate(names)}


def _words(bars: Bars) -> str:
    rows = "; ".join(
        f"{row.title} {row.words}{f' ({parts_in_words(row)})' if bars.stacked and row.segments else ''}"
        for row in bars.rows
    )
    limit = f" Line: {bars.limit_words}." if bars.limit_words else ""
    return f"{bars.title}, in {bars.unit}. {rows}.{limit}"
