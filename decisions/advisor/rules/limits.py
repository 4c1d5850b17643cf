"""What the numbers allow: the team's limits against the projected overhead."""

import math

from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Verdict
from decisions.advisor.setting import Finding, Setting

SMALLEST_LIMIT = 0.01
"""Stands for a limit of nothing when an overshoot is worked out."""
NAMES = {"cpu_vcpu": ("CPU", "vCPU"), "memory_gib": ("Memory", "GiB"), "p99_ms": ("p99 latency", "ms")}
LEFT = {"CPU": "free today are", "Memory": "free today are", "p99 latency": "the objective leaves"}


def _over(setting: Setting, figure: str, *, limit: float | None, free: float | None) -> Finding | None:
    """A finding when the projection is likely, or at its high end, above the limit (or the free capacity)."""
    given = limit if limit is not None else free
    if given is None or setting.approach is Approach.NO_MESH:
        # Nothing is projected where there is nothing to hold it against.
        return None
    name, unit = NAMES[figure]
    projected: Range = getattr(setting.overhead, figure)
    whose = "your limit is" if limit is not None else LEFT[name]
    amount = (
        f"likely {projected.likely:,.1f} {unit} ({projected.low:,.1f} to {projected.high:,.1f}); {whose} {given:,g}"
    )
    sources = setting.overhead.sources
    if projected.likely > given:
        return Finding(
            verdict=Verdict.AGAINST,
            because=f"{name}: {amount}.",
            sources=sources,
            strains=True,
            breaks=True,
            overshoot=math.log(projected.likely / max(given, SMALLEST_LIMIT)),
        )
    if projected.high > given:
        return Finding(verdict=Verdict.AGAINST, because=f"{name} could go over: {amount}.", sources=sources)
    return None


def cpu_over_budget(setting: Setting) -> Finding | None:
    """CPU on top of today against the budget, else against what is free."""
    budget, free = setting.case.budget.cpu_vcpu, setting.case.baseline.free_cpu_vcpu
    return _over(setting, "cpu_vcpu", limit=budget, free=free)


def memory_over_budget(setting: Setting) -> Finding | None:
    """Memory on top of today against the budget, else against what is free."""
    budget, free = setting.case.budget.memory_gib, setting.case.baseline.free_memory_gib
    return _over(setting, "memory_gib", limit=budget, free=free)


def latency_over_budget(setting: Setting) -> Finding | None:
    """Added p99 against the budget, else against what the objective leaves."""
    budget, left = setting.case.budget.p99_ms, headroom_ms(setting)
    return _over(setting, "p99_ms", limit=budget, free=left)


def headroom_ms(setting: Setting) -> float | None:
    """Milliseconds between today's p99 and its objective; None when either is unknown; never below zero."""
    baseline = setting.case.baseline
    if baseline.p99_ms is None or baseline.slo_p99_ms is None:
        return None
    return max(0.0, baseline.slo_p99_ms - baseline.p99_ms)


def reservations_would_shrink(setting: Setting) -> Finding | None:
    """What the sidecars of today reserve, against what this option would use."""
    reserved = setting.case.baseline.sidecar_reserved_memory_gib
    if not reserved or setting.product.operations.proxies == "pod":
        return None
    likely = setting.overhead.memory_gib.likely
    if likely >= reserved:
        return None
    because = f"Today's sidecars reserve {reserved:,g} GiB; this would use likely {likely:,.1f} GiB instead."
    return Finding(verdict=Verdict.FOR, because=because, sources=setting.overhead.sources)


LIMITS = (cpu_over_budget, memory_over_budget, latency_over_budget)

RULES = (*LIMITS, reservations_would_shrink)
