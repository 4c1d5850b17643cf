"""Answers of the Prometheus HTTP API (query and query_range), one or several in a file.

Only labels that name a workload, a protocol or a version are kept; others can hold user data.
"""

import re
from collections.abc import Mapping

from decisions.intake.document import Builder, Event, Leaf, Shape, at, budget, mappings, parsed
from decisions.intake.prometheus_series import BOUNDS, FIGURE, Labels, Setting, judged, native, span, words
from decisions.intake.reading import Item, Kind, PrometheusAnswer, Reading, Series, Unreadable
from decisions.intake.source import Source
from decisions.intake.units import counted, instant

MAX_ANSWERS = 200
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
    "kernel_version",
    "kubelet_version",
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
    raw = [one for answer in found for one in _series(answer)]
    setting = Setting.of((labels, points) for labels, points, _ in raw)
    series = tuple(_judged(*one, setting) for one in raw if dict(one[0]).get(FIGURE) not in BOUNDS)
    lasted = span((labels, points) for labels, points, _ in raw)
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
        prometheus=PrometheusAnswer(
            result_type=types,
            series=series,
            started_at=instant(lasted[0]) if lasted else None,
            ended_at=instant(lasted[1]) if lasted else None,
        ),
    )


def _answers(source: Source, offset: int) -> list[dict[str, object]]:
    """Every answer in the file: curl appends one after the other."""
    events = parsed(source.stream(offset))
    builder = Builder(events, budget(source.length))
    found: list[dict[str, object]] = []
    while len(found) < MAX_ANSWERS:
        try:
            event: Event | None = next(events, None)
            if event is None:
                break
            one = builder.value(event, _ENVELOPE)
        except Unreadable:
            if found:
                break
            raise
        if isinstance(one, dict):
            found.append(one)
    return found


def _series(answer: Mapping[str, object]) -> list[tuple[Labels, list[object], list[object]]]:
    """(labels, points, native histograms) of each series of an answer."""
    data = answer.get("data")
    if at(data, "resultType") == "scalar":
        return [((), [at(data, "result")], [])]
    found = []
    for one in mappings(at(data, "result")):
        metric = one.get("metric")
        labels = tuple(
            (name, str(metric[name])[:120]) for name in _LABELS if isinstance(metric, dict) and name in metric
        )
        found.append((labels, _points(one, "value", "values"), _points(one, "histogram", "histograms")))
    return found


def _points(series: Mapping[str, object], single: str, several: str) -> list[object]:
    found = series.get(several) if several in series else [series.get(single)]
    return [point for point in found if point is not None] if isinstance(found, list) else []


def _judged(labels: Labels, points: list[object], histograms: list[object], setting: Setting) -> Series:
    return native(labels, histograms) if histograms and not points else judged(labels, points, setting)


def _item(series: Series) -> Item:
    labels = dict(series.labels)
    name = labels.pop(FIGURE, "") or labels.pop("__name__", "") or "value"
    before, after = words(series)
    more = ", ".join([f"{key}={value}" for key, value in labels.items()] + [after] * bool(after))
    value = series.between[1] if series.at_most and series.between else series.value
    return Item(label=f"{before}{name}{f' ({more})' if more else ''}", value=round(value or 0.0, 6))


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
        found.append("A quantile sits on a bucket bound: the true value is at least that.")
    if any(one.at_most for one in series):
        found.append("A quantile lies in the lowest bucket: the true value is anything up to its bound.")
    left_out = max((one.left_out for one in series), default=0)
    if left_out:
        found.append(f"{counted(left_out, 'point')} left out, because counters were reset there (restarts).")
    for one in answers:
        for key in ("warnings", "infos"):
            notes = one.get(key)
            found += [f"Prometheus: {str(note)[:200]}" for note in notes[:3]] if isinstance(notes, list) else []
    return tuple(found[:20])
