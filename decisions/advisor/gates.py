"""The number that says a stage worked: from the team's own answers, else from the baseline and the room it has."""

from collections.abc import Iterable

from decisions.advisor.case import Case
from decisions.advisor.composition import Composition
from decisions.advisor.quantities import number
from decisions.advisor.questions import FIELDS
from decisions.advisor.recommendation import Comparison, Gate
from decisions.advisor.rollout import Kind, Rollouts, Signal

WINDOW = "7 days"
ROOM = 1.1
"""Planning value: a stage may raise p99 or errors by a tenth over the baseline before it counts as failed."""
LEAST_ERRORS = 0.0001
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
    return min(baseline.p99_ms + _room(case, baseline.p99_ms, best), baseline.slo_p99_ms or float("inf"))


def error_limit(case: Case) -> float | None:
    """The share of failed requests that is still good: the team's own gate, else the baseline with its room."""
    plan, baseline = case.plan, case.baseline
    if plan.measure_metric == "error_ratio" and plan.measure_threshold is not None:
        return plan.measure_threshold
    return None if baseline.error_ratio is None else max(baseline.error_ratio * ROOM, LEAST_ERRORS)


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


RISING = {"encrypted_share"}
"""Metrics of which more is better: the others have a limit, these have a level to reach."""


def gate_sentence(case: Case, best: Composition, *, brings: bool = True) -> str:
    """The gate in words.

    `brings`: whether what the stage switches on can bring a level that has to be reached. Before, only what must not
    get worse can be asked for: a product that is installed without effect encrypts nothing.
    """
    plan, baseline = case.plan, case.baseline
    window, rises = plan.measure_window or WINDOW, plan.measure_metric in RISING
    own = ""
    if plan.measure_threshold is not None and (brings or not rises):
        own = _own_gate(case, plan.measure_threshold, window)
    if own and not rises:
        return own
    parts = []
    if (limit := latency_limit(case, best)) is not None and baseline.p99_ms is not None:
        parts.append(f"p99 of the critical path stays below {number(limit)} ms (today {number(baseline.p99_ms)} ms)")
    if (errors := error_limit(case)) is not None:
        parts.append(f"the error ratio stays below {errors:.2%}")
    # What is reached says nothing of what it costs: beside a level the guard stays.
    guard = f"{' and '.join(parts)}, for {window}." if parts else ""
    if not guard and not own:
        return f"Measure p99 and errors before the stage; neither is worse after it for {window}."
    return f"{own} {guard}".strip()


def _own_gate(case: Case, limit: float, window: str) -> str:
    if case.plan.measure_metric == "encrypted_share":
        if limit >= 1:
            return f"All connections that the stage covers are encrypted, for {window}."
        return f"At least {limit * 100:.4g} % of the connections that the stage covers are encrypted, for {window}."
    # Nothing stays below nothing.
    holds = "stays below" if limit else "stays at"
    if case.plan.measure_metric == "error_ratio":
        return f"The share of failed requests {holds} {limit * 100:.4g} % for {window}."
    return f"{_metric('measure', case)} {holds} {limit:,.10g} for {window}."


def decider(case: Case) -> str:
    """Who decides to go back; a placeholder while nobody is named."""
    return case.plan.stop_decides or case.plan.owner or "a named person, still to be chosen,"


def stop_sentence(case: Case, *, brings: bool = True) -> str:
    """The stop rule in words; one about a level counts from the stage on that `brings` it."""
    plan, who = case.plan, decider(case)
    limit = plan.stop_threshold
    if limit is None or (plan.stop_metric in RISING and not brings):
        return f"The gate is missed twice in a row, or an incident is traced to the change: {who} decides to go back."
    if plan.stop_metric == "encrypted_share":
        fewer = "Not all" if limit >= 1 else f"Fewer than {limit * 100:.4g} %"
        return f"{fewer} of the connections that the stage covers are encrypted: {who} decides to go back."
    if plan.stop_metric == "error_ratio":
        return f"The share of failed requests reaches {limit * 100:.4g} %: {who} decides to go back."
    return f"{_metric('stop', case)} reaches {limit:,.10g}: {who} decides to go back."


def _metric(which: str, case: Case) -> str:
    """The metric the team chose, in the words of the question."""
    chosen = case.plan.measure_metric if which == "measure" else case.plan.stop_metric
    other = case.plan.measure_other if which == "measure" else case.plan.stop_other
    labels = dict(FIELDS[f"plan.{which}_metric"].choices)
    return (other if chosen == "other" and other else labels.get(chosen or "", "")) or "The number you chose"
