"""ghz: JSON reports and text summaries of gRPC load tests.

Times in JSON are nanoseconds. The average counts all calls, the distribution only successes (unless --count-errors).
Old reports list only OK among the status codes, so failures are the larger of both lists.
"""

import re
from collections.abc import Mapping

from decisions.intake.console import Console
from decisions.intake.document import at, mappings
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading
from decisions.intake.source import Source
from decisions.intake.units import count, host, moment, number, ratio, scaled

_HOW = "Run: ghz --format json ... > result.json; it has all percentiles when calls succeeded."
_CODE = re.compile(r"^[ \t]*\[([A-Z][A-Za-z]{1,30})\][ \t]+(\d{1,15}) responses", re.MULTILINE)
_TRANSPORT = frozenset({"Unavailable", "DeadlineExceeded", "Canceled"})


def read(source: Source) -> Reading | None:
    """The report, or None when there is none of ghz."""
    document = source.document
    rows = mappings(at(document, "latencyDistribution"))
    if not isinstance(document, dict) or not (
        "latencyDistribution" in document and "statusCodeDistribution" in document
    ):
        return None
    found = {
        percent: value
        for row in rows
        if (percent := number(row.get("percentage"))) is not None
        and (value := scaled(row.get("latency"), 1e-6)) is not None
    }
    requests = count(document.get("count"))
    failed = _failed(document)
    figures = LoadTest(
        requests=requests,
        duration_s=scaled(document.get("total"), 1e-9),
        achieved_rps=number(document.get("rps")),
        requested_rps=number(at(document, "options", "rps")) or None,
        errors=failed,
        error_ratio=ratio(failed.total, requests),
        latency=Latency.of(
            found,
            lowest=scaled(document.get("fastest"), 1e-6),
            mean=scaled(document.get("average"), 1e-6),
            highest=scaled(document.get("slowest"), 1e-6),
        )
        if requests
        else Latency(),
        population=Population.ALL if at(document, "options", "count-errors") is True else Population.SUCCESS,
        percentile_method=Method.EXACT if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        connections=count(at(document, "options", "connections")),
        started_at=moment(document.get("date")),
        target_host=host(at(document, "options", "host")),
        distribution=tuple(sorted(found.items())),
    )
    return reading(
        source,
        figures,
        tool="ghz",
        format_="JSON",
        ignored=["Request data, metadata, tags and the single calls were not kept."],
        how_to_get=_HOW,
    )


def read_text(source: Source) -> Reading | None:
    """The text summary, or None when it is not one of ghz: it counts calls and names gRPC codes."""
    text = source.text
    console = Console(text)
    calls = count(console.value("Count")) if "Summary:" in text and "Requests/sec:" in text else None
    if calls is None:
        return None
    codes = {code: int(number_of) for code, number_of in _CODE.findall(text)}
    failed = _failed({"statusCodeDistribution": codes})
    found = console.percentiles()
    duration = console.duration("Total")
    figures = LoadTest(
        requests=calls,
        duration_s=scaled(duration, 1e-3),
        achieved_rps=console.number("Requests/sec"),
        errors=failed,
        error_ratio=ratio(failed.total, calls),
        latency=Latency.of(
            found,
            lowest=console.duration("Fastest"),
            mean=console.duration("Average"),
            highest=console.duration("Slowest"),
        )
        if calls
        else Latency(),
        population=Population.SUCCESS,
        percentile_method=Method.ROUNDED if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        distribution=tuple(sorted(found.items())),
    )
    return reading(source, figures, tool="ghz", format_="text", how_to_get=_HOW)


def _failed(document: Mapping[str, object]) -> Errors:
    """gRPC codes by kind: no answer (Unavailable, DeadlineExceeded, Canceled) or any other code but OK."""
    codes, texts = document.get("statusCodeDistribution"), document.get("errorDistribution")
    by_code = {str(k): count(v) or 0 for k, v in codes.items()} if isinstance(codes, dict) else {}
    named = sum(calls for code, calls in by_code.items() if code != "OK")
    described = sum(count(calls) or 0 for calls in texts.values()) if isinstance(texts, dict) else 0
    transport = sum(calls for code, calls in by_code.items() if code in _TRANSPORT)
    return Errors(transport=transport, client=None, server=None, other=max(named, described) - transport)
