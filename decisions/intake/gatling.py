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
_STAMP = re.compile(r"\d{12,14}")
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
    stats = load(io.BytesIO(text[start.end() :].encode()), len(text)) if start else None
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
        request = _request(line.split("\t", 30))
        if request:
            start, end, ended = request
            samples.add(float(end - start), ended, start / 1e3, end / 1e3)
    version = run.rpartition("\t")[2].strip()
    return reading(
        source,
        samples.loadtest(),
        tool="gatling",
        format_="text log",
        tool_version=version if re.fullmatch(r"\d{1,4}\.\d{1,4}[\w.]{0,20}", version) else None,
        resolution_ms=1.0,
        ignored=["Names, sessions and messages of the requests were not kept; groups repeat the requests in them."],
        warnings=[] if samples else ["The log holds no request."],
    )


def _request(cells: list[str]) -> tuple[int, int, Outcome] | None:
    """(start, end, outcome) of a REQUEST line, in milliseconds since the epoch; None for any other line.

    Versions differ: with or without a user, with two time stamps or four; the first begins and the last ends it.
    """
    if "REQUEST" not in cells[:4]:
        return None
    place = next((place for place, cell in enumerate(cells) if cell in {"OK", "KO"}), 0)
    stamps = [int(cell) for cell in cells[:place] if _STAMP.fullmatch(cell)]
    if len(stamps) < 2 or stamps[-1] < stamps[0]:
        return None
    return stamps[0], stamps[-1], _outcome(cells[place], "\t".join(cells[place + 1 :]))


def _outcome(word: str, message: str) -> Outcome:
    if word == "OK":
        return Outcome.OK
    status = _FOUND.search(message)
    if status:
        kind = outcome(int(status.group(1)))
        return Outcome.OTHER if kind is Outcome.OK else kind
    return Outcome.TRANSPORT if any(sign in message for sign in _UNREACHED) else Outcome.OTHER
