"""The number that says a stage worked: from the team's own answers, else from the baseline and the room it has."""

from collections.abc import Iterable

from decisions.advisor.case import Case
from decisions.advisor.composition import Composition
from decisions.advisor.effects import NOWHERE, Reach
from decisions.advisor.metrics import METRICS, Metric, own
from decisions.advisor.quantities import number, percent
from decisions.advisor.recommendation import Comparison, Gate
from decisions.advisor.rollout import Kind, Rollouts, Signal

WINDOW = "7 days"
ROOM = 1.1
"""Planning value: a stage may raise p99 or errors by a tenth over the baseline before it counts as failed."""
LEAST_ERRORS = 0.0001
WHOLE = 10.0
COMPARISONS = {
    Kind.SUCCESS: Comparison.AT_LEAST,
    Kind.LATENCY_MS: Comparison.AT_MOST,
    Kind.LATENCY_S: Comparison.AT_MOST,
    Kind.NONE: Comparison.EQUAL,
    Kind.SOME: Comparison.ABOVE,
    Kind.WATCH: Comparison.AT_MOST,
}


def latency_limit(case: Case, best: Composition) -> float | None:
    """Milliseconds that p99 may reach: the team's own gate, else the baseline with its room, never above the SLO."""
    plan, baseline = case.plan, case.baseline
    if plan.measure_metric == "p99_ms" and plan.measure_threshold is not None:
        return plan.measure_threshold
    if baseline.p99_ms is None:
        return None
    return min(_readable(baseline.p99_ms + _room(case, baseline.p99_ms, best)), baseline.slo_p99_ms or float("inf"))


def _readable(limit: float) -> float:
    """A reckoned limit as people say it and know it again on a dashboard: whole above ten, below to three digits."""
    return float(round(limit)) if limit >= WHOLE else float(f"{limit:.3g}")


def below_projection(case: Case, best: Composition) -> str:
    """That the team's own gate for p99 would stop a roll-out that goes as projected; empty where it would not."""
    plan, today, added = case.plan, case.baseline.p99_ms, best.setting.added.p99_ms
    if plan.measure_metric != "p99_ms" or plan.measure_threshold is None or today is None or not added.high:
        return ""
    if today + added.high <= plan.measure_threshold:
        return ""
    sure = today + added.likely > plan.measure_threshold
    what = "it stops a roll-out that goes as projected" if sure else "it may stop a roll-out that goes as projected"
    likely, high = number(today + added.likely), number(today + added.high)
    return (
        f"At {number(plan.measure_threshold)} ms {what}: p99 is {number(today)} ms today, {likely} likely and up to "
        f"{high} with {best.setting.product.title}. Set it higher, or keep it as the most that you accept."
    )


def error_limit(case: Case) -> float | None:
    """The share of failed requests that is still good: the team's own gate, else the baseline with its room."""
    plan, baseline = case.plan, case.baseline
    if plan.measure_metric == "error_ratio" and plan.measure_threshold is not None:
        return plan.measure_threshold
    return None if baseline.error_ratio is None else max(_readable(baseline.error_ratio * ROOM), LEAST_ERRORS)


def gates(case: Case, best: Composition, names: Iterable[str], known: Rollouts) -> tuple[Gate, ...]:
    """The signals of a stage with their limits for this case, each once, in order."""
    return tuple(_gate(case, best, name, known.signals[name]) for name in dict.fromkeys(names))


def _gate(case: Case, best: Composition, name: str, signal: Signal) -> Gate:
    return Gate(
        id=name,
        metric=signal.title,
        promql=signal.promql,
        unit=signal.unit,
        comparison=COMPARISONS[signal.kind],
        threshold=_threshold(case, best, signal.kind),
        window=case.plan.measure_window or WINDOW,
        says=signal.says,
        source=signal.source,
    )


def _threshold(case: Case, best: Composition, kind: Kind) -> float | None:
    if kind in {Kind.NONE, Kind.SOME}:
        return 0.0
    if kind is Kind.SUCCESS:
        errors = error_limit(case)
        return None if errors is None else round(1 - errors, 6)
    limit = latency_limit(case, best) if kind in {Kind.LATENCY_MS, Kind.LATENCY_S} else None
    if limit is None:
        return None
    return round(limit / 1000 if kind is Kind.LATENCY_S else limit, 6)


def _room(case: Case, p99: float, best: Composition) -> float:
    """Milliseconds a stage may add to p99: the team's limit, else what is likely added, at least a tenth of p99."""
    if case.budget.p99_ms is not None:
        return case.budget.p99_ms
    return max(p99 * (ROOM - 1), best.setting.added.p99_ms.likely)


def gate_sentence(case: Case, best: Composition, reach: Reach = NOWHERE) -> str:
    """The gate in words: a limit of the team's own, or a number that shows an effect with p99 and errors beside it.

    An effect is asked for in the stages that have brought it: before, the stage could never be passed. What is reached
    says nothing of what it costs, so that beside it the guard stays.
    """
    plan, window, metric = case.plan, case.plan.measure_window or WINDOW, _metric("measure", case)
    own_number = ""
    if plan.measure_threshold is not None and (not metric.shows or metric.shows & reach.keys()):
        own_number = metric.holds(plan.measure_threshold, _where(metric, reach))
    guards = _as_before(case, best) if metric.shows or not own_number else []
    parts = [*filter(None, [own_number]), *guards]
    if not parts:
        return f"Measure p99 and errors before the stage; neither is worse after it for {window}."
    said = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    return f"{said}, throughout {window}."


def _as_before(case: Case, best: Composition) -> list[str]:
    """What no stage may make worse, as far as it was measured."""
    baseline, parts = case.baseline, []
    if (limit := latency_limit(case, best)) is not None and baseline.p99_ms is not None:
        parts.append(f"p99 of the critical path stays below {number(limit)} ms (today {number(baseline.p99_ms)} ms)")
    if (errors := error_limit(case)) is not None:
        parts.append(f"the error ratio stays below {percent(errors, 2)}")
    return parts


def decider(case: Case) -> str:
    """Who decides to go back; a placeholder while nobody is named."""
    return case.plan.stop_decides or case.plan.owner or "a person you have still to name"


def stop_sentence(case: Case, reach: Reach = NOWHERE) -> str:
    """The stop rule in words; one about a level counts from the stage on that brings it."""
    plan, who = case.plan, decider(case)
    metric = _metric("stop", case)
    if plan.stop_threshold is not None and (not metric.rises or metric.shows & reach.keys()):
        breaks = metric.breaks(plan.stop_threshold, _where(metric, reach))
        return f"{breaks}: {who} decides to go back."
    return f"The gate is missed twice in a row, or an incident is traced to the change: {who} decides to go back."


def _where(metric: Metric, reach: Reach) -> str:
    """In which part of the system the effect is that a metric shows; empty for all of it, and for one that guards."""
    return next((where for requirement, where in reach.items() if requirement in metric.shows), "")


def _metric(which: str, case: Case) -> Metric:
    """The metric the team chose."""
    chosen = case.plan.measure_metric if which == "measure" else case.plan.stop_metric
    other = case.plan.measure_other if which == "measure" else case.plan.stop_other
    return METRICS.get(chosen or "") or own(other or "The number you chose")
