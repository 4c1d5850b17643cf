"""ApacheBench: console text, and the files of -e (percentiles) and -g (times).

"Failed requests" are mostly bodies of another length than the first one; errors are the non-2xx answers and what failed
to connect, to receive, or otherwise.
"""

import re
from dataclasses import replace

from decisions.intake.console import Console
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.samples import Outcome, Samples
from decisions.intake.source import Source
from decisions.intake.units import count, host, number, ratio

_HOW = "Save the console text of ab, which has them all: ab -n 20000 -c 20 URL > ab.txt"
_PERCENT = re.compile(r"^[ \t]*(\d{1,3})%[ \t]+(\d{1,15})", re.MULTILINE)
_NUMBER = r"(\d{1,15}(?:\.\d{1,15})?)"
_TOTAL = re.compile(
    rf"^Total:[ \t]+{_NUMBER}[ \t]+{_NUMBER}[ \t]+{_NUMBER}[ \t]+{_NUMBER}[ \t]+{_NUMBER}", re.MULTILINE
)
# Without a deviation and a median (ab -S), or with a mean of one request.
_SHORT_TOTAL = re.compile(rf"^Total:[ \t]+{_NUMBER}[ \t]+{_NUMBER}[ \t]+{_NUMBER}[ \t]*$", re.MULTILINE)
_FAILED = re.compile(r"\(Connect: (\d{1,15}), (?:Receive: (\d{1,15}), )?Length: \d{1,15}, Exceptions: (\d{1,15})\)")
_VERSION = re.compile(r"This is ApacheBench, Version (\d{1,15}\.\d{1,15})")


def read(source: Source) -> Reading | None:
    """The console text, or None when it is not one of ab. Raises Unreadable when the run was cut off."""
    text = source.text
    version = _VERSION.search(text)
    if version is None and "Percentage of the requests served within a certain time" not in text:
        return None
    console = Console(text)
    requests = count(console.value("Complete requests"))
    if requests is None:
        raise Unreadable(
            "ab stopped before its report: expected the line 'Complete requests:'. Without -r it ends at the first "
            f"connection that breaks. {_HOW}"
        )
    transport = _transport(text, requests)
    return reading(
        source,
        _figures(console, text, requests, transport),
        tool="ab",
        format_="console text",
        tool_version=version.group(1) if version else None,
        resolution_ms=1.0,
        warnings=_warnings(console, transport),
        how_to_get=_HOW,
    )


def _transport(text: str, requests: int) -> int:
    """Requests that never got an answer; one request can be counted under several of ab's words for it."""
    failed = _FAILED.search(text)
    connect, receive, exceptions = (int(group or 0) for group in failed.groups()) if failed else (0, 0, 0)
    return min(connect + receive + exceptions, requests)


def _figures(console: Console, text: str, requests: int, transport: int) -> LoadTest:
    found = {float(percent): float(value) for percent, value in _PERCENT.findall(text) if percent != "100"}
    non_2xx = count(console.value("Non-2xx responses")) or 0
    total = _TOTAL.search(text)
    lowest, mean, highest = total.group(1, 2, 5) if total else _short(text)
    port = count(console.value("Server Port"))
    name = console.value("Server Hostname")
    seconds = console.value("Time taken for tests").removesuffix("seconds").strip()
    return LoadTest(
        requests=requests,
        duration_s=number(seconds),
        achieved_rps=number(console.value("Requests per second").partition(" ")[0]),
        errors=Errors(transport=transport, other=non_2xx),
        error_ratio=ratio(min(transport + non_2xx, requests), requests),
        latency=Latency.of(
            found,
            lowest=number(lowest),
            mean=number(mean),
            highest=number(highest),
        ),
        population=Population.ALL,
        percentile_method=Method.ROUNDED if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        connections=count(console.value("Concurrency Level")),
        target_host=host(f"{name}:{port}" if port else name),
        distribution=tuple(sorted(found.items())),
    )


def _short(text: str) -> tuple[str | None, str | None, str | None]:
    found = _SHORT_TOTAL.search(text)
    return (found.group(1), found.group(2), found.group(3)) if found else (None, None, None)


def _warnings(console: Console, transport: int) -> list[str]:
    other = (count(console.value("Failed requests")) or 0) - transport
    if other <= 0:
        return []
    return [
        f"ab calls {other} requests failed because their length differs from the first answer: not taken as errors."
    ]


def read_percentiles(source: Source) -> Reading | None:
    """The file of `ab -e`: percentiles in milliseconds and nothing else."""
    if not source.head.lstrip().startswith("Percentage served,Time in ms"):
        return None
    rows = (line.partition(",") for line in source.text.splitlines()[1:])
    found = {
        percent: value
        for left, _, right in rows
        if (percent := number(left)) is not None and (value := number(right)) is not None and 0 <= percent <= 100
    }
    figures = LoadTest(
        latency=Latency.of(found, lowest=found.get(0.0), highest=found.get(100.0)),
        population=Population.ALL,
        percentile_method=Method.EXACT if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        distribution=tuple(sorted((p, v) for p, v in found.items() if 0 < p < 100)),
    )
    return reading(
        source,
        figures,
        tool="ab",
        format_="-e percentiles",
        warnings=[f"Number of requests, rate and errors are not in this file. {_HOW}"],
    )


def read_times(source: Source) -> Reading | None:
    """The file of `ab -g`: one line a request, without its status."""
    if not source.head.lstrip().startswith("starttime\tseconds\tctime\tdtime\tttime"):
        return None
    samples = Samples()
    for line in source.lines():
        cells = line.split("\t")
        latency = number(cells[4]) if len(cells) > 4 else None
        start = number(cells[1]) if len(cells) > 4 else None
        if latency is not None and latency >= 0:
            samples.add(latency, Outcome.OK, start_s=start, end_s=None if start is None else start + latency / 1e3)
    figures = samples.loadtest(method=Method.ROUNDED, coordinated_omission=Omission.UNCORRECTED)
    return reading(
        source,
        replace(figures, errors=Errors(), error_ratio=None),
        tool="ab",
        format_="-g times",
        resolution_ms=1.0,
        warnings=[f"Whether requests failed is not in this file. {_HOW}"],
    )
