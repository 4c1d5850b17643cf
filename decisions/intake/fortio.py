"""fortio: JSON results (also wrapped by Iter8, also as nighthawk writes them) and the console log.

Units: the histogram is in seconds, ActualDuration in nanoseconds (nighthawk's oldest writer puts seconds there).
Percentiles are interpolated inside buckets, by default of 1 ms, so figures below that are weak.
"""

import re
from collections import Counter
from collections.abc import Mapping

from decisions.intake.document import at, mappings
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Item, Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.samples import Outcome, errors, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, host, milliseconds, moment, number, ratio, scaled, version

Result = Mapping[str, object]

_GOOD_WORDS = frozenset({"OK", "SERVING"})
_HOW = "Run: fortio load -p 50,75,90,95,99,99.9 -json result.json URL"
_TARGET = re.compile(r"^# target (\d{1,15}(?:\.\d{1,15})?)% (\d\S*)", re.MULTILINE)
_CALLS = re.compile(r"^Ended after (\S+) : (\d{1,15}) calls\. qps=(\S+)", re.MULTILINE)
_TIMES = re.compile(
    r"^Aggregated Function Time : count (\d{1,15}) avg (\S+) \+/- \S+ min (\S+) max (\S+)", re.MULTILINE
)
_CODE = re.compile(r"^(?:Code|Health|Ping|\S+ )[ \t]*(-?\w+) : (\d{1,15})(?: \(|[ \t]*$)", re.MULTILINE)
_ASKED = re.compile(r"running at (\d{1,15}(?:\.\d{1,15})?) queries per second.*?: (\S+)$", re.MULTILINE)


def read(source: Source) -> Reading | None:
    """The result in JSON, or None when there is none of fortio."""
    results = _results(source.document)
    if not results:
        return None
    result = max(results, key=lambda one: count(at(one, "DurationHistogram", "Count")) or 0)
    warnings = (
        [] if len(results) == 1 else [f"The file holds {len(results)} results; the one with most calls was read."]
    )
    nighthawk = str(result.get("Labels", "")).strip().endswith("Nighthawk")
    figures = _figures(result, nighthawk=nighthawk)
    return reading(
        source,
        figures,
        tool="nighthawk" if nighthawk else "fortio",
        format_="fortio JSON",
        tool_version=version(result.get("Version")),
        resolution_ms=0.0 if nighthawk else 1.0,
        ignored=["Labels, headers, payloads and credentials of the result were not kept."],
        warnings=[*warnings, *_warnings(result, figures)],
        how_to_get=None if nighthawk else _HOW,
        extra=_estimated(result, figures),
    )


def _results(document: object) -> list[Result]:
    if not isinstance(document, dict):
        return []
    wrapped = document.get("EndpointResults")
    found = [document, *(wrapped.values() if isinstance(wrapped, dict) else ())]
    return [
        one
        for one in found
        if isinstance(one, dict)
        and isinstance(one.get("DurationHistogram"), dict)
        and ("RetCodes" in one or "ActualQPS" in one)
    ]


def _figures(result: Result, *, nighthawk: bool) -> LoadTest:
    histogram = result["DurationHistogram"]
    requests = count(at(histogram, "Count"))
    outcomes = _outcomes(result)
    found = {
        percent: value
        for one in mappings(at(histogram, "Percentiles"))
        if (percent := number(one.get("Percentile"))) is not None
        and (value := scaled(one.get("Value"), 1e3)) is not None
    }
    answered = outcomes.total()
    return LoadTest(
        requests=requests,
        duration_s=_duration(result),
        requested_rps=number(result.get("RequestedQPS")),
        achieved_rps=number(result.get("ActualQPS")),
        errors=errors(outcomes) if answered else Errors(),
        error_ratio=ratio(answered - outcomes[Outcome.OK], answered),
        latency=Latency.of(
            found,
            lowest=scaled(at(histogram, "Min"), 1e3),
            mean=scaled(at(histogram, "Avg"), 1e3),
            highest=scaled(at(histogram, "Max"), 1e3),
        )
        if requests
        else Latency(),
        population=Population.ALL,
        percentile_method=(Method.HDR if nighthawk else Method.BUCKET) if found else None,
        coordinated_omission=Omission.UNKNOWN if nighthawk else Omission.UNCORRECTED,
        connections=count(result.get("NumThreads")),
        started_at=moment(result.get("StartTime")),
        target_host=host(result.get("URL") or result.get("Destination")),
        distribution=tuple(sorted(found.items())),
    )


