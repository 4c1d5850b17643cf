"""hey (and its ancestor boom): text summary and CSV.

The CSV leaves failed connections out; Requests/sec counts instant failures. Times have a step of 0.1 ms.
"""

import csv
from collections import Counter

from decisions.intake.console import Console
from decisions.intake.loadtest import reading
from decisions.intake.reading import Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.samples import Outcome, Samples, errors, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, number, ratio

_STEP_MS = 0.1
_HOW = "hey prints percentiles only when there are enough requests: raise -n or -z."


def read(source: Source) -> Reading | None:
    """The text summary, or None when it is not one of hey. Raises Unreadable when it was cut off."""
    text = source.text
    if "Summary:" not in text or "Slowest:" not in text or "Success rate:" in text:
        return None
    console = Console(text)
    duration = console.duration("Total")
    if not console.value("Requests/sec") or duration is None:
        raise Unreadable("The hey summary is cut off: expected the lines 'Total:' and 'Requests/sec:'. Save it again.")
    outcomes: Counter[Outcome] = Counter()
    for code, number_of in console.status_codes().items():
        outcomes[outcome(int(code))] += number_of
    answered = outcomes.total()
    outcomes[Outcome.TRANSPORT] += sum(console.failures().values())
    requests = outcomes.total()
    found = console.percentiles() if answered else {}
    figures = LoadTest(
        requests=requests,
        duration_s=duration / 1e3,
        achieved_rps=console.number("Requests/sec"),
        errors=errors(outcomes),
        error_ratio=ratio(requests - outcomes[Outcome.OK], requests),
        latency=Latency.of(
            found,
            lowest=console.duration("Fastest"),
            mean=console.duration("Average"),
            highest=console.duration("Slowest"),
        )
        if answered
        else Latency(),
        population=Population.ALL,
        percentile_method=Method.ROUNDED if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        distribution=tuple(sorted(found.items())),
    )
    return reading(source, figures, tool="hey", format_="text", resolution_ms=_STEP_MS, how_to_get=_HOW)


def read_csv(source: Source) -> Reading | None:
    """The CSV of `hey -o csv`, or None when it is not one."""
    if not source.head.lstrip().startswith("response-time,DNS+dialup,"):
        return None
    samples, broken = Samples(), 0
    try:
        for row in csv.DictReader(source.lines()):
            latency, offset = number(row.get("response-time")), number(row.get("offset"))
            if latency is None or latency < 0:
                broken += 1
                continue
            end = None if offset is None else offset + latency
            samples.add(latency * 1e3, outcome(count(row.get("status-code"))), start_s=0.0, end_s=end)
    except csv.Error as error:
        raise Unreadable("The CSV of hey is damaged: expected one line a request, as hey -o csv writes it.") from error
    return reading(
        source,
        samples.loadtest(method=Method.ROUNDED, coordinated_omission=Omission.UNCORRECTED),
        tool="hey",
        format_="CSV",
        resolution_ms=_STEP_MS,
        warnings=[
            "hey leaves failed connections out of its CSV: the error ratio is a lower bound.",
            *([f"{broken} lines could not be read and were left out."] if broken else []),
        ],
    )
