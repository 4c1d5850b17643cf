"""What would change the answer: the smallest changes of one answer or measurement, each verified by judging again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from decisions.advisor.case import Case, CaseError, Evidence, EvidenceKind, Need, Outcome, get, with_answer
from decisions.advisor.composition import Composition
from decisions.advisor.measures import distinct, outcome_of
from decisions.advisor.quantities import number
from decisions.advisor.recommendation import Flip
from decisions.advisor.requirements import REQUIREMENTS
from decisions.advisor.wording import name

Ranking = tuple[Composition, ...]


@dataclass(frozen=True, kw_only=True)
class Judge:
    """The engine as the flips use it: what comes first for a case, and the whole ranking where it is needed."""

    first: Callable[[Case], Composition]
    rank: Callable[[Case], Ranking]


MOST = 8
"""Flips shown: more than that nobody reads."""
REACH = 4.0
"""How far a measurement is moved in search of a threshold: to a quarter and to four times of its value."""
HALVINGS = 6


@dataclass(frozen=True, kw_only=True)
class Change:
    """One hypothetical answer: the changed case, the sentence, and the question it belongs to."""

    case: Case
    words: str
    path: str
    detail: str = ""


def find_flips(case: Case, ranking: Ranking, judge: Judge) -> tuple[Flip, ...]:
    """The changes that lead to another approach or product, likeliest first, and one that changes nothing.

    Only changes of approach count for answers of requirements and trials; a change of product within the approach is
    reported where a measurement or an answer about operations causes it.
    """
    found: list[Flip] = []
    unchanged: list[Flip] = []
    for change in _changes(case, ranking, judge):
        if len(found) == MOST:
            break
        after = judge.first(change.case)
        if after.setting.approach is not ranking[0].setting.approach:
            found.append(_flip(change, after))
        elif change.path in TELLING and not unchanged:
            unchanged.append(_same(change, ranking, judge.rank(change.case)))
    return (*found, *unchanged)


def _changes(case: Case, ranking: Ranking, judge: Judge) -> Iterator[Change]:
    """Candidates, likeliest first: trials, what was said to be nice or unsure, other answers, numbers, new wishes."""
    best = ranking[0]
    asked, unasked = _requirements(case, best)
    yield from _trials(case, best)
    yield from asked
    yield from _answers(case)
    for path in MEASUREMENTS:
        moved = _threshold(case, path, ranking, judge)
        if moved:
            yield moved
    yield from unasked


TELLING = ("operations.data_path_debuggers",)
"""Questions whose answer people expect to matter: said when it does not."""


def _flip(change: Change, after: Composition) -> Flip:
    becomes = name(after) if not after.ruled_out else f"No option meets every must-have; the nearest is {name(after)}"
    return Flip(
        change=change.words,
        becomes=becomes,
        approach=after.setting.approach,
        changes_answer=True,
        path=change.path,
        detail=change.detail,
    )


def _same(change: Change, before: Ranking, after: Ranking) -> Flip:
    """A change that moves hours but not the answer, told with the runner-up it moves."""
    second = before[1]
    moved = next(one for one in after if one.setting.approach is second.setting.approach)
    detail = (
        f"{second.setting.approach.title} goes from {number(second.hours.likely)} to {number(moved.hours.likely)} "
        f"hours a month, against {number(after[0].hours.likely)}"
    )
    return Flip(
        change=change.words,
        becomes="No change",
        approach=before[0].setting.approach,
        changes_answer=False,
        path=change.path,
        detail=detail,
    )


def _trials(case: Case, best: Composition) -> Iterator[Change]:
    """Each small measure the answer counts on, failing; each failed trial, working after all."""
    for measure in distinct(best.setting.add_ons):
        if measure.requirement != "audit_proof":
            words = f"{measure.sheet.title} is tried and turns out not to be enough"
            yield _tried(case, measure.requirement, Outcome.NOT_ENOUGH, words)
    for must in best.setting.needs.musts:
        if outcome_of(case, must) in {Outcome.NOT_ENOUGH, Outcome.CANNOT, Outcome.WORKS_IN_PART}:
            noun = next(one.noun for one in REQUIREMENTS if one.id == must)
            yield _tried(case, must, Outcome.WORKS, f"The simplest fix for {noun} works after all")


def _tried(case: Case, requirement: str, outcome: Outcome, words: str) -> Change:
    path = f"requirements.{requirement}.simplest_fix.outcome"
    return Change(case=with_answer(case, path, outcome.value), words=words, path=path)


def _answers(case: Case) -> Iterator[Change]:
    for path, value, words in ANSWERS:
        now = get(case, path)
        if now != value:
            yield Change(case=with_answer(case, path, value), words=words, path=path)
    yield from _threats(case)


def _requirements(case: Case, best: Composition) -> tuple[list[Change], list[Change]]:
    """Each must taken back and each other requirement becoming a must: those spoken of, then the others."""
    musts, needs = best.setting.needs.musts, best.setting.needs
    spoken: list[Change] = []
    others: list[Change] = []
    for one in REQUIREMENTS:
        answer, path = case.answer(one.id), f"requirements.{one.id}.need"
        if one.id in musts:
            changed = replace(answer, need=Need.NICE)
            words, detail = f"{one.heading} turns out to be nice to have", "It is a must-have now"
        else:
            evidence = Evidence(kind=EvidenceKind.POLICY)
            changed = replace(answer, need=Need.MUST, evidence=evidence, override=None)
            words, detail = f"{one.heading} becomes a must-have with evidence", _now(answer.need)
        requirements = {**case.requirements, one.id: changed}
        change = Change(case=replace(case, requirements=requirements), words=words, path=path, detail=detail)
        (spoken if one.id in (*needs.unsure, *needs.nice, *musts) else others).append(change)
    return spoken, others


def _now(need: Need | None) -> str:
    words = {
        Need.NICE: "nice to have",
        Need.NOT_NEEDED: "not needed",
        Need.NOT_SURE: "not sure",
        Need.MUST: "without accepted evidence",
    }
    return f"It is {words[need]} now" if need else "It has not been asked yet"


def _threats(case: Case) -> Iterator[Change]:
    threats = case.context.threats or ()
    for threat, words in (("compromised_node", "a hacked node"), ("provider_staff", "the provider's staff")):
        if threat not in threats:
            changed = with_answer(case, "context.threats", [*threats, threat])
            yield Change(case=changed, words=f"You also protect against {words}", path="context.threats")


ANSWERS = (
    ("context.assessor_confirmed", "no", "The assessor does not confirm that the rule asks for this"),
    ("context.cloud_encryption_accepted", "yes", "The provider's own encryption is accepted as evidence"),
    ("context.cni_can_encrypt", "no", "The present CNI turns out to be unable to encrypt"),
    ("context.cni_can_encrypt", "yes", "The present CNI turns out to be able to encrypt"),
    ("operations.data_path_debuggers", "nobody", "Nobody is left on call who can debug the data path"),
    ("operations.data_path_debuggers", "two_or_more", "A second engineer learns the data path"),
    ("operations.pod_restarts", "not_possible", "Pods cannot be restarted for an upgrade"),
    ("operations.connection_resets", "no", "Long-lived connections must never be reset"),
    ("operations.connection_resets", "yes", "Long-lived connections may be reset"),
)

MEASUREMENTS = {
    "baseline.busiest_pod_ratio": "The busiest pod carries {value} times the median pod ({now} today)",
    "context.languages": "The services use {value} languages ({now} today)",
    "context.application_teams": "{value} teams own the services ({now} today)",
    "baseline.services": "The system has {value} services ({now} today)",
    "baseline.pods": "The system has {value} pods ({now} today)",
    "baseline.nodes": "The system has {value} nodes ({now} today)",
    "baseline.clusters": "There are {value} clusters ({now} today)",
    "budget.memory_gib": "The memory limit is {value} GiB ({now} today)",
    "budget.cpu_vcpu": "The CPU limit is {value} vCPU ({now} today)",
    "budget.p99_ms": "The limit for added p99 is {value} ms ({now} today)",
    "operations.upgrades_per_year": "You can carry out {value} upgrades a year ({now} today)",
}


def _threshold(case: Case, path: str, ranking: Ranking, judge: Judge) -> Change | None:
    """The value nearest to today's, within reach, at which another approach comes first; found by halving."""
    now = get(case, path)
    if not now:
        return None
    nearest: Change | None = None
    distance = float("inf")
    for factor in (REACH, 1 / REACH):
        change = _search(case, path, factor, ranking, judge)
        if change and abs(get(change.case, path) / now - 1) < distance:
            nearest, distance = change, abs(get(change.case, path) / now - 1)
    return nearest


def _search(case: Case, path: str, factor: float, ranking: Ranking, judge: Judge) -> Change | None:
    now = float(get(case, path))

    def flips(value: float) -> Case | None:
        changed = _with_number(case, path, value, now)
        differs = changed and judge.first(changed).setting.approach is not ranking[0].setting.approach
        return changed if differs else None

    same, other = now, now * factor
    found = flips(other)
    if found is None:
        return None
    for _ in range(HALVINGS):
        middle = (same * other) ** 0.5
        nearer = flips(middle)
        if nearer:
            other, found = middle, nearer
        else:
            same = middle
    value = get(found, path)
    words = MEASUREMENTS[path].format(value=number(float(value)), now=number(now))
    return Change(case=found, words=words, path=path)


def _with_number(case: Case, path: str, value: float, now: float) -> Case | None:
    """The case with a measurement moved; None when the value is not allowed or rounds to today's."""
    whole = isinstance(get(case, path), int)
    moved: float | int = (int(-(-value // 1)) if value > now else int(value)) if whole else float(f"{value:.3g}")
    if moved == now or moved <= 0:
        return None
    try:
        return with_answer(case, path, moved)
    except CaseError:
        return None
