"""Answers of the Prometheus HTTP API (query and query_range), one or several in a file.

NaN, infinity, an empty result, a counter that was reset and a quantile at the last bucket are no figures: they become
"unknown" or "at least". Only labels that name a workload or a protocol are kept; others can hold user data.
"""

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from statistics import median

from decisions.intake.document import Builder, Event, Leaf, Shape, at, mappings, parsed
from decisions.intake.reading import Item, Kind, PrometheusAnswer, Reading, Series, Unreadable
from decisions.intake.source import Source
from decisions.intake.units import counted, number

MAX_ANSWERS = 200
# The recipe of the manual marks each answer with the figure it is (label_replace), so that a file explains itself.
FIGURE = "meshadvisor"
_LABELS = (
    FIGURE,
    "__name__",
    "namespace",
    "exported_namespace",
    "service",
    "exported_service",
    "service_name",
    "application",
    "job",
    "destination_service_name",
    "destination_service_namespace",
    "envoy_cluster_name",
    "reporter",
    "direction",
    "quantile",
    "le",
)
_V = Leaf.VALUE
_HISTOGRAM = Shape(fields={"count": _V, "sum": _V, "buckets": _V})
_ENVELOPE = Shape(
    fields={
        "status": _V,
        "errorType": _V,
        "error": _V,
        "warnings": _V,
        "infos": _V,
        "data": Shape(
            fields={
                "resultType": _V,
                "result": Shape(
                    fields={
                        "metric": Shape(fields=dict.fromkeys(_LABELS, _V)),
                        "value": _V,
                        "values": _V,
                        "histogram": _HISTOGRAM,
                        "histograms": _HISTOGRAM,
                    }
                ),
            }
        ),
    }
)
_HEAD = re.compile(r'\{\s*"status"\s*:\s*"(?:success|error)"')
_EXPECTED = "Expected the answer of /api/v1/query or /api/v1/query_range; the manual has the curl commands."
_ERRORS = {
    "bad_data": "The query or its parameters are wrong.",
    "execution": "The query was too heavy or ambiguous: shorten the window or aggregate with sum by (...).",
    "timeout": "The query took too long: shorten the window.",
    "canceled": "The query was cancelled.",
    "unavailable": "Prometheus is not ready.",
}
# What the usual bucket bounds begin with, whatever their power of ten.
_BOUNDS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 5.0, 7.5)
_COUNTER = re.compile(r"_(?:total|count|sum|bucket)$")


def read(source: Source) -> Reading | None:
    """The answers in the file, or None when it holds none. Raises Unreadable for error answers and other endpoints."""
    offset = source.json_offset
    if offset is None or not _HEAD.search(source.head):
        return None
    answers = _answers(source, offset)
    errors = [one for one in answers if one.get("status") == "error"]
    if errors and len(errors) == len(answers):
        kind, text = str(errors[0].get("errorType"))[:40], str(errors[0].get("error"))[:200]
        raise Unreadable(f"Prometheus answered with an error ({kind}: {text}). {_ERRORS.get(kind, '')} {_EXPECTED}")
    found = [one for one in answers if at(one, "data", "resultType") in {"vector", "matrix", "scalar"}]
    if not found:
        raise Unreadable(f"This is an answer of Prometheus, but not to a query. {_EXPECTED}")
    series = tuple(series for one in found for series in _series(one))
    types = "/".join(sorted({str(at(one, "data", "resultType")) for one in found}))
    return Reading(
        file=source.name,
        kind=Kind.PROMETHEUS,
        sha256=source.sha256,
        size=source.size,
        recognised=f"Prometheus, {counted(len(found), 'answer')} ({types}) with {len(series)} series.",
        format="HTTP API JSON",
        tool="prometheus",
        read=tuple(_item(one) for one in series[:200] if one.value is not None),
        ignored=(*source.notes, "Labels that do not name a workload or a protocol were not kept."),
        warnings=_warnings(found, errors, series),
        prometheus=PrometheusAnswer(result_type=types, series=series),
    )


def _answers(source: Source, offset: int) -> list[dict[str, object]]:
    """Every answer in the file: curl appends one after the other."""
    events = parsed(source.stream(offset))
    found: list[dict[str, object]] = []
    while len(found) < MAX_ANSWERS:
        try:
            event: Event | None = next(events, None)
            if event is None:
                break
            one = Builder(events).value(event, _ENVELOPE)
        except Unreadable:
            if found:
                break
            raise
        if isinstance(one, dict):
            found.append(one)
    return found


