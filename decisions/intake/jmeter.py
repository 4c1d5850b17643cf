"""JMeter: the results file (JTL) as CSV with any separator, with or without header, and the dashboard's figures.

Lines of transaction controllers double the count and are left out: "Number of samples in transaction" in the message,
or, where messages were not saved, a URL that is null.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from decisions.intake.document import at
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading, Unreadable
from decisions.intake.samples import Outcome, Samples, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, host, moment, number, ratio

TRANSACTION = "Number of samples in transaction"
HOW = "Save the results as CSV: jmeter -n -t plan.jmx -l results.jtl"
IGNORED = ["Labels, messages, paths and response data of the samples were not kept."]
_ORDER = [
    "timeStamp",
    "elapsed",
    "label",
    "responseCode",
    "responseMessage",
    "threadName",
    "dataType",
    "success",
    "failureMessage",
    "bytes",
    "sentBytes",
    "grpThreads",
    "allThreads",
    "URL",
    "Latency",
    "IdleTime",
    "Connect",
]
_NEEDED = {"timeStamp", "elapsed"}
_DATE = re.compile(r"(?:\d{10,13}|\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)")


def read(source: Source) -> Reading | None:
    """The JTL as CSV, or None when it is not one. Raises Unreadable when its lines cannot be read."""
    first = source.head.lstrip("\n").partition("\n")[0]
    layout = _layout(first)
    if layout is None:
        return None
    columns, separator, has_header = layout
    samples, transactions, broken, target = Samples(), 0, 0, None
    try:
        for row in _rows(source, columns, separator, has_header=has_header):
            if len(row) < len(columns):
                # The last line of a run that still goes on.
                broken += 1
            elif is_transaction(row.get("responseMessage", "")) or (
                row.get("URL") in {"null", ""} and not _message(columns)
            ):
                transactions += 1
            elif not add(samples, row):
                broken += 1
            elif target is None:
                target = host(row.get("URL")) if row.get("URL", "null") != "null" else None
    except csv.Error as error:
        raise Unreadable(f"The lines of this JMeter file cannot be told apart: it is damaged. {HOW}") from error
    return finished(source, samples, transactions=transactions, broken=broken, target=target, format_="JTL, CSV")


def _message(columns: Sequence[str]) -> bool:
    return "responseMessage" in columns


def _layout(line: str) -> tuple[list[str], str, bool] | None:
    """(columns, separator, whether there is a header line) of a first line; None when it is not of a JTL."""
    for separator in (",", "\t", ";", "|"):
        cells = [cell.strip().strip('"') for cell in line.split(separator)]
        if set(cells) >= _NEEDED:
            return cells, separator, True
        row = next(csv.reader([line], delimiter=separator), [])
        if len(row) >= 14 and _DATE.fullmatch(row[0]) and row[1].isdecimal() and row[7] in {"true", "false"}:
            return _ORDER[: len(row)], separator, False
    return None


def _rows(source: Source, columns: list[str], separator: str, *, has_header: bool) -> Iterator[Mapping[str, str]]:
    lines = (f"{line}\n" for line in source.lines())
    for place, cells in enumerate(csv.reader(lines, delimiter=separator)):
        if cells and not (has_header and place == 0):
            yield dict(zip(columns, cells, strict=False))


def is_transaction(message: object) -> bool:
    """Whether a sample is the sum of others."""
    return isinstance(message, str) and message.startswith(TRANSACTION)


def add(samples: Samples, row: Mapping[str, object]) -> bool:
    """Takes one sample; False when its time cannot be read."""
    elapsed, start = number(row.get("elapsed")), _started(row.get("timeStamp"))
    if elapsed is None or elapsed < 0 or elapsed > 1e9:
        return False
    end = None if start is None else start + elapsed / 1e3
    samples.add(elapsed, _outcome(row), start_s=start, end_s=end)
    return True


def _started(value: object) -> float | None:
    stamp = number(value)
    if stamp is not None:
        return stamp / 1e3
    found = moment(value.replace("/", "-").replace(",", ".")) if isinstance(value, str) else None
    return None if found is None else found.timestamp()


def _outcome(row: Mapping[str, object]) -> Outcome:
    """What the plan's assertions say counts; the code only tells the kind of a failure."""
    if str(row.get("success", "true")).lower() != "false":
        return Outcome.OK
    code = str(row.get("responseCode", ""))
    if "Non HTTP" in code:
        return Outcome.TRANSPORT
    kind = outcome(count(code))
    return Outcome.OTHER if kind in {Outcome.OK, Outcome.TRANSPORT} else kind


def finished(
    source: Source, samples: Samples, *, transactions: int, broken: int, target: str | None, format_: str
) -> Reading:
    """The reading of all samples, however they were written."""
    warnings = []
    if not transactions and not samples:
        warnings.append("The file holds no sample.")
    elif not samples:
        warnings.append(
            f"The file holds {transactions} lines of transaction controllers and no request: save samplers too."
        )
    elif transactions:
        warnings.append(
            f"{transactions} lines of transaction controllers were left out: they repeat the requests in them."
        )
    if broken:
        warnings.append(f"{broken} lines could not be read and were left out.")
    return reading(
        source,
        samples.loadtest(coordinated_omission=Omission.UNCORRECTED, target_host=target),
        tool="jmeter",
        format_=format_,
        resolution_ms=1.0,
        ignored=IGNORED,
        warnings=warnings,
        how_to_get=HOW,
    )


def read_statistics(source: Source) -> Reading | None:
    """The dashboard's statistics.json, or None when it is not one."""
    document = source.document
    total = at(document, "Total")
    if not isinstance(total, dict) or "sampleCount" not in total:
        return None
    requests, failed = count(total.get("sampleCount")), count(total.get("errorCount"))
    rate = number(total.get("throughput"))
    names = {50.0: "medianResTime", 90.0: "pct1ResTime", 95.0: "pct2ResTime", 99.0: "pct3ResTime"}
    found = {p: value for p, name in names.items() if (value := number(total.get(name))) is not None and requests}
    share = number(total.get("errorPct"))
    figures = LoadTest(
        requests=requests,
        duration_s=ratio(requests, rate),
        achieved_rps=rate,
        errors=Errors(other=failed),
        error_ratio=ratio(failed, requests) if failed is not None else ratio(share, 100.0),
        latency=Latency.of(
            found,
            lowest=number(total.get("minResTime")),
            mean=number(total.get("meanResTime")),
            highest=number(total.get("maxResTime")),
        )
        if requests
        else Latency(),
        population=Population.ALL,
        percentile_method=Method.EXACT if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        distribution=tuple(found.items()),
    )
    return reading(
        source,
        figures,
        tool="jmeter",
        format_="statistics.json",
        resolution_ms=1.0,
        warnings=[
            "The percentiles are not named in the file; 90, 95 and 99 are JMeter's defaults.",
            "The duration is requests divided by rate; the file does not have it.",
        ],
        how_to_get=HOW,
    )
