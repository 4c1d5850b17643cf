"""One series of a Prometheus answer, judged: a figure, a bound of it, or the reason why it is none.

NaN, infinity, an empty result, a counter that was reset and a quantile at the last bucket are no figures: they become
"unknown" or "at least".
"""

import math
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from decisions.intake.document import at
from decisions.intake.reading import Series
from decisions.intake.units import number

# The recipe of the manual marks each answer with the figure it is (label_replace), so that a file explains itself.
FIGURE = "meshadvisor"
BOUNDS = {"bounds_ms": 1.0, "bounds_s": 1000.0}
"""Figures that are the bounds of buckets, with their unit in milliseconds."""
RESETS = "resets"
# Figures that come out too low, or as nonsense, where a counter began anew.
_OF_COUNTERS = frozenset({"peak_rps", "error_ratio", "p50_ms", "p90_ms", "p95_ms", "p99_ms", "p99_9_ms"})
# What the usual bucket bounds begin with, whatever their power of ten.
_USUAL = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 5.0, 7.5)
_COUNTER = re.compile(r"_(?:total|count|sum|bucket)$")
_ALMOST = 1 - 1e-9

Labels = tuple[tuple[str, str], ...]
Raw = tuple[Labels, list[object]]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the other answers of a file say about its figures: bounds of buckets in ms, and when counters were reset."""

    bounds: tuple[float, ...] = ()
    reset_at: frozenset[float] = frozenset()

    @classmethod
    def of(cls, found: Iterable[Raw]) -> "Setting":
        """From all series of a file."""
        bounds: set[float] = set()
        reset_at: set[float] = set()
        for labels, points in found:
            marks = dict(labels)
            figure = marks.get(FIGURE, "")
            if figure in BOUNDS and (bound := number(marks.get("le"))) is not None:
                bounds.add(bound * BOUNDS[figure])
            if figure == RESETS:
                reset_at |= {moment for moment, value in _numbers(points) if value > 0}
        return cls(bounds=tuple(sorted(bounds)), reset_at=frozenset(reset_at))


def judged(labels: Labels, points: list[object], setting: Setting) -> Series:
    """A series of points as its median and its highest value, or the reason why it has none."""
    marks = dict(labels)
    figure, name = marks.get(FIGURE, ""), marks.get("__name__", "")
    found = _numbers(points)
    left = [one for one in found if not (figure in _OF_COUNTERS and one[0] in setting.reset_at)]
    values = [value for _, value in left]
    because = _why_not(points, name, values)
    if found and not left:
        because = "counters were reset (restarts) in the whole window"
    if because:
        return Series(labels=labels, value=None, points=len(points), unknown_because=because)
    middle = median(values)
    span = _bucket(middle, setting.bounds) if figure.endswith("_ms") else None
    return Series(
        labels=labels,
        value=middle,
        highest=max(values),
        mean=fmean(values),
        points=len(values),
        left_out=len(found) - len(left),
        between=span,
        at_least=figure.endswith("_ms") and _is_last(middle, setting.bounds),
        at_most=span is not None and span[0] == 0,
    )


def _numbers(points: list[object]) -> list[tuple[float, float]]:
    """(time, value) of the points that are finite numbers."""
    pairs = [point for point in points if isinstance(point, list) and len(point) == 2]
    return [
        (moment, value)
        for one in pairs
        if (value := number(one[1])) is not None and (moment := number(one[0])) is not None
    ]


def _why_not(points: list[object], name: str, values: list[float]) -> str | None:
    if not values:
        return _no_number([point[1] for point in points if isinstance(point, list) and len(point) == 2])
    if _COUNTER.search(name) and any(later < earlier for earlier, later in pairwise(values)):
        return "the counter was reset in the window: ask for its rate()"
    if min(values) < 0:
        return "negative: a difference over a counter reset; ask for rate() or increase()"
    return None


def _no_number(raw: list[object]) -> str:
    if not raw:
        return "no points in the window"
    words = {str(one) for one in raw}
    if words <= {"NaN"}:
        return "NaN: there was no traffic in the window, which is unknown and not zero"
    return "infinite: above every bucket, or divided by zero" if words & {"+Inf", "-Inf", "Inf"} else "not a number"


def _is_last(value: float, bounds: tuple[float, ...]) -> bool:
    """Whether a quantile sits on the last finite bound, so that the true one may be higher.

    Without the bounds in the file, any round number (0.1, 2.5, 100) is taken for one.
    """
    if bounds:
        return value >= bounds[-1] * _ALMOST
    mantissa = value / 10 ** math.floor(math.log10(value)) if value > 0 else 0.0
    return any(math.isclose(mantissa, bound, rel_tol=1e-12) for bound in _USUAL)


def _bucket(value: float, bounds: tuple[float, ...]) -> tuple[float, float] | None:
    """The bucket a quantile was interpolated in; None when it is not known or the value is above all of them."""
    place = bisect_left(bounds, value * _ALMOST)
    if place >= len(bounds) or value >= bounds[-1] * _ALMOST:
        return None
    return (bounds[place - 1] if place else 0.0, bounds[place])


def native(labels: Labels, points: list[object]) -> Series:
    """The last native histogram of a series, as percentiles in the unit of the metric."""
    last = points[-1]
    histogram = last[1] if isinstance(last, list) and len(last) == 2 else last
    rows = at(histogram, "buckets")
    buckets = [row for row in rows if isinstance(row, list) and len(row) == 4] if isinstance(rows, list) else []
    found = tuple((percent, value) for percent in (50.0, 90.0, 95.0, 99.0) if (value := _quantile(buckets, percent)))
    return Series(
        labels=labels,
        value=None,
        points=len(points),
        percentiles=found,
        unknown_because="a native histogram: its percentiles are shown; ask for histogram_quantile(q, rate(...))",
    )


def _quantile(buckets: list[list[object]], percent: float) -> float | None:
    """Linear inside the bucket: [rule, left, right, count] each."""
    rows = [(number(left), number(right), number(size)) for _, left, right, size in buckets]
    total = sum(size or 0.0 for _, _, size in rows)
    wanted, seen = percent / 100 * total, 0.0
    for left, right, size in rows:
        if left is None or right is None or not size:
            continue
        if seen + size >= wanted:
            return left + (right - left) * (wanted - seen) / size
        seen += size
    return None


def span(found: Iterable[Raw]) -> tuple[float, float] | None:
    """The first and the last moment of all points, in seconds since the epoch."""
    moments = [
        moment
        for _, points in found
        for point in points
        if isinstance(point, list) and len(point) == 2 and (moment := number(point[0])) is not None
    ]
    return (min(moments), max(moments)) if moments else None


def words(series: Series) -> tuple[str, str]:
    """What to say before and after the value of a series."""
    if series.at_least:
        return "at least ", ""
    if series.at_most:
        return "at most ", ""
    if series.between:
        return "", f"interpolated in the bucket from {series.between[0]:g} to {series.between[1]:g} ms"
    return "", ""