def _duration(result: Result) -> float | None:
    """Seconds. A value that is far too small as nanoseconds and fits as seconds is one of nighthawk's oldest writer."""
    actual, asked = number(result.get("ActualDuration")), result.get("RequestedDuration")
    wanted = milliseconds(asked) if isinstance(asked, str) else None
    if actual is not None and wanted and actual * 1e-9 < wanted * 1e-7 and actual >= wanted * 1e-4:
        return actual
    return scaled(actual, 1e-9)


def _outcomes(result: Result) -> Counter[Outcome]:
    codes = result.get("RetCodes")
    found: Counter[Outcome] = Counter()
    health = "GRPC" in str(result.get("RunType", "")).upper()
    for code, calls in codes.items() if isinstance(codes, dict) else ():
        found[_outcome(str(code), health=health)] += count(calls) or 0
    return found


def _outcome(code: str, *, health: bool) -> Outcome:
    """HTTP codes as usual, "-1" is a socket error; gRPC health answers SERVING, in old versions as the number 1."""
    if code in _GOOD_WORDS or (health and code == "1"):
        return Outcome.OK
    status = number(code)
    return Outcome.OTHER if status is None or health else outcome(int(status))


def _warnings(result: Result, figures: LoadTest) -> list[str]:
    found = []
    answered = _outcomes(result).total()
    if answered and figures.requests is not None and abs(answered - figures.requests) > 0.01 * figures.requests:
        found.append(
            f"The totals contradict each other: {figures.requests} calls in the histogram, {answered} return codes."
        )
    measured = figures.requests if figures.requests is not None else None
    expected = (figures.achieved_rps or 0) * (figures.duration_s or 0)
    if measured and expected and not 0.8 <= measured / expected <= 1.25:
        found.append(f"Rate times duration is {expected:.0f} calls, but the histogram has {measured}.")
    return found


def _estimated(result: Result, figures: LoadTest) -> list[Item]:
    """p95 from the buckets when the file does not have it: shown, but not taken as a figure of the file."""
    if figures.latency.p95 is not None:
        return []
    for bucket in mappings(at(result, "DurationHistogram", "Data")):
        share, end = number(bucket.get("Percent")), scaled(bucket.get("End"), 1e3)
        if share is not None and end is not None and share >= 95:
            return [Item(label="p95, at most (end of its bucket)", value=round(end, 3), unit="ms")]
    return []


def read_log(source: Source) -> Reading | None:
    """The console log, or None when it is not one of fortio. Raises Unreadable for a run that was stopped."""
    text = source.text
    if "fortio" not in text.lower() or ("# target" not in text and "Aggregated Function Time" not in text):
        return None
    calls, times = _CALLS.search(text), _TIMES.search(text)
    if calls is None or times is None:
        raise Unreadable(f"The fortio log ends before its totals ('Ended after ...'). {_HOW}")
    # The first histogram is that of the calls; connection times and sizes follow it.
    section = text[times.start() :].split("\nError cases", 1)[0].split("\n# Socket and IP", 1)[0]
    found = {
        float(percent): value
        for percent, seconds in _TARGET.findall(section)
        if (value := scaled(seconds, 1e3)) is not None
    }
    asked = _ASKED.search(text)
    outcomes: Counter[Outcome] = Counter()
    for code, number_of in _CODE.findall(text):
        outcomes[_outcome(code, health="grpc" in text.lower())] += int(number_of)
    duration = milliseconds(calls.group(1))
    figures = LoadTest(
        requests=int(times.group(1)),
        duration_s=scaled(duration, 1e-3),
        requested_rps=number(asked.group(1)) if asked else None,
        achieved_rps=number(calls.group(3)),
        errors=errors(outcomes) if outcomes else Errors(),
        error_ratio=ratio(outcomes.total() - outcomes[Outcome.OK], outcomes.total()),
        latency=Latency.of(
            found,
            lowest=scaled(times.group(3), 1e3),
            mean=scaled(times.group(2), 1e3),
            highest=scaled(times.group(4), 1e3),
        ),
        population=Population.ALL,
        percentile_method=Method.BUCKET if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        target_host=host(asked.group(2)) if asked else None,
        distribution=tuple(sorted(found.items())),
    )
    return reading(source, figures, tool="fortio", format_="console log", resolution_ms=1.0, how_to_get=_HOW)
