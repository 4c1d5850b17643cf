"""k6: every data point, as JSON lines (--out json) or CSV (--out csv).

Tags hold whole URLs; only status, time and duration of a request are looked at. Whether an answer was expected is k6's
own word, so a 404 that the script expects is no error. Percentiles are of the nearest rank; k6 itself interpolates.
"""

import csv
import json
import re

from decisions.intake.document import at
from decisions.intake.loadtest import reading
from decisions.intake.reading import Omission, Reading, Unreadable
from decisions.intake.samples import Outcome, Samples, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, host, moment, number

_DURATIONS = frozenset({"http_req_duration", "grpc_req_duration"})
_TYPE = re.compile(r'"type": ?"(?:Point|Metric)"')
_IGNORED = ["Points of other metrics, URLs, groups and names were not kept."]
_CUT = "The k6 points cannot be read: expected what k6 run --out json=points.json (or csv=points.csv) writes."


def read_lines(source: Source) -> Reading | None:
    """JSON lines, or None when they are not of k6."""
    head = source.head.lstrip()[:4000]
    if not head.startswith("{") or '"metric":' not in head or not _TYPE.search(head):
        return None
    samples, broken, target, dropped = Samples(), 0, None, False
    for line in source.lines():
        if "_req_duration" not in line:
            dropped = dropped or "dropped_iterations" in line
            continue
        point = _parsed(line)
        if point.get("type") != "Point" or point.get("metric") not in _DURATIONS:
            broken += not point
            continue
        data = point.get("data")
        tags = at(data, "tags")
        tags = tags if isinstance(tags, dict) else {}
        ended, duration = moment(at(data, "time")), number(at(data, "value"))
        if duration is None or duration < 0:
            broken += 1
            continue
        target = target or host(tags.get("url"))
        samples.add(
            duration, _outcome(tags.get("status"), tags.get("expected_response")), ended.timestamp() if ended else None
        )
    return _reading(source, samples, broken, target, dropped=dropped, format_="JSON lines")


def _parsed(line: str) -> dict[str, object]:
    try:
        point = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return point if isinstance(point, dict) else {}


def _outcome(status: object, expected: object) -> Outcome:
    if expected == "true":
        return Outcome.OK
    kind = outcome(count(status))
    return Outcome.OTHER if expected == "false" and kind is Outcome.OK else kind


def read_csv(source: Source) -> Reading | None:
    """CSV, or None when it is not of k6. Raises Unreadable when it is damaged."""
    if not source.head.lstrip().startswith("metric_name,timestamp,metric_value"):
        return None
    samples, broken, target, dropped = Samples(), 0, None, False
    try:
        for row in csv.DictReader(source.lines()):
            name = row.get("metric_name")
            if name not in _DURATIONS:
                dropped = dropped or name == "dropped_iterations"
                continue
            duration = number(row.get("metric_value"))
            if duration is None or duration < 0:
                broken += 1
                continue
            target = target or host(row.get("url"))
            samples.add(
                duration, _outcome(row.get("status"), row.get("expected_response")), _time(row.get("timestamp"))
            )
    except csv.Error as error:
        raise Unreadable(_CUT) from error
    return _reading(source, samples, broken, target, dropped=dropped, format_="CSV")


def _time(value: str | None) -> float | None:
    """Whole seconds since the epoch by default, or an ISO time when k6 was told so."""
    seconds = number(value)
    if seconds is not None:
        return seconds
    found = moment(value)
    return found.timestamp() if found else None


def _reading(
    source: Source, samples: Samples, broken: int, target: str | None, *, dropped: bool, format_: str
) -> Reading:
    if not samples:
        raise Unreadable(f"There is no HTTP or gRPC request in it. {_CUT}")
    figures = samples.loadtest(
        coordinated_omission=Omission.CORRECTED if dropped else Omission.UNKNOWN,
        target_host=target,
    )
    return reading(
        source,
        figures,
        tool="k6",
        format_=format_,
        ignored=_IGNORED,
        warnings=[f"{broken} lines could not be read and were left out."] if broken else [],
    )
