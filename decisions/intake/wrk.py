"""wrk and wrk2: console text.

wrk2 counts connections that wait for their paced turn as timeouts (its check_timeouts in src/wrk.c), so its timeouts
never enter the error ratio; wrk counts answers slower than its limit, which are left out of its latency figures.
"""

import re

from decisions.intake.loadtest import reading, without_empty_times
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.source import Source
from decisions.intake.units import count, host, milliseconds, number, ratio

_TIME = r"(\d{1,15}(?:\.\d{1,15})?(?:us|ms|s|m|h))"
_HEADER = re.compile(rf"^Running {_TIME} test @ (\S+)", re.MULTILINE)
_TOTAL = re.compile(rf"^[ \t]*(\d{{1,15}}) requests in {_TIME},", re.MULTILINE)
_RATE = re.compile(r"^Requests/sec:[ \t]+(\d{1,15}(?:\.\d{1,15})?)", re.MULTILINE)
_CONNECTIONS = re.compile(r"^[ \t]*\d{1,15} threads and (\d{1,15}) connections", re.MULTILINE)
_LATENCY = re.compile(rf"^[ \t]*Latency[ \t]+{_TIME}[ \t]+{_TIME}[ \t]+{_TIME}", re.MULTILINE)
_PERCENT = re.compile(rf"^[ \t]*(\d{{1,15}}(?:\.\d{{1,15}})?)%[ \t]+{_TIME}[ \t]*$", re.MULTILINE)
_SOCKET = re.compile(r"Socket errors: connect (\d{1,15}), read (\d{1,15}), write (\d{1,15}), timeout (\d{1,15})")
_STATUS = re.compile(r"Non-2xx or 3xx responses: (\d{1,15})")
_SPECTRUM = re.compile(
    r"^[ \t]*(\d{1,15}\.\d{1,15})[ \t]+([01]\.\d{6})[ \t]+(\d{1,15})[ \t]+(?:\d{1,15}\.\d{1,15}|inf)[ \t]*$",
    re.MULTILINE,
)
_MAXIMUM = re.compile(r"#\[Max[ \t]*=[ \t]*(\d{1,15}(?:\.\d{1,15})?), Total count[ \t]*=[ \t]*(\d{1,15})\]")


def read(source: Source) -> Reading | None:
    """The last run in the text, or None when it is not of wrk. Raises Unreadable for a run that was cut off."""
    if "Thread Stats" not in source.text or not ("requests in" in source.text or _HEADER.search(source.text)):
        return None
    runs = _runs(source.text)
    text = runs[-1]
    total, rate = _TOTAL.search(text), _RATE.search(text)
    if total is None or rate is None:
        raise Unreadable(
            "The wrk output ends before its totals: expected the lines 'N requests in ...' and 'Requests/sec:'. Save "
            "the whole output: wrk -t2 -c16 -d60s --latency URL > wrk.txt"
        )
    paced = "HdrHistogram" in text or "Thread calibration" in text
    figures = _figures(text, total, rate, paced=paced)
    return reading(
        source,
        without_empty_times(figures),
        tool="wrk2" if paced else "wrk",
        format_="console text",
        warnings=_warnings(text, figures, runs, paced=paced),
        how_to_get=(
            "wrk prints no p95, and percentiles at all only with --latency. wrk2 -R RATE --latency prints them all."
            if not paced
            else "Run wrk2 with --latency: it prints the percentile spectrum."
        ),
    )


def _runs(text: str) -> list[str]:
    """The text of each run: a file may hold several, one after the other."""
    starts = [match.start() for match in _HEADER.finditer(text)]
    if not starts:
        return [text]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _figures(text: str, total: re.Match[str], rate: re.Match[str], *, paced: bool) -> LoadTest:
    header, connections = _HEADER.search(text), _CONNECTIONS.search(text)
    requests = int(total.group(1))
    connect, failed_reads, failed_writes, late = _sockets(text)
    transport = connect + failed_reads + failed_writes + (0 if paced else late)
    status = _STATUS.search(text)
    other = int(status.group(1)) if status else 0
    unanswered = connect + failed_reads + failed_writes
    duration = milliseconds(total.group(2))
    # With --u_latency wrk2 prints a second, uncorrected distribution after the recorded one.
    recorded = text.partition("Uncorrected Latency")[0]
    percentiles = _percentiles(recorded)
    return LoadTest(
        requests=requests,
        duration_s=None if duration is None else duration / 1e3,
        achieved_rps=number(rate.group(1)),
        errors=Errors(transport=transport, other=other),
        error_ratio=ratio(min(transport + other, requests + unanswered), requests + unanswered),
        latency=_latency(recorded, percentiles) if requests else Latency(),
        population=Population.ALL,
        percentile_method=(Method.HDR if paced else Method.EXACT) if percentiles else None,
        coordinated_omission=Omission.CORRECTED if paced else Omission.UNCORRECTED,
        connections=count(connections.group(1)) if connections else None,
        target_host=host(header.group(2)) if header else None,
        distribution=tuple(sorted(percentiles.items())) if requests else (),
    )


def _sockets(text: str) -> tuple[int, int, int, int]:
    found = _SOCKET.search(text)
    connect, reads, writes, late = (int(group) for group in found.groups()) if found else (0, 0, 0, 0)
    return connect, reads, writes, late


def _percentiles(text: str) -> dict[float, float]:
    """By percent: the printed ones, and p95 as the first row of the spectrum at or above it."""
    found = {
        float(percent): value for percent, time in _PERCENT.findall(text) if (value := milliseconds(time)) is not None
    }
    found.pop(100.0, None)
    for value, share, _ in _SPECTRUM.findall(text):
        if float(share) >= 0.95:
            found.setdefault(95.0, float(value))
            break
    return found


def _latency(text: str, percentiles: dict[float, float]) -> Latency:
    line, exact = _LATENCY.search(text), _MAXIMUM.search(text)
    printed = milliseconds(line.group(3)) if line else None
    return Latency.of(
        percentiles,
        mean=milliseconds(line.group(1)) if line else None,
        highest=float(exact.group(1)) if exact else printed,
    )


def _warnings(text: str, figures: LoadTest, runs: list[str], *, paced: bool) -> list[str]:
    found = []
    if len(runs) > 1:
        found.append(f"The file holds {len(runs)} runs; only the last was read.")
    late = _sockets(text)[3]
    if late and paced:
        found.append(
            f"wrk2 reports {late} timeouts, which count connections waiting for their turn: not taken as errors."
        )
    elif late:
        found.append(f"{late} answers were slower than wrk's limit; they are missing from its latency figures.")
    counted = _MAXIMUM.search(text)
    if counted and figures.requests and int(counted.group(2)) < 0.9 * figures.requests:
        found.append(
            f"The percentiles rest on {counted.group(2)} of {figures.requests} requests: wrk2 leaves out its "
            "calibration of about 10 s."
        )
    return found
