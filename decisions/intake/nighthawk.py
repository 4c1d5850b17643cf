"""nighthawk: its JSON (not always strict), YAML and text. Its fortio output is read with fortio's.

The global result sums the workers. Percentiles are a grid of an HdrHistogram: the first entry at or above is taken.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from decisions.intake.document import at, mappings
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.samples import Outcome, errors
from decisions.intake.source import Source
from decisions.intake.units import count, host, milliseconds, moment, number, ratio, scaled
from decisions.intake.yaml_events import document as yaml_document

_STATISTIC = "benchmark_http_client.request_to_response"
_WANTED = (50.0, 75.0, 90.0, 95.0, 99.0, 99.9)
_HOW = "Run: nighthawk_client --output-format json ... > result.json"
_COUNTERS = {
    "benchmark.http_2xx": Outcome.OK,
    "benchmark.http_3xx": Outcome.OK,
    "benchmark.http_4xx": Outcome.CLIENT,
    "benchmark.http_5xx": Outcome.SERVER,
    "benchmark.http_xxx": Outcome.OTHER,
    "benchmark.stream_resets": Outcome.TRANSPORT,
    "benchmark.pool_connection_failure": Outcome.TRANSPORT,
}
_BLOCK = re.compile(
    r"^(?:benchmark_http_client\.request_to_response|Request start to response end) \((\d{1,15}) samples\)$",
    re.MULTILINE,
)
_EXTREMES = re.compile(r"min: ([^|]+?) \| mean: ([^|]+?) \| max: ([^|]+?) \|")
_ROW = re.compile(r"^[ \t]+(\d(?:\.\d{1,15})?)[ \t]+(\d{1,15})[ \t]+(\d{1,15}s \d{1,15}ms \d{1,15}us)", re.MULTILINE)
_COUNTER = re.compile(r"^(benchmark\.\w+)[ \t]+(\d{1,15})[ \t]+(\d{1,15}\.\d{1,15})", re.MULTILINE)


def read(source: Source) -> Reading | None:
    """The JSON result, or None when there is none of nighthawk."""
    return _result(source, source.document, "JSON")


def read_yaml(source: Source) -> Reading | None:
    """The YAML result, or None when it is not one."""
    if not re.search(r"^results:[ \t]*$", source.head, re.MULTILINE) or "statistics:" not in source.head:
        return None
    return _result(source, yaml_document(source), "YAML")


def _result(source: Source, document: object, format_: str) -> Reading | None:
    results = mappings(at(document, "results"))
    if not results or not any("statistics" in one for one in results):
        return None
    whole = next((one for one in results if one.get("name") == "global"), results[-1])
    times = next((one for one in mappings(whole.get("statistics")) if one.get("id") == _STATISTIC), None)
    if times is None:
        raise Unreadable(f"A nighthawk result without {_STATISTIC}: expected a run of nighthawk_client. {_HOW}")
    counters = {str(one.get("name")): count(one.get("value")) or 0 for one in mappings(whole.get("counters"))}
    options = at(document, "options")
    grid = [
        (share * 100, value)
        for one in mappings(times.get("percentiles"))
        if (share := number(one.get("percentile"))) is not None and (value := _time(one.get("duration"))) is not None
    ]
    asked = number(at(options, "requests_per_second"))
    workers = number(at(options, "concurrency"))
    figures = _figures(
        count(times.get("count")),
        grid,
        counters,
        seconds=scaled(_time(whole.get("execution_duration")) or _time(at(options, "duration")), 1e-3),
        extremes=(_time(times.get("min")), _time(times.get("mean")), _time(times.get("max"))),
    )
    figures = replace(
        figures,
        requested_rps=asked * workers if asked is not None and workers is not None else None,
        connections=count(at(options, "connections")),
        coordinated_omission=_omission(at(options, "open_loop")),
        started_at=moment(at(document, "timestamp")),
        target_host=host(at(options, "uri")),
    )
    return reading(
        source, figures, tool="nighthawk", format_=format_, warnings=_warnings(figures, counters), how_to_get=_HOW
    )


def _omission(open_loop: object) -> Omission:
    if not isinstance(open_loop, bool):
        return Omission.UNKNOWN
    return Omission.CORRECTED if open_loop else Omission.UNCORRECTED


def _time(value: object) -> float | None:
    return milliseconds(value) if isinstance(value, str) else None


def _figures(
    requests: int | None,
    grid: Sequence[tuple[float, float]],
    counters: Mapping[str, int],
    *,
    seconds: float | None,
    extremes: tuple[float | None, float | None, float | None],
) -> LoadTest:
    outcomes: Counter[Outcome] = Counter()
    for name, kind in _COUNTERS.items():
        outcomes[kind] += counters.get(name, 0)
    ended = outcomes.total()
    found = {wanted: value for wanted in _WANTED if (value := _first(grid, wanted)) is not None} if requests else {}
    lowest, mean, highest = extremes if requests else (None, None, None)
    return LoadTest(
        requests=requests,
        duration_s=seconds,
        achieved_rps=ratio(ended or requests, seconds),
        errors=errors(outcomes) if ended else Errors(),
        error_ratio=ratio(ended - outcomes[Outcome.OK], ended),
        latency=Latency.of(found, lowest=lowest, mean=mean, highest=highest),
        population=Population.ALL,
        percentile_method=Method.HDR if found else None,
        distribution=tuple((p, v) for p, v in grid if 0 < p < 100) if requests else (),
    )


def _first(grid: Sequence[tuple[float, float]], wanted: float) -> float | None:
    return next((value for percent, value in grid if percent >= wanted - 1e-9), None)


def _warnings(figures: LoadTest, counters: Mapping[str, int]) -> list[str]:
    found = []
    answered = sum(value for name, value in counters.items() if re.fullmatch(r"benchmark\.http_(\dxx|xxx)", name))
    if answered and figures.requests is not None and answered != figures.requests:
        found.append(f"{answered} answers were counted, but the latency rests on {figures.requests} of them.")
    kept_back = counters.get("benchmark.pool_overflow", 0)
    if kept_back:
        found.append(f"{kept_back} requests were not sent because all connections were busy (pool overflow).")
    return found


def read_text(source: Source) -> Reading | None:
    """The text result, or None when it is not one. Raises Unreadable when it holds no request latency."""
    text = source.text
    if "Nighthawk - A layer 7 protocol benchmarking tool" not in text:
        return None
    blocks = list(_BLOCK.finditer(text))
    if not blocks:
        raise Unreadable(f"A nighthawk text without request latency: expected a run of nighthawk_client. {_HOW}")
    block = text[blocks[-1].start() :].split("\n\nCounter", 1)[0]
    following = re.search(r"\n\n\S.*samples\)", block)
    block = block[: following.start()] if following else block
    grid = [
        (float(share) * 100, value)
        for share, _, time in _ROW.findall(block)
        if (value := milliseconds(time)) is not None
    ]
    rows = _COUNTER.findall(text[blocks[-1].start() :])
    counters = {name: int(value) for name, value, _ in rows}
    seconds = next((int(value) / float(rate) for _, value, rate in rows if float(rate) > 0), None)
    extremes = _EXTREMES.search(block)
    lowest, mean, highest = (milliseconds(group) for group in extremes.groups()) if extremes else (None, None, None)
    figures = _figures(int(blocks[-1].group(1)), grid, counters, seconds=seconds, extremes=(lowest, mean, highest))
    return reading(
        source, figures, tool="nighthawk", format_="text", warnings=_warnings(figures, counters), how_to_get=_HOW
    )
