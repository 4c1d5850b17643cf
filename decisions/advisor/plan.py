"""The incremental roll-out: stages that change one thing each, with a gate, a stop rule and a way back."""

from decisions.advisor.case import Case
from decisions.advisor.composition import Composition
from decisions.advisor.measures import Measure, distinct
from decisions.advisor.quantities import number
from decisions.advisor.questions import FIELDS
from decisions.advisor.recommendation import Approach, Stage
from decisions.advisor.setting import nouns

WINDOW = "7 days"
ROOM = 1.1
"""Planning value: a stage may raise p99 or errors by a tenth over the baseline before it counts as failed."""


def stages(case: Case, best: Composition) -> tuple[Stage, ...]:
    """The stages for the recommended composition: small measures first, then the product step by step."""
    measures = distinct(best.setting.add_ons)
    found = [_trial(case, measure) for measure in measures if measure.requirement != "audit_proof"]
    if best.setting.approach is not Approach.NO_MESH and not best.ruled_out:
        found += _product(case, best)
    # A control has to be on before its daily check can show that it is.
    found += [_trial(case, measure) for measure in measures if measure.requirement == "audit_proof"]
    proven = all(measure.outcome == "works" for measure in measures if measure.requirement != "audit_proof")
    if best.setting.approach is Approach.NO_MESH and case.baseline.sidecars and proven and not best.ruled_out:
        found.append(_removal(case, best))
    if not found:
        found.append(_nothing(case, best))
    return tuple(_numbered(stage, number) for number, stage in enumerate(found))


def _numbered(stage: Stage, number: int) -> Stage:
    return Stage(**{**stage.__dict__, "number": number})


def _trial(case: Case, measure: Measure) -> Stage:
    sheet, audit = measure.sheet, measure.requirement == "audit_proof"
    return Stage(
        number=0,
        title=sheet.title if measure.outcome == "works" or audit else f"{sheet.title}, as a trial",
        what=sheet.what,
        only_because=f"It meets {nouns((measure.requirement,))} without a mesh.",
        gate=sheet.test,
        stop=_stop(case),
        rollback="Take the change of configuration or library version back in the services concerned.",
        proof=_proof(case) if audit else "",
    )


def _product(case: Case, best: Composition) -> list[Stage]:
    """Installed without effect, first namespace permissive, first strict, further namespaces, default."""
    rollout = best.setting.product.rollout
    first = case.plan.first_namespace or "the namespace with the lowest risk"
    steps = (
        ("Installed, without effect", rollout.install),
        (f"First namespace, permissive: {first}", rollout.permissive),
        (f"First namespace, strict: {first}", rollout.strict),
        ("Further namespaces, in the order of risk", rollout.widen),
        ("Default for the clusters", rollout.default),
    )
    if best.setting.approach is Approach.CNI_ENCRYPTION:
        # The switch of a CNI is per cluster; namespaces play no part.
        steps = (
            ("On in the least critical cluster", rollout.install),
            ("Watched there", rollout.permissive),
            ("No plain-text fallback there", rollout.strict),
            ("Further clusters, in the order of risk", rollout.widen),
            ("Default for new clusters", rollout.default),
        )
    why = f"Only what {nouns(best.setting.carried)} asks for is switched on."
    return [_step(case, best, (title, what, why)) for title, what in steps if what]


def _step(case: Case, best: Composition, words: tuple[str, str, str]) -> Stage:
    rollout = best.setting.product.rollout
    title, what, why = words
    return Stage(
        number=0,
        title=title,
        what=what,
        only_because=why,
        gate=_gate(case, best),
        stop=_stop(case),
        rollback=f"{rollout.rollback} ({rollout.rollback_time})",
        proof=rollout.proof,
    )


def _removal(case: Case, best: Composition) -> Stage:
    return Stage(
        number=0,
        title="The mesh that runs is taken out, namespace by namespace",
        what=(
            f"{case.baseline.sidecars:,} sidecars run today and no must-have needs them. Take out one namespace at a "
            "time, the least critical first: list what its routes, retries and policies do, replace what is needed, "
            "make mutual TLS permissive, switch injection off and restart its pods. The control plane goes last."
        ),
        only_because="What nobody needs still has to be upgraded, paid for and debugged.",
        gate=_gate(case, best),
        stop=_stop(case),
        rollback="Switch injection on again in the namespace and restart its pods; the control plane is still there.",
    )


def _nothing(case: Case, best: Composition) -> Stage:
    when = case.plan.review_date
    return Stage(
        number=0,
        title="Nothing to introduce",
        what="Keep what runs. Go on measuring, so that the next discussion starts from numbers.",
        only_because="No must-have with accepted evidence is left.",
        gate=_gate(case, best),
        stop="A must-have with evidence appears, or one of the limits is broken.",
        rollback="Nothing to take back.",
        proof=f"Review on {when.isoformat()}." if when else "",
    )


def _room(case: Case, p99: float, best: Composition) -> float:
    """Milliseconds a stage may add to p99: the team's limit, else what is likely added, at least a tenth of p99."""
    if case.budget.p99_ms is not None:
        return case.budget.p99_ms
    return max(p99 * (ROOM - 1), best.setting.overhead.p99_ms.likely)


def _gate(case: Case, best: Composition) -> str:
    """The number that says a stage worked: the team's own, else the baseline with the room it has."""
    plan, baseline = case.plan, case.baseline
    window = plan.measure_window or WINDOW
    if plan.measure_threshold is not None:
        return f"{_metric('measure', case)} stays below {number(plan.measure_threshold)} for {window}."
    parts = []
    if baseline.p99_ms is not None:
        limit = min(baseline.p99_ms + _room(case, baseline.p99_ms, best), baseline.slo_p99_ms or float("inf"))
        parts.append(f"p99 of the critical path stays below {number(limit)} ms (today {number(baseline.p99_ms)} ms)")
    if baseline.error_ratio is not None:
        parts.append(f"the error ratio stays below {max(baseline.error_ratio * ROOM, 0.0001):.2%}")
    if not parts:
        return f"Measure p99 and errors before the stage; neither is worse after it for {window}."
    return f"{' and '.join(parts)}, for {window}."


def _stop(case: Case) -> str:
    plan = case.plan
    who = plan.stop_decides or plan.owner or "a named person, still to be chosen,"
    if plan.stop_threshold is not None:
        return f"{_metric('stop', case)} reaches {number(plan.stop_threshold)}: {who} decides to go back."
    return f"The gate is missed twice in a row, or an incident is traced to the change: {who} decides to go back."


def _metric(which: str, case: Case) -> str:
    """The metric the team chose, in the words of the question."""
    chosen = case.plan.measure_metric if which == "measure" else case.plan.stop_metric
    other = case.plan.measure_other if which == "measure" else case.plan.stop_other
    labels = dict(FIELDS[f"plan.{which}_metric"].choices)
    return (other if chosen == "other" and other else labels.get(chosen or "", "")) or "The number you chose"


def _proof(case: Case) -> str:
    labels = dict(FIELDS["plan.proof_check"].choices)
    check = labels.get(case.plan.proof_check or "", "")
    note = case.plan.proof_note or ""
    return ". ".join(part for part in (check, note) if part)
