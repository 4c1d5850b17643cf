"""k6: the three JSON summaries (--summary-export, handleSummary, machine-readable).

Trap: `http_req_failed.passes` is the number of FAILED requests (grafana/k6 issues 1498, 2306, 2386). Times are
milliseconds whatever summaryTimeUnit says. The script, which the machine-readable summary embeds, is never read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from decisions.intake.loadtest import reading
from decisions.intake.reading import (
    Errors,
    Item,
    Latency,
    LoadTest,
    Method,
    Omission,
    Population,
    Reading,
    Unreadable,
)
from decisions.intake.source import Source
from decisions.intake.units import count, number, ratio, scaled
from decisions.intake.units import version as checked

Metrics = Mapping[str, Mapping[str, object]]

_PERCENTILE = re.compile(r"p\(?(\d{1,2}(?:\.\d{1,3})?)\)?")
_DURATIONS = ("http_req_duration", "grpc_req_duration")
STATS = "--summary-trend-stats 'min,avg,med,p(75),p(90),p(95),p(99),p(99.9),max'"
_HOW = f"Run: k6 run {STATS} --summary-export=summary.json script.js"
_NEVER = (
    "k6's machine-readable summary never has p99, even when it is configured. "
    f"Run: k6 run {STATS} --summary-export=summary.json script.js"
)


@dataclass(frozen=True, kw_only=True)
class _Summary:
    """A summary of any of the three shapes, brought to one."""

    format: str
    metrics: Metrics
    duration_s: float | None = None
    version: str | None = None
    started_at: datetime | None = None


def read(source: Source) -> Reading | None:
    """The summary in the file, or None when it is not one of k6. Raises Unreadable when it has no request times."""
    summary = _summary(source.document)
    if summary is None:
        return None
    name = next((one for one in _DURATIONS if one in summary.metrics), None)
    if name is None:
        raise Unreadable(
            "This is a k6 summary, but without http_req_duration or grpc_req_duration: the script made no HTTP or gRPC "
            "request. Expected a summary of a script that calls the service."
        )
    figures = _figures(summary, name)
    return reading(
        source,
        figures,
        tool="k6",
        format_=summary.format,
        tool_version=summary.version,
        ignored=["The script, checks, thresholds and other metrics of the summary were not read."],
        warnings=_warnings(summary, figures),
        how_to_get=_NEVER if summary.format == "machine-readable summary" else _HOW,
        extra=_successes(summary, name),
    )


def _summary(document: object) -> _Summary | None:
    if not isinstance(document, dict):
        return None
    metrics, results = document.get("metrics"), document.get("results")
    if isinstance(results, dict) and isinstance(results.get("metrics"), list):
        return _machine_readable(document, results["metrics"])
    if not isinstance(metrics, dict) or not any(name in metrics for name in ("http_reqs", "iterations", *_DURATIONS)):
        return None
    plain = {name: one for name, one in metrics.items() if isinstance(one, dict)}
    if any("values" in one for one in plain.values()):
        state = document.get("state")
        return _Summary(
            format="handleSummary",
            metrics={name: values for name, one in plain.items() if isinstance(values := one.get("values"), dict)},
            duration_s=scaled(state.get("testRunDurationMs"), 1e-3) if isinstance(state, dict) else None,
        )
    return _Summary(format="summary export", metrics=plain)


def _machine_readable(document: Mapping[str, object], metrics: list[object]) -> _Summary | None:
    about, config = document.get("metadata"), document.get("config")
    about = about if isinstance(about, dict) else {}
    config = config if isinstance(config, dict) else {}
    version = about.get("k6_version", about.get("k6Version"))
    named = {
        str(one["name"]): one["values"]
        for one in metrics
        if isinstance(one, dict) and isinstance(one.get("name"), str) and isinstance(one.get("values"), dict)
    }
    if not isinstance(version, str) and not any(name in named for name in ("http_reqs", *_DURATIONS)):
        return None
    return _Summary(
        format="machine-readable summary",
        metrics=named,
        duration_s=number(config.get("duration")),
        version=checked(version),
    )


def percentiles(values: Mapping[str, object]) -> dict[float, float]:
    """k6's names of trend values ("med", "p(99)", "p99") by percent."""
    found = {}
    for name, raw in values.items():
        value, match = number(raw), _PERCENTILE.fullmatch(name)
        if value is not None and match:
            found[float(match.group(1))] = value
    median = number(values.get("med"))
    if median is not None:
        found.setdefault(50.0, median)
    return found


def _figures(summary: _Summary, name: str) -> LoadTest:
    metrics = summary.metrics
    times, totals = metrics[name], metrics.get("http_reqs", {})
    requests = count(totals.get("count")) if totals else count(times.get("count"))
    rate = number(totals.get("rate"))
    duration = summary.duration_s if summary.duration_s is not None else ratio(requests, rate)
    failed, share = _failed(metrics.get("http_req_failed", {}))
    found = percentiles(times)
    return LoadTest(
        requests=requests,
        duration_s=duration,
        achieved_rps=rate if rate is not None else ratio(requests, duration),
        errors=Errors(other=failed),
        error_ratio=share,
        latency=Latency.of(
            found, lowest=number(times.get("min")), mean=number(times.get("avg")), highest=number(times.get("max"))
        ),
        population=Population.ALL,
        percentile_method=Method.EXACT if found else None,
        # Only arrival-rate executors drop iterations; they are open models and do not hide waiting.
        coordinated_omission=Omission.CORRECTED if "dropped_iterations" in metrics else Omission.UNKNOWN,
        distribution=tuple(sorted(found.items())),
    )


def _failed(rate: Mapping[str, object]) -> tuple[int | None, float | None]:
    """(failed requests, share): `passes` (or `matches`) counts the failed ones."""
    failed = count(rate.get("passes", rate.get("matches")))
    good, total = count(rate.get("fails")), count(rate.get("total"))
    if failed is not None and (good is not None or total is not None):
        return failed, ratio(failed, total if total is not None else failed + (good or 0))
    return failed, number(rate.get("rate", rate.get("value")))


def _warnings(summary: _Summary, figures: LoadTest) -> list[str]:
    found = []
    if figures.error_ratio is None:
        found.append("The summary has no http_req_failed: how many requests failed is unknown.")
    dropped = count(summary.metrics.get("dropped_iterations", {}).get("count"))
    if dropped:
        found.append(f"{dropped} iterations were dropped: the generator could not keep the asked arrival rate.")
    if figures.error_ratio == 1.0:
        found.append("Every request failed: these are times of failures, not of the service.")
    return found


def _successes(summary: _Summary, name: str) -> list[Item]:
    """Percentiles of the successful requests alone, which tell more when some failed."""
    values = summary.metrics.get(f"{name}{{expected_response:true}}", {})
    return [
        Item(label=f"p{percent:g}, successful requests only", value=round(value, 6), unit="ms")
        for percent, value in sorted(percentiles(values).items())
        if percent in {95.0, 99.0}
    ]
