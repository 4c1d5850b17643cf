"""vegeta's raw results: `vegeta encode` as JSON lines or CSV, and the binary file of `vegeta attack` (gob).

They hold response bodies and headers; only time, status and latency of each request are looked at.
"""

import json
import re

from decisions.intake.gob import records
from decisions.intake.loadtest import reading
from decisions.intake.reading import Method, Omission, Reading, Unreadable
from decisions.intake.samples import Rank, Samples, outcome
from decisions.intake.source import Source
from decisions.intake.units import count, host, moment, number, scaled

_CSV = re.compile(r"(\d{18,19}),(\d{1,3}),(\d{1,18}),\d{1,20},\d{1,20},")
_IGNORED = ["Bodies, headers, errors and paths of the requests were not kept."]
_URL = re.compile(r"(?:GET|PUT|POST|HEAD|PATCH|DELETE|OPTIONS),(https?://[^,\s]+)")


def read_lines(source: Source) -> Reading | None:
    """JSON lines of `vegeta encode`, or None when they are not."""
    first = source.head.lstrip().partition("\n")[0]
    if not first.startswith("{") or not all(f'"{key}":' in first for key in ("seq", "code", "latency", "bytes_in")):
        return None
    samples, broken, target = Samples(), 0, None
    for line in source.lines():
        if not line.strip():
            continue
        record = _parsed(line)
        sent = moment(record.get("timestamp"))
        latency = scaled(record.get("latency"), 1e-6)
        if sent is None or latency is None or latency < 0:
            broken += 1
            continue
        target = target or host(record.get("url"))
        samples.add(latency, outcome(count(record.get("code"))), start_s=sent.timestamp())
    return _reading(source, samples, broken, target, "encoded JSON")


def _parsed(line: str) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def read_csv(source: Source) -> Reading | None:
    """CSV of `vegeta encode`, which has no header line, or None when it is not."""
    if not _CSV.match(source.head):
        return None
    samples, broken = Samples(), 0
    target = _URL.search(source.head)
    for line in source.lines():
        match = _CSV.match(line)
        if match is None:
            # An error text with a line break inside continues on the next line.
            broken += bool(line.strip())
            continue
        sent, status, latency = match.groups()
        samples.add(int(latency) / 1e6, outcome(int(status)), start_s=int(sent) / 1e9)
    return _reading(source, samples, broken, host(target.group(1)) if target else None, "encoded CSV")


def read_binary(source: Source) -> Reading | None:
    """The gob file of `vegeta attack`, or None when it is not one. Raises Unreadable when it is damaged."""
    if b"\x06Result\x01" not in source.start or b"\x09Timestamp\x01" not in source.start:
        return None
    samples, target = Samples(), None
    try:
        for record in records(source.stream()):
            latency, sent = number(record.get("Latency", 0)), number(record.get("Timestamp"))
            if latency is None or sent is None:
                continue
            target = target or host(record.get("URL"))
            samples.add(latency / 1e6, outcome(count(record.get("Code", 0))), start_s=sent)
    except ValueError as error:
        raise Unreadable(
            "A binary result of vegeta (gob) that is damaged or cut off. Expected a whole file, or its report: "
            "vegeta report -type=json results.bin > report.json (or: vegeta encode -to=json)."
        ) from error
    return _reading(source, samples, 0, target, "binary results")


def _reading(source: Source, samples: Samples, broken: int, target: str | None, format_: str) -> Reading:
    figures = samples.loadtest(
        rank=Rank.MIDPOINT, method=Method.EXACT, coordinated_omission=Omission.CORRECTED, target_host=target
    )
    return reading(
        source,
        figures,
        tool="vegeta",
        format_=format_,
        ignored=_IGNORED,
        warnings=[f"{broken} lines could not be read and were left out."] if broken else [],
    )
