"""The requests of a Prometheus answer as a run that can be compared, in the shape of a load test's figures."""

from typing import Any

from decisions.intake.prometheus_series import FIGURE
from decisions.intake.reading import PrometheusAnswer, Series

QUANTILES = ("p50_ms", "p90_ms", "p95_ms", "p99_ms", "p99_9_ms")


def traffic(answer: PrometheusAnswer, seconds: float | None = None) -> dict[str, Any]:
    """Rate, failures and quantiles over a window, and the bucket each quantile lies in; empty without a rate.

    Seconds are those of the window that was asked for, else from the first to the last point. Quantiles are medians
    over the points. One that is only bounded is left out: it cannot be compared.
    """
    found = {dict(one.labels).get(FIGURE, ""): one for one in answer.series}
    rate = found.get("peak_rps")
    mean = (rate.mean if rate.points > 1 else rate.value) if rate else None
    if seconds is None and answer.started_at and answer.ended_at:
        seconds = (answer.ended_at - answer.started_at).total_seconds()
    if not mean or not seconds:
        return {}
    known = {name: one for name in QUANTILES if (one := found.get(name)) and _certain(one)}
    errors = found.get("error_ratio")
    return {
        "normalised": {
            "tool": "prometheus",
            "requests": round(mean * seconds),
            "duration_s": seconds,
            "requested_rps": None,
            "achieved_rps": mean,
            "error_ratio": errors.value if errors else None,
            "latency_ms": {name.removesuffix("_ms"): one.value for name, one in known.items()},
            "population": "all",
            "percentile_method": "bucket",
            "coordinated_omission": "unknown",
        },
        "between": {name.removesuffix("_ms"): list(one.between) for name, one in known.items() if one.between},
    }


def _certain(one: Series) -> bool:
    return one.value is not None and not one.at_least and not one.at_most
