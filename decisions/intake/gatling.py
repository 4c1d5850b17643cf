"""Gatling: the report's global_stats.json, stats.json and stats.js, and the text log of versions up to 3.10.

The report's percentiles 1 to 4 are not named: 50, 75, 95 and 99 are the defaults. Gatling has no p90 of its own.
"""

import io
import re
from collections.abc import Mapping

from decisions.intake.document import at, load
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.samples import Outcome, Samples, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, number, ratio

_NAMES = {50.0: "percentiles1", 75.0: "percentiles2", 95.0: "percentiles3", 99.0: "percentiles4"}
_SCRIPT = re.compile(r"var stats\s*=\s*\{")
_STATS = re.compile(r"\bstats\s*:\s*(?=\{)")
_REQUEST = re.compile(r"(?:[^\t]*\t){0,3}REQUEST\t")
_TIMES = re.compile(r"\t(\d{12,14}(?:\t\d{12,14})+)\t(OK|KO)(?:\t(.*))?$")
_FOUND = re.compile(r"\bfound (\d{3})\b")
_UNREACHED = ("ConnectException", "TimeoutException", "UnknownHost", "ClosedChannel", "Premature close", "SSLException")
_HOW = "Gatling's reports have no p90; in the text log (simulation.log, up to 3.10) all percentiles can be computed."


def read(source: Source) -> Reading | None:
    """The report's JSON, or None when there is none of Gatling."""
    document = source.document
    nested = at(document, "stats")
    stats = nested if isinstance(nested, dict) else document
    if not isinstance(stats, dict) or "percentiles1" not in stats or at(stats, "numberOfRequests", "total") is None:
        return None
    return _report(source, stats, "stats.json" if stats is nested else "global_stats.json")


def read_script(source: Source) -> Reading | None:
    """stats.js, a script that holds the same figures, or None when it is not that."""
    if not _SCRIPT.search(source.head):
        return None
    text = source.text
    start = _STATS.search(text)
    stats = load(io.BytesIO(text[start.end() :].encode())) if start else None
    if not isinstance(stats, dict) or "percentiles1" not in stats:
        raise Unreadable("A stats.js of Gatling without figures in it: upload js/global_stats.json of the same report.")
    return _report(source, stats, "stats.js")


def _report(source: Source, stats: Mapping[str, object], format_: str) -> Reading:
    requests, failed = count(at(stats, "numberOfRequests", "total")), count(at(stats, "numberOfRequests", "ko"))
    rate = number(at(stats, "meanNumberOfRequestsPerSecond", "total"))
    found = {
        p: value for p, name in _NAMES.items() if (value := number(at(stats, name, "total"))) is not None and requests
    }
    figures = LoadTest(
        requests=requests,
        duration_s=ratio(requests, rate),
        achieved_rps=rate,
        errors=Errors(other=failed),
        error_ratio=ratio(failed, requests),
        latency=Latency.of(
            found,
            lowest=number(at(stats, "minResponseTime", "total")),
            mean=number(at(stats, "meanResponseTime", "total")),
            highest=number(at(stats, "maxResponseTime", "total")),
        )
        if requests
        else Latency(),
        population=Population.ALL,
        percentile_method=Method.ROUNDED if found else None,
        coordinated_omission=Omission.UNKNOWN,
        distribution=tuple(found.items()),
    )
    return reading(
        source,
        figures,
        tool="gatling",
        format_=format_,
        resolution_ms=1.0,
        ignored=["Single requests and groups of the report were not kept."],
        warnings=[
            "The percentiles are not named in the file; 50, 75, 95 and 99 are Gatling's defaults.",
            "The duration is requests divided by rate; the file does not have it.",
        ],
        how_to_get=_HOW,
    )


def read_log(source: Source) -> Reading | None:
    """The text log, or None when it is not one."""
    run = next((line for line in source.head.splitlines() if not line.startswith("ASSERTION\t")), "")
    if not (run.startswith("RUN\t") or "\tRUN\t" in run):
        return None
    samples = Samples()
    for line in source.lines():
        match = _TIMES.search(line) if _REQUEST.match(line) else None
        if match is None:
            continue
        # Versions differ: two time stamps, or four of which the first begins and the last ends the request.
        stamps = [int(stamp) for stamp in match.group(1).split("\t")]
        start, end = stamps[0], stamps[-1]
        if end >= start:
            samples.add(float(end - start), _outcome(match.group(2), match.group(3)), start / 1e3, end / 1e3)
    version = run.rpartition("\t")[2].strip()
    return reading(
        source,
        samples.loadtest(),
        tool="gatling",
        format_="text log",
        tool_version=version if re.fullmatch(r"\d+\.\d+[\w.]{0,20}", version) else None,
        resolution_ms=1.0,
        ignored=["Names, sessions and messages of the requests were not kept; groups repeat the requests in them."],
        warnings=[] if samples else ["The log holds no request."],
    )


def _outcome(word: str, message: str | None) -> Outcome:
    if word == "OK":
        return Outcome.OK
    status = _FOUND.search(message or "")
    if status:
        kind = outcome(int(status.group(1)))
        return Outcome.OTHER if kind is Outcome.OK else kind
    return Outcome.TRANSPORT if any(sign in (message or "") for sign in _UNREACHED) else Outcome.OTHER
