"""oha: JSON and text.

Its success rate means "got an HTTP answer", 500 included, so errors are recomputed from status codes; requests aborted
at the deadline are no errors but are part of its requests per second (oha src/result_data.rs).
"""

import re
from collections import Counter
from collections.abc import Mapping

from decisions.intake.console import Console
from decisions.intake.document import at
from decisions.intake.loadtest import reading
from decisions.intake.reading import Latency, LoadTest, Method, Omission, Population, Reading
from decisions.intake.samples import Outcome, Samples, errors, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, number, ratio, scaled

ABORTED = "aborted due to deadline"
_PERCENTILE = re.compile(r"p(\d{1,15}(?:\.\d{1,15})?)")
_HOW = "Run: oha --output-format json URL > result.json (older versions: oha -j)"


def read(source: Source) -> Reading | None:
    """The JSON result, or None when there is none."""
    document = source.document
    summary, times = at(document, "summary"), at(document, "latencyPercentiles")
    if not isinstance(summary, dict) or not isinstance(times, dict) or "requestsPerSec" not in summary:
        return None
    outcomes, aborted = _outcomes(at(document, "statusCodeDistribution"), at(document, "errorDistribution"))
    found = {
        float(match.group(1)): value
        for name, raw in times.items()
        if (match := _PERCENTILE.fullmatch(str(name))) and (value := scaled(raw, 1e3)) is not None
    }
    figures = _figures(
        outcomes,
        aborted,
        duration=number(summary.get("total")),
        rate=number(summary.get("requestsPerSec")),
        latency=Latency.of(
            found,
            lowest=scaled(summary.get("fastest"), 1e3),
            mean=scaled(summary.get("average"), 1e3),
            highest=scaled(summary.get("slowest"), 1e3),
        ),
        percentiles=found,
    )
    return reading(source, figures, tool="oha", format_="JSON", warnings=_warnings(aborted), how_to_get=_HOW)


def _outcomes(codes: object, failures: object) -> tuple[Counter[Outcome], int]:
    """(outcomes, number aborted at the deadline)."""
    found: Counter[Outcome] = Counter()
    for code, answers in codes.items() if isinstance(codes, dict) else ():
        found[outcome(count(code))] += count(answers) or 0
    aborted = 0
    for text, number_of in failures.items() if isinstance(failures, dict) else ():
        if ABORTED in str(text):
            aborted += count(number_of) or 0
        else:
            found[Outcome.TRANSPORT] += count(number_of) or 0
    return found, aborted


def _figures(
    outcomes: Counter[Outcome],
    aborted: int,
    *,
    duration: float | None,
    rate: float | None,
    latency: Latency,
    percentiles: Mapping[float, float],
) -> LoadTest:
    requests = outcomes.total()
    return LoadTest(
        requests=requests,
        duration_s=duration,
        achieved_rps=ratio(requests, duration) if aborted or rate is None else rate,
        errors=errors(outcomes),
        error_ratio=ratio(requests - outcomes[Outcome.OK], requests),
        latency=latency if requests else Latency(),
        # Only requests with an HTTP answer have a time.
        population=Population.ALL,
        percentile_method=Method.EXACT if percentiles and requests else None,
        coordinated_omission=Omission.UNKNOWN,
        distribution=tuple(sorted(percentiles.items())) if requests else (),
    )


def _warnings(aborted: int) -> list[str]:
    if not aborted:
        return []
    return [
        f"{aborted} requests were still open at the end and were aborted; they count neither as answered nor as failed."
    ]


def read_text(source: Source) -> Reading | None:
    """The text summary, or None when it is not one of oha."""
    text = source.text
    if "Success rate:" not in text or "Requests/sec:" not in text or "Slowest:" not in text:
        return None
    console = Console(text)
    outcomes, aborted = _outcomes(console.status_codes(), console.failures())
    found = console.percentiles()
    duration = console.duration("Total")
    figures = _figures(
        outcomes,
        aborted,
        duration=None if duration is None else duration / 1e3,
        rate=console.number("Requests/sec"),
        latency=Latency.of(
            found,
            lowest=console.duration("Fastest"),
            mean=console.duration("Average"),
            highest=console.duration("Slowest"),
        ),
        percentiles=found,
    )
    return reading(
        source, figures, tool="oha", format_="text", resolution_ms=0.1, warnings=_warnings(aborted), how_to_get=_HOW
    )


def read_csv(source: Source) -> Reading | None:
    """The CSV of `oha --output-format csv`, or None when it is not one: answered requests only."""
    if not source.head.lstrip().startswith("request-start,DNS,DNS+dialup,Response-delay,request-duration"):
        return None
    samples = Samples()
    for line in source.lines():
        cells = line.split(",")
        start, latency = (number(cells[0]), number(cells[4])) if len(cells) == 7 else (None, None)
        if start is not None and latency is not None and latency >= 0:
            samples.add(latency * 1e3, outcome(count(cells[6])), start_s=start, end_s=start + latency)
    return reading(
        source,
        samples.loadtest(),
        tool="oha",
        format_="CSV",
        warnings=["oha leaves requests without an answer out of its CSV: the error ratio is a lower bound."],
    )
