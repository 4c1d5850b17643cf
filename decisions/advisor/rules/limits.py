"""What the numbers allow: the team's limits against the projected overhead."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from decisions.advisor import burden
from decisions.advisor.case import Case
from decisions.advisor.quantities import Range, number
from decisions.advisor.recommendation import Verdict
from decisions.advisor.setting import Finding, Setting

SMALLEST_LIMIT = 0.01
"""Stands for a limit of nothing when an overshoot is worked out."""
NAMES = {
    "cpu_vcpu": ("CPU", "vCPU"),
    "memory_gib": ("Memory", "GiB"),
    "p99_ms": ("p99 latency", "ms"),
    "money_per_month": ("Money", "a month"),
}
LEFT = {"CPU": "free today are", "Memory": "free today are", "p99 latency": "the objective leaves"}


@dataclass(frozen=True, kw_only=True)
class Ceilings:
    """The most that each figure may reach: the team's limit, else what is free; None where neither is known."""

    cpu_vcpu: float | None
    memory_gib: float | None
    p99_ms: float | None
    money_per_month: float | None


def ceilings(case: Case) -> Ceilings:
    """The ceilings of a case."""
    budget, baseline = case.budget, case.baseline
    return Ceilings(
        cpu_vcpu=budget.cpu_vcpu if budget.cpu_vcpu is not None else baseline.free_cpu_vcpu,
        memory_gib=budget.memory_gib if budget.memory_gib is not None else baseline.free_memory_gib,
        p99_ms=budget.p99_ms if budget.p99_ms is not None else headroom_ms(case),
        money_per_month=budget.money_per_month,
    )


def overshoot(likely: float, ceiling: float | None) -> float:
    """By how much a likely figure is over its ceiling, as the logarithm of their ratio; 0 when it is not."""
    if ceiling is None or likely <= ceiling:
        return 0.0
    return math.log(likely / max(ceiling, SMALLEST_LIMIT))


def beyond(setting: Setting) -> tuple[str, ...]:
    """The limits that even the low end of the projection breaks: no measurement inside the range could keep them."""
    limits, added = ceilings(setting.case), setting.added
    lows = {"cpu_vcpu": added.cpu_vcpu.low, "memory_gib": added.memory_gib.low, "p99_ms": added.p99_ms.low}
    found = []
    for figure, low in lows.items():
        ceiling: float | None = getattr(limits, figure)
        if ceiling is not None and low > ceiling:
            name, unit = NAMES[figure]
            found.append(f"{name}, {low:,.1f} {unit} against {ceiling:,g}")
    return tuple(found)


def _over(setting: Setting, figure: str, projected: Callable[[], Range]) -> Finding | None:
    """A finding when the projection is likely, or at its high end, above the ceiling."""
    ceiling: float | None = getattr(ceilings(setting.case), figure)
    if ceiling is None or projected().high <= ceiling:
        return None
    range_, (name, unit) = projected(), NAMES[figure]
    breaks = range_.likely > ceiling
    limited = getattr(setting.case.budget, figure) is not None
    places = 0 if figure == "money_per_month" else 1
    low, likely, high = (f"{end:,.{places}f}" for end in (range_.low, range_.likely, range_.high))
    amount = f"likely {likely} {unit} ({low} to {high})"
    return Finding(
        verdict=Verdict.AGAINST,
        because=f"{name} {'goes over' if breaks else 'could go over'}: {amount}; "
        f"{f'your limit is {ceiling:,g}' if limited else _left(setting.case, name, ceiling)}.",
        sources=setting.overhead.sources,
        strains=breaks,
        breaks=breaks,
        overshoot=overshoot(range_.likely, ceiling),
    )


def _left(case: Case, name: str, ceiling: float) -> str:
    """What is left where the team set no limit of its own; an objective that is missed today leaves nothing."""
    p99, objective = case.baseline.p99_ms, case.baseline.slo_p99_ms
    if name == NAMES["p99_ms"][0] and p99 and objective and p99 > objective:
        return f"the objective is missed by {number(p99 - objective)} ms already"
    return f"{LEFT[name]} {ceiling:,g}"


def cpu_over_budget(setting: Setting) -> Finding | None:
    """CPU on top of today against the budget, else against what is free."""
    return _over(setting, "cpu_vcpu", lambda: setting.overhead.cpu_vcpu)


def memory_over_budget(setting: Setting) -> Finding | None:
    """Memory on top of today against the budget, else against what is free."""
    return _over(setting, "memory_gib", lambda: setting.overhead.memory_gib)


def latency_over_budget(setting: Setting) -> Finding | None:
    """Added p99 on top of today against the budget, else against what the objective leaves."""
    return _over(setting, "p99_ms", lambda: setting.added.p99_ms)


def money_over_budget(setting: Setting) -> Finding | None:
    """Money for hours, CPU and memory against the budget."""
    return _over(setting, "money_per_month", lambda: burden.money(setting))


def headroom_ms(case: Case) -> float | None:
    """Milliseconds between today's p99 and its objective; None when either is unknown; never below zero."""
    baseline = case.baseline
    if baseline.p99_ms is None or baseline.slo_p99_ms is None:
        return None
    return max(0.0, baseline.slo_p99_ms - baseline.p99_ms)


LEAST_SHOWN_GIB = 0.05
"""Less than this would be written as 0.0 GiB."""


def reservations_would_shrink(setting: Setting) -> Finding | None:
    """What the sidecars of today reserve, against what this option would use."""
    reserved = setting.case.baseline.sidecar_reserved_memory_gib
    if not reserved or setting.product.operations.proxies == "pod":
        return None
    likely = setting.overhead.memory_gib.likely
    if likely >= reserved:
        return None
    because = (
        f"Today's sidecars reserve {reserved:,g} GiB; this is projected to use likely {likely:,.1f} GiB instead."
        if likely >= LEAST_SHOWN_GIB
        else f"Today's sidecars reserve {reserved:,g} GiB; this is projected to use less than 0.1 GiB instead."
    )
    return Finding(verdict=Verdict.FOR, because=because, sources=setting.overhead.sources)


LIMITS = (cpu_over_budget, memory_over_budget, latency_over_budget, money_over_budget)

RULES = (*LIMITS, reservations_would_shrink)
