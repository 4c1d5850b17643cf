"""What a run shows: every figure with what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from decisions.intake import Reading
from decisions.intake.prometheus_series import BOUNDS, FIGURE

WORDS = {
    "peak_rps": "Requests per second",
    "error_ratio": "Share of failed requests",
    "p50_ms": "Latency, p50",
    "p90_ms": "Latency, p90",
    "p95_ms": "Latency, p95",
    "p99_ms": "Latency, p99",
    "p99_9_ms": "Latency, p99.9",
    "bounds_ms": "Bounds of the latency buckets",
    "bounds_s": "Bounds of the latency buckets",
    "resets": "Counters that began anew",
    "cpu_vcpu": "CPU in use",
    "memory_gib": "Memory in use",
    "busiest_node_cpu": "CPU in use on the busiest node",
    "throttled_ratio": "Share of throttled CPU periods",
    "pods": "Running pods",
    "nodes": "Nodes",
    "services": "Services",
    "namespaces": "Namespaces",
    "platform": "Kernel and Kubernetes",
    "restarts_24h": "Container restarts in 24 hours",
    "out_of_memory": "Containers last ended for want of memory",
    "retransmitted_ratio": "Share of TCP segments sent again",
}
NOTHING = "nothing came back: the metric is not there, or had no series in the window. Unknown, not zero"


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A figure without a value that fills an answer, and why."""

    words: str
    because: str


def unknown(asked: list[str], reading: Reading) -> dict[str, str]:
    """{figure: why it is not known or only bounded} of what was asked for."""
    found: dict[str, str] = {}
    all_series = reading.prometheus.series if reading.prometheus else ()
    present = {dict(one.labels).get(FIGURE, ""): one for one in all_series}
    for figure in asked:
        series = present.get(figure)
        if series is None:
            found |= {} if figure in BOUNDS else {figure: NOTHING}
        elif series.unknown_because:
            found[figure] = series.unknown_because
        elif series.at_least and series.value is not None:
            found[figure] = f"at least {series.value:g} ms: it lies above the last bucket"
        elif series.at_most and series.between:
            found[figure] = f"at most {series.between[1]:g} ms: it lies in the lowest bucket"
    return found


def unknowns(unanswered: Mapping[str, Any]) -> list[Unknown]:
    """For a page, in the order of the questions."""
    return [
        Unknown(words=words, because=str(unanswered[figure]).rstrip("."))
        for figure, words in WORDS.items()
        if figure in unanswered
    ]
