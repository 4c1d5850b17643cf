"""What to measure before anything else: what is missing of a baseline, and nothing that was said already."""

from dataclasses import astuple

from decisions.advisor.case import Case
from decisions.advisor.record.words import listed

LISTING = "kubectl get nodes,pods,services -A -o json"


def timed(case: Case) -> bool:
    """Whether any latency was measured."""
    baseline = case.baseline
    return baseline.p99_ms is not None or baseline.p95_ms is not None or baseline.p50_ms is not None


def measure_first(case: Case) -> str:
    """The sentences for a case that has no latency, or no size, or neither."""
    baseline, untimed = case.baseline, not timed(case)
    sizes = {"pods": baseline.pods, "nodes": baseline.nodes, "services": baseline.services}
    counts = listed(name for name, count in sizes.items() if count is None)
    said = (
        _paced(untimed=untimed, unpaced=baseline.peak_rps is None),
        f"Count {counts}." if counts else "",
        "" if _any_incident(case) else "Count the incidents of the last 90 days by cause.",
        _files(untimed=untimed, uncounted=bool(counts)),
    )
    return " ".join(filter(None, said))


def _paced(*, untimed: bool, unpaced: bool) -> str:
    if untimed and unpaced:
        return "Measure p50, p95 and p99 of the critical path, and requests a second at peak."
    if untimed:
        return "Measure p50, p95 and p99 of the critical path."
    return "Measure requests a second at peak." if unpaced else ""


def _files(*, untimed: bool, uncounted: bool) -> str:
    if untimed and uncounted:
        return f"A load-test file and the output of {LISTING} fill most of it."
    if untimed:
        return "A load-test file fills most of it."
    return f"The output of {LISTING} fills most of it." if uncounted else ""


def _any_incident(case: Case) -> bool:
    """Whether any cause was counted; 0 is an answer."""
    return any(count is not None for count in astuple(case.baseline.incidents_90_days))
