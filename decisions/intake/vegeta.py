"""vegeta: JSON and text reports, the histogram and the HDR plot.

`rate` is the rate of the attack, `throughput` counts successes only; code "0" means that there was no answer. Latency
holds time-outs too. vegeta sends at its rate whatever the answers do, so nothing is hidden by slow ones.
"""

import re
from collections import Counter
from collections.abc import Mapping

from decisions.intake.document import at
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading
from decisions.intake.samples import Outcome, errors, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, milliseconds, moment, number, ratio, scaled

HOW = "Run: vegeta report -type=json results.bin > report.json"
_NAMES = {"50th": 50.0, "75th": 75.0, "90th": 90.0, "95th": 95.0, "99th": 99.0}
_REQUESTS = re.compile(r"^Requests[ \t]+\[([^\]]+)\][ \t]+(\S.*)$", re.MULTILINE)
_DURATION = re.compile(r"^Duration[ \t]+\[([^\]]+)\][ \t]+(\S.*)$", re.MULTILINE)
_LATENCIES = re.compile(r"^Latencies[ \t]+\[([^\]]+)\][ \t]+(\S.*)$", re.MULTILINE)
_CODES = re.compile(r"^Status Codes[ \t]+\[code:count\][ \t]+(.*)$", re.MULTILINE)
_BUCKET = re.compile(r"^\[\S+,[ \t]+\S+\][ \t]+(\d{1,15})[ \t]+\d{1,15}\.\d{1,15}%", re.MULTILINE)
_PLOT = re.compile(
    r"^[ \t]*(\d{1,15}\.\d{1,15})[ \t]+(\d\.\d{1,15})[ \t]+(\d{1,15})[ \t]+(?:\d{1,15}\.\d{1,15}|[iI]nf)[ \t]*$",
    re.MULTILINE,
)


def read(source: Source) -> Reading | None:
    """The JSON report, or None when there is none."""
    document = source.document
    times = at(document, "latencies")
    if not isinstance(document, dict) or not isinstance(times, dict) or "50th" not in times:
        return None
    requests = count(document.get("requests"))
    codes = document.get("status_codes")
    outcomes = _outcomes({str(k): v for k, v in codes.items()} if isinstance(codes, dict) else {})
    found = {percent: value for name, percent in _NAMES.items() if (value := scaled(times.get(name), 1e-6)) is not None}
    share = number(document.get("success"))
    figures = LoadTest(
        requests=requests,
        duration_s=scaled(document.get("duration"), 1e-9),
        achieved_rps=number(document.get("rate")),
        errors=errors(outcomes) if outcomes else Errors(),
        error_ratio=_share(outcomes, None if share is None else 1 - share),
        latency=Latency.of(
            found,
            lowest=scaled(times.get("min"), 1e-6),
            mean=scaled(times.get("mean"), 1e-6),
            highest=scaled(times.get("max"), 1e-6),
        )
        if requests
        else Latency(),
        population=Population.ALL,
        percentile_method=Method.TDIGEST,
        coordinated_omission=Omission.CORRECTED,
        started_at=moment(document.get("earliest")),
        distribution=tuple(sorted(found.items())),
    )
    return reading(source, figures, tool="vegeta", format_="JSON report", warnings=_warnings(outcomes, requests))


def _outcomes(codes: Mapping[str, object]) -> Counter[Outcome]:
    found: Counter[Outcome] = Counter()
    for code, number_of in codes.items():
        status = number(code)
        found[outcome(None if status is None else int(status))] += count(number_of) or 0
    return found


def _share(outcomes: Counter[Outcome], otherwise: float | None) -> float | None:
    total = outcomes.total()
    return ratio(total - outcomes[Outcome.OK], total) if total else otherwise


def _warnings(outcomes: Counter[Outcome], requests: int | None) -> list[str]:
    total = outcomes.total()
    if total and requests is not None and total != requests:
        return [f"The totals contradict each other: {requests} requests, {total} status codes."]
    return []


def read_text(source: Source) -> Reading | None:
    """The text report, or None when it is not one."""
    text = source.text
    totals, times = _REQUESTS.search(text), _LATENCIES.search(text)
    if totals is None or times is None:
        return None
    sent, took, latency = _row(totals), _row(_DURATION.search(text)), _row(times)
    codes = _CODES.search(text)
    pairs = (pair.rpartition(":") for pair in codes.group(1).split()) if codes else ()
    outcomes = _outcomes({code: number_of for code, _, number_of in pairs})
    found = {
        percent: value
        for name, raw in latency.items()
        if (percent := number(name)) is not None and (value := milliseconds(raw)) is not None
    }
    figures = LoadTest(
        requests=count(sent.get("total")),
        duration_s=scaled(milliseconds(took.get("attack", took.get("total", ""))), 1e-3),
        achieved_rps=number(sent.get("rate")),
        errors=errors(outcomes) if outcomes else Errors(),
        error_ratio=_share(outcomes, None),
        latency=Latency.of(
            found,
            lowest=milliseconds(latency.get("min", "")),
            mean=milliseconds(latency.get("mean", "")),
            highest=milliseconds(latency.get("max", "")),
        ),
        population=Population.ALL,
        percentile_method=Method.TDIGEST,
        coordinated_omission=Omission.CORRECTED,
        distribution=tuple(sorted(found.items())),
    )
    return reading(source, figures, tool="vegeta", format_="text report", how_to_get=HOW)


def _row(match: re.Match[str] | None) -> dict[str, str]:
    """ "[total, rate]  40, 20.51" as {"total": "40", "rate": "20.51"}: versions differ in what they list."""
    if match is None:
        return {}
    names = [name.strip() for name in match.group(1).split(",")]
    return dict(zip(names, (value.strip() for value in match.group(2).split(",")), strict=False))


def read_histogram(source: Source) -> Reading | None:
    """`vegeta report -type=hist`: a number of requests and nothing else that can be used."""
    if not re.search(r"^Bucket[ \t]+#[ \t]+%[ \t]+Histogram", source.head, re.MULTILINE):
        return None
    requests = sum(int(number_of) for number_of in _BUCKET.findall(source.text))
    return reading(
        source,
        LoadTest(requests=requests, coordinated_omission=Omission.CORRECTED),
        tool="vegeta",
        format_="histogram text",
        ignored=["Buckets alone give no percentile that can be compared; rate and errors are not in the file."],
        how_to_get=HOW,
    )


def read_plot(source: Source) -> Reading | None:
    """`vegeta report -type=hdrplot`: percentiles in milliseconds and the number of requests."""
    if not re.search(r"^[ \t]*Value\(ms\)[ \t]+Percentile[ \t]+TotalCount", source.head, re.MULTILINE):
        return None
    rows = [(float(value), float(share), int(total)) for value, share, total in _PLOT.findall(source.text)]
    if not rows:
        return None
    found = {
        percent: next((value for value, share, _ in rows if share * 100 >= percent - 1e-9), rows[-1][0])
        for percent in (50.0, 75.0, 90.0, 95.0, 99.0, 99.9)
    }
    figures = LoadTest(
        requests=rows[-1][2],
        latency=Latency.of(found, lowest=rows[0][0], highest=rows[-1][0]),
        population=Population.ALL,
        percentile_method=Method.TDIGEST,
        coordinated_omission=Omission.CORRECTED,
        distribution=tuple(found.items()),
    )
    return reading(
        source,
        figures,
        tool="vegeta",
        format_="HDR plot",
        ignored=["The plot has neither rate nor errors."],
        warnings=[f"Whether requests failed is not in this file. {HOW}"],
    )
