"""A load-test report as a reading: the same sentences and warnings for every tool."""

from collections.abc import Sequence
from dataclasses import replace

from decisions.advisor.quantities import number
from decisions.intake.cautions import cautions
from decisions.intake.reading import Item, Kind, Latency, LoadTest, Reading
from decisions.intake.source import Source

_MISSING = (("p50", 50.0), ("p90", 90.0), ("p95", 95.0), ("p99", 99.0))


def reading(
    source: Source,
    figures: LoadTest,
    *,
    tool: str,
    format_: str,
    tool_version: str | None = None,
    resolution_ms: float = 0.0,
    ignored: Sequence[str] = (),
    warnings: Sequence[str] = (),
    how_to_get: str | None = None,
    extra: Sequence[Item] = (),
) -> Reading:
    """The reading of one report.

    `how_to_get` tells which flag or command gives percentiles; it becomes the advice when p99 or p95 is missing.
    """
    return Reading(
        file=source.name,
        kind=Kind.LOADTEST,
        sha256=source.sha256,
        size=source.size,
        recognised=_recognised(tool, format_, figures),
        format=format_,
        tool=tool,
        tool_version=tool_version,
        read=(*_items(figures), *extra),
        ignored=(*source.notes, *ignored),
        warnings=(*warnings, *cautions(figures, resolution_ms)),
        advice=_advice(figures, how_to_get),
        loadtest=figures,
    )


def without_empty_times(figures: LoadTest) -> LoadTest:
    """The figures without latency where a tool prints zeros because nothing was answered: unknown, not 0 ms."""
    latency = figures.latency
    known = [value for value in (latency.min, latency.mean, latency.max) if value is not None]
    known += [value for _, value in latency.percentiles()]
    if any(known) or not known or (figures.error_ratio or 0.0) < 1.0:
        return figures
    return replace(figures, latency=Latency(), distribution=(), percentile_method=None)


def _recognised(tool: str, format_: str, figures: LoadTest) -> str:
    run = [f"{figures.requests:,} requests"] if figures.requests is not None else []
    run += [f"{number(figures.duration_s)} s"] if figures.duration_s is not None else []
    run += [f"{number(figures.achieved_rps)} requests per second"] if figures.achieved_rps is not None else []
    return f"{tool}, {format_}: {', '.join(run) or 'no totals'}."


def _advice(figures: LoadTest, how_to_get: str | None) -> str | None:
    known = {percent for percent, _ in figures.latency.percentiles()}
    missing = [name for name, percent in _MISSING if percent not in known]
    if not missing or how_to_get is None or figures.requests == 0:
        return None
    return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not in this file. {how_to_get}"


def _items(figures: LoadTest) -> tuple[Item, ...]:
    latency, errors = figures.latency, figures.errors
    rows: tuple[tuple[str, str | int | float | None, str], ...] = (
        ("Requests", figures.requests, ""),
        ("Duration", figures.duration_s, "s"),
        ("Requested rate", figures.requested_rps, "requests/s"),
        ("Achieved rate", figures.achieved_rps, "requests/s"),
        ("Failed requests", errors.total, ""),
        ("Error ratio", figures.error_ratio, ""),
        ("Minimum", latency.min, "ms"),
        ("Mean", latency.mean, "ms"),
        *((f"p{percent:g}", value, "ms") for percent, value in latency.percentiles()),
        ("Maximum", latency.max, "ms"),
        ("Connections", figures.connections, ""),
        ("Started", figures.started_at.isoformat() if figures.started_at else None, ""),
        ("Target", figures.target_host, ""),
    )
    return tuple(
        Item(label=label, value=_rounded(value), unit=unit) for label, value, unit in rows if value is not None
    )


def _rounded(value: str | int | float) -> str | int | float:
    return round(value, 6) if isinstance(value, float) else value
