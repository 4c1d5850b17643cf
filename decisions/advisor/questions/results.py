"""What each step gave, in one line; empty when there is nothing to say yet."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from decisions.advisor.questions.operations import DEBUGGERS
from decisions.advisor.questions.rows import Need, Outcome, is_unproven

if TYPE_CHECKING:
    from decisions.advisor.case import Case

SHORT = dict(DEBUGGERS) | {
    "nobody": "Nobody on call",
    "one": "One person on call",
    "two_or_more": "Two or more on call",
}


def count(number: float, noun: str, many: str = "") -> str:
    """ "1 pod", "412 pods", "5,000 pods"."""
    return f"{number:,g} {noun}" if number == 1 else f"{number:,} {many or noun + 's'}"


def requirements(case: "Case") -> str:
    """ "3 must-haves, 1 more without evidence, 2 nice to have"; those without are not counted among the first."""
    rows = case.requirements.values()
    needs = [one.need for one in rows]
    unproven = sum(is_unproven(one) and not one.override for one in rows)
    musts, nice = needs.count(Need.MUST) - unproven, needs.count(Need.NICE)
    parts = [count(musts, "must-have")] if musts else []
    if unproven:
        parts.append(
            f"{unproven} more without evidence" if musts else f"{count(unproven, 'must-have')} without evidence"
        )
    if nice:
        parts.append(f"{nice} nice to have")
    return ", ".join(parts)


def measure(case: "Case") -> str:
    """ "p99 38 ms, 412 pods"."""
    baseline = case.baseline
    parts = []
    if baseline.p99_ms is not None:
        parts.append(f"p99 {baseline.p99_ms:,} ms")
    if baseline.pods is not None:
        parts.append(count(baseline.pods, "pod"))
    if baseline.peak_rps is not None and len(parts) < 2:
        parts.append(count(baseline.peak_rps, "request/s", "requests/s"))
    return ", ".join(parts)


def simplest(case: "Case") -> str:
    """ "2 gaps remain, 1 fix to try"."""
    musts = [one for one in case.requirements.values() if one.need is Need.MUST]
    if not musts:
        return "No must-have to meet"
    outcomes = [one.simplest_fix.outcome for one in musts]
    to_try = sum(one in {None, Outcome.NOT_TRIED} for one in outcomes)
    gaps = len(musts) - to_try - outcomes.count(Outcome.WORKS)
    parts = [f"{count(gaps, 'gap')} {'remains' if gaps == 1 else 'remain'}"] if gaps else []
    if to_try:
        parts.append(f"{count(to_try, 'fix', 'fixes')} to try")
    return ", ".join(parts) or "No gap remains"


def cost(case: "Case") -> str:
    """ "One person on call, 3 upgrades a year"."""
    operations = case.operations
    parts = [SHORT[operations.data_path_debuggers]] if operations.data_path_debuggers else []
    if operations.upgrades_per_year is not None:
        parts.append(f"{count(operations.upgrades_per_year, 'upgrade')} a year")
    return ", ".join(parts)


def incremental(case: "Case") -> str:
    """ "internal-tools first, review 3 May 2027"."""
    plan = case.plan
    parts = [f"{plan.first_namespace} first"] if plan.first_namespace else []
    if plan.review_date:
        parts.append(f"review {plan.review_date.day} {plan.review_date:%B %Y}")
    return ", ".join(parts)


RESULTS: Mapping[str, Callable[["Case"], str]] = {
    "requirements": requirements,
    "measure": measure,
    "simplest": simplest,
    "cost": cost,
    "incremental": incremental,
}
EARLY = frozenset({"requirements", "measure", "simplest"})
"""Steps whose result is worth reading before every question is answered."""
