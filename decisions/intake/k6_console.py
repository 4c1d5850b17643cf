"""k6: the summary on the console. Figures are rounded for display; of several blocks the first, the total, is taken."""

import re
from dataclasses import replace

from decisions.intake.k6 import STATS, percentiles
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading
from decisions.intake.source import Source
from decisions.intake.units import count, milliseconds, number, ratio

_TREND = re.compile(r"^[ ✓✗]*(http|grpc)_req_duration\.*: (.*)$", re.MULTILINE)
_STAT = re.compile(r"(avg|min|med|max|p\(\d{1,2}(?:\.\d{1,15})?\))=(\S+)")
_TOTAL = re.compile(r"^[ ✓✗]*http_reqs\.*: (\d{1,15})[ \t]+(\d{1,15}(?:\.\d{1,15})?)/s", re.MULTILINE)
_N = r"(\d{1,15})"
_FAILED = re.compile(
    rf"^[ ✓✗]*http_req_failed\.*: (\d{{1,3}}(?:\.\d{{1,9}})?)%[ \t]+(?:✓ {_N}[ \t]+✗ {_N}|{_N} out of {_N})",
    re.MULTILINE,
)
_DROPPED = re.compile(r"^[ \t]*dropped_iterations\.*: (\d{1,15})", re.MULTILINE)
_OPEN = re.compile(r"\* \S+: (?:Up to )?(\d{1,15}(?:\.\d{1,15})?) iterations/s")
_CLOSED = re.compile(r"\* \S+: (?:\d{1,15} (?:looping|iterations)|Up to \d{1,15} looping|\d{1,15} iterations for each)")
_SCRIPT = re.compile(r"^[ \t]*running \(", re.MULTILINE)
_HOW = f"Run: k6 run {STATS} script.js; a file is more exact than the console: --summary-export=summary.json"


def read(source: Source) -> Reading | None:
    """The summary in the text, or None when there is none of k6."""
    text = source.text
    trend = _TREND.search(text)
    if trend is None:
        return None
    stats = {name: value for name, raw in _STAT.findall(trend.group(2)) if (value := milliseconds(raw)) is not None}
    found = percentiles(stats)
    total = _TOTAL.search(text)
    requests, rate = (int(total.group(1)), number(total.group(2))) if total else (None, None)
    failed, share = _failed(text)
    figures = LoadTest(
        requests=requests,
        duration_s=ratio(requests, rate),
        achieved_rps=rate,
        errors=Errors(other=failed),
        error_ratio=share,
        latency=Latency.of(found, lowest=stats.get("min"), mean=stats.get("avg"), highest=stats.get("max")),
        population=Population.ALL,
        percentile_method=Method.ROUNDED if found else None,
        coordinated_omission=_omission(text),
        distribution=tuple(sorted(found.items())),
    )
    asked = _OPEN.search(text)
    if asked and requests is not None and _iterations(text) == requests:
        figures = replace(figures, requested_rps=number(asked.group(1)))
    dropped = _DROPPED.search(text)
    return reading(
        source,
        figures,
        tool="k6",
        format_="console summary",
        ignored=["Groups, scenarios, checks and thresholds of the summary were not read."],
        warnings=[f"{dropped.group(1)} iterations were dropped: the generator could not keep the rate."]
        if dropped
        else [],
        how_to_get=_HOW,
    )


def _failed(text: str) -> tuple[int | None, float | None]:
    """(failed requests, share): the tick of http_req_failed counts the failed ones."""
    match = _FAILED.search(text)
    if match is None:
        return None, None
    percent, ticks, crosses, some, all_ = match.groups()
    failed = int(ticks or some)
    total = int(all_) if all_ else failed + int(crosses)
    share = ratio(failed, total)
    return failed, share if share is not None else float(percent) / 100


def _omission(text: str) -> Omission:
    if _OPEN.search(text) or _DROPPED.search(text):
        return Omission.CORRECTED
    return Omission.UNCORRECTED if _CLOSED.search(text) else Omission.UNKNOWN


def _iterations(text: str) -> int | None:
    match = re.search(r"^[ \t]*iterations\.*: (\d{1,15})", text, re.MULTILINE)
    return count(match.group(1)) if match else None