def _series(answer: Mapping[str, object]) -> list[Series]:
    data = answer.get("data")
    if at(data, "resultType") == "scalar":
        return [_judged((), [at(data, "result")], figure="")]
    found = []
    for one in mappings(at(data, "result")):
        metric = one.get("metric")
        labels = tuple(
            (name, str(metric[name])[:120]) for name in _LABELS if isinstance(metric, dict) and name in metric
        )
        values = one.get("values") if "values" in one else [one.get("value")]
        histograms = one.get("histograms") if "histograms" in one else [one.get("histogram")]
        points = [point for point in values if point is not None] if isinstance(values, list) else []
        native = [point for point in histograms if point is not None] if isinstance(histograms, list) else []
        if native and not points:
            found.append(_native(labels, native))
        else:
            found.append(_judged(labels, points, figure=dict(labels).get("__name__", "")))
    return found


def _judged(labels: tuple[tuple[str, str], ...], points: list[object], *, figure: str) -> Series:
    """A series of points as its median and its highest value, or the reason why it has none."""
    raw = [point[1] for point in points if isinstance(point, list) and len(point) == 2]
    values = [value for one in raw if (value := number(one)) is not None]
    wanted = dict(labels).get(FIGURE, "")
    because = None
    if not values:
        because = _why_not(raw)
    elif any(later < earlier for earlier, later in pairwise(values)) and _COUNTER.search(figure):
        because = "the counter was reset in the window: ask for its rate()"
    elif min(values) < 0:
        because = "negative: a difference over a counter reset; ask for rate() or increase()"
    if because:
        return Series(labels=labels, value=None, points=len(raw), unknown_because=because)
    middle = median(values)
    return Series(
        labels=labels,
        value=middle,
        highest=max(values),
        points=len(values),
        at_least=wanted.endswith("_ms") and _is_bound(middle),
    )


def _why_not(raw: list[object]) -> str:
    if not raw:
        return "no points in the window"
    words = {str(one) for one in raw}
    if words <= {"NaN"}:
        return "NaN: there was no traffic in the window, which is unknown and not zero"
    return "infinite: above every bucket, or divided by zero" if words & {"+Inf", "-Inf", "Inf"} else "not a number"


def _is_bound(value: float) -> bool:
    """Whether a quantile sits exactly on a round bucket bound (0.1, 2.5, 100): the true one may be higher."""
    mantissa = value / 10 ** math.floor(math.log10(value)) if value > 0 else 0.0
    return any(math.isclose(mantissa, bound, rel_tol=1e-12) for bound in _BOUNDS)


def _native(labels: tuple[tuple[str, str], ...], points: list[object]) -> Series:
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


def _item(series: Series) -> Item:
    labels = dict(series.labels)
    name = labels.pop(FIGURE, "") or labels.pop("__name__", "") or "value"
    where = ", ".join(f"{key}={value}" for key, value in labels.items())
    prefix = "at least " if series.at_least else ""
    return Item(label=f"{prefix}{name}{f' ({where})' if where else ''}", value=round(series.value or 0.0, 6))


def _warnings(
    answers: list[dict[str, object]], errors: list[dict[str, object]], series: tuple[Series, ...]
) -> tuple[str, ...]:
    found = []
    empty = sum(not at(one, "data", "result") for one in answers)
    if empty:
        found.append(
            f"{counted(empty, 'answer')} without any series: the metric does not exist or there was no traffic. "
            "That is unknown, not zero."
        )
    if errors:
        found.append(f"{counted(len(errors), 'query')} ended in an error and gave nothing.")
    reasons = dict.fromkeys(one.unknown_because for one in series if one.unknown_because)
    found += [f"Unknown: {reason}." for reason in list(reasons)[:5]]
    if any(one.at_least for one in series):
        found.append("A quantile sits exactly on a bucket bound: the true value is at least that.")
    for one in answers:
        for key in ("warnings", "infos"):
            notes = one.get(key)
            found += [f"Prometheus: {str(note)[:200]}" for note in notes[:3]] if isinstance(notes, list) else []
    return tuple(found[:20])
