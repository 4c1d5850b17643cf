"""h2load: console text and, in versions of 2026, a result file in JSON.

`failed` holds errored requests and answers with 4xx and 5xx. Older versions print no percentiles, newer ones the
median, p95 and p99.
"""

import re

from decisions.intake.document import at
from decisions.intake.loadtest import reading, without_empty_times
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.samples import Outcome, Samples, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, milliseconds, number, ratio, scaled, version

_FINISHED = re.compile(r"^finished in (\S+), (\S+) req/s", re.MULTILINE)
_N = r"(\d{1,15})"
_REQUESTS = re.compile(
    rf"^requests: {_N} total, {_N} started, {_N} done, {_N} succeeded, {_N} failed, {_N} errored", re.MULTILINE
)
_CODES = re.compile(r"^status codes: (\d{1,15}) 2xx, (\d{1,15}) 3xx, (\d{1,15}) 4xx, (\d{1,15}) 5xx", re.MULTILINE)
_TIMES = re.compile(r"^(?:time for request|request)[ \t]*:[ \t]+(\S+)[ \t]+(\S+)[ \t]+(.*)$", re.MULTILINE)
_MEDIAN_HEADER = re.compile(r"^[ \t]+min[ \t]+max[ \t]+median[ \t]+p95[ \t]+p99[ \t]+mean", re.MULTILINE)
_LOG = re.compile(r"\d{16}\t(?:-1|\d{3})\t\d{1,12}(?:\t[^\n]{0,200})?\n")
_HOW = "h2load prints few percentiles or none; the file of h2load --log-file=requests.tsv gives all of them."


def read(source: Source) -> Reading | None:
    """The report, or None when it is not one of h2load. Raises Unreadable when it was cut off."""
    text = source.text
    requests = _REQUESTS.search(text)
    if requests is None:
        if "starting benchmark..." in text and "client(s)" in text:
            raise Unreadable("The h2load report is cut off: expected the lines 'finished in ...' and 'requests: ...'.")
        return None
    finished, codes = _FINISHED.search(text), _CODES.search(text)
    total, failed, errored = int(requests.group(1)), int(requests.group(5)), int(requests.group(6))
    client, server = (int(codes.group(3)), int(codes.group(4))) if codes else (None, None)
    latency = _latency(text)
    figures = LoadTest(
        requests=total,
        duration_s=scaled(milliseconds(finished.group(1)), 1e-3) if finished else None,
        achieved_rps=number(finished.group(2)) if finished else None,
        errors=Errors(
            transport=errored,
            client=client,
            server=server,
            other=max(0, failed - errored - (client or 0) - (server or 0)),
        ),
        error_ratio=ratio(min(failed, total), total),
        latency=latency,
        population=Population.ALL,
        percentile_method=Method.EXACT if latency.p50 is not None else None,
        coordinated_omission=Omission.UNCORRECTED,
        distribution=latency.percentiles(),
    )
    warnings = []
    if errored and errored > (client or 0) + (server or 0):
        warnings.append(f"{errored} requests errored because connections ended; the server may have answered them.")
    return reading(
        source,
        without_empty_times(figures),
        tool="h2load",
        format_="console text",
        warnings=warnings,
        how_to_get=_HOW,
    )


def read_log(source: Source) -> Reading | None:
    """The file of --log-file: one line a request, start in microseconds, status (-1 without), duration; else None."""
    if not _LOG.match(source.head):
        return None
    samples, broken = Samples(), 0
    for line in source.lines():
        cells = line.split("\t")
        start, status, taken = (number(cell) for cell in cells[:3]) if len(cells) >= 3 else (None, None, None)
        if start is None or taken is None or taken < 0:
            broken += 1
            continue
        kind = Outcome.TRANSPORT if status is None or status < 0 else outcome(int(status))
        samples.add(taken / 1e3, kind, start_s=start / 1e6, end_s=(start + taken) / 1e6)
    return reading(
        source,
        samples.loadtest(coordinated_omission=Omission.UNCORRECTED),
        tool="h2load",
        format_="log of requests",
        warnings=[f"{broken} lines could not be read and were left out."] if broken else [],
    )


def read_json(source: Source) -> Reading | None:
    """The result file of --output-file (times in seconds), or None when it is not one."""
    document = source.document
    generator = at(document, "metadata", "generator")
    measured = at(document, "measurements")
    if not isinstance(generator, str) or not generator.startswith("h2load"):
        return None
    requests, codes = at(measured, "requests"), at(measured, "status_codes")
    total, failed, errored = (count(at(requests, name)) or 0 for name in ("total", "failed", "errored"))
    client, server = count(at(codes, "4xx")) or 0, count(at(codes, "5xx")) or 0
    times = at(measured, "performance", "request")
    latency = Latency(
        **{name: scaled(at(times, name), 1e3) for name in ("min", "max", "mean", "p95", "p99")},
        p50=scaled(at(times, "median"), 1e3),
    )
    figures = LoadTest(
        requests=total,
        duration_s=number(at(measured, "duration")),
        achieved_rps=number(at(measured, "request_per_second")),
        errors=Errors(
            transport=errored, client=client, server=server, other=max(0, failed - errored - client - server)
        ),
        error_ratio=ratio(min(failed, total), total),
        latency=latency if total else Latency(),
        population=Population.ALL,
        percentile_method=Method.EXACT if latency.p50 is not None else None,
        coordinated_omission=Omission.UNCORRECTED,
        distribution=latency.percentiles(),
    )
    return reading(
        source,
        figures,
        tool="h2load",
        format_="JSON",
        tool_version=version(generator.rpartition("/")[2]),
        how_to_get=_HOW,
    )


def _latency(text: str) -> Latency:
    """The row of request times; newer versions add median, p95 and p99 between maximum and mean."""
    row = _TIMES.search(text)
    if row is None:
        return Latency()
    rest = [milliseconds(cell) for cell in row.group(3).split()]
    lowest, highest = milliseconds(row.group(1)), milliseconds(row.group(2))
    if _MEDIAN_HEADER.search(text) and len(rest) >= 4:
        median, p95, p99, mean = rest[:4]
        return Latency(min=lowest, max=highest, p50=median, p95=p95, p99=p99, mean=mean)
    return Latency(min=lowest, max=highest, mean=rest[0] if rest else None)
