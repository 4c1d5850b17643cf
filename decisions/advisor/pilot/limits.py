"""Up to which point a stage may go on: the team's own limits, else what the record projected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from decisions.advisor.pilot.scores import Projection

ROOM = 0.10
"""Planning value: a stage may raise p99 or errors by a tenth over the baseline before it counts as failed."""
LEAST_ERRORS = 0.0001
"""Planning value: an error ratio below one in ten thousand is not told from none."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a stage may add on top of the baseline, and the targets that hold whatever it adds; None for no limit.

    p99_ms, cpu_vcpu, memory_gib are additions; `slo_p99_ms` and `error_ratio`, the gate of the team, are totals, and so
    are `error_stop` and `p99_stop`, at which the plan of the team goes back. `because` says where the limit of p99
    comes from.
    """

    p99_ms: float
    because: str
    slo_p99_ms: float | None = None
    cpu_vcpu: float | None = None
    memory_gib: float | None = None
    error_ratio: float | None = None
    error_stop: float | None = None
    p99_stop: float | None = None


def limits_of(case: Mapping[str, Any], projection: Projection, p99_before: float) -> Limits:
    """The limits of a case document for a pilot whose baseline has this p99, in ms.

    Without a limit of the team it is what was projected as likely, not the upper end: where little was measured the
    range is wide, and would let everything pass. The target (SLO) holds only where the baseline was below it: a stage
    cannot repair what was broken before.
    """
    budget, baseline = case.get("budget") or {}, case.get("baseline") or {}
    slo = baseline.get("slo_p99_ms")
    given, plan = budget.get("p99_ms"), case.get("plan") or {}
    own = _of_the_plan(plan, "measure", "p99_ms")
    if own is not None:
        added, because = max(float(own) - p99_before, 0.0), f"your gate for p99, {float(own):g} ms"
    elif given is not None:
        added, because = float(given), "your limit for what may be added at p99"
    elif projection.p99_ms.likely > ROOM * p99_before:
        added, because = projection.p99_ms.likely, "what the record projects as likely"
    else:
        added, because = ROOM * p99_before, "a tenth of the p99 before"
    return Limits(
        p99_ms=added,
        because=because,
        slo_p99_ms=float(slo) if slo is not None and slo > p99_before else None,
        cpu_vcpu=_lower(budget.get("cpu_vcpu"), _of_the_plan(plan, "measure", "cpu_vcpu")),
        memory_gib=_lower(budget.get("memory_gib"), _of_the_plan(plan, "measure", "memory_gib")),
        error_ratio=_of_the_plan(plan, "measure", "error_ratio"),
        error_stop=_of_the_plan(plan, "stop", "error_ratio"),
        p99_stop=_of_the_plan(plan, "stop", "p99_ms"),
    )


def _of_the_plan(plan: Mapping[str, Any], which: str, metric: str) -> float | None:
    """The team's own number for a stage to work, or to go back at, where it is of this metric."""
    given = plan.get(f"{which}_threshold") if plan.get(f"{which}_metric") == metric else None
    return None if given is None else float(given)


def _lower(*limits: float | None) -> float | None:
    """The tighter of several limits; None where none is given."""
    return min((one for one in limits if one is not None), default=None)
