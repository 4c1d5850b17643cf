"""The distribution of latencies as a chart: percentiles to the right, milliseconds upwards, both logarithmic.

Positions across are percentages of the plot and positions down are pixels, ready for SVG attributes.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

HEIGHT = 220
"""Of the plot in pixels."""
TICKS_ACROSS = (("p10", 0.10), ("p50", 0.50), ("p90", 0.90), ("p99", 0.99), ("p99.9", 0.999), ("p99.99", 0.9999))
STEPS = (1.0, 2.0, 5.0)
DEEPEST = 0.9999
TARGET = 0.99
"""The percentile that a target is about."""
LEAST_SPREAD = 4.0
"""The axis spans at least this factor, so that a flat distribution does not look like a mountain."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One run to draw: its name, and (share of the requests, milliseconds), rising."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A straight piece of a line."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A known percentile on a line."""

    x: str
    y: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A run as drawn; `tone` is "first" or "second"."""

    name: str
    tone: str
    segments: tuple[Segment, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A mark on an axis; `anchor` is the text-anchor of marks at the bottom."""

    at: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, kw_only=True)
class Box:
    """Where a projected range stands."""

    x: str
    y: str
    height: str
    words: str


@dataclass(frozen=True, kw_only=True)
class QuantileChart:
    """Everything the template draws. `words` is the text alternative, `rows` are the numbers as a table."""

    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    upwards: tuple[Tick, ...]
    boxes: tuple[Box, ...]
    slo_y: str
    over: bool
    """Whether a p99 is over the target, measured or at an end of a projected range."""
    slo_words: str
    slo_shift: str
    """How far below its line the words of the target stand in pixels: above it, unless that is over the edge."""
    words: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    height: str = str(HEIGHT)
    full_height: str = str(HEIGHT + 22)


def quantile_chart(
    curves: Sequence[Curve], slo_ms: float | None = None, ranges: Sequence[tuple[float, float, float]] = ()
) -> QuantileChart | None:
    """The chart of one or two runs; None when none of them has two percentiles.

    `slo_ms` is the target for p99, drawn as a line. `ranges` are (share, lowest ms, highest ms) that were projected.
    """
    drawn = [curve for curve in curves if len(curve.points) > 1]
    if not drawn:
        return None
    values = [value for curve in drawn for _, value in curve.points] + [end for _, *ends in ranges for end in ends]
    axis = _Axis(values + ([slo_ms] if slo_ms else []), max(share for curve in drawn for share, _ in curve.points))
    reached = [point for curve in drawn for point in curve.points] + [(share, highest) for share, _, highest in ranges]
    tones = ("first", "second")
    return QuantileChart(
        lines=tuple(_line(curve, tone, axis) for curve, tone in zip(drawn, tones, strict=False)),
        across=tuple(
            Tick(at=axis.x(share), words=name, anchor="end" if axis.part(share) > 0.95 else "middle")
            for name, share in TICKS_ACROSS
            if share <= axis.deepest
        ),
        upwards=tuple(Tick(at=axis.y(value), words=_ms(value)) for value in axis.ticks()),
        boxes=tuple(_box(one, axis) for one in ranges),
        slo_y=axis.y(slo_ms) if slo_ms else "",
        over=any(ms > slo_ms for share, ms in reached if share <= TARGET) if slo_ms else False,
        slo_words=f"target for p99, {_ms(slo_ms)} ms" if slo_ms else "",
        slo_shift="13" if slo_ms and float(axis.y(slo_ms)) < 14 else "-5",
        words=_words(drawn, slo_ms),
        names=tuple(curve.name for curve in drawn),
        rows=_rows(drawn),
    )


class _Axis:
    """Turns shares and milliseconds into positions."""

    def __init__(self, values: Iterable[float], deepest: float) -> None:
        known = [value for value in values if value > 0]
        low, high = min(known), max(known)
        if high < low * LEAST_SPREAD:
            middle = math.sqrt(low * high)
            low, high = middle / math.sqrt(LEAST_SPREAD), middle * math.sqrt(LEAST_SPREAD)
        self.low, self.high = math.log10(low * 0.92), math.log10(high * 1.08)
        self.deepest = min(max(deepest, 0.99), DEEPEST)

    def part(self, share: float) -> float:
        return math.log10(1 - min(share, self.deepest)) / math.log10(1 - self.deepest)

    def x(self, share: float) -> str:
        return f"{100 * self.part(share):.2f}%"

    def y(self, value: float) -> str:
        part = (math.log10(max(value, 1e-9)) - self.low) / (self.high - self.low)
        return f"{HEIGHT * (1 - min(max(part, 0.0), 1.0)):.1f}"

    def ticks(self) -> list[float]:
        decades = range(math.floor(self.low), math.ceil(self.high) + 1)
        found = [step * 10.0**decade for decade in decades for step in STEPS]
        return [value for value in found if self.low <= math.log10(value) <= self.high]


def _line(curve: Curve, tone: str, axis: _Axis) -> Line:
    at = [(axis.x(share), axis.y(value)) for share, value in curve.points]
    return Line(
        name=curve.name,
        tone=tone,
        segments=tuple(Segment(x1=x1, y1=y1, x2=x2, y2=y2) for (x1, y1), (x2, y2) in pairwise(at)),
        dots=tuple(Dot(x=x, y=y) for x, y in at),
    )


def _box(one: tuple[float, float, float], axis: _Axis) -> Box:
    share, low, high = one
    top, bottom = axis.y(high), axis.y(low)
    return Box(
        x=axis.x(share),
        y=top,
        height=f"{max(float(bottom) - float(top), 2.0):.1f}",
        words=f"projected for {_name(share)}: {_ms(low)} to {_ms(high)} ms",
    )


def _words(curves: Sequence[Curve], slo_ms: float | None) -> str:
    runs = "; ".join(
        f"{curve.name}: {', '.join(f'{_name(share)} {_ms(value)} ms' for share, value in curve.points)}"
        for curve in curves
    )
    return f"Latency by percentile. {runs}.{f' Target for p99 {_ms(slo_ms)} ms.' if slo_ms else ''}"


def _rows(curves: Sequence[Curve]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    shares = sorted({share for curve in curves for share, _ in curve.points})
    known = [dict(curve.points) for curve in curves]
    return tuple(
        (_name(share), tuple(f"{_ms(one[share])} ms" if share in one else "not known" for one in known))
        for share in shares
    )


def _name(share: float) -> str:
    return f"p{share * 100:.6g}"


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
