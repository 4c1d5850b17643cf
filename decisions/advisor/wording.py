"""The sentences at the head of an answer: what is recommended, why it is the least that suffices, what to do first."""

from decisions.advisor.case import Case
from decisions.advisor.composition import Composition
from decisions.advisor.fit import Grade
from decisions.advisor.quantities import number, span
from decisions.advisor.recommendation import Approach, NextStep, Status, Trial, Verdict
from decisions.advisor.rules import WEIGHTY
from decisions.advisor.setting import nouns


def name(one: Composition) -> str:
    """Approach and product as one name: "CNI-level encryption (Cilium with WireGuard)"."""
    setting = one.setting
    if setting.approach is Approach.NO_MESH:
        return setting.approach.title
    return f"{setting.approach.title} ({setting.product.title})"


def headline(ranking: tuple[Composition, ...]) -> str:
    """Why the recommended composition is the least that suffices; its name stands beside it wherever it is shown."""
    best, second = ranking[0], ranking[1]
    musts = best.setting.needs.musts
    if best.ruled_out and not best.setting.unmet:
        return f"No option fits here. The nearest is ruled out: {_blocks(best)[0]}"
    if best.ruled_out:
        return f"No option meets every must-have. This is the nearest, and it leaves {nouns(best.setting.unmet)} open."
    if not musts:
        return "No must-have with accepted evidence is left, so there is nothing here for a mesh to solve."
    count = "the one must-have" if len(musts) == 1 else f"all {len(musts)} must-haves"
    cost = span(best.hours, "hours a month")
    against = "" if second.ruled_out else f", against {number(second.hours.likely)} for {second.setting.approach.title}"
    return f"Meets {count} at {cost}{against}."


def summary(one: Composition, ranking: tuple[Composition, ...]) -> str:
    """One line for the ranking: why the option stands where it stands."""
    setting = one.setting
    if setting.unmet:
        return f"Leaves {nouns(setting.unmet)} open."
    if blocked := _blocks(one):
        return blocked[0]
    if one is ranking[0] and not setting.needs.musts:
        return "Nothing with accepted evidence is left to solve."
    if one.status is Status.STRAINED:
        return _main_strain(one)
    if one is ranking[0]:
        return "Meets every must-have with the least to run."
    extra = one.hours.likely - ranking[0].hours.likely
    return f"Meets every must-have, for {number(max(extra, 0))} hours a month more."


def _blocks(one: Composition) -> list[str]:
    """Why the organisation or the platform does not allow it, and which musts it leaves open."""
    return [reason.because for reason in one.reasons if reason.verdict is Verdict.RULES_OUT]


def _main_strain(one: Composition) -> str:
    """The first strain in words: a must under strain before a limit."""
    setting = one.setting
    pressed = [must for must in setting.carried if setting.fits[must].grade is Grade.STRAINED]
    if pressed:
        return f"Meets {nouns((pressed[0],))} only with care: {setting.fits[pressed[0]].because}."
    limits = {"cpu_over_budget", "memory_over_budget", "latency_over_budget"}
    against = [reason for reason in one.reasons if reason.verdict is Verdict.AGAINST]
    over = [reason for reason in against if reason.rule in limits]
    return (over or [r for r in against if r.rule in STRAINING] or against)[0].because


STRAINING = frozenset(rule.__name__ for rule in WEIGHTY)
"""Rules whose finding can strain an option."""


def next_step(case: Case, best: Composition, kind: NextStep, trials: tuple[Trial, ...]) -> str:
    """The one thing to do first."""
    if kind is NextStep.MEASURE_FIRST:
        return (
            "Measure p50, p95 and p99 of the critical path, requests a second at peak, pods, nodes and services, and "
            "count the incidents of the last 90 days by cause. A load-test file and the output of "
            "kubectl get nodes,pods,services -A -o json fill most of it."
        )
    if best.ruled_out and not best.setting.unmet:
        return f"Settle first what rules the nearest option out: {_blocks(best)[0]}"
    if best.ruled_out:
        return (
            f"Look at {nouns(best.setting.unmet)} again: who reads the rule that way, and for which part of the system?"
        )
    if trials:
        first = trials[0]
        return f"{first.what} {first.test}"
    if best.setting.approach is Approach.NO_MESH:
        return "Keep what you have, and review this decision when a must-have with evidence appears."
    rollout = best.setting.product.rollout
    where = case.plan.first_namespace
    start = f" Start with the namespace {where}." if where else ""
    return f"Prerequisites: {rollout.prerequisites} First stage: {rollout.install}{start}"
