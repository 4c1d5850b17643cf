"""autocannon: JSON results.

Whole milliseconds, no p95. A run with -R corrects for coordinated omission by adding the requests that a stall kept
back, which shows in more recorded times than requests. Connections closed by the server appear in no counter.
"""

import re
from collections.abc import Mapping

from decisions.intake.document import at
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading
from decisions.intake.source import Source
from decisions.intake.units import count, host, moment, number, ratio

_PERCENTILE = re.compile(r"p(\d{1,2})(?:_(\d{1,3}))?")
_HOW = "autocannon has p97.5 but no p95; k6, oha and vegeta report p95."


def read(source: Source) -> Reading | None:
    """The result, or None when there is none of autocannon."""
    document = source.document
    times, requests = at(document, "latency"), at(document, "requests")
    if not isinstance(document, dict) or not isinstance(times, dict) or not isinstance(requests, dict):
        return None
    if "p97_5" not in times and "p99" not in times:
        return None
    figures = _figures(document, times, requests)
    return reading(
        source,
        figures,
        tool="autocannon",
        format_="JSON",
        resolution_ms=1.0,
        warnings=_warnings(figures, count(times.get("totalCount")), count(requests.get("sent"))),
        how_to_get=_HOW,
    )


def _figures(document: Mapping[str, object], times: Mapping[str, object], requests: Mapping[str, object]) -> LoadTest:
    answered = count(requests.get("total"))
    failed = Errors(
        transport=count(document.get("errors")), client=count(document.get("4xx")), server=count(document.get("5xx"))
    )
    attempts = None if answered is None else answered + (failed.transport or 0)
    found = {
        float(f"{match.group(1)}.{match.group(2) or 0}"): value
        for name, raw in times.items()
        if (match := _PERCENTILE.fullmatch(name)) and (value := number(raw)) is not None and not name.startswith("p0")
    }
    recorded = count(times.get("totalCount"))
    corrected = recorded is not None and answered is not None and recorded > answered
    return LoadTest(
        requests=answered,
        duration_s=number(document.get("duration")),
        achieved_rps=number(requests.get("average")),
        errors=failed,
        error_ratio=ratio(failed.total, attempts),
        latency=Latency.of(
            found, lowest=number(times.get("min")), mean=number(times.get("mean")), highest=number(times.get("max"))
        )
        if answered
        else Latency(),
        population=Population.ALL,
        percentile_method=Method.HDR if answered else None,
        coordinated_omission=Omission.CORRECTED if corrected else Omission.UNCORRECTED,
        connections=count(document.get("connections")),
        started_at=moment(document.get("start")),
        target_host=host(document.get("url")),
        distribution=tuple(sorted(found.items())) if answered else (),
    )


def _warnings(figures: LoadTest, recorded: int | None, sent: int | None) -> list[str]:
    warnings = []
    answered = figures.requests
    if figures.coordinated_omission is Omission.CORRECTED:
        warnings.append(
            f"{recorded} times for {answered} requests: autocannon's correction added waiting time, so these are not "
            "service times."
        )
    if sent and answered is not None and sent - answered > 0.01 * sent + (figures.connections or 0):
        warnings.append(
            f"{sent - answered} of {sent} requests sent were never answered and appear in no error counter."
        )
    return warnings
