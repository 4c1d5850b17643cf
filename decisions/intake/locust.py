"""Locust: the statistics CSV and --json.

Times are milliseconds, rounded to two digits above 100 ms. The final CSV can lag behind the console by some requests.
"""

import csv
from collections.abc import Mapping

from decisions.intake.document import mappings
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.source import Source
from decisions.intake.units import count, instant, number, ratio

HOW = "Run: locust --headless --csv=run ...; upload run_stats.csv, or what --json prints."
_REQUESTS = ("Request Count", "# requests")
_FAILURES = ("Failure Count", "# failures")
_NAMES = {
    "mean": ("Average Response Time", "Average response time"),
    "lowest": ("Min Response Time", "Min response time"),
    "highest": ("Max Response Time", "Max response time"),
}
_PERCENTS = (50.0, 66.0, 75.0, 80.0, 90.0, 95.0, 98.0, 99.0, 99.9, 99.99)


def read(source: Source) -> Reading | None:
    """The statistics CSV, or None when it is not one. Raises Unreadable without its last, aggregated line."""
    header = source.head.lstrip().partition("\n")[0]
    if not header.strip('"').startswith(("Type,Name,", 'Type","Name', "Method,Name,", 'Method","Name')) or not any(
        name in header for name in _REQUESTS
    ):
        return None
    try:
        total, rows = _total(source)
    except csv.Error as error:
        raise Unreadable(f"The CSV is damaged. {HOW}") from error
    if total is None:
        raise Unreadable(f"The Locust CSV has no line 'Aggregated': it is cut off. {HOW}")
    return reading(
        source,
        _row(total),
        tool="locust",
        format_="statistics CSV",
        ignored=[f"The lines of {rows - 1} single requests were not kept."],
        warnings=["The duration is requests divided by rate; Locust does not write it."],
        how_to_get=HOW,
    )


def _total(source: Source) -> tuple[Mapping[str, object] | None, int]:
    """The last line that is about all requests, and the number of lines."""
    found, rows = None, 0
    for row in csv.DictReader(source.lines()):
        rows += 1
        if row.get("Name") in {"Aggregated", "Total"}:
            found = row
    return found, rows


def _row(row: Mapping[str, object]) -> LoadTest:
    requests, failed = count(_first(row, _REQUESTS)), count(_first(row, _FAILURES))
    rate = number(_first(row, ("Requests/s",)))
    found = {
        percent: value for percent in _PERCENTS if (value := number(row.get(f"{percent:g}%"))) is not None and requests
    }
    median = number(_first(row, ("Median Response Time", "Median response time")))
    if median is not None and requests:
        found.setdefault(50.0, median)
    values = {key: number(_first(row, names)) if requests else None for key, names in _NAMES.items()}
    return LoadTest(
        requests=requests,
        duration_s=ratio(requests, rate),
        achieved_rps=rate,
        errors=Errors(other=failed),
        error_ratio=ratio(failed, requests),
        latency=Latency.of(found, mean=values["mean"], lowest=values["lowest"], highest=values["highest"]),
        population=Population.ALL,
        percentile_method=Method.ROUNDED if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        distribution=tuple(sorted(found.items())),
    )


def _first(row: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((row[name] for name in names if name in row), None)


def read_json(source: Source) -> Reading | None:
    """What --json prints, or None when it is not that."""
    entries = mappings(source.document)
    if not entries or not all("num_requests" in one and isinstance(one.get("response_times"), dict) for one in entries):
        return None
    histogram: dict[float, int] = {}
    for one in entries:
        times = one["response_times"]
        for raw, number_of in times.items() if isinstance(times, dict) else ():
            value = number(raw)
            if value is not None:
                histogram[value] = histogram.get(value, 0) + (count(number_of) or 0)
    requests = sum(count(one.get("num_requests")) or 0 for one in entries)
    failed = sum(count(one.get("num_failures")) or 0 for one in entries)
    starts = [value for one in entries if (value := number(one.get("start_time"))) is not None]
    ends = [value for one in entries if (value := number(one.get("last_request_timestamp"))) is not None]
    duration = max(ends) - min(starts) if starts and ends else None
    found = _percentiles(histogram)
    totals = [number(one.get("total_response_time")) for one in entries]
    figures = LoadTest(
        requests=requests,
        duration_s=duration,
        achieved_rps=ratio(requests, duration),
        errors=Errors(other=failed),
        error_ratio=ratio(failed, requests),
        latency=Latency.of(
            found,
            lowest=min((v for one in entries if (v := number(one.get("min_response_time"))) is not None), default=None),
            mean=ratio(sum(value or 0.0 for value in totals), requests) if None not in totals else None,
            highest=max(
                (v for one in entries if (v := number(one.get("max_response_time"))) is not None), default=None
            ),
        )
        if requests
        else Latency(),
        population=Population.ALL,
        percentile_method=Method.ROUNDED if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        started_at=instant(min(starts)) if starts else None,
        distribution=tuple(found.items()),
    )
    return reading(source, figures, tool="locust", format_="--json", how_to_get=HOW)


def _percentiles(histogram: Mapping[float, int]) -> dict[float, float]:
    """Nearest rank over Locust's rounded histogram."""
    total = sum(histogram.values())
    found: dict[float, float] = {}
    for percent in _PERCENTS if total else ():
        seen = 0
        for value, number_of in sorted(histogram.items()):
            seen += number_of
            if seen >= percent / 100 * total - 1e-9:
                found[percent] = value
                break
    return found
